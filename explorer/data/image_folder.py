"""Pictures of any folder, cut to squares of one size; folders in it are their classes."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from explorer.data.picture_set import PictureSet, split_by

PREFIX = "folder:"
SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"}


def load(folder: Path, split: str, side: int) -> PictureSet:
    """Colour pictures of one split, decided by their names and so the same on every machine.

    Arguments:
        folder: Holds pictures, or a folder for each class.
        split: "train", "validation" (one in twenty) or "test" (one in ten).
        side: Pixels of a picture along each side.

    Raises:
        FileNotFoundError: If a split has no picture.
    """
    paths = [path for path in find(folder) if split_by(path.relative_to(folder).as_posix()) == split]
    if not paths:
        raise FileNotFoundError(f"{folder} has too few pictures for a split named {split}.")
    return read(paths, [path.parent.relative_to(folder).as_posix() for path in paths], side)


def find(folder: Path) -> list[Path]:
    """Every picture below a folder, in the order of names."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def read(paths: list[Path], classes: list[str], side: int) -> PictureSet:
    """The pictures of files, labelled by the classes given for each of them."""
    names = tuple(sorted(set(classes)))
    pictures = np.stack([square(path, side) for path in paths])
    return PictureSet(pictures, np.array([names.index(name) for name in classes]), names)


def square(path: Path, side: int) -> np.ndarray:
    """The middle of a picture as uint8 (3, side, side), on white where it is transparent."""
    with Image.open(path) as picture:
        if picture.mode == "RGB" and picture.size == (side, side):
            return np.asarray(picture).transpose(2, 0, 1)
        rgba = ImageOps.exif_transpose(picture).convert("RGBA")
    on_white = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    fitted = ImageOps.fit(on_white, (side, side), Image.Resampling.LANCZOS)
    return np.asarray(fitted).transpose(2, 0, 1)
