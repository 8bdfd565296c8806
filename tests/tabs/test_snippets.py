"""The Python shown in a tab runs as it stands and leaves a picture."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from explorer.as_python import stand_alone
from explorer.tabs import TABS


@pytest.mark.parametrize("stem", [stem for stem, tab in TABS.items() if hasattr(tab, "SNIPPET")])
def test_the_snippet_makes_a_picture_in_any_folder(stem, shipped, tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", stand_alone(shipped, TABS[stem].SNIPPET)],
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
