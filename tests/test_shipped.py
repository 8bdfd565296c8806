"""Every shipped checkpoint is what its recipe, its config and its card say."""

from dataclasses import asdict

import numpy as np
import pytest
import torch

from explorer import checkpoint
from explorer.checkpoint import config
from explorer.data import atlas
from explorer.nn.objectives import squared_error
from explorer.serve import maps
from tests.conftest import ROOT
from train import evaluate
from train.card import write_card
from train.recipes import FAMILIES, RECIPES

FOLDERS = sorted(path.parent for path in (ROOT / "checkpoints").glob("*/*/config.json"))


def short(folder):
    return "/".join(folder.parts[-2:])


named = pytest.mark.parametrize("folder", FOLDERS, ids=short)


def test_every_recipe_has_its_checkpoint_and_every_checkpoint_its_recipe():
    assert set(map(short, FOLDERS)) == set(RECIPES)


@named
def test_the_config_records_the_recipe_as_it_stands(folder):
    config = checkpoint.read_config(folder)
    recipe = RECIPES[f"{config['family']}/{config['variant']}"]
    assert evaluate.recipe_of(config) == recipe  # what the config does not name is as it was before there was a choice
    assert config["recipe"].items() <= asdict(recipe).items()


@named
def test_the_card_is_the_one_its_config_gives(folder):
    config = checkpoint.read_config(folder)
    assert (folder / checkpoint.CARD).read_text() == write_card(config)


@named
def test_the_config_bears_the_mark_that_its_weights_fit(folder):
    """Or the app would import torch before it opens; `python -m train FAMILY/VARIANT --card` writes it."""
    assert config.load(folder).fits


@named
def test_figures_on_the_shipped_pictures_are_measured_again(folder):
    config, model = checkpoint.read_config(folder), checkpoint.load_model(folder)
    figures = FAMILIES[config["family"]].FIGURES
    again = evaluate.measure_shipped(model, evaluate.recipe_of(config), evaluate.shipped_pictures(folder))
    printed = config["figures"]["shipped"]
    assert again.keys() == printed.keys() <= config["figures"]["test"].keys() <= figures.keys()
    assert [name for name in again if evaluate.differs(again[name], printed[name], figures[name])] == []


VECTORS = [
    folder for folder in FOLDERS if (folder / checkpoint.CODES).exists() and not folder.parent.name.startswith("vq")
]


@pytest.mark.parametrize("folder", VECTORS, ids=short)
def test_codes_for_the_app_are_those_of_the_weights(folder):
    # The first shipped digit is the first of the test set, whose codes the checkpoint keeps.
    from explorer.data import sample_sheets

    config, model = checkpoint.read_config(folder), checkpoint.load_model(folder)
    first = torch.tensor(sample_sheets.load(config["data"]).pictures[:1]) / 255
    kept = checkpoint.load_codes(folder)["test_codes"]
    latent_dim = config["model"]["latent_dim"]
    assert kept.shape == (evaluate.PLANE_CODES if latent_dim == 2 else evaluate.RANGE_CODES, latent_dim)
    np.testing.assert_allclose(model.encode(first).numpy()[0], kept[0], rtol=2e-3, atol=2e-2)


MAPPED = [
    folder
    for folder in FOLDERS
    if checkpoint.read_config(folder)["data"] in atlas.NAMES and folder.parent.name not in maps.NO_POINTS
]


@pytest.mark.parametrize("folder", MAPPED, ids=short)
def test_the_map_of_a_model_is_of_its_own_codes_of_all_test_pictures(folder):
    kept, model = checkpoint.load_map(folder), checkpoint.load_model(folder)
    x = torch.tensor(atlas.pictures(checkpoint.read_config(folder)["data"], np.arange(20))).float() / 255
    z = model.encode(x)
    error = squared_error(model.decode(z), x)
    np.testing.assert_allclose(kept["error"][:20], error, rtol=2e-2)
    assert kept.keys() >= {"umap", "error"}
    assert all(len(array) == 10_000 and np.isfinite(array).all() for array in kept.values())
    if "codes" in kept:
        step = np.ptp(kept["codes"], axis=0) / 255
        assert (np.abs(kept["codes"][:20] - z.numpy()) <= 0.51 * step + 2e-2).all()
    numbers = kept["codes"].size if "codes" in kept else 0  # of a byte each
    assert (folder / checkpoint.MAP).stat().st_size <= 65_000 + numbers


def test_every_model_with_a_code_of_numbers_has_a_map():
    assert {folder.parent.name for folder in FOLDERS if folder not in MAPPED} <= set(maps.NO_POINTS)


def test_checkpoints_stay_within_their_budget():
    sizes = [path.stat().st_size for path in (ROOT / "checkpoints").rglob("*") if path.is_file()]
    assert max(sizes) <= 10_000_000
    assert sum(sizes) <= 160_000_000


def test_the_autoencoder_beats_pca_with_as_many_numbers():
    for folder in FOLDERS:
        figures = checkpoint.read_config(folder)["figures"]["test"]
        if "pca_squared_error" in figures:
            assert figures["squared_error"] < 0.8 * figures["pca_squared_error"]
