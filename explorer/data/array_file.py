"""Pictures in a file of arrays: .npz and .npy as NumPy writes them, and idx files as MNIST's are."""

import gzip
import math
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from explorer.data.picture_set import MOST_CLASSES, split_at

PICTURES = ("x", "images", "pictures", "imgs", "data", "arr_0")  # names in a .npz, in the order they are looked for
LABELS = ("y", "labels", "targets", "label", "arr_1")
CLASS_NAMES = ("class_names", "classes")
MOST_BYTES = 16_000_000_000  # of a file; beyond, it would take minutes to find out that it does not fit
BYTES = 0x08  # the only kind of numbers that pictures have in an idx file


class Arrays(NamedTuple):
    """What a source holds.

    Arguments:
        where: What a sentence calls it.
        pictures: (N, H, W, C) of any kind of numbers.
        labels: Classes (N,), from 0 on.
        class_names: What they are called; none where there are no classes.
        held_out: How many of the last pictures are the test pictures, where the source says so.
    """

    where: str
    pictures: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]
    held_out: int = 0

    def of_split(self, split: str) -> np.ndarray:
        """Indices of the pictures of a split: by their numbers, but for test pictures that are set apart."""
        learnt = len(self.pictures) - self.held_out
        numbers = np.arange(learnt)
        if not self.held_out:
            return numbers[split_at(numbers) == split]
        if split == "test":
            return np.arange(learnt, len(self.pictures))
        is_validation = split_at(numbers) == "validation"
        return numbers[is_validation if split == "validation" else ~is_validation]


def is_named_as_one(path: Path) -> bool:
    return path.suffix in (".npz", ".npy") or "idx3-ubyte" in path.name


