"""Pictures moved and turned by fractions of a pixel."""

import numpy as np


def move(x: np.ndarray, dx: float, dy: float, degrees: float) -> np.ndarray:
    """Turn a picture about its centre, then shift it; black comes in from outside.

    Arguments:
        x: Picture with shape (C, H, W).
        dx: Pixels to the right.
        dy: Pixels down.
        degrees: Anticlockwise.

    Returns:
        With the same shape and type, bilinear between pixels: whole shifts are exact.
    """
    height, width = x.shape[1:]
    rows, columns = np.mgrid[:height, :width].astype(np.float64)
    right, down = columns - dx - (width - 1) / 2, rows - dy - (height - 1) / 2
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    # Where each pixel comes from: the turn taken back, with rows counted downwards.
    return sample(x, sin * right + cos * down + (height - 1) / 2, cos * right - sin * down + (width - 1) / 2)


def sample(x: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Values (C, ...) of a picture (C, H, W) at fractional rows and columns (...); 0 outside."""
    height, width = x.shape[1:]
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    values = np.zeros((len(x), *rows.shape))
    for row, weight_of_row in ((top, top + 1 - rows), (top + 1, rows - top)):
        for column, weight_of_column in ((left, left + 1 - columns), (left + 1, columns - left)):
            inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
            corner = x[:, row.clip(0, height - 1), column.clip(0, width - 1)]
            values += inside * weight_of_row * weight_of_column * corner
    return values.astype(x.dtype)
