"""The k-sparse family: which units speak, how k falls, and how dead units come back."""

import numpy as np
import pytest
import torch

from explorer.models.k_sparse import KSparseAutoencoder, keep_largest


def test_the_k_largest_signed_activations_are_kept_and_no_others():
    z = torch.randn(20, 50, generator=torch.Generator().manual_seed(0))
    kept = keep_largest(z, 7).numpy()
    for row, original in zip(kept, z.numpy(), strict=True):
        largest = np.argsort(-original)[:7]
        assert set(np.flatnonzero(row)) == set(largest)
        np.testing.assert_array_equal(row[largest], original[largest])


@pytest.mark.parametrize("k", [50, 51, 1000])
def test_k_of_all_units_or_more_keeps_everything(k):
    z = torch.randn(3, 50)
    assert torch.equal(keep_largest(z, k), z)


def test_encoder_and_decoder_share_weights_and_centre(digits):
    x = digits[:5] / 255
    model = KSparseAutoencoder((1, 28, 28), 30, k=30)
    model.prepare(digits)
    z = (x.flatten(1) - digits.float().div(255).mean(0).flatten()) @ model.weight.T
    torch.testing.assert_close(model.encode(x), z)
    torch.testing.assert_close(model.reconstruct(z), z @ model.weight + model.centre)


@pytest.mark.parametrize(("progress", "k"), [(0.0, 100), (0.25, 62), (0.5, 25), (0.9, 25), (1.0, 25)])
def test_k_falls_over_the_first_half_of_the_run(progress, k):
    model = KSparseAutoencoder((1, 28, 28), k=25, first_k=100)
    model.progress = progress
    assert model.current_k() == k


def test_the_gradient_flows_through_the_units_that_speak_and_no_others(digits):
    model = KSparseAutoencoder((1, 28, 28), 30, k=3)
    x = digits[:1] / 255
    model.loss(x)["loss"].backward()
    spoke = (model.encode(x)[0] != 0).numpy()
    np.testing.assert_array_equal(model.weight.grad.abs().sum(1).numpy() > 0, spoke)


def test_a_unit_that_was_idle_for_long_is_trained_on_what_is_left_over(digits):
    model = KSparseAutoencoder((1, 28, 28), 30, k=3, idle_steps=10)
    x = digits[:1] / 255
    silent = model.encode(x)[0] == 0
    model.idle[silent] = 100.0
    terms = model.loss(x)
    terms["loss"].backward()
    assert terms["dead"] == 27
    assert (model.weight.grad[silent].abs().sum(1) > 0).sum() == 6  # twice k of them are woken


def test_idle_steps_are_counted_in_training_only(digits):
    model = KSparseAutoencoder((1, 28, 28), 30, k=3)
    x = digits[:2] / 255
    model.eval().loss(x)
    assert model.idle.sum() == 0
    model.train().loss(x)
    np.testing.assert_array_equal(model.idle.numpy() == 1, ~(model.encode(x) != 0).any(0).numpy())
