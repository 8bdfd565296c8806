"""The Python shown in a tab runs as it stands and leaves a picture."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from explorer.answers.as_python import stand_alone
from explorer.tabs.frame import PROGRAMS


@pytest.mark.parametrize("stem", [path.stem for path in sorted(PROGRAMS.glob("[!_]*.py"))])
def test_the_snippet_makes_a_picture_in_any_folder(stem, shipped, tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", stand_alone(shipped, (PROGRAMS / f"{stem}.py").read_text(encoding="utf-8"))],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    pixels = np.asarray(Image.open(next(tmp_path.glob("*.png"))))
    assert pixels.max() > 200
    assert pixels.std() > 20
