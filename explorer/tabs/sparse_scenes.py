"""The two scenes of the sparse tab: what lies where, without any computation."""

import gradio as gr

from explorer.answers.sparse import LARGEST_FACTOR, LARGEST_RHO, LEAST_RHO, STRONGEST
from explorer.tabs.unit_card import filter_atlas, unit_card
from explorer.widgets.controls import controls, counter, setter, slider
from explorer.widgets.cue import cue
from explorer.widgets.curves import curves
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.readout import readout, value
from explorer.widgets.side_by_side import caption, side_by_side

COLUMNS = 20  # of the 200 activations
FIRST_PICTURE = 391  # a four: the unit each model is shown with first answers to it


def one_scene() -> None:
    cue("Click a bright unit and change it: the difference is what it adds to the picture.", ["unit", "factor"])
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input("x", "Input x", first=FIRST_PICTURE, elem_id="sparse-input")
        with gr.Column(min_width=400, scale=0):
            activations_column()
        with gr.Column(min_width=560, scale=1):
            reconstructions_column()
    unit_card("sparse-one")


def activations_column() -> None:
    picture_grid(
        "cells",
        "Activations z",
        symbol="z",
        columns=COLUMNS,
        tile=20,
        captions="z",
        caption_text="activation {}",
        pick={"unit": "numbers"},
        hint="click: choose the unit",
        elem_id="sparse-activations",
    )
    picture_grid(
        "strongest_filters",
        "Filters of the strongest",
        symbol="z",
        columns=STRONGEST,
        tile=50,
        captions="strongest_z",
        pick={"unit": "strongest"},
        hint="click: choose",
        elem_id="sparse-strongest",
    )


def reconstructions_column() -> None:
    side_by_side(
        "pictures",
        "Reconstruction x̂",
        ["as it is", "unit changed", "the difference"],
        captions=[caption("errors", "squared error {}")],
        tile=176,
        columns=3,
        hint="difference: grey is none, white is more ink",
        elem_id="sparse-pictures",
    )
    factors = [("remove", 0.0), ("as it is", 1.0), ("boost", LARGEST_FACTOR)]
    controls(
        [
            slider("factor", "unit ×", 0, LARGEST_FACTOR, 0.1, "z"),
            *(setter(name, {"factor": factor}) for name, factor in factors),
        ],
        elem_id="sparse-factor",
    )
    with gr.Row():
        layer_numbers = [value("active", "units above .5", "z", digits=0), value("mean", "mean of all", "z", digits=3)]
        readout(layer_numbers, elem_id="sparse-numbers")
        unit_numbers = [
            value("activation", "chosen unit", "z", digits=3),
            value("change", "squared difference", "x-hat"),
        ]
        readout(unit_numbers, elem_id="sparse-unit-numbers")


def layer_scene() -> None:
    cue("Slide ρ below the bars: every unit pays for being active more often than it may.", ["rho"])
    with gr.Row():
        with gr.Column(min_width=440, scale=1):
            curves(
                "mean_at",
                {"mean_counts": "z: mean activations"},
                marks={"target": "rho: ρ"},
                x_label="ρ̂",
                y_label="units",
                bars=["mean_counts"],
                width=450,
                height=200,
                elem_id="sparse-means",
            )
            counts = [
                value("near", "within 20 % of ρ", "rho", digits=0),
                value("dead", "dead: ρ̂ below .001", "z", digits=0),
                value("always_on", "always on: ρ̂ above .5", "z", digits=0),
            ]
            readout(counts, elem_id="sparse-counts")
        with gr.Column(min_width=420, scale=1):
            curves(
                "rho_hat",
                {"kl": "z: KL(ρ‖ρ̂)"},
                marks={"minimum": "rho: 0 at ρ̂ = ρ"},
                x_label="ρ̂",
                y_label="nats",
                top=3,
                width=420,
                height=200,
                elem_id="sparse-kl",
            )
            controls([slider("rho", "ρ", LEAST_RHO, LARGEST_RHO, 0.01, "rho")], elem_id="sparse-rho")
            total = [
                value("kl_sum", "sum over this model’s units", "z", unit="nats"),
                value("count", "units", digits=0),
            ]
            readout(total, elem_id="sparse-sum")
        with gr.Column(min_width=300, scale=0):
            filter_atlas("Filters", tile=28, elem_id="sparse-filters")
            controls([counter("page", "Next 100")], elem_id="sparse-page")
    unit_card("sparse-layer")
