"""The checkpoints of a folder: listed at once, loaded when first asked for, then shared and read-only."""

import contextlib
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from explorer import checkpoint
from explorer.checkpoint import CODES, MAP, config
from explorer.checkpoint.config import Config
from explorer.checkpoint.regular_file import CheckpointError, printable, reason
from explorer.compute.latent import hole_radius, ranges
from explorer.data import own_set
from explorer.nn.network import run
from explorer.nn.soundness import is_sound
from explorer.serve.question import Refused
from explorer.serve.turns import has_stepped_back, stop_if_gone

SLOTS = 2  # computations at a time: more would only take the two cores of a Space from each other
LEAST_RADIUS = 1e-3  # of a hole, and between the ends of a slider


class Damaged(Refused):
    """A checkpoint that cannot be loaded, or fails while it answers."""


class Pool:
    """Configs, models and codes of all readable checkpoints below a folder.

    All files are read and checked at the start, and one with a fault costs itself alone: without its weights or config
    a checkpoint is not listed, without codes or map it lacks what is drawn from them. Weights are kept from then on:
    what becomes of their files is for the next look, or one of them could fail all answers of several models.

    Arguments:
        root: Folder with FAMILY/VARIANT folders; it may be missing or empty.
        more: Further such folders. Of two checkpoints of one name the later one is shown.
    """

    def __init__(self, root: Path, *more: Path):
        self.roots = (root, *more)
        self.looks = 1  # how often the folders were read
        self._seen = files(self.roots)
        self.configs: dict[str, Config] = {}
        self.mapped: set[str] = set()  # checkpoints with a sound map
        self._folders: dict[str, Path] = {}
        self._weights: dict[str, dict[str, np.ndarray]] = {}  # of models that were not asked for yet
        self.problems: list[str] = []  # a sentence for each fault
        for one in self.roots:
            self._take(one)
        self._models: dict[str, Any] = {}
        self._codes: dict[str, dict[str, np.ndarray]] = {}
        self._maps: dict[str, dict[str, np.ndarray]] = {}
        self._boxes: dict[str, list[dict[str, Any]]] = {}
        self._loading = threading.Lock()
        self._slots = threading.BoundedSemaphore(SLOTS)

    def look_again(self) -> bool:
        """Read the folders anew if any of their files has changed, and say whether one has."""
        if files(self.roots) == self._seen:
            return False
        fresh = vars(Pool(*self.roots)) | {"looks": self.looks + 1}
        vars(self).update(fresh)
        return True

    @property
    def root(self) -> Path:
        """The first folder of checkpoints, which the page speaks of where something is missing."""
        return self.roots[0]

    @property
    def places(self) -> str:
        """Its folders, for a sentence."""
        return " and ".join(map(str, self.roots))

    def folder(self, name: str) -> Path:
        """Where a checkpoint lies."""
        return self._folders[name]

    def _take(self, root: Path) -> None:
        """Read and check all checkpoints of a folder."""
        found, problems = folders(root)
        self.problems += problems
        with ThreadPoolExecutor(SLOTS) as threads:
            for folder, looked in zip(found, threads.map(look_through, found), strict=True):
                self.problems += looked.problems
                if looked.config is None:
                    continue
                name = looked.config.name
                if name in self.configs:
                    self.problems.append(f"{name} is there twice: the one in {printable(str(root))} is shown.")
                self.configs[name], self._weights[name], self._folders[name] = looked.config, looked.weights, folder
                self.mapped = self.mapped - {name} | ({name} if looked.mapped else set())

    def names(self, family: str) -> list[str]:
        """Checkpoints of a family, the ones with the fewest latent dimensions first."""
        names = [name for name, config in self.configs.items() if config.family == family]
        return sorted(names, key=lambda name: self.configs[name].model.get("latent_dim", 0))

    def config(self, name: Any) -> Config:
        """The config of a checkpoint.

        Raises:
            Refused: If there is none of that name.
        """
        if not isinstance(name, str) or name not in self.configs:
            raise Refused(f"There is no checkpoint named {str(name)[:60]!r}.")
        return self.configs[name]

    def profile(self, name: str, key: str) -> Any:
        """What a config says under that key of its profile.

        Raises:
            Refused: If it says nothing.
        """
        profile = self.config(name).profile
        if key not in profile:
            raise Refused(f"{name} has no {key} in its profile: measure it with `python -m train {name} --measure`.")
        return profile[key]

    def codes(self, name: str) -> dict[str, np.ndarray]:
        """What is kept beside the weights: for codes of floats, those of training and test pictures, (N, D).

        Then hole_radius is the radius that makes a hole, low and high (D,) are the ends of where test codes mostly lie.
        """
        return self._load(self._codes, lambda: load_codes(self.folder(name), self.configs[name]), name)

    def map(self, name: str) -> dict[str, np.ndarray]:
        """Planes and errors of the test pictures, (N, 2) and (N,), as checkpoint.load_map gives them."""
        return self._load(self._maps, lambda: checkpoint.load_map(self.folder(name), self.configs[name]), name)

    def run(self, name: str, network: str, **inputs: Any) -> dict[str, np.ndarray]:
        """The outputs of a network of a checkpoint's model, by name.

        Arguments:
            name: The checkpoint.
            network: A name in explorer.nn.network.networks of its family.
            inputs: What the network takes: arrays, numbers and lists.

        Raises:
            Refused: If the checkpoint is unknown.
            Damaged: If it cannot be loaded, its network fails, or gives what are no numbers.
            Gone: If who asked has left.
        """
        model = self._model(name)
        import torch  # not at the top: the page is served before torch is imported

        given = {key: torch.from_numpy(part) if isinstance(part, np.ndarray) else part for key, part in inputs.items()}
        stop_if_gone()
        # What has stepped back takes only what others leave: holding a slot it would let them wait.
        with contextlib.nullcontext() if has_stepped_back() else self._slots, torch.inference_mode():
            try:
                outputs = run(model, network, given)
            except Exception as error:
                logging.exception("%s of %s failed", network, name)
                raise Damaged(f"{name} does not fit this question: its network {network} failed.") from error
        arrays = {key: part.numpy() for key, part in outputs.items()}
        if not all(map(sound, arrays.values())):
            raise Damaged(f"{name} gives what are no finite numbers: its weights are damaged.")
        return arrays

    def boxes(self, name: str) -> list[dict[str, Any]]:
        """How the layers of a checkpoint's network are drawn, in the order of its network layer_outputs."""
        model = self._model(name)
        return self._load(self._boxes, model.boxes, name)

    def warm_up(self) -> None:
        """Import torch and load the first model, so that the first visitor need not wait for either."""
        for name in list(self.configs)[:1]:
            with contextlib.suppress(Refused):
                self._model(name)

    def _model(self, name: str) -> Any:
        model = self._load(self._models, lambda: checkpoint.make_model(self.configs[name], self._weights[name]), name)
        self._weights.pop(name, None)  # the model has its own
        return model

    def _load(self, loaded: dict[str, Any], load: Callable, name: str) -> Any:
        self.config(name)
        with self._loading:
            if name not in loaded:
                try:
                    loaded[name] = load()
                except CheckpointError as error:
                    raise Damaged(str(error)) from error
            return loaded[name]


