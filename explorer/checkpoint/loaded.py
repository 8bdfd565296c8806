"""Checkpoints are read: each file is checked, and a fault is told in one sentence."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.checkpoint import config, expected, hub
from explorer.checkpoint.config import Config
from explorer.checkpoint.files import (
    CODES,
    LARGEST_GRAPHS,
    LAYOUT,
    MAP,
    NETWORKS,
    PICTURES,
    WEIGHTS,
    layout,
    read_arrays,
)
from explorer.checkpoint.regular_file import CheckpointError, read
from explorer.data import own_samples
from explorer.data.own_samples import OwnSamples
from explorer.data.picture_set import PictureSet

if TYPE_CHECKING:
    from explorer.models import Autoencoder


def load_model(folder: Path | str) -> "Autoencoder":
    """The model of a folder in float32, in evaluation mode, its weights verified.

    Arguments:
        folder: The checkpoint's, or its address on the Hub, hf://OWNER/NAME/FAMILY/VARIANT.

    Raises:
        CheckpointError: If a file is missing, damaged or does not fit the config.
    """
    on_hub = isinstance(folder, str) and folder.startswith(hub.PREFIX)
    folder = hub.fetched(str(folder), hub.ONE) if on_hub else Path(folder)
    known = config.load(folder)
    return make_model(known, read_weights(folder, known))


def load_weights(folder: Path, known: Config) -> dict[str, np.ndarray]:
    """The weights of a folder, which fit its config; torch is imported only if they have no mark.

    Raises:
        CheckpointError: See load_model.
    """
    weights = read_weights(folder, known)
    if not known.fits:
        make_model(known, weights)
    return weights


def make_model(known: Config, weights: dict[str, np.ndarray]) -> "Autoencoder":
    """The model of a config with these weights, in float32, in evaluation mode.

    Raises:
        CheckpointError: If they do not fit.
    """
    import torch  # not at the top: the app answers its first request before torch is imported

    from explorer.models import MODELS

    make = partial(MODELS[known.family], **known.model)
    try:
        if not known.fits and sizes(make) != {key: array.shape for key, array in weights.items()}:
            raise ValueError("Names or sizes differ.")
        model = make()
        model.load_state_dict({key: torch.from_numpy(array).float() for key, array in weights.items()})
        model.requires_grad_(False).eval()
        if not known.fits:
            model.try_out()
    except OverflowError as error:
        raise CheckpointError(f"The weights of {known.name} give what are no finite numbers.") from error
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RuntimeError) as error:
        raise CheckpointError(f"The weights of {known.name} do not fit the model its config describes.") from error
    return model


def sizes(make: Callable[[], "Autoencoder"]) -> dict[str, tuple[int, ...]]:
    """Sizes of a model's weights by name, without allocating any of them."""
    import torch

    with torch.device("meta"):
        return {key: tuple(part.shape) for key, part in make().state_dict().items()}


def read_weights(folder: Path, known: Config) -> dict[str, np.ndarray]:
    """Finite numbers in single or half precision, refused if they are not those of the config's SHA-256."""
    weights = read_arrays(folder / WEIGHTS, known.weights_sha256)
    for key, array in weights.items():
        if array.dtype not in (np.float32, np.float16):
            raise CheckpointError(f"{known.name}/{WEIGHTS} must hold float32 or float16, but {key} is {array.dtype}.")
        if not np.isfinite(array).all():
            raise CheckpointError(f"{known.name}/{WEIGHTS} is damaged: {key} holds what is no finite number.")
    return weights


def load_codes(folder: Path, known: Config | None = None) -> dict[str, np.ndarray]:
    """Codes of training and test pictures, as float32, with the test pictures' labels.

    Arguments:
        folder: The checkpoint's folder.
        known: Its config, where that is at hand.

    Raises:
        CheckpointError: If the file is missing or damaged, or what it holds does not fit the config.
    """
    known = known or config.load(folder)
    arrays, wanted = read_arrays(folder / CODES), expected.codes(known.family, known.data, known.model)
    expected.check(arrays, wanted, f"{known.name}/{CODES}")
    expected.check_lengths(arrays, f"{known.name}/{CODES}")
    return arrays | {name: each.as_read(arrays[name]) for name, each in wanted.items()}


def load_map(folder: Path, known: Config | None = None) -> dict[str, np.ndarray]:
    """Planes, errors and codes of test pictures, as save_map took them, as float32.

    Arguments:
        folder: The checkpoint's folder.
        known: Its config, where that is at hand.

    Raises:
        CheckpointError: If the file is missing or damaged, or what it holds does not fit the config.
    """
    known = known or config.load(folder)
    arrays = unpacked(read_arrays(folder / MAP), f"{known.name}/{MAP}")
    expected.check(arrays, expected.planes(known.family, known.data, known.model), f"{known.name}/{MAP}")
    return arrays


def unpacked(packed: dict[str, np.ndarray], where: str) -> dict[str, np.ndarray]:
    """Arrays as save_map took them, as float32, of what it wrote."""
    arrays = {name: array.astype(np.float32) for name, array in packed.items()}
    if "codes" in arrays:
        ends = {name: expected.Expected(arrays["codes"].shape[1:]) for name in ("codes_low", "codes_step")}
        expected.check(arrays, ends, where)
        arrays["codes"] = arrays.pop("codes_low") + arrays.pop("codes_step") * arrays["codes"]
    return arrays


def load_pictures(folder: Path, known: Config | None = None) -> OwnSamples:
    """The pictures that a model of somebody's own brings with it; they are then known by the name of its set.

    Arguments:
        folder: The checkpoint's folder.
        known: Its config, where that is at hand.

    Raises:
        CheckpointError: If there are none, or they are not those of the config.
    """
    known = known or config.load(folder)
    said = known.said.get("pictures")
    if said is None:
        raise CheckpointError(
            f"{known.name} is not shown: none of the pictures that it was trained on come with it; "
            "`--ship-samples N` of the training puts some there."
        )
    where, shape = f"{known.name}/{PICTURES}", known.model["picture_shape"]
    arrays = read_arrays(folder / PICTURES, said["sha256"])
    expected.check(arrays, expected.own_pictures(shape, len(said["class_names"])), where)
    pictures, labels = arrays["pictures"].astype(np.uint8), arrays["labels"].astype(np.int64)
    if len(pictures) != len(labels):
        raise CheckpointError(f"{where}: pictures and labels must be of one length.")
    samples = OwnSamples(said["title"], PictureSet(pictures, labels, tuple(said["class_names"])))
    own_samples.enter(known.data, samples)
    return samples


def read_graphs(folder: Path, known: Config | None = None) -> bytes:
    """The file of a folder's graphs as it stands.

    Arguments:
        folder: The checkpoint's folder.
        known: Its config, where that is at hand.

    Raises:
        CheckpointError: If there is none, or it was made for weights that lie otherwise.
    """
    known = known or config.load(folder)
    where = f"{known.name}/{NETWORKS}"
    data = read(folder / NETWORKS, where, LARGEST_GRAPHS)
    try:
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        fits = header["__metadata__"][LAYOUT] == layout(folder, known)
    except (ValueError, LookupError, TypeError, OSError) as error:
        raise CheckpointError(f"{where} is damaged.") from error
    if not fits:
        raise CheckpointError(f"{where} was made for other weights: make it again.")
    return data


def read_config(folder: Path) -> dict[str, Any]:
    """What the config of a folder says, to be changed and written again; the app reads config.load instead.

    Raises:
        CheckpointError: If it is not what a config has to be.
    """
    return dict(config.load(folder).said)
