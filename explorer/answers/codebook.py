"""What the codes of a VQ-VAE stand for: their tiles, and their places in real pictures.

Of each level a checkpoint keeps the tiles of its codes, uint8 (K, 3, 8, 8), and its codes of the shipped pictures.
"""

import numpy as np

from explorer.answers.common import Answer
from explorer.data import sample_sheets
from explorer.serve.pool import Pool
from explorer.serve.question import one_of

UNUSED = 0.35  # contrast that is left of the tile of a code that no test picture uses
PATCHES = 24  # shown of a code
PICTURES = 8  # shown with the places of a code
DIM = 0.3  # brightness that is left of a picture outside a code's places
ORDERS = {"use": "most used first", "similarity": "similar ones together", "index": "by number"}


def atlas(pool: Pool, checkpoint: str, order: str, level: str = "") -> Answer:
    """Every code of a level: tiles (K, 3, 8, 8) in an order, numbers (K,) and shares of the test set's cells in %.

    Arguments:
        pool: The checkpoints.
        checkpoint: A model with a codebook.
        order: A key of ORDERS.
        level: "top_" or "bottom_" where there are two.
    """
    tiles = pool.codes(checkpoint)[f"{level}tiles"]
    use = np.array(pool.profile(checkpoint, f"{level}use"))
    numbers = {
        "use": np.argsort(-use, kind="stable"),
        "similarity": np.array(pool.profile(checkpoint, f"{level}by_similarity")),
        "index": np.arange(len(use)),
    }[one_of(order, ORDERS, "The order")]
    shown = np.where(use[:, None, None, None] > 0, tiles, faded(tiles))
    return {
        "tiles": shown[numbers],
        "numbers": numbers.astype(np.float32),
        "shares": (100 * use / use.sum())[numbers].astype(np.float32),
    }


def faded(tiles: np.ndarray) -> np.ndarray:
    """Tiles (K, 3, h, w) in grey, with little contrast: of codes that are dead."""
    grey = tiles.mean((1, 2, 3), keepdims=True)
    return np.broadcast_to(128 + UNUSED * (grey - 128), tiles.shape).astype(np.uint8)


def homes(pool: Pool, checkpoint: str, code: int) -> Answer:
    """Where a code lives in the shipped pictures.

    Returns:
        patches, cells with half a cell around them, uint8 (PATCHES, 3, 2 c, 2 c), black where there are fewer;
        homes, the pictures with most of its cells, dimmed but for these, and home_x, the same pictures as they are,
        uint8 (PICTURES, 3, H, W); home_count, all its cells there.
    """
    pictures = sample_sheets.load(pool.config(checkpoint).data).pictures
    codes = pool.codes(checkpoint)["shipped"]
    lives = codes == code  # (N, h, w)
    cell = pictures.shape[-1] // codes.shape[-1]
    most = np.argsort(-lives.sum((1, 2)), kind="stable")[:PICTURES]
    bright = lives[most].repeat(cell, 1).repeat(cell, 2)[:, None]
    return {
        "patches": cut(pictures, np.argwhere(lives), cell),
        "homes": np.where(bright, pictures[most], DIM * pictures[most]).astype(np.uint8),
        "home_x": pictures[most],
        "home_count": np.float32(lives.sum()),
    }


def cut(pictures: np.ndarray, places: np.ndarray, cell: int) -> np.ndarray:
    """Up to PATCHES cells with half a cell around them, spread over places (M, 3) as picture, row and column."""
    chosen = places[np.linspace(0, len(places) - 1, min(PATCHES, len(places))).astype(int)] if len(places) else places
    half = cell // 2
    padded = np.pad(pictures, ((0, 0), (0, 0), (half, half), (half, half)), mode="edge")
    patches = np.zeros((PATCHES, pictures.shape[1], 2 * cell, 2 * cell), np.uint8)
    for patch, (picture, row, column) in zip(patches, chosen, strict=False):
        patch[:] = padded[picture, :, row * cell : (row + 2) * cell, column * cell : (column + 2) * cell]
    return patches
