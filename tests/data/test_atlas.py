"""The pictures of the maps are those of the test sets, whole and in their order."""

import json

import numpy as np
import pytest

from explorer.data import atlas, contact_sheet, sample_sheets
from explorer.data.contact_sheet import FOLDER


def shipped_indices(name):
    """Where the pictures of the contact sheet stand in the test set."""
    return np.array(json.loads((FOLDER / f"{name}.json").read_text())["indices"])


@pytest.mark.parametrize("name", atlas.NAMES)
def test_an_atlas_has_a_tile_a_label_and_factors_for_each_test_picture(name):
    channels = 3 if name in ("shapes3d", "faces") else 1
    assert atlas.load(name).shape == (10_000, channels, 28, 28)
    assert atlas.labels(name).shape == (10_000,)
    assert atlas.factors(name).shape == (10_000, len(atlas.factor_names(name)))


@pytest.mark.parametrize("name", atlas.NAMES)
def test_pictures_and_labels_are_those_of_the_contact_sheet(name):
    chosen, sheet = shipped_indices(name)[:60], sample_sheets.load(name)
    pictures = atlas.pictures(name, chosen).astype(int)
    rounded = name in ("shapes3d", "faces")  # by another processor, to a neighbour
    assert np.abs(pictures - sheet.pictures[:60]).max() <= rounded
    np.testing.assert_array_equal(atlas.labels(name)[chosen], sheet.labels[:60])


@pytest.mark.parametrize("name", ["dsprites", "shapes3d", "faces"])
def test_a_thumbnail_is_a_small_picture_of_what_its_number_renders(name):
    chosen = shipped_indices(name)[:40]
    full = sample_sheets.load(name).pictures[:40].astype(float)
    tiles = atlas.load(name)[chosen].astype(float)
    means = (
        full.reshape(*full.shape[:2], 4, 16, 4, 16).mean((3, 5)),
        tiles.reshape(*tiles.shape[:2], 4, 7, 4, 7).mean((3, 5)),
    )
    assert np.abs(means[0] - means[1]).mean() < 6  # of colours a thumbnail is coarser than of lightness
    notes = json.loads((FOLDER / f"{name}.json").read_text())
    np.testing.assert_array_equal(atlas.factors(name)[chosen], np.array(notes["factors"])[:40])


def test_tiles_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        atlas.load("mnist")[0] = 0


def test_a_thumbnail_is_the_mean_of_what_it_covers():
    pictures = np.random.default_rng(0).integers(0, 256, (3, 1, 56, 56), dtype=np.uint8)
    expected = pictures.reshape(3, 1, 28, 2, 28, 2).mean((3, 5))
    assert np.abs(contact_sheet.thumbnails(pictures, 28) - expected).max() <= 1  # rounded after rows and after columns
