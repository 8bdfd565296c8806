"""How a codebook is used."""

import numpy as np


def counts(codes: np.ndarray, num_codes: int) -> np.ndarray:
    """How often each code occurs, int64 with shape (K,), in codes of any shape."""
    return np.bincount(codes.ravel(), minlength=num_codes)


def entropy(use: np.ndarray) -> float:
    """Nats of one code drawn as often as these counts (K,) say; its exponential is the perplexity."""
    shares = use[use > 0] / use.sum()
    return float(-(shares * np.log(shares)).sum())
