"""Trains small recipes in every process and prints what came of it; run by test_processes with accelerate launch."""

import hashlib
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import torch
from accelerate import Accelerator, PartialState
from accelerate.utils import gather_object
from torch import Generator, Tensor

from explorer.data import sample_sheets
from explorer.models import Autoencoder
from tests.conftest import SMALL
from train import loop
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
STAGED = {  # families of which a part stands still while another is trained
    "denoising": {"hidden": [16, 8]},
    "sparse": {"hidden": [16, 8]},
    "vq_vae_2": {"num_classes": 10, "prior_dropout": 0.2},
}


def pictures() -> Tensor:
    return torch.tensor(sample_sheets.load("mnist").pictures)


def history(state: Path) -> list[dict[str, float]]:
    return loop.train(RECIPE, pictures(), state).history


def digest(model: Autoencoder) -> str:
    return hashlib.sha256(b"".join(value.numpy().tobytes() for value in model.state_dict().values())).hexdigest()


def train_family(family: str, state: Path) -> str:
    """Digest of the weights and buffers that a process ends with."""
    model = SMALL[family] | STAGED.get(family, {})
    data = sample_sheets.load("mnist")
    x = pictures()[..., 2:26, 2:26] if family == "vq_vae_2" else pictures()
    changes = {"labelled": family == "vq_vae_2", "frames": 8 if family == "td_vae" else 0}
    recipe = replace(RECIPE, family=family, model=model, steps=8, stages=2, batch_size=8, **changes)
    return digest(loop.train(recipe, x, state, labels=torch.tensor(data.labels)).model)


def first_batch(state: Path) -> tuple[bytes, bytes]:
    """What this process is given in the first step, and the whole batch."""
    seen, forward = [], Autoencoder.forward
    Autoencoder.forward = lambda self, x, *others: seen.append(x) or forward(self, x, *others)
    loop.train(replace(RECIPE, steps=1), pictures(), state)
    Autoencoder.forward = forward
    (whole,) = loop.draw_batch(pictures(), RECIPE, Generator().manual_seed(loop.stream(RECIPE.seed, 0, 0)))
    return seen[0].numpy().tobytes(), whole.numpy().tobytes()


def main(root: Path) -> None:
    Accelerator.end_training = lambda self: None  # it would part the processes, and there is more than one run
    steps = history(root / "history")
    parts = gather_object([first_batch(root / "batch")])
    digests = {family: gather_object([train_family(family, root / family)]) for family in SMALL}
    if os.environ["RANK"] == "0":
        shared = b"".join(part for part, _ in parts) == parts[0][1]
        print(json.dumps({"processes": len(parts), "history": steps, "shared": shared, "digests": digests}))
    PartialState().destroy_process_group()  # without it a process's end, now and then, is an abort


if __name__ == "__main__":
    main(Path(sys.argv[1]))
