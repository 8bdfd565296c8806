"""Noisy oscillators: position and velocity turn, are pushed by chance at every step, and are seen through noise.

The TD-VAE paper gives few details of its own; the ranges are ours. The pushes make the future uncertain; that the state
shrinks a little at every step keeps what they add up to within bounds: positions are N(0, VARIANCE) at all times.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from explorer.data.picture_set import PictureSet

NAME = "oscillator"
SHAPE = (1, 1, 1)  # a number a step, as a picture of one pixel
STEPS = 200
FREQUENCIES = (0.06, 0.12)  # radians a step: a period is 52 to 105 steps
DECAY = 0.997  # of the state, a step
PROCESS = 0.06  # deviation of a push, of position and of velocity
NOISE = 0.1  # deviation of what is seen from what is
VARIANCE = PROCESS**2 / (1 - DECAY**2)  # of each number of a state: what decays is what the pushes add
AHEAD = (1, 20, 60, 120)  # steps ahead of what was seen, at which forecasts are judged
SIZES = {"train": 40_000, "test": 2_000, "shipped": 500}
SEEDS = {"train": 1, "test": 2, "shipped": 3}


class Oscillators(NamedTuple):
    """Drawn oscillators."""

    frequency: np.ndarray  # radians a step, (N,)
    signal: np.ndarray  # positions, (N, T)
    seen: np.ndarray  # the same through noise, (N, T)


def draw(count: int, steps: int, rng: np.random.Generator) -> Oscillators:
    """As many oscillators, from anywhere in their course, over so many steps."""
    frequency = rng.uniform(*FREQUENCIES, count)
    start = np.sqrt(VARIANCE) * complex_normal(rng, count)
    path = positions(frequency, start, PROCESS * complex_normal(rng, (count, steps)))
    return Oscillators(frequency, path, path + rng.normal(0, NOISE, (count, steps)))


def positions(frequency: np.ndarray, start: np.ndarray, pushes: np.ndarray) -> np.ndarray:
    """Positions (N, T) of oscillators.

    Arguments:
        frequency: Radians a step, with shape (N,).
        start: States at the first step as complex numbers (N,): position, and minus velocity over frequency.
        pushes: What is added to the state at each step, (N, T); that of the first step is not used.
    """
    turn, states = DECAY * np.exp(1j * frequency), np.empty_like(pushes)
    states[:, 0] = start
    for step in range(1, pushes.shape[1]):
        states[:, step] = turn * states[:, step - 1] + pushes[:, step]
    return states.real


def complex_normal(rng: np.random.Generator, shape: int | tuple[int, ...]) -> np.ndarray:
    """Complex numbers with standard normal real and imaginary parts."""
    return rng.standard_normal(shape) + 1j * rng.standard_normal(shape)


def load(name: str, split: str, root: Path | None = None) -> PictureSet:
    """Sequences of a split as they are seen: float32 with shape (N, STEPS, 1, 1, 1), the same every time.

    They are drawn here, whatever the name and the folder.
    """
    count = SIZES[split]
    seen = draw(count, STEPS, np.random.default_rng(SEEDS[split])).seen.astype(np.float32)
    return PictureSet(seen.reshape(count, STEPS, 1, 1, 1), np.zeros(count, np.int64), ())
