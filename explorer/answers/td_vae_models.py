"""Which checkpoints the TD-VAE tab asks about which world, and the seeds of what it draws."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from explorer.checkpoint.config import Config
from explorer.data import oscillator
from explorer.serve.pool import Pool
from explorer.serve.question import Refused, whole

LARGEST_SEED = 1_000_000


def seeds_of(draw: int, count: int) -> np.ndarray:
    """Seeds of the futures of a draw, none of which another draw has."""
    return count * whole(draw, 0, LARGEST_SEED, "The draw") + np.arange(count)


def model_of(pool: Pool, checkpoint: str, oscillating: bool = False) -> Mapping[str, Any]:
    """Keywords of a TD-VAE of one of both worlds; another model is refused."""
    config = pool.config(checkpoint)
    if not watches(config, oscillating):
        raise Refused(f"{checkpoint} is no TD-VAE of {'oscillators' if oscillating else 'moving digits'}.")
    return config.model


def watches(config: Config, oscillating: bool) -> bool:
    """Whether a config is that of a TD-VAE of the world."""
    return config.family == "td_vae" and (config.data == oscillator.NAME) == oscillating
