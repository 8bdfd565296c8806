"""The scenes of the VQ-VAE tab: what lies where, without any computation."""

import gradio as gr

from explorer.answers.codebook import ORDERS, PATCHES, PICTURES
from explorer.checkpoint.config import Config
from explorer.style.plots import codebook_in_training, use_of_codes
from explorer.widgets.code_map import code_map
from explorer.widgets.codebook_map import codebook_map
from explorer.widgets.controls import choice, controls, counter, slider
from explorer.widgets.cue import cue
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.quantizer import METHODS, quantizer
from explorer.widgets.readout import readout, value

SIDE = 32  # of a CIFAR-10 picture
MAP = 240
COLUMNS = 24  # of the atlas beside the maps
TILE = 18
PLOT = 262  # height of each of two
LIT = {"lit": "numbers"}

LAST_BATCH = 200
# Where the scene of a codebook that learns begins: half of its codes are never chosen.
BOOK = {
    **{"count": 10, "method": "ema", "decay": 0.9, "rate": 1, "commitment": 0.25, "restart": 0, "seed": 1},
    **{"step": 40, "watched": 0},
}

TABLE = {
    "squared error / variance": ("normalised_mse", "{:.4f}"),
    "PSNR, dB": ("psnr", "{:.2f}"),
    "codes used, %": ("codes_used", "{:.1f}"),
    "perplexity, all pictures": ("perplexity", "{:.0f}"),
    "perplexity, 32 pictures": ("batch_perplexity", "{:.0f}"),
    "bits per dimension": ("bits_per_dimension", "{:.4f}"),
}


def browse_scene() -> None:
    cue("Click another code of the picture: real patches that were given the same one look alike.", ["code", "x"])
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input("x", "Input x", side=SIDE, elem_id="vq-input")
            picture_grid(
                "distances",
                "From z_e to its code",
                tile=112,
                symbol="z",
                captions="distance",
                caption_text="mean {}",
                digits=3,
                elem_id="vq-distances",
            )
        with gr.Column(min_width=2 * MAP + 16, scale=0):
            with gr.Row():
                with gr.Column(min_width=MAP, scale=0):
                    code_map(
                        "codes", "Codes z", tiles="tiles", numbers="numbers", side=MAP, hint="hover", elem_id="vq-codes"
                    )
                with gr.Column(min_width=MAP, scale=0):
                    code_map("codes", "Decoded x̂", picture="x_hat", symbol="x-hat", side=MAP, elem_id="vq-output")
            picture_grid(
                "patches",
                "Real patches with the chosen code",
                columns=PATCHES // 2,
                tile=40,
                symbol="x",
                elem_id="vq-patches",
            )
            picture_grid(
                "homes",
                "Where it lives",
                columns=PICTURES,
                tile=60,
                symbol="x",
                pick={"x": "home_x"},
                hint="click: that picture as input",
                elem_id="vq-homes",
            )
        with gr.Column(min_width=COLUMNS * TILE, scale=0):
            controls([choice("order", "Codebook", ORDERS)], elem_id="vq-order")
            atlas(COLUMNS, TILE, "vq-atlas")
            readout([value("home_count", "cells with it in the app’s pictures", "z", 0)], elem_id="vq-code")


def paint_scene() -> None:
    cue("Choose Paint and a code below, and draw with it over the codes: x̂ follows.", ["codes"])
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input("x", "Input x", side=SIDE, elem_id="vq-paint-input")
        with gr.Column(min_width=340, scale=0):
            code_map(
                "codes",
                "Codes z",
                tiles="tiles",
                numbers="numbers",
                other="other_codes",
                tools=["look", "paint", "swap", "copy", "restore"],
                side=240,
                elem_id="vq-paint-codes",
            )
        with gr.Column(min_width=240, scale=0):
            code_map(
                "codes",
                "Decoded x̂",
                picture="x_hat",
                other="other_codes",
                symbol="x-hat",
                side=240,
                elem_id="vq-paint-output",
            )
        with gr.Column(min_width=230, scale=0):
            picture_input("other", "To copy from", first=120, side=SIDE, elem_id="vq-other")
    atlas(64, 19, "vq-paint-atlas")


def atlas(columns: int, tile: int, elem_id: str) -> None:
    """All codes: what is hovered lights up in the maps, what is clicked is the one to paint with."""
    picture_grid(
        "tiles",
        "Each code by itself",
        columns=columns,
        tile=tile,
        symbol="z",
        captions="shares",
        caption_text="{} % of all cells",
        pick={"code": "numbers"},
        lit=LIT,
        hint="hover or click",
        elem_id=elem_id,
    )


