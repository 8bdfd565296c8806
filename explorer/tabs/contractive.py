"""Contractive autoencoder: which changes of the picture a code notices, for every weight of the penalty at once."""

from typing import Any

import gradio as gr
import numpy as np

from explorer import as_python
from explorer.answers import Answer, decode_all
from explorer.jacobian import directions, look, spectrum, stretch
from explorer.movement import move
from explorer.nn.corruption import gaussian
from explorer.pictures import signed_to_bytes, to_bytes
from explorer.pool import Pool
from explorer.question import Refused, number, one_of, picture, vector, whole
from explorer.tabs.contractive_models import DATA, MOST_MODELS, chosen, compared, label, table
from explorer.tabs.contractive_scenes import (
    COURSES,
    MOVES,
    PIXELS,
    SCALES,
    SCENE,
    moving_scene,
    pushing_scene,
    sensitivity_scene,
)
from explorer.tabs.frame import folds, missing
from explorer.turns import dear
from explorer.units import code_picture, number_of_units
from explorer.widgets.scene import Rule, scene

TITLE = "Contractive"
QUESTION = "Which changes of a picture should a code notice, and which should it ignore?"

SHAPE = (1, 28, 28)
CODE_COLUMNS = 40
LARGEST_SEED = 2**31
COURSE_STEPS = 21

MATHS = r"""
The code is to stay where it is when the picture changes a little. What is penalised, with weight $\lambda$, is the
Jacobian of the encoder, $J(@x) = \partial @z / \partial @x$:
$$L = \sum_{@x} \Big[ -\sum_i @x_i \log @x-hat_i + (1 - @x_i) \log (1 - @x-hat_i)
+ \lambda \left\lVert J(@x) \right\rVert_F^2 \Big]$$
One layer of sigmoid units, with the same weights both ways:
$$@z = s(W @x + b) \qquad @x-hat = s(W^\top @z + c)$$
The slope of a sigmoid is $@z_j (1 - @z_j)$, so the penalty has a closed form that costs as little as the code itself:
$$J_{ji} = @z_j (1 - @z_j) \, W_{ji} \qquad
\left\lVert J(@x) \right\rVert_F^2 = \sum_j \big(@z_j (1 - @z_j)\big)^2 \sum_i W_{ji}^2$$
A unit escapes the penalty where it is saturated, near 0 or 1. The reconstruction opposes: what must be drawn again
has to be noticed.

**Why tied weights.** With a decoder of its own, $W$ can be made small and the decoder's weights large in turn, since
a sigmoid is nearly linear in its middle: the reconstruction stays, the penalty falls, and nothing has been learnt.
With $W^\top$ in the decoder, small weights are paid for there.

**Sensitivity map.** Pixel $i$ is as bright as the norm of column $i$ of $J$. **Spectrum.** In $J = U S V^\top$ the
column $v_k$ of $V$ is a change of the picture, and a step along it moves the code $s_k$ times as far, as long as the
step is small.

*Rifai, Vincent, Muller, Glorot & Bengio, Contractive Auto-Encoders (2011).*
"""

SNIPPET = """
from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets
from explorer.models.contractive import jacobian

x = torch.tensor(sample_sheets.load("mnist").pictures[:1]) / 255  # (1, 1, 28, 28)
tiles = [x[0, 0]]
for variant in ("mnist-lambda0", "mnist-lambda03"):
    model = load_model(Path("checkpoints/contractive") / variant)
    with torch.inference_mode():
        z = model.encode(x)  # (1, 1000)
        J = jacobian(z, model.filters)[0]  # (1000, 784)
        print(variant, " |J|^2 =", J.square().mean().item(), " singular values:", torch.linalg.svdvals(J)[:4].tolist())
        sensitivity = J.norm(dim=0).view(28, 28)
        tiles += [sensitivity / sensitivity.max(), model.decode(z)[0, 0]]
row = torch.cat(tiles, dim=1)
Image.fromarray((row * 255).round().byte().numpy()).resize((1120, 224), Image.NEAREST).save("contractive.png")
""".strip()


def sensitivity(pool: Pool, x: list, scale: str) -> Answer:
    """For every model: norms of the Jacobian's columns as a picture, the reconstruction, ‖J‖² in 10⁻⁴, saturation, %.

    Maps are scaled to the largest norm of all models, or each to its own.
    """
    names, pixels = compared(pool), picture(x, SHAPE)
    scale = one_of(scale, SCALES, "The scale")
    seen = [pool.compute(name, look, pixels) for name in names]
    norms, x_hat, saturation = (np.concatenate([part[i] for part in seen]) for i in range(3))
    largest = norms.max(axis=1, keepdims=True) if scale == "own" else norms.max()
    units = [number_of_units(pool.config(name)) for name in names]
    return {
        "maps": to_bytes(norms / np.maximum(largest, 1e-12)).reshape(-1, *SHAPE),
        "x_hats": to_bytes(x_hat),
        "jacobian": (1e4 * np.square(norms).sum(1) / norms.shape[1] / units).astype(np.float32),
        "saturation": 100 * saturation,
        "error": np.square(x_hat - pixels).sum((1, 2, 3)),
    }


