"""What the README says under "Add a family" and "Add a dataset" is enough: a throw-away one of each is added so.

Their files lie in tests/additions as they would in the project.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

ADDITIONS = ROOT / "tests" / "additions"
# The lines that stand in a registry, each before what was there.
LINES = {
    "explorer/data/__init__.py": [('    "oscillator": Dataset', '    "discs": Dataset("Discs", "discs", 50),\n')],
    "explorer/models/__init__.py": [
        ("from explorer.models.sparse", "from explorer.models.linear import LinearAutoencoder\n"),
        ('    "sparse": ', '    "linear": LinearAutoencoder,\n'),
    ],
    "explorer/answers/__init__.py": [
        ("    map,\n", "    linear,\n"),
        ('    "map": ', '    "linear": linear.HANDLERS,\n'),
    ],
    "explorer/tabs/__init__.py": [("    map,\n", "    linear,\n"), ('    "map": ', '    "linear": linear,\n')],
    "train/recipes/__init__.py": [("sparse, td_vae", "linear, "), ('    "sparse": ', '    "linear": linear,\n')],
}
OPEN_ITS_TAB = """
import json
from pathlib import Path

import app
from explorer.answers import HANDLERS
from explorer.data import sample_sheets
from explorer.serve.pool import Pool
from explorer.serve.question import check_models

pool, name = Pool(Path("checkpoints")), "linear/discs-8d"
assert not pool.problems, pool.problems
demo = app.build(pool)
app.check_pages(demo, complete=True)
assert '"What can two matrices draw?"' in json.dumps(demo.get_config_file())
x = sample_sheets.load("discs").pictures[0].ravel().tolist()


def ask(question, **sent):
    handler = HANDLERS["linear"][question]
    check_models(handler, sent, lambda name: pool.config(name).family)
    return handler(pool, checkpoint=name, **sent)


z = ask("encode", x=x)["z"].tolist()
assert len(z) == 8
assert ask("decode", z=z)["x_hat"].shape == (1, 1, 28, 28)
assert ask("judge", z=z, x=x)["error"] < sum((value / 255) ** 2 for value in x)
assert ask("traversals", z=z, dimensions=[0, 3])["strips"].shape == (22, 1, 28, 28)
exec(ask("python", x=x)["text"].tobytes().decode())
"""


@pytest.fixture
def project(tmp_path) -> Path:
    """The project without its checkpoints and tests, and what was added."""
    shutil.copy(ROOT / "app.py", tmp_path)
    for part in ("explorer", "train"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ADDITIONS, tmp_path, dirs_exist_ok=True)
    for path, lines in LINES.items():
        text = (tmp_path / path).read_text()
        for before, line in lines:
            assert before in text
            text = text.replace(before, line + before, 1)
        (tmp_path / path).write_text(text)
    return tmp_path


def test_a_family_and_a_dataset_that_are_added_as_the_readme_says_are_trained_and_shown(project):
    def run(*command: str) -> None:
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        done = subprocess.run(
            [sys.executable, *command], cwd=project, env=environment, capture_output=True, text=True, timeout=500
        )
        assert done.returncode == 0, done.stdout + done.stderr

    run("-m", "explorer.data.sample_sheets", "discs")
    run("-m", "train", "linear/discs-8d", "--steps", "100", "--state", "states")
    run("-c", OPEN_ITS_TAB)
    assert (project / "scene.png").is_file()
