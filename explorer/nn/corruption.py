"""Ways to spoil a picture, each a function of the picture, of fresh noise and of a level.

They are arithmetic only, so they serve arrays and tensors alike.
"""

from typing import Any


def masking(x: Any, uniform: Any, level: float) -> Any:
    """A share of the pixels set to 0.

    Arguments:
        x: Pictures in [0, 1].
        uniform: Draws from [0, 1) with the same shape.
        level: The share, in [0, 1].
    """
    return x * (uniform >= level)


def salt_and_pepper(x: Any, uniform: Any, level: float) -> Any:
    """A share of the pixels set to 0 or to 1 by a fair coin; arguments as in masking."""
    return x * (uniform >= level) + (uniform < level / 2)


def gaussian(x: Any, normal: Any, level: float) -> Any:
    """Noise of that standard deviation added; pixels may leave [0, 1], as in training.

    Arguments:
        x: Pictures in [0, 1].
        normal: Draws from N(0, 1) with the same shape.
        level: The deviation.
    """
    return x + level * normal


UNIFORM = {"masking": masking, "salt_and_pepper": salt_and_pepper}
NORMAL = {"gaussian": gaussian}
KINDS = (*UNIFORM, *NORMAL)
