"""Places of a digit that wraps around are found, compared and spread as on a circle."""

import numpy as np
import pytest

from explorer.data import sample_sheets
from explorer.metrics import circular


def test_a_place_is_found_again_however_far_a_digit_moved():
    digit = (sample_sheets.load("mnist").pictures[0, 0] > 127).astype(np.float32)
    for vertical in (False, True):
        moved = np.stack([np.roll(digit, shift, axis=0 if vertical else 1) for shift in range(28)])
        np.testing.assert_array_equal(circular.places(moved, digit, vertical), np.arange(28))


def test_an_offset_takes_the_short_way_round():
    assert circular.offset(np.array([1, 27, 0]), np.array([27, 1, 14]), 28).tolist() == [2, -2, -14]


def test_spread_is_nothing_for_one_place_and_all_of_the_circle_for_every_place():
    assert circular.spread(np.full(64, 5), 28) == pytest.approx((0, 1), abs=1e-5)
    deviation, count = circular.spread(np.arange(28), 28)
    assert count == pytest.approx(28)
    assert deviation == pytest.approx(28 / np.sqrt(12))
    assert circular.spread(np.array([27, 1]), 28)[0] == pytest.approx(1, abs=0.02)  # across the edge
