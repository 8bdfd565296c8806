"""The four scenes of the β-VAE tab: what lies where, without any computation."""

from typing import Any

import gradio as gr

from explorer.data import dsprites
from explorer.metrics import references
from explorer.plots import cost_of_information
from explorer.widgets.controls import choice, controls, download, slider
from explorer.widgets.curves import curves
from explorer.widgets.latent_sliders import latent_sliders
from explorer.widgets.matrix import matrix
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.readout import readout, value

SCENE = "beta_vae"
STEPS = 9  # tiles of a traversal
SIDE = 64
FACTOR_NAMES = ("shape", "scale", "orientation", "x", "y")
FILE = {"checkpoint": "checkpoint", "z": "z", "dimensions": "dimensions", "span": "span"}


def factor_sliders() -> None:
    """The world's own knobs, one below the other."""
    sizes = dict(zip(dsprites.FACTORS.names, dsprites.FACTORS.sizes, strict=True))
    names: dict[str, list[str]] = {
        "shape": list(dsprites.SHAPES),
        "scale": [f"{scale:.1f}" for scale in dsprites.FACTORS.values[1]],
        "orientation": [f"{round(360 * i / (sizes['orientation'] - 1))}°" for i in range(sizes["orientation"])],
    }
    for key, label in zip(sizes, FACTOR_NAMES, strict=True):
        controls(
            SCENE, [slider(key, label, 0, sizes[key] - 1, 1, "x", names.get(key))], elem_id=f"beta-vae-factor-{label}"
        )


def traversal_scene(spans: dict[str, str]) -> None:
    with gr.Row():
        with gr.Column(min_width=250, scale=0):
            picture_input(SCENE, "x", "Input x", side=SIDE, elem_id="beta-vae-input")
            factor_sliders()
        with gr.Column(min_width=700, scale=1):
            span = [
                choice("span", "Range", spans),
                download("Grid (PNG)", "grid_file", FILE, "traversals.png"),
                download("Animation (GIF)", "animation_file", FILE, "traversals.gif"),
            ]
            controls(SCENE, span, elem_id="beta-vae-span")
            latent_sliders(
                SCENE,
                "z",
                "Code z",
                kl="kl_each",
                mu="mu",
                sigma="sigma",
                height=450,
                tile=52,
                columns=STEPS,
                elem_id="beta-vae-sliders",
            )
        with gr.Column(min_width=240, scale=0):
            picture_grid(SCENE, "x_hat", "Decoded x̂", symbol="x-hat", tile=192, elem_id="beta-vae-output")
            terms = [
                value("reconstruction", "−log p(x|z)", "x-hat", 0, "nats", bar=400),
                value("kl_sum", "KL of x", "mu", 1, "nats", bar=40),
            ]
            readout(SCENE, terms, elem_id="beta-vae-numbers")


def compare_scene(models: dict[str, str]) -> None:
    """Models side by side; models is from the key of a model's name to the name."""
    hold = {"x": "the same input, encoded by each", "z": "the same numbers z, decoded by each"}
    controls(SCENE, [choice("hold", "Show", hold)], elem_id="beta-vae-hold")
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input(SCENE, "x", "Input x", side=SIDE, elem_id="beta-vae-compare-input")
        for key, name in models.items():
            with gr.Column(min_width=440, scale=0):
                title = name.split("/")[1]
                stem = title.replace("dsprites-", "beta-vae-")
                picture_grid(SCENE, f"x_hat of {key}", f"{title}: x̂", symbol="x-hat", tile=96, elem_id=f"{stem}-output")
                picture_grid(
                    SCENE,
                    f"strips of {key}",
                    "Its foremost dimensions, −3 to 3",
                    symbol="z",
                    columns=STEPS,
                    tile=48,
                    captions=f"kl of {key}",
                    caption_text="KL of this dimension {} nats",
                    elem_id=f"{stem}-strips",
                )


def knowledge_scene(latent_dim: int) -> None:
    rows = [f"z{dimension}" for dimension in range(latent_dim)]
    with gr.Row():
        with gr.Column(min_width=540, scale=0):
            matrix(
                SCENE,
                "information",
                "Information, % of the factor’s entropy",
                rows,
                list(FACTOR_NAMES),
                row_label="dimension",
                column_label="factor",
                digits=0,
                pick=[[{"dimension": dimension}] * len(FACTOR_NAMES) for dimension in range(latent_dim)],
                elem_id="beta-vae-information",
            )
            gr.Markdown(
                "Click a row: its means. A dimension of almost no KL still has a mean, which tells something here, "
                "but the decoder cannot hear it over the noise.",
                elem_classes="le-question",
            )
        with gr.Column(min_width=660, scale=1):
            options = {str(dimension): name for dimension, name in enumerate(rows)}
            controls(SCENE, [choice("dimension", "Mean of", options, whole=True)], elem_id="beta-vae-dimension")
            for pair in (("shape", "scale"), ("orientation",), ("posX", "posY")):
                with gr.Row():
                    for name in pair:
                        mean_curve(name, 660 // len(pair) - 10)


def mean_curve(name: str, width: int) -> None:
    """Mean of the chosen dimension over the values of one factor."""
    label = dict(zip(dsprites.FACTORS.names, FACTOR_NAMES, strict=True))[name]
    curves(
        SCENE,
        f"{name} value",
        {f"{name} mean": "mu: mean of μ"},
        x_label=label,
        y_label="mean",
        top=2,
        bottom=-2,
        width=width,
        height=136,
        elem_id=f"beta-vae-mean-{label}",
    )


def price_scene(configs: list[dict[str, Any]]) -> None:
    with gr.Row():
        with gr.Column(min_width=440, scale=2):
            gr.Plot(cost_of_information(configs), show_label=False, elem_id="beta-vae-cost")
        with gr.Column(min_width=640, scale=3):
            gr.Markdown(score_table(configs), elem_id="beta-vae-scores")


def score_table(configs: list[dict[str, Any]]) -> str:
    """Scores of the models between what rotated factors and what the factors themselves reach."""
    columns = {
        "mig": "MIG",
        "sap": "SAP",
        "dci_disentanglement": "DCI",
        "beta_vae_score": "Beta-VAE",
        "factor_vae_score": "Factor-VAE",
    }
    known = references.load("dsprites")
    rows = [["", *columns.values()]]
    for config in configs:
        figures = config.get("figures", {}).get("test", {})
        cells = [f"**{figures[key]:.3f}**" if key in figures else "–" for key in columns]
        rows.append([config["variant"], *cells])
    rows.append(["factors, rotated", *(references.floor(known[key]) for key in columns)])
    rows.append(["the factors themselves", *(f"{known[key]['perfect']:.2f}" for key in columns)])
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * (len(columns) + 1))
    protocol = (
        "\n\nProtocol of disentanglement_lib (Locatello et al., 2019): posterior means, 10,000 pictures to learn from "
        "and 5,000 to judge, 20 bins for MIG. Factors turned by a random rotation tell everything and align with "
        "nothing: a model says something only where it is above that row."
    )
    return "\n".join(lines) + protocol
