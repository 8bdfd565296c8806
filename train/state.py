"""The states a killed run goes on from: written whole, and gone on from only by the run that wrote them."""

import hashlib
import json
import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from accelerate import Accelerator
from filelock import FileLock, Timeout
from torch import Tensor

from explorer.checkpoint import regular_file
from explorer.data import own_set
from train.recipe import Recipe

MANIFEST = "run.json"  # in each state: the run it belongs to, and the SHA-256 of its files
NOT_TRAINED_BY = ("purpose", "published", "importance_samples")  # of a recipe
DAMAGE = (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, EOFError, pickle.PickleError)
DEFAULTS = asdict(Recipe("", "", "", "", {}, 0, 0, 0.0))  # what a state counts as that a recipe's new field is not in
FULL = 1_000_000  # bytes: what a disk has left that cannot take a file
BLOCK = 4096  # pictures read at a time


class StateError(Exception):
    """One sentence that says why a state cannot be gone on from, or could not be written."""


def folder_of(recipe: Recipe, root: Path) -> Path:
    """Where a run's states lie; own pictures that share a name have different ones."""
    own = own_set.is_own(recipe.data)
    place = f"-{hashlib.sha256(recipe.data.encode()).hexdigest()[:8]}" if own else ""
    return root / f"{recipe.name}{place}-seed{recipe.seed}"


def identity(recipe: Recipe, pictures: Tensor, *others: Tensor | None) -> dict[str, Any]:
    """What a state belongs to, JSON-ready: the recipe with its model and data, and the data's content.

    Arguments:
        recipe: Of the run.
        pictures: That are trained on.
        others: What else the weights depend on: labels, and what is held out.
    """
    settings = {key: value for key, value in asdict(recipe).items() if key not in NOT_TRAINED_BY}
    return json.loads(json.dumps(settings | {"pictures": fingerprint(pictures, *others)}))


def fingerprint(*tensors: Tensor | None) -> str:
    """SHA-256 of tensors with their shapes; those that lie on the disk are read a block at a time."""
    digest = hashlib.sha256()
    for tensor in tensors:
        if tensor is not None:
            digest.update(f"{tensor.dtype} {tuple(tensor.shape)}".encode())
            for block in tensor.split(BLOCK):
                digest.update(block.contiguous().numpy())
    return digest.hexdigest()


def differences(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What differs between two runs, in words; nothing if one may go on where the other stopped."""
    then, now = flat(DEFAULTS | then), flat(DEFAULTS | now)
    changed = [key for key in then | now if then.get(key) != now.get(key)]
    if changed == ["pictures"]:
        return [f"other pictures in {now['data']} than now"]
    return [f"{key} {then.get(key)}, not {now.get(key)}" for key in changed if key != "pictures"]


def flat(run: dict[str, Any]) -> dict[str, Any]:
    """The settings that a run's weights depend on, those of its model and optimizer among them."""
    inner = {key: value for part in ("model", "optimizer") for key, value in run.get(part, {}).items()}
    outer = {key: value for key, value in run.items() if key not in ("model", "optimizer", *NOT_TRAINED_BY)}
    return outer | inner


def save_state(accelerator: Accelerator, folder: Path, step: int, run: dict[str, Any]) -> None:
    """Write the state of a run under a name that only complete states have, then drop the older ones.

    Raises:
        StateError: If it cannot be written; the one before is kept.
    """
    partial, complete = folder / "partial", folder / f"step-{step:08d}"
    try:
        if accelerator.is_main_process:
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
        accelerator.wait_for_everyone()
        accelerator.save_state(str(partial), safe_serialization=False)  # safetensors' files only their owner can read
        accelerator.wait_for_everyone()
        if accelerator.is_main_process:
            seal(partial, run)
            put_in_place(partial, complete)
        accelerator.wait_for_everyone()
    except (OSError, RuntimeError) as error:  # a full disk is a RuntimeError to torch.save
        why = reason(error, folder)
        shutil.rmtree(partial, ignore_errors=True)
        raise StateError(
            f"The state after step {step:,} could not be written into {folder} ({why}); {last_state(folder)}."
        ) from error


def seal(folder: Path, run: dict[str, Any]) -> None:
    """Say in a state what it belongs to and what it consists of."""
    files = {path.name: sha256(path) for path in sorted(folder.iterdir())}
    (folder / MANIFEST).write_text(json.dumps({"run": run, "files": files}, indent=1), encoding="utf-8")


def put_in_place(partial: Path, complete: Path) -> None:
    """Give a complete state its name, and remove every other one."""
    shutil.rmtree(complete, ignore_errors=True)
    os.replace(partial, complete)
    for older in complete.parent.glob("step-*"):
        if older != complete:
            shutil.rmtree(older)


def load_state(accelerator: Accelerator, folder: Path, run: dict[str, Any]) -> None:
    """Go on from a state.

    Raises:
        StateError: If it is of another run, or damaged.
    """
    manifest = read_manifest(folder)
    if different := differences(manifest["run"], run):
        raise StateError(
            f"The state in {folder} is of another run ({'; '.join(different)}): give its settings and pictures, "
            "or another --state."
        )
    try:
        if any(sha256(folder / name) != expected for name, expected in manifest["files"].items()):
            raise ValueError("a file is not what it was")
        accelerator.load_state(str(folder))
    except DAMAGE as error:
        raise damaged(folder) from error


def read_manifest(folder: Path) -> dict[str, Any]:
    """The run a state belongs to, and its files."""
    if not (folder / MANIFEST).is_file():
        raise StateError(f"The state in {folder} does not say which run it is of: start anew with --overwrite.")
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return {"run": dict(manifest["run"]), "files": dict(manifest["files"])}
    except DAMAGE as error:
        raise damaged(folder) from error


def damaged(folder: Path) -> StateError:
    return StateError(f"The state in {folder} is damaged: start anew with --overwrite.")


def latest_state(folder: Path) -> Path | None:
    """The last complete state, None if there is none."""
    return max(folder.glob("step-*"), default=None)


def last_state(folder: Path) -> str:
    """Words on what a run can go on from."""
    state = latest_state(folder)
    return f"--resume goes on after step {step_of(state):,}" if state else "there is no state yet to go on from"


def step_of(state: Path) -> int:
    return int(state.name.removeprefix("step-"))


def steps_of(state: Path) -> int:
    """Steps of the whole run that a state belongs to."""
    return int(read_manifest(state)["run"]["steps"])


@contextmanager
def alone(path: Path, what: str) -> Iterator[None]:
    """Hold a lock, which ends with the process, so that what is in use is not written by two runs.

    Raises:
        StateError: If another run holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StateError(f"Another run is writing into {what}: wait for it, or name another folder.") from error
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        lock.release()


def reason(error: BaseException, folder: Path) -> str:
    """Why something could not be written into a folder, in a few words."""
    if shutil.disk_usage(folder).free < FULL:
        return "the disk is full"
    return regular_file.reason(error)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
