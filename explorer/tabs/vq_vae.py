"""VQ-VAE: a picture as a small grid of codes out of a book of 512, to be browsed and repainted."""

import gradio as gr
import numpy as np

from explorer import as_python, codebook
from explorer.answers import Answer
from explorer.pictures import to_bytes
from explorer.pool import Pool
from explorer.question import Refused, code_grid, picture, whole
from explorer.tabs.frame import folds, header, missing
from explorer.tabs.vq_vae_scenes import SCENE, browse_scene, paint_scene, use_scene
from explorer.widgets.scene import Rule, scene

TITLE = "VQ-VAE"
QUESTION = "What is left of a picture that has to be written in a vocabulary of 512 patches?"
CELL = 4  # pixels along each side of what a code stands for
FAR = 0.5  # squared distance, per number, that is drawn as white

MATHS = r"""
The encoder gives a vector $@z_e$ for each cell of $4 \times 4$ pixels. Only the number of the nearest of $K$ learnt
vectors is kept, and the decoder sees that vector in its place:
$$@z = \arg\min_k \lVert @z_e - e_k \rVert \qquad @z_q = e_{@z} \qquad @x-hat = D(@z_q)$$
Choosing has no gradient: backwards, the gradient at $@z_q$ is copied to $@z_e$ as it stands. The encoder is held close
to what it chose, with $\beta = .25$; $\mathrm{sg}$ stops the gradient:
$$L = \frac{\lVert @x - @x-hat \rVert^2}{\mathrm{Var}(@x)} + \beta \lVert @z_e - \mathrm{sg}[e_{@z}] \rVert^2$$
The article's third term, which moves the codes, is not needed where they follow by moving averages: with $n_k$ vectors
that chose code $k$ in a batch and their sum $s_k$,
$$N_k \leftarrow \gamma N_k + (1-\gamma) n_k \qquad m_k \leftarrow \gamma m_k + (1-\gamma) s_k
\qquad e_k = \frac{m_k}{\tilde N_k}$$
with $\gamma = .99$, and $\tilde N_k$ smoothed as Laplace did so that it is never 0. A code whose $N_k$ falls below 1
starts again on one of the batch's vectors.

**Perplexity** is $\exp$ of the entropy of the codes: how many of them, used equally often, would say as much.

*van den Oord, Vinyals & Kavukcuoglu, Neural Discrete Representation Learning (2017); restarts: Dhariwal et al.,
Jukebox (2020).*
"""

SNIPPET = """
from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets

model = load_model(Path("checkpoints/vq_vae/cifar10-k512"))
x = torch.tensor(sample_sheets.load("cifar10").pictures[:1]) / 255  # (1, 3, 32, 32)
with torch.inference_mode():
    codes = model.encode(x)  # (1, 8, 8)
    print(codes[0])
    painted = codes.clone()
    painted[0, :4] = codes[0, 4:].flip(0)  # the lower half's codes, mirrored into the upper one
    row = [x, model.decode(codes), model.decode(painted)]
pixels = (torch.cat(row, dim=3)[0] * 255).round().byte().permute(1, 2, 0).numpy()
Image.fromarray(pixels).resize((960, 320), Image.NEAREST).save("vq_vae.png")
""".strip()


def encode(pool: Pool, checkpoint: str, x: list) -> Answer:
    """Codes of a picture, and how far the encoder's vectors are from them: squared distance per number.

    Returns:
        codes (h, w); distances as a picture (1, h, w), white from FAR on; distance, their mean.
    """
    pixels = picture(x, shape(pool, checkpoint))
    codes, distances = pool.compute(checkpoint, lambda model, x: model.quantize(x), pixels)
    return {
        "codes": codes[0].astype(np.float32),
        "distances": to_bytes(distances / FAR),
        "distance": np.float32(distances.mean()),
    }


def decode(pool: Pool, checkpoint: str, codes: list) -> Answer:
    """The picture of a grid of codes."""
    grid = code_grid(codes, grid_shape(pool, checkpoint), pool.config(checkpoint)["model"]["num_codes"], "The grid")
    return {"x_hat": to_bytes(pool.compute(checkpoint, lambda model, z: model.decode(z), grid)[0])}


