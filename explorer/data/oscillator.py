"""Noisy oscillators: a cosine of unknown frequency, amplitude and phase, seen through noise.

The TD-VAE paper gives few details of its own; the ranges are ours.
"""

import numpy as np

from explorer.data.picture_set import PictureSet

NAME = "oscillator"
SHAPE = (1, 1, 1)  # a number a step, as a picture of one pixel
STEPS = 200
FREQUENCIES = (0.03, 0.2)  # radians a step: a period is 31 to 209 steps
AMPLITUDES = (0.5, 1.5)
NOISE = 0.1  # deviation of what is seen from what is
SIZES = {"train": 40_000, "test": 2_000, "shipped": 500}
SEEDS = {"train": 1, "test": 2, "shipped": 3}


def draw(count: int, steps: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Frequencies, amplitudes and phases (count,), and the noise (count, steps) of as many oscillators."""
    return (
        rng.uniform(*FREQUENCIES, count),
        rng.uniform(*AMPLITUDES, count),
        rng.uniform(0, 2 * np.pi, count),
        rng.normal(0, NOISE, (count, steps)),
    )


def signal(frequency: np.ndarray, amplitude: np.ndarray, phase: np.ndarray, steps: int) -> np.ndarray:
    """What is: amplitude · cos(frequency · t + phase), with shape (count, steps)."""
    time = np.arange(steps)
    return amplitude[:, None] * np.cos(frequency[:, None] * time + phase[:, None])


def load(split: str) -> PictureSet:
    """Sequences of a split as they are seen: float32 with shape (N, STEPS, 1, 1, 1), the same every time."""
    count = SIZES[split]
    frequency, amplitude, phase, noise = draw(count, STEPS, np.random.default_rng(SEEDS[split]))
    seen = (signal(frequency, amplitude, phase, STEPS) + noise).astype(np.float32)
    return PictureSet(seen.reshape(count, STEPS, 1, 1, 1), np.zeros(count, np.int64), ())
