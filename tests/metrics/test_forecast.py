"""Scores of forecasts against the integral that defines them."""

import numpy as np
import pytest
from scipy.stats import norm

from explorer.metrics import forecast

GRID = np.linspace(-12, 12, 48_001)


def integral(distribution: np.ndarray, truth: float) -> float:
    """CRPS of a distribution function over GRID, as it is defined."""
    return np.trapezoid(np.square(distribution - (truth <= GRID)), GRID)


@pytest.mark.parametrize(("mean", "deviation", "truth"), [(0, 1, 0), (0.3, 0.2, 1.1), (-1, 2, 3), (2, 0.05, 1.9)])
def test_the_closed_form_is_the_integral_for_a_gaussian(mean, deviation, truth):
    score = forecast.gaussian_crps(*(np.array([float(value)]) for value in (mean, deviation, truth)))
    assert score[0] == pytest.approx(integral(norm.cdf(GRID, mean, deviation), truth), abs=1e-3)


def test_the_score_of_samples_is_the_integral_but_for_the_bias_of_their_number():
    rng = np.random.default_rng(0)
    samples, truth = rng.normal(size=(6, 9)), rng.normal(size=6)
    scores = forecast.sample_crps(samples, truth)
    for x, y, score in zip(samples, truth, scores, strict=True):
        steps = (x[:, None] <= GRID).mean(0)
        pairs = np.abs(x[:, None] - x).sum()  # the integral counts each sample as its own neighbour
        assert score == pytest.approx(integral(steps, y) + pairs / (2 * 9**2) - pairs / (2 * 9 * 8), abs=1e-3)


def test_few_samples_score_on_average_as_the_distribution_they_are_drawn_from():
    rng = np.random.default_rng(1)
    scores = forecast.sample_crps(rng.normal(size=(40_000, 3)), np.full(40_000, 0.7))
    exact = forecast.gaussian_crps(np.zeros(1), np.ones(1), np.array([0.7]))[0]
    assert scores.mean() == pytest.approx(exact, abs=0.01)


def test_what_is_drawn_like_the_samples_lies_as_often_within_as_is_claimed():
    rng = np.random.default_rng(2)
    place = forecast.sample_place(rng.normal(size=(20_000, 199)), rng.normal(size=20_000))
    exact = forecast.gaussian_place(np.zeros(20_000), np.ones(20_000), rng.normal(size=20_000))
    for share in forecast.COVERED:
        assert forecast.coverage(place, share) == pytest.approx(100 * share, abs=1)
        assert forecast.coverage(exact, share) == pytest.approx(100 * share, abs=1)


def test_places_of_199_samples_count_whole_shares():
    samples = np.arange(199.0)[None]
    truths = np.arange(-1, 199) + 0.5
    place = np.array([forecast.sample_place(samples, np.array([truth]))[0] for truth in truths])
    assert [forecast.coverage(place, share) for share in forecast.COVERED] == [68.0, 95.0]
