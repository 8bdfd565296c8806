"""What maps are drawn from: planes, codes and pictures of the 10,000 test pictures of each checkpoint.

What a checkpoint does not keep itself is made once and then lies in a cache folder: the codes of all models would fill
half a gigabyte of memory.
"""

import contextlib
import os
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors import SafetensorError, safe_open

from explorer.checkpoint import MAP
from explorer.compute import projection
from explorer.data import atlas
from explorer.serve.pool import Pool

BLOCK = 1000  # pictures encoded at a time: others' questions are answered in between
NO_POINTS = ("vq_vae", "vq_vae_2", "td_vae")  # families whose codes are grids or of sequences
MOST_KEPT = 1_000_000_000  # bytes in the cache folder; the models that ship come to 634 million
OPEN = 16  # files: codes and their lengths for eight models
MAKING: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)


def names(pool: Pool) -> list[str]:
    """Checkpoints that have a map, and whose pictures are shipped for one."""
    return [
        name
        for name, config in pool.configs.items()
        if atlas.is_known(config.data) and config.family not in NO_POINTS and name in pool.mapped
    ]


def plane(pool: Pool, name: str, kind: str) -> np.ndarray:
    """Where the test pictures lie, (N, 2): "umap", or "flat", the first two principal components.

    Of a two-dimensional code the flat plane is the code itself.
    """
    return pool.map(name)["umap"] if kind == "umap" else flat(pool, name)


def flat(pool: Pool, name: str) -> np.ndarray:
    """The flat plane (N, 2)."""

    def make() -> np.ndarray:
        z = codes(pool, name)
        return z if z.shape[1] == 2 else projection.principal_plane(z)

    return made_once(cached(pool, name, "flat"), make)


def codes(pool: Pool, name: str) -> np.ndarray:
    """Codes of the test pictures, float32 with shape (N, D): kept with the map, or in the cache folder."""
    kept = pool.map(name).get("codes")
    return kept if kept is not None else made_once(cached(pool, name, "codes"), lambda: encoded(pool, name))


def nearest(pool: Pool, name: str, code: np.ndarray, count: int) -> np.ndarray:
    """Indices of the test pictures whose codes lie nearest to a code (D,), the nearest first."""
    z = codes(pool, name)
    lengths = made_once(cached(pool, name, "lengths"), lambda: projection.square_lengths(z))
    return projection.nearest(code, z, lengths, count)


def is_ready(pool: Pool, name: str, kind: str = "codes") -> bool:
    """Whether codes or the flat plane are there without a second's work; this takes no time and waits for nobody."""
    return cached(pool, name, kind).is_file() or (kind == "codes" and keeps_codes(pool.folder(name) / MAP))


@cache
def keeps_codes(path: Path) -> bool:
    """Whether codes lie in a checkpoint's file of maps."""
    try:
        with safe_open(path, "numpy") as file:
            return "codes" in file.keys()  # noqa: SIM118
    except (OSError, SafetensorError):
        return False


def encoded(pool: Pool, name: str) -> np.ndarray:
    """Codes (N, D) of all pictures of a map."""
    data = pool.config(name).data
    numbers = np.array_split(np.arange(atlas.size(data)), -(-atlas.size(data) // BLOCK))
    blocks = (atlas.pictures(data, some).astype(np.float32) / 255 for some in numbers)
    return np.concatenate([pool.run(name, "encode", x=block)["z"] for block in blocks])


def cached(pool: Pool, name: str, kind: str) -> Path:
    """Where something made of a model lies: another model of the same name has another place."""
    config = pool.config(name)
    return cache_folder() / f"{config.weights_sha256}-{config.data}-{kind}.npy"


@cache
def cache_folder() -> Path:
    """A folder to write into: the user's own cache, or else one for as long as the machine runs."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for folder in (home / "latent-explorer", Path(tempfile.gettempdir()) / "latent-explorer"):
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return folder
    return Path(tempfile.mkdtemp(prefix="latent-explorer-"))


def made_once(path: Path, make: Callable[[], np.ndarray]) -> np.ndarray:
    """An array that lies in a file, mapped into memory; whoever asks for it while it is made waits for that."""
    with contextlib.suppress(OSError, ValueError, EOFError):
        return opened(path)
    with MAKING[path]:
        with contextlib.suppress(OSError, ValueError, EOFError):
            return opened(path)
        array = np.ascontiguousarray(make(), np.float32)
        with contextlib.suppress(OSError):  # on a full disk it is made again next time
            write(path, array)
            forget_oldest(path.parent, MOST_KEPT)
        return array


@lru_cache(OPEN)
def opened(path: Path) -> np.ndarray:
    """An array of a file, mapped into memory: to map the codes of a model anew takes as long as to search them."""
    return np.load(path, mmap_mode="r")


def write(path: Path, array: np.ndarray) -> None:
    """Write an array under its name only once it is complete."""
    partial = path.with_suffix(f".{os.getpid()}.npy")
    try:
        np.save(partial, array)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def forget_oldest(folder: Path, most: int) -> None:
    """Remove what was made first, which may be of models that are no more, until the arrays of a folder fit into it.

    Arguments:
        folder: The cache folder.
        most: Bytes that they may have together.
    """
    found = [(file, file.stat()) for file in folder.glob("*.npy")]
    room = most
    for file, status in sorted(found, key=lambda one: one[1].st_mtime_ns, reverse=True):
        room -= status.st_size
        if room < 0:
            file.unlink(missing_ok=True)


def mean_picture(data: str, chosen: np.ndarray, side: int) -> np.ndarray:
    """Mean of test pictures of a set, (C, side, side) from 0 to 255; of rendered ones it is made from their thumbnails.

    To render thousands of pictures would take seconds, and the mean of many has no fine detail.
    """
    mean = atlas.load(data)[chosen].mean(0, dtype=np.float32)
    if mean.shape[-1] == side:
        return mean
    channels = (Image.fromarray(channel).resize((side, side), Image.Resampling.BILINEAR) for channel in mean)
    return np.stack([np.asarray(channel) for channel in channels])
