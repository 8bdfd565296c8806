"""The filter against Gaussian regression, and what is measured of models whose forecasts are known."""

import numpy as np
import pytest
import torch

from explorer.data import oscillator
from explorer.metrics import kalman, oscillation
from explorer.models.td_vae import TDVAE


def regression(x: np.ndarray, frequency: float, world: kalman.Dynamics, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Means and covariance of the next positions by conditioning on all observations at once.

    Positions of a stationary oscillator are a Gaussian process whose covariance is a damped cosine.
    """
    apart = np.abs(np.subtract.outer(np.arange(len(x) + steps), np.arange(len(x) + steps)))
    prior = world.variance * world.decay**apart * np.cos(frequency * apart)
    seen, coming = slice(None, len(x)), slice(len(x), None)
    inverse = np.linalg.inv(prior[seen, seen] + world.noise**2 * np.eye(len(x)))
    gain = prior[coming, seen] @ inverse
    return gain @ x, prior[coming, coming] - gain @ prior[seen, coming]


def test_the_filter_is_gaussian_regression_with_a_damped_cosine():
    drawn, world = oscillator.draw(5, 60, np.random.default_rng(0)), oscillation.DYNAMICS
    means, deviations = kalman.forecast(
        *kalman.filtered(drawn.seen, drawn.frequency, world), drawn.frequency, 40, world
    )
    for i in range(5):
        mean, covariance = regression(drawn.seen[i], drawn.frequency[i], world, 40)
        np.testing.assert_allclose(means[i], mean, atol=1e-9)
        np.testing.assert_allclose(deviations[i], np.sqrt(np.diag(covariance)), atol=1e-9)


def test_without_pushes_it_is_bayesian_regression_on_cosine_and_sine():
    rng, world, frequency = np.random.default_rng(0), kalman.Dynamics(0.1, 0.6), np.array([0.13])
    x = rng.normal(size=(1, 50))
    mean, covariance = kalman.filtered(x, frequency, world)
    angle = frequency * (np.arange(50) - 49)
    design = np.stack([np.cos(angle), -np.sin(angle)], 1)
    precision = design.T @ design / world.noise**2 + np.eye(2) / world.variance
    np.testing.assert_allclose(covariance[0], np.linalg.inv(precision), atol=1e-9)
    np.testing.assert_allclose(mean[0], np.linalg.solve(precision, design.T @ x[0] / world.noise**2))


def test_observations_that_were_not_made_widen_what_is_known():
    drawn = oscillator.draw(5, 60, np.random.default_rng(0))
    blind = drawn.seen.copy()
    blind[:, 30:] = np.nan
    _, seen = kalman.filtered(drawn.seen, drawn.frequency, oscillation.DYNAMICS)
    _, missed = kalman.filtered(blind, drawn.frequency, oscillation.DYNAMICS)
    assert (np.trace(missed, axis1=1, axis2=2) > 1.5 * np.trace(seen, axis1=1, axis2=2)).all()


class Blind:
    """A model that knows the world but has seen nothing: positions are N(0, VARIANCE) times a width of its own."""

    latent_dim = 1
    rollout = TDVAE.rollout

    def __init__(self, width: float):
        self.width, self.belief = width, self

    def encode(self, x):
        return torch.zeros(len(x), x.shape[1], 1)

    def draw(self, belief, noise):
        return self.width * oscillator.VARIANCE**0.5 * noise

    def jump(self, z, lengths, noise):
        return self.draw(None, noise)

    def decode(self, z):
        return z

    def predict(self, x, steps):
        return torch.zeros(len(x), steps, 1, 1, 1)


def test_who_knows_the_spread_covers_what_was_claimed_and_who_claims_half_of_it_does_not():
    world = oscillation.make_world(400, 1)
    honest, bold = (oscillation.measure(Blind(width), world, 0) for width in (1.0, 0.5))
    for way in ("one", "many"):
        for length in oscillator.AHEAD:
            assert honest[f"{way}_68_{length}"] == pytest.approx(68, abs=7)
            assert honest[f"{way}_95_{length}"] == pytest.approx(95, abs=4)
            assert bold[f"{way}_68_{length}"] < 50
            assert bold[f"{way}_crps_{length}"] > honest[f"{way}_crps_{length}"] > honest[f"kalman_crps_{length}"]


def test_the_filter_covers_what_it_claims_and_a_forecast_without_spread_costs_its_absolute_error():
    world = oscillation.make_world(1000, 2)
    figures = oscillation.measure(Blind(1.0), world, 0)
    for place, length in enumerate(oscillator.AHEAD):
        assert figures[f"kalman_68_{length}"] == pytest.approx(68, abs=4)
        assert figures[f"kalman_95_{length}"] == pytest.approx(95, abs=2)
        assert figures[f"predictor_crps_{length}"] == pytest.approx(np.abs(world.coming[:, place]).mean())


def test_one_jump_and_many_of_one_step_are_timed_for_every_length():
    times = oscillation.milliseconds(Blind(1.0), oscillation.make_world(1, 1), 0, repeats=1)
    assert {way: len(each) for way, each in times.items()} == {"one": 4, "many": 4}
    assert min(min(each) for each in times.values()) >= 0
