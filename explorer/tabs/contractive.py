"""Contractive autoencoder: which changes of the picture a code notices, for every weight of the penalty at once."""

import gradio as gr

from explorer.answers.contractive import MOST_MODELS, MOVES, compared, every_model
from explorer.answers.several import sets
from explorer.page.rule import Rule
from explorer.serve.pool import Pool
from explorer.tabs.contractive_models import label, table
from explorer.tabs.contractive_scenes import moving_scene, pushing_scene, sensitivity_scene
from explorer.tabs.frame import folds, header, missing, network_rule, training_rule
from explorer.widgets.tab_setup import set_up

TITLE = "Contractive"
QUESTION = "Which changes of a picture should a code notice, and which should it ignore?"


def for_each_model(answer: str, key: str) -> dict[str, str]:
    """Answers and keys of the models; those of models that are not there stay unset."""
    return {f"{answer}_{i}": f"{key}_{i}" for i in range(MOST_MODELS)}


RULES = [
    Rule(
        "sensitivity", when=["x", "scale"], using=["data"], gives=["maps", "x_hats", "jacobian", "saturation", "error"]
    ),
    Rule(
        "spectra", when=["x"], using=["data"], gives={"index": "index", **for_each_model("line", "spectrum")}, rest=150
    ),
    Rule(
        "direction",
        when={"checkpoint": "checkpoint", "x": "x", "index": "direction_index"},
        gives={"direction": "direction", "picture": "direction_picture", "value": "singular_value"},
        rest=60,
    ),
    Rule(
        "push",
        when=["direction", "amount"],
        using=["checkpoint", "x"],
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
        using=["data"],
        gives={"moved": "moved", **for_each_model("travel", "moved")},
    ),
    Rule(
        "course",
        when=["x", "kind", "seed"],
        using=["data"],
        gives={"amounts": "amounts", **for_each_model("line", "course")},
        rest=60,
    ),
    network_rule("network"),
    training_rule(),
]

STATE = {
    "scale": "common",
    "direction_index": 1,
    "amount": 3,
    "dx": 0,
    "dy": 0,
    "degrees": 0,
    "noise": 0.3,  # which models differ most about; a shift moves all alike
    "seed": 1,
    "kind": "noise",
}


def build(pool: Pool) -> None:
    """The components of the tab: three scenes over one input and all models of its set."""
    names = every_model(pool)
    if not names:
        gr.Markdown(missing(pool, "contractive", "mnist-lambda03"))
        return
    by_set = {data: compared(pool, data) for data in sets(pool, "contractive")}
    called = {name: label(name, pool.configs[name]) for name in names}
    labels = {data: [called[name] for name in models] for data, models in by_set.items()}
    facts = {name: {"data": data} for data, models in by_set.items() for name in models}
    set_up({"checkpoint": names[0], **STATE}, RULES, facts, {"x": "x", "scale": "scale", "data": "data"})
    several = len(by_set) > 1
    if several:
        header(pool, QUESTION, names)
    else:
        gr.Markdown(QUESTION, elem_classes="le-question")
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Sensitivity"):
            sensitivity_scene(labels)
        with gr.Tab("Push it"):
            pushing_scene(labels, {} if several else called)
        with gr.Tab("Move it"):
            moving_scene(labels)
            if unmeasured := [name for name in names if "code_distance" not in pool.configs[name].profile]:
                gr.Markdown(
                    f"Not shown here: {', '.join(unmeasured)}, whose config does not say how far apart its codes are."
                )
    with gr.Accordion("λ side by side: published figures and ours", open=False):
        gr.Markdown(table(pool))
        gr.Markdown(
            "Published: Rifai et al. (2011), table 1, where DAE is DAE-b; norms are of validation pictures, divided in "
            "a way that is not told. Ours is divided by units × pixels, so that it is of that size. The test error is "
            "that of a classifier that starts from the encoder and is fine-tuned; — was not published, or not measured."
        )
    folds(pool, names, names)
