"""The four scenes of the β-VAE tab: what lies where, without any computation."""

from collections import Counter

import gradio as gr
import numpy as np

from explorer.answers.beta_vae import STEPS
from explorer.checkpoint.config import Config
from explorer.data.rendered_sets import WORLDS
from explorer.metrics import references
from explorer.style.plots import cost_of_information
from explorer.tabs.frame import only
from explorer.widgets.controls import choice, controls, download, slider
from explorer.widgets.cue import cue
from explorer.widgets.curves import curves
from explorer.widgets.latent_sliders import latent_sliders
from explorer.widgets.matrix import matrix
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.readout import readout, value

SIDE = 64
SMALL, SMALLER, SMALL_OUTPUT = 36, 24, 110  # CSS pixels of tiles and of an output where models stand side by side
PAIR, GAP = 2, 16  # models of one picture set above which tiles are smaller, and CSS pixels between their pictures

COLUMNS = {
    "reconstruction": "−log p",
    "kl": "KL",
    "mig": "MIG",
    "sap": "SAP",
    "dci_disentanglement": "DCI",
    "beta_vae_score": "BetaVAE",
    "factor_vae_score": "FactorVAE",
}

FIGURE = {"reconstruction": "{:,.0f}", "kl": "{:.1f}"}  # nats; the others are shares

PROTOCOL = """

Protocol of disentanglement_lib (Locatello et al., 2019): posterior means, 10,000 pictures to learn from and 5,000 to
judge, 20 bins for MIG. **rotated**: the factors turned at random, which tell everything and align with nothing; a model
says something only where it is above, in **bold**. **perfect**: the factors themselves. −log p(x|z) and KL in nats a
picture.
"""

SEEDS = "**†**: one of several seeds, by a rule that its card names; the card has them all."

PRICE = (
    "The thick line through a model falls by its β for every nat: the price at which it would still buy information. "
    "A thin upright line is the number of nats C that a model was allowed. Nothing lies below the dotted line."
)

TABLE, MEANS_WIDTH = 616, 610  # CSS pixels of the table with the information, and of a line of curves beside it
PLOT, SCORES = 400, 812  # of the figure that may be drawn unseen, and of the table with the scores

# The mean's curves, line by line.
MEANS = {
    "dsprites": (("shape", "scale"), ("orientation",), ("posX", "posY")),
    "shapes3d": (("floor hue", "wall hue"), ("object hue", "scale"), ("shape", "orientation")),
    "faces": (("hair", "hair colour", "skin"), ("glasses", "mouth", "clothes"), ("size", "place")),
}

SHORT = {"posX": "x", "posY": "y", "floor hue": "floor", "wall hue": "wall", "object hue": "object"}  # on screen


SHORT |= {"hair colour": "colour"}


FILE = {"checkpoint": "checkpoint", "z": "z", "dimensions": "dimensions", "span": "span"}


def factor_sliders(data: str) -> None:
    """The world's own knobs, one below the other."""
    factors, named = WORLDS[data].FACTORS, value_names(data)
    for name, size in zip(factors.names, factors.sizes, strict=True):
        knob = slider(f"{data} {name}", name.replace("pos", "").lower(), 0, size - 1, 1, "x", named.get(name))
        controls([knob], show_if=only(data), elem_id=f"beta-vae-{data}-{name}".replace(" ", "-"))


def value_names(data: str) -> dict[str, list[str]]:
    """What the values of a factor are called, where not by their number."""
    factors = WORLDS[data].FACTORS
    named = {name: list(values) for name, values in WORLDS[data].NAMED.items()}
    for name, values in zip(factors.names, factors.values, strict=True):
        if name == "scale":
            named[name] = [f"{value:.3g}" for value in values]
        elif name == "orientation":
            degrees = np.rad2deg(values) if data == "dsprites" else values
            named[name] = [f"{degree:.0f}°".replace("-", "−") for degree in degrees]
        elif name.endswith("hue"):
            named[name] = [f"{360 * hue:.0f}°" for hue in values]
        elif data == "faces" and name not in named:
            named[name] = [f"{100 * value:.0f} %" for value in values]
    return named


