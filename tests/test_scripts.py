"""The scripts that need no page, tested by node."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TESTS = sorted((Path(__file__).parent / "js").glob("*.test.mjs"))
NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None and "CI" not in os.environ, reason="no node on this machine")
@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.stem)
def test_a_script_does_what_its_tests_say(file):
    done = subprocess.run([NODE or "node", "--test", file], capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
