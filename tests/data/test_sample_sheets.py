"""The shipped pictures are complete, balanced and cut as they were pasted."""

import json

import numpy as np
import pytest

from explorer.data import rendered_sets, sample_sheets
from explorer.data.contact_sheet import FOLDER, cut, paste


@pytest.mark.parametrize(
    ("name", "classes", "each", "shape"),
    [
        *[(name, 10, 50, (1, 28, 28)) for name in ("mnist", "fashion")],
        ("dsprites", 3, 150, (1, 64, 64)),
        ("shapes3d", 4, 50, (3, 64, 64)),
        ("faces", 6, 50, (3, 64, 64)),
    ],
)
def test_a_sheet_holds_as_many_pictures_of_each_class(name, classes, each, shape):
    data = sample_sheets.load(name)
    assert data.pictures.shape == (classes * each, *shape)
    assert data.pictures.dtype == np.uint8
    assert np.bincount(data.labels).tolist() == [each] * classes
    assert len(data.class_names) == classes


@pytest.mark.parametrize("name", rendered_sets.WORLDS)
def test_a_rendered_picture_has_the_factors_its_sheet_names(name):
    notes, world = json.loads((FOLDER / f"{name}.json").read_text()), rendered_sets.WORLDS[name]
    assert tuple(notes["factor_names"]) == world.FACTORS.names
    again = rendered_sets.scaled(world, world.FACTORS.to_indices(np.array(notes["factors"])))
    # Processors round differently: a pixel in a million falls on the other side of one half, of faces, whose surfaces
    # have one colour each, one in a thousand.
    off = np.abs(sample_sheets.load(name).pictures.astype(int) - again)
    assert off.max() <= 1
    assert off.mean() < (1e-3 if name == "faces" else 1e-5)


@pytest.mark.parametrize("channels", [1, 3])
def test_cutting_undoes_pasting(channels):
    tiles = np.random.default_rng(0).integers(0, 256, (12, channels, 5, 5), dtype=np.uint8)
    np.testing.assert_array_equal(cut(paste(tiles, 4), 5), tiles)


def test_shared_pictures_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        sample_sheets.load("mnist").pictures[0] = 0


def test_the_first_pictures_of_each_class_are_chosen_in_order():
    labels = np.array([1, 0, 0, 1, 1, 0])
    assert sample_sheets.choose(labels, 2).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("name", sample_sheets.SHIPPED)
def test_indices_into_the_test_set_ascend(name):
    notes = json.loads((FOLDER / f"{name}.json").read_text())
    assert notes["indices"] == sorted(set(notes["indices"]))
    assert notes["indices"][-1] < 10_000
