"""Scenes of the denoising tab: what lies where, without any computation."""

from collections.abc import Callable

import gradio as gr

from explorer.answers.denoising import ATLASES, CODES, MOST_DROPPED, depth
from explorer.checkpoint.config import Config
from explorer.compute.corruption import LABELS, UNITS
from explorer.tabs.frame import identifier
from explorer.tabs.unit_card import filter_atlas, unit_card
from explorer.widgets.brush import brush
from explorer.widgets.controls import choice, controls, counter, setter, slider
from explorer.widgets.cue import cue
from explorer.widgets.matrix import matrix
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.readout import readout, value
from explorer.widgets.side_by_side import caption, side_by_side

MATRIX = {"noises", "psnr", "ssim"}  # of a profile: how a model takes each kind of noise

# Pictures from left to right: what goes in, its code, what comes out.
MASKED = {"masked_x": "x̃", "masked_code": "its code", "masked_x_hat": "x̂"}
DROPPED = {"clean_x": "x", "dropped_code": "what is left", "dropped_x_hat": "x̂"}

CODES_WIDTH = 950  # beside the brush, in CSS pixels


def denoise_scene(sets: dict[str, str], labels: dict[str, list[str]]) -> None:
    noise = [
        choice("data", "Pictures", sets),
        choice("kind", "Noise", LABELS),
        slider("level", "noise level", 0, 1, 0.01, "x-tilde", by={"key": "kind", "units": UNITS}),
        counter("seed", "Draw again", "x-tilde"),
    ]
    cue(
        "Raise the noise, or erase a stroke of x̃: each model mends best what it was trained on.",
        ["kind", "level", "seed", "x_tilde"],
    )
    controls(noise, elem_id="denoise-noise")
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input("x", "Clean x", elem_id="denoise-input")
        with gr.Column(min_width=230, scale=0):
            brush("x_tilde", "Corrupted x̃", elem_id="denoise-brush")
            quality = [value("spoilt_psnr", "x̃", "x-tilde", 1, "dB"), value("spoilt_ssim", "SSIM", "x-tilde")]
            readout(quality, elem_id="denoise-spoilt")
            controls([slider("times", "iterations", 1, 20, 1, "x-hat")], elem_id="denoise-times")
        with gr.Column(min_width=640, scale=1):
            side_by_side(
                "x_hat",
                "Denoised x̂, by what each was trained on",
                labels,
                names_by="data",
                captions=[caption("psnr", "{} dB"), caption("ssim", "SSIM {}", 2), caption("moved", "last step {}", 2)],
                tile=156,
                columns=4,
                focus="focus",
                elem_id="denoise-output",
            )


def matrix_scene(models: dict[str, Config], label: Callable[[Config], str]) -> None:
    whole = [config for config in models.values() if config.profile.keys() >= MATRIX]
    if not whole:
        gr.Markdown("None of these checkpoints has been measured yet.")
        return
    noises = whole[0].profile["noises"]
    configs = [config for config in whole if config.profile["noises"] == noises]
    names = [label(config) for config in configs]
    cells = [
        [
            {"data": config.data, "kind": kind, "level": level, "times": 1, "focus": place_in_set(config, models)}
            for _, kind, level in noises
        ]
        for config in configs
    ]
    with gr.Row():
        for figure, title, digits in (("psnr", "PSNR, dB", 1), ("ssim", "SSIM", 2)):
            matrix(
                [config.profile[figure] for config in configs],
                f"{title}, over the test set",
                names,
                [name for name, _, _ in noises],
                row_label="trained on",
                column_label="tested on",
                digits=digits,
                pick=cells,
                hint="click: see it",
                elem_id=f"denoise-{figure}",
            )
    with gr.Row():
        with gr.Column(min_width=400, scale=0):
            side_by_side(
                "pair",
                "This pair, with the current picture",
                ["x", "x̃", "x̂"],
                captions=[caption("pair_psnr", "{} dB"), caption("pair_ssim", "SSIM {}", 2)],
                tile=96,
                columns=3,
                symbol="x-tilde",
                elem_id="denoise-pair",
            )
        with gr.Column(min_width=500, scale=1):
            cue(
                "Click a cell: the picture goes through that pair. Off the diagonal a model meets noise it never saw.",
                ["kind", "level", "focus"],
            )


