"""The four scenes of the VQ-VAE-2 tab: what lies where, without any computation."""

import math

import gradio as gr

from explorer.answers.vq_vae_2_codes import LEVELS, SAMPLES
from explorer.answers.vq_vae_2_sampling import MOST
from explorer.checkpoint.config import Config
from explorer.style.plots import use_of_codes
from explorer.widgets.attention import attention
from explorer.widgets.code_map import code_map
from explorer.widgets.controls import choice, controls, counter, menu, slider
from explorer.widgets.cue import cue
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.sampler import sampler
from explorer.widgets.side_by_side import caption, side_by_side

SIDE = 64  # of a picture
MAP = 208
SAMPLES_WIDTH = 546  # CSS pixels of the samples beside maps and input
DECODED = ["both levels", "top alone", "bottom alone", "other bottom", "other top"]
RATES = [2, 8, 32, 128, 512]  # codes a second
PARTS = {"all": "everything", "lower": "the lower half", "right": "the right half", "none": "what I mark"}


def levels_scene() -> None:
    cue("Copy cells of the other picture on one level, then on the other: see what each of them brings.", list(LEVELS))
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input("x", "Input x", side=SIDE, elem_id="vq2-input")
        for level in LEVELS:
            with gr.Column(min_width=MAP + 108, scale=0):
                code_map(
                    level,
                    f"{level.title()} codes",
                    tiles=f"{level}_tiles",
                    numbers=f"{level}_numbers",
                    lit=f"{level}_lit",
                    code=f"{level}_code",
                    other=f"other_{level}",
                    tools=["look", "paint", "swap", "copy", "restore"],
                    side=MAP,
                    elem_id=f"vq2-{level}",
                )
        with gr.Column(min_width=230, scale=0):
            picture_input("other", "Other picture", first=40, side=SIDE, elem_id="vq2-other")
    with gr.Row():
        with gr.Column(min_width=786, scale=0):
            side_by_side(
                ["decoded", "exchanged"],
                "Decoded x̂ from",
                DECODED,
                tile=146,
                columns=len(DECODED),
                hint="other: this level is the other picture’s",
                elem_id="vq2-decoded",
            )
        with gr.Column(min_width=440, scale=0):
            for level in LEVELS:
                picture_grid(
                    f"{level}_tiles",
                    f"What each {level} code is by itself",
                    columns=44,
                    tile=10,
                    symbol="z",
                    pick={f"{level}_code": f"{level}_numbers"},
                    lit={f"{level}_lit": f"{level}_numbers"},
                    elem_id=f"vq2-{level}-atlas",
                )


def sample_scene() -> None:
    cue(
        "Lower the temperature and draw again: samples become likelier, and more alike.",
        ["temperature", "guidance", "seed", "top_k", "label", "part"],
    )
    controls(
        [
            choice("part", "Fill in", PARTS),
            menu("label", "with", "kinds", whole=True),
            counter("seed", "Draw again", "z"),
            slider("temperature", "temperature", 0.1, 1.5, 0.05, "z"),
            slider("top_k", "top-k", 1, 256, 1, "z"),
            slider("guidance", "guidance", 0, 5, 0.25, "z"),
            slider("speed", "codes a second", 0, len(RATES) - 1, 1, names=[str(rate) for rate in RATES]),
        ],
        elem_id="vq2-sampling",
    )
    with gr.Row():
        with gr.Column(min_width=SAMPLES_WIDTH, scale=1):
            side_by_side(
                "samples",
                "Sampled x̂, and nats per code",
                [f"sample {i + 1}" for i in range(SAMPLES)],
                captions=[caption("nats", "{} nats", 2)],
                tile=188,
                least=118,
                columns=SAMPLES,
                focus="sample",
                elem_id="vq2-samples",
            )
            side_by_side(
                "nearest",
                "Nearest training picture (of up to 10,000)",
                [f"to {i + 1}" for i in range(SAMPLES)],
                captions=[caption("shared", "shares {} %", 0)],
                tile=128,
                columns=SAMPLES,
                symbol="x",
                elem_id="vq2-nearest",
            )
        with gr.Column(min_width=2 * MAP + 16, scale=0):
            with gr.Row():
                for level in LEVELS:
                    with gr.Column(min_width=MAP, scale=0):
                        filled_map(level)
            sampler(
                "Sample {}: likely next codes, in %",
                ask="advance",
                levels=list(LEVELS),
                using={"checkpoint": "checkpoint"},
                anew={"label": "label", "seed": "seed"},
                onwards={"temperature": "temperature", "top_k": "top_k", "guidance": "guidance"},
                gives={"pictures": "samples", "nats": "nats"},
                samples=SAMPLES,
                most=MOST,
                rates=RATES,
                elem_id="vq2-sampler",
            )
        with gr.Column(min_width=230, scale=0):  # of which nothing is kept where everything is filled in
            kept = {"key": "part", "values": [part for part in PARTS if part != "all"]}
            picture_input("x", "Input x", side=SIDE, show_if=kept, elem_id="vq2-unfinished")


def attention_scene() -> None:
    cue(
        "Move over the picture: each head looks at other places, and never at what is not there yet.",
        ["looking", "head"],
    )
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input("x", "Input x", side=SIDE, elem_id="vq2-attention-input")
            gr.Markdown(
                "Codes are written row by row. A place sees those before it: hatched ones are not there yet.",
                elem_classes="le-question",
            )
        with gr.Column(min_width=980, scale=1):
            attention(
                "attention",
                "top",
                "x",
                place="looking",
                head_number="head",
                title="Next code: where one head looks",
                elem_id="vq2-attention",
            )


def filled_map(level: str) -> None:
    """The codes of the picture to be finished, and in their gaps those of the chosen sample."""
    code_map(
        f"start_{level}",
        f"{level.title()}: keep/fill",
        tiles=f"{level}_tiles",
        numbers=f"{level}_numbers",
        lit=f"{level}_lit",
        other=level,
        filled=f"sampled_{level}",
        which="sample",
        next=f"{level}_next",
        tools=["mask"],
        side=MAP,
        elem_id=f"vq2-filled-{level}",
    )


def use_scene(configs: dict[str, Config]) -> None:
    """How often codes are used, and what the priors make of them."""
    cue(
        "Choose a model, and sample from it: its prior needs fewer nats per code than frequencies alone.",
        ["checkpoint"],
    )
    use = {
        f"{config.variant}, {level}": config.profile[f"{level}_use"]
        for config in configs.values()
        for level in LEVELS
        if f"{level}_use" in config.profile
    }
    gr.Plot(use_of_codes(use), show_label=False, elem_id="vq2-use")
    gr.Markdown(table(list(configs.values())), elem_classes="le-table", elem_id="vq2-figures")


def table(configs: list[Config]) -> str:
    """Markdown: what the priors need for a code of pictures they never saw; a dash for what was not measured."""
    forms = {"unigram": "{:.3f}", "nll": "**{:.3f}**", "used": "{:.1f}", "perplexity": "{:.0f}"}
    rows = []
    for config in configs:
        for level in LEVELS:
            keys = {f"{level}_{what}": form for what, form in forms.items()}
            cells = [form.format(config.test[key]) if key in config.test else "—" for key, form in keys.items()]
            uniform = math.log(config.model["num_codes"])
            rows.append(f"| {config.variant}, {level} | {uniform:.3f} | {' | '.join(cells)} |")
    head = "| nats per code of test pictures | uniform | by frequency | prior | codes used, % | perplexity |"
    return "\n".join([head, "|---" * 6 + "|", *rows])
