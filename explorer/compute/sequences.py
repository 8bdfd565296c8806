"""A moving digit as a TD-VAE watches it: its frames, what is shown of them, and the noise of its futures."""

import numpy as np

WHITE = 0.5  # what is brighter is white, as in data/moving_digits.py, which makes the same of tensors for training
CLEAR, BLACK, NOISE, SKIPPED = range(4)  # what is done to a frame before the model is shown it


def world(picture: np.ndarray, start: int, speed: int, vertical: bool, count: int) -> np.ndarray:
    """Frames of 0 and 1, float32 (count, 1, H, W), of a picture (1, 1, H, W) that moves by so many pixels a frame."""
    white = (picture[0] > WHITE).astype(np.float32)
    return np.stack([np.roll(white, start + speed * t, axis=-2 if vertical else -1) for t in range(count)])


def blinded(frames: np.ndarray, marks: np.ndarray, seed: int = 0) -> np.ndarray:
    """Frames (T, 1, H, W) with what their marks (T,) say done to them; skipped ones stay, for `kept` to leave out.

    A frame's noise is black and white by a fair coin, and its own: it does not depend on the other frames' marks.
    """
    seen = frames.copy()
    seen[marks == BLACK] = 0
    for frame in np.flatnonzero(marks == NOISE):
        seen[frame] = np.random.default_rng([seed, int(frame)]).integers(0, 2, seen[frame].shape)
    return seen


def kept(frames: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """The frames that are not skipped, as a sequence (1, T, 1, H, W) for the model."""
    return frames[marks != SKIPPED][None]


def noise(seeds: np.ndarray, draws: int, size: int) -> np.ndarray:
    """Standard normal noise, float32 (draws, seeds, size): every seed gives its own, whatever the others are."""
    each = [np.random.default_rng(int(seed)).standard_normal((draws, size), np.float32) for seed in seeds]
    return np.stack(each, axis=1)
