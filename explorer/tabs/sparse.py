"""Sparse: every unit may be active for few pictures only; one picture's activations, and the whole layer's."""

from collections.abc import Mapping
from typing import Any

import gradio as gr
import numpy as np

from explorer import answers, as_python
from explorer.answers import Answer
from explorer.config import Config
from explorer.pictures import signed_to_bytes, to_bytes
from explorer.pool import Pool
from explorer.question import Refused, number, picture, whole
from explorer.tabs import unit_card
from explorer.tabs.frame import folds, header, missing
from explorer.tabs.sparse_scenes import LARGEST_FACTOR, LARGEST_RHO, LEAST_RHO, SCENE, STRONGEST, layer_scene, one_scene
from explorer.widgets.scene import Rule, scene

TITLE = "Sparse"
QUESTION = "What does a unit learn to stand for when it may be active for only a few pictures?"

SPEAKS = 0.5  # a sigmoid unit above it is counted as active
DEAD = 0.001  # mean activation below which a unit is active for no picture worth the name
NEAR = 0.2  # of ρ: within it a unit is as active as it is asked to be
BINS = 40  # of the histogram of mean activations
FIRST_RHO = 0.1  # the model shown first is the one nearest to the notes' target

MATHS = r"""
Sigmoid units $@z$ make a code of the picture, and the picture of the code; $s(a) = 1 / (1 + e^{-a})$:
$$@z = s(W_1 @x + b_1) \qquad @x-hat = s(W_2 @z + b_2)$$
The mean activation of unit $j$ over $m$ pictures is asked to be $@rho$, a small number:
$$\hat{@rho}_j = \frac 1m \sum_{i=1}^m @z_j(@x^{(i)})$$
What it costs not to be is the divergence of two coins, one that shows heads with $@rho$ and one with $\hat{@rho}_j$:
$$D_{KL}(@rho \,\Vert\, \hat{@rho}_j)
= @rho \log \frac{@rho}{\hat{@rho}_j} + (1 - @rho) \log \frac{1 - @rho}{1 - \hat{@rho}_j}$$
It is 0 at $\hat{@rho}_j = @rho$ and grows without bound towards 0 and 1. With weight decay $\lambda$, trained is
$$L = \frac 1m \sum_{i=1}^m \frac 12 \left\lVert @x^{(i)} - @x-hat^{(i)} \right\rVert^2
+ \frac \lambda 2 \big(\lVert W_1 \rVert^2 + \lVert W_2 \rVert^2\big)
+ \beta \sum_j D_{KL}(@rho \,\Vert\, \hat{@rho}_j)$$
The divergence holds the mean only: a unit that is $@rho$ for every picture would cost nothing and say nothing.

*Ng, Sparse Autoencoder, CS294A lecture notes (2011).*
"""

SNIPPET = """
from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets

model = load_model(Path("checkpoints/sparse/mnist-rho10"))
x = torch.tensor(sample_sheets.load("mnist").pictures[:1]) / 255  # (1, 1, 28, 28)
with torch.inference_mode():
    z = model.encode(x)  # (1, 200), each in (0, 1)
    unit = z.argmax()
    without = z.clone()
    without[0, unit] = 0
    x_hat, x_without = model.decode(z), model.decode(without)
print((z > 0.5).sum().item(), "units above .5, mean activation", z.mean().item(), ", removed: unit", unit.item())
row = torch.cat([x, x_hat, x_without, 0.5 + (x_without - x_hat) / 2], dim=3)[0, 0]
Image.fromarray((row * 255).round().byte().numpy()).resize((896, 224), Image.NEAREST).save("sparse.png")
""".strip()


