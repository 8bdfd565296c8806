"""The three scenes of the contractive tab: what lies where, without any computation."""

from typing import Any

import gradio as gr

from explorer.answers.contractive import COURSES, MOVES, PIXELS, SCALES
from explorer.tabs.frame import for_set
from explorer.widgets.controls import choice, controls, counter, setter, slider
from explorer.widgets.cue import cue
from explorer.widgets.curves import curves
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.readout import readout, value
from explorer.widgets.side_by_side import caption, side_by_side

COLOURS = ("class-0", "class-2", "class-7", "class-1", "class-5", "class-9", "class-3", "class-6")  # of the models


Labels = dict[str, list[str]]  # of the models side by side, by picture set


def curves_of_models(x: str, key: str, labels: Labels, elem_id: str, **look: Any) -> None:
    """A curve for each model, in its colour; look: other arguments of curves."""
    for data, models in labels.items():
        lines = {f"{key}_{i}": f"{COLOURS[i]}: {label}" for i, label in enumerate(models)}
        curves(x, lines, **look, **for_set(elem_id, data, labels))


def bars_of_models(key: str, labels: Labels, full: float, elem_id: str) -> None:
    """A bar for each model, in its colour."""
    for data, models in labels.items():
        items = [value(f"{key}_{i}", label, COLOURS[i], bar=full) for i, label in enumerate(models)]
        readout(items, **for_set(elem_id, data, labels))


def sensitivity_scene(labels: Labels) -> None:
    columns = max(map(len, labels.values()))
    cue("Choose another picture: contracted models notice its outline only, the plain one the whole picture.", ["x"])
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input("x", "Input x", elem_id="cae-input")
        with gr.Column(min_width=666, scale=0):
            side_by_side(
                "maps",
                "Sensitivity: how far the code moves for each pixel",
                labels,
                names_by="data",
                captions=[caption("jacobian", "‖J‖² {}", 2), caption("saturation", "sat. {} %")],
                tile=122,
                columns=columns,
                symbol="z",
                elem_id="cae-maps",
            )
            side_by_side(
                "x_hats",
                "Reconstructions x̂",
                labels,
                names_by="data",
                captions=[caption("error", "error {}")],
                tile=122,
                columns=columns,
                elem_id="cae-reconstructions",
            )
            controls([choice("scale", "Brightness of the maps", SCALES)], elem_id="cae-scale")
        with gr.Column(min_width=310, scale=1):
            look = {"x_label": "number", "y_label": "singular value of J", "bottom": 0.01, "log": True}
            curves_of_models("index", "spectrum", labels, "cae-spectra", width=318, height=330, **look)
    gr.Markdown(
        "‖J‖² is divided by units × pixels, in 10⁻⁴; sat.: units saturated, below .05 or above .95.",
        elem_classes="le-question",
    )


def pushing_scene(labels: Labels, models: dict[str, str]) -> None:
    """Models, by name, are chosen here where they are not above all scenes."""
    cue(
        "Press “most contracted”: the picture changes as much as before, the code hardly moves.",
        ["direction_index", "amount"],
    )
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input("x", "Input x", elem_id="cae-push-input")
        with gr.Column(min_width=720, scale=1):
            controls(
                [
                    *([choice("checkpoint", "Model", models)] if models else []),
                    slider("direction_index", "direction", 1, PIXELS, 1, "x"),
                    setter("least contracted", {"direction_index": 1}),
                    setter("most contracted", {"direction_index": PIXELS}),
                    slider("amount", "amount", -6, 6, 0.1, "x"),
                ],
                elem_id="cae-push-controls",
            )
            with gr.Row():
                for key, title, symbol, tile in (
                    ("direction_picture", "Direction v", "x", 160),
                    ("pushed", "Pushed x′", "x", 160),
                    ("code", "Code z′, unit by unit", "z", 300),
                    ("pushed_x_hat", "Its x̂′", "x-hat", 160),
                ):
                    with gr.Column(min_width=tile, scale=0):
                        picture_grid(key, title, symbol=symbol, tile=tile, elem_id=f"cae-{key.replace('_', '-')}")
            with gr.Row():
                with gr.Column(min_width=318, scale=1):
                    numbers = [
                        value("distance", "picture: ‖x′ − x‖", "x"),
                        value("travelled", "code: ‖z′ − z‖", "z"),
                        value("ratio", "code / picture", "", 3),
                        value("singular_value", "singular value of v", "", 3),
                    ]
                    readout(numbers, elem_id="cae-push-numbers")
                    gr.Markdown("x′ may leave black and white; it is shown cut.", elem_classes="le-question")
                with gr.Column(min_width=318, scale=1):
                    gr.Markdown("‖z′ − z‖ of every model", elem_classes="le-question")
                    bars_of_models("pushed", labels, 15, "cae-push-bars")


def moving_scene(labels: Labels) -> None:
    still = dict.fromkeys(MOVES, 0)
    cue(
        "Raise the noise to .5: contracted codes move least. Press Back and shift the picture: all of them move alike.",
        list(MOVES),
    )
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input("x", "Input x", elem_id="cae-move-input")
        with gr.Column(min_width=300, scale=0):
            picture_grid("moved", "Moved x′", symbol="x", elem_id="cae-moved")
            sliders = [slider(key, move.label, *move.range, move.step, "x") for key, move in MOVES.items()]
            buttons = [counter("seed", "Draw noise", "epsilon"), setter("Back", still)]
            controls(sliders + buttons, elem_id="cae-moves")
        with gr.Column(min_width=560, scale=1):
            gr.Markdown(
                "Displacement of the code; 1 is how far two pictures are apart on average.", elem_classes="le-question"
            )
            bars_of_models("moved", labels, 1.5, "cae-move-bars")
            controls([choice("kind", "The same while one thing grows:", COURSES)], elem_id="cae-kind")
            look = {"x_label": "amount", "y_label": "displacement of the code"}
            curves_of_models("amounts", "course", labels, "cae-courses", width=600, height=240, **look)
