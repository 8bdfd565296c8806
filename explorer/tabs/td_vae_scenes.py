"""The five scenes of the TD-VAE tab: what lies where, without any computation."""

from typing import Any

import gradio as gr

from explorer.answers.td_vae_digits import FRAMES, GROUPS, MOST_JUMPS, SHOWN, WAYS
from explorer.widgets.controls import choice, controls, counter, setter, slider
from explorer.widgets.cue import cue
from explorer.widgets.curves import curves
from explorer.widgets.filmstrip import film, filmstrip
from explorer.widgets.jump_graph import LAST, jump_graph
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.readout import readout, value

WAY_NAMES = {"one": "one jump of 6", "two": "two jumps of 3", "six": "six jumps of 1"}
COLOURS = {"clear": "belief", "blind": "x-tilde", "smoothed": "smoothing"}
WIDE = 990  # beside the input, in CSS pixels

# What the model was never trained on says so.
SPEEDS = {"-2": "−2, unseen", "-1": "−1", "0": "0, unseen", "1": "+1", "2": "+2, unseen"}  # pixels a frame
AXES = {"0": "sideways", "1": "down, unseen"}


def world(name: str) -> None:
    """The digit and how it moves."""
    picture_input("x", "Digit x", first=7, elem_id=f"td-{name}-input")
    controls(
        [
            choice("speed", "speed", SPEEDS, whole=True),
            choice("vertical", "direction", AXES, whole=True),
            slider("start", "start", 0, 27, 1, "x"),
        ],
        elem_id=f"td-{name}-world",
    )


def context_strip(name: str) -> None:
    """What happens, of which the model is shown the frames up to t."""
    films = [film("frames", "")]
    filmstrip(
        films,
        "What happens",
        times="times",
        cursor="t",
        first=1,
        shown="t",
        tile=47,
        width=WIDE,
        rate=2,
        symbol="x",
        hint="drag: how much of it the model is shown",
        elem_id=f"td-{name}-context",
    )


def futures_scene(longest_jump: int) -> None:
    cue("Drag what is shown back to frame 1: the digit could go either way, and futures go both.", ["t"])
    rows = [film("truth", "truth", "x"), film("mean", "mean of 32"), film("spread", "spread, 2 σ")]
    rows += [film("futures", "future, seed {}", "transition", index=row, number="seeds") for row in range(SHOWN)]
    rows += [film("predicted", "plain predictor", "x-tilde")]
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            world("futures")
            readout(
                [
                    value("direction", "right direction", "transition", 0, "%"),
                    value("within", "end within 1 px", "x", 0, "%"),
                ],
                elem_id="td-shares",
            )
        with gr.Column(min_width=WIDE, scale=1):
            context_strip("futures")
            controls(
                [
                    slider("jump", "frames of a jump", 1, longest_jump, 1, "transition"),
                    slider("jumps", "jumps", 1, MOST_JUMPS, 1, "transition"),
                    counter("draw", "Draw again", "z"),
                ],
                elem_id="td-jumps",
            )
            filmstrip(
                rows,
                "Futures",
                times="future_times",
                cursor="cursor",
                movie="movie",
                columns=3,
                width=WIDE,
                tile=66,
                rate=3,
                symbol="transition",
                elem_id="td-futures",
            )


def graph_scene(longest_jump: int) -> None:
    """One jump through the model's four distributions."""
    cue("Go back to step 0 and light one distribution after the other.", ["graph_step"])
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            world("graph")
        with gr.Column(min_width=WIDE, scale=1):
            controls(
                [
                    slider("graph_step", "step", 0, LAST, 1, "z"),
                    slider("t", "frames shown t", 1, FRAMES, 1, "x"),
                    slider("jump", "frames of the jump", 1, longest_jump, 1, "transition"),
                    counter("draw", "Draw again", "z"),
                ],
                elem_id="td-graph-controls",
            )
            jump_graph(
                "frames",
                "futures",
                t="t",
                jump="jump",
                step="graph_step",
                title="One jump, distribution by distribution",
                elem_id="td-graph",
            )


def jumps_scene() -> None:
    cue("Draw again: one long jump lands as near as six short ones, and costs one call.", ["draw", "t"])
    films = [film("way_truth", "truth", "x")]
    films += [film(f"{way}_film", name, "transition", every=WAYS[way][0]) for way, name in WAY_NAMES.items()]
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            world("jumps")
        with gr.Column(min_width=500, scale=0):
            controls([slider("t", "frames shown t", 1, FRAMES, 1, "x"), counter("draw", "Draw again", "z")])
            filmstrip(
                films,
                "One future",
                times="way_times",
                cursor="way_cursor",
                width=500,
                tile=62,
                rate=3,
                symbol="transition",
                elem_id="td-ways",
            )
        with gr.Column(min_width=460, scale=1):
            for way, name in WAY_NAMES.items():
                picture_grid(
                    f"{way}_samples",
                    f"{name}: eight futures, pixels off",
                    symbol="transition",
                    columns=SHOWN,
                    tile=57,
                    captions=f"{way}_off",
                    digits=0,
                    ruled=True,
                    elem_id=f"td-{way}",
                )
            near = [
                value(f"{way}_within", f"{name}: within a pixel, of 32", "transition", 0, "%")
                for way, name in WAY_NAMES.items()
            ]
            readout(near, elem_id="td-near")


