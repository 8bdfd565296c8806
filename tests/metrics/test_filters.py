"""The locality of a filter is 1 for one stroke and small for noise."""

import numpy as np
import pytest

from explorer.metrics.filters import locality


def test_one_bright_square_is_all_in_one_piece():
    filters = np.zeros((1, 28, 28))
    filters[0, 5:9, 5:9] = -2.0
    assert locality(filters) == pytest.approx(1)


def test_two_equal_squares_are_half_in_one_piece_whatever_their_signs():
    filters = np.zeros((2, 28, 28))
    filters[:, 5:9, 5:9], filters[0, 15:19, 15:19], filters[1, 9:13, 5:9] = 1, 1, -1
    assert locality(filters) == pytest.approx(0.5)


def test_white_noise_falls_into_many_pieces():
    assert locality(np.random.default_rng(0).standard_normal((20, 28, 28))) < 0.3
