"""The card of a checkpoint, generated from its config so that the two cannot disagree."""

import math
from statistics import median
from typing import Any

from explorer import checkpoint
from explorer.data import own_set
from train.recipe import Figure, Recipe
from train.recipes import FAMILIES, RECIPES

FACES = (
    "Faces are put together from parts of [Personas by Draftbit](https://personas.draftbit.com/), changed, under "
    "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/). 40,000 are trained on, with continuous colours, sizes "
    "and places; tested are 10,000 of combinations of hair, glasses, mouth and colours that are not among them."
)


def write_card(config: dict[str, Any]) -> str:
    """Markdown of the card of a checkpoint with this config, which has its recipe, figures, training and versions.

    Without figures the card says that there are none yet.
    """
    if "figures" not in config:
        return unmeasured(config)
    recipe, training, measured = config["recipe"], config["training"], config["figures"]
    family = FAMILIES[config["family"]]
    figures, beside = family.FIGURES, family.beside(config["data"]) if hasattr(family, "beside") else {}
    name = f"{config['family']}/{config['variant']}"
    own = own_set.is_own(recipe["data"])  # which lies in any place, and of which there may be no pictures here
    command = "Training" if own or name not in RECIPES else f"`python -m train {name} --data data`"
    without = "none" if own and "pictures" not in config else "needs the training set"
    pixels = f"{math.prod(config['model']['picture_shape'])} pixels"
    labels = {key: cell(figure.label.replace("784 pixels", pixels)) for key, figure in figures.items()}
    rows = [
        f"| {labels[key]}{f' ({beside[key]})' if key in beside else ''} | {figure.format(measured['test'][key])} | "
        f"{figure.format(measured['shipped'][key]) if key in measured['shipped'] else without} "
        f"| ±{figure.format(figure.tolerance)} |"
        for key, figure in figures.items()
        if key in measured["test"]
    ]
    shares = Recipe(**recipe).shares
    begin = round(recipe["steps"] * sum(shares[:-1]))
    course = [entry for entry in training["history"] if entry["step"] > begin] or training["history"][-1:]
    first, last = course[0], course[-1]
    settings = {key: value for key, value in recipe.items() if key not in ("purpose", "published")}
    return "\n".join(
        [
            f"# {name}",
            "",
            recipe["purpose"],
            "",
            "| measured | whole test set | the shipped pictures | another run |",
            "|---|---|---|---|",
            *rows,
            "",
            f"Published: {recipe['published'] or 'nothing comparable'}.",
            "",
            *([protocol, ""] if (protocol := protocol_of(config)) else []),
            *([f"![{sheet}]({checkpoint.SHEET})", ""] if (sheet := sheet_of(config)) else []),
            *(over_seeds(config, figures, family.RANKED_BY) if "seeds" in config else []),
            *notes(recipe),
            *([note, ""] if (note := training_note(config)) else []),
            "## How it was trained",
            "",
            f"{command} took {duration(training['seconds'])} on {training['machine']} "
            f"({training['precision']}); the training loss {'of the last stage ' * (len(shares) > 1)}fell from "
            f"{first['loss']:.2f} (mean of the first {first['step'] - begin:,} steps) to {last['loss']:.2f}.",
            "",
            "| setting | value |",
            "|---|---|",
            *(f"| {key} | {value} |" for key, value in settings.items()),
            "",
            f"Versions: {', '.join(f'{library} {version}' for library, version in training['versions'].items())}. "
            f"Weights: SHA-256 `{config['weights_sha256']}`.",
            "",
        ]
    )


def unmeasured(config: dict[str, Any]) -> str:
    """What stands in a folder from the end of the training to the end of the measurement."""
    name, data = f"{config['family']}/{config['variant']}", config["recipe"]["data"]
    return "\n".join(
        [
            f"# {name}",
            "",
            config["recipe"]["purpose"],
            "",
            f"Trained on {data} for {config['recipe']['steps']:,} steps, and **not measured yet**: there are no "
            "figures. The command that trained it measures it when `--measure` is added.",
            "",
        ]
    )


def cell(text: str) -> str:
    """A text within a row of a table."""
    return text.replace("|", "&#124;")


def over_seeds(config: dict[str, Any], figures: dict[str, Figure], ranked_by: str) -> list[str]:
    """A table over the runs that differ in their seed alone."""
    median_run = f"the median run by {figures[ranked_by].label}, not the best one"
    chosen = "the run of the lowest loss, whatever its scores" if config.get("lowest_loss") else median_run
    runs, rows = config["seeds"], []
    for key in config["figures"]["test"]:
        values = [run[key] for run in runs.values()]
        rows.append([cell(figures[key].label), *map(figures[key].format, (median(values), *values))])
    return [
        f"## Over {len(runs)} seeds",
        "",
        f"Shipped is {chosen}: seed {config['recipe']['seed']}.",
        "",
        f"| whole test set | median | {' | '.join(f'seed {seed}' for seed in runs)} |",
        "|---|---|" + "---|" * len(runs),
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    ]


def notes(recipe: dict[str, Any]) -> list[str]:
    """Sentences on the pictures and on the protocol of the measurement."""
    sentences = [FACES, ""] if recipe["data"] == "faces" else []
    if recipe["binarize"]:
        samples = f"{recipe['importance_samples']:,}"
        sentences += [
            "Test pictures are binarised once, with their grey values as probabilities and a fixed seed. "
            f"−log p(x) takes {samples} importance samples for each test picture and 500 for each shipped one; the "
            "bound's terms are means over 10 draws of z.",
            "",
        ]
    return sentences


def protocol_of(config: dict[str, Any]) -> str:
    """How a family's figures were measured, which may depend on the picture set."""
    family = FAMILIES[config["family"]]
    if own_set.is_own(config["recipe"]["data"]):
        return "One in ten of these pictures, by its name or its number, is a test picture, and was not trained on."
    return family.protocol(config["data"]) if hasattr(family, "protocol") else getattr(family, "PROTOCOL", "")


def sheet_of(config: dict[str, Any]) -> str:
    """What the picture beside the card shows; empty where there is none."""
    return getattr(FAMILIES[config["family"]], "SHEETS", {}).get(config["data"], "")


def training_note(config: dict[str, Any]) -> str:
    """What a family has to say of the course of a run."""
    family = FAMILIES[config["family"]]
    own = own_set.is_own(config["recipe"]["data"])
    return family.training_note(config) if hasattr(family, "training_note") and not own else ""


def duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{max(1, minutes)} min"