def blind_scene(longest_jump: int) -> None:
    cue("Press “All clear”, then spoil frames one by one: the belief spreads over more places.", ["marks"])
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            world("blind")
        with gr.Column(min_width=WIDE, scale=1):
            filmstrip(
                [film("seen", "")],
                "What the model is shown",
                times="times",
                cursor="frame",
                first=1,
                shown="t",
                marks="marks",
                brush="brush",
                tile=47,
                width=WIDE,
                rate=0,
                symbol="x-tilde",
                hint="drag over frames to spoil them",
                veil="not shown to the belief",
                elem_id="td-spoilt",
            )
            controls(
                [
                    choice("brush", "brush", {"1": "black", "2": "noise", "3": "skip"}, whole=True),
                    setter("All clear", {"marks": [0] * FRAMES}),
                    slider("t", "t", 1, FRAMES, 1, "x"),
                    slider("later", "later shown", 1, longest_jump, 1, "smoothing"),
                    counter("draw", "Draw again", "z"),
                ],
                elem_id="td-blinding",
            )
            with gr.Row():
                for group, name in GROUPS.items():
                    group_column(group, name)


def group_column(group: str, name: str) -> None:
    """Samples of what is believed at t, their mean and spread, and how far apart they are."""
    with gr.Column(min_width=310, scale=1):
        samples = [(f"{group}_samples", name, 4), (f"{group}_summary", "mean, and spread (2 σ)", 2)]
        for key, title, columns in samples:
            picture_grid(
                key,
                title,
                symbol=COLOURS[group],
                columns=columns,
                tile=76,
                ruled=True,
                elem_id=f"td-{key.replace('_', '-')}",
            )
        readout(
            [
                value(f"{group}_deviation", "place ±", COLOURS[group], 1, "pixels"),
                value(f"{group}_places", "places it could be", COLOURS[group], 1),
            ],
            elem_id=f"td-{group}-numbers",
        )


def cost(way: str, colour: str) -> list[dict[str, Any]]:
    """What it takes to reach the last step in that way."""
    return [
        value(f"{way}_calls", "calls to the last step", colour, 0, bar=120),
        value(f"{way}_milliseconds", "time, as measured", colour, 0, "ms", bar=150),
    ]


def oscillator_scene(names: list[str], longest_jump: int) -> None:
    cue(
        "Lengthen the many jumps: fewer calls, and they drift less. One jump needs one call, however far it goes.",
        ["oscillator_jump"],
    )
    curves(
        "steps",
        {
            "one_band": "transition: 95 % of its futures, by one jump",
            "many_band": "class-2: by many jumps",
            "kalman_band": "class-6: by a filter that knows the world",
            "others": "x-hat: what could have come",
            "predicted_curve": "x-tilde: plain predictor",
            "signal": "x-hat: what is, and came",
            "context": "x: seen, with noise",
        },
        bands=["one_band"],
        thin=["others"],
        dots=["context"],
        x_label="step",
        y_label="signal",
        top=2.6,
        bottom=-2.6,
        width=1240,
        height=248,
        marks={"heard": "x: shown until here"},
        elem_id="td-oscillator",
    )
    models = [choice("oscillator", "Model", {name: name.split("/")[1] for name in names})] if len(names) > 1 else []
    controls(
        [
            *models,
            slider("heard", "steps shown t", 1, 200, 1, "x"),
            slider("oscillator_jump", "many jumps of", 1, longest_jump, 1, "class-2"),
            counter("oscillator_draw", "Draw again", "z"),
            slider("pushes", "pushes", 0, 0.2, 0.01, "x"),
            slider("noise", "noise", 0, 1, 0.05, "x"),
            counter("noise_seed", "Other chance", "x"),
            slider("frequency", "frequency ω", 0.02, 0.25, 0.005, "x"),
            slider("amplitude", "amplitude", 0, 2, 0.1, "x"),
            slider("phase", "phase", 0, 6.2, 0.1, "x"),
        ],
        elem_id="td-oscillator-controls",
    )
    rest = {
        "one": cost("one", "transition"),
        "many": cost("many", "class-2"),
        "kalman": [value("predicted_score", "plain predictor: CRPS", "x-tilde", 3, bar=1)],
    }
    ways = {"one": ("one jump", "transition"), "many": ("many jumps", "class-2"), "kalman": ("filter", "class-6")}
    with gr.Row():
        for way, (name, colour) in ways.items():
            with gr.Column(min_width=385):
                readout(
                    [
                        value(f"{way}_inside", f"{name}: within its 95 %", colour, 0, "%", bar=100),
                        value(f"{way}_score", f"{name}: CRPS", colour, 3, bar=1),
                        *rest[way],
                    ],
                    elem_id=f"td-oscillator-{way}",
                )