def traversal_scene(spans: dict[str, str], paths: list[dict[str, str]]) -> None:
    """The dimensions of one model, and for each path a slider over its models: {checkpoint: what it is called}."""
    cue("Drag a handle to both ends of its strip: what changes in x̂, and what stays?", ["z"])
    with gr.Row():
        with gr.Column(min_width=250, scale=0):
            picture_input("x", "Input x", side=SIDE, elem_id="beta-vae-input")
            for data in WORLDS:
                with gr.Column(elem_classes="le-close"):
                    factor_sliders(data)
        with gr.Column(min_width=700, scale=1):
            span = [
                choice("span", "Range", spans),
                download("Grid (PNG)", "grid_file", FILE, "traversals.png"),
                download("Animation (GIF)", "gif_file", FILE, "traversals.gif"),
                download("(WebP)", "webp_file", FILE, "traversals.webp"),
            ]
            controls(span, elem_id="beta-vae-span")
            for number, path in enumerate(paths):
                names, betas = list(path), list(path.values())
                weight = slider("checkpoint", "β of these dimensions", 0, len(path) - 1, 1, "z", betas, values=names)
                show_if = {"key": "checkpoint", "values": names}
                controls([weight], show_if=show_if, elem_id=f"beta-vae-weight-{number}")
            latent_sliders(
                "z",
                "Code z",
                kl="kl_each",
                mu="mu",
                sigma="sigma",
                height=460,
                tile=SIDE,
                columns=STEPS,
                elem_id="beta-vae-sliders",
            )
        with gr.Column(min_width=240, scale=0):
            picture_grid("x_hat", "Decoded x̂", symbol="x-hat", tile=192, elem_id="beta-vae-output")
            terms = [
                value("reconstruction", "−log p(x|z)", "x-hat", 0, "nats"),
                value("kl_sum", "KL of x", "mu", 1, "nats", bar=40),
            ]
            readout(terms, elem_id="beta-vae-numbers")


def compare_scene(models: dict[str, Config]) -> None:
    """Models of one set side by side; models is from the key of a model's name to its config."""
    cue(
        "Compare rows: with a small β each mixes several things; with a large one fewer are left to change.",
        ["hold", "x", "z"],
    )
    hold = {"x": "the same input, encoded by each", "z": "the same numbers z, decoded by each"}
    controls([choice("hold", "From −3 to 3", hold)], elem_id="beta-vae-hold")
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input("x", "Input x", side=SIDE, elem_id="beta-vae-compare-input")
        with gr.Column(min_width=1000, scale=1), gr.Row():
            beside = Counter(config.data for config in models.values())
            for key, config in models.items():
                compared(key, config, SMALL if beside[config.data] <= PAIR else SMALLER)


def compared(key: str, config: Config, tile: int) -> None:
    """One model's picture and foremost dimensions, in tiles of that many pixels."""
    variant, shown = config.variant, only(config.data)
    with gr.Column(min_width=SMALL_OUTPUT + GAP + STEPS * tile, scale=0), gr.Row():
        with gr.Column(min_width=SMALL_OUTPUT, scale=0):
            picture_grid(
                f"x_hat of {key}",
                f"x̂, {pressure(config)}",
                symbol="x-hat",
                tile=SMALL_OUTPUT,
                show_if=shown,
                elem_id=f"beta-vae-{variant}-output",
            )
        with gr.Column(min_width=STEPS * tile, scale=0):
            picture_grid(
                f"strips of {key}",
                variant.removeprefix(f"{config.data}-"),
                symbol="z",
                columns=STEPS,
                tile=tile,
                captions=f"kl of {key}",
                caption_text="KL {} nats",
                show_if=shown,
                elem_id=f"beta-vae-{variant}-strips",
            )


def pressure(config: Config) -> str:
    """How hard the KL is pressed: its weight, or how many nats are allowed."""
    beta, capacity = config.model["beta"], config.model["capacity"]
    return f"β = {beta:g}" if capacity is None else f"C = {capacity:g}"


