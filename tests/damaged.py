"""Sound small checkpoints of every family with all their files, and what can go wrong with one of these files."""

import json
import math
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from safetensors.torch import save_file as save_tensors

from explorer import checkpoint
from explorer.data import sample_sheets
from explorer.data.rendered_sets import WORLDS
from explorer.models import MODELS
from tests.conftest import SMALL

DATA = {"beta_vae": "dsprites", "vq_vae": "cifar10", "vq_vae_2": "emoji"}  # the others' are digits
CODES = {"autoencoder", "vae", "beta_vae"}  # families of which points of a space are kept
Damage = Callable[[Path], Any]


def make_sound(folder: Path) -> None:
    """An untrained checkpoint FAMILY/VARIANT with codes, profile, figures and card; an autoencoder has a map, too."""
    family, variant = folder.parts[-2:]
    data = DATA.get(family, "mnist")
    shape = list(sample_sheets.shape(data))
    torch.manual_seed(0)
    model = MODELS[family](picture_shape=shape, **SMALL[family]).eval()
    keywords = {"picture_shape": shape, **SMALL[family]}
    said = {"family": family, "variant": variant, "data": data, "model": keywords, "figures": {"test": {"kl": 1.0}}}
    checkpoint.save(folder, model, said | {"profile": profile(family, model, data)})
    checkpoint.save_codes(folder, codes(family, model, data))
    if family == "autoencoder":
        plane = np.random.default_rng(1).standard_normal((10_000, 2))
        checkpoint.save_map(folder, {"umap": plane, "error": np.ones(10_000)})
    (folder / checkpoint.CARD).write_text("# A card\n")


def profile(family: str, model: Any, data: str) -> dict[str, Any]:
    size = model.latent_dim
    if family == "beta_vae":
        factors = WORLDS[data].FACTORS
        tables = [np.ones((values, size)).tolist() for values in factors.sizes]
        information = np.full((size, len(factors.sizes)), 0.1).tolist()
        return {"kl_per_dimension": [1.0] * size, "mutual_information": information, "mean_by_factor": tables}
    if family.startswith("vq"):
        levels = ("top_", "bottom_") if family == "vq_vae_2" else ("",)
        order = list(range(model.num_codes))
        return {f"{level}{name}": order for level in levels for name in ("use", "by_similarity")}
    return {
        "autoencoder": {"pca_dims": [1, 2], "pca_squared_error": [9.0, 8.0]},
        "denoising": {"noises": [["m", "masking", 0.5]], "psnr": [9.0], "ssim": [0.5], "code_distance": 1.0},
        "sparse": {"mean_activations": [0.1] * size},
        "k_sparse": {"use": [0.1] * size},
        "contractive": {"code_distance": 1.0},
        "vae": {"kl_per_dimension": [1.0] * size},
    }.get(family, {})


def codes(family: str, model: Any, data: str) -> dict[str, np.ndarray]:
    rng, count = np.random.default_rng(0), len(sample_sheets.load(data).pictures)
    if family in CODES:
        points = {name: rng.standard_normal((50, model.latent_dim)) for name in ("test_codes", "train_codes")}
        return {"test_labels": np.zeros(50, np.uint8)} | {key: one.astype(np.float16) for key, one in points.items()}
    tiles = np.full((8, 3, 8, 8), 90, np.uint8)
    if family == "vq_vae":
        return {"tiles": tiles, "shipped": rng.integers(0, 8, (count, 8, 8)).astype(np.uint16)}
    if family == "vq_vae_2":
        grids = {"top_train": (9, 8, 8), "bottom_train": (9, 16, 16)}
        trained = {name: rng.integers(0, 8, size).astype(np.uint8) for name, size in grids.items()}
        means = {"top_mean": np.zeros(4, np.float32), "bottom_mean": np.zeros((9, 2, 2, 4), np.float16)}
        return trained | means | {"top_tiles": tiles, "bottom_tiles": tiles}
    return {}


# ---- What can go wrong --------------------------------------------------------------------------------------------


def edit(**changes: Any) -> Damage:
    """Other values of a config's keys; one of … is left out."""

    def damage(folder: Path) -> None:
        said = json.loads((folder / "config.json").read_text()) | changes
        said = {key: value for key, value in said.items() if value is not ...}
        (folder / "config.json").write_text(json.dumps(said))

    return damage


def keywords(**changes: Any) -> Damage:
    """Other keywords of the model."""

    def damage(folder: Path) -> None:
        model = json.loads((folder / "config.json").read_text())["model"] | changes
        edit(model={key: value for key, value in model.items() if value is not ...})(folder)

    return damage


def in_profile(**changes: Any) -> Damage:
    def damage(folder: Path) -> None:
        said = json.loads((folder / "config.json").read_text())["profile"] | changes
        edit(profile={key: value for key, value in said.items() if value is not ...})(folder)

    return damage


def content(name: str, data: bytes) -> Damage:
    return lambda folder: (folder / name).write_bytes(data)


def gone(name: str) -> Damage:
    return lambda folder: (folder / name).unlink()


def cut(name: str) -> Damage:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-50])


