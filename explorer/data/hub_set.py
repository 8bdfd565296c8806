"""Picture sets of the Hugging Face Hub, by its own library, which is not installed unless somebody wants it."""

from typing import Any

import numpy as np

from explorer.data.array_file import Arrays

MOST = 200_000  # pictures


def read(name: str) -> Arrays:
    """The pictures of a set and their classes; its test split, if it has one, is the test set here too.

    Arguments:
        name: OWNER/NAME, or the folder or kind of set that load_dataset takes.

    Raises:
        ValueError: With one sentence, if the library or the set is missing, or the set is not of pictures.
    """
    try:
        import datasets
    except ImportError as error:
        raise ValueError("Sets of the Hub need the library datasets: `pip install datasets`.") from error
    try:
        splits = dict(datasets.load_dataset(name))
    except Exception as error:  # of its own kinds, of the network's and the disk's
        raise ValueError(f"hf:{name} could not be loaded: {str(error).partition(chr(10))[0].strip(' .')}.") from error
    parts = [splits["train"]] if "train" in splits else [part for key, part in splits.items() if key != "test"]
    held_out = len(splits["test"]) if "test" in splits and parts else 0
    parts += [splits["test"]] if "test" in splits else []
    where, features = f"hf:{name}", parts[0].features
    image = column(features, "Image")
    if image is None:
        raise ValueError(f"{where} has no column of pictures: there are {', '.join(features)}.")
    if sum(map(len, parts)) > MOST:
        raise ValueError(f"{where} holds {sum(map(len, parts)):,} pictures; at most {MOST:,} are read.")
    pictures = same_size([row[image] for part in parts for row in part.select_columns([image])])
    label = column(features, "ClassLabel")
    if label is None:
        return Arrays(where, pictures, np.zeros(len(pictures), np.int64), (), held_out)
    labels = np.concatenate([np.asarray(part[label]) for part in parts]).astype(np.int64)
    return Arrays(where, pictures, labels.clip(0), tuple(features[label].names), held_out)


def column(features: Any, kind: str) -> str | None:
    """The first column of a kind."""
    return next((name for name, feature in features.items() if type(feature).__name__ == kind), None)


def same_size(pictures: list[Any]) -> np.ndarray:
    """Pictures (N, H, W, 3) of Pillow's of many sizes: each is cut to a square of the largest side that all have."""
    from PIL import Image, ImageOps

    side = min(min(picture.size) for picture in pictures)
    fit = (ImageOps.fit(picture.convert("RGB"), (side, side), Image.Resampling.LANCZOS) for picture in pictures)
    return np.stack([np.asarray(one) for one in fit])