def python(pool: Pool, x: list, scale: str) -> Answer:
    """The scene as Python: every model's map of sensitivity, then every reconstruction."""
    names = compared(pool)
    own = one_of(scale, SCALES, "The scale") == "own"
    return as_python.text(
        [
            *as_python.picture_lines(x, pool.config(names[0])),
            "from explorer.models.contractive import jacobian",
            "norms, x_hats = [], []",
            *as_python.for_each(
                pool,
                f"name in {names}",
                "z = model.encode(x)",
                "norms.append(jacobian(z, model.filters)[0].norm(dim=0).view(x.shape))",
                "x_hats.append(model.decode(z))",
            ),
            "norms = torch.cat(norms)",
            f"maps = norms / norms.amax({'(1, 2, 3)' if own else '(0, 1, 2, 3)'}, keepdim=True)",
            "x_hat = torch.cat([maps, *x_hats])",
        ]
    )


@dear("singular values of every model's Jacobian: .4 s")
def spectra(pool: Pool, x: list) -> Answer:
    """Singular values of this picture's Jacobian, one line for each model."""
    pixels = picture(x, SHAPE)
    lines = {f"line_{i}": pool.compute(name, spectrum, pixels) for i, name in enumerate(compared(pool))}
    return {"index": np.arange(1, PIXELS + 1, dtype=np.float32)} | lines


@dear("eigenvectors of a matrix of 784 × 784: .15 s")
def direction(pool: Pool, checkpoint: str, x: list, index: int) -> Answer:
    """A singular direction of a model's Jacobian, the least contracted one being number 1, and its singular value."""
    name = chosen(pool, checkpoint)
    index = whole(index, 1, PIXELS, "The number of the direction")
    pixels = picture(x, SHAPE)
    v = directions(pool, name, pixels)[:, index - 1].copy()
    value = pool.compute(name, stretch, pixels, v)
    return {"direction": v, "picture": signed_to_bytes(v.reshape(SHAPE)[None])[0], "value": value}


def push(pool: Pool, checkpoint: str, x: list, direction: list, amount: float) -> Answer:
    """The picture pushed that far along a direction: how far the code of every model goes, and what this one draws.

    Pixels may leave [0, 1], so that the picture goes exactly as far as was asked; shown they are cut.
    """
    name, pixels = chosen(pool, checkpoint), picture(x, SHAPE)
    v = vector(direction, PIXELS, 1, "The direction")[0]
    if abs(np.linalg.norm(v) - 1) > 1e-3:
        raise Refused("The direction must have length 1.")
    amount = number(amount, -6, 6, "The amount")
    pushed = pixels + np.float32(amount) * v.reshape(pixels.shape)
    travelled = travels(pool, pixels, pushed)[:, 0]
    code = pool.compute(name, lambda model, x: model.units(x), pushed)
    x_hat = decode_all(pool, name, code)  # of one layer only, so its units are the code
    own = travelled[compared(pool).index(name)]
    distance = np.linalg.norm(pushed - pixels)
    return {
        "pushed": to_bytes(pushed[0]),
        "code": code_picture(code, CODE_COLUMNS)[0],
        "x_hat": to_bytes(x_hat[0]),
        "distance": distance,
        "travelled": own,
        "ratio": own / distance if distance else pool.compute(name, stretch, pixels, v),  # its limit
    } | {f"travel_{i}": value for i, value in enumerate(travelled)}


def moved(pool: Pool, x: list, dx: float, dy: float, degrees: float, noise: float, seed: int) -> Answer:
    """The picture shifted, turned and noisy, and how far each model's code has travelled."""
    pixels = picture(x, SHAPE)
    amounts = {"dx": dx, "dy": dy, "degrees": degrees, "noise": noise}
    amounts = {name: number(value, *MOVES[name].range, MOVES[name].name) for name, value in amounts.items()}
    there = spoilt(pixels, drawn(seed), **amounts)
    distances, travelled = code_distances(pool), travels(pool, pixels, there)[:, 0]
    relative = {f"travel_{i}": travelled[i] / distance for i, distance in distances.items()}
    return {"moved": to_bytes(there[0])} | relative


def course(pool: Pool, x: list, kind: str, seed: int) -> Answer:
    """How far each model's code travels while one kind of movement grows from nothing to its largest amount."""
    pixels = picture(x, SHAPE)
    kind = one_of(kind, COURSES, "The movement")
    amounts = np.linspace(0, MOVES[kind].range[1], COURSE_STEPS)
    normal = drawn(seed)
    there = np.concatenate([spoilt(pixels, normal, **{kind: float(amount)}) for amount in amounts])
    distances, travelled = code_distances(pool), travels(pool, pixels, there)
    return {"amounts": amounts} | {f"line_{i}": travelled[i] / distance for i, distance in distances.items()}


