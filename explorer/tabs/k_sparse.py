"""k-sparse autoencoder: only the k strongest of many units may be active, and each of them adds one atom."""

import gradio as gr
import numpy as np

from explorer.answers.k_sparse import ATLASES, models
from explorer.page.rule import Rule
from explorer.serve.pool import Pool
from explorer.tabs import unit_card
from explorer.tabs.frame import folds, missing, network_rule, training_rule
from explorer.tabs.k_sparse_scenes import all_scene, atom_scene, cut_scene, filter_scene, published_scene
from explorer.widgets.tab_setup import set_up

TITLE = "k-Sparse"
QUESTION = "How few strokes draw a digit, if each picture may choose its own few out of a thousand?"

RULES = [
    Rule(
        "compare",
        when=["x", "k"],
        gives={name: f"all_{name}" for name in ("maps", "strongest", "x_hat", "error", "count")},
    ),
    Rule(
        "atoms",
        when=["checkpoint", "x", "k", "n"],
        gives={
            **{name: f"atom_{name}" for name in ("strip", "amounts", "units", "added", "added_unit", "amount")},
            **{name: f"atom_{name}" for name in ("partial", "error", "n", "count", "axis", "errors")},
        },
    ),
    Rule(
        "cut",
        when=["checkpoint", "x", "k"],
        gives={
            **{name: f"cut_{name}" for name in ("axis", "kept", "cut", "k")},
            **{name: f"cut_{name}" for name in ("kept_x_hat", "kept_error", "all_x_hat", "all_error")},
        },
    ),
    unit_card.atlases_rule(ATLASES),
    Rule("overlap", when=["checkpoint"], gives=["overlap"]),
    unit_card.unit_rule("checkpoint"),
    network_rule("network"),
    training_rule(),
]

STATE = {"k": 0, "n": 5, "page": 0, "unit": 0}


def build(pool: Pool) -> None:
    """The components of the tab: five scenes over one input and all models."""
    if not pool.names("k_sparse"):
        gr.Markdown(missing(pool, "k_sparse", "mnist-k25"))
        return
    names = models(pool)
    configs = {name: pool.configs[name] for name in names}
    first = names[min(1, len(names) - 1)]  # of the four, k = 25
    use = configs[first].profile.get("use", [0])
    state = {**STATE, "checkpoint": first, "unit": int(np.argmax(use))}
    facts = {name: {"data": pool.configs[name].data} for name in names}
    set_up(state, RULES, facts, {"x": "x", "k": "k"})
    gr.Markdown(QUESTION, elem_classes="le-question")
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("All four k" if len(names) == ATLASES else "Every k"):
            all_scene(configs)
        with gr.Tab("Sort and cut"):
            cut_scene(configs)
        with gr.Tab("Atom by atom"):
            atom_scene(configs)
        with gr.Tab("Filters"):
            filter_scene(configs)
        with gr.Tab("Published and ours"):
            published_scene(configs)
    folds(pool, names, names)
