"""How many units two pictures share."""

import numpy as np


def jaccard(spoken: np.ndarray) -> np.ndarray:
    """Units that speak for both of two pictures, as a share of those that speak for either.

    Arguments:
        spoken: Which units speak, boolean with shape (N, D).

    Returns:
        Symmetric, in [0, 1], with shape (N, N); 0 where nothing speaks.
    """
    spoken = spoken.astype(np.float32)
    shared, sizes = spoken @ spoken.T, spoken.sum(1)
    return shared / np.maximum(sizes[:, None] + sizes - shared, 1)
