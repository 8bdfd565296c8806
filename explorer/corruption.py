"""A picture spoilt on request: the kinds models are trained on, and blocks."""

from typing import Any

import numpy as np

from explorer.nn.corruption import NORMAL, UNIFORM, masking
from explorer.question import one_of

BLOCK = 7  # pixels on a side
LABELS = {"masking": "masking", "gaussian": "Gaussian", "salt_and_pepper": "salt and pepper", "blocks": "blocks"}


def corrupt(x: np.ndarray, kind: Any, level: float, seed: int) -> np.ndarray:
    """A corruption of pictures, the same for the same seed.

    Arguments:
        x: In [0, 1], with shape (B, C, H, W).
        kind: A key of LABELS.
        level: Share of the pixels (or blocks) in [0, 1], or the deviation of Gaussian noise.
        seed: Of the draws.

    Returns:
        float32 with the same shape; Gaussian noise may leave [0, 1].

    Raises:
        Refused: If there is no such kind.
    """
    kind, rng = one_of(kind, LABELS, "The corruption"), np.random.default_rng(seed)
    if kind in UNIFORM:
        return UNIFORM[kind](x, rng.random(x.shape, np.float32), level)
    if kind in NORMAL:
        return NORMAL[kind](x, rng.standard_normal(x.shape, np.float32), level)
    return masking(x, blocks(rng, x.shape), level)


def blocks(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Uniform draws with that shape, the same over each square of BLOCK pixels."""
    *batch, height, width = shape
    draws = rng.random((*batch, -(-height // BLOCK), -(-width // BLOCK)), np.float32)
    return draws.repeat(BLOCK, axis=-2).repeat(BLOCK, axis=-1)[..., :height, :width]
