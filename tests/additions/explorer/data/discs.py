"""Discs of three sizes anywhere in the picture: drawn, not downloaded."""

from pathlib import Path

import numpy as np

from explorer.data.picture_set import PictureSet

SIDE = 28
RADII = (3, 5, 7)
SIZES = {"train": 3_000, "test": 600}
SEEDS = {"train": 1, "test": 2}


def load(name: str, split: str, root: Path) -> PictureSet:
    """All discs of one split, by size; nothing is read from root."""
    rng = np.random.default_rng(SEEDS[split])
    labels = rng.integers(0, len(RADII), SIZES[split])
    centres = rng.uniform(8, SIDE - 8, (SIZES[split], 2))
    rows, columns = np.mgrid[:SIDE, :SIDE]
    distance = np.hypot(rows - centres[:, 0, None, None], columns - centres[:, 1, None, None])
    ink = (np.array(RADII)[labels, None, None] + 0.5 - distance).clip(0, 1)
    return PictureSet((255 * ink).astype(np.uint8)[:, None], labels, ("small", "middle", "large"))
