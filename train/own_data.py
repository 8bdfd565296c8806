"""A recipe on pictures of one's own, and with values of one's own."""

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from explorer.checkpoint import config, keywords
from explorer.checkpoint.regular_file import CheckpointError
from explorer.data import own_set
from explorer.data.own_samples import OwnSamples
from explorer.data.own_set import OwnSet
from explorer.data.picture_set import MOST_CLASSES, PictureSet
from explorer.models import MODELS
from explorer.models.base import GreedyAutoencoder
from train.loop import SHIPPED, begin
from train.recipe import Recipe
from train.recipes import RECIPES

# Of a recipe, what a person may set by name; its model's keywords as well.
SETTINGS: tuple[str, ...] = (
    "steps",
    "batch_size",
    "learning_rate",
    "warmup_steps",
    "max_grad_norm",
    "ema_decay",
    "max_shift",
    "flip",
)
SETTINGS += ("binarize", "early_stopping", "bf16", "importance_samples", "seed")
SETS_OF_THEIR_OWN = ("td_vae",)  # families that are trained on sequences, which are made of one set or drawn
FLOATS = ("learning_rate", "max_grad_norm", "ema_decay")


def on_own(recipe: Recipe, own: OwnSet) -> Recipe:
    """The recipe on pictures of one's own: it is told their classes, and compares itself with nothing published.

    Raises:
        FileNotFoundError, ValueError: If the recipe is for its own set alone, or the pictures cannot be read.
    """
    if recipe.family in SETS_OF_THEIR_OWN or recipe.teacher or recipe.start:
        raise ValueError(f"{recipe.name} is trained {reason(recipe)}: choose another recipe for pictures of your own.")
    test = own_set.load(str(own), "test")
    if len(test.class_names) > MOST_CLASSES:
        raise ValueError(f"{own.place} has {len(test.class_names)} classes; {MOST_CLASSES} are told apart at most.")
    model, several = dict(recipe.model), len(test.class_names) > 1
    if "num_classes" in model:
        model["num_classes"] = len(test.class_names) if several else 0
    pca_dim = keywords.of_family(recipe.family).get("pca_dim")
    if pca_dim:  # as many principal components as there can be
        training = len(own_set.load(str(own), "train").pictures)
        model["pca_dim"] = min(model.get("pca_dim", pca_dim.default), training, test.pictures[0].size)
    return replace(
        recipe,
        variant=own.title,
        data=str(own),
        purpose=f"As {recipe.name}, on pictures of one’s own.",
        model=model,
        labelled=recipe.labelled and several,
        published="",
    )


def reason(recipe: Recipe) -> str:
    if recipe.start:
        return f"from the weights of {recipe.start}"
    return f"in stages from {recipe.teacher}" if recipe.teacher else "on sequences"


def named(recipe: Recipe, name: str | None) -> Recipe:
    """The recipe with a name that a checkpoint can have, and that no recipe has.

    Raises:
        ValueError: If it is none.
    """
    recipe = replace(recipe, variant=name or recipe.variant)
    try:
        config.check_name(recipe.variant)
    except CheckpointError as error:
        raise ValueError(f"{str(error).rstrip('.')}. Give another one with --name.") from error
    if recipe.name in RECIPES:
        raise ValueError(f"{recipe.name} would overwrite the checkpoint of the recipe of that name: give a --name.")
    return recipe


def with_values(recipe: Recipe, assignments: list[str]) -> Recipe:
    """The recipe with some of its settings, or its model's keywords, as key=value says.

    Raises:
        ValueError: If there is no such key, with those that there are; or if the value is of another kind or size.
    """
    known = [name for name in keywords.of_family(recipe.family) if name != "picture_shape"]
    settings: dict[str, Any] = {}
    model = dict(recipe.model)
    for assignment in assignments:
        key, sign, text = assignment.partition("=")
        if not sign:
            raise ValueError(f"--set takes KEY=VALUE, and not {assignment}.")
        if key in known:
            model[key] = value_of(text)
        elif key in SETTINGS:
            settings[key] = setting(key, value_of(text))
        else:
            raise ValueError(f"{recipe.family} has no {key}; there are {', '.join((*known, *SETTINGS))}.")
    if issubclass(MODELS[recipe.family], GreedyAutoencoder) and isinstance(layers := model.get("hidden"), list):
        settings["stages"] = max(1, len(layers))  # each layer's learning rate has a course of its own
    return replace(recipe, model=model, **settings)


def value_of(text: str) -> Any:
    """A value as JSON has it, or else a word; Python's True, False and None are understood."""
    try:
        return json.loads({"True": "true", "False": "false", "None": "null"}.get(text, text))
    except ValueError:
        return text


def setting(key: str, value: Any) -> Any:
    """A setting of a recipe, of the kind that it has to be."""
    kind = next(field.type for field in fields(Recipe) if field.name == key)
    if value is None and "None" in str(kind):
        return None
    if kind is bool:
        if not isinstance(value, bool):
            raise ValueError(f"{key} must be true or false.")
        return value
    if key in FLOATS:
        if not keywords.is_number(value) or value < 0 or (key == "ema_decay" and value >= 1):
            raise ValueError(f"{key} must be a number from 0 on{', below 1' * (key == 'ema_decay')}.")
        return float(value)
    least = 0 if key in ("max_shift", "seed") else 1
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= keywords.LARGEST_NUMBER:
        raise ValueError(f"{key} must be a whole number from {least} on.")
    return value


def check_model(recipe: Recipe, picture_shape: tuple[int, ...], root: Path = SHIPPED) -> None:
    """That the model can be made with these keywords, takes pictures of this size, and the weights it begins with.

    Raises:
        ValueError: If it cannot.
    """
    try:
        keywords.complete(recipe.family, {"picture_shape": list(picture_shape)} | recipe.model, recipe.name)
    except CheckpointError as error:
        raise ValueError(str(error)) from error
    try:
        model = MODELS[recipe.family](picture_shape=picture_shape, **recipe.model).eval()
        model.try_out()
    except (RuntimeError, ValueError, TypeError, ArithmeticError, LookupError) as error:
        sizes = " × ".join(map(str, picture_shape))
        raise ValueError(
            f"{recipe.family} with these settings takes no pictures of {sizes}: its layers halve their sides, so give "
            "a --side that is a multiple of 16, as 32 or 64."
        ) from error
    try:
        begin(model, recipe.start, root)
    except (RuntimeError, CheckpointError) as error:
        raise ValueError(f"{recipe.name} cannot begin with {recipe.start}, which is no such network.") from error


def chosen_samples(test: PictureSet, title: str, count: int) -> OwnSamples:
    """Test pictures that are to come with a checkpoint: about as many of each class, in the order of the classes."""
    rank = np.zeros(len(test.labels), int)  # of a picture within its class
    for label in np.unique(test.labels):
        members = np.flatnonzero(test.labels == label)
        rank[members] = np.arange(len(members))
    chosen = np.lexsort((test.labels, rank))[:count]
    chosen = chosen[np.argsort(test.labels[chosen], kind="stable")]
    return OwnSamples(title, PictureSet(test.pictures[chosen], test.labels[chosen], test.class_names))
