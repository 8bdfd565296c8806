"""The five scenes of the k-sparse tab: what lies where, without any computation."""

from typing import Any

import gradio as gr

from explorer.answers.common import DIGITS
from explorer.answers.k_sparse import ATLASES, STRIP, STRONGEST
from explorer.answers.several import called
from explorer.checkpoint.config import Config
from explorer.data import sample_sheets
from explorer.tabs.frame import for_set, identifier
from explorer.tabs.unit_card import filter_atlas, unit_card
from explorer.widgets.controls import choice, controls, counter, setter, slider, stepper
from explorer.widgets.cue import cue
from explorer.widgets.curves import curves
from explorer.widgets.matrix import matrix
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.side_by_side import caption, side_by_side

LARGEST_K = 200  # that the slider reaches
MOST_CLASSES = 20  # whose overlap is a table that can be read
ATOMS, CURVE = 1000, 590  # CSS pixels of the strip of atoms beside the input, and of the curve above it

# Test error in per cent of logistic regression on frozen features: Makhzani & Frey (2013), table 1.
PUBLISHED = {"raw pixels": 7.20, "k = 10": 2.10, "k = 25": 1.35, "k = 40": 1.54}

PUBLISHED_OTHERS = {"denoising AE": 1.95, "dropout AE": 1.80, "denoising and dropout": 1.60, "RBM": 1.81}

FIGURES = {
    "α chosen": ("alpha", 1),
    "dead units": ("dead_units", 0),
    "squared error": ("squared_error", 1),
    "overlap within %": ("overlap_within", 1),
    "overlap between %": ("overlap_between", 1),
}

Configs = dict[str, dict[str, Config]]  # by picture set: of the checkpoints by name, the smallest k first


def all_scene(configs: Configs) -> None:
    names = {data: [label(config) for config in models.values()] for data, models in configs.items()}
    unnamed = {data: [""] * len(models) for data, models in names.items()}
    columns = max(map(len, names.values()))
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            if len(configs) > 1:
                controls([model_choice(configs)], elem_id="ks-set")
            picture_input("x", "Input x", elem_id="ks-input")
            k_controls("ks-k")
            cue("Slide k from 1 upwards: a few atoms make most of the picture, each further one repairs less.", ["k"])
        with gr.Column(min_width=900, scale=1):
            side_by_side(
                "all_maps",
                "Code z: unit by unit, the brighter the stronger",
                names,
                names_by="data",
                captions=[caption("all_count", "{} active units", 0)],
                tile=200,
                columns=columns,
                symbol="z",
                elem_id="ks-maps",
            )
            side_by_side(
                "all_strongest",
                f"Its {STRONGEST} strongest atoms",
                unnamed,  # as above: a third row of names would not fit on the screen
                names_by="data",
                tile=200,
                columns=columns,
                symbol="z",
                elem_id="ks-strongest",
            )
            side_by_side(
                "all_x_hat",
                "Reconstruction x̂: the sum of the active atoms",
                names,
                names_by="data",
                captions=[caption("all_error", "squared error {}")],
                tile=200,
                columns=columns,
                elem_id="ks-x-hat",
            )


def cut_scene(configs: Configs) -> None:
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input("x", "Input x", elem_id="ks-cut-input")
        with gr.Column(min_width=ATOMS, scale=1):
            cue("Slide k: what lies right of the cut is set to 0, however strong it is.", ["k"])
            controls([model_choice(configs)], elem_id="ks-cut-model")
            k_controls("ks-cut-k")
            curves(
                "cut_axis",
                {"cut_kept": "z: kept", "cut_cut": "class-6: set to 0"},
                bars=["cut_kept", "cut_cut"],
                marks={"cut_k": "z: k"},
                x_label="units, the strongest first",
                y_label="activation",
                bottom=-4,
                width=ATOMS - 20,
                height=210,
                elem_id="ks-cut",
            )
            with gr.Row():
                for name, title in (("kept", "x̂ of the kept ones"), ("all", "x̂ of all, uncut")):
                    with gr.Column(min_width=230, scale=0):
                        picture_grid(
                            f"cut_{name}_x_hat",
                            title,
                            symbol="x-hat",
                            tile=168,
                            captions=f"cut_{name}_error",
                            caption_text="squared error {}",
                            elem_id=f"ks-cut-{name}",
                        )


def atom_scene(configs: Configs) -> None:
    cue("Press +1 a few times: the next strongest atom is added, and less error is left.", ["n"])
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input("x", "Input x", elem_id="ks-atom-input")
        with gr.Column(min_width=ATOMS, scale=1):
            with gr.Row():
                atom_pictures()
                with gr.Column(min_width=CURVE, scale=1):
                    controls([model_choice(configs), stepper("n", "n atoms", "atom_count", "x-hat")], elem_id="ks-n")
                    k_controls("ks-atom-k")
                    curves(
                        "atom_axis",
                        {"atom_errors": "x-hat: what is left"},
                        marks={"atom_n": "z: n"},
                        x_label="n",
                        y_label="squared error",
                        width=CURVE,
                        height=130,
                        elem_id="ks-curve",
                    )
            picture_grid(
                "atom_strip",
                f"The active atoms, the strongest first ({STRIP} at most), and how much",
                columns=STRIP,
                tile=ATOMS // STRIP,
                symbol="z",
                captions="atom_amounts",
                pick={"unit": "atom_units"},
                hint="click: its card below",
                elem_id="ks-strip",
            )
    unit_card("ks-atom")