def place_in_set(config: Config, models: dict[str, Config]) -> int:
    """The number of a model among those of its picture set."""
    return [name for name, other in models.items() if other.data == config.data].index(config.name)


def filters_scene(configs: dict[str, Config], label: Callable[[Config], str]) -> None:
    cue(
        "Click a filter: its card is below. Noise in training makes strokes and blobs of what are specks without.",
        ["unit", "unit_model", "page"],
    )
    controls([counter("page", "Next hundred filters", "z"), setter("First hundred", {"page": 0})])
    with gr.Row():
        for i, (name, config) in enumerate(list(configs.items())[:ATLASES]):
            with gr.Column(min_width=220, scale=0):
                also = {"unit_model": name}
                filter_atlas(label(config), f"_{i}", also, tile=22, elem_id=f"denoise-filters-{i}")
                if locality := config.test.get("locality"):
                    gr.Markdown(f"localised: {locality:.0f} %", elem_classes="le-question")
    by_set: dict[str, list[str]] = {}
    for name, config in configs.items():
        by_set.setdefault(config.data, []).append(name)
    for data, names in by_set.items():
        show_if = {"key": "unit_model", "values": names} if len(by_set) > 1 else None
        unit_card(identifier("denoise", data, by_set), also={"data": data}, show_if=show_if)
    gr.Markdown(
        "Each weight is shown times its pixel’s standard deviation. Localised: the share of a filter’s energy, of the "
        "bare weights, within its largest connected region of one sign, averaged over all of them.",
        elem_classes="le-question",
    )


def stack_scene(configs: dict[str, Config], titles: dict[str, str]) -> None:
    """Stacks of layers, one of them at a time, with the titles of their picture sets."""
    names = {name: name.split("/")[1] for name in configs}
    if len(names) > 1:
        groups = {name: titles[config.data] for name, config in configs.items()}
        also = {name: {"data": config.data} for name, config in configs.items()}
        controls([choice("stack", "Stack", names, groups=groups, also=also)], elem_id="stack-model")
    cue("Erase a stroke: the deeper the layer, the less of the damage comes back from its code.", ["x_tilde"])
    deepest = max(map(depth, configs.values()))
    tile = min(310, CODES_WIDTH // deepest)
    unit = " units" if deepest < 5 else ""  # for which there is no room
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            brush("x_tilde", "Corrupted x̃", elem_id="stack-brush")
        for layer in range(deepest):
            with gr.Column(min_width=tile - 10, scale=0):
                for name, config in configs.items():
                    if layer < depth(config):
                        picture_grid(
                            CODES[layer],
                            f"Layer {layer + 1}: {config.model['hidden'][layer]:,}{unit}",
                            symbol="z",
                            tile=tile,
                            empty=f"This stack takes {titles[config.data]}.",
                            show_if={"key": "stack", "values": [name]} if len(names) > 1 else None,
                            elem_id=identifier(f"stack-code-{layer + 1}", name, names).replace("/", "-"),
                        )
    decoded = {name: [f"from layer {n}" for n in range(1, 1 + depth(config))] for name, config in configs.items()}
    side_by_side("depths", "Decoded x̂", decoded, names_by="stack", tile=150, columns=deepest, elem_id="stack-depths")


def dropout_scene(model: str) -> None:
    """Masking noise beside dropout, with a model of that name."""
    gr.Markdown(
        "Masking noise is dropout on the first layer: in training a share of the pixels is set to 0, anew each time. "
        "Dropout does the same to the units of a layer, and what is left counts more, by 1 / (1 − share). A network "
        f"can then trust no single pixel, or no single unit. The model here, {model}, was trained with the first and "
        "never with the second: raise the share, and compare what either costs.",
        elem_classes="le-question",
    )
    share = slider("dropped", "share dropped", 0, MOST_DROPPED, 0.01, "x-tilde")
    controls([share, counter("seed", "Draw again", "x-tilde")], elem_id="denoise-share")
    with gr.Row():
        for names, title, elem_id in (
            (MASKED, "Masking noise drops pixels", "masked"),
            (DROPPED, "Dropout drops units of the code", "dropped"),
        ):
            with gr.Column(min_width=560, scale=0):
                side_by_side([*names], title, [*names.values()], tile=180, columns=3, elem_id=f"denoise-{elem_id}")
