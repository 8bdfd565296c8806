"""The test pictures of each set that ship with the app, read from one contact sheet, or come with a checkpoint."""

import argparse
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from explorer.data import DATASETS, own_samples
from explorer.data.contact_sheet import FOLDER, cut, paste
from explorer.data.picture_set import PictureSet

COLUMNS = 25
SHIPPED = tuple(name for name, data in DATASETS.items() if data.shipped)


def load(name: str) -> PictureSet:
    """The shipped pictures of a set: uint8 with shape (N, C, H, W), read-only.

    Arguments:
        name: Stem of a sheet in samples/, or a set that a checkpoint brought.
    """
    return own_samples.SETS[name].pictures if name in own_samples.SETS else read(name)


@cache
def read(name: str) -> PictureSet:
    """The pictures of a sheet in samples/."""
    noted = notes(name)
    with Image.open(FOLDER / f"{name}.png") as sheet:
        pixels = np.atleast_3d(np.asarray(sheet))
    pictures = cut(pixels, noted["side"])[: len(noted["labels"])]
    labels = np.array(noted["labels"])
    pictures.flags.writeable = labels.flags.writeable = False
    return PictureSet(pictures, labels, tuple(noted["class_names"]))


@cache
def notes(name: str) -> dict[str, Any]:
    """What is noted beside a sheet."""
    return json.loads((FOLDER / f"{name}.json").read_text())


def shape(name: str) -> tuple[int, int, int] | None:
    """Channels, height and width of the pictures of a set; None where none of it are shipped."""
    if name in own_samples.SETS:
        _, *sizes = own_samples.SETS[name].pictures.pictures.shape
        return sizes[0], sizes[1], sizes[2]
    if name not in SHIPPED:
        return None
    noted = notes(name)
    return noted["channels"], noted["side"], noted["side"]


def title(name: str) -> str:
    """What a set is called on the page; one's own is told from one of the app's that has the same title."""
    if name not in own_samples.SETS:
        return DATASETS[name].title
    own = own_samples.SETS[name].title
    return f"{own} (own)" if own in {data.title for data in DATASETS.values()} else own


def class_names(name: str) -> tuple[str, ...]:
    """What the classes of a set are called; none where no pictures of it are shipped."""
    if name in own_samples.SETS:
        return own_samples.SETS[name].pictures.class_names
    return tuple(notes(name)["class_names"]) if name in SHIPPED else ()


def choose(labels: np.ndarray, per_class: int) -> np.ndarray:
    """Indices of the first per_class pictures of each class, in the order of the set."""
    return np.sort(np.concatenate([np.flatnonzero(labels == label)[:per_class] for label in np.unique(labels)]))


def write(name: str, root: Path) -> None:
    """Make the sheet and the JSON of a set from its test split in root."""
    from explorer.data import rendered_sets, sources  # torchvision takes 3 s to import, and the app never needs it

    test = sources.load(name, "test", root)
    chosen = choose(test.labels, DATASETS[name].shipped)
    notes = {
        "channels": test.pictures.shape[1],
        "side": test.pictures.shape[-1],
        "class_names": test.class_names,
        "labels": test.labels[chosen].tolist(),
        "indices": chosen.tolist(),
    }
    if name in rendered_sets.WORLDS:
        factors = rendered_sets.WORLDS[name].FACTORS
        numbers = rendered_sets.test_numbers(name)[chosen]
        notes |= {"factor_names": factors.names, "factors": factors.to_factors(numbers).tolist()}
    sheet = paste(test.pictures[chosen], COLUMNS)
    Image.fromarray(sheet.squeeze()).save(FOLDER / f"{name}.png", optimize=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(notes) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the contact sheets in explorer/data/samples.")
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder of the datasets")
    parser.add_argument("names", nargs="*", default=SHIPPED, help="sets (default: all)")
    options = parser.parse_args()
    for name in options.names:
        write(name, options.data)


if __name__ == "__main__":
    main()
