"""What every source of pictures gives."""

from typing import NamedTuple

import numpy as np


class PictureSet(NamedTuple):
    """Pictures held in memory, with their labels."""

    pictures: np.ndarray  # uint8, (N, C, H, W)
    labels: np.ndarray  # int64, (N,)
    class_names: tuple[str, ...]
