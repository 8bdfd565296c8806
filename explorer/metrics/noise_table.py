"""One model of each family of digits, and how far off what they rebuild is, by kind and strength of the noise."""

from collections.abc import Callable

import numpy as np

from explorer.nn import corruption

# The model that stands for its family.
NAMES = (
    "autoencoder/mnist-2d",
    "autoencoder/mnist-30d",
    "denoising/mnist-any",
    "sparse/mnist-rho05",
    "k_sparse/mnist-k25",
    "contractive/mnist-lambda03",
    "vae/mnist-50d",
)
NOISES = ("masking", "gaussian", "salt_and_pepper", corruption.BLOCKS)
LEVELS = (0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1)
SLACK = 4.0  # how far noise may carry a pixel out of [0, 1]; the app cuts it there
BLOCK = 1000  # pictures at a time


def errors(rebuild: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> dict[str, list[float]]:
    """Squared error against the clean pictures, summed over pixels and averaged, for each noise a number a level.

    Arguments:
        rebuild: What a model makes of spoilt pictures (B, C, H, W).
        x: Clean pictures in [0, 1], float32 (N, C, H, W).
    """
    clean = mean_error(rebuild, x, NOISES[0], 0)
    return {kind: [clean, *(mean_error(rebuild, x, kind, level) for level in LEVELS[1:])] for kind in NOISES}


def mean_error(rebuild: Callable[[np.ndarray], np.ndarray], x: np.ndarray, kind: str, level: float) -> float:
    """The same for one noise, whose draws are seeded."""
    rng, total = np.random.default_rng(0), 0.0
    for start in range(0, len(x), BLOCK):
        block = x[start : start + BLOCK]
        spoilt = corruption.draw(block, kind, level, rng).clip(-SLACK, 1 + SLACK)
        total += np.square(rebuild(spoilt) - block, dtype=np.float64).sum()
    return float(total / len(x))
