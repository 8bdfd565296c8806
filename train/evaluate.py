"""Measures a model on the test set and on the shipped pictures, and compares a checkpoint with its own config."""

from pathlib import Path

import numpy as np
import torch

from explorer import checkpoint
from explorer.data import oscillator, own_set, sample_sheets, sources
from explorer.data.picture_set import PictureSet
from explorer.metrics.reconstruction import encode_all, pixels
from explorer.models import Autoencoder
from explorer.models.base import UnitAutoencoder
from train.recipe import Figure, Recipe
from train.recipes import FAMILIES

SHIPPED_IMPORTANCE_SAMPLES = 500  # few enough for a test
PLANE_CODES = 5_000  # test codes under the app's planes, which two-dimensional models have
RANGE_CODES = 1_000  # test codes that tell where the sliders of the others end
NEIGHBOUR_CODES = 2_500  # training codes that distances are measured to


@torch.inference_mode()
def measure(model: Autoencoder, recipe: Recipe, root: Path) -> dict[str, float]:
    """Figures over the whole test set in root."""
    family, test = FAMILIES[recipe.family], sources.load(recipe.data, "test", root)
    figures = family.measure(model, test, recipe, recipe.importance_samples)
    if hasattr(family, "probe"):
        train = sources.load(recipe.data, "train", root)
        if can_probe(recipe, train, test):
            figures |= family.probe(model, train, test, recipe)
    return finite(figures)


def can_probe(recipe: Recipe, train: PictureSet, test: PictureSet) -> bool:
    """Whether there is something to learn for a classifier: pictures of one's own may have no classes."""
    return not own_set.is_own(recipe.data) or recipe.family == "vq_vae_2" or len(set(train.labels.tolist())) > 1


def finite(figures: dict[str, float]) -> dict[str, float]:
    """Figures that are numbers: of few pictures some are none."""
    return {name: value for name, value in figures.items() if np.isfinite(value)}


@torch.inference_mode()
def measure_shipped(model: Autoencoder, recipe: Recipe, shipped: PictureSet | None) -> dict[str, float]:
    """The same figures over the pictures that ship, but for those that need the training set; none without pictures."""
    if shipped is None:
        return {}
    return finite(FAMILIES[recipe.family].measure(model, shipped, recipe, SHIPPED_IMPORTANCE_SAMPLES))


def shipped_pictures(folder: Path) -> PictureSet | None:
    """The pictures of a checkpoint's set that come with the app, or with the checkpoint itself; None if none do."""
    config = checkpoint.read_config(folder)
    if "pictures" in config:
        return checkpoint.load_pictures(folder).pictures
    if own_set.is_own(config["data"]):
        return None
    drawn = config["data"] == oscillator.NAME
    return oscillator.load(config["data"], "shipped") if drawn else sample_sheets.load(config["data"])


@torch.inference_mode()
def app_codes(model: Autoencoder, recipe: Recipe, root: Path, shipped: PictureSet | None) -> dict[str, np.ndarray]:
    """Codes the app draws and measures distances to, as float16, with test labels; none of a family of units.

    A family whose codes are not floats says itself what the app keeps of them, if anything. Of a set of which no
    pictures ship, the app keeps nothing.
    """
    if shipped is None:
        return {}
    family = FAMILIES[recipe.family]
    if hasattr(family, "app_codes"):
        return family.app_codes(model, recipe, root, shipped)
    if isinstance(model, UnitAutoencoder):
        return {}
    train, test = (sources.load(recipe.data, split, root) for split in ("train", "test"))
    neighbours = train._replace(pictures=train.pictures[:NEIGHBOUR_CODES])  # not all of a large set as floats
    count = PLANE_CODES if model.latent_dim == 2 else RANGE_CODES
    return {
        "test_codes": encode_all(model, pixels(test)[:count]).numpy().astype(np.float16),
        "test_labels": test.labels[:count].astype(np.uint8),
        "train_codes": encode_all(model, pixels(neighbours)).numpy().astype(np.float16),
    }


@torch.inference_mode()
def sheet(model: Autoencoder, recipe: Recipe, root: Path) -> np.ndarray | None:
    """A picture to stand on the card, uint8 (H, W, C); None where a family has none of that set."""
    family = FAMILIES[recipe.family]
    return family.sheet(model, recipe, root) if recipe.data in getattr(family, "SHEETS", {}) else None


@torch.inference_mode()
def profile(model: Autoencoder, recipe: Recipe, root: Path) -> dict[str, list]:
    """Curves over the test set that the app reads from the config."""
    return FAMILIES[recipe.family].profile(model, sources.load(recipe.data, "test", root), recipe)


def verify(folder: Path, root: Path) -> list[str]:
    """Measure a checkpoint again from its weights.

    Returns:
        A sentence for each figure that is not what the config says; none if all agree to the last printed digit.
    """
    config = read_measured(folder)
    model, recipe = checkpoint.load_model(folder), recipe_of(config)
    figures = FAMILIES[recipe.family].FIGURES
    again = {"test": measure(model, recipe, root), "shipped": measure_shipped(model, recipe, shipped_pictures(folder))}
    return [
        f"{recipe.name}: {figures[name].label} on the {where} pictures is "
        f"{figures[name].format(value)}, its card says {figures[name].format(config['figures'][where][name])}."
        for where, values in again.items()
        for name, value in values.items()
        if differs(value, config["figures"][where][name], figures[name])
    ]


def read_measured(folder: Path) -> dict:
    """The config of a checkpoint that has figures.

    Raises:
        CheckpointError: If it cannot be read, or its run was cut off before it was measured.
    """
    config = checkpoint.read_config(folder)
    if "figures" not in config:
        raise checkpoint.CheckpointError(f"{folder} has not been measured yet: complete it with --measure.")
    return config


def differs(value: float, printed: float, figure: Figure) -> bool:
    """Whether two measurements differ by more than one unit of the last printed digit."""
    return not abs(value - printed) <= 1.01 * 10**-figure.digits


def recipe_of(config: dict) -> Recipe:
    """The recipe a checkpoint was trained with, as its config recorded it."""
    return Recipe(**config["recipe"])
