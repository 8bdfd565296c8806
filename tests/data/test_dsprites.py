"""dSprites as rendered here obeys the published numbering and the formulas, picture by picture."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from explorer.data import dsprites
from explorer.data.dsprites import FACTORS


@pytest.fixture(scope="module")
def sample() -> np.ndarray:
    """Numbers (3, 5000) of pictures, drawn from each shape."""
    return np.random.default_rng(0).integers(0, 245_760, (3, 5000)) + np.array([[0], [245_760], [491_520]])


def inside_polygon(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """The heart by the even-odd rule over all its edges."""
    t = 2 * np.pi * np.arange(128) / 128
    x, y = 9.6 * np.sin(t) ** 3, 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    y = -0.662 * y - 1.44
    lit = np.zeros(u.shape, bool)
    for k in range(128):
        x1, y1, x2, y2 = x[k], y[k], x[(k + 1) % 128], y[(k + 1) % 128]
        if y1 != y2:
            lit ^= ((y1 > v) != (y2 > v)) & (u < (x2 - x1) * (v - y1) / (y2 - y1) + x1)
    return lit


def drawn(shape: int, scale: int, orientation: int, x: int, y: int) -> np.ndarray:
    """One picture (64, 64) from the formulas, over the whole canvas."""
    rows, columns = np.mgrid[:64, :64]
    angle = -2 * np.pi * (orientation % 39) / 39
    a, b = columns + 0.5 - (16 + 32 * x / 31), rows + 0.5 - (16 + 32 * y / 31)
    u = (np.cos(angle) * a + np.sin(angle) * b) / (0.5 + 0.1 * scale)
    v = (-np.sin(angle) * a + np.cos(angle) * b) / (0.5 + 0.1 * scale)
    if shape == 0:
        return np.maximum(abs(u), abs(v)) <= 9.6 - 1e-9
    return inside_polygon(u, v) if shape == 2 else (u / 12.76) ** 2 + (v / 7.22) ** 2 <= 1


def test_a_picture_is_what_the_formulas_say_at_every_pixel(sample):
    chosen = sample[:, :34].ravel()
    expected = [drawn(*factors) for factors in FACTORS.to_factors(chosen)]
    assert_array_equal(dsprites.render(chosen)[:, 0], expected)


def test_pictures_are_numbered_as_published():
    assert len(FACTORS) == 737_280
    assert FACTORS.sizes == (3, 6, 40, 32, 32)
    assert FACTORS.to_indices([[2, 3, 17, 5, 30]]).tolist() == [(((2 * 6 + 3) * 40 + 17) * 32 + 5) * 32 + 30]


def test_factors_and_numbers_lead_back_to_each_other(sample):
    assert_array_equal(FACTORS.to_indices(FACTORS.to_factors(sample.ravel())), sample.ravel())


def test_values_are_the_published_ones():
    values = FACTORS.to_values([[0, 0, 0, 0, 0], [2, 5, 39, 31, 31], [1, 2, 1, 1, 30]])
    expected = [[1, 0.5, 0, 0, 0], [3, 1, 2 * np.pi, 1, 1], [2, 0.7, 2 * np.pi / 39, 1 / 31, 30 / 31]]
    np.testing.assert_allclose(values, expected)


def test_no_picture_has_a_number_beyond_the_last():
    with pytest.raises(ValueError, match="out of bounds"):
        dsprites.render(np.array([737_280]))


def test_no_factor_has_an_index_beyond_its_last():
    with pytest.raises(ValueError, match="invalid entry"):
        FACTORS.to_indices([[3, 0, 0, 0, 0]])


@pytest.mark.parametrize(("shape", "mean"), [(0, 0.0533), (1, 0.0418), (2, 0.0324)], ids=dsprites.SHAPES)
def test_a_shape_covers_its_known_share_of_the_canvas(sample, shape, mean):
    shares = dsprites.render(sample[shape]).mean((1, 2, 3))
    assert abs(shares.mean() - mean) < 4 * shares.std() / np.sqrt(len(shares)) + 5e-5


def test_pixels_are_zero_or_one_and_the_border_stays_dark(sample):
    pictures = dsprites.render(sample.ravel())
    assert pictures.shape == (15_000, 1, 64, 64)
    assert pictures.dtype == np.uint8
    lit = pictures.any((0, 1))
    assert pictures.max() == 1
    assert not lit[:2].any()
    assert not lit[62:].any()
    assert not lit[:, :2].any()
    assert not lit[:, 62:].any()


def test_the_largest_squares_reach_rows_and_columns_2_and_61():
    edges = [
        [0, 5, angle, *place] for angle in range(40) for k in range(32) for e in (0, 31) for place in ((e, k), (k, e))
    ]
    lit = dsprites.render(FACTORS.to_indices(edges)).any((0, 1))
    assert np.flatnonzero(lit.any(0))[[0, -1]].tolist() == [2, 61]
    assert np.flatnonzero(lit.any(1))[[0, -1]].tolist() == [2, 61]


def test_the_first_and_the_last_orientation_are_the_same_picture(sample):
    first = FACTORS.to_factors(sample[:, :500].ravel())
    first[:, 2], last = 0, first.copy()
    last[:, 2] = 39
    assert_array_equal(dsprites.render(FACTORS.to_indices(first)), dsprites.render(FACTORS.to_indices(last)))


def test_larger_indices_of_the_places_lie_further_right_and_down():
    left, right, low = (dsprites.render(FACTORS.to_indices([[2, 5, 7, x, y]])) for x, y in ((0, 0), (31, 0), (0, 31)))
    assert_array_equal(np.roll(left, 32, axis=3), right)
    assert_array_equal(np.roll(left, 32, axis=2), low)


def test_packed_pictures_of_all_blocks_come_back_in_order(monkeypatch):
    values = FACTORS.values
    few = dsprites.FactorSet(FACTORS.names, (values[0], values[1][:2], *values[2:4], (0.0,)))
    monkeypatch.setattr(dsprites, "FACTORS", few)
    packed = dsprites.render_all()
    assert packed.shape == (7680, 512)  # a whole block and a part of one
    chosen = np.arange(0, 7680, 7)
    assert_array_equal(dsprites.unpack(packed[chosen]), dsprites.render(chosen))


def test_the_file_has_the_published_keys_and_says_that_it_is_not_the_published_one(tmp_path):
    dsprites.write(tmp_path / "few.npz", count=5000)
    with np.load(tmp_path / "few.npz", allow_pickle=True) as file:
        assert set(file) == {"imgs", "latents_classes", "latents_values", "metadata"}
        assert_array_equal(file["imgs"], dsprites.render(np.arange(5000))[:, 0])
        assert file["latents_classes"][[0, 33, 4999]].tolist() == [[0] * 6, [0, 0, 0, 0, 1, 1], [0, 0, 0, 4, 28, 7]]
        assert file["latents_values"][0].tolist() == [1, 1, 0.5, 0, 0, 0]
        notes = file["metadata"][()]
    assert notes["latents_names"] == ("color", "shape", "scale", "orientation", "posX", "posY")
    assert notes["latents_sizes"].tolist() == [1, 3, 6, 40, 32, 32]
    assert [len(notes["latents_possible_values"][name]) for name in notes["latents_names"]] == [1, 3, 6, 40, 32, 32]
    assert "NOT the published file" in notes["description"]
