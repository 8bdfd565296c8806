"""What maps are drawn from: planes, codes and pictures of the 10,000 test pictures of each checkpoint."""

import threading
from functools import lru_cache

import numpy as np
from PIL import Image

from explorer import projection
from explorer.checkpoint import MAP
from explorer.data import atlas
from explorer.pool import Pool

BLOCK = 1000  # pictures encoded at a time: others' questions are answered in between
FLAT = 64  # models whose flat planes stay in memory: 80 kB each
KEPT = 3  # models whose codes stay in memory: 40 MB each of a thousand units
ENCODING = threading.Lock()


def names(pool: Pool) -> list[str]:
    """Checkpoints that have a map, and whose pictures are shipped for one."""
    return [
        name
        for name, config in pool.configs.items()
        if config["data"] in atlas.NAMES and (pool.root / name / MAP).is_file()
    ]


def plane(pool: Pool, name: str, kind: str) -> np.ndarray:
    """Where the test pictures lie, (N, 2): "umap", or "flat", the first two principal components.

    Of a two-dimensional code the flat plane is the code itself.
    """
    return pool.map(name)["umap"] if kind == "umap" else flat(pool, name)


@lru_cache(maxsize=FLAT)
def flat(pool: Pool, name: str) -> np.ndarray:
    """The flat plane (N, 2): made when first asked for, within a second or two of encoding the pictures."""
    z = codes(pool, name)
    return z if z.shape[1] == 2 else projection.principal_plane(z)


def codes(pool: Pool, name: str) -> np.ndarray:
    """Codes of the test pictures, float32 with shape (N, D): kept with the map, or encoded when first asked for."""
    kept = pool.map(name).get("codes")
    if kept is not None:
        return kept
    with ENCODING:  # who asks for the same codes meanwhile waits for them
        return encoded(pool, name)


@lru_cache(maxsize=KEPT)
def encoded(pool: Pool, name: str) -> np.ndarray:
    """Codes (N, D) of all pictures of an atlas."""
    tiles = atlas.load(pool.config(name)["data"])
    blocks = (tiles[start : start + BLOCK].astype(np.float32) / 255 for start in range(0, len(tiles), BLOCK))
    return np.concatenate([pool.compute(name, lambda model, x: model.encode(x), block) for block in blocks])


def mean_picture(data: str, chosen: np.ndarray, side: int) -> np.ndarray:
    """Mean of test pictures of a set, (C, side, side) from 0 to 255; of rendered ones it is made from their thumbnails.

    To render thousands of pictures would take seconds, and the mean of many has no fine detail.
    """
    mean = atlas.load(data)[chosen].mean(0, dtype=np.float32)
    if mean.shape[-1] == side:
        return mean
    channels = (Image.fromarray(channel).resize((side, side), Image.Resampling.BILINEAR) for channel in mean)
    return np.stack([np.asarray(channel) for channel in channels])
