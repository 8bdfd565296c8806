"""All 737,280 pictures of dSprites, rendered from formulas that were calibrated on frames of the published set."""

import argparse
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from explorer.data.factors import FactorSet

SIDE = 64
BLOCK = 4096  # pictures at a time: 16 MB
FEW = 16  # pictures that are drawn before the compiler would be ready
FACTORS = FactorSet(  # the published set has a sixth in front, the colour, which never varies
    names=("shape", "scale", "orientation", "posX", "posY"),
    values=(
        (1.0, 2.0, 3.0),
        tuple(np.linspace(0.5, 1, 6)),
        tuple(np.linspace(0, 2 * np.pi, 40)),  # both ends, so that the first and the last look the same
        tuple(np.linspace(0, 1, 32)),
        tuple(np.linspace(0, 1, 32)),  # downwards
    ),
)
SHAPES = ("square", "ellipse", "heart")
NAMED = {"shape": SHAPES}

# Pixels at scale 1. What lies exactly on the square's edge is outside.
HALF_SQUARE = 9.6 - 1e-9
HALF_ELLIPSE = (12.76, 7.22)
REACH = 15  # no sprite is wider, measured from its centre
HEART_TOP, HEART_BAND = -10.0, 0.25  # bands of rows of the heart, 80 of them, which meet few of its edges


def heart() -> np.ndarray:
    """Edges (128, 4) of the heart as x1, y1, x2, y2 in pixels at scale 1, its point downwards."""
    t = 2 * np.pi * np.arange(128) / 128
    x = 0.6 * 16 * np.sin(t) ** 3
    y = -0.662 * (13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)) - 1.44
    return np.stack([x, y, np.roll(x, -1), np.roll(y, -1)], -1)


def banded(edges: np.ndarray) -> np.ndarray:
    """The edges that each band of rows meets, with shape (80, most, 4), padded with level ones, which never count."""
    top = HEART_TOP + HEART_BAND * np.arange(80)[:, None]
    low, high = edges[:, [1, 3]].min(1), edges[:, [1, 3]].max(1)
    meets = (high >= top - 1e-6) & (low <= top + HEART_BAND + 1e-6)
    bands = np.zeros((80, meets.sum(1).max(), 4))
    for band, mask in zip(bands, meets, strict=True):
        band[: mask.sum()] = edges[mask]
    return bands


HEART = banded(heart())


def render(indices: np.ndarray) -> np.ndarray:
    """Pictures of 0 and 1 of these numbers (N,): uint8 with shape (N, 1, 64, 64)."""
    shape, scale, orientation, x, y = FACTORS.to_factors(indices).T
    angle = -2 * np.pi * (orientation % 39) / 39
    poses = np.stack([shape, 0.5 + 0.1 * scale, np.cos(angle), np.sin(angle), 16 + 32 * x / 31, 16 + 32 * y / 31], -1)
    pictures = np.zeros((len(poses), 1, SIDE, SIDE), np.uint8)
    draw = compiled() if len(poses) > FEW else fill
    draw(pictures, poses, HEART)
    return pictures


@cache
def compiled() -> Any:
    """The function fill as machine code; it takes seconds, so nothing is compiled before the first picture."""
    from numba import njit

    return njit(nogil=True)(fill)


def fill(pictures: np.ndarray, poses: np.ndarray, bands: np.ndarray) -> None:
    """Set the pixels whose centres lie within a sprite.

    Arguments:
        pictures: Zeros with shape (N, 1, 64, 64), written to.
        poses: Shape, scale, cosine and sine of the angle and centre (column, row) in pixels, with shape (N, 6).
        bands: The heart's edges by bands of rows.
    """
    for n in range(len(poses)):
        shape, scale, cos, sin, x, y = poses[n]
        for i in range(int(y) - REACH, int(y) + REACH + 1):
            for j in range(int(x) - REACH, int(x) + REACH + 1):
                a, b = j + 0.5 - x, i + 0.5 - y
                u, v = (cos * a + sin * b) / scale, (-sin * a + cos * b) / scale
                lit = False
                if shape == 0:
                    lit = abs(u) <= HALF_SQUARE and abs(v) <= HALF_SQUARE
                elif shape == 1:
                    lit = (u / HALF_ELLIPSE[0]) ** 2 + (v / HALF_ELLIPSE[1]) ** 2 <= 1
                elif abs(v) < -HEART_TOP:  # even-odd rule
                    for x1, y1, x2, y2 in bands[int((v - HEART_TOP) / HEART_BAND)]:
                        if (y1 > v) != (y2 > v) and u < (x2 - x1) * (v - y1) / (y2 - y1) + x1:
                            lit = not lit
                pictures[n, 0, i, j] = lit


