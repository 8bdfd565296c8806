"""The notebooks, and programs that are pasted into one, do what they say where the package was installed by pip."""

import ast
import json
import os
from collections.abc import Callable
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image

from explorer.answers import autoencoder, common
from explorer.answers.as_python import stand_alone
from explorer.checkpoint import load_model
from explorer.data import sample_sheets
from explorer.tabs.frame import PROGRAMS
from tests.conftest import ROOT
from train.recipes import FAMILIES

CHECKPOINTS = ROOT / "checkpoints"
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
SIDE, GAP, STEPS = 128, 4, 9  # pixels and pictures of the figure
# Where the package came from, and what of its imports is there for training only.
WHERE = new_code_cell(
    "import sys\n\nimport explorer\n\n"
    "print(explorer.__file__, *{'accelerate', 'onnx', 'onnxscript'} & sys.modules.keys())"
)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder beside the checkpoints, as examples is in a copy of the repository, but not in this one."""
    (tmp_path / "checkpoints").symlink_to(CHECKPOINTS)
    (tmp_path / "examples").mkdir()
    return tmp_path / "examples"


@pytest.fixture
def execute(installed, folder) -> Callable[[NotebookNode], NotebookNode]:
    """Runs the cells of a notebook in a kernel that has the package from where it was installed."""

    def execute(notebook: NotebookNode) -> NotebookNode:
        notebook.cells.append(WHERE.copy())
        place = {"metadata": {"path": str(folder)}}
        client = NotebookClient(notebook, timeout=240, kernel_name="python3", resources=place)
        client.execute(env={**os.environ, "PYTHONPATH": str(installed)})
        said = outputs(notebook)
        assert [output.text for output in said if output.get("name") == "stderr"] == []
        assert said[-1].text.strip() == str(installed / "explorer" / "__init__.py")
        return notebook

    return execute


def outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def read(name: str) -> NotebookNode:
    return nbformat.read(ROOT / "examples" / name, as_version=4)


def pictures(data: str) -> torch.Tensor:
    return torch.tensor(sample_sheets.load(data).pictures) / 255


def squared_error(name: str) -> float:
    """Of the shipped digits, summed in NumPy."""
    x = pictures("mnist")
    model = load_model(CHECKPOINTS / name)
    off = x.numpy().astype(float) - model.decode(model.encode(x)).numpy()
    return float((off**2).sum() / len(off))


def kl(name: str, data: str) -> float:
    """Of the shipped pictures from the standard normal, in its closed form."""
    mu, log_var = (part.numpy().astype(float) for part in load_model(CHECKPOINTS / name).posterior(pictures(data)))
    return float((0.5 * (mu**2 + np.exp(log_var) - 1 - log_var)).sum(1).mean())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_outputs(path):
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert cells
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells)


def test_the_table_has_what_weights_give_beside_what_cards_say(execute):
    table, by_hand, _ = outputs(execute(read("table.ipynb")))
    _, _, *rows = [line.strip("| ").split(" | ") for line in table.data["text/markdown"].splitlines()]
    measured: dict[str, dict[str, float]] = {}
    for name, label, here, card, test, tolerance in rows:
        config = json.loads((CHECKPOINTS / name / "config.json").read_text())
        named = FAMILIES[config["family"]].FIGURES.items()
        (key,) = (key for key, figure in named if figure.label == label.replace("\\|", "|"))
        figures = config["figures"]
        assert float(card) == pytest.approx(figures["shipped"][key], abs=0.51 * unit(card))
        assert float(test) == pytest.approx(figures["test"][key], abs=0.51 * unit(test))
        assert abs(float(here) - float(card)) <= 1.01 * unit(card)
        assert float(tolerance.removeprefix("±")) > 0
        measured.setdefault(name, {})[key] = float(here)
    assert len(rows) == 13
    for name in ("autoencoder/mnist-2d", "autoencoder/mnist-30d"):
        assert measured[name]["squared_error"] == pytest.approx(squared_error(name), abs=0.01)
    beta_vae = "beta_vae/dsprites-staged25"
    assert measured[beta_vae]["kl"] == pytest.approx(kl(beta_vae, "dsprites"), abs=0.01)
    units = load_model(CHECKPOINTS / "sparse/mnist-rho05").encode(pictures("mnist")).numpy()
    assert measured["sparse/mnist-rho05"]["mean_activation"] == pytest.approx(units.mean(), abs=0.001)
    assert float(by_hand.text) == measured["autoencoder/mnist-2d"]["squared_error"]


def unit(printed: str) -> float:
    """What the last digit of a number counts."""
    return 10.0 ** -len(printed.partition(".")[2])


def test_the_figure_has_the_pictures_that_the_model_makes(execute, folder):
    execute(read("figure.ipynb"))
    figure = Image.open(folder / "traversals.png")
    folder_of_model = CHECKPOINTS / "beta_vae" / "dsprites-staged25"
    model, strengths = load_model(folder_of_model), json.loads((folder_of_model / "config.json").read_text())["profile"]
    heart = model.encode(pictures("dsprites")[228:229])
    by_strength = sorted(range(10), key=lambda dimension: -strengths["kl_per_dimension"][dimension])
    assert figure.height == 6 * (SIDE + GAP)
    assert round(figure.info["dpi"][0]) == 300
    left = figure.width - STEPS * (SIDE + GAP)
    for row, dimension in enumerate(by_strength[:6]):
        for step, value in enumerate(np.linspace(-2, 2, STEPS)):
            z = heart.clone()
            z[0, dimension] = value
            x, y = left + step * (SIDE + GAP), row * (SIDE + GAP)
            tile = np.asarray(figure.crop((x, y, x + SIDE, y + SIDE)))
            twice = np.kron(255 * model.decode(z)[0, 0].numpy(), np.ones((2, 2)))
            # Convolutions of one picture and of many sum in another order: a value may round the other way.
            assert np.abs(tile - twice[..., None]).max() < 0.51


def test_a_scenes_python_and_a_tabs_run_in_cells(execute, folder, shipped):
    """As in Colab: the app that wrote them is not there, and the folder of the checkpoints was put in by hand."""
    z, digit = [1.2345678, -3.3], sample_sheets.load("mnist").pictures[12].ravel().tolist()
    scene = autoencoder.HANDLERS["python"](shipped, "autoencoder/mnist-2d", digit, z)["text"].tobytes().decode()
    snippet = stand_alone(shipped, (PROGRAMS / "autoencoder.py").read_text())
    here = [program.replace(str(ROOT), str(folder.parent)) for program in (scene, snippet)]
    execute(new_notebook(cells=[new_code_cell(program) for program in here]))
    expected = common.decode(shipped, "autoencoder/mnist-2d", z)["x_hat"][0, 0]
    np.testing.assert_array_equal(np.asarray(Image.open(folder / "scene.png")), expected)
    x = pictures("mnist")[0, 0]
    row = np.asarray(Image.open(folder / "autoencoder.png"))
    np.testing.assert_array_equal(row[::8, : 28 * 8 : 8], (255 * x).round().byte())


@pytest.mark.parametrize("path", sorted(PROGRAMS.glob("[a-z]*.py")), ids=lambda path: path.stem)
def test_no_program_needs_what_a_notebook_has_not(path):
    names = {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
    assert names.isdisjoint({"__file__", "__name__", "input", "exit", "quit"})
    assert "argv" not in path.read_text()
