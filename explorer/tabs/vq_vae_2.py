"""VQ-VAE-2: two levels of codes over a picture, each to be repainted, and priors that make up new ones."""

from typing import Any

import gradio as gr

from explorer.answers.vq_vae_2_codes import LEVELS
from explorer.checkpoint.config import Config
from explorer.data import sample_sheets
from explorer.page.rule import Rule
from explorer.serve.pool import Pool
from explorer.tabs.frame import folds, header, missing, network_rule, training_rule
from explorer.tabs.vq_vae_2_scenes import attention_scene, levels_scene, sample_scene, use_scene
from explorer.widgets.tab_setup import set_up

TITLE = "VQ-VAE-2"
QUESTION = "Which codes say what a picture is, which say how it looks in detail, and who can make up new ones?"

GRIDS = {name: name for name in ("top", "bottom", "other_top", "other_bottom")}

RULES = [
    Rule("encode", when=["checkpoint", "x"], gives=["top", "bottom"]),
    Rule(
        "encode", when={"checkpoint": "checkpoint", "x": "other"}, gives={"top": "other_top", "bottom": "other_bottom"}
    ),
    Rule("attention", when=["checkpoint", "top"], gives={"weights": "attention"}, rest=80),
    Rule("decode", when=list(LEVELS), using=["checkpoint"], gives=["decoded"]),
    Rule("exchange", when=GRIDS, using=["checkpoint"], gives=["exchanged"]),
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
    network_rule(),
    training_rule(),
]

STATE = {"part": "all", "sample": 0, "seed": 1, "top_k": 256, "speed": 3, "looking": 36, "head": 0}
# What is sampled at first of a set, and what its classes are called in "fill in … with …", where it is not their name.
FIRST = {"faces": {"label": 5, "temperature": 1.0, "guidance": 2.0}}
CLASSES = {"faces": ("a bald head", "a buzz cut", "a comb-over", "a bob", "long hair", "curly hair")}
ANY = {"faces": "any hair"}
STATE |= {"top_code": 0, "bottom_code": 0, "top_lit": -1, "bottom_lit": -1}


def build(pool: Pool) -> None:
    """The components of the tab: four scenes over one model."""
    names = sorted(pool.names("vq_vae_2"), key=lambda name: pool.configs[name].data not in FIRST)  # faces open it
    if not names:
        gr.Markdown(missing(pool, "vq_vae_2", "emoji-64"))
        return
    configs = {name: pool.configs[name] for name in names}
    facts = {name: of_set(config) for name, config in configs.items()}
    first = {key: facts[names[0]][key] for key in ("label", "temperature", "guidance")}
    set_up({**STATE, **first, "checkpoint": names[0]}, RULES, facts, {"checkpoint": "checkpoint", **GRIDS})
    header(pool, QUESTION, names)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Two levels"):
            levels_scene()
        with gr.Tab("Sampling"):
            sample_scene()
        with gr.Tab("What the prior looks at"):
            attention_scene()
        with gr.Tab("Use of the codebooks"):
            use_scene(configs)
    folds(pool, names)


def of_set(config: Config) -> dict[str, Any]:
    """What a model's picture set decides: its name, and what is sampled at first, at which temperature."""
    names = CLASSES.get(config.data) or sample_sheets.class_names(config.data)
    known = names[: config.model["num_classes"]]
    kinds = {str(index): name for index, name in enumerate([*known, ANY.get(config.data, "of any kind")])}
    first = FIRST.get(config.data, {"label": 0, "temperature": 0.5, "guidance": 1.0})
    return {"data": config.data, **first, "kinds": kinds}
