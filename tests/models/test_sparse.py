"""The sparse family: its divergence, its penalties, its stack."""

import pytest
import torch
from scipy.stats import bernoulli, entropy

from explorer.models.sparse import SparseAutoencoder
from explorer.nn.objectives import bernoulli_kl


@pytest.mark.parametrize(("target", "mean"), [(0.05, 0.2), (0.2, 0.2), (0.01, 0.9)])
def test_the_divergence_is_that_of_two_coins(target, mean):
    by_scipy = entropy(bernoulli(target).pmf([0, 1]), bernoulli(mean).pmf([0, 1]))
    assert bernoulli_kl(target, torch.tensor(mean)).item() == pytest.approx(by_scipy, abs=1e-6)


def test_the_divergence_stays_finite_for_dead_and_for_always_active_units():
    assert torch.isfinite(bernoulli_kl(0.1, torch.tensor([0.0, 1.0]))).all()


def test_the_loss_is_half_the_squared_error_plus_sparsity_plus_decay(digits):
    x = digits[:50] / 255
    model = SparseAutoencoder((1, 28, 28), [20], sparsity_target=0.1, sparsity_weight=3.0, weight_decay=1e-3)
    w1, w2 = model.encoders[0], model.decoders[0]
    h = torch.sigmoid(x.flatten(1) @ w1.weight.T + w1.bias)
    x_hat = torch.sigmoid(h @ w2.weight.T + w2.bias)
    error = (x_hat - x.flatten(1)).square().sum() / 50 / 2
    rho = h.mean(0)
    sparsity = (0.1 * (0.1 / rho).log() + 0.9 * (0.9 / (1 - rho)).log()).sum()
    decay = (w1.weight.square().sum() + w2.weight.square().sum()) / 2
    torch.testing.assert_close(model.loss(x)["loss"], error + 3 * sparsity + 1e-3 * decay)


def test_training_brings_the_mean_activation_to_the_target(digits):
    x = digits / 255
    model = SparseAutoencoder((1, 28, 28), [20], sparsity_target=0.05, sparsity_weight=100.0)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(300):
        optimizer.zero_grad()
        model.loss(x)["loss"].backward()
        optimizer.step()
    assert model.encode(x).mean().item() == pytest.approx(0.05, abs=0.02)


@pytest.mark.parametrize(("progress", "trained"), [(0.0, 0), (0.49, 0), (0.5, 1), (1.0, 1)])
def test_a_stack_trains_one_layer_at_a_time_from_below(digits, progress, trained):
    model = SparseAutoencoder((1, 28, 28), [20, 10])
    model.progress = progress
    model.loss(digits[:50] / 255)["loss"].backward()
    assert [encoder.weight.grad is not None for encoder in model.encoders] == [depth == trained for depth in range(2)]
