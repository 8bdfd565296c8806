"""How many units two pictures share."""

import numpy as np


def jaccard(active: np.ndarray) -> np.ndarray:
    """Units that are active for both of two pictures, as a share of those that are active for either.

    Arguments:
        active: Which units are active, boolean with shape (N, D).

    Returns:
        Symmetric, in [0, 1], with shape (N, N); 0 where nothing is active.
    """
    active = active.astype(np.float32)
    shared, sizes = active @ active.T, active.sum(1)
    return shared / np.maximum(sizes[:, None] + sizes - shared, 1)
