"""k-sparse autoencoder: only the k strongest of many units may be active, and each of them adds one atom."""

from typing import Any

import gradio as gr
import numpy as np

from explorer.answers.k_sparse import ATLASES, every_model, models
from explorer.answers.several import sets
from explorer.answers.units import number_of_units
from explorer.checkpoint.config import Config
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
        using=["data"],
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
    unit_card.atlases_rule(ATLASES, "data"),
    Rule("overlap", when=["checkpoint"], gives=["overlap"]),
    unit_card.unit_rule("checkpoint"),
    network_rule("network"),
    training_rule(),
]

FOUR = 4  # models that ship with the app
STATE = {"k": 0, "n": 5, "page": 0, "unit": 0}


def build(pool: Pool) -> None:
    """The components of the tab: five scenes over one input and all models of its set."""
    names = every_model(pool)
    if not names:
        gr.Markdown(missing(pool, "k_sparse", "mnist-k25"))
        return
    by_set = {data: {name: pool.configs[name] for name in models(pool, data)} for data in sets(pool, "k_sparse")}
    of_first = list(next(iter(by_set.values())))
    first = of_first[min(1, len(of_first) - 1)]  # of the four, k = 25
    state = {**STATE, "checkpoint": first}
    facts: dict[str, dict[str, Any]] = {name: {"data": data} for data, models in by_set.items() for name in models}
    if len({number_of_units(pool.configs[name]) for name in names}) > 1:  # a unit of one is none of another
        facts = {name: fact | {"unit": most_used(pool.configs[name])} for name, fact in facts.items()}
    else:
        state |= {"unit": most_used(pool.configs[first])}
    set_up(state, RULES, facts, {"x": "x", "k": "k", "data": "data"})
    gr.Markdown(QUESTION, elem_classes="le-question")
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("All four k" if len(names) == FOUR else "Every k"):
            all_scene(by_set)
        with gr.Tab("Sort and cut"):
            cut_scene(by_set)
        with gr.Tab("Atom by atom"):
            atom_scene(by_set)
        with gr.Tab("Filters"):
            filter_scene(by_set)
        with gr.Tab("Published and ours"):
            published_scene(by_set)
    folds(pool, names, names)


def most_used(config: Config) -> int:
    """The unit that is active for most pictures."""
    return int(np.argmax(config.profile.get("use", [0])))
