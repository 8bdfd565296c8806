"""One picture through a model of each family of digits, and the first of these scenes, which ships ready-made."""

import contextlib
import json
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from explorer.answers.common import DIGIT, PICTURE_SLACK, PRIOR_RANGE, Answer, decode_all
from explorer.answers.several import ask_each, is_shipped
from explorer.checkpoint.config import Config
from explorer.checkpoint.regular_file import CheckpointError, read
from explorer.compute.corruption import corrupt
from explorer.compute.pictures import to_bytes
from explorer.data import sample_sheets
from explorer.metrics.noise_table import NAMES
from explorer.page.kinds import gives
from explorer.serve.pool import Pool, sound
from explorer.serve.question import Refused, picture

ACTIVE = 0.1  # nats of mean KL from which a dimension of a VAE is shown
FIRST_SCENE = "first_scene.safetensors"
LARGEST_SCENE = 1_000_000  # bytes
FAMILIES = {name.split("/")[0] for name in NAMES}
MOST_OWN = 5  # with them there are six lines of two, and the page is scrolled


class Corruption(TypedDict):
    """How a picture is spoilt: arguments of `corrupt`."""

    kind: str
    level: float
    seed: int


# Of the first picture. Salt and pepper of .3 leaves digits to be seen, and the denoiser is nearest for 297 of 300.
FIRST: Corruption = {"kind": "salt_and_pepper", "level": 0.3, "seed": 1}


def names(pool: Pool) -> list[str]:
    """The models of the line-up that are there and take digits, and behind them up to MOST_OWN of one's own."""
    return [*shipped(pool), *own(pool)[:MOST_OWN]]


def left_out(pool: Pool) -> list[str]:
    """Those of one's own for which there is no room."""
    return own(pool)[MOST_OWN:]


def own(pool: Pool) -> list[str]:
    """Models of one's own that could be in the line-up: of one of its families, and of digits."""
    others = [name for name in pool.configs if name not in NAMES and not is_shipped(name)]
    return [name for name in others if is_of_digits(pool.configs[name])]


def shipped(pool: Pool) -> list[str]:
    """Those of the app."""
    return [name for name in NAMES if name in pool.configs and pool.configs[name].model["picture_shape"] == DIGIT]


def is_of_digits(config: Config) -> bool:
    """Whether a model is of one of the families of the line-up, and of digits, the app's or others."""
    classes = [name.split(" ")[0] for name in sample_sheets.class_names(config.data)]
    return config.family in FAMILIES and config.model["picture_shape"] == DIGIT and classes == list("0123456789")


@gives(pictures="x_hats", numbers="code_* spread_* errors", number="scale_*")
def reconstruct(pool: Pool, x: list, x_tilde: list) -> Answer:
    """What each model makes of a spoilt picture.

    Arguments:
        pool: The checkpoints.
        x: The clean picture, pixels from 0 to 255.
        x_tilde: What the models are given, on the same scale, which noise may leave.

    Returns:
        For model number i code_i (D,), for a VAE the means of its active dimensions with their deviations as spread_i,
        and scale_i, the size of code that fills a drawing; x_hats (M, 1, 28, 28); errors (M,), squared and summed over
        the pixels, against the clean picture.
    """
    clean, spoilt = picture(x, DIGIT), picture(x_tilde, DIGIT, PICTURE_SLACK)
    if not names(pool):
        raise Refused("There is no model for this line-up.")
    first = first_scene(pool.root, tuple(pool.configs[name].weights_sha256 for name in names(pool)))
    if first and np.array_equal(clean, first["x"]) and np.array_equal(spoilt, first["x_tilde"]):
        return {key: value for key, value in first.items() if key not in ("x", "x_tilde")}
    return compute(pool, clean, spoilt)


def compute(pool: Pool, clean: np.ndarray, spoilt: np.ndarray) -> Answer:
    """The same for pictures in [0, 1] (1, 1, 28, 28), by the models themselves."""
    answers, answer = ask_each(names(pool), lambda name: one(pool, name, spoilt))
    x_hats = np.stack([part["x_hat"] for part in answers])
    for number, (name, part) in enumerate(zip(names(pool), answers, strict=True)):
        if pool.configs[name].family == "vae":
            part = {"spread": part["code"]} | part  # one that failed has none
        answer |= {f"{key}_{number}": value for key, value in part.items() if key != "x_hat"}
    return answer | {"x_hats": to_bytes(x_hats), "errors": np.square(x_hats - clean).sum((1, 2, 3))}


def one(pool: Pool, name: str, x: np.ndarray) -> Answer:
    """A model's code as it is drawn, and its reconstruction x_hat (1, 28, 28)."""
    config = pool.configs[name]
    if config.family == "vae":
        mu, log_var = pool.run(name, "posterior", x=x).values()
        kl = np.array(config.profile.get("kl_per_dimension", np.ones(mu.shape[1])))
        shown = np.argsort(-kl, kind="stable")[: max(1, (kl >= ACTIVE).sum())]
        sigma = np.exp(0.5 * log_var[0, shown])
        code: Answer = {"code": mu[0, shown], "spread": sigma, "scale": np.float32(PRIOR_RANGE)}
        return code | {"x_hat": decode_all(pool, name, mu)[0]}

    z = pool.run(name, "encode", x=x)["z"]
    return {"code": z[0], "scale": np.float32(scale(pool, name, z)), "x_hat": decode_all(pool, name, z)[0]}


def scale(pool: Pool, name: str, z: np.ndarray) -> float:
    """The size of code that fills a drawing: 1 of sigmoid units, else where codes mostly lie, or this one's largest."""
    family = pool.configs[name].family
    if family in ("denoising", "sparse", "contractive"):
        return 1
    if family == "autoencoder":
        with contextlib.suppress(Refused):  # without its codes it is drawn as large as the room is
            codes = pool.codes(name)
            return max(np.abs(codes["low"]).max(), np.abs(codes["high"]).max())
    return max(np.abs(z).max(), 1e-6)


def first_pictures() -> tuple[np.ndarray, np.ndarray]:
    """The first picture and how it is first spoilt, each (1, 1, 28, 28), exactly as they come back from the page."""
    x = sample_sheets.load("mnist").pictures[:1]
    clean = picture(x.ravel().tolist(), DIGIT)
    sent = 255 * corrupt(clean, **FIRST)[0].clip(-PICTURE_SLACK, 1 + PICTURE_SLACK)
    return clean, picture(sent.ravel().tolist(), DIGIT, PICTURE_SLACK)


@lru_cache(maxsize=2)
def first_scene(root: Path, weights: tuple[str, ...]) -> dict[str, np.ndarray] | None:
    """What lies ready in a folder of checkpoints, if it was made by models of these weights' SHA-256."""
    try:
        data = read(root / FIRST_SCENE, FIRST_SCENE, LARGEST_SCENE)
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        if json.loads(header["__metadata__"]["weights"]) != list(weights):
            return None
        arrays = load(data)
    except (CheckpointError, SafetensorError, ValueError, LookupError, TypeError):
        return None  # it is only quicker with it
    complete = {"x", "x_tilde", "x_hats", "errors"} <= arrays.keys() and len(arrays["x_hats"]) == len(weights)
    return arrays if complete and all(map(sound, arrays.values())) else None
