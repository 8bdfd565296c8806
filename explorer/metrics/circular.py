"""Where a picture is in frames whose edges meet: what leaves on one side comes back in on the other."""

from typing import Any

import numpy as np


def places(frames: np.ndarray, picture: np.ndarray, vertical: bool = False) -> np.ndarray:
    """Pixels (N,), from 0 on, by which a picture has to be moved to resemble frames (N, H, W) most.

    Likeness is the inner product of pixels. The picture is (H, W), or (N, H, W), one for each frame.
    """
    axis = -2 if vertical else -1
    size = picture.shape[axis]
    spectrum = np.fft.rfft(frames, axis=axis) * np.fft.rfft(picture, axis=axis).conj()
    return np.fft.irfft(spectrum, size, axis=axis).sum(-1 if vertical else -2).argmax(-1)


def offset(to: Any, start: Any, size: int) -> Any:
    """Pixels from one place to another, the short way round: from -size / 2 on. Of arrays and of tensors alike."""
    return (to - start + size // 2) % size - size // 2


def spread(places: np.ndarray, size: int) -> tuple[float, float]:
    """How far places (N,) on a circle of so many pixels lie apart: their deviation, and how many it could be in effect.

    The deviation is the circular one, in pixels; the number is the exponential of the entropy of the places' shares.
    """
    resultant = np.abs(np.exp(2j * np.pi * places / size).mean())
    shares = np.bincount(places, minlength=size) / len(places)
    entropy = -np.sum(shares[shares > 0] * np.log(shares[shares > 0]))
    deviation = size / (2 * np.pi) * np.sqrt(-2 * np.log(np.clip(resultant, 1e-12, 1)))
    return float(min(deviation, size / np.sqrt(12))), float(np.exp(entropy))