def learning_scene() -> None:
    """A codebook in the plane; the encoder is two numbers a point, the decoder none at all."""
    settings = {name: f"book_{name}" for name in BOOK if name not in ("step", "watched")}
    cue(
        "Some codes were never chosen: let them start again, with “restart below”, or play.",
        ["book_restart", "book_step"],
    )
    with gr.Row():
        with gr.Column(min_width=330, scale=0):
            items = [
                [choice("book_method", "Codes follow", METHODS)],
                [slider("book_count", "codes K", 2, 16, 1, "z")],
                [slider("book_decay", "decay γ", 0, 0.99, 0.01, "mu")],
                [slider("book_rate", "learning rate", 0, 4, 0.1, "mu")],
                [slider("book_commitment", "commitment β", 0, 4, 0.05, "x")],
                [slider("book_restart", "restart below", 0, 1, 0.05, "epsilon")],
                [slider("book_step", "batch", 0, LAST_BATCH, 1), counter("book_seed", "Begin anew")],
            ]
            for number, row in enumerate(items):
                controls(row, elem_id=f"vq-book-{number}")
            gr.Markdown(
                "Points are the encoder’s outputs, circles the codes; a hollow one is dead. Where a point began is "
                "what the reconstruction asks for, and β draws it to its code. The model here learnt with γ = .99, "
                "β = .25, restarts below 1.",
                elem_classes="le-question",
            )
        with gr.Column(min_width=820, scale=1):
            quantizer(
                "book_step", "book_watched", settings, "A codebook of pairs", last=LAST_BATCH, elem_id="vq-learning"
            )


def map_scene() -> None:
    """The codebook and what the encoder gives, both in one plane."""
    cue(
        "Click a code: the cells that chose it light up. Lines pass codes that look nearer, but only in the plane.",
        ["code", "x"],
    )
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input("x", "Input x", side=SIDE, elem_id="vq-map-input")
            code_map(
                "output_codes",
                "Codes z",
                tiles="tiles",
                numbers="numbers",
                next="cell",
                side=184,
                hint="hover",
                elem_id="vq-map-codes",
            )
        with gr.Column(min_width=700, scale=0):
            codebook_map("Codebook and z_e", width=700, height=440, hint="hover or click", elem_id="vq-map")
        with gr.Column(min_width=260, scale=1):
            picture_grid(
                "patches", "Real patches with it", columns=PATCHES // 4, tile=40, symbol="x", elem_id="vq-map-patches"
            )
            readout(
                [
                    value("plane_share", "variance in the plane", "z", 0, "%"),
                    value("same_in_plane", "same nearest code", "x", 0, "%"),
                ],
                elem_id="vq-map-numbers",
            )
            gr.Markdown(
                "The plane is that of the codebook’s first two principal components. What is near in it may be far in "
                "the other dimensions: the nearest code is found in all of them, and in the plane it may be another.",
                elem_classes="le-question",
            )


def use_scene(configs: dict[str, Config]) -> None:
    measured = [config for config in configs.values() if "use" in config.profile]
    cue(
        "Choose the model without restarts and browse its codes: it uses them all too, but learned to later.",
        ["checkpoint"],
    )
    with gr.Row():
        with gr.Column(min_width=640, scale=3):
            use = {config.variant: config.profile["use"] for config in measured}
            gr.Plot(use_of_codes(use).update_layout(height=PLOT), show_label=False, elem_id="vq-use")
            in_training = codebook_in_training(list(configs.values())).update_layout(height=PLOT)
            gr.Plot(in_training, show_label=False, elem_id="vq-training")
        with gr.Column(min_width=520, scale=2):
            gr.Markdown(table(list(configs.values())), elem_classes="le-table", elem_id="vq-figures")
            gr.Markdown(
                "A restart puts a code that nobody chooses onto one of the encoder’s vectors. After 900 of 30,000 "
                "steps perplexity was 290 with it and 26 without; by step 10,000 the codebook without had caught up: "
                "its dead codes shrink towards 0, where new vectors find them.",
                elem_classes="le-question",
            )


def table(configs: list[Config]) -> str:
    """Markdown: figures on the test set, a column for each model."""
    names = " | ".join(config.variant.removeprefix("cifar10-") for config in configs)
    cells = {
        name: [form.format(config.test[key]) if key in config.test else "—" for config in configs]
        for name, (key, form) in TABLE.items()
    }
    rows = [f"| {name} | {' | '.join(each)} |" for name, each in cells.items()]
    return "\n".join([f"| test pictures | {names} |", f"|---{'|---' * len(configs)}|", *rows])
