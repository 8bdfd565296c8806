"""Geometry of latent spaces: paths between codes, grids over the prior, distances to real codes."""

from statistics import NormalDist

import numpy as np

INACTIVE = 0.05  # nats; a dimension whose posterior is all but the prior for every picture


def linear_path(start: np.ndarray, end: np.ndarray, steps: int) -> np.ndarray:
    """Points on the straight line from start (D,) to end (D,), both included, with shape (steps, D)."""
    share = np.linspace(0, 1, steps, dtype=np.float32)[:, None]
    return (1 - share) * start + share * end


def spherical_path(start: np.ndarray, end: np.ndarray, steps: int) -> np.ndarray:
    """Points on the arc from start to end, whose length goes linearly from that of start to that of end.

    Arguments:
        start: A point with shape (D,). At the origin, or opposite to end, no arc is defined: the line is returned.
        end: A point with shape (D,).
        steps: Number of points, both ends included.

    Returns:
        float32 with shape (steps, D).

    References:
        | Sampling Generative Networks (White, 2016), section 2.1
        | https://arxiv.org/abs/1609.04468
    """
    lengths = np.linalg.norm(start), np.linalg.norm(end)
    line = linear_path(start, end, steps)
    if min(lengths) < 1e-6:
        return line
    unit_start, unit_end = start / lengths[0], end / lengths[1]
    angle = np.arccos(np.clip(unit_start @ unit_end, -1, 1))
    if np.sin(angle) < 1e-4:
        return line
    share = np.linspace(0, 1, steps, dtype=np.float32)[:, None]
    direction = (np.sin((1 - share) * angle) * unit_start + np.sin(share * angle) * unit_end) / np.sin(angle)
    return (direction * ((1 - share) * lengths[0] + share * lengths[1])).astype(np.float32)


def prior_grid(side: int) -> np.ndarray:
    """Points of the plane at the centres of side * side cells of equal probability under the standard normal.

    Returns:
        float32 with shape (side * side, 2): rows from the top (large second coordinate), columns from the left.
    """
    quantiles = [NormalDist().inv_cdf((i + 0.5) / side) for i in range(side)]
    columns, rows = np.meshgrid(quantiles, quantiles[::-1])
    return np.stack([columns.ravel(), rows.ravel()], axis=1).astype(np.float32)


def traverse(z: np.ndarray, dimensions: list[int], values: np.ndarray) -> np.ndarray:
    """Copies of z in which one dimension at a time takes each of its values.

    Arguments:
        z: A point with shape (D,).
        dimensions: The dimensions to move.
        values: Where to, with shape (len(dimensions), steps).

    Returns:
        float32 with shape (len(dimensions) * steps, D), dimension by dimension.
    """
    points = np.tile(z, (*values.shape, 1))  # (dimensions, steps, D)
    for row, dimension in enumerate(dimensions):
        points[row, :, dimension] = values[row]
    return points.reshape(-1, len(z))


def nearest_distance(points: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Euclidean distance from each point (B, D) to the nearest of the codes (N, D), with shape (B,)."""
    nearest = squared_distances(points, codes).argmin(1)
    return np.linalg.norm(points - codes[nearest], axis=1)  # without the cancellation in squared_distances


def hole_radius(codes: np.ndarray, count: int = 500) -> float:
    """95th percentile of the distance from a code to its nearest other code, over the first codes of (N, D).

    A point farther than this from every code lies where the encoder puts hardly anything: in a hole.
    """
    squared = squared_distances(codes[:count], codes)
    np.fill_diagonal(squared, np.inf)
    return float(np.sqrt(np.quantile(squared.min(1).clip(0), 0.95)))


def squared_distances(points: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Squared distances (B, N) through one matrix product; near 0 they may come out slightly negative."""
    return np.square(points).sum(1)[:, None] - 2 * points @ codes.T + np.square(codes).sum(1)


def ranges(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each dimension of the codes (N, D) mostly lies: its quantiles .5 % and 99.5 %, each with shape (D,)."""
    low, high = np.quantile(codes, [0.005, 0.995], axis=0)
    return low.astype(np.float32), high.astype(np.float32)


def view(codes: np.ndarray) -> np.ndarray:
    """Centre and half side (x, y, half) of the square that shows 98 % of the codes (N, 2) in both directions."""
    low, high = np.quantile(codes, [0.01, 0.99], axis=0)
    half = 1.08 * (high - low).max() / 2
    return np.array([*(low + high) / 2, half if half > 0 else 1.0], np.float32)  # they may all be the same


def holes(codes: np.ndarray, radius: float | np.ndarray, square: np.ndarray, side: int) -> np.ndarray:
    """Which cells of a plane lie farther than radius from every code.

    Arguments:
        codes: With shape (N, 2).
        radius: See hole_radius.
        square: Centre and half side of the plane, as view gives them.
        side: Number of cells in a row.

    Returns:
        uint8 with shape (side, side), 1 for a hole; the first row is the top of the plane.
    """
    x, y, half = square
    offsets = ((2 * np.arange(side) + 1) / side - 1) * half
    columns, rows = np.meshgrid(x + offsets, y - offsets)
    points = np.stack([columns.ravel(), rows.ravel()], axis=1).astype(np.float32)
    return (nearest_distance(points, codes) > radius).reshape(side, side).astype(np.uint8)
