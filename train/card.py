"""The card of a checkpoint, generated from its config so that the two cannot disagree."""

from typing import Any

from train.recipe import Figure


def write_card(config: dict[str, Any], figures: dict[str, Figure]) -> str:
    """Markdown of a card.

    Arguments:
        config: A checkpoint's config, with its recipe, figures, training and versions.
        figures: The family's figures by name.
    """
    recipe, training, measured = config["recipe"], config["training"], config["figures"]
    name = f"{config['family']}/{config['variant']}"
    rows = [
        f"| {figure.label} | {figure.format(measured['test'][key])} | "
        f"{figure.format(measured['shipped'][key]) if key in measured['shipped'] else 'needs the training set'} "
        f"| ±{figure.format(figure.tolerance)} |"
        for key, figure in figures.items()
        if key in measured["test"]
    ]
    begin = recipe["steps"] * (recipe["stages"] - 1) // recipe["stages"]  # of the last layer, where there are several
    first, *_, last = [entry for entry in training["history"] if entry["step"] > begin]
    settings = {key: value for key, value in recipe.items() if key not in ("purpose", "published")}
    return "\n".join(
        [
            f"# {name}",
            "",
            recipe["purpose"],
            "",
            "| measured | whole test set | the 500 shipped pictures | another run |",
            "|---|---|---|---|",
            *rows,
            "",
            f"Published: {recipe['published'] or 'nothing comparable'}.",
            "",
            *notes(recipe),
            "## How it was trained",
            "",
            f"`python -m train {name} --data data` took {duration(training['seconds'])} on {training['machine']} "
            f"({training['precision']}); the training loss {'of the last layer ' * (recipe['stages'] > 1)}fell from "
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


def notes(recipe: dict[str, Any]) -> list[str]:
    """Sentences on the protocol of the measurement."""
    if not recipe["binarize"]:
        return []
    return [
        "Test pictures are binarised once, with their grey values as probabilities and a fixed seed. "
        f"−log p(x) takes {recipe['importance_samples']:,} importance samples for each test picture and 500 for each "
        "shipped one; the bound's terms are means over 10 draws of z.",
        "",
    ]


def duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{max(1, minutes)} min"