def read(path: Path) -> Arrays:
    """The pictures of a file, and their classes where it, or a file beside it, holds them.

    Raises:
        FileNotFoundError, ValueError: With one sentence.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path} is {'a folder, not a file' if path.exists() else 'not there'}.")
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(
            f"{path} has {path.stat().st_size / 1e9:,.1f} GB; at most {MOST_BYTES / 1e9:,.0f} GB are read."
        )
    try:
        parts = from_npz(path) if path.suffix == ".npz" else from_npy(path) if path.suffix == ".npy" else from_idx(path)
    except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, OSError, KeyError) as error:
        raise ValueError(f"{path} is damaged, or of another kind than its name says.") from error
    return arranged(str(path), *parts)


def from_npz(path: Path) -> tuple[Any, Any, Any, int]:
    """Pictures, labels, names of classes, and how many of the last pictures are for testing.

    Keras' keys x_train, y_train, x_test, y_test are read as well.
    """
    with open_safely(path) as file:
        names, held_out = {name.lower(): name for name in file.files}, 0
        if {"x_train", "x_test"} <= names.keys():
            pictures, test = (loaded(file, names[key], path) for key in ("x_train", "x_test"))
            labels = None
            if {"y_train", "y_test"} <= names.keys():
                labels = np.concatenate([loaded(file, names[key], path).ravel() for key in ("y_train", "y_test")])
            if pictures.shape[1:] != test.shape[1:]:
                raise ValueError(f"{path}: x_train and x_test hold pictures of two sizes.")
            pictures, held_out = np.concatenate([pictures, test]), len(test)
        else:
            key = first(PICTURES, names) or largest(file)
            pictures = loaded(file, key, path)
            labelled = first(LABELS, {name: full for name, full in names.items() if full != key})
            labels = loaded(file, labelled, path) if labelled else None
        classes = first(CLASS_NAMES, names)
        said = loaded(file, classes, path) if classes else None
    return pictures, labels, said, held_out


def from_npy(path: Path) -> tuple[Any, Any, Any, int]:
    """The one array of a file; its labels lie beside it as NAME-labels.npy or NAME_labels.npy, if anywhere."""
    beside = [path.with_name(f"{path.stem}{sign}labels.npy") for sign in "-_"]
    labels = next((open_safely(one) for one in beside if one.is_file()), None)
    return open_safely(path), labels, None, 0


def from_idx(path: Path) -> tuple[Any, Any, Any, int]:
    """Pictures of an idx file, packed with gzip or not; labels, and test pictures named t10k, are looked for beside."""
    pictures, labels = idx(path), labels_beside(path)
    test_path = path.with_name(path.name.replace("train", "t10k"))
    if test_path == path or not test_path.is_file():
        return pictures, labels, None, 0
    test, test_labels = idx(test_path), labels_beside(test_path)
    if test.shape[1:] != pictures.shape[1:]:
        raise ValueError(f"{path} and {test_path.name} hold pictures of two sizes.")
    both = None if labels is None or test_labels is None else np.concatenate([labels, test_labels])
    return np.concatenate([pictures, test]), both, None, len(test)


def labels_beside(path: Path) -> np.ndarray | None:
    beside = path.with_name(path.name.replace("images-idx3", "labels-idx1"))
    return idx(beside) if beside != path and beside.is_file() else None


def idx(path: Path) -> np.ndarray:
    """The array of an idx file: two zeros, the kind of numbers, how many sizes, the sizes, the numbers."""
    data = path.read_bytes()
    data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    if data[:2] != b"\0\0" or len(data) < 4 or data[2] != BYTES:
        raise ValueError(f"{path} is no idx file of bytes, and neither .npz nor .npy.")
    begin = 4 + 4 * data[3]
    sizes = [int.from_bytes(data[at : at + 4]) for at in range(4, begin, 4)]
    if len(data) != begin + math.prod(sizes):
        raise ValueError(f"{path} is not as long as it says of itself.")
    return np.frombuffer(data, np.uint8, offset=begin).reshape(sizes)


def open_safely(path: Path) -> Any:
    """What NumPy reads of a file, which is left on the disk until it is used; nothing that could run code."""
    try:
        return np.load(path, allow_pickle=False, mmap_mode="r" if path.suffix == ".npy" else None)
    except ValueError as error:
        raise ValueError(unread(path, error)) from error


def loaded(file: Any, key: str, path: Path) -> np.ndarray:
    try:
        return np.asarray(file[key])
    except ValueError as error:
        raise ValueError(unread(path, error)) from error


def unread(path: Path, error: ValueError) -> str:
    if any(word in str(error) for word in ("pickle", "Python objects")):
        return f"{path} holds pickled objects, which could run any code and are not read: save plain arrays of numbers."
    return f"{path} is damaged, or of another kind than its name says."


def first(names: tuple[str, ...], there: dict[str, str]) -> str | None:
    return next((there[name] for name in names if name in there), None)


def largest(file: Any) -> str:
    """The array that can only be pictures, since no name says so."""
    shapes = {key: file[key].shape for key in file.files}
    fit = [key for key, shape in shapes.items() if len(shape) in (3, 4)]
    if len(fit) != 1:
        described = ", ".join(f"{key} {' × '.join(map(str, shape))}" for key, shape in list(shapes.items())[:6])
        raise ValueError(f"No array is named as pictures are, {', '.join(PICTURES)}: there are {described or 'none'}.")
    return fit[0]


def arranged(where: str, pictures: Any, labels: Any, names: Any, held_out: int) -> Arrays:
    """Pictures with channels last, and classes from 0 on.

    Raises:
        ValueError: If they are no pictures, or labels do not fit them.
    """
    shape = " × ".join(map(str, pictures.shape))
    if pictures.ndim == 3:
        pictures = pictures[..., None]
    elif pictures.ndim == 4 and pictures.shape[3] not in (1, 3, 4) and pictures.shape[1] in (1, 3, 4):
        pictures = pictures.transpose(0, 2, 3, 1)
    if pictures.ndim != 4 or pictures.shape[3] not in (1, 3, 4) or not all(pictures.shape):
        raise ValueError(
            f"{where} holds an array of {shape or 'one number'}; pictures are N × height × width, with 1, 3 or 4 "
            "channels."
        )
    if labels is None:
        return Arrays(where, pictures, np.zeros(len(pictures), np.int64), (), held_out)
    labels = np.asarray(labels)
    if labels.ndim == 2 and 1 < labels.shape[1] <= MOST_CLASSES:  # one-hot
        labels = labels.argmax(1)
    labels = labels.ravel()
    if len(labels) != len(pictures):
        raise ValueError(f"{where} has {len(pictures):,} pictures and {len(labels):,} labels.")
    values, numbers = np.unique(labels, return_inverse=True)
    if len(values) > MOST_CLASSES:
        raise ValueError(
            f"{where} has {len(values):,} different labels; at most {MOST_CLASSES:,} classes are told apart."
        )
    return Arrays(where, pictures, numbers.astype(np.int64), called(values, names, where), held_out)


def called(values: np.ndarray, names: Any, where: str) -> tuple[str, ...]:
    """What classes of these labels are called."""
    if names is None:
        return tuple(map(str, values.tolist()))
    names = [str(name) for name in np.asarray(names).ravel().tolist()]
    if values.dtype.kind not in "iu" or values.min() < 0 or values.max() >= len(names):
        raise ValueError(
            f"{where} names {len(names)} classes, and its labels are not numbers from 0 to {len(names) - 1}."
        )
    return tuple(names[value] for value in values)


def eight_bits(pictures: np.ndarray, chosen: np.ndarray, where: str) -> np.ndarray:
    """Some of the pictures, from 0 to 255, of numbers that mean the same: from 0 to 1, or to 255.

    Raises:
        ValueError: If they are from elsewhere to elsewhere.
    """
    if pictures.dtype == np.uint8:
        return pictures[chosen]
    if pictures.dtype.kind not in "biuf":
        raise ValueError(f"{where} holds {pictures.dtype} in place of numbers.")
    low, high = float(pictures.min()), float(pictures.max())  # NaN if there is one
    if not (low >= 0 and high <= 255):
        raise ValueError(f"The pixels of {where} are from {low:g} to {high:g}; they have to be from 0 to 1, or to 255.")
    scale = 255 if high <= 1 else 1
    return np.rint(pictures[chosen].astype(np.float32) * scale).astype(np.uint8)
