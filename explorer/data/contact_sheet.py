"""Many small pictures as one image file, row by row."""

from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path(__file__).parent / "samples"  # where those that come with the app lie


def cut(sheet: np.ndarray, side: int) -> np.ndarray:
    """Tiles (N, C, side, side) of a contact sheet (rows * side, columns * side, C), row by row."""
    rows, columns, channels = sheet.shape[0] // side, sheet.shape[1] // side, sheet.shape[2]
    tiles = sheet.reshape(rows, side, columns, side, channels).transpose(0, 2, 4, 1, 3)
    return np.ascontiguousarray(tiles.reshape(-1, channels, side, side))


def paste(tiles: np.ndarray, columns: int) -> np.ndarray:
    """Contact sheet (rows * side, columns * side, C) of tiles (N, C, side, side); N fills whole rows."""
    count, channels, side, _ = tiles.shape
    grid = tiles.reshape(count // columns, columns, channels, side, side).transpose(0, 3, 1, 4, 2)
    return grid.reshape(count // columns * side, columns * side, channels)


def thumbnails(full: np.ndarray, side: int) -> np.ndarray:
    """Pictures (N, C, H, W) as tiles (N, C, side, side), each pixel the mean of those it covers."""
    images = (
        Image.fromarray(one.transpose(1, 2, 0).squeeze(2) if len(one) == 1 else one.transpose(1, 2, 0)) for one in full
    )
    small = [np.atleast_3d(np.asarray(image.resize((side, side), Image.Resampling.BOX))) for image in images]
    return np.stack([one.transpose(2, 0, 1) for one in small])