def folders(root: Path) -> tuple[list[Path], list[str]]:
    """The folders FAMILY/VARIANT, and a sentence for each that cannot be looked into; hidden ones are passed over."""
    found, problems, level = [root], [], []
    for _ in ("FAMILY", "VARIANT"):
        level, found = found, []
        for folder in level:
            try:
                found += sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.is_dir())
            except FileNotFoundError:
                continue
            except OSError as error:
                problems.append(f"{printable(folder.name)} cannot be looked into: {reason(error)}.")
    return found, problems


def files(roots: tuple[Path, ...]) -> dict[Path, tuple[int, int]]:
    """Size and time of the last change of every file of the checkpoints below some folders."""
    found = {}
    for root in roots:
        for path in (path for folder in folders(root)[0] for path in folder.glob("*")):
            with contextlib.suppress(OSError):  # it has just gone
                status = path.stat()
                found[path] = (status.st_size, status.st_mtime_ns)
    return found


class Looked(NamedTuple):
    """What is found in a folder."""

    config: Config | None  # None if it cannot be shown
    weights: dict[str, np.ndarray]
    problems: list[str]
    mapped: bool = False  # whether it has a sound map


def look_through(folder: Path) -> Looked:
    """What there is in a checkpoint's folder, and what is wrong with it."""
    try:
        config.check_name(folder.name, "/".join(folder.parts[-2:]))
        known = config.load(folder)
        if "pictures" in known.said or own_set.is_own(known.data):
            checkpoint.load_pictures(folder, known)
        weights = checkpoint.load_weights(folder, known)
    except CheckpointError as error:
        return Looked(None, {}, [str(error)])
    problems, found = [], set()
    for file, load in ((CODES, checkpoint.load_codes), (MAP, checkpoint.load_map)):
        if not os.path.lexists(folder / file):
            continue
        try:
            load(folder, known)
            found.add(file)
        except CheckpointError as error:
            problems.append(str(error))
    return Looked(known, weights, problems, MAP in found)


def sound(array: np.ndarray) -> bool:
    """Whether an array, of any kind and also of nothing, holds numbers to go on with."""
    return array.dtype.kind != "f" or not array.size or is_sound(array)


def load_codes(folder: Path, known: Config) -> dict[str, np.ndarray]:
    codes = checkpoint.load_codes(folder, known)
    if "test_codes" not in codes:  # they are grids, and no points of a space
        return codes
    low, high = ranges(codes["test_codes"])
    radius = max(hole_radius(codes["train_codes"]), LEAST_RADIUS)  # they may all be the same
    return codes | {"hole_radius": np.float32(radius), "low": low, "high": np.maximum(high, low + LEAST_RADIUS)}
