"""What the scenes of VQ-VAE-2 share: its codes as the page sends them, checked, and the pictures they stand for."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from explorer.compute.pictures import to_bytes
from explorer.serve.pool import Pool
from explorer.serve.question import Refused, code_grid

LEVELS = ("top", "bottom")
SAMPLES = 4  # pictures that are sampled together


def decode_partly(pool: Pool, checkpoint: str, top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """Pictures, as bytes, of codes of which -1 are not there."""
    return to_bytes(decoded(pool, checkpoint, top, bottom))


def decoded(pool: Pool, checkpoint: str, top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """The same in [0, 1]."""
    return pool.run(checkpoint, "decode_gaps", top=top, bottom=bottom, **means_of(pool, checkpoint))["x_hat"]


def means_of(pool: Pool, checkpoint: str) -> dict[str, np.ndarray]:
    """What stands in for codes that are not there: see Means of the model."""
    kept = pool.codes(checkpoint)
    return {name: kept[name] for name in ("top_mean", "bottom_mean")}


def grid(pool: Pool, checkpoint: str, level: str, values: list) -> np.ndarray:
    """Codes of a level as the page sent them, checked."""
    model = model_of(pool, checkpoint)
    return code_grid(values, shape(model, level), model["num_codes"], f"The {level} grid")


def several(pool: Pool, checkpoint: str, level: str, values: list) -> np.ndarray:
    """Codes (SAMPLES, rows, columns) of a level, of which −1 are gaps, checked."""
    model = model_of(pool, checkpoint)
    return code_grid(values, (SAMPLES, *shape(model, level)), model["num_codes"], f"The {level} grids", unknown=True)


def shape(model: Mapping[str, Any], level: str) -> tuple[int, int]:
    """Rows and columns of a level's codes."""
    cell = 8 if level == "top" else 4
    return model["picture_shape"][1] // cell, model["picture_shape"][2] // cell


def model_of(pool: Pool, checkpoint: str) -> Mapping[str, Any]:
    """Keywords of a VQ-VAE-2; another model is refused."""
    config = pool.config(checkpoint)
    if config.family != "vq_vae_2":
        raise Refused(f"{checkpoint} is no VQ-VAE-2.")
    return config.model
