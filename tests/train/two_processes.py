"""Trains a small recipe without noise of its own and prints its loss; run by test_loop with accelerate launch."""

import json
import os
import sys
from pathlib import Path

import torch

from explorer.data import sample_sheets
from train.loop import train
from train.recipe import Recipe

RECIPE = Recipe(
    family="autoencoder",
    variant="two-processes",
    purpose="",
    data="mnist",
    model={"latent_dim": 2, "hidden": [16], "pca_dim": 2},
    steps=30,
    batch_size=64,
    learning_rate=1e-2,
    warmup_steps=1,
    max_grad_norm=1.0,
)


def history(state: Path) -> list[dict[str, float]]:
    return train(RECIPE, torch.tensor(sample_sheets.load("mnist").pictures), state).history


if __name__ == "__main__":
    result = history(Path(sys.argv[1]))
    if os.environ.get("RANK") == "0":
        print(json.dumps({"processes": int(os.environ["WORLD_SIZE"]), "history": result}))