def spoilt(x: np.ndarray, normal: np.ndarray, dx: float = 0, dy: float = 0, degrees: float = 0, noise: float = 0):
    """A picture (1, C, H, W) turned, shifted, and with that deviation of noise."""
    return gaussian(move(x[0], dx, dy, degrees), normal, np.float32(noise))[None]


def drawn(seed: int) -> np.ndarray:
    """Noise (C, H, W) from N(0, 1)."""
    return np.random.default_rng(whole(seed, 0, LARGEST_SEED, "The seed")).standard_normal(SHAPE, np.float32)


def travels(pool: Pool, x: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Distances (models, B) of the codes of pictures (B, C, H, W) from the code of one."""

    def distance(model: Any, x: Any, there: Any) -> Any:
        return (model.units(there) - model.units(x)).norm(dim=1)

    return np.stack([pool.compute(name, distance, x, there) for name in compared(pool)])


def code_distances(pool: Pool) -> dict[int, np.float32]:
    """Mean distance between the codes of two pictures, by the place of each model that has it measured."""
    profiles = [pool.config(name).profile for name in compared(pool)]
    found = {i: profile["code_distance"] for i, profile in enumerate(profiles) if "code_distance" in profile}
    if not found:
        pool.profile(compared(pool)[0], "code_distance")  # which is refused
    return {i: np.float32(distance) for i, distance in found.items()}


HANDLERS = {
    "python": python,
    "sensitivity": sensitivity,
    "spectra": spectra,
    "direction": direction,
    "push": push,
    "moved": moved,
    "course": course,
}


def for_each_model(answer: str, key: str) -> dict[str, str]:
    """Answers and keys of the models; those of models that are not there stay unset."""
    return {f"{answer}_{i}": f"{key}_{i}" for i in range(MOST_MODELS)}


RULES = [
    Rule(
        "sensitivity",
        when={"x": "x", "scale": "scale"},
        gives={name: name for name in ("maps", "x_hats", "jacobian", "saturation", "error")},
    ),
    Rule("spectra", when={"x": "x"}, gives={"index": "index", **for_each_model("line", "spectrum")}, rest=150),
    Rule(
        "direction",
        when={"checkpoint": "checkpoint", "x": "x", "index": "direction_index"},
        gives={"direction": "direction", "picture": "direction_picture", "value": "singular_value"},
        rest=60,
    ),
    Rule(
        "push",
        when={"direction": "direction", "amount": "amount"},
        using={"checkpoint": "checkpoint", "x": "x"},
        gives={
            "pushed": "pushed",
            "code": "code",
            "x_hat": "pushed_x_hat",
            "distance": "distance",
            "travelled": "travelled",
            "ratio": "ratio",
            **for_each_model("travel", "pushed"),
        },
    ),
    Rule(
        "moved",
        when={"x": "x", **{name: name for name in (*MOVES, "seed")}},
        gives={"moved": "moved", **for_each_model("travel", "moved")},
    ),
    Rule(
        "course",
        when={"x": "x", "kind": "kind", "seed": "seed"},
        gives={"amounts": "amounts", **for_each_model("line", "course")},
        rest=60,
    ),
]

STATE = {
    "scale": "common",
    "direction_index": 1,
    "amount": 3,
    "dx": 2,
    "dy": 0,
    "degrees": 0,
    "noise": 0,
    "seed": 1,
    "kind": "dx",
}


def build(pool: Pool) -> None:
    """The components of the tab: three scenes over one input and all models."""
    try:
        names = compared(pool)
    except Refused:
        gr.Markdown(missing(pool, "contractive", "mnist-lambda03"))
        return
    labels = {name: label(name, pool.configs[name]) for name in names}
    scene(
        SCENE,
        {"checkpoint": names[0], **STATE},
        RULES,
        {name: {"data": DATA} for name in names},
        {"x": "x", "scale": "scale"},
    )
    gr.Markdown(QUESTION, elem_classes="le-question")
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Sensitivity"):
            sensitivity_scene(list(labels.values()))
        with gr.Tab("Push it"):
            pushing_scene(labels)
        with gr.Tab("Move it"):
            moving_scene(list(labels.values()))
            if silent := [name for name in names if "code_distance" not in pool.configs[name].profile]:
                gr.Markdown(
                    f"Not shown here: {', '.join(silent)}, whose config does not say how far apart its codes are."
                )
    with gr.Accordion("λ side by side: published figures and ours", open=False):
        gr.Markdown(table(pool))
        gr.Markdown(
            "Published: Rifai et al. (2011), table 1. The test error is that of a classifier that starts from the "
            "encoder and is fine-tuned; — was not published, or not measured."
        )
    folds(pool, names, MATHS, SNIPPET)
