"""The README of a repository on the Hugging Face Hub: what the Hub reads of it, and a table of its checkpoints."""

import math
from typing import NamedTuple
from urllib.parse import quote

from huggingface_hub import EvalResult, ModelCardData
from huggingface_hub.repocard_data import eval_results_to_model_index

from explorer.checkpoint import CARD
from explorer.checkpoint.config import Config
from explorer.data import DATASETS, own_set
from train.card import cell
from train.recipes import FAMILIES

LIBRARY = "latent-explorer"
TASK = "image-feature-extraction"  # what every family does: it turns pictures into codes
ON_HUB = {"mnist": "ylecun/mnist", "fashion": "zalando-datasets/fashion_mnist", "cifar10": "uoft-cs/cifar10"}


class Source(NamedTuple):
    """What a model was trained on."""

    title: str
    on_hub: str | None  # the set's name on the Hub; None for sets that are rendered, and for pictures on a disk
    place: str = ""  # where pictures of one's own lay


def write(name: str, models: list[Config], licence: str) -> str:
    """The text of README.md, its metadata in front.

    Arguments:
        name: OWNER/NAME of the repository.
        models: What is in it, at least one.
        licence: Of the weights, as the Hub names it.
    """
    return f"---\n{metadata(models, licence).to_yaml()}\n---\n\n{text(name, models)}"


def metadata(models: list[Config], licence: str) -> ModelCardData:
    """What the Hub finds a repository by, and the figures of its models."""
    data = ModelCardData(
        license=licence,
        library_name=LIBRARY,
        pipeline_tag=TASK,
        tags=["autoencoder", *sorted({model.family for model in models})],
        datasets=sorted({on_hub for model in models if (on_hub := source(model).on_hub)}) or None,
    )
    index = [
        entry for model in models if model.test for entry in eval_results_to_model_index(model.name, results(model))
    ]
    if index:
        data["model-index"] = index  # ModelCardData itself takes the results of one model only
    return data


def results(model: Config) -> list[EvalResult]:
    """The figures on the test set that stand in a config."""
    title, on_hub, _ = source(model)
    return [
        EvalResult(
            task_type=TASK,
            dataset_type=on_hub or title,
            dataset_name=title,
            dataset_split="test",
            metric_type=key,
            metric_name=label(model, key),
            metric_value=value,
        )
        for key, value in model.test.items()
    ]


def label(model: Config, key: str) -> str:
    """What the card of a family calls a figure; the families' own pictures have 784 pixels, others may have more."""
    figures = FAMILIES[model.family].FIGURES
    pixels = f"{math.prod(model.model['picture_shape'])} pixels"
    return figures[key].label.replace("784 pixels", pixels) if key in figures else key


def source(model: Config) -> Source:
    """What a model was trained on, as its recipe says, or else its config."""
    data = str(model.said.get("recipe", {}).get("data", model.data))
    if not own_set.is_own(data):
        title = model.said["pictures"]["title"] if "pictures" in model.said else DATASETS[model.data].title
        return Source(title, ON_HUB.get(model.data))
    own = own_set.parse(data)
    return Source(own.title, own.place) if own.kind == own_set.HUB else Source(own.title, None, own.place)


def text(name: str, models: list[Config]) -> str:
    """A table of the checkpoints, and how they are used."""
    rows = [
        f"| [{model.name}]({quote(model.name)}/{CARD}) | {cell(source(model).title)} | {cell(first(model))} |"
        for model in models
    ]
    return "\n".join(
        [
            f"# {name.partition('/')[2]}",
            "",
            f"Autoencoder{'s' * (len(models) > 1)} for Latent Explorer, an app to play with latent spaces in.",
            "",
            "| checkpoint | trained on | measured on the test set |",
            "|---|---|---|",
            *rows,
            "",
            "In a copy of Latent Explorer, this shows them beside the app's own models:",
            "",
            "```bash",
            f".venv/bin/python app.py --checkpoints hf://{name}",
            "```",
            "",
            "In Python:",
            "",
            "```python",
            "from explorer.checkpoint import load_model",
            "",
            f'model = load_model("hf://{name}/{models[0].name}")  # of PyTorch, in evaluation mode',
            "```",
            "",
        ]
    )


def first(model: Config) -> str:
    """The first figure that its family measures."""
    for key, figure in FAMILIES[model.family].FIGURES.items():
        if key in model.test:
            return f"{label(model, key)}: {figure.format(model.test[key])}"
    return "nothing yet"
