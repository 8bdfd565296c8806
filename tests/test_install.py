"""pip install . gives explorer and train with all that they read, and what is installed runs in any folder."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def files(root: Path) -> set[str]:
    found = (path for folder in ("explorer", "train") for path in (root / folder).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix() for path in found if path.suffix not in (".pyc", ".pyi")}


def test_every_file_is_installed(installed):
    assert files(installed) == files(ROOT)


def test_what_is_installed_runs_in_any_folder(installed, tmp_path):
    program = (
        "from pathlib import Path; import explorer; from explorer import load_model; "
        "from explorer.data import sample_sheets; import train.__main__; "
        f"print(explorer.__file__, load_model(Path({str(ROOT / 'checkpoints' / 'vae' / 'mnist-2d')!r})).latent_dim, "
        "len(sample_sheets.load('mnist').pictures))"
    )
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(installed)}, capture_output=True, text=True)
    assert run.stdout.split() == [str(installed / "explorer" / "__init__.py"), "2", "500"], run.stderr


def test_the_package_by_itself_loads_neither_numpy_nor_torch():
    code = "import sys, explorer; print({'numpy', 'torch'} & sys.modules.keys())"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.stdout.strip() == "set()", run.stderr
