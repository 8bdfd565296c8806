"""Linear: input, a few numbers, reconstruction."""

import gradio as gr

from explorer.answers import as_python, common
from explorer.page.rule import Rule
from explorer.serve.pool import Pool
from explorer.tabs.frame import JUDGED, folds, header, missing, network_rule, training_rule, traversals_rule
from explorer.widgets.latent_sliders import latent_sliders
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.tab_setup import set_up

TITLE = "Linear"
QUESTION = "What can two matrices draw?"

RULES = [
    Rule("encode", when=["checkpoint", "x"], gives=["z"]),
    Rule("decode", when=["z"], using=["checkpoint"], gives=["x_hat"]),
    Rule("judge", when=["z"], using=["checkpoint", "x"], gives=["error"], rest=JUDGED),
    traversals_rule(),
    network_rule(),
    training_rule(),
]


def build(pool: Pool) -> None:
    """The components of the tab."""
    names = pool.names("linear")
    if not names:
        gr.Markdown(missing(pool, "linear", "discs-8d"))
        return
    set_up({"checkpoint": names[0]}, RULES, common.facts(pool, names), as_python.CODE_SCENE)
    header(pool, QUESTION, names)
    with gr.Row():
        picture_input("x", "Input x", elem_id="linear-input")
        latent_sliders("z", "Code z", elem_id="linear-sliders")
        picture_grid(
            "x_hat",
            "Reconstruction x̂",
            symbol="x-hat",
            captions="error",
            caption_text="squared error {}",
            elem_id="linear-output",
        )
    folds(pool, names)
