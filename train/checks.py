"""What would end a run later is found before its first step, and said in one sentence."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from explorer import checkpoint
from explorer.data import sources
from explorer.data.picture_set import PictureSet
from explorer.models import MODELS
from train import state
from train.recipe import Recipe

COPIES = 5  # of the weights, in a state: themselves, their average, two moments of the optimizer, the best so far


def load_sets(recipe: Recipe, root: Path) -> dict[str, PictureSet]:
    """Every split that training and measuring need, as "train", "validation" where it is needed, and "test".

    Raises:
        FileNotFoundError, ValueError: With one sentence on what is missing or cannot be read.
    """
    splits = ["train", *(["validation"] if recipe.early_stopping else []), "test"]
    return {split: sources.load(recipe.data, split, root) for split in splits}


def room(recipe: Recipe, picture_shape: Iterable[int], states: Path, out: Path) -> None:
    """That a run can write its states and its checkpoint: there is a folder for them, and room on the disk.

    Raises:
        OSError: If a folder cannot be made or written into.
        ValueError: If there is too little room.
    """
    model = MODELS[recipe.family](picture_shape=tuple(picture_shape), **recipe.model)
    size = sum(tensor.nbytes for tensor in model.state_dict().values())
    needed = {states: 2 * COPIES * size, out: size}  # a state is written whole before the last one goes
    for folder in needed:
        writable(folder)
    for folder, bytes_needed in needed.items():
        free = shutil.disk_usage(folder).free
        if free < bytes_needed:
            raise ValueError(
                f"The disk of {folder} is too full: {free / 1e6:,.1f} MB are free of {bytes_needed / 1e6:,.1f} needed."
            )


def writable(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(folder)) from error


def not_finished(folder: Path) -> None:
    """That a checkpoint's folder holds no finished run.

    Raises:
        ValueError: If it does.
    """
    if (folder / checkpoint.CONFIG).exists() and not is_unmeasured(folder):
        raise ValueError(f"{folder} holds a finished run: name another --out, or replace it with --overwrite.")


def nothing_lost(folder: Path, states: Path, resume: bool) -> None:
    """That a run takes the place of none that is finished, yet to be measured, or can be gone on from.

    Raises:
        ValueError: If it would.
    """
    not_finished(folder)
    if is_unmeasured(folder):
        raise ValueError(
            f"{folder} holds a run that has not been measured yet: complete it with --measure, or train anew with "
            "--overwrite."
        )
    latest = None if resume else state.latest_state(states)
    if latest and 0 < state.step_of(latest) < state.steps_of(latest):
        raise ValueError(
            f"{states} holds a run of {state.steps_of(latest):,} steps that was stopped after "
            f"{state.step_of(latest):,}: go on with --resume, or start anew with --overwrite."
        )


def is_unmeasured(folder: Path) -> bool:
    """Whether a folder holds a run that has been trained, and not measured yet."""
    try:
        return "figures" not in checkpoint.read_config(folder)
    except checkpoint.CheckpointError:
        return False


def processes(recipe: Recipe) -> None:
    """That as many processes work together as were asked for.

    Raises:
        ValueError: If they would not.
    """
    started = int(os.environ.get("WORLD_SIZE", 1))
    if started == 1 and "MASTER_ADDR" in os.environ and "ACCELERATE_MIXED_PRECISION" in os.environ:
        raise ValueError(
            "accelerate launch has started one process where several were asked for: without several GPUs it needs "
            "--multi_gpu as well, also for processes on CPUs."
        )
    if recipe.batch_size % started:
        raise ValueError(f"A batch of {recipe.batch_size} cannot be shared equally by {started} processes.")
