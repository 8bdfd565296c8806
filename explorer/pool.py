"""The checkpoints of a folder: listed at once, loaded when first asked for, then shared and read-only."""

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from explorer import checkpoint
from explorer.checkpoint import CheckpointError
from explorer.data import image_folder
from explorer.latent import hole_radius, ranges
from explorer.question import Refused
from explorer.turns import stop_if_gone

SLOTS = 2  # computations at a time: more would only take the two cores of a Space from each other


class Pool:
    """Configs, models and codes of all readable checkpoints below a folder.

    Arguments:
        root: Folder with FAMILY/VARIANT folders; it may be missing or empty.
    """

    def __init__(self, root: Path):
        self.root = root
        self.configs: dict[str, dict[str, Any]] = {}
        self.problems: list[str] = []  # a sentence for each folder that cannot be used
        for path in sorted(root.glob("*/*/")):
            try:
                self._add(checkpoint.read_config(path))
            except CheckpointError as error:
                self.problems.append(str(error))
        self._models: dict[str, Any] = {}
        self._codes: dict[str, dict[str, np.ndarray]] = {}
        self._maps: dict[str, dict[str, np.ndarray]] = {}
        self._loading = threading.Lock()
        self._slots = threading.BoundedSemaphore(SLOTS)

    def _add(self, config: dict[str, Any]) -> None:
        name = f"{config['family']}/{config['variant']}"
        if str(config["data"]).startswith(image_folder.PREFIX):
            raise CheckpointError(
                f"{name} is not shown: none of the pictures that it was trained on come with the app."
            )
        self.configs[name] = config

    def names(self, family: str) -> list[str]:
        """Checkpoints of a family, the ones with the fewest latent dimensions first."""
        names = [name for name, config in self.configs.items() if config["family"] == family]
        return sorted(names, key=lambda name: self.configs[name]["model"].get("latent_dim", 0))

    def config(self, name: Any) -> dict[str, Any]:
        """The config of a checkpoint.

        Raises:
            Refused: If there is none of that name.
        """
        if not isinstance(name, str) or name not in self.configs:
            raise Refused(f"There is no checkpoint named {str(name)[:60]!r}.")
        return self.configs[name]

    def codes(self, name: str) -> dict[str, np.ndarray]:
        """What is kept beside the weights: for codes of floats, those of training and test pictures, (N, D).

        Then hole_radius is the radius that makes a hole, low and high (D,) are the ends of where test codes mostly lie.
        """
        return self._load(self._codes, load_codes, name)

    def map(self, name: str) -> dict[str, np.ndarray]:
        """Planes and errors of the test pictures, (N, 2) and (N,), as checkpoint.load_map gives them."""
        return self._load(self._maps, checkpoint.load_map, name)

    def compute(self, name: str, function: Callable, *arrays: np.ndarray) -> Any:
        """Call function(model, *tensors) and return its tensors as arrays.

        Arguments:
            name: A checkpoint.
            function: Takes the model and tensors; returns a tensor or a tuple of them.
            arrays: float32, handed on as tensors.

        Raises:
            Refused: If the checkpoint is unknown or cannot be loaded.
            Gone: If who asked has left.
        """
        model = self._load(self._models, checkpoint.load_model, name)
        import torch  # not at the top: the page is served before torch is imported

        stop_if_gone()
        with self._slots, torch.inference_mode():
            result = function(model, *map(torch.from_numpy, arrays))
        return tuple(part.numpy() for part in result) if isinstance(result, tuple) else result.numpy()

    def warm_up(self) -> None:
        """Import torch and load the first model, so that the first visitor need not wait for either."""
        for name in list(self.configs)[:1]:
            with contextlib.suppress(Refused):
                self._load(self._models, checkpoint.load_model, name)

    def _load(self, loaded: dict[str, Any], load: Callable, name: str) -> Any:
        self.config(name)
        with self._loading:
            if name not in loaded:
                try:
                    loaded[name] = load(self.root / name)
                except CheckpointError as error:
                    raise Refused(str(error)) from error
            return loaded[name]


def load_codes(folder: Path) -> dict[str, np.ndarray]:
    codes = checkpoint.load_codes(folder)
    if "test_codes" not in codes:  # they are grids, and no points of a space
        return codes
    low, high = ranges(codes["test_codes"])
    return codes | {"hole_radius": np.float32(hole_radius(codes["train_codes"])), "low": low, "high": high}
