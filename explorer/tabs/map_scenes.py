"""The four scenes of the map tab: what lies where, without any computation."""

from typing import Any

import gradio as gr

from explorer.answers.map import METRIC_NAMES, MOST_NEIGHBOURS, PLANES
from explorer.data.rendered_sets import WORLDS
from explorer.widgets.controls import choice, controls, counter, menu, opener, slider
from explorer.widgets.cue import cue
from explorer.widgets.job import job
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.readout import readout, value
from explorer.widgets.scatter_map import scatter_map

ROW = 72  # side of a tile of eight in a row, in CSS pixels
LARGE = {"key": "data", "values": list(WORLDS)}
SMALL = LARGE | {"not": True}


def model_controls(names: list[str], sets: dict[str, str] | None) -> None:
    controls(
        [
            choice("checkpoint", "Model", {name: name for name in names}, groups=sets),
            choice("plane", "Plane", PLANES),
            menu("colour", "Colour", "colours"),
        ],
        elem_id="map-how",
    )


def one_scene(amount: float, chooses: dict[str, dict[str, Any]]) -> None:
    """chooses: as opener takes it."""
    cue(
        "Click a point, then two names below the map as A and B, or lasso them: t moves its z from A towards B.",
        ["index", "lasso_a", "lasso_b"],
    )
    with gr.Row():
        with gr.Column(min_width=600, scale=0):
            scatter_map("points", "Codes z", label="label", lassos="lasso_", width=600, height=420, elem_id="map-plane")
        with gr.Column(min_width=600, scale=1):
            with gr.Row():
                with gr.Column(min_width=140, scale=0):
                    picture_grid("x", "Input x", symbol="x", tile=140, elem_id="map-x")
                with gr.Column(min_width=140, scale=0):
                    picture_grid("x_hat", "Rebuilt x̂", symbol="x-hat", tile=140, elem_id="map-x-hat")
                with gr.Column(min_width=220, scale=1):
                    readout([value("error", "squared error", "x-hat", 1)], elem_id="map-numbers")
                    controls([opener("Open in its own tab", chooses)], elem_id="map-open")
            near("map-near")
            with gr.Row():
                with gr.Column(min_width=190, scale=0):
                    lasso_means("a", "x")
                with gr.Column(min_width=190, scale=0):
                    lasso_means("b", "z")
                with gr.Column(min_width=220, scale=1):
                    picture_grid(
                        "steered",
                        "x̂ of z + t (B − A)",
                        symbol="x-hat",
                        tile=96,
                        empty="needs both",
                        elem_id="map-steered",
                    )
                    controls([slider("amount", "t", -amount, amount, 0.05, "z")], elem_id="map-amount")


def lasso_means(name: str, symbol: str) -> None:
    picture_grid(
        f"means_{name}",
        f"{name.upper()}: mean x, z",
        symbol=symbol,
        empty=f"{name.upper()}: lasso points, or click a name",
        columns=2,
        tile=92,
        captions=f"count_{name}",
        caption_text="{} pictures",
        digits=0,
        elem_id=f"map-means-{name}",
    )
    picture_grid(f"members_{name}", "Some of them", columns=8, tile=23, empty=" ", elem_id=f"map-members-{name}")


def two_scene() -> None:
    cue("Click a point at the edge of a cloud: its neighbours in A may lie apart in B.", ["index", "other"])
    with gr.Row():
        with gr.Column(min_width=468, scale=0):
            scatter_map("points", "A: the model above", lassos="lasso_", width=468, height=400, elem_id="map-a")
        with gr.Column(min_width=468, scale=0):
            scatter_map(
                "points_beside",
                "B, laid over A",
                near="neighbours_beside",
                lassos="lasso_",
                width=468,
                height=400,
                elem_id="map-b",
            )
        with gr.Column(min_width=200, scale=1):
            controls([menu("other", "B", "others")], elem_id="map-other")
            picture_grid("x", "Input x", symbol="x", tile=104, elem_id="map-two-x")
            for key, title in (("", "x̂ of A"), ("_beside", "x̂ of B")):
                picture_grid(
                    f"x_hat{key}",
                    title,
                    symbol="x-hat",
                    tile=104,
                    captions=f"error{key}",
                    caption_text="error {}",
                    digits=1,
                    elem_id=f"map-two{key.replace('_', '-')}-x-hat",
                )


def another_scene() -> None:
    asked = {"neighbours": "neighbours_asked", "min_dist": "min_dist", "metric": "metric", "seed": "umap_seed"}
    cue(
        "Change the neighbours and make the UMAP: clouds stay together, where they lie means little.",
        list(asked.values()),
    )
    with gr.Row():
        with gr.Column(min_width=340, scale=0):
            controls([slider("neighbours_asked", "neighbours", 2, MOST_NEIGHBOURS, 1, "z")])
            controls([slider("min_dist", "least distance", 0, 1, 0.05, "z")])
            controls([choice("metric", "Metric", METRIC_NAMES)])
            controls([counter("umap_seed", "Other seed", "z")], elem_id="map-seed")
            job(
                "Make this UMAP",
                "another",
                "stop",
                {"checkpoint": "checkpoint", **asked},
                {"points": "points_another"},
                elem_id="map-job",
            )
            gr.Markdown(
                "It takes about half a minute, in a process of its own. The same settings give the same map.",
                elem_classes="le-question",
            )
        with gr.Column(min_width=700, scale=1):
            scatter_map(
                "points_another", "UMAP", label="label", lassos="lasso_", width=760, height=420, elem_id="map-another"
            )


def own_scene() -> None:
    cue("Draw one of your own: it lands among those whose codes are nearest.", ["own"])
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            for side, shown in ((28, SMALL), (64, LARGE)):
                picture_input("own", "Your picture", first=7, side=side, show_if=shown, elem_id=f"map-own-{side}")
        with gr.Column(min_width=600, scale=0):
            scatter_map(
                "points",
                "Where it belongs",
                near="own_neighbours",
                own="own_place",
                width=600,
                height=420,
                hint="amid its 8 nearest codes",
                elem_id="map-own-plane",
            )
        with gr.Column(min_width=300, scale=1):
            picture_grid(
                "own_x_hat",
                "Reconstruction x̂",
                symbol="x-hat",
                tile=140,
                captions="own_error",
                caption_text="squared error {}",
                digits=1,
                elem_id="map-own-x-hat",
            )
            near("map-own-near", "own_", columns=4)


def near(elem_id: str, prefix: str = "", columns: int = 8) -> None:
    picture_grid(
        f"{prefix}near",
        "Nearest codes",
        symbol="z",
        columns=columns,
        tile=ROW,
        pick={"index": f"{prefix}neighbours"},
        hint="click: take it",
        elem_id=elem_id,
    )
