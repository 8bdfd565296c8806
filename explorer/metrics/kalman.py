"""What can be known of an oscillator of known frequency: a Kalman filter, the bound for those that learn.

Its state is (A cos θ, A sin θ), which turns by the frequency at each step and is seen in its first number.
"""

import numpy as np


def filtered(x: np.ndarray, frequency: np.ndarray, noise: float, variance: float) -> tuple[np.ndarray, np.ndarray]:
    """State at the last observation.

    Arguments:
        x: Observations with shape (B, T); NaN is one that was not made.
        frequency: Radians a step, with shape (B,).
        noise: Deviation of an observation.
        variance: Of each number of the state before any observation, where its mean is 0.

    Returns:
        Means (B, 2) and covariances (B, 2, 2).

    References:
        | A New Approach to Linear Filtering and Prediction Problems (Kalman, 1960)
    """
    turn, mean, covariance = rotation(frequency), np.zeros((len(x), 2)), np.tile(variance * np.eye(2), (len(x), 1, 1))
    for step in range(x.shape[1]):
        if step:
            mean, covariance = ahead(mean, frequency, 1), turn @ covariance @ turn.transpose(0, 2, 1)
        seen = ~np.isnan(x[:, step])
        gain = covariance[:, :, 0] / (covariance[:, :1, 0] + noise**2) * seen[:, None]
        mean = mean + gain * np.where(seen, x[:, step] - mean[:, 0], 0)[:, None]
        covariance = covariance - gain[:, :, None] * covariance[:, None, 0]
    return mean, covariance


def forecast(
    mean: np.ndarray, covariance: np.ndarray, frequency: np.ndarray, steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """What follows: means and deviations, each (B, steps), of the signal itself, without the noise it is seen through.

    Arguments:
        mean: Of the state at the last observation, with shape (B, 2).
        covariance: Of the same, with shape (B, 2, 2).
        frequency: Radians a step, with shape (B,).
        steps: How many, from the one after the last observation on.
    """
    angles = frequency[:, None] * np.arange(1, steps + 1)
    seen = np.stack([np.cos(angles), -np.sin(angles)], -1)  # (B, steps, 2): the first row of the turn
    variance = np.einsum("bsi,bij,bsj->bs", seen, covariance, seen)
    return np.einsum("bsi,bi->bs", seen, mean), np.sqrt(variance)


def ahead(state: np.ndarray, frequency: np.ndarray, steps: float) -> np.ndarray:
    """States (B, 2) that many steps later."""
    return (rotation(frequency * steps) @ state[:, :, None])[:, :, 0]


def rotation(angle: np.ndarray) -> np.ndarray:
    """Matrices (B, 2, 2) that turn by angles (B,) in radians."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], -2)