def respond(pool: Pool, checkpoint: str, x: list, unit: int, factor: float) -> Answer:
    """A picture's activations, and its reconstruction as it is and with one of them multiplied."""
    model = one_layer(pool, checkpoint)
    pixels = picture(x, model["picture_shape"])
    unit = whole(unit, 0, model["hidden"][0] - 1, "The unit")
    factor = number(factor, 0, LARGEST_FACTOR, "The factor")
    z = pool.compute(checkpoint, lambda model, x: model.encode(x), pixels)
    changed = z.copy()
    changed[0, unit] *= factor
    x_hat = answers.decode_all(pool, checkpoint, np.concatenate([z, changed]))
    return {
        "pictures": to_bytes(np.concatenate([x_hat, 0.5 + (x_hat[1:] - x_hat[:1])])),  # the third is signed: grey is 0
        "errors": np.square(x_hat - pixels).sum((1, 2, 3)),
        "change": answers.squared_error(x_hat[1], x_hat[0]),
        "activation": np.float32(z[0, unit]),
        **speakers(pool, checkpoint, z[0]),
    }


def python(pool: Pool, checkpoint: str, x: list, unit: int, factor: float) -> Answer:
    """The scene as Python: the reconstruction, that with one activation multiplied, and their difference from grey."""
    model = one_layer(pool, checkpoint)
    return as_python.text(
        [
            as_python.model_line(pool, checkpoint),
            *as_python.picture_lines(x, pool.config(checkpoint)),
            "with torch.inference_mode():",
            "    z = model.encode(x)",
            "    changed = z.clone()",
            f"    changed[0, {whole(unit, 0, model['hidden'][0] - 1, 'The unit')}] *= "
            f"{number(factor, 0, LARGEST_FACTOR, 'The factor')}",
            "    x_hat = model.decode(torch.cat([z, changed]))",
            "    x_hat = torch.cat([x_hat, 0.5 + (x_hat[1:] - x_hat[:1])])",
        ]
    )


def speakers(pool: Pool, checkpoint: str, z: np.ndarray) -> Answer:
    """Activations (D,) as cells, how many speak, and the filters of those that speak loudest."""
    strongest = np.argsort(-z, kind="stable")[:STRONGEST]
    weights = pool.compute(checkpoint, lambda model: model.filters)[strongest]
    shape = pool.config(checkpoint)["model"]["picture_shape"]
    return {
        "z": z,
        "cells": cells(z),
        "numbers": np.arange(len(z), dtype=np.float32),
        "active": np.float32((z > SPEAKS).sum()),
        "mean": np.float32(z.mean()),
        "strongest": strongest.astype(np.float32),
        "strongest_z": z[strongest],
        "strongest_filters": signed_to_bytes(weights.reshape(-1, *shape)),
    }


def cells(z: np.ndarray, side: int = 8, seam: int = 56) -> np.ndarray:
    """Activations (D,) as uint8 tiles (D, 1, side, side), with a grey seam on two sides that keeps them apart."""
    tiles = np.full((len(z), 1, side, side), seam, np.uint8)
    tiles[:, :, 1:, 1:] = to_bytes(z)[:, None, None, None]
    return tiles


def layer(pool: Pool, checkpoint: str) -> Answer:
    """How the units' mean activations over the test set lie about the target, and how many units miss it."""
    rho, means = one_layer(pool, checkpoint)["sparsity_target"], mean_activations(pool, checkpoint)
    counts, edges = np.histogram(means, bins=BINS, range=(0, max(2 * rho, means.max())))
    return {
        "at": (edges[:-1] + edges[1:]) / 2,
        "counts": counts.astype(np.float32),
        "target": np.float32(rho),
        "units": np.float32(len(means)),
        "near": np.float32((np.abs(means - rho) <= NEAR * rho).sum()),
        "dead": np.float32((means < DEAD).sum()),
        "always_on": np.float32((means > SPEAKS).sum()),
    }


def penalty(pool: Pool, checkpoint: str, rho: float) -> Answer:
    """What each mean activation from 0 to 1 costs under a target, and what the model's units cost together, in nats."""
    rho = number(rho, LEAST_RHO, LARGEST_RHO, "ρ")
    rho_hat = np.linspace(0, 1, 401)
    return {
        "rho_hat": rho_hat,
        "kl": divergence(rho, rho_hat),
        "sum": np.float32(divergence(rho, mean_activations(pool, checkpoint)).sum()),
        "minimum": np.float32(rho),
    }


