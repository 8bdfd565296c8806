"""What can be known of an oscillator of known frequency: a Kalman filter, the bound for those that learn.

Its state is (A cos θ, A sin θ). At each step it turns by the frequency, shrinks by a factor and is pushed by chance;
seen is its first number.
"""

from typing import NamedTuple

import numpy as np


class Dynamics(NamedTuple):
    """What the filter knows of the world besides the frequency."""

    noise: float  # deviation of an observation
    variance: float  # of each number of the state before any observation, where its mean is 0
    process: float = 0.0  # deviation of the push that each number of the state gets at a step
    decay: float = 1.0  # factor of the state at a step


def filtered(x: np.ndarray, frequency: np.ndarray, world: Dynamics) -> tuple[np.ndarray, np.ndarray]:
    """State at the last observation.

    Arguments:
        x: Observations with shape (B, T); NaN is one that was not made.
        frequency: Radians a step, with shape (B,).
        world: What else is known.

    Returns:
        Means (B, 2) and covariances (B, 2, 2).

    References:
        | A New Approach to Linear Filtering and Prediction Problems (Kalman, 1960)
    """
    mean, covariance = np.zeros((len(x), 2)), np.tile(world.variance * np.eye(2), (len(x), 1, 1))
    for step in range(x.shape[1]):
        if step:
            mean, covariance = ahead(mean, covariance, frequency, 1, world)
        seen = ~np.isnan(x[:, step])
        gain = covariance[:, :, 0] / (covariance[:, :1, 0] + world.noise**2) * seen[:, None]
        mean = mean + gain * np.where(seen, x[:, step] - mean[:, 0], 0)[:, None]
        covariance = covariance - gain[:, :, None] * covariance[:, None, 0]
    return mean, covariance


def forecast(
    mean: np.ndarray, covariance: np.ndarray, frequency: np.ndarray, steps: int, world: Dynamics
) -> tuple[np.ndarray, np.ndarray]:
    """What follows: means and deviations, each (B, steps), of the signal itself, without the noise it is seen through.

    Arguments:
        mean: Of the state at the last observation, with shape (B, 2).
        covariance: Of the same, with shape (B, 2, 2).
        frequency: Radians a step, with shape (B,).
        steps: How many, from the one after the last observation on.
        world: What else is known.
    """
    means, deviations = [], []
    for step in range(1, steps + 1):
        there, spread = ahead(mean, covariance, frequency, step, world)
        means.append(there[:, 0])
        deviations.append(np.sqrt(spread[:, 0, 0]))
    return np.stack(means, 1), np.stack(deviations, 1)


def ahead(
    mean: np.ndarray, covariance: np.ndarray, frequency: np.ndarray, steps: int, world: Dynamics
) -> tuple[np.ndarray, np.ndarray]:
    """Means (B, 2) and covariances (B, 2, 2) that many steps later; pushes of all steps add up, each decayed since."""
    turn = world.decay**steps * rotation(frequency * steps)
    pushed = world.process**2 * (world.decay ** (2 * np.arange(steps))).sum()
    return (turn @ mean[:, :, None])[:, :, 0], turn @ covariance @ turn.transpose(0, 2, 1) + pushed * np.eye(2)


def rotation(angle: np.ndarray) -> np.ndarray:
    """Matrices (B, 2, 2) that turn by angles (B,) in radians."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], -2)
