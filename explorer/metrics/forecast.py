"""How good a forecast is that says how sure it is: its score against what came, and how often what came lay within."""

from math import erf, pi, sqrt

import numpy as np

COVERED = (0.68, 0.95)  # shares that a forecast's central intervals claim to hold


def sample_crps(samples: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score of forecasts given as samples, without bias by their number; less is better.

    It is E|X - y| - E|X - X'| / 2 with X and X' drawn from the forecast: in the unit of y, and for a forecast without
    spread the absolute error. The second mean is over pairs of different samples; sorted ones give it in one sum.

    Arguments:
        samples: With shape (N, M), M at least 2.
        truth: What came, with shape (N,).

    Returns:
        Scores (N,).

    References:
        | Strictly Proper Scoring Rules, Prediction, and Estimation (Gneiting & Raftery, 2007), equation 21
        | Estimation of the Continuous Ranked Probability Score (Zamo & Naveau, 2018)
    """
    count = samples.shape[1]
    weights = 2 * np.arange(count) - count + 1
    apart = (np.sort(samples, 1) * weights).sum(1) / (count * (count - 1))
    return np.abs(samples - truth[:, None]).mean(1) - apart


def gaussian_crps(mean: np.ndarray, deviation: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """The same score of forecasts N(mean, deviation²), in closed form; all arguments have shape (N,)."""
    z = (truth - mean) / deviation
    below = np.array([0.5 * (1 + erf(value / sqrt(2))) for value in z])
    return deviation * (z * (2 * below - 1) + 2 * np.exp(-np.square(z) / 2) / sqrt(2 * pi) - 1 / sqrt(pi))


def sample_place(samples: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Share (N,) of a forecast below what came: evenly spread over 0 to 1 where samples and truth are drawn alike."""
    return ((samples < truth[:, None]).sum(1) + 0.5) / (samples.shape[1] + 1)


def gaussian_place(mean: np.ndarray, deviation: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """The same of forecasts N(mean, deviation²)."""
    return np.array([0.5 * (1 + erf(value / sqrt(2))) for value in (truth - mean) / deviation])


def coverage(place: np.ndarray, share: float) -> float:
    """How many in a hundred lay within the central interval that claims to hold a share of them."""
    return float(100 * (np.abs(place - 0.5) <= share / 2).mean())
