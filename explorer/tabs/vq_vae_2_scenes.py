"""The two scenes of the VQ-VAE-2 tab: what lies where, without any computation."""

import gradio as gr

from explorer.data import emoji
from explorer.widgets.code_map import code_map
from explorer.widgets.controls import choice, controls, counter, slider
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.side_by_side import caption, side_by_side

SCENE = "vq_vae_2"
MAP = 208
SAMPLES = 4
FRAMES = 16  # of the first sample while it is filled
DECODED = ["both levels", "top alone", "bottom alone", "with other’s"]


def levels_scene() -> None:
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input(SCENE, "x", "Input x", side=emoji.SIDE, elem_id="vq2-input")
        for level in ("top", "bottom"):
            with gr.Column(min_width=MAP + 108, scale=0):
                code_map(
                    SCENE,
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
            picture_input(SCENE, "other", "Other picture", first=40, side=emoji.SIDE, elem_id="vq2-other")
    with gr.Row():
        with gr.Column(min_width=670, scale=0):
            side_by_side(SCENE, "decoded", "Decoded x̂ from", DECODED, tile=150, columns=4, elem_id="vq2-decoded")
        with gr.Column(min_width=530, scale=0):
            for level in ("top", "bottom"):
                picture_grid(
                    SCENE,
                    f"{level}_tiles",
                    f"What each {level} code is by itself",
                    columns=43,
                    tile=12,
                    symbol="z",
                    pick={f"{level}_code": f"{level}_numbers"},
                    lit={f"{level}_lit": f"{level}_numbers"},
                    elem_id=f"vq2-{level}-atlas",
                )


def sample_scene() -> None:
    groups = dict.fromkeys(one.group for one in emoji.read_list())
    kinds = {str(index): name for index, name in enumerate([*groups, "of any kind"])}
    controls(
        SCENE,
        [
            choice("label", "Sample", kinds, whole=True),
            counter("seed", "Draw again", "z"),
            slider("temperature", "temperature", 0.1, 1.5, 0.05, "z"),
            slider("top_k", "of the likeliest", 1, 256, 1, "z"),
        ],
        elem_id="vq2-sampling",
    )
    with gr.Row():
        with gr.Column(min_width=640, scale=0):
            side_by_side(
                SCENE,
                "samples",
                "Sampled from the priors, and their nats per code",
                [f"sample {place + 1}" for place in range(SAMPLES)],
                captions=[caption("nats", "{} nats", 2)],
                tile=150,
                columns=SAMPLES,
                elem_id="vq2-samples",
            )
        with gr.Column(min_width=560, scale=0):
            side_by_side(
                SCENE,
                "nearest",
                "Nearest training picture, and shared codes",
                [f"to {place + 1}" for place in range(SAMPLES)],
                captions=[caption("shared", "shares {} %", 0)],
                tile=130,
                columns=SAMPLES,
                symbol="x",
                elem_id="vq2-nearest",
            )
    picture_grid(
        SCENE,
        "frames",
        "The first sample, code by code: 64 of the top, then 256 of the bottom",
        columns=FRAMES,
        tile=76,
        symbol="x-hat",
        elem_id="vq2-frames",
    )


def table(figures: dict[str, float]) -> str:
    """Markdown: what the priors need for a code of pictures they never saw."""
    rows = [
        f"| {level} | 5.545 | {figures[f'{level}_unigram']:.3f} | **{figures[f'{level}_nll']:.3f}** "
        f"| {figures[f'{level}_used']:.1f} | {figures[f'{level}_perplexity']:.0f} |"
        for level in ("top", "bottom")
    ]
    head = "| nats per code of test pictures | uniform | by frequency | prior | codes used, % | perplexity |"
    return "\n".join([head, "|---" * 6 + "|", *rows])