def knowledge_scene(latent_dim: int) -> None:
    rows = [f"z{dimension}" for dimension in range(latent_dim)]
    cue(
        "Click a row: its means. A dimension that stands for one thing has one dark cell, and one curve.", ["dimension"]
    )
    with gr.Row():
        with gr.Column(min_width=TABLE, scale=0):
            for data, world in WORLDS.items():
                matrix(
                    f"{data} information",
                    "Information, % of the factor’s entropy",
                    rows,
                    [SHORT.get(name, name) for name in world.FACTORS.names],
                    row_label="dimension",
                    column_label="factor",
                    digits=0,
                    pick=[[{"dimension": dimension}] * len(world.FACTORS.names) for dimension in range(latent_dim)],
                    show_if=only(data),
                    elem_id=f"beta-vae-{data}-information",
                )
            gr.Markdown(
                "A dimension of almost no KL still has a mean, which tells something here, but the decoder cannot "
                "hear it over the noise.",
                elem_classes="le-question",
            )
        with gr.Column(min_width=MEANS_WIDTH, scale=1):
            options = {str(dimension): name for dimension, name in enumerate(rows)}
            controls([choice("dimension", "Mean of", options, whole=True)], elem_id="beta-vae-dimension")
            for data, lines in MEANS.items():
                with gr.Column():
                    for names in lines:
                        with gr.Row():
                            for name in names:
                                mean_curve(data, name, MEANS_WIDTH // len(names) - 10)


def mean_curve(data: str, name: str, width: int) -> None:
    """Mean of the chosen dimension over the values of one factor."""
    curves(
        f"{data} {name} value",
        {f"{data} {name} mean": "mu: μ"},
        x_label=SHORT.get(name, name),
        y_label="mean",
        top=3,
        bottom=-3,
        width=width,
        height=112,
        whole=True,
        show_if=only(data),
        elem_id=f"beta-vae-{data}-mean-{name}".replace(" ", "-"),
    )


def price_scene(configs: list[Config]) -> None:
    """A table and a figure of the models of the present picture set."""
    cue("Choose a model of high MIG above, and slide its dimensions under Traverse.", ["checkpoint"])
    sets = dict.fromkeys(config.data for config in configs)
    for data in sets:
        ours = [config for config in configs if config.data == data]
        with gr.Column():
            controls([], show_if=only(data))  # a column is seen while a widget in it is
            with gr.Row():
                with gr.Column(min_width=PLOT, scale=1):
                    gr.Plot(
                        cost_of_information(ours).update_layout(width=PLOT, height=380),
                        show_label=False,
                        elem_id=f"beta-vae-{data}-cost",
                    )
                    gr.Markdown(PRICE, elem_classes="le-question")
                with gr.Column(min_width=SCORES, scale=0):
                    gr.Markdown(score_table(data, ours), elem_classes="le-table", elem_id=f"beta-vae-{data}-scores")


def score_table(data: str, configs: list[Config]) -> str:
    """Figures of the models of a picture set above what rotated factors and the factors themselves reach.

    Of pictures whose factors nobody knows there are nats alone.
    """
    columns = COLUMNS if data in WORLDS else {key: COLUMNS[key] for key in FIGURE}
    rows = [["", *columns.values()], ["---"] * (len(columns) + 1)]
    known = references.load(data) if data in WORLDS else {}
    for config in configs:
        figures = config.test
        cells = [cell(key, figures[key], known.get(key)) if key in figures else "–" for key in columns]
        name = config.variant.removeprefix(f"{data}-") + " †" * ("seeds" in config)
        rows.append([name, *cells])
    if data in WORLDS:
        rows.append(["rotated", *(references.floor(known[key]) if key in known else "" for key in columns)])
        rows.append(["perfect", *(f"{known[key]['perfect']:.2f}" if key in known else "" for key in columns)])
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    seeds = SEEDS * any("seeds" in config for config in configs)
    return "\n".join(lines) + (PROTOCOL + seeds) * (data in WORLDS)


def cell(key: str, figure: float, known: dict | None) -> str:
    """A figure as it is printed: bold where it is above what rotated factors reach."""
    text = FIGURE.get(key, "{:.2f}").format(figure)
    return f"**{text}**" if known and figure > references.ceiling(known) else text
