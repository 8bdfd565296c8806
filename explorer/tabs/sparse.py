"""Sparse: every unit may be active for few pictures only; one picture's activations, and the whole layer's."""

from typing import Any

import gradio as gr

from explorer.answers import as_python
from explorer.checkpoint.config import Config
from explorer.page.rule import Rule
from explorer.serve.pool import Pool
from explorer.tabs import unit_card
from explorer.tabs.frame import folds, header, missing, network_rule, training_rule
from explorer.tabs.sparse_scenes import layer_scene, one_scene
from explorer.widgets.tab_setup import set_up

TITLE = "Sparse"
QUESTION = "What does a unit learn to stand for when it may be active for only a few pictures?"
FIRST_RHO = 0.1  # the model shown first is the one nearest to the notes' target
MODEL = {"checkpoint": "checkpoint"}

RULES = [
    Rule(
        "respond",
        when={**MODEL, "x": "x", "unit": "unit", "factor": "factor"},
        gives=[
            "pictures",
            "errors",
            "change",
            "activation",
            "z",
            "cells",
            "numbers",
            "active",
            "mean",
            "strongest",
            "strongest_z",
            "strongest_filters",
        ],
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
    network_rule("network"),
    training_rule(),
]

STATE = {"unit": 0, "factor": 0.0, "page": 0, "rho": FIRST_RHO}


def build(pool: Pool) -> None:
    """The components of the tab: one picture, and the whole layer, over one model and one unit."""
    names = pool.names("sparse")
    shallow = [name for name in names if len(pool.configs[name].model["hidden"]) == 1]
    if not shallow:
        gr.Markdown(missing(pool, "sparse", "mnist-rho10"))
        return
    targets = {name: pool.configs[name].model["sparsity_target"] for name in shallow}
    first = min(shallow, key=lambda name: abs(targets[name] - FIRST_RHO))
    # The checkpoint last: what follows from it stands before the state's own values.
    set_up(
        {**STATE, "checkpoint": first},
        RULES,
        {name: fact(pool.configs[name]) for name in shallow},
        {**as_python.PICTURE_SCENE, "unit": "unit", "factor": "factor"},
    )
    header(pool, QUESTION, shallow)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("One picture"):
            one_scene()
        with gr.Tab("The whole layer"):
            layer_scene()
    folds(pool, names, names)


def fact(config: Config) -> dict[str, Any]:
    """What the page has to know of a checkpoint: its pictures, its target, and the unit to begin with."""
    means = config.profile.get("mean_activations", [0])
    return {"data": config.data, "rho": config.model["sparsity_target"], "unit": means.index(max(means))}
