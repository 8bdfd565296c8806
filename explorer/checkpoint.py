"""A checkpoint is a folder: config.json, model.safetensors, the card made from the config, and what the app draws.

That is codes.safetensors, codes of training and test pictures, and map.safetensors, planes of all test codes.
"""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

if TYPE_CHECKING:
    from explorer.models import Autoencoder

CONFIG, WEIGHTS, CARD = "config.json", "model.safetensors", "README.md"
CODES, MAP = "codes.safetensors", "map.safetensors"
LARGEST_FLOAT32 = 800_000  # bytes; larger weights are stored as float16, or all families would not fit into 80 MB
REQUIRED = ("family", "variant", "data", "model", "weights_sha256")


class CheckpointError(Exception):
    """One sentence that says what is wrong with a folder."""


def save(folder: Path, model: "Autoencoder", config: dict[str, Any]) -> None:
    """Write weights and config; the weights' SHA-256 is added to the config.

    Arguments:
        folder: The checkpoint's folder, made if need be.
        model: The trained model, on the CPU.
        config: JSON-ready; at least family, variant, data and model (the model's keywords).
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.detach().cpu().contiguous().numpy() for name, tensor in model.state_dict().items()}
    if sum(array.nbytes for array in weights.values()) > LARGEST_FLOAT32:
        weights = {name: array.astype(np.float16) for name, array in weights.items()}
    save_file(weights, folder / WEIGHTS)
    write_config(folder, {**config, "weights_sha256": sha256(folder / WEIGHTS)})


def save_codes(folder: Path, codes: dict[str, np.ndarray]) -> None:
    """Write what the app keeps of a model's codes; no file of none."""
    if codes:
        save_file(codes, folder / CODES)


def save_map(folder: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write planes and errors of test pictures as float16, codes as bytes; no file of none.

    Arguments:
        folder: The checkpoint's folder.
        arrays: Of floats (N, ...). In "codes" (N, D) a byte runs from the least value of its dimension to the largest.
    """
    packed = {name: array.astype(np.float16) for name, array in arrays.items() if name != "codes"}
    if "codes" in arrays:
        codes = arrays["codes"].astype(np.float32)
        low, high = codes.min(0), codes.max(0)
        step = np.maximum(high - low, 1e-12) / 255
        packed |= {"codes": np.rint((codes - low) / step).astype(np.uint8), "codes_low": low, "codes_step": step}
    if packed:
        save_file(packed, folder / MAP)


def write_config(folder: Path, config: dict[str, Any]) -> None:
    (folder / CONFIG).write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_config(folder: Path) -> dict[str, Any]:
    """The config of a folder, with every required key.

    Raises:
        CheckpointError: If it is missing, is not JSON, lacks a key, or names another family or variant than its folder.
    """
    name = "/".join(folder.parts[-2:])
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except OSError as error:
        raise CheckpointError(f"{name} has no readable {CONFIG}.") from error
    except ValueError as error:
        raise CheckpointError(f"{name}/{CONFIG} is not valid JSON.") from error
    missing = [key for key in REQUIRED if not isinstance(config, dict) or key not in config]
    if missing:
        raise CheckpointError(f"{name}/{CONFIG} lacks {', '.join(missing)}.")
    if f"{config['family']}/{config['variant']}" != name:
        raise CheckpointError(f"{name}/{CONFIG} names another model, {config['family']}/{config['variant']}.")
    return config


def load_model(folder: Path) -> "Autoencoder":
    """The model of a folder in float32, in evaluation mode, its weights verified.

    Raises:
        CheckpointError: If a file is missing, damaged or does not fit the config.
    """
    import torch  # not at the top: the app answers its first request before torch is imported

    from explorer.models import MODELS

    config = read_config(folder)
    name = f"{config['family']}/{config['variant']}"
    if config["family"] not in MODELS:
        raise CheckpointError(f"{name} is of a family this version does not know.")
    weights = read_arrays(folder / WEIGHTS, config["weights_sha256"])
    try:
        model = MODELS[config["family"]](**config["model"])
        model.load_state_dict({key: torch.from_numpy(array).float() for key, array in weights.items()})
    except (TypeError, ValueError, KeyError, RuntimeError) as error:
        raise CheckpointError(f"The weights of {name} do not fit the model its config describes.") from error
    return model.requires_grad_(False).eval()


def load_codes(folder: Path) -> dict[str, np.ndarray]:
    """Codes of training and test pictures, as float32, with the test pictures' labels.

    Raises:
        CheckpointError: If the file is missing or damaged.
    """
    return {
        name: array.astype(np.float32) if array.dtype == np.float16 else array
        for name, array in read_arrays(folder / CODES).items()
    }


def load_map(folder: Path) -> dict[str, np.ndarray]:
    """Planes, errors and codes of test pictures, as save_map took them, as float32.

    Raises:
        CheckpointError: If the file is missing or damaged.
    """
    arrays = {name: array.astype(np.float32) for name, array in read_arrays(folder / MAP).items()}
    if "codes" in arrays:
        arrays["codes"] = arrays.pop("codes_low") + arrays.pop("codes_step") * arrays["codes"]
    return arrays


def read_arrays(path: Path, expected_sha256: str | None = None) -> dict[str, np.ndarray]:
    """Arrays of a safetensors file, refused with one sentence where it is missing or damaged."""
    name = "/".join(path.parts[-3:])
    try:
        if expected_sha256 is not None and sha256(path) != expected_sha256:
            raise CheckpointError(f"{name} is damaged: its SHA-256 is not the one in {CONFIG}.")
        return load_file(path)
    except OSError as error:
        raise CheckpointError(f"{name} is missing.") from error
    except (SafetensorError, ValueError) as error:
        raise CheckpointError(f"{name} is damaged.") from error


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
