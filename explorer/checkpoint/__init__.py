"""A checkpoint is a folder: config.json, model.safetensors, the card made from the config, and what the app draws.

That is codes.safetensors, codes of training and test pictures, and map.safetensors, planes of all test codes. A card
may show a picture, samples.webp. A model of somebody's own pictures brings some of them, pictures.safetensors.
"""

import hashlib
import io
import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from safetensors import SafetensorError
from safetensors.numpy import load
from safetensors.numpy import save as to_bytes

from explorer.checkpoint import config, expected
from explorer.checkpoint.config import CONFIG, Config
from explorer.checkpoint.regular_file import CheckpointError, printable, read
from explorer.data import own_samples
from explorer.data.own_samples import OwnSamples
from explorer.data.picture_set import PictureSet

if TYPE_CHECKING:
    from explorer.models import Autoencoder

WEIGHTS, CARD = "model.safetensors", "README.md"
CODES, MAP = "codes.safetensors", "map.safetensors"
NETWORKS = "networks.safetensors"
LAYOUT = "layout_sha256"  # in the metadata of networks
SHEET = "samples.webp"
PICTURES = "pictures.safetensors"
LARGEST_FLOAT32 = 800_000  # bytes; larger weights are stored as float16, or all families would not fit into 80 MB
LARGEST_GRAPHS = 4_000_000  # bytes; the largest shipped file has 60,000
LARGEST_FILE = 512_000_000  # bytes; the largest shipped one has 6 million


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


def layout(folder: Path, known: Config) -> str:
    """A hash of a model's keywords and of which weights lie where in its file: graphs depend on nothing else."""
    with open(folder / WEIGHTS, "rb") as file:
        where = file.read(int.from_bytes(file.read(8), "little"))
    keywords = json.dumps([known.family, known.said["model"]], sort_keys=True)
    return hashlib.sha256(where + keywords.encode()).hexdigest()


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


def write_config(folder: Path, config: dict[str, Any]) -> None:
    replace(folder / CONFIG, (json.dumps(config, indent=1, ensure_ascii=False) + "\n").encode())


def replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: a full disk leaves what was there. Its mode is that of any new file."""
    unfinished = path.with_name(f".{path.name}.partial")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def read_config(folder: Path) -> dict[str, Any]:
    """What the config of a folder says, to be changed and written again; the app reads config.load instead.

    Raises:
        CheckpointError: If it is not what a config has to be.
    """
    return dict(config.load(folder).said)


def mark(folder: Path) -> None:
    """Note in a config that its weights fit its model, once they have been loaded; the app then starts faster."""
    load_model(folder)
    said = read_config(folder)
    write_config(folder, said | {"fits_sha256": config.fits_sha256(said)})


def load_weights(folder: Path, known: Config) -> dict[str, np.ndarray]:
    """The weights of a folder, which fit its config; torch is imported only if they have no mark.

    Raises:
        CheckpointError: See load_model.
    """
    weights = read_weights(folder, known)
    if not known.fits:
        make_model(known, weights)
    return weights


def load_model(folder: Path | str) -> "Autoencoder":
    """The model of a folder in float32, in evaluation mode, its weights verified.

    Arguments:
        folder: The checkpoint's, or its address on the Hub, hf://OWNER/NAME/FAMILY/VARIANT.

    Raises:
        CheckpointError: If a file is missing, damaged or does not fit the config.
    """
    from explorer.checkpoint import hub  # not at the top: it needs the names of files above

    on_hub = isinstance(folder, str) and folder.startswith(hub.PREFIX)
    folder = hub.fetched(str(folder), hub.ONE) if on_hub else Path(folder)
    known = config.load(folder)
    return make_model(known, read_weights(folder, known))


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


def unpacked(packed: dict[str, np.ndarray], where: str) -> dict[str, np.ndarray]:
    """Arrays as save_map took them, as float32, of what it wrote."""
    arrays = {name: array.astype(np.float32) for name, array in packed.items()}
    if "codes" in arrays:
        ends = {name: expected.Expected(arrays["codes"].shape[1:]) for name in ("codes_low", "codes_step")}
        expected.check(arrays, ends, where)
        arrays["codes"] = arrays.pop("codes_low") + arrays.pop("codes_step") * arrays["codes"]
    return arrays


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


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