def atom_pictures() -> None:
    """The sum of the first n atoms, and the last of them."""
    with gr.Column(min_width=180, scale=0):
        picture_grid(
            "atom_partial",
            "First n atoms",
            symbol="x-hat",
            tile=180,
            captions="atom_error",
            caption_text="squared error {}",
            elem_id="ks-partial",
        )
    with gr.Column(min_width=180, scale=0):
        picture_grid(
            "atom_added",
            "The last one",
            symbol="z",
            tile=180,
            captions="atom_amount",
            caption_text="amount {}",
            pick={"unit": "atom_added_unit"},
            elem_id="ks-added",
        )


def filter_scene(configs: Configs) -> None:
    with gr.Row():
        for data, models in configs.items():
            for slot, (name, config) in enumerate(list(models.items())[:ATLASES]):
                with gr.Column(min_width=280, scale=0):
                    filter_atlas(
                        label(config),
                        f"_{slot}",
                        also={"checkpoint": name},
                        **for_set(f"ks-filters-{slot}", data, configs),
                    )
    with gr.Row():
        with gr.Column(min_width=400, scale=0):
            controls([counter("page", "Next 100 filters", "z"), model_choice(configs)], elem_id="ks-page")
        with gr.Column(min_width=400, scale=1):
            cue("Small k: whole digits, large k: strokes. Click one: its card is below.", ["unit", "page"])
    unit_card("ks-filter")


def published_scene(configs: Configs) -> None:
    cue("Choose another k: much larger, it lets two digits share more units.", ["checkpoint"])
    with gr.Row():
        with gr.Column(min_width=424, scale=1):
            if DIGITS in configs:
                digits = list(configs[DIGITS].values())
                gr.Markdown(published_table(digits), elem_classes="le-table", elem_id="ks-published")
            for data, models in configs.items():
                if len(configs) > 1:
                    gr.Markdown(sample_sheets.title(data), elem_classes="le-question")
                table = figures_table(list(models.values()))
                gr.Markdown(table, elem_classes="le-table", elem_id=identifier("ks-figures", data, configs))
        with gr.Column(min_width=640, scale=0):
            controls([model_choice(configs)])
            for data in configs:
                if not 1 < len(sample_sheets.class_names(data)) <= MOST_CLASSES:
                    continue
                classes, kind = list(sample_sheets.class_names(data)), "class"
                if data == DIGITS:
                    classes, kind = [str(digit) for digit in range(len(classes))], "digit"
                matrix(
                    "overlap",
                    f"Units two {'digits' if data == DIGITS else 'classes'} share, % of those active for either",
                    classes,
                    classes,
                    row_label=kind,
                    column_label=kind,
                    **for_set("ks-overlap", data, configs),
                )
            gr.Markdown(
                "Mean Jaccard overlap over all pairs of different pictures of those that come with the model: of the "
                "app’s digits 50 of each.",
                elem_classes="le-question",
            )


def k_controls(elem_id: str) -> None:
    """k at test time, for all models and all scenes."""
    items = [slider("k", "k at test", 0, LARGEST_K, 1, "z"), setter("0: each model’s own k", {"k": 0}, "z")]
    controls(items, elem_id=elem_id)


def model_choice(configs: Configs) -> dict[str, Any]:
    every = {name: config for models in configs.values() for name, config in models.items()}
    names = {name: label(config) for name, config in every.items()}
    if len(configs) == 1:
        return choice("checkpoint", "Model", names)
    return choice(
        "checkpoint", "Model", names, groups={name: sample_sheets.title(it.data) for name, it in every.items()}
    )


def published_table(configs: list[Config]) -> str:
    """Markdown: test errors of the article beside ours."""
    ours = {label(config).replace("\n", ", "): figure(config, "probe_error", 2) for config in configs}
    ours["raw pixels"] = next((cell for config in configs if (cell := figure(config, "pixel_error", 2)) != "—"), "—")
    published = PUBLISHED | {name: None for name in ours if name not in PUBLISHED} | PUBLISHED_OTHERS
    cells = {name: "—" if number is None else f"{number:.2f}" for name, number in published.items()}
    rows = [f"| {name} | {cell} | {ours.get(name, '—')} |" for name, cell in cells.items()]
    return "\n".join(["| Logistic regression on | published, % | ours, % |", "|---|---|---|", *rows])


def figures_table(configs: list[Config]) -> str:
    """Markdown: what else was measured on the test set, a column for each model."""
    head = " | ".join(str(config.model["k"]) for config in configs)
    rows = [
        f"| {name} | {' | '.join(figure(config, key, digits) for config in configs)} |"
        for name, (key, digits) in FIGURES.items()
    ]
    return "\n".join([f"| k | {head} |", f"|---{'|---' * len(configs)}|", *rows])


def figure(config: Config, key: str, digits: int) -> str:
    """A figure measured on the test set, a dash where there is none."""
    number = config.test.get(key)
    return "—" if number is None else f"{number:.{digits}f}"


def label(config: Config) -> str:
    return called(config, f"k = {config.model['k']}")
