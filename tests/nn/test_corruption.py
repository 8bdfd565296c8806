"""Corruptions do what their names say, to arrays and to tensors alike."""

import numpy as np
import pytest
import torch

from explorer.compute import corruption as spoil
from explorer.nn import corruption


def test_masking_blacks_out_the_asked_share_and_leaves_the_rest():
    x, noise = np.full((1, 1, 200, 200), 0.7), np.random.default_rng(0).random((1, 1, 200, 200))
    masked = corruption.masking(x, noise, 0.25)
    assert set(np.unique(masked)) == {0.0, 0.7}
    assert (masked == 0).mean() == pytest.approx(0.25, abs=0.01)


def test_salt_and_pepper_sets_as_many_pixels_to_white_as_to_black():
    x, noise = np.full((1, 1, 200, 200), 0.7), np.random.default_rng(0).random((1, 1, 200, 200))
    spoilt = corruption.salt_and_pepper(x, noise, 0.4)
    assert (spoilt == 1).mean() == pytest.approx(0.2, abs=0.01)
    assert (spoilt == 0).mean() == pytest.approx(0.2, abs=0.01)
    assert (spoilt == 0.7).mean() == pytest.approx(0.6, abs=0.01)


def test_gaussian_noise_has_the_asked_deviation_and_is_not_clipped():
    x, noise = np.zeros((1, 1, 200, 200)), np.random.default_rng(0).standard_normal((1, 1, 200, 200))
    spoilt = corruption.gaussian(x, noise, 0.3)
    assert spoilt.std() == pytest.approx(0.3, abs=0.01)
    assert spoilt.min() < -0.5


@pytest.mark.parametrize("kind", [*corruption.UNIFORM, *corruption.NORMAL])
def test_a_tensor_is_spoilt_as_an_array_is(kind):
    function = {**corruption.UNIFORM, **corruption.NORMAL}[kind]
    rng = np.random.default_rng(1)
    x, noise = rng.random((2, 1, 5, 5)), rng.random((2, 1, 5, 5))
    tensor = function(torch.tensor(x), torch.tensor(noise), 0.5)
    np.testing.assert_array_equal(tensor.numpy(), function(x, noise, 0.5))


@pytest.mark.parametrize("kind", spoil.LABELS)
def test_level_zero_changes_nothing_and_a_seed_gives_the_same_noise_again(kind, digits):
    x = digits[:3].numpy().astype(np.float32) / 255
    np.testing.assert_array_equal(spoil.corrupt(x, kind, 0, 7), x)
    np.testing.assert_array_equal(spoil.corrupt(x, kind, 0.5, 7), spoil.corrupt(x, kind, 0.5, 7))
    assert (spoil.corrupt(x, kind, 0.5, 7) != spoil.corrupt(x, kind, 0.5, 8)).any()


def test_blocks_are_black_squares():
    spoilt = spoil.corrupt(np.ones((1, 1, 28, 28), np.float32), "blocks", 0.5, 3)[0, 0]
    cells = spoilt.reshape(4, 7, 4, 7).transpose(0, 2, 1, 3).reshape(16, 49)
    assert (cells.min(1) == cells.max(1)).all()
    assert set(np.unique(spoilt)) == {0.0, 1.0}


@pytest.mark.parametrize("like", [np.asarray, torch.tensor], ids=["array", "tensor"])
def test_draws_are_repeated_over_squares_that_the_border_cuts(like):
    draws = np.random.default_rng(0).random((2, 1, *corruption.grid((10, 20))))
    spread = np.asarray(corruption.tiled(like(draws), 10, 20))
    np.testing.assert_array_equal(spread, np.kron(draws, np.ones((7, 7)))[..., :10, :20])
