"""pip install . gives explorer and train with all that they read, and what is installed runs in any folder."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

WITHOUT = shutil.ignore_patterns("__pycache__", "*.pyc", "*.pyi")


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """Where a copy of the project was installed, without a network."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("installed")
    for folder in ("explorer", "train"):
        shutil.copytree(ROOT / folder, source / folder, ignore=WITHOUT)
    for name in ("pyproject.toml", "requirements.txt", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    done = subprocess.run([*pip, "--target", target, source], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return target


def files(root: Path) -> set[str]:
    found = (path for folder in ("explorer", "train") for path in (root / folder).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix() for path in found if path.suffix not in (".pyc", ".pyi")}


def test_every_file_is_installed(installed):
    assert files(installed) == files(ROOT)


def test_what_is_installed_runs_in_any_folder(installed, tmp_path):
    program = (
        "from pathlib import Path; import explorer; from explorer.checkpoint import load_model; "
        "from explorer.data import sample_sheets; import train.__main__; "
        f"print(explorer.__file__, load_model(Path({str(ROOT / 'checkpoints' / 'vae' / 'mnist-2d')!r})).latent_dim, "
        "len(sample_sheets.load('mnist').pictures))"
    )
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(installed)}, capture_output=True, text=True)
    assert run.stdout.split() == [str(installed / "explorer" / "__init__.py"), "2", "500"], run.stderr
