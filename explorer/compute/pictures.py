"""Pictures as the page takes them."""

import numpy as np


def to_bytes(x: np.ndarray) -> np.ndarray:
    """Pixels from [0, 1] to 0 … 255, rounded; what lies outside is clipped, what is no number black."""
    return np.rint(np.minimum(np.fmax(x, 0), 1) * 255).astype(np.uint8)


def signed_to_bytes(x: np.ndarray) -> np.ndarray:
    """Signed pictures (B, ...), each scaled by its own largest size: 0 becomes mid-grey, extremes black or white."""
    largest = np.abs(x).max(axis=tuple(range(1, x.ndim)), keepdims=True)
    return to_bytes(0.5 + 0.5 * x / np.maximum(largest, 1e-12))
