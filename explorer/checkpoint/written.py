"""Checkpoints are written, each file whole or not at all."""

import hashlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from safetensors.numpy import save as to_bytes

from explorer.checkpoint import config
from explorer.checkpoint.config import CONFIG
from explorer.checkpoint.files import (
    CODES,
    LARGEST_FLOAT32,
    LAYOUT,
    MAP,
    NETWORKS,
    PICTURES,
    SHEET,
    WEIGHTS,
    layout,
    replace,
    sha256,
)
from explorer.checkpoint.loaded import load_model, read_config
from explorer.data import own_samples
from explorer.data.own_samples import OwnSamples

if TYPE_CHECKING:
    from explorer.models import Autoencoder


def save(folder: Path, model: "Autoencoder", said: dict[str, Any]) -> None:
    """Write weights and config; the weights' SHA-256 is added to the config, and that they fit.

    Arguments:
        folder: The checkpoint's folder, made if need be.
        model: The trained model, on the CPU.
        said: The config, JSON-ready; at least family, variant, data and model (the model's keywords).
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.detach().cpu().contiguous().numpy() for name, tensor in model.state_dict().items()}
    if sum(array.nbytes for array in weights.values()) > LARGEST_FLOAT32:
        weights = {name: array.astype(np.float16) for name, array in weights.items()}
    replace(folder / WEIGHTS, to_bytes(weights))
    said = {**said, "weights_sha256": sha256(folder / WEIGHTS)}
    write_config(folder, {**said, "fits_sha256": config.fits_sha256(said)})


def save_codes(folder: Path, codes: dict[str, np.ndarray]) -> None:
    """Write what the app keeps of a model's codes; no file of none."""
    if codes:
        replace(folder / CODES, to_bytes(codes))


def save_pictures(folder: Path, samples: OwnSamples) -> dict[str, Any]:
    """Write the pictures that a model brings with it; returns what its config has to say of them."""
    pictures, labels, class_names, *_ = samples.pictures
    content = to_bytes({"pictures": np.ascontiguousarray(pictures), "labels": labels.astype(np.int64)})
    folder.mkdir(parents=True, exist_ok=True)
    replace(folder / PICTURES, content)
    digest = hashlib.sha256(content).hexdigest()
    said = {"title": samples.title, "class_names": list(class_names), "sha256": digest}
    return {"data": own_samples.name_of(samples.title, digest), "pictures": said}


def save_sheet(folder: Path, pixels: np.ndarray | None) -> None:
    """Write the picture on the card, uint8 (H, W, 3); no file of none."""
    if pixels is not None:
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "WebP", quality=90)
        replace(folder / SHEET, file.getvalue())


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
        replace(folder / MAP, to_bytes(packed))


def save_networks(folder: Path, graphs: dict[str, bytes]) -> None:
    """Write graphs by the names of their networks, with a hash of what they were made for."""
    arrays = {name: np.frombuffer(graph, np.uint8) for name, graph in graphs.items()}
    replace(folder / NETWORKS, to_bytes(arrays, {LAYOUT: layout(folder, config.load(folder))}))


def write_config(folder: Path, config: dict[str, Any]) -> None:
    replace(folder / CONFIG, (json.dumps(config, indent=1, ensure_ascii=False) + "\n").encode())


def mark(folder: Path) -> None:
    """Note in a config that its weights fit its model, once they have been loaded; the app then starts faster."""
    load_model(folder)
    said = read_config(folder)
    write_config(folder, said | {"fits_sha256": config.fits_sha256(said)})
