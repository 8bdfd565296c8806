"""Map: a model's whole latent space as a plane of 10,000 test pictures, and two such planes side by side."""

from typing import Any

import gradio as gr

from explorer.answers.denoising import place
from explorer.answers.map import AMOUNT, colours
from explorer.data import atlas
from explorer.page.rule import Rule
from explorer.serve import maps
from explorer.serve.pool import Pool
from explorer.tabs.frame import JUDGED, by_set, folds, network_rule
from explorer.tabs.map_scenes import another_scene, model_controls, one_scene, own_scene, two_scene
from explorer.widgets.tab_setup import set_up

TITLE = "Map"
QUESTION = "What lies next to what in a code?"
MODEL = {"checkpoint": "checkpoint"}
OWN = ("place", "x_hat", "error", "neighbours", "near")

RULES = [
    Rule("points", when={**MODEL, "plane": "plane"}, gives=["points"]),
    # Where no UMAP of one's own is made yet, the shipped plane stands in for it.
    Rule("shipped", when=MODEL, gives={"points": "points_another"}),
    Rule("beside", when={**MODEL, "other": "other", "plane": "plane"}, gives={"points": "points_beside"}),
    Rule("colouring", when={**MODEL, "colour": "colour"}, gives=["values", "classes"]),
    Rule("point", when={**MODEL, "index": "index"}, gives=["x", "x_hat", "error", "z", "label", "factors"]),
    Rule("near", when={**MODEL, "index": "index"}, gives=["neighbours", "near"], rest=JUDGED),
    Rule(
        "point",
        when={"checkpoint": "other", "index": "index"},
        gives={"x_hat": "x_hat_beside", "error": "error_beside"},
    ),
    Rule(
        "near", when={"checkpoint": "other", "index": "index"}, gives={"neighbours": "neighbours_beside"}, rest=JUDGED
    ),
    *(
        Rule(
            "group",
            when={**MODEL, "chosen": f"lasso_{name}"},
            gives={part: f"{part}_{name}" for part in ("means", "members", "count", "inside")},
        )
        for name in ("a", "b")
    ),
    Rule("direction", when={**MODEL, "a": "lasso_a", "b": "lasso_b"}, gives=["direction"]),
    Rule("steer", when=["z", "direction", "amount"], using=MODEL, gives={"x_hat": "steered"}),
    Rule("place", when={**MODEL, "plane": "plane", "x": "own"}, gives={name: f"own_{name}" for name in OWN}),
    network_rule(),
]

STATE = {
    "plane": "umap",
    "colour": "class",
    "index": 0,
    "lasso_a": None,
    "lasso_b": None,
    "amount": 1.0,
    "neighbours_asked": 15,
    "min_dist": 0.1,
    "metric": "euclidean",
    "umap_seed": 1,
}


def build(pool: Pool) -> None:
    """The components of the tab: four scenes over one model and its pictures."""
    names = maps.names(pool)
    if not names:
        gr.Markdown(f"No checkpoint in {pool.places} has a map. Make one with `python -m train FAMILY/VARIANT --map`.")
        return
    first = next((name for name in names if name == "autoencoder/mnist-30d"), names[0])
    set_up({"checkpoint": first, **STATE}, RULES, facts(pool, names))
    with gr.Row(equal_height=True):
        gr.Markdown(QUESTION, elem_classes="le-question")
        with gr.Column(min_width=880, scale=0):
            model_controls(names, by_set(pool, names))
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("One space"):
            one_scene(AMOUNT, {name: place(pool, name) for name in names if pool.configs[name].family == "denoising"})
        with gr.Tab("Two side by side"):
            two_scene()
        with gr.Tab("Another UMAP"):
            another_scene()
        with gr.Tab("Your own picture"):
            own_scene()
    folds(pool, [])


def facts(pool: Pool, names: list[str]) -> dict[str, dict[str, Any]]:
    """What the page has to know of each model: its pictures, its colours, and the models to lay beside it."""
    data = {name: pool.configs[name].data for name in names}
    return {
        name: {
            "data": data[name],
            "colours": colours(pool, name),
            "factor_names": list(atlas.factor_names(data[name])),
            "value_names": {f"factor {i}": list(names) for i, names in atlas.value_names(data[name]).items()},
            "others": {other: other for other in names if data[other] == data[name] and other != name},
        }
        for name in names
    }
