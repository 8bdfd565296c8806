"""Pictures of any folder, cut to squares of one size; folders in it are their classes."""

import sys
import warnings
from collections.abc import Sequence, Set
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from explorer.data.picture_set import PictureSet, split_by

SUFFIXES = {".png", ".jpg", ".jpeg", ".jfif", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff"}
MOST_NAMED = 6  # files or endings in a sentence
MOST_FILES = 2_000_000  # that are looked at: somebody may name a whole disk
LEAST_DECODED = 4  # sides of the square that a large JPEG is at least decoded to, and then shrunk


def load(folder: Path, split: str, side: int, grey: bool = False) -> PictureSet:
    """Pictures of one split, decided by their names and so the same on every machine.

    Files that cannot be read as pictures are skipped, and named with their count on stderr.

    Arguments:
        folder: Holds pictures, or a folder for each class; it may begin with ~.
        split: "train", "validation" (one in twenty) or "test" (one in ten).
        side: Pixels of a picture along each side.
        grey: Whether they are grey, with one channel, or in colour.

    Raises:
        FileNotFoundError: If there is no such folder, or too few pictures in it for any of training, testing and
            the split; the message is one sentence.
    """
    folder = Path(folder).expanduser()
    every = check(folder, {split, "train", "test"})
    names = sorted({class_of(path, folder) for path in every})
    paths = in_split(every, folder, split)
    return read(paths, [class_of(path, folder) for path in paths], side, grey, names)


def class_of(path: Path, folder: Path) -> str:
    """The name of the folder that a picture lies in."""
    parent = path.parent.relative_to(folder).as_posix()
    return folder.name if parent == "." else parent


def count(folder: Path) -> int:
    """How many pictures there are below a folder."""
    return len(check(folder, frozenset()))


def check(folder: Path, splits: Set[str] = frozenset({"train", "test"})) -> list[Path]:
    """All pictures below a folder; what is wrong with it is said before anything is trained on it.

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
    return paths


def find(folder: Path) -> list[Path]:
    """Every picture below a folder, in the order of names."""
    files = list(islice(folder.rglob("*"), MOST_FILES + 1))
    if len(files) > MOST_FILES:
        raise ValueError(f"{folder} holds more than {MOST_FILES:,} files: give the folder of the pictures alone.")
    return sorted(path for path in files if path.suffix.lower() in SUFFIXES and path.is_file())


def in_split(paths: list[Path], folder: Path, split: str) -> list[Path]:
    return [path for path in paths if split_by(path.relative_to(folder).as_posix()) == split]


def others(folder: Path) -> str:
    """What a folder without pictures holds."""
    endings = sorted({path.suffix.lower() or "nothing" for path in folder.rglob("*") if path.is_file()})
    if not endings:
        return "it is empty"
    return f"its files end in {', '.join(endings[:MOST_NAMED])}, and {', '.join(sorted(SUFFIXES))} are read"


def read(paths: list[Path], classes: list[str], side: int, grey: bool = False, names: Sequence[str] = ()) -> PictureSet:
    """The pictures of files, labelled by the classes given for each of them; what cannot be read is skipped.

    Arguments:
        paths: The files.
        classes: Of each file.
        side: Pixels of a picture along each side.
        grey: Whether they have one channel or three.
        names: All classes there are, in their order; those of these files if none are given.
    """
    from tqdm import tqdm  # not at the top: the app reads no folders

    pictures, kept, skipped = [], [], []
    for path, name in zip(tqdm(paths, "reading pictures", leave=False, delay=2, mininterval=1), classes, strict=True):
        try:
            pictures.append(square(path, side, grey))
            kept.append(name)
        except Exception:  # a damaged file makes Pillow's decoders raise anything
            skipped.append(path)
    if not pictures:
        raise FileNotFoundError(f"None of these files can be read as a picture: {listed(paths)}.")
    if skipped:
        say(f"{len(skipped)} of {len(paths)} files cannot be read as pictures and are skipped: {listed(skipped)}.")
    names = tuple(names or sorted(set(kept)))
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


def square(path: Path, side: int, grey: bool = False) -> np.ndarray:
    """The middle of a picture, upright, as uint8 (3 or 1, side, side), on white where it is transparent."""
    # From an open file, for Pillow maps a path's into memory and mixes up the rows of a turned grey TIFF.
    with warnings.catch_warnings(action="ignore"), path.open("rb") as file, Image.open(file) as picture:
        picture.draft(None, (LEAST_DECODED * side, LEAST_DECODED * side))
        upright = ImageOps.exif_transpose(eight_bits(picture))
    opaque = on_white(upright).convert("L" if grey else "RGB")
    return channels_first(ImageOps.fit(opaque, (side, side), Image.Resampling.LANCZOS))


def on_white(picture: Image.Image) -> Image.Image:
    rgba = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)


def channels_first(picture: Image.Image) -> np.ndarray:
    """The pixels (C, H, W) of a picture."""
    return np.ascontiguousarray(np.atleast_3d(np.asarray(picture)).transpose(2, 0, 1))


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
