"""Frames as a file that moves: GIF for everywhere, WebP without loss of colour."""

import io

import numpy as np
from PIL import Image

from explorer.question import Refused, one_of

KINDS = ("gif", "webp")
MOST_BYTES = 2_500_000  # of all frames
MOST_FRAMES = 200
LEAST_SIDE = 224  # pixels; smaller pictures are enlarged by a whole factor
MILLISECONDS = 80  # a frame


def to_file(frames: np.ndarray, kind: str, duration: int = MILLISECONDS) -> bytes:
    """An animation that runs for ever.

    Arguments:
        frames: uint8 (T, C, H, W), grey or RGB.
        kind: One of KINDS.
        duration: Of a frame, in milliseconds.
    """
    factor = max(1, -(-LEAST_SIDE // frames.shape[2]))
    large = frames.transpose(0, 2, 3, 1).repeat(factor, axis=1).repeat(factor, axis=2)
    images = [Image.fromarray(frame.squeeze(-1) if frame.shape[-1] == 1 else frame) for frame in large]
    file = io.BytesIO()
    options = {"lossless": True} if kind == "webp" else {}
    images[0].save(file, kind, save_all=True, append_images=images[1:], duration=duration, loop=0, **options)
    return file.getvalue()


def from_page(data: bytes, shape: str, kind: str) -> bytes:
    """The same for frames as the page sends them.

    Arguments:
        data: The frames' bytes.
        shape: T, C, H and W, with commas between.
        kind: One of KINDS.

    Raises:
        Refused: If these are no frames.
    """
    kind = one_of(kind, KINDS, "The animation")
    sides = shape.split(",")
    if len(sides) != 4 or not all(side.isdecimal() and 0 < int(side) <= 1024 for side in sides):
        raise Refused("The frames must have four sizes: count, channels, height and width.")
    count, channels, height, width = map(int, sides)
    if channels not in (1, 3) or count > MOST_FRAMES or count * channels * height * width != len(data):
        raise Refused(f"The frames must be at most {MOST_FRAMES} pictures in grey or RGB, and all of their pixels.")
    return to_file(np.frombuffer(data, np.uint8).reshape(count, channels, height, width), kind)