def divergence(rho: float, rho_hat: np.ndarray) -> np.ndarray:
    """KL in nats of a coin with rho_hat from one with rho; the ends are moved inwards, where it is still finite."""
    rho_hat = np.clip(rho_hat, 1e-6, 1 - 1e-6)
    return rho * np.log(rho / rho_hat) + (1 - rho) * np.log((1 - rho) / (1 - rho_hat))


def mean_activations(pool: Pool, checkpoint: str) -> np.ndarray:
    """Mean activation (D,) of each unit over the test set, as the training run wrote it down."""
    one_layer(pool, checkpoint)
    return np.array(pool.profile(checkpoint, "mean_activations"))


def one_layer(pool: Pool, checkpoint: str) -> Mapping[str, Any]:
    """The model's keywords, if it is a sparse autoencoder of one layer."""
    config = pool.config(checkpoint)
    if config.family != "sparse" or len(config.model["hidden"]) != 1:
        raise Refused(f"{checkpoint} is not a sparse autoencoder of one layer.")
    return config["model"]


HANDLERS = {"python": python, "respond": respond, "layer": layer, "penalty": penalty, **unit_card.HANDLERS}

MODEL = {"checkpoint": "checkpoint"}

RULES = [
    Rule(
        "respond",
        when={**MODEL, "x": "x", "unit": "unit", "factor": "factor"},
        gives={
            "pictures": "pictures",
            "errors": "errors",
            "change": "change",
            "activation": "activation",
            "z": "z",
            "cells": "cells",
            "numbers": "numbers",
            "active": "active",
            "mean": "mean",
            "strongest": "strongest",
            "strongest_z": "strongest_z",
            "strongest_filters": "strongest_filters",
        },
    ),
    Rule(
        "layer",
        when=MODEL,
        gives={
            "at": "mean_at",
            "counts": "mean_counts",
            "target": "target",
            "units": "count",
            "near": "near",
            "dead": "dead",
            "always_on": "always_on",
        },
    ),
    Rule(
        "penalty",
        when={**MODEL, "rho": "rho"},
        gives={"rho_hat": "rho_hat", "kl": "kl", "sum": "kl_sum", "minimum": "minimum"},
    ),
    unit_card.filters_rule("checkpoint"),
    unit_card.unit_rule("checkpoint"),
]

STATE = {"unit": 0, "factor": 0.0, "page": 0, "rho": FIRST_RHO}


def build(pool: Pool) -> None:
    """The components of the tab: one picture, and the whole layer, over one model and one unit."""
    names = pool.names("sparse")
    shallow = [name for name in names if len(pool.configs[name]["model"]["hidden"]) == 1]
    if not shallow:
        gr.Markdown(missing(pool, "sparse", "mnist-rho10"))
        return
    targets = {name: pool.configs[name]["model"]["sparsity_target"] for name in shallow}
    first = min(shallow, key=lambda name: abs(targets[name] - FIRST_RHO))
    # The checkpoint last: what follows from it stands before the state's own values.
    scene(
        SCENE,
        {**STATE, "checkpoint": first},
        RULES,
        {name: fact(pool.configs[name]) for name in shallow},
        {**as_python.PICTURE_SCENE, "unit": "unit", "factor": "factor"},
    )
    header(QUESTION, SCENE, shallow)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("One picture"):
            one_scene()
        with gr.Tab("The whole layer"):
            layer_scene()
    folds(pool, names, MATHS, SNIPPET)


def fact(config: Config) -> dict[str, Any]:
    """What the page has to know of a checkpoint: its pictures, its target, and the unit to begin with."""
    means = config.profile.get("mean_activations", [0])
    return {"data": config["data"], "rho": config["model"]["sparsity_target"], "unit": means.index(max(means))}
