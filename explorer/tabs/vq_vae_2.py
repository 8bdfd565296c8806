"""VQ-VAE-2: two levels of codes over an emoji, each to be repainted, and priors that make up new ones."""

import math
from typing import Any

import gradio as gr
import numpy as np

from explorer import codebook
from explorer.answers import Answer
from explorer.pictures import to_bytes
from explorer.pool import Pool
from explorer.question import Refused, code_grid, number, picture, whole
from explorer.tabs.frame import folds, header, missing
from explorer.tabs.vq_vae_2_scenes import FRAMES, SAMPLES, SCENE, levels_scene, sample_scene, table
from explorer.widgets.scene import Rule, scene

TITLE = "VQ-VAE-2"
QUESTION = "Which codes say what an emoji is, which say how it looks in detail, and who can make up new ones?"
LEVELS = ("top", "bottom")
LARGEST_SEED = 1_000_000
LEAST_TEMPERATURE, LARGEST_TEMPERATURE = 0.05, 2.0  # smaller ones give the likeliest code all the same

MATHS = r"""
The bottom level is encoded with the top in view, and the decoder sees both:
$$@z^{top} = \arg\min_k \lVert E_t(E_b(@x)) - e^{top}_k \rVert \qquad
@z^{bottom} = \arg\min_k \lVert E(E_b(@x), e^{top}) - e^{bottom}_k \rVert \qquad @x-hat = D(e^{top}, e^{bottom})$$
The objective is that of VQ-VAE, with a commitment term for each level. "Top alone" puts the mean of the bottom vectors
that stood under that top code in training in the bottom's place; "bottom alone" the mean top vector.

When the network stands still, an autoregressive prior learns each grid, code after code, row by row:
$$p(@z^{top}, @z^{bottom}) = \prod_i p(@z^{top}_i \mid @z^{top}_{<i})
\prod_j p(@z^{bottom}_j \mid @z^{bottom}_{<j}, @z^{top})$$
with gated causal convolutions and, in the top, causal self-attention, after PixelSNAIL. Sampling with a temperature
divides the logits by it; of the likeliest $k$ codes one is drawn.

*Razavi, van den Oord & Vinyals, Generating Diverse High-Fidelity Images with VQ-VAE-2 (2019); Chen et al., PixelSNAIL
(2018).*
"""

SNIPPET = """
from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets

model = load_model(Path("checkpoints/vq_vae_2/emoji-64"))
x = torch.tensor(sample_sheets.load("emoji").pictures[[0, 40]]) / 255  # (2, 3, 64, 64)
with torch.inference_mode():
    top, bottom = model.encode(x)  # (2, 8, 8), (2, 16, 16)
    row = [*x, *model.decode((top, bottom)), *model.decode((top, bottom.flip(0)))]  # last: each with the other's bottom
pixels = (torch.cat(row, dim=2) * 255).round().byte().permute(1, 2, 0).numpy()
Image.fromarray(pixels).resize((1152, 192), Image.NEAREST).save("vq_vae_2.png")
""".strip()


def encode(pool: Pool, checkpoint: str, x: list) -> Answer:
    """Codes of a picture: top (h, w) and bottom (2 h, 2 w)."""
    pixels = picture(x, model_of(pool, checkpoint)["picture_shape"])
    codes = pool.compute(checkpoint, lambda model, x: tuple(model.encode(x)), pixels)
    return {level: part[0].astype(np.float32) for level, part in zip(LEVELS, codes, strict=True)}


def decode(pool: Pool, checkpoint: str, top: list, bottom: list, other_bottom: list) -> Answer:
    """Pictures (4, 3, H, W): of both levels, of the top alone, of the bottom alone, of the top with another bottom."""
    one, two, three = (
        grid(pool, checkpoint, level, values)
        for level, values in (("top", top), ("bottom", bottom), ("bottom", other_bottom))
    )
    tops = np.concatenate([one, one, np.full_like(one, -1), one])
    bottoms = np.concatenate([two, np.full_like(two, -1), two, three])
    return {"decoded": decode_partly(pool, checkpoint, tops, bottoms)}


def atlas(pool: Pool, checkpoint: str) -> Answer:
    """Every code of both levels as a tile, similar ones together."""
    model_of(pool, checkpoint)
    answer = {}
    for level in LEVELS:
        part = codebook.atlas(pool, checkpoint, "similarity", f"{level}_")
        answer |= {f"{level}_{name}": part[name] for name in ("tiles", "numbers")}
    return answer


def sample(pool: Pool, checkpoint: str, label: int, seed: int, temperature: float, top_k: int) -> Answer:
    """New pictures from the priors, with what they are nearest to.

    Arguments:
        pool: The checkpoints.
        checkpoint: A VQ-VAE-2 with priors.
        label: Class; the number of classes is none in particular.
        seed: The same one gives the same pictures.
        temperature: Divides the logits; 0 is refused.
        top_k: Of how many likeliest codes one is drawn.

    Returns:
        samples (SAMPLES, 3, H, W) and nats, their mean nats per code under the untouched priors; nearest, the training
        pictures that share most codes, decoded, and shared, how many of them in %; frames (FRAMES, 3, H, W), the first
        sample while it is filled.
    """
    model = model_of(pool, checkpoint)
    label = whole(label, 0, model["num_classes"], "The class")
    seed = whole(seed, 0, LARGEST_SEED, "The seed")
    temperature = number(temperature, 0, LARGEST_TEMPERATURE, "The temperature")
    if temperature == 0:
        raise Refused("The temperature must be above 0.")
    top_k = whole(top_k, 1, model["num_codes"], "The number of likeliest codes")
    rng = np.random.default_rng(seed)
    noise = [
        rng.gumbel(size=(math.prod(shape(model, level)), SAMPLES, model["num_codes"])).astype(np.float32)
        for level in LEVELS
    ]

    def draw(network: Any, *noise: Any) -> tuple:
        (top, bottom), nats = network.sample(noise, label, max(temperature, LEAST_TEMPERATURE), top_k)
        return top, bottom, nats

    top, bottom, nats = pool.compute(checkpoint, draw, *noise)
    shared, train_top, train_bottom = most_alike(pool, checkpoint, top, bottom)
    tops, bottoms = stages(top[0], bottom[0])
    return {
        "samples": decode_partly(pool, checkpoint, top, bottom),
        "nats": nats.astype(np.float32),
        "nearest": decode_partly(pool, checkpoint, train_top, train_bottom),
        "shared": (100 * shared).astype(np.float32),
        "frames": decode_partly(pool, checkpoint, tops, bottoms),
    }


