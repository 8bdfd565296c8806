"""The test pictures of a set that maps show: 10,000 shipped whole as one atlas, or rendered from their numbers.

Of a set of somebody's own they are the pictures that its models bring with them.
"""

import argparse
import json
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from explorer.data import DATASETS, LOSSLESS, own_samples, rendered_sets
from explorer.data.contact_sheet import FOLDER, cut, paste, thumbnails

COLUMNS = 100
SIDE = 28  # of a tile
NAMES = tuple(name for name, data in DATASETS.items() if data.atlas)
LABELS = FOLDER / "atlas.json"


def is_known(name: str) -> bool:
    """Whether there are pictures of a set for maps."""
    return name in NAMES or name in own_samples.SETS


def size(name: str) -> int:
    """How many pictures of a set its maps show."""
    return len(own_samples.SETS[name].pictures.pictures) if name in own_samples.SETS else rendered_sets.TEST


def load(name: str) -> np.ndarray:
    """All tiles of an atlas: uint8 with shape (N, C, 28, 28), read-only.

    Of mnist and fashion they are the pictures themselves, of the other sets thumbnails.
    """
    return own_samples.tiles(name) if name in own_samples.SETS else shipped(name)


@cache
def shipped(name: str) -> np.ndarray:
    """All tiles of an atlas that ships with the app."""
    with Image.open(FOLDER / f"{name}-atlas.webp") as sheet:
        pixels = np.asarray(sheet.convert("L") if DATASETS[name].atlas is LOSSLESS else sheet)
    tiles = cut(np.atleast_3d(pixels), SIDE)
    tiles.flags.writeable = False
    return tiles


def pictures(name: str, indices: np.ndarray) -> np.ndarray:
    """Test pictures of these indices (B,) as their set has them: uint8 with shape (B, C, H, W)."""
    if name in own_samples.SETS:
        return own_samples.SETS[name].pictures.pictures[indices]
    if name in rendered_sets.WORLDS:
        return rendered_sets.scaled(rendered_sets.WORLDS[name], numbers(name)[indices])
    return load(name)[indices]


def labels(name: str) -> np.ndarray:
    """Class of each test picture, with shape (N,)."""
    return own_samples.SETS[name].pictures.labels if name in own_samples.SETS else shipped_labels(name)


@cache
def shipped_labels(name: str) -> np.ndarray:
    """Class of each test picture of a set that ships with the app, uint8 with shape (10000,)."""
    if name in rendered_sets.WORLDS:
        return rendered_sets.classes(name, numbers(name)).astype(np.uint8)
    return np.array(list(json.loads(LABELS.read_text())[name]), np.uint8)


@cache
def factors(name: str) -> np.ndarray:
    """Index of each factor's value in each test picture, uint8 with shape (N, K); K is 0 where none is known."""
    if name not in rendered_sets.WORLDS:
        return np.zeros((len(labels(name)), 0), np.uint8)
    return rendered_sets.WORLDS[name].FACTORS.to_factors(numbers(name)).astype(np.uint8)


def factor_names(name: str) -> tuple[str, ...]:
    """What the factors are called; none where none is known."""
    return rendered_sets.WORLDS[name].FACTORS.names if name in rendered_sets.WORLDS else ()


def value_names(name: str) -> dict[int, tuple[str, ...]]:
    """By the place of a factor: what its values are called, where they have names."""
    if name not in rendered_sets.WORLDS:
        return {}
    world = rendered_sets.WORLDS[name]
    return {world.FACTORS.names.index(factor): names for factor, names in world.NAMED.items()}


@cache
def numbers(name: str) -> np.ndarray:
    """Numbers of a rendered set's test pictures, with shape (10000,)."""
    return rendered_sets.test_numbers(name)


def write(name: str, root: Path) -> None:
    """Make the atlas of a set from its test split in root, and note its labels."""
    from explorer.data import sources  # torchvision takes 3 s to import, and the app never needs it

    test = sources.load(name, "test", root)
    tiles = test.pictures if test.pictures.shape[-1] == SIDE else thumbnails(test.pictures, SIDE)
    sheet = Image.fromarray(paste(tiles, COLUMNS).squeeze())
    sheet.save(FOLDER / f"{name}-atlas.webp", method=6, **DATASETS[name].atlas or {})
    if name not in rendered_sets.WORLDS:
        known = json.loads(LABELS.read_text()) if LABELS.is_file() else {}
        LABELS.write_text(json.dumps(known | {name: "".join(map(str, test.labels))}) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the atlases of test pictures in explorer/data/samples.")
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder of the datasets")
    parser.add_argument("names", nargs="*", default=NAMES, help="sets (default: all)")
    options = parser.parse_args()
    for name in options.names:
        write(name, options.data)


if __name__ == "__main__":
    main()
