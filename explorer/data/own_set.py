"""Pictures of one's own, for any family to be trained on: of a folder, a file of arrays, or a set of the Hub."""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

from explorer.data import array_file, hub_set, image_folder
from explorer.data.picture_set import PictureSet

FOLDER, FILE, HUB = "folder:", "file:", "hf:"
KINDS = (FOLDER, FILE, HUB)
SIDE = 64  # pixels along each side, of pictures that come in many sizes
LARGEST_SIDE = 256
LEAST = 20  # pictures: one in ten is to be a test picture
MOST_BYTES = 4_000_000_000  # of all pictures as they are trained on, which are held in memory


class OwnSet(NamedTuple):
    """Where pictures come from, and what they are made into. As a text it is the name of the set in a recipe.

    Arguments:
        kind: One of KINDS.
        place: The folder or file, or the name of a set on the Hub.
        side: Pixels along each side; 0 leaves arrays as they are.
        grey: Whether colours are turned into grey.
    """

    kind: str
    place: str
    side: int = SIDE
    grey: bool = False

    @property
    def title(self) -> str:
        """What the set is called, and its checkpoint unless that is given a name."""
        title = Path(self.place).name
        return re.sub(r"(\.gz|\.npz|\.npy|[-.]idx3-ubyte)+$", "", title) if self.kind == FILE else title

    def __str__(self) -> str:
        return f"{self.kind}{self.place}@{self.side}{'-grey' * self.grey}"


def is_own(name: str) -> bool:
    return name.startswith(KINDS)


def parse(name: str) -> OwnSet:
    """The set that a recipe names; of an older recipe, which names the folder alone, it is in colour."""
    kind = next(kind for kind in KINDS if name.startswith(kind))
    place, side, grey = re.fullmatch(r"(.*?)(?:@(\d+)(-grey)?)?", name[len(kind) :], re.DOTALL).groups()  # type: ignore[union-attr]
    return OwnSet(kind, place, int(side) if side else SIDE, bool(grey))


def asked_for(data: str, side: int | None, grey: bool) -> OwnSet | None:
    """The set that a person names; None if it is the folder of the sets that have recipes.

    Arguments:
        data: "folder:DIR", "hf:NAME", or the path of a .npz, .npy or idx file.
        side: Pixels along each side, if that was said; arrays otherwise stay as they are.
        grey: Whether colours are turned into grey.
    """
    if data.startswith(HUB):
        return OwnSet(HUB, data.removeprefix(HUB), side or SIDE, grey)
    if data.startswith(FOLDER):
        return OwnSet(FOLDER, str(Path(data.removeprefix(FOLDER)).expanduser().resolve()), side or SIDE, grey)
    path = Path(data.removeprefix(FILE)).expanduser()
    if data.startswith(FILE) or path.is_file() or array_file.is_named_as_one(path):
        return OwnSet(FILE, str(path.resolve()), side or 0, grey)
    return None


@lru_cache(maxsize=3)  # training and measuring ask for each split several times
def load(name: str, split: str) -> PictureSet:
    """Pictures of one split, the same on every machine, with their classes.

    Arguments:
        name: See OwnSet.
        split: "train", "validation" (one in twenty) or "test" (one in ten).

    Raises:
        FileNotFoundError, ValueError: With one sentence on what is missing or cannot be read.
    """
    data = in_order(parse(name), split)
    # Files come class by class, and some figures are of the first of them.
    shuffled = np.random.default_rng(0).permutation(len(data.pictures))
    return data._replace(pictures=data.pictures[shuffled], labels=data.labels[shuffled])


def in_order(own: OwnSet, split: str) -> PictureSet:
    """Pictures of one split in the order of their source."""
    if own.kind == FOLDER:
        check_size(image_folder.count(Path(own.place)), own.place, own)
        return image_folder.load(Path(own.place), split, own.side, own.grey)
    arrays = array_file.read(Path(own.place)) if own.kind == FILE else hub_set.read(own.place)
    where = arrays.where
    check_size(len(arrays.pictures), where, own, arrays.pictures.shape[1:])
    chosen = arrays.of_split(split)
    if not len(chosen):
        raise ValueError(f"{where} has no pictures for a split named {split}.")
    pictures = np.stack([fitted(one, own, where) for one in array_file.eight_bits(arrays.pictures, chosen, where)])
    return PictureSet(pictures, arrays.labels[chosen], arrays.class_names or (own.title,))


def check_size(count: int, where: str, own: OwnSet, shape: tuple[int, ...] = ()) -> None:
    """That there are enough pictures to learn from, and not more than the memory takes.

    Raises:
        ValueError: If there are not.
    """
    if count < LEAST:
        raise ValueError(
            f"{where} holds {count} picture{'s' * (count != 1)}; at least {LEAST} are needed to learn from."
        )
    if own.side > LARGEST_SIDE:
        raise ValueError(f"Pictures have at most {LARGEST_SIDE} pixels a side, not {own.side}.")
    side = own.side or max(shape, default=SIDE)
    size = count * side * side * (1 if own.grey else 3)
    if size > MOST_BYTES:
        raise ValueError(
            f"{where} holds {count:,} pictures, {size / 1e9:,.1f} GB at {side} × {side}: more than the "
            f"{MOST_BYTES / 1e9:,.0f} GB that are read. Give a smaller --side, --grey, or fewer pictures."
        )


def fitted(picture: np.ndarray, own: OwnSet, where: str) -> np.ndarray:
    """A picture (H, W, C) as (C, side, side): its middle, of the size and in the colours that were asked for.

    Raises:
        ValueError: If it is to stay as it is, and is no square of a size that models take.
    """
    height, width, channels = picture.shape
    side = own.side or height
    if not own.side and (height != width or height > LARGEST_SIDE):
        raise ValueError(f"The pictures of {where} are {height} × {width}: give the --side of squares to make of them.")
    if (height, width) == (side, side) and (channels == 1 or (channels == 3 and not own.grey)):
        return picture.transpose(2, 0, 1)
    image = image_folder.on_white(Image.fromarray(picture.squeeze(2) if channels == 1 else picture))
    image = image.convert("L" if own.grey or channels == 1 else "RGB")
    return image_folder.channels_first(ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS))
