"""dSprites and Shapes3D-like pictures as picture sets: every combination of their factors, in a shuffled order."""

from pathlib import Path
from types import ModuleType

import numpy as np

from explorer.data import dsprites, shapes3d
from explorer.data.picture_set import PictureSet

WORLDS: dict[str, ModuleType] = {"dsprites": dsprites, "shapes3d": shapes3d}  # each has FACTORS, SHAPES and render
TITLES = {"dsprites": "dSprites", "shapes3d": "Shapes3D-like"}
TEST = 10_000
BLOCK = 4096  # pictures rendered at a time


def load(name: str, split: str, root: Path) -> PictureSet:
    """Pictures of a rendered set, labelled by shape.

    These worlds are known completely and nothing is held out, as in the literature on them: the test set is drawn from
    the pictures that are trained on.

    Arguments:
        name: A key of WORLDS.
        split: "train", every picture once, kept as root/NAME.npy from the first time on (3 GB of dSprites, 6 GB of
            Shapes3D-like pictures); or "test", 10,000 of them.
        root: Folder of the datasets.

    Returns:
        Pictures with shape (N, 1 or 3, 64, 64); those of "train" stay on disk and are read when they are used.
    """
    world = WORLDS[name]
    indices = order(name)
    if split == "test":
        indices = indices[-TEST:]
        pictures = scaled(world, indices)
    else:
        path = Path(root) / f"{name}.npy"
        if not path.is_file():
            write(world, indices, path)
        pictures = np.load(path, mmap_mode="c")  # private, as torch wants arrays that could be written to
    return PictureSet(pictures, shapes(name, indices), world.SHAPES)


def order(name: str) -> np.ndarray:
    """Numbers of all pictures of a set, shuffled once and for all, with shape (N,)."""
    return np.random.default_rng(0).permutation(len(WORLDS[name].FACTORS))


def shapes(name: str, indices: np.ndarray) -> np.ndarray:
    """Index of the shape, int64 with shape (N,), in pictures of these numbers."""
    factors = WORLDS[name].FACTORS
    return factors.to_factors(indices)[:, factors.names.index("shape")]


def scaled(world: ModuleType, indices: np.ndarray) -> np.ndarray:
    """Pictures of these numbers from 0 to 255; dSprites are rendered as 0 and 1."""
    pictures = world.render(indices)
    return pictures * np.uint8(255) if world is dsprites else pictures


def write(world: ModuleType, indices: np.ndarray, path: Path) -> None:
    """Write pictures of these numbers as one array, under its name only once it is complete."""
    partial = path.with_suffix(".partial")
    path.parent.mkdir(parents=True, exist_ok=True)
    shape = (len(indices), *scaled(world, indices[:1]).shape[1:])
    pictures = np.lib.format.open_memmap(partial, "w+", np.uint8, shape)
    for start in range(0, len(indices), BLOCK):
        pictures[start : start + BLOCK] = scaled(world, indices[start : start + BLOCK])
    pictures.flush()
    partial.rename(path)
