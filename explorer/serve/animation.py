"""Frames as a file that moves: GIF for everywhere, WebP without loss of colour."""

import io
import math
import re

import numpy as np
from PIL import Image

from explorer.serve.question import Refused, one_of
from explorer.serve.turns import stop_if_gone

KINDS = ("gif", "webp")
MOST_BYTES = 2_500_000  # of all frames
MOST_FRAMES = 200
LEAST_SIDE = 224  # pixels; smaller pictures are enlarged by a whole factor, as far as the next two allow it
MOST_PIXELS = 12_000_000  # of all frames as they are written: .1 s as a GIF of greys, 1.4 s in colour, 50 MB at work
MOST_SIDE = 4096  # of a frame; no format takes more than 16,383 and 65,535
MILLISECONDS = 80  # a frame


def to_file(frames: np.ndarray, kind: str, duration: int = MILLISECONDS) -> bytes:
    """An animation that runs for ever.

    Arguments:
        frames: uint8 (T, C, H, W), grey or RGB.
        kind: One of KINDS.
        duration: Of a frame, in milliseconds.
    """
    strip = frames.transpose(0, 2, 3, 1)  # (T, H, W, C)
    images = [Image.fromarray(frame.squeeze(-1) if frame.shape[-1] == 1 else frame) for frame in strip]
    if kind == "gif" and strip.shape[-1] == 3:  # one palette for all, found before they are enlarged
        palette = Image.fromarray(strip.reshape(-1, *strip.shape[2:])).quantize()
        images = [coloured(image, palette) for image in images]
    factor = enlargement(*frames.shape)
    size = factor * frames.shape[3], factor * frames.shape[2]
    images = [enlarged(image, size) for image in images]
    file = io.BytesIO()
    options = {"lossless": True} if kind == "webp" else {"optimize": False}
    images[0].save(file, kind, save_all=True, append_images=images[1:], duration=duration, loop=0, **options)
    return file.getvalue()


def coloured(image: Image.Image, palette: Image.Image) -> Image.Image:
    stop_if_gone()
    return image.quantize(palette=palette, dither=Image.Dither.NONE)


def enlarged(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    stop_if_gone()
    return image.resize(size, Image.Resampling.NEAREST)


def enlargement(count: int, channels: int, height: int, width: int) -> int:
    """By how much frames are enlarged: up to LEAST_SIDE, within what all of them may come to.

    Raises:
        Refused: If they are too many as they are.
    """
    pixels = count * height * width
    if pixels > MOST_PIXELS or max(height, width) > MOST_SIDE:
        raise Refused(f"An animation may have at most {MOST_PIXELS:,} pixels, and {MOST_SIDE} on a side.")
    wanted = -(-LEAST_SIDE // height)
    return max(1, min(wanted, math.isqrt(MOST_PIXELS // pixels), MOST_SIDE // max(height, width)))


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
    if not re.fullmatch(r"[1-9][0-9]{0,3}(,[1-9][0-9]{0,3}){3}", shape):
        raise Refused("The frames must have four sizes: count, channels, height and width.")
    count, channels, height, width = map(int, shape.split(","))
    if channels not in (1, 3) or count > MOST_FRAMES or count * channels * height * width != len(data):
        raise Refused(f"The frames must be at most {MOST_FRAMES} pictures in grey or RGB, and all of their pixels.")
    return to_file(np.frombuffer(data, np.uint8).reshape(count, channels, height, width), kind)
