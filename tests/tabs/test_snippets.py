"""The Python shown in a tab runs as it stands and leaves a picture."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from explorer.tabs import TABS
from tests.conftest import ROOT


@pytest.mark.parametrize("stem", [stem for stem, tab in TABS.items() if hasattr(tab, "SNIPPET")])
def test_the_snippet_makes_a_picture(stem, tmp_path):
    (tmp_path / "checkpoints").symlink_to(ROOT / "checkpoints")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", TABS[stem].SNIPPET],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    pixels = np.asarray(Image.open(next(tmp_path.glob("*.png"))))
    assert pixels.max() > 200
    assert pixels.std() > 20
