"""Autoencoder: input, a few numbers, reconstruction, with PCA beside it."""

import gradio as gr

from explorer.answers import as_python, common
from explorer.page.rule import Rule
from explorer.serve.pool import Pool
from explorer.style.plots import error_by_dimensions
from explorer.tabs.frame import JUDGED, folds, header, missing, network_rule, plane_rule, training_rule, traversals_rule
from explorer.widgets.controls import controls, slider
from explorer.widgets.cue import cue
from explorer.widgets.curves import curves
from explorer.widgets.latent_pad import latent_pad
from explorer.widgets.latent_sliders import latent_sliders
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.readout import readout, value
from explorer.widgets.tab_setup import set_up

TITLE = "Autoencoder"
QUESTION = "How few numbers are enough to draw a digit again, and what lies between the digits?"

RULES = [
    Rule("encode", when=["checkpoint", "x"], gives=["z"]),
    Rule("decode", when=["z"], using=["checkpoint"], gives=["x_hat"]),
    Rule("judge", when=["z"], using=["checkpoint", "x"], gives=["error", "distance"], rest=JUDGED),
    plane_rule(),
    traversals_rule(),
    Rule(
        "pca",
        when={"checkpoint": "checkpoint", "x": "x", "dimensions": "pca_dim"},
        gives={"x_pca": "x_pca", "error": "pca_error"},
    ),
    Rule(
        "losses",
        when=["pixel", "drawn"],
        gives=["shown", "squared", "entropy", "squared_here", "entropy_here", "squared_slope", "entropy_slope"],
    ),
    network_rule(),
    training_rule(),
]

WRONG = {"pixel": 1.0, "drawn": 0.02}  # white, and drawn nearly black: there the two losses differ most


def build(pool: Pool) -> None:
    """The components of the tab."""
    names = pool.names("autoencoder")
    if not names:
        gr.Markdown(missing(pool, "autoencoder"))
        return
    facts = common.facts(pool, names)
    for name, fact in facts.items():  # PCA starts at as many numbers as the code has
        fact["pca_dim"] = min(fact["latent_dim"], pool.configs[name].model["pca_dim"])
    set_up({"checkpoint": names[0], **WRONG}, RULES, facts, as_python.CODE_SCENE)
    header(pool, QUESTION, names)
    plane = {"key": "latent_dim", "values": [2]}
    sliders = plane | {"not": True}
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input("x", "Input x", elem_id="ae-input")
        with gr.Column(min_width=430, scale=1):
            latent_pad("z", "Code z", show_if=plane, elem_id="ae-pad")
            latent_sliders("z", "Code z", show_if=sliders, elem_id="ae-sliders")
        with gr.Column(min_width=230, scale=0):
            picture_grid(
                "x_hat",
                "Reconstruction x̂",
                symbol="x-hat",
                captions="error",
                caption_text="squared error {}",
                elem_id="ae-output",
            )
            hole = (1, "A hole: no picture is encoded near here.")
            distance = value("distance", "to a real code", "z", unit="r", warn=hole)
            readout([value("z", "z", "z"), distance], show_if=plane, elem_id="ae-numbers")
            readout([distance], show_if=sliders, elem_id="ae-distance")
        with gr.Column(min_width=230, scale=0):
            picture_grid(
                "x_pca",
                "PCA’s x̂",
                symbol="pca",
                captions="pca_error",
                caption_text="squared error {}",
                elem_id="ae-pca",
            )
            controls([slider("pca_dim", "dims", 1, 64, 1, "pca")], elem_id="ae-pca-dim")
            cue("Click between the clouds: the picture blurs from one digit to the next.", ["z"], show_if=plane)
            cue(
                "Slide dims up to what the code has, and beyond: where does PCA catch up?", ["pca_dim"], show_if=sliders
            )
    with gr.Accordion("Error against the number of dimensions, over the whole test set", open=False):
        gr.Plot(error_by_dimensions([pool.configs[name] for name in names]), show_label=False)
    with gr.Accordion("Squared error or cross-entropy: two losses of one pixel", open=False):
        losses_scene()
    gr.Markdown(
        "r is the radius of a hole: 95 % of the training codes have another one nearer than that.",
        elem_classes="le-question",
    )
    folds(pool, names)


def losses_scene() -> None:
    """What both losses cost for one pixel, and how hard they pull on the unit in front of a sigmoid."""
    gr.Markdown(
        "The last layer is a sigmoid: x̂ = 1 / (1 + e⁻ᵃ). Where it is sure and wrong the squared error hardly pulls on "
        "a, by 2 (x̂ − x) x̂ (1 − x̂), for the sigmoid is flat there; cross-entropy pulls by x̂ − x. Move x̂ away from "
        "x, as far as it goes, and compare. For a grey pixel cross-entropy is never 0, but least where x̂ = x.",
        elem_classes="le-question",
    )
    with gr.Row():
        with gr.Column(min_width=640, scale=0):
            curves(
                "shown",
                {"squared": "x-hat: squared error", "entropy": "epsilon: cross-entropy, nats"},
                x_label="x̂, what is drawn",
                y_label="loss of the pixel",
                top=4,
                marks={"drawn": "x-hat: x̂", "pixel": "x: x"},
                elem_id="ae-losses",
            )
        with gr.Column(min_width=330, scale=0):
            controls(
                [slider("pixel", "pixel x", 0, 1, 0.01, "x"), slider("drawn", "drawn x̂", 0.01, 0.99, 0.01, "x-hat")],
                elem_id="ae-losses-pixel",
            )
            readout(
                [
                    value("squared_here", "squared error", "x-hat", digits=3),
                    value("squared_slope", "its pull on a", "x-hat", digits=3),
                    value("entropy_here", "cross-entropy", "epsilon", digits=3),
                    value("entropy_slope", "its pull on a", "epsilon", digits=3),
                ],
                elem_id="ae-losses-numbers",
            )
