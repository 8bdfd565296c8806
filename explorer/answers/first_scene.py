"""Writes checkpoints/first_scene.safetensors anew, after a checkpoint has changed; run with python -m."""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from explorer.answers.common import Answer
from explorer.answers.lineup import FIRST_SCENE, compute, first_pictures, names
from explorer.serve.pool import Pool


def save_first_scene(pool: Pool) -> Path:
    """Compute the first scene and write it beside the checkpoints."""
    clean, spoilt = first_pictures()
    scene: Answer = {"x": clean, "x_tilde": spoilt, **compute(pool, clean, spoilt)}
    weights = [pool.configs[name].weights_sha256 for name in names(pool)]
    arrays = {key: np.asarray(value, order="C") for key, value in scene.items()}
    save_file(arrays, pool.root / FIRST_SCENE, {"weights": json.dumps(weights)})
    return pool.root / FIRST_SCENE


if __name__ == "__main__":
    print(save_first_scene(Pool(Path("checkpoints"))))
