"""Who may import whom, equal stems in every layer, and nothing heavy before the first page."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.models import MODELS
from explorer.tabs import TABS
from tests.conftest import ROOT
from train.recipes import FAMILIES

ROOMS = ("explorer", "train", "benchmarks")
SOURCES = [ROOT / "app.py", *(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))]

# What each package may import of the project, the longest match of names first.
BELOW_ANSWERS = {f"explorer.{room}" for room in ("checkpoint", "compute", "data", "metrics", "nn", "serve")}
ALLOWED = {
    "app": {
        f"explorer.{room}" for room in ("answers", "checkpoint", "page", "serve", "stage", "style", "tabs", "widgets")
    },
    "train": {"train"} | {f"explorer.{room}" for room in ("checkpoint", "compute", "data", "metrics", "models", "nn")},
    "benchmarks": {"benchmarks", "train", "explorer.data"},
    "explorer.tabs": {"explorer"},
    "explorer.widgets": {"explorer.widgets", "explorer.page", "explorer.compute"},
    "explorer.page": {"explorer.page"},
    "explorer.in_page": set(),
    "explorer.stage": {"explorer.stage"},
    "explorer.style": {"explorer.style", "explorer.checkpoint.config", "explorer.data"},
    "explorer.answers": {"explorer.answers", "explorer.page.kinds", *BELOW_ANSWERS},
    "explorer.serve": {f"explorer.{room}" for room in ("serve", "checkpoint", "compute", "data", "nn")},
    "explorer.checkpoint": {f"explorer.{room}" for room in ("checkpoint", "data", "models", "nn")},
    "explorer.compute": {"explorer.compute", "explorer.nn"},
    "explorer.models": {"explorer.models", "explorer.nn"},
    "explorer.nn": {"explorer.nn"},
    "explorer.data": {"explorer.data"},
    "explorer.metrics": {f"explorer.{room}" for room in ("metrics", "data", "models", "nn")},
    "explorer.programs": {f"explorer.{room}" for room in ("checkpoint", "data", "models", "nn")},
}
GRADIO = ("app", "explorer.tabs", "explorer.widgets", "explorer.style", "explorer.serve.api")


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> set[str]:
    """Every module a file imports, at the top or within a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def within(name: str, packages) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_imports_go_downwards_only(path):
    name = module_name(path)
    ours = {target for target in imports(path) if target.split(".")[0] in (*ROOMS, "app", "tests")}
    room = next(key for key in sorted(ALLOWED, key=len, reverse=True) if within(name, [key]) or name == "explorer")
    assert {target for target in ours if not within(target, ALLOWED[room])} == set()


@pytest.mark.parametrize("path", sorted((ROOT / "explorer" / "answers").glob("*.py")), ids=module_name)
def test_an_answer_reaches_torch_through_the_pool_alone(path):
    assert "torch" not in {target.split(".")[0] for target in imports(path)}


def test_every_module_has_a_room():
    assert [path.name for path in (ROOT / "explorer").glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_gradio_stays_with_the_page(path):
    if "gradio" in {target.split(".")[0] for target in imports(path)}:
        assert within(module_name(path), GRADIO)


def test_no_tab_imports_another():
    for stem in TABS:
        others = {f"explorer.tabs.{other}" for other in TABS if other != stem}
        assert not any(within(target, others) for target in imports(ROOT / "explorer" / "tabs" / f"{stem}.py"))


def test_a_family_has_the_same_stem_in_every_layer():
    for stem in MODELS:
        assert (ROOT / "explorer" / "models" / f"{stem}.py").is_file()
        assert (ROOT / "train" / "recipes" / f"{stem}.py").is_file()
        assert (ROOT / "checkpoints" / stem).is_dir()
        assert stem in FAMILIES
        assert stem in TABS


def test_every_widget_has_its_script_and_its_style():
    folder = ROOT / "explorer" / "widgets"
    for path in folder.glob("*.py"):
        if path.stem not in ("__init__", "component"):
            assert path.with_suffix(".js").is_file(), path.stem
            assert path.stem == "tab_setup" or path.with_suffix(".css").is_file(), path.stem


def test_building_the_app_imports_neither_torch_nor_umap():
    code = (
        "import sys, app; print([m for m in ('torch', 'torchvision', 'umap', 'numba', 'sklearn') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.stdout.strip() == "[]", run.stderr