def python(pool: Pool, checkpoint: str, x: list, codes: list) -> Answer:
    """The scene as Python: the picture's codes, or those painted by hand, decoded."""
    config = pool.config(checkpoint)
    grid = code_grid(codes, grid_shape(pool, checkpoint), config["model"]["num_codes"], "The grid")
    encoded = [*as_python.picture_lines(x, config), "z = model.encode(x)"]
    painted = [*as_python.array_lines("codes", grid), "z = torch.tensor(codes)"]
    by_hand = not np.array_equal(grid[0], encode(pool, checkpoint, x)["codes"])
    decoded = ["with torch.inference_mode():", "    x_hat = model.decode(z)"]
    return as_python.text([as_python.model_line(pool, checkpoint), *(painted if by_hand else encoded), *decoded])


def atlas(pool: Pool, checkpoint: str, order: str) -> Answer:
    """Every code as a tile, in an order."""
    shape(pool, checkpoint)
    return codebook.atlas(pool, checkpoint, order)


def homes(pool: Pool, checkpoint: str, code: int) -> Answer:
    """Where a code lives in the shipped pictures."""
    shape(pool, checkpoint)
    last = pool.config(checkpoint)["model"]["num_codes"] - 1
    return codebook.homes(pool, checkpoint, whole(code, 0, last, "The code"))


def shape(pool: Pool, checkpoint: str) -> list[int]:
    """Of the pictures of a VQ-VAE; another model is refused."""
    config = pool.config(checkpoint)
    if config["family"] != "vq_vae":
        raise Refused(f"{checkpoint} is no VQ-VAE.")
    return config["model"]["picture_shape"]


def grid_shape(pool: Pool, checkpoint: str) -> tuple[int, int]:
    """Rows and columns of the codes of a picture."""
    _, height, width = shape(pool, checkpoint)
    return height // CELL, width // CELL


HANDLERS = {"python": python, "encode": encode, "decode": decode, "atlas": atlas, "homes": homes}

RULES = [
    Rule(
        "encode",
        when={"checkpoint": "checkpoint", "x": "x"},
        gives={name: name for name in ("codes", "distances", "distance")},
    ),
    Rule("encode", when={"checkpoint": "checkpoint", "x": "other"}, gives={"codes": "other_codes"}),
    Rule("decode", when={"codes": "codes"}, using={"checkpoint": "checkpoint"}, gives={"x_hat": "x_hat"}),
    Rule(
        "atlas",
        when={"checkpoint": "checkpoint", "order": "order"},
        gives={name: name for name in ("tiles", "numbers", "shares")},
    ),
    Rule(
        "homes",
        when={"checkpoint": "checkpoint", "code": "code"},
        gives={name: name for name in ("patches", "homes", "home_x", "home_count")},
        rest=40,
    ),
]

PYTHON = {**as_python.PICTURE_SCENE, "codes": "codes"}

STATE = {"order": "similarity", "code": 0, "lit": -1}


def build(pool: Pool) -> None:
    """The components of the tab: three scenes over one input and one codebook."""
    names = models(pool)
    if not names:
        gr.Markdown(missing(pool, "vq_vae", "cifar10-k512"))
        return
    configs = {name: pool.configs[name] for name in names}
    facts = {name: {"data": config["data"]} for name, config in configs.items()}
    use = configs[names[0]].profile.get("use", [0])
    scene(SCENE, {**STATE, "checkpoint": names[0], "code": int(np.argmax(use))}, RULES, facts, PYTHON, ("Repaint",))
    header(QUESTION, SCENE, names)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Browse the codes"):
            browse_scene()
        with gr.Tab("Repaint"):
            paint_scene()
        with gr.Tab("Use of the codebook"):
            use_scene(configs)
    folds(pool, names, MATHS, SNIPPET)


def models(pool: Pool) -> list[str]:
    """The VQ-VAEs, those without restarts last."""
    return sorted(pool.names("vq_vae"), key=lambda name: pool.configs[name].model["restart_below"] == 0)
