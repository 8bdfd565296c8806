"""A network layer by layer: which layers it has, and what each of them gives for a picture."""

import json
import math
from typing import Any

import numpy as np

from explorer.answers.common import PICTURE_SLACK, Answer
from explorer.data import oscillator
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import Refused, picture, vector, whole
from explorer.serve.turns import dear

MOST_MAPS = 32  # of a layer, sent
MOST_FRAMES = 200  # of a sequence
LARGEST_SIGNAL = 100.0
FEW = 3  # numbers of a layer that fit beside its box


@dear(
    "both priors of a VQ-VAE-2: .1 s",
    when=lambda pool, checkpoint, **rest: pool.config(checkpoint).family == "vq_vae_2",
)
@gives(bytes="boxes", pictures="maps")
def strip(pool: Pool, checkpoint: str, x: list, layer: int, t: int = 0) -> Answer:
    """The layers of a model's network, and what one of them gives for a picture.

    Arguments:
        pool: Where the model is.
        checkpoint: The model.
        x: Pixels of a picture, from 0 to 255; of a TD-VAE those of its frames, or an oscillator’s positions.
        layer: Number of the layer, from 0; behind the last one it is the last.
        t: Frames of a sequence that are looked at; 0 for all.

    Returns:
        boxes, JSON: of each layer what Autoencoder.boxes says of it; its shape; its least and its largest number, and
        the share of those that are not 0; and the numbers themselves, where they are FEW.
        maps (N, 1, H, W), float32: the first MOST_MAPS maps of the layer; of one that has no maps its numbers as a row.
    """
    outputs = [part[0] for part in pool.run(checkpoint, "layer_outputs", x=given(pool, checkpoint, x, t)).values()]
    boxes = [box | told(output) for box, output in zip(pool.boxes(checkpoint), outputs, strict=True)]
    chosen = outputs[min(whole(layer, 0, 10_000, "The layer"), len(outputs) - 1)]
    return {"boxes": np.frombuffer(json.dumps(boxes).encode(), np.uint8), "maps": as_maps(chosen)}


def given(pool: Pool, checkpoint: str, x: Any, t: int) -> np.ndarray:
    """What the network takes, float32 (1, C, H, W) or (1, T, C, H, W); every value checked."""
    config = pool.config(checkpoint)
    shape = config.model["picture_shape"]
    size = math.prod(shape)
    if config.family != "td_vae":
        if isinstance(x, list) and len(x) != size:
            raise Refused(f"{checkpoint} takes pictures of {' × '.join(map(str, shape))}: choose one of its set.")
        return picture(x, shape, PICTURE_SLACK)
    shown = whole(t, 0, MOST_FRAMES, "The number of frames shown")
    frames = x[: shown * size or None] if isinstance(x, list) else x
    count = len(frames) // size if isinstance(frames, list) else 1
    if not 1 <= count <= MOST_FRAMES:
        raise Refused(f"There must be from 1 to {MOST_FRAMES} frames.")
    if config.data == oscillator.NAME:
        return vector(frames, count * size, LARGEST_SIGNAL, "The signal").reshape(1, count, *shape)
    return picture(frames, (count, *shape), PICTURE_SLACK)


def told(output: np.ndarray) -> dict[str, Any]:
    """What is said of a layer's numbers."""
    numbers = output.ravel().astype(float)
    said = {
        "shape": list(output.shape),
        "least": numbers.min(),
        "most": numbers.max(),
        "active": float((numbers != 0).mean()),
    }
    return said | ({"numbers": numbers.tolist()} if len(numbers) <= FEW else {})


def as_maps(output: np.ndarray) -> np.ndarray:
    """A layer's numbers as maps (N, 1, H, W): those of (C, H, W), the one of (H, W), or (D,) as a row."""
    maps = output.astype(np.float32).reshape(-1, *output.shape[-2:] if output.ndim > 1 else (1, output.size))
    return maps[:MOST_MAPS, None]
