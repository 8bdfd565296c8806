"""The pictures that models of one's own bring with them, by the name of their set.

The app knows a set as TITLE_DIGEST, of the pictures' own digest: models of the same pictures share it, and no two sets
do. It is entered when a checkpoint is read that brings it.
"""

import io
import json
import re
from functools import cache
from typing import NamedTuple

import numpy as np
from PIL import Image

from explorer.data import contact_sheet
from explorer.data.picture_set import PictureSet

COLUMNS = 25  # of the sheet of pictures, as of the sets that ship with the app
ATLAS_COLUMNS, TILE = 100, 28  # and of the small ones for maps
LONGEST_TITLE = 60


class OwnSamples(NamedTuple):
    """What is known of a set."""

    title: str
    pictures: PictureSet


SETS: dict[str, OwnSamples] = {}


def name_of(title: str, digest: str) -> str:
    """The name of a set: what a link and an address can hold of its title, and eight digits of the digest."""
    stem = re.sub("[^a-z0-9]+", "_", title.lower())[:LONGEST_TITLE].strip("_")
    return f"{stem if stem[:1].isalpha() else f'own_{stem}'.strip('_')}_{digest[:8]}"


def enter(name: str, samples: OwnSamples) -> None:
    """Make a set known; one that is known already stays, for its name says what is in it."""
    for array in samples.pictures[:2]:
        array.flags.writeable = False
    SETS.setdefault(name, samples)


def notes(name: str) -> bytes:
    """What the page has to know of a set beside its pictures, as JSON."""
    pictures, labels, class_names, *_ = SETS[name].pictures
    _, channels, side, _ = pictures.shape
    said = {"channels": channels, "side": side, "class_names": class_names, "labels": labels.tolist()}
    return json.dumps(said).encode()


@cache
def sheet(name: str) -> bytes:
    """The pictures of a set row by row, as a PNG."""
    return png(SETS[name].pictures.pictures, COLUMNS)


@cache
def atlas_sheet(name: str) -> bytes:
    """The small pictures of a set row by row, as a PNG."""
    return png(tiles(name), ATLAS_COLUMNS)


@cache
def tiles(name: str) -> np.ndarray:
    """Pictures (N, C, 28, 28) for the dots of a map, each pixel the mean of those it covers."""
    pictures = SETS[name].pictures.pictures
    return pictures if pictures.shape[-1] == TILE else contact_sheet.thumbnails(pictures, TILE)


def png(pictures: np.ndarray, columns: int) -> bytes:
    """A contact sheet of pictures (N, C, H, W); what is missing in the last row is black."""
    full = np.zeros((-(-len(pictures) // columns) * columns, *pictures.shape[1:]), np.uint8)
    full[: len(pictures)] = pictures
    file = io.BytesIO()
    sheet = contact_sheet.paste(full, columns)
    Image.fromarray(sheet.squeeze(2) if sheet.shape[2] == 1 else sheet).save(file, "PNG")
    return file.getvalue()
