"""Pictures of any folder, cut to squares of one size; folders in it are their classes."""

import sys
import warnings
from collections.abc import Set
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from explorer.data.picture_set import PictureSet, split_by

PREFIX = "folder:"
SUFFIXES = {".png", ".jpg", ".jpeg", ".jfif", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff"}
MOST_NAMED = 6  # files or endings in a sentence
LEAST_DECODED = 4  # sides of the square that a large JPEG is at least decoded to, and then shrunk


def load(folder: Path, split: str, side: int) -> PictureSet:
    """Colour pictures of one split, decided by their names and so the same on every machine.

    Files that cannot be read as pictures are skipped, and named with their count on stderr.

    Arguments:
        folder: Holds pictures, or a folder for each class; it may begin with ~.
        split: "train", "validation" (one in twenty) or "test" (one in ten).
        side: Pixels of a picture along each side.

    Raises:
        FileNotFoundError: If there is no such folder, or too few pictures in it for any of training, testing and
            the split; the message is one sentence.
    """
    folder = Path(folder).expanduser()
    check(folder, {split, "train", "test"})
    paths = in_split(find(folder), folder, split)
    return read(paths, [path.parent.relative_to(folder).as_posix() for path in paths], side)


def folder_of(data: str) -> Path:
    """The folder that "folder:DIR" names."""
    return Path(data.removeprefix(PREFIX)).expanduser()


def check(folder: Path, splits: Set[str] = frozenset({"train", "test"})) -> None:
    """Say what is wrong with a folder before anything is trained on it.

    Raises:
        FileNotFoundError: If it is not there, or one of the splits has no picture that can be read.
    """
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is a file, not a folder." if folder.exists() else f"{folder} is not there.")
    paths = find(folder)
    if not paths:
        raise FileNotFoundError(f"{folder} holds no pictures: {others(folder)}.")
    if not any(map(is_readable, paths)):
        raise FileNotFoundError(f"None of the pictures in {folder} can be read: {listed(paths)}.")
    for split in sorted(splits):
        if not any(map(is_readable, in_split(paths, folder, split))):
            raise FileNotFoundError(
                f"{folder} has too few pictures for a split named {split}: put more there. By their names one in ten "
                "is a test picture and one in twenty a validation picture."
            )


def find(folder: Path) -> list[Path]:
    """Every picture below a folder, in the order of names."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())


def in_split(paths: list[Path], folder: Path, split: str) -> list[Path]:
    return [path for path in paths if split_by(path.relative_to(folder).as_posix()) == split]


def others(folder: Path) -> str:
    """What a folder without pictures holds."""
    endings = sorted({path.suffix.lower() or "nothing" for path in folder.rglob("*") if path.is_file()})
    if not endings:
        return "it is empty"
    return f"its files end in {', '.join(endings[:MOST_NAMED])}, and {', '.join(sorted(SUFFIXES))} are read"


def read(paths: list[Path], classes: list[str], side: int) -> PictureSet:
    """The pictures of files, labelled by the classes given for each of them; what cannot be read is skipped."""
    pictures, kept, skipped = [], [], []
    for path, name in zip(paths, classes, strict=True):
        try:
            pictures.append(square(path, side))
            kept.append(name)
        except Exception:  # a damaged file makes Pillow's decoders raise anything
            skipped.append(path)
    if not pictures:
        raise FileNotFoundError(f"None of these files can be read as a picture: {listed(paths)}.")
    if skipped:
        say(f"{len(skipped)} of {len(paths)} files cannot be read as pictures and are skipped: {listed(skipped)}.")
    names = tuple(sorted(set(kept)))
    return PictureSet(np.stack(pictures), np.array([names.index(name) for name in kept]), names)


def is_readable(path: Path) -> bool:
    try:
        square(path, side=1)
    except Exception:  # as in read
        return False
    return True


def listed(paths: list[Path]) -> str:
    more = f" and {len(paths) - MOST_NAMED} more" if len(paths) > MOST_NAMED else ""
    return ", ".join(str(path) for path in paths[:MOST_NAMED]) + more


@cache
def say(sentence: str) -> None:
    """Once, however often a folder is read."""
    print(sentence, file=sys.stderr)


def square(path: Path, side: int) -> np.ndarray:
    """The middle of a picture, upright, as uint8 (3, side, side), on white where it is transparent."""
    # From an open file, for Pillow maps a path's into memory and mixes up the rows of a turned grey TIFF.
    with warnings.catch_warnings(action="ignore"), path.open("rb") as file, Image.open(file) as picture:
        picture.draft(None, (LEAST_DECODED * side, LEAST_DECODED * side))
        upright = ImageOps.exif_transpose(eight_bits(picture))
    rgba = upright.convert("RGBA")
    on_white = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    fitted = ImageOps.fit(on_white, (side, side), Image.Resampling.LANCZOS)
    return np.asarray(fitted).transpose(2, 0, 1)


def eight_bits(picture: Image.Image) -> Image.Image:
    """Sixteen bits of grey, whose white is 65535, as eight; Pillow would clip them at 255.

    Raises:
        ValueError: If the pixels are floats, of which nobody says what is white.
    """
    if picture.mode == "F":
        raise ValueError("The pixels are floats.")
    if not picture.mode.startswith("I"):
        return picture
    grey = Image.fromarray(np.rint(np.asarray(picture).clip(0, 65535) / 257).astype(np.uint8))
    grey.info["exif"] = picture.getexif().tobytes()
    return grey
