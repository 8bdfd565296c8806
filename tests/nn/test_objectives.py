"""Terms of the objectives against closed forms and torch.distributions."""

import math

import pytest
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from explorer.nn.objectives import (
    bernoulli_nll,
    gaussian_kl,
    gaussian_log_density,
    importance_weighted_bound,
    squared_error,
)


def test_gaussian_kl_is_the_divergence_torch_distributions_gives():
    mu, log_var = torch.randn(5, 3), torch.randn(5, 3)
    expected = kl_divergence(Normal(mu, (0.5 * log_var).exp()), Normal(0.0, 1.0))
    torch.testing.assert_close(gaussian_kl(mu, log_var), expected)


def test_gaussian_kl_of_the_prior_itself_is_zero():
    assert gaussian_kl(torch.zeros(2, 4), torch.zeros(2, 4)).abs().max() == 0


def test_bernoulli_nll_is_minus_the_log_probability_summed_over_pixels():
    logits, x = torch.randn(4, 1, 3, 3), torch.bernoulli(torch.full((4, 1, 3, 3), 0.5))
    expected = -Bernoulli(logits=logits).log_prob(x).sum((1, 2, 3))
    torch.testing.assert_close(bernoulli_nll(logits, x), expected)


def test_bernoulli_nll_of_grey_pixels_is_the_mean_over_binarisations():
    logits, grey = torch.tensor([[0.7, -1.3]]), torch.tensor([[0.25, 0.5]])
    outcomes = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    chances = torch.tensor([0.75 * 0.5, 0.75 * 0.5, 0.25 * 0.5, 0.25 * 0.5])
    expected = (chances * bernoulli_nll(logits.expand(4, 2), outcomes)).sum()
    torch.testing.assert_close(bernoulli_nll(logits, grey)[0], expected)


def test_bernoulli_nll_stays_finite_for_certain_and_wrong_pixels():
    torch.testing.assert_close(bernoulli_nll(torch.tensor([[200.0]]), torch.tensor([[0.0]])), torch.tensor([200.0]))


def test_squared_error_is_summed_over_pixels_and_kept_per_image():
    x = torch.zeros(3, 1, 28, 28)
    torch.testing.assert_close(squared_error(x + 0.5, x), torch.full((3,), 196.0))


def test_gaussian_log_density_is_the_one_of_torch_distributions():
    z, mu, log_var = torch.randn(3, 5, 4)
    expected = Normal(mu, (0.5 * log_var).exp()).log_prob(z).sum(-1)
    torch.testing.assert_close(gaussian_log_density(z, mu, log_var), expected)


def test_importance_weighted_bound_is_exact_when_the_proposal_is_the_posterior():
    # z ~ N(0, 1), x | z ~ N(z, 1): the posterior is N(x / 2, 1 / 2) and p(x) = N(0, 2).
    x, zero = torch.tensor([[1.7]]), torch.zeros(1, 1)
    posterior = x / 2, torch.full((1, 1), math.log(0.5))
    z = posterior[0] + math.sqrt(0.5) * torch.randn(7, 1, 1)
    log_joint = gaussian_log_density(z, zero, zero) + gaussian_log_density(x, z, zero)
    bound = importance_weighted_bound(log_joint - gaussian_log_density(z, *posterior))
    torch.testing.assert_close(bound, Normal(0.0, math.sqrt(2)).log_prob(x)[0])


def test_importance_weighted_bound_never_falls_below_the_mean_log_weight():
    log_weights = torch.randn(50, 8) * 5
    assert (importance_weighted_bound(log_weights) >= log_weights.mean(0)).all()


def test_importance_weighted_bound_of_one_weight_is_that_weight():
    torch.testing.assert_close(importance_weighted_bound(torch.tensor([[3.0, -2.0]])), torch.tensor([3.0, -2.0]))


@pytest.mark.parametrize("objective", [squared_error, bernoulli_nll, gaussian_kl])
def test_operands_of_different_shapes_are_refused_by_name(objective):
    with pytest.raises(ValueError, match=r"\(2, 3\) and \(3,\)"):
        objective(torch.zeros(2, 3), torch.zeros(3))
