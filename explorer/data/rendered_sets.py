"""dSprites, Shapes3D-like pictures and faces as picture sets, which are rendered from their factors."""

import math
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import numpy as np

from explorer.data import dsprites, faces, shapes3d
from explorer.data.picture_set import PictureSet

# Each has FACTORS, render, and NAMED: the names of the values of some factors, of which the first is the class.
WORLDS: dict[str, ModuleType] = {"dsprites": dsprites, "shapes3d": shapes3d, "faces": faces}
TEST = 10_000
BLOCK = 4096  # pictures rendered at a time


def load(name: str, split: str, root: Path) -> PictureSet:
    """Pictures of a rendered set, labelled by shape, faces by their hair.

    dSprites and Shapes3D-like pictures are known completely and nothing is held out, as in the literature on them: the
    test set is drawn from the pictures that are trained on. Faces are 40,000 with continuous factors, and the test set
    is of combinations that are not among them.

    Arguments:
        name: A key of WORLDS.
        split: "train", kept as root/NAME.npy from the first time on (3 GB of dSprites, 6 GB of Shapes3D-like pictures,
            .5 GB of faces); or "test", 10,000 pictures.
        root: Folder of the datasets.

    Returns:
        Pictures with shape (N, 1 or 3, 64, 64); those of "train" stay on disk and are read when they are used.
    """
    world = WORLDS[name]
    if split == "test":
        pictures, labels = scaled(world, test_numbers(name)), classes(name, test_numbers(name))
    else:
        path = Path(root) / f"{name}.npy"
        if not path.is_file():
            write(*source(name), path)
        pictures = read(path)
        labels = faces.training()[:, 0].astype(int) if world is faces else classes(name, order(name))
    return PictureSet(pictures, labels, next(iter(world.NAMED.values())))


def read(path: Path) -> np.ndarray:
    """Pictures that stay on disk and are read when they are used.

    Raises:
        ValueError: If the file is damaged.
    """
    try:
        return np.load(path, mmap_mode="c")  # private, as torch wants arrays that could be written to
    except (ValueError, EOFError) as error:
        raise ValueError(f"{path} is damaged: delete it, and its pictures are rendered again.") from error


def test_numbers(name: str) -> np.ndarray:
    """Numbers of the test pictures of a set, with shape (10000,)."""
    return faces.test_numbers(TEST) if WORLDS[name] is faces else order(name)[-TEST:]


def scored_sizes(name: str) -> tuple[int, ...]:
    """Number of values of each factor that scores tell apart: of the faces' continuous ones only a few."""
    world = WORLDS[name]
    return world.SCORED if world is faces else world.FACTORS.sizes


def order(name: str) -> np.ndarray:
    """Numbers of all pictures of a set that is known completely, shuffled once and for all, with shape (N,)."""
    return np.random.default_rng(0).permutation(len(WORLDS[name].FACTORS))


def classes(name: str, indices: np.ndarray) -> np.ndarray:
    """Index of the class, int64 with shape (N,), in pictures of these numbers."""
    world = WORLDS[name]
    return world.FACTORS.to_factors(indices)[:, world.FACTORS.names.index(next(iter(world.NAMED)))]


def scaled(world: ModuleType, indices: np.ndarray) -> np.ndarray:
    """Pictures of these numbers from 0 to 255; dSprites are rendered as 0 and 1."""
    pictures = world.render(indices)
    return pictures * np.uint8(255) if world is dsprites else pictures


def source(name: str) -> tuple[Callable[[np.ndarray], np.ndarray], np.ndarray]:
    """What draws the training pictures of a set, and what it draws them from, one entry or row for each."""
    world = WORLDS[name]
    return (faces.draw, faces.training()) if world is faces else (partial(scaled, world), order(name))


def write(render: Callable[[np.ndarray], np.ndarray], drawn: np.ndarray, path: Path) -> None:
    """Write the pictures rendered of an array's entries as one array, under its name only once it is complete.

    Raises:
        ValueError: If the disk has no room for it; a process that finds out while it writes is killed.
    """
    partial_path = path.with_suffix(".partial")
    path.parent.mkdir(parents=True, exist_ok=True)
    shape = (len(drawn), *render(drawn[:1]).shape[1:])
    if shutil.disk_usage(path.parent).free < math.prod(shape):
        raise ValueError(f"{path} takes {math.prod(shape) / 1e9:.1f} GB, and its disk has not so much room.")
    pictures = np.lib.format.open_memmap(partial_path, "w+", np.uint8, shape)
    for start in range(0, len(drawn), BLOCK):
        pictures[start : start + BLOCK] = render(drawn[start : start + BLOCK])
    pictures.flush()
    partial_path.rename(path)
