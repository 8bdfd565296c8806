"""The files of a checkpoint's folder: their names, how large they may be, how they are read and written."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from explorer.checkpoint.config import CONFIG, Config
from explorer.checkpoint.regular_file import CheckpointError, printable, read

WEIGHTS, CARD = "model.safetensors", "README.md"
CODES, MAP = "codes.safetensors", "map.safetensors"
NETWORKS = "networks.safetensors"
LAYOUT = "layout_sha256"  # in the metadata of networks
SHEET = "samples.webp"
PICTURES = "pictures.safetensors"
LARGEST_FLOAT32 = 800_000  # bytes; larger weights are stored as float16, or all families would not fit into 80 MB
LARGEST_GRAPHS = 4_000_000  # bytes; the largest shipped file has 60,000
LARGEST_FILE = 512_000_000  # bytes; the largest shipped one has 6 million


def read_arrays(path: Path, expected_sha256: str | None = None) -> dict[str, np.ndarray]:
    """Arrays of a safetensors file, refused with one sentence where it is missing or damaged."""
    name = printable("/".join(path.parts[-3:]))
    data = read(path, name, LARGEST_FILE)
    if expected_sha256 is not None and hashlib.sha256(data).hexdigest() != expected_sha256:
        raise CheckpointError(f"{name} is damaged: its SHA-256 is not the one in {CONFIG}.")
    try:
        return load(data)
    except KeyError as error:
        raise CheckpointError(f"{name} holds numbers of a kind that is not read, {error.args[0]}.") from error
    except (SafetensorError, ValueError, TypeError) as error:
        raise CheckpointError(f"{name} is damaged.") from error


def replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: a full disk leaves what was there. Its mode is that of any new file."""
    unfinished = path.with_name(f".{path.name}.partial")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def layout(folder: Path, known: Config) -> str:
    """A hash of a model's keywords and of which weights lie where in its file: graphs depend on nothing else."""
    with open(folder / WEIGHTS, "rb") as file:
        where = file.read(int.from_bytes(file.read(8), "little"))
    keywords = json.dumps([known.family, known.said["model"]], sort_keys=True)
    return hashlib.sha256(where + keywords.encode()).hexdigest()


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
