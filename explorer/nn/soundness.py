"""What a model gives are numbers to go on with, or it is damaged."""

from typing import Any

LARGEST = 1e12  # its square is still a number in single precision


def is_sound(x: Any) -> bool:
    """Whether floats, an array or a tensor with at least one of them, are neither NaN nor nearly infinite."""
    return float(abs(x).max()) < LARGEST