def instead(name: str, make: Callable[[Path], Any]) -> Damage:
    """Something that is no file."""

    def damage(folder: Path) -> None:
        (folder / name).unlink()
        make(folder / name)

    return damage


NO_FILES = {
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a device": lambda path: path.symlink_to("/dev/zero"),
}


def arrays(name: str, change: Callable[[dict[str, np.ndarray]], dict[str, Any]], write: Callable = save_file) -> Damage:
    """Other arrays in a file; of weights the config knows the new SHA-256."""

    def damage(folder: Path) -> None:
        write(change(load_file(folder / name)), folder / name)
        if name == checkpoint.WEIGHTS:
            edit(weights_sha256=checkpoint.sha256(folder / name))(folder)

    return damage


def each(change: Callable[[np.ndarray], np.ndarray]) -> Callable:
    return lambda held: {key: np.ascontiguousarray(change(array)) for key, array in held.items()}


def filled(value: float) -> Callable:
    return each(lambda array: np.full_like(array, value) if array.dtype.kind == "f" else array)


def one(value: float) -> Callable:
    """One number of each array is this."""

    def change(array: np.ndarray) -> np.ndarray:
        array = array.copy()
        if array.dtype.kind == "f":
            array.flat[-1] = value
        return array

    return each(change)


def as_bf16(held: dict[str, np.ndarray]) -> dict[str, torch.Tensor]:
    return {key: torch.tensor(array.astype(np.float32)).bfloat16() for key, array in held.items()}


