"""Moved pictures against NumPy and SciPy."""

import numpy as np
import pytest
from scipy import ndimage

from explorer.compute.movement import move
from explorer.data import sample_sheets


@pytest.fixture
def seven() -> np.ndarray:
    return sample_sheets.load("mnist").pictures[0].astype(np.float32) / 255


@pytest.mark.parametrize(("dx", "dy"), [(3, 0), (-2, 0), (0, 4), (2, -5)])
def test_a_shift_by_whole_pixels_is_a_roll_with_black_coming_in(seven, dx, dy):
    expected = np.roll(np.pad(seven, ((0, 0), (6, 6), (6, 6))), (dy, dx), axis=(1, 2))[:, 6:-6, 6:-6]
    np.testing.assert_array_equal(move(seven, dx, dy, 0), expected)


@pytest.mark.parametrize("degrees", [-45, 7, 30, 90])
def test_a_turn_is_that_of_scipy(seven, degrees):
    expected = ndimage.rotate(seven[0], degrees, reshape=False, order=1, mode="constant")
    inner = slice(2, -2)  # at the very border SciPy does not blend with the black outside
    np.testing.assert_allclose(move(seven, 0, 0, degrees)[0, inner, inner], expected[inner, inner], atol=1e-4)


def test_half_a_pixel_is_the_mean_of_two_neighbours(seven):
    expected = (seven + np.roll(seven, 1, axis=2)) / 2
    np.testing.assert_allclose(move(seven, 0.5, 0, 0), expected, atol=1e-6)


def test_a_picture_that_is_turned_and_shifted_is_turned_first(seven):
    np.testing.assert_allclose(move(seven, 3, -2, 20), move(move(seven, 0, 0, 20), 3, -2, 0), atol=1e-6)
