"""VQ-VAE-2: two levels of codes over an emoji, each to be repainted, and priors that make up new ones."""

import gradio as gr

from explorer.answers.vq_vae_2_codes import LEVELS
from explorer.page.rule import Rule
from explorer.serve.pool import Pool
from explorer.tabs.frame import folds, header, missing
from explorer.tabs.vq_vae_2_scenes import SCENE, levels_scene, sample_scene, use_scene
from explorer.widgets.scene import scene

TITLE = "VQ-VAE-2"
QUESTION = "Which codes say what an emoji is, which say how it looks in detail, and who can make up new ones?"
GRIDS = {name: name for name in ("top", "bottom", "other_top", "other_bottom")}

RULES = [
    Rule("encode", when=["checkpoint", "x"], gives=["top", "bottom"]),
    Rule(
        "encode", when={"checkpoint": "checkpoint", "x": "other"}, gives={"top": "other_top", "bottom": "other_bottom"}
    ),
    Rule("decode", when=GRIDS, using=["checkpoint"], gives=["decoded"]),
    Rule(
        "atlas",
        when=["checkpoint"],
        gives={f"{level}_{name}": f"{level}_{name}" for level in LEVELS for name in ("tiles", "numbers")},
    ),
    Rule(
        "start",
        when=["top", "bottom", "part"],
        using=["checkpoint"],
        gives={"top": "start_top", "bottom": "start_bottom"},
        rest=80,
    ),
    Rule(
        "nearest",
        when={"top": "sampled_top", "bottom": "sampled_bottom"},
        using=["checkpoint"],
        gives=["nearest", "shared"],
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
    facts = {name: {"data": pool.configs[name].data} for name in names}
    scene(SCENE, {**STATE, "checkpoint": names[0]}, RULES, facts, {"checkpoint": "checkpoint", **GRIDS})
    header(QUESTION, SCENE, names)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Two levels"):
            levels_scene()
        with gr.Tab("Sampling"):
            sample_scene()
        with gr.Tab("Use of the codebooks"):
            use_scene(pool.configs[names[0]])
    folds(pool, SCENE, names)
