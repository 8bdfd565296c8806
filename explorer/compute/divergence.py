"""Forward against reverse KL: one Gaussian fitted to two bumps."""

import numpy as np

BUMPS = (-2.0, 2.0)  # means of the target's two halves
WIDTH = 0.6  # their deviation
GRID = np.linspace(-10, 10, 2001)


def normal_density(x: np.ndarray, mean: float, deviation: float) -> np.ndarray:
    """Density of N(mean, deviation²) at x."""
    return np.exp(-0.5 * np.square((x - mean) / deviation)) / (deviation * np.sqrt(2 * np.pi))


def target(x: np.ndarray) -> np.ndarray:
    """Density of the two bumps, p(x)."""
    left, right = (normal_density(x, mean, WIDTH) for mean in BUMPS)
    return (left + right) / 2


def divergence(p: np.ndarray, q: np.ndarray, step: float) -> float:
    """KL(p‖q) in nats of two densities sampled on a grid with that step."""
    # Where p underflows its part is 0; where only q does, a floor keeps the logarithm finite.
    floor = np.finfo(float).tiny
    return float(np.sum(p * (np.log(np.maximum(p, floor)) - np.log(np.maximum(q, floor)))) * step)


def forward_and_reverse(mean: float, deviation: float) -> tuple[float, float]:
    """KL(p‖q), which punishes missing a bump, and KL(q‖p), which punishes covering the gap; q is the Gaussian."""
    step = GRID[1] - GRID[0]
    p, q = target(GRID), normal_density(GRID, mean, deviation)
    return divergence(p, q, step), divergence(q, p, step)
