"""Ways to spoil a picture, each a function of the picture, of fresh noise and of a level.

They are arithmetic only, so they serve arrays and tensors alike.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np


def masking(x: Any, uniform: Any, level: Any) -> Any:
    """A share of the pixels set to 0.

    Arguments:
        x: Pictures in [0, 1].
        uniform: Draws from [0, 1) with the same shape.
        level: The share, in [0, 1]: a number, or one for each picture.
    """
    return x * (uniform >= level)


def salt_and_pepper(x: Any, uniform: Any, level: Any) -> Any:
    """A share of the pixels set to 0 or to 1 by a fair coin; arguments as in masking."""
    return x * (uniform >= level) + (uniform < level / 2)


def gaussian(x: Any, normal: Any, level: Any) -> Any:
    """Noise of that standard deviation added; pixels may leave [0, 1], as in training.

    Arguments:
        x: Pictures in [0, 1].
        normal: Draws from N(0, 1) with the same shape.
        level: The standard deviation: a number, or one for each picture.
    """
    return x + level * normal


def draw(x: np.ndarray, kind: str, level: float, rng: np.random.Generator) -> np.ndarray:
    """Pictures (B, C, H, W) spoilt in one way: a key of UNIFORM or NORMAL, or BLOCKS."""
    if kind in UNIFORM:
        return UNIFORM[kind](x, rng.random(x.shape, np.float32), level)
    if kind in NORMAL:
        return NORMAL[kind](x, rng.standard_normal(x.shape, np.float32), level)
    return masking(x, tiled(rng.random(grid(x.shape), np.float32), *x.shape[-2:]), level)


def tiled(draws: Any, height: int, width: int) -> Any:
    """Draws (..., rows, columns), each repeated over a square of BLOCK pixels and cut to height and width.

    As the noise of masking they black out whole squares.
    """
    every = (np.arange(side) // BLOCK for side in (height, width))
    return draws[..., next(every), :][..., next(every)]


def grid(shape: Sequence[int]) -> tuple[int, ...]:
    """Shape of the draws that `tiled` spreads over pictures of this shape."""
    *batch, height, width = shape
    return (*batch, -(-height // BLOCK), -(-width // BLOCK))


BLOCKS = "blocks"
BLOCK = 7  # pixels on a side
UNIFORM = {"masking": masking, "salt_and_pepper": salt_and_pepper}
NORMAL = {"gaussian": gaussian}
ANY = "any"  # each picture has a kind and a strength of its own
KINDS = (*UNIFORM, *NORMAL, ANY)
