"""Pictures as the page takes them."""

import numpy as np


def to_bytes(x: np.ndarray) -> np.ndarray:
    """Pixels from [0, 1] to 0 … 255, rounded; what lies outside is clipped."""
    return np.rint(np.clip(x, 0, 1) * 255).astype(np.uint8)
