"""A question that the page could ask, for every handler of every tab and every checkpoint that it might be asked of."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from explorer import answers
from explorer.data.rendered_sets import WORLDS
from explorer.serve import maps
from explorer.serve.pool import Pool
from explorer.tabs import td_vae

HANDLERS = {
    f"{stem}/{name}": handler for stem, handlers in answers.HANDLERS.items() for name, handler in handlers.items()
}
# Of several checkpoints that a tab shows, the one to ask.
SPECIAL = {
    "denoising/layers": "denoising/mnist-stack",
    "denoising/families": "denoising/mnist-any",
    "denoising": "denoising/mnist-mask25",
    "map": "autoencoder/mnist-2d",
    "td_vae": "td_vae/moving-mnist",
    **dict.fromkeys(("td_vae/oscillation", "td_vae/fan"), "td_vae/oscillator"),
    **dict.fromkeys(("vae/autoencode", "vae/autodecode"), "autoencoder/mnist-2d"),
}

# Arguments that mean another thing than their name does elsewhere.
OWN = {
    "autoencoder/pca": {"dimensions": 3},
    "contractive/course": {"kind": "dx"},
    "contractive/moved": {"noise": 0.1},
    "map/direction": {"a": [1, 2], "b": [3]},
}
PLAIN: dict[str, Any] = {
    **{"kind": "gaussian", "level": 0.3, "seed": 1, "times": 2, "data": "mnist", "focus": 1, "page": 0, "unit": 3},
    **{
        "layer": 2,
        "factor": 0.5,
        "rho": 0.1,
        "k": 5,
        "n": 2,
        "scale": "own",
        "index": 4,
        "amount": 1.5,
        "mean": 0,
        "deviation": 1,
    },
    **{"dx": 1, "dy": -1, "degrees": 10, "dimension": 1, "dimensions": [0, 1], "span": "three", "hold": "x"},
    **{"order": "use", "code": 3, "part": "lower", "count": 1, "label": 0, "temperature": 0.5, "top_k": 8},
    **{"guidance": 2.0, "pixel": 0.25, "drawn": 0.5, "dropped": 0.5},
    **{"start": 4, "speed": 1, "vertical": 0, "t": 10, "jump": 2, "jumps": 2, "draw": 0, "later": 3},
    **{name: td_vae.STATE[name] for name in ("marks", "frequency", "amplitude", "phase", "pushes", "noise")},
    **{"noise_seed": td_vae.STATE["noise_seed"]},
    **{"plane": "flat", "colour": "class", "chosen": [1, 2, 3], "neighbours": 5, "min_dist": 0.1},
    **{"metric": "euclidean"},
}


def checkpoint_for(question: str, pool: Pool) -> str:
    """One that the question is for."""
    stem = question.split("/")[0]
    return SPECIAL.get(question) or SPECIAL.get(stem) or (pool.names(stem) or list(pool.configs))[0]


def arguments(handler: Callable) -> list[str]:
    """Names of what a handler is asked with."""
    names = list(inspect.signature(handler).parameters)[1:]
    return names if names != ["factors"] else []


def ask(question: str, pool: Pool, checkpoint: str) -> dict[str, Any]:
    """Values for all of a handler's arguments, sized for a checkpoint."""
    name = question.split("/")[1]
    if name.startswith("place_"):
        return dict.fromkeys(WORLDS[name.removeprefix("place_")].FACTORS.names, 1)
    values = PLAIN | sized(pool, checkpoint) | OWN.get(question, {}) | {"checkpoint": checkpoint}
    if question.startswith("vq_vae_2/") and name in ("advance", "nearest"):
        values |= {level: 4 * values[level] for level in ("top", "bottom")}
        values["bottom"][-8:] = [-1] * 8 if name == "advance" else [0] * 8
    return {argument: values[argument] for argument in arguments(HANDLERS[question])}


def sized(pool: Pool, checkpoint: str) -> dict[str, Any]:
    """Pictures and codes of a checkpoint's size; digits where the question names no checkpoint."""
    config = pool.config(checkpoint)
    shape = config["model"].get("picture_shape", [1, 28, 28])
    pixels = (np.arange(np.prod(shape)) % 256).tolist()
    size = config["model"].get("latent_dim", 10)
    unit = np.eye(1, 784)[0].tolist()
    cells = shape[-1] // 4
    return {
        **dict.fromkeys(("x", "x_tilde", "x_end"), pixels),
        **dict.fromkeys(("z", "mu", "sigma"), [0.5] * size),
        "direction": unit if config["family"] in ("contractive", "denoising") else [0.1] * size,
        "codes": [1] * cells**2,
        "beside": checkpoint,
        **dict.fromkeys(("top", "other_top"), [1] * (cells // 2) ** 2),
        **dict.fromkeys(("bottom", "other_bottom"), [1] * cells**2),
        "other": next((name for name in maps.names(pool) if pool.config(name)["data"] == config["data"]), checkpoint),
    }
