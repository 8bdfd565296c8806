"""A picture spoilt on request: the kinds models are trained on, and blocks."""

import numpy as np

from explorer.nn import corruption

LABELS = {"masking": "masking", "gaussian": "Gaussian", "salt_and_pepper": "salt & pepper", "blocks": "blocks"}
SHARE, DEVIATION = "share of pixels", "standard deviation"
UNITS = {"masking": SHARE, "gaussian": DEVIATION, "salt_and_pepper": SHARE, "blocks": "share of blocks"}  # of a level


def corrupt(x: np.ndarray, kind: str, level: float, seed: int) -> np.ndarray:
    """A corruption of pictures, the same for the same seed.

    Arguments:
        x: In [0, 1], with shape (B, C, H, W).
        kind: A key of LABELS.
        level: Share of the pixels (or blocks) in [0, 1], or the standard deviation of Gaussian noise.
        seed: Of the draws.

    Returns:
        float32 with the same shape; Gaussian noise may leave [0, 1].
    """
    return corruption.draw(x, kind, level, np.random.default_rng(seed))