def renamed(held: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {f"other_{key}": array for key, array in held.items()}


def of_arrays(name: str) -> dict[str, Damage]:
    """What can be wrong with the numbers of a file."""
    kinds = {
        "NaN": filled(math.nan),
        "one NaN": one(math.nan),
        "infinite": one(math.inf),
        "too large": filled(6e4) if name != checkpoint.WEIGHTS else filled(1e30),
        "doubles": each(lambda array: array.astype(np.float64)),
        "integers": each(lambda array: array.astype(np.int32)),
        "renamed": renamed,
        "none": lambda _: {},
        "longer": each(lambda array: np.concatenate([array, array])),
        "shorter": each(lambda array: array[:1]),
        "empty": each(lambda array: array[:0]),
        "flat": each(np.ravel),
        "turned": each(lambda array: array.T.copy()),
    }
    return {f"{name}: {kind}": arrays(name, change) for kind, change in kinds.items()} | {
        f"{name}: bf16": arrays(name, as_bf16, save_tensors)
    }


def of_file(name: str) -> dict[str, Damage]:
    """What can be in the place of a file."""
    kinds = {"gone": gone(name), "empty file": content(name, b""), "cut": cut(name), "text": content(name, b"no model")}
    kinds |= {"endless header": content(name, b"\xff" * 64), "not UTF-8": content(name, "{'é': 1}".encode("latin-1"))}
    return {f"{name}: {kind}": damage for kind, damage in kinds.items()} | {
        f"{name}: {kind}": instead(name, make) for kind, make in NO_FILES.items()
    }


CONFIGS = {text: content("config.json", text.encode()) for text in ("{", "null", "[]", "{}", '"x"', "3", "NaN")}
CONFIGS |= {
    "deep": content("config.json", b"[" * 100_000),
    "nested": edit(recipe=json.loads('{"a":' * 60 + "1" + "}" * 60)),
    "a number of 5,000 digits": content("config.json", b'{"family": ' + b"9" * 5000 + b"}"),
    "UTF-16": content("config.json", "{}".encode("utf-16")),
    **{f"without {key}": edit(**{key: ...}) for key in ("family", "variant", "data", "model", "weights_sha256")},
    **{f"family {value!r}": edit(family=value) for value in ("flow", None, 3, "autoencoder", "__init__")},
    **{f"variant {value!r}": edit(variant=value) for value in ("other", None, "../../etc")},
    **{f"data {value!r}": edit(data=value) for value in ("none", None, 3, "../mnist", "cifar10", "folder:x")},
    **{f"model {value!r}": edit(model=value) for value in (None, [], "vae", {}, 3, True)},
    **{f"weights_sha256 {value!r}": edit(weights_sha256=value) for value in (None, "0", 3, "a" * 64, "Z" * 64)},
    **{
        f"{key} {value!r}": edit(**{key: value})
        for key in ("profile", "figures", "recipe", "training", "seeds")
        for value in (None, [], "x", 3)
    },
    **{f"figures {value!r}": edit(figures={"test": value}) for value in (None, [], {"kl": "x"}, {"kl": None})},
    "figures too large": edit(figures={"test": {"kl": 1e400}}),
    "no figures": edit(figures=...),
    "no profile": edit(profile=...),
    "a history of nothing": edit(training={"history": [None, {"step": "x"}]}),
}
LATENTS = ("2", 2.0, None, 3, 10**6, 3 * 10**8, True, 0, -1, [2], 10**400)
SHAPES = (None, 28, [28, 28], [1, 28, "28"], [1, 0, 28], [1, 32, 32], [1.0, 28, 28], [1, 10**6, 10**6], [-1, 28, 28])
MODEL = {
    **{f"latent_dim {str(value)[:20]!r}": keywords(latent_dim=value) for value in LATENTS},
    "without latent_dim": keywords(latent_dim=...),
    **{f"picture_shape {value}": keywords(picture_shape=value) for value in SHAPES},
    **{
        f"hidden {str(v)[:20]}": keywords(hidden=v) for v in (None, "wide", [0], [10**9], [[16]], [16] * 99, [], [8, 8])
    },
    "an unknown keyword": keywords(colour=True),
    "an unknown activation": keywords(activation="sine"),
}
WEIGHTS = of_file(checkpoint.WEIGHTS) | of_arrays(checkpoint.WEIGHTS)
KEPT = of_file(checkpoint.CODES) | of_arrays(checkpoint.CODES)
KEPT |= {"codes: all the same": arrays(checkpoint.CODES, filled(0.5))}
PLANES = of_file(checkpoint.MAP) | of_arrays(checkpoint.MAP)
CARD = of_file(checkpoint.CARD)
KL = {
    f"kl {v!r}": in_profile(kl_per_dimension=v) for v in (None, [], [1.0], ["a", "b"], [1, None], {"a": 1}, 3, [[1, 2]])
}

OF_FAMILY: dict[str, dict[str, Damage]] = {
    "autoencoder": PLANES
    | {
        "pca_dim 10000": keywords(pca_dim=10_000),
        "pca_dim 0": keywords(pca_dim=0),
        "curves of two lengths": in_profile(pca_dims=[1]),
        "a curve alone": in_profile(pca_dims=...),
    },
    "denoising": {
        "corruption fog": keywords(corruption="fog"),
        "level 3": keywords(level=3),
        "channels": keywords(channels=[4, 4]),
        "no channels": keywords(channels=None),
        "noises": in_profile(noises=[1]),
        "no noises": in_profile(noises=...),
        "psnr": in_profile(psnr=[1.0, 2.0]),
    },
    "sparse": {
        "rho 2": keywords(sparsity_target=2),
        "rho": keywords(sparsity_target="x"),
        "hidden missing": keywords(hidden=...),
        "no means": in_profile(mean_activations=...),
        "few means": in_profile(mean_activations=[0.1]),
    },
    "k_sparse": {
        **{f"k {value!r}": keywords(k=value) for value in (-1, 0, 17, None, "4", ...)},
        "no use": in_profile(use=...),
        "use of others": in_profile(use=[1.0]),
    },
    "contractive": {
        "contraction": keywords(contraction=None),
        "code_distance 0": in_profile(code_distance=0),
        "no code_distance": in_profile(code_distance=...),
    },
    "vae": CONFIGS
    | MODEL
    | WEIGHTS
    | KEPT
    | CARD
    | KL
    | {"config: " + k: d for k, d in of_file("config.json").items()},
    "beta_vae": {
        "channels []": keywords(channels=[]),
        "channels [0]": keywords(channels=[0]),
        "capacity": keywords(capacity="x"),
        "beta": keywords(beta=None),
        "information turned": in_profile(mutual_information=[[0.1] * 2] * 5),
        "no information": in_profile(mutual_information=...),
        "no kl": in_profile(kl_per_dimension=...),
        "tables": in_profile(mean_by_factor=[[1.0]]),
        "no tables": in_profile(mean_by_factor=...),
        "a table too few": in_profile(mean_by_factor=[[[1.0, 1.0]] * 3]),
    },
    "vq_vae": KEPT
    | {
        "num_codes 0": keywords(num_codes=0),
        "num_codes 7": keywords(num_codes=7),
        "order": in_profile(by_similarity=[0] * 8),
        "order of more": in_profile(by_similarity=[*range(7), 8]),
        "use of none": in_profile(use=[0] * 8),
        "no use": in_profile(use=...),
        "no order": in_profile(by_similarity=...),
        "blocks": keywords(residual_blocks=10**9),
    },
    "vq_vae_2": KEPT
    | {
        "heads": keywords(prior_heads=3),
        "classes": keywords(num_classes=-1),
        "no use": in_profile(top_use=...),
        "no profile": edit(profile=...),
    },
    "td_vae": {
        "latent_dim 3": keywords(latent_dim=3),
        "longest_jump 0": keywords(longest_jump=0),
        "longest_jump 5": keywords(longest_jump=5),
        "noise 0": keywords(noise=0),
        "units": keywords(units=10**7),
        "foresight of black or white": keywords(foresight=1.0),
        "one future": keywords(futures=1),
        "two milliseconds": in_profile(one_milliseconds=[1.0, 2.0]),
        "milliseconds of nothing": in_profile(many_milliseconds=[None] * 4),
    },
}


def copy(sound: Path, family: str, root: Path, damage: Damage) -> Path:
    """A folder of checkpoints: the sound one of a family, and another one that is damaged."""
    for variant in ("good", "bad"):
        folder = root / family / variant
        shutil.copytree(sound / family / "good", folder)
        edit(variant=variant)(folder)
    damage(root / family / "bad")
    return root
