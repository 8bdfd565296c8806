"""VQ-VAE-2: two levels of codes over an emoji, each to be repainted, and priors that make up new ones."""

import gradio as gr
import numpy as np

from explorer import as_python, codebook
from explorer.answers import Answer
from explorer.pool import Pool
from explorer.question import picture
from explorer.tabs.frame import folds, header, missing
from explorer.tabs.vq_vae_2_codes import LEVELS, decode_partly, grid, model_of
from explorer.tabs.vq_vae_2_sampling import advance, nearest, start
from explorer.tabs.vq_vae_2_scenes import SCENE, levels_scene, sample_scene, use_scene
from explorer.widgets.scene import Rule, scene

TITLE = "VQ-VAE-2"
QUESTION = "Which codes say what an emoji is, which say how it looks in detail, and who can make up new ones?"
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
divides the logits by it; of the likeliest $k$ codes one is drawn. Where a part of a picture is filled in, the rest
keeps its codes, and a gap is filled in view of what comes before it: a prior never looks at what is kept further down.

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


def decode(pool: Pool, checkpoint: str, top: list, bottom: list, other_top: list, other_bottom: list) -> Answer:
    """Pictures (5, 3, H, W): of both levels, of either alone, and of either with the other level of another picture."""
    return {"decoded": decode_partly(pool, checkpoint, *levels(pool, checkpoint, top, bottom, other_top, other_bottom))}


def levels(
    pool: Pool, checkpoint: str, top: list, bottom: list, other_top: list, other_bottom: list
) -> tuple[np.ndarray, np.ndarray]:
    """Top codes (5, h, w) and bottom codes (5, 2 h, 2 w) of these pictures; −1 is not there."""
    grids = {"top": top, "bottom": bottom, "other_top": other_top, "other_bottom": other_bottom}
    of = {name: grid(pool, checkpoint, name.removeprefix("other_"), values) for name, values in grids.items()}
    no_top, no_bottom = (np.full_like(of[level], -1) for level in LEVELS)
    tops = np.concatenate([of["top"], of["top"], no_top, of["top"], of["other_top"]])
    bottoms = np.concatenate([of["bottom"], no_bottom, of["bottom"], of["other_bottom"], of["bottom"]])
    return tops, bottoms


def python(pool: Pool, checkpoint: str, top: list, bottom: list, other_top: list, other_bottom: list) -> Answer:
    """The scene as Python: the five pictures that decode gives."""
    tops, bottoms = levels(pool, checkpoint, top, bottom, other_top, other_bottom)
    return as_python.text(
        [
            as_python.model_line(pool, checkpoint),
            "from explorer.checkpoint import load_codes",
            f"kept = load_codes({as_python.folder(pool, checkpoint)})",
            'means = [torch.tensor(kept[name]) for name in ("top_mean", "bottom_mean")]',
            *as_python.array_lines("top", tops),
            *as_python.array_lines("bottom", bottoms),
            "with torch.inference_mode():",
            "    x_hat = model.decode_partly((torch.tensor(top), torch.tensor(bottom)), means)",
        ]
    )


def atlas(pool: Pool, checkpoint: str) -> Answer:
    """Every code of both levels as a tile, similar ones together."""
    model_of(pool, checkpoint)
    answer = {}
    for level in LEVELS:
        part = codebook.atlas(pool, checkpoint, "similarity", f"{level}_")
        answer |= {f"{level}_{name}": part[name] for name in ("tiles", "numbers")}
    return answer


GRIDS = {name: name for name in ("top", "bottom", "other_top", "other_bottom")}

HANDLERS = {
    "python": python,
    "encode": encode,
    "decode": decode,
    "atlas": atlas,
    "start": start,
    "advance": advance,
    "nearest": nearest,
}

RULES = [
    Rule("encode", when={"checkpoint": "checkpoint", "x": "x"}, gives={"top": "top", "bottom": "bottom"}),
    Rule(
        "encode", when={"checkpoint": "checkpoint", "x": "other"}, gives={"top": "other_top", "bottom": "other_bottom"}
    ),
    Rule("decode", when=GRIDS, using={"checkpoint": "checkpoint"}, gives={"decoded": "decoded"}),
    Rule(
        "atlas",
        when={"checkpoint": "checkpoint"},
        gives={f"{level}_{name}": f"{level}_{name}" for level in LEVELS for name in ("tiles", "numbers")},
    ),
    Rule(
        "start",
        when={"top": "top", "bottom": "bottom", "part": "part"},
        using={"checkpoint": "checkpoint"},
        gives={"top": "start_top", "bottom": "start_bottom"},
        rest=80,
    ),
    Rule(
        "nearest",
        when={"top": "sampled_top", "bottom": "sampled_bottom"},
        using={"checkpoint": "checkpoint"},
        gives={"nearest": "nearest", "shared": "shared"},
        rest=200,
    ),
]

STATE = {"part": "all", "sample": 0, "seed": 1, "temperature": 0.5, "top_k": 256, "label": 0, "speed": 3}
STATE |= {"top_code": 0, "bottom_code": 0, "top_lit": -1, "bottom_lit": -1}


def build(pool: Pool) -> None:
    """The components of the tab: three scenes over one model."""
    names = pool.names("vq_vae_2")
    if not names:
        gr.Markdown(missing(pool, "vq_vae_2", "emoji-64"))
        return
    facts = {name: {"data": pool.configs[name]["data"]} for name in names}
    scene(SCENE, {**STATE, "checkpoint": names[0]}, RULES, facts, {"checkpoint": "checkpoint", **GRIDS})
    header(QUESTION, SCENE, names)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Two levels"):
            levels_scene()
        with gr.Tab("Sampling"):
            sample_scene()
        with gr.Tab("Use of the codebooks"):
            use_scene(pool.configs[names[0]])
    folds(pool, names, MATHS, SNIPPET)