def most_alike(pool: Pool, checkpoint: str, top: np.ndarray, bottom: np.ndarray) -> tuple[np.ndarray, ...]:
    """For each sample the share of codes that a training picture has in common with it at most, and its codes."""
    kept = pool.codes(checkpoint)
    train = in_order(kept["top_train"], kept["bottom_train"])
    same = np.stack([(train == one).mean(1) for one in in_order(top, bottom)])  # (B, N)
    best = same.argmax(1)
    return same.max(1), *(kept[f"{level}_train"][best].astype(np.int64) for level in LEVELS)


def stages(top: np.ndarray, bottom: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Codes of one picture while it is filled, FRAMES times; what is not there yet is -1."""
    codes = in_order(top[None], bottom[None])  # (1, N)
    filled = np.linspace(codes.size / FRAMES, codes.size, FRAMES).astype(int)[:, None]
    tops, bottoms = np.split(np.where(np.arange(codes.size) < filled, codes, -1), [top.size], axis=1)
    return tops.reshape(-1, *top.shape), bottoms.reshape(-1, *bottom.shape)


def in_order(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """Codes (B, N) of both levels in the order in which they are sampled."""
    return np.concatenate([level.reshape(len(level), -1) for level in (top, bottom)], axis=1)


def decode_partly(pool: Pool, checkpoint: str, top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """Pictures, as bytes, of codes of which -1 are not there."""
    kept = pool.codes(checkpoint)
    means = kept["top_mean"], kept["bottom_mean"]

    def run(model: Any, top: Any, bottom: Any, *means: Any) -> Any:
        return model.decode_partly((top, bottom), means)

    return to_bytes(pool.compute(checkpoint, run, top, bottom, *means))


def grid(pool: Pool, checkpoint: str, level: str, values: list) -> np.ndarray:
    """Codes of a level as the page sent them, checked."""
    model = model_of(pool, checkpoint)
    return code_grid(values, shape(model, level), model["num_codes"], f"The {level} grid")


def shape(model: dict[str, Any], level: str) -> tuple[int, int]:
    """Rows and columns of a level's codes."""
    cell = 8 if level == "top" else 4
    return model["picture_shape"][1] // cell, model["picture_shape"][2] // cell


def model_of(pool: Pool, checkpoint: str) -> dict[str, Any]:
    """Keywords of a VQ-VAE-2; another model is refused."""
    config = pool.config(checkpoint)
    if config["family"] != "vq_vae_2":
        raise Refused(f"{checkpoint} is no VQ-VAE-2.")
    return config["model"]


HANDLERS = {"encode": encode, "decode": decode, "atlas": atlas, "sample": sample}

RULES = [
    Rule("encode", when={"checkpoint": "checkpoint", "x": "x"}, gives={"top": "top", "bottom": "bottom"}),
    Rule(
        "encode", when={"checkpoint": "checkpoint", "x": "other"}, gives={"top": "other_top", "bottom": "other_bottom"}
    ),
    Rule(
        "decode",
        when={"top": "top", "bottom": "bottom", "other_bottom": "other_bottom"},
        using={"checkpoint": "checkpoint"},
        gives={"decoded": "decoded"},
    ),
    Rule(
        "atlas",
        when={"checkpoint": "checkpoint"},
        gives={f"{level}_{name}": f"{level}_{name}" for level in LEVELS for name in ("tiles", "numbers")},
    ),
    Rule(
        "sample",
        when={"checkpoint": "checkpoint", **{name: name for name in ("label", "seed", "temperature", "top_k")}},
        gives={name: name for name in ("samples", "nats", "nearest", "shared", "frames")},
        rest=120,
    ),
]

STATE = {"seed": 1, "temperature": 0.8, "top_k": 256, "label": 1, "top_code": 0, "bottom_code": 0}
STATE |= {"top_lit": -1, "bottom_lit": -1}


def build(pool: Pool) -> None:
    """The components of the tab: two scenes over one model."""
    names = pool.names("vq_vae_2")
    if not names:
        gr.Markdown(missing(pool, "vq_vae_2", "emoji-64"))
        return
    facts = {name: {"data": pool.configs[name]["data"]} for name in names}
    scene(SCENE, {**STATE, "checkpoint": names[0]}, RULES, facts)
    header(QUESTION, SCENE, names)
    figures = pool.configs[names[0]].get("figures", {}).get("test", {})
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Two levels"):
            levels_scene()
        with gr.Tab("Sampling"):
            sample_scene()
            if "top_nll" in figures:
                gr.Markdown(table(figures), elem_classes="le-table", elem_id="vq2-figures")
    folds(pool, names, MATHS, SNIPPET)
