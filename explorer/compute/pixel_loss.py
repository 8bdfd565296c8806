"""Two losses of one pixel: what they cost, and how they pull on the unit in front of a sigmoid."""

from typing import NamedTuple

import numpy as np

GRID = np.linspace(0.005, 0.995, 199)  # values of x̂ that a curve is drawn over; at 0 and 1 cross-entropy is infinite


class PixelLoss(NamedTuple):
    """Arrays of the shape of x̂."""

    squared: np.ndarray  # (x − x̂)²
    entropy: np.ndarray  # −x log x̂ − (1 − x) log(1 − x̂), in nats
    squared_slope: np.ndarray  # of both after a, where x̂ = sigmoid(a)
    entropy_slope: np.ndarray


def pixel_loss(x: float, x_hat: np.ndarray) -> PixelLoss:
    """Squared error and cross-entropy of a pixel that a sigmoid gives.

    Arguments:
        x: The pixel, in [0, 1].
        x_hat: What is made of it, of any shape, in (0, 1).
    """
    missing = x_hat - x
    entropy = -x * np.log(x_hat) - (1 - x) * np.log1p(-x_hat)
    return PixelLoss(np.square(missing), entropy, 2 * missing * x_hat * (1 - x_hat), missing)
