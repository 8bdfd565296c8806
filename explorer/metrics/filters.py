"""What the filters of a first layer look like, as numbers."""

import numpy as np

THRESHOLD = 0.25  # of a filter's peak: what lies below belongs to no region


def locality(filters: np.ndarray) -> float:
    """Share of a filter's energy within its largest connected region of one sign, averaged over the filters.

    Arguments:
        filters: With shape (D, H, W).

    Returns:
        In [0, 1]; white noise is near 0, a single stroke near 1.
    """
    return float(np.mean([largest_region(one) for one in filters]))


def largest_region(one: np.ndarray) -> float:
    """Largest share of the energy of a filter (H, W) that lies in one connected region of one sign."""
    from scipy import ndimage  # the app never needs it

    energy, shares = np.square(one), [0.0]
    for mask in (one > THRESHOLD * np.abs(one).max(), one < -THRESHOLD * np.abs(one).max()):
        regions, count = ndimage.label(mask)
        shares += list(ndimage.sum(energy, regions, range(1, count + 1)) / energy.sum())
    return max(shares)
