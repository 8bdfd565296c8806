"""The Python shown in a tab runs as it stands and leaves a picture."""

import numpy as np
import pytest
from PIL import Image

from explorer.answers.as_python import stand_alone
from explorer.tabs.frame import PROGRAMS


@pytest.mark.parametrize("stem", [path.stem for path in sorted(PROGRAMS.glob("[!_]*.py"))])
def test_the_snippet_makes_a_picture_in_any_folder(stem, shipped, programs, tmp_path):
    code = stand_alone(shipped, (PROGRAMS / f"{stem}.py").read_text(encoding="utf-8"))
    status, said = programs.run(code, tmp_path)
    assert status == 0, said
    pixels = np.asarray(Image.open(next(tmp_path.glob("*.png"))))
    assert pixels.max() > 200
    assert pixels.std() > 20