def render_all() -> np.ndarray:
    """All pictures as bits, 377 MB: uint8 with shape (737280, 512), rows of np.packbits; unpack gives pictures."""
    packed = np.empty((len(FACTORS), SIDE * SIDE // 8), np.uint8)

    def work(block: np.ndarray) -> None:
        packed[block] = np.packbits(render(block).reshape(len(block), -1), axis=1)

    with ThreadPoolExecutor() as threads:  # machine code and packbits let go of the interpreter
        list(threads.map(work, blocks(len(packed))))
    return packed


def unpack(packed: np.ndarray) -> np.ndarray:
    """Pictures of 0 and 1, uint8 with shape (N, 1, 64, 64), of rows (N, 512) of render_all."""
    return np.unpackbits(packed, axis=1).reshape(-1, 1, SIDE, SIDE)


def blocks(count: int) -> Iterator[np.ndarray]:
    """The numbers below count, in order, at most BLOCK at a time."""
    return (np.arange(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK))


def write(path: Path, count: int = len(FACTORS)) -> None:
    """Write the first pictures in the layout of the published file.

    Arguments:
        path: The .npz to write. Read it with np.load(path, allow_pickle=True), as the published one.
        count: How many pictures.
    """
    classes = np.insert(FACTORS.to_factors(np.arange(count)), 0, 0, axis=1)
    values = np.insert(FACTORS.to_values(classes[:, 1:]), 0, 1, axis=1)
    arrays = {"metadata": np.array(metadata()), "latents_classes": classes, "latents_values": values}
    header = {"descr": "|u1", "fortran_order": False, "shape": (count, SIDE, SIDE)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array)
        with archive.open("imgs.npy", "w", force_zip64=True) as file:  # 3 GB, so never in memory as a whole
            np.lib.format.write_array_header_1_0(file, header)
            for block in blocks(count):
                file.write(render(block).tobytes())


def metadata() -> dict[str, Any]:
    """What the published file says about itself, but that these pictures are rendered anew."""
    names = ("color", *FACTORS.names)
    return {
        "title": "dSprites dataset, rendered anew",
        "description": "Disentanglement test Sprites dataset. Procedurally generated 2D shapes, from 6 disentangled "
        "latent factors: color, shape, scale, orientation, posX and posY of a sprite. All possible variations of the "
        "latents are present, in a fixed order, posY fastest. This is NOT the published file: the pictures were "
        "rendered from formulas calibrated on its sample frames, and a few pixels on the edges of sprites differ. "
        "Orientations 0 and 39 are the same angle and give the same picture. No noise added.",
        "author": "Latent Explorer, after Loic Matthey, Irina Higgins, Demis Hassabis and Alexander Lerchner, "
        "https://github.com/deepmind/dsprites-dataset",
        "date": "April 2017 (the published set)",
        "version": 1,
        "latents_names": names,
        "latents_sizes": np.array([1, *FACTORS.sizes]),
        "latents_possible_values": dict(zip(names, map(np.array, ((1.0,), *FACTORS.values)), strict=True)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Write all 737,280 pictures in the layout of the published dSprites.")
    parser.add_argument("file", type=Path, help="the .npz to write")
    parser.add_argument("--count", type=int, default=len(FACTORS), help="only the first pictures")
    arguments = parser.parse_args()
    write(arguments.file, arguments.count)


if __name__ == "__main__":
    main()
