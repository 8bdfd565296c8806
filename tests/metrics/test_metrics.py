"""Figures against scikit-learn, integration and models whose figure is known."""

import numpy as np
import pytest
import torch
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from explorer.metrics.likelihood import active_units, binarize, bound_terms, negative_log_likelihood
from explorer.metrics.probes import knn_accuracy
from explorer.metrics.reconstruction import mean_squared_error
from explorer.models.vae import VAE


def test_knn_accuracy_is_the_leave_one_out_score_of_scikit_learn():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, 200)
    codes = rng.standard_normal((200, 2)) + labels[:, None]
    expected = cross_val_score(KNeighborsClassifier(5), codes, labels, cv=LeaveOneOut()).mean()
    assert knn_accuracy(codes, labels) == pytest.approx(expected)


def test_squared_error_is_averaged_over_pictures_and_not_over_blocks():
    x = torch.zeros(1500, 1, 2, 2)
    x[1200:] = 1.0
    assert mean_squared_error(lambda block: torch.zeros_like(block), x) == pytest.approx(4 * 300 / 1500)


@pytest.fixture
def blind():
    """A VAE that ignores its input and its code: its likelihood is that of the mean picture."""
    model = VAE((1, 2, 2), latent_dim=3, hidden=(4,))
    for parameter in model.parameters():
        torch.nn.init.zeros_(parameter)
    torch.nn.init.constant_(model.decoder[-1].bias, 1.0)
    return model.requires_grad_(False)


def test_likelihood_of_a_blind_vae_is_that_of_its_mean_picture(blind):
    x = torch.tensor([[1.0, 0, 1, 1]]).view(1, 1, 2, 2)
    expected = -(3 * np.log(1 / (1 + np.exp(-1))) + np.log(1 - 1 / (1 + np.exp(-1))))
    generator = torch.Generator().manual_seed(0)
    assert negative_log_likelihood(blind, x, 10, generator) == pytest.approx(expected, abs=1e-5)
    assert bound_terms(blind, x, 2, generator) == pytest.approx((expected, 0.0), abs=1e-5)


def test_a_blind_vae_has_no_active_unit(blind):
    assert active_units(blind, torch.rand(20, 1, 2, 2)) == 0


def test_a_unit_that_follows_the_input_is_active(blind):
    blind.encoder[0].weight[0] = 1.0
    blind.encoder[-1].weight[1, 0] = 1.0  # the mean of the second latent dimension
    assert active_units(blind, torch.bernoulli(torch.full((50, 1, 2, 2), 0.5))) == 1


def test_binarised_pictures_are_black_or_white_with_the_grey_value_as_mean():
    x = binarize(torch.full((100_000,), 0.3), torch.Generator().manual_seed(0))
    assert set(x.tolist()) == {0.0, 1.0}
    assert x.mean().item() == pytest.approx(0.3, abs=0.01)
