"""Errors by kind and strength of the noise, of rebuilders whose errors are known."""

import numpy as np
import pytest

from explorer.answers import lineup
from explorer.compute.corruption import LABELS, corrupt
from explorer.metrics import noise_table


@pytest.fixture
def x(digits):
    return digits[:50].numpy().astype(np.float32) / 255


def test_who_changes_nothing_keeps_the_noise_that_the_app_would_draw(x):
    table = noise_table.errors(lambda spoilt: spoilt, x)
    assert set(table) == set(LABELS)
    for kind, row in table.items():
        assert row[0] == 0
        spoilt = corrupt(x, kind, noise_table.LEVELS[5], 0)
        assert row[5] == pytest.approx(np.square(spoilt - x).sum() / len(x), rel=1e-4)


def test_who_knows_the_pictures_has_no_error_and_who_says_black_has_their_ink(x):
    assert noise_table.mean_error(lambda spoilt: x, x, "gaussian", 0.5) == 0
    black = noise_table.errors(np.zeros_like, x)
    ink = np.square(x).sum() / len(x)
    assert all(error == pytest.approx(ink, rel=1e-4) for row in black.values() for error in row)


def test_the_first_tab_shows_a_noise_of_the_table():
    assert lineup.FIRST["kind"] in noise_table.NOISES
    assert lineup.FIRST["level"] in noise_table.LEVELS
