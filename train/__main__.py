"""python -m train FAMILY/VARIANT: train, measure, write the checkpoint and its card; also --list, --verify, --map."""

import argparse
import os
import platform
import sys
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path

import torch

from explorer import checkpoint
from explorer.data import image_folder, sources
from train import evaluate
from train.card import duration, write_card
from train.loop import Run, train
from train.planes import planes
from train.recipe import Recipe
from train.recipes import FAMILIES, RECIPES
from train.seeds import ship_median

FOR_ANY_FOLDER = ("vq_vae", "vq_vae_2")  # the others' objectives or figures are for the sets they name
LIBRARIES = ("torch", "torchvision", "accelerate", "safetensors", "numpy")


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        if options.list:
            print("\n".join(describe(recipe, options.out) for recipe in RECIPES.values()))
        elif options.name not in RECIPES:
            raise ValueError(f"{options.name or 'nothing'} is not a recipe; there are {', '.join(RECIPES)}.")
        else:
            return act(on_data(RECIPES[options.name], options.data), options)
    except (ValueError, FileNotFoundError, checkpoint.CheckpointError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def act(recipe: Recipe, options: argparse.Namespace) -> int:
    """Do with a recipe and its checkpoint what the options say."""
    folder = options.out / recipe.name
    if options.verify:
        return report(evaluate.verify(folder, options.data), recipe.name)
    if options.measure:
        measure_checkpoint(folder, options.data)
    elif options.map:
        map_checkpoint(folder, options.data)
    elif options.card:
        checkpoint.mark(folder)
        rewrite_card(folder)
    elif options.median:
        ship_median([root / recipe.name for root in options.median], folder)
        rewrite_card(folder)
    else:
        seed = recipe.seed if options.seed is None else options.seed
        run_recipe(replace(recipe, steps=options.steps or recipe.steps, seed=seed), options)
    return 0


def on_data(recipe: Recipe, data: Path) -> Recipe:
    """The recipe as it stands, or where data is folder:DIR for the pictures in there, named after their folder.

    The checkpoint then takes the folder's name, so that none of another set is overwritten, and knows no classes.
    """
    if not str(data).startswith(image_folder.PREFIX):
        return recipe
    if recipe.family not in FOR_ANY_FOLDER:
        raise ValueError(f"Only {' and '.join(FOR_ANY_FOLDER)} are trained on a folder of pictures.")
    name = Path(str(data).removeprefix(image_folder.PREFIX)).resolve().name
    if f"{recipe.family}/{name}" in RECIPES:
        raise ValueError(f"A folder named {name} would overwrite the checkpoint {recipe.family}/{name}: rename it.")
    model = recipe.model | ({"num_classes": 0} if "num_classes" in recipe.model else {})
    purpose = f"As {recipe.name}, on pictures of one’s own."
    return replace(recipe, variant=name, data=str(data), purpose=purpose, model=model, labelled=False, published="")


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m train", description="Train a checkpoint and measure it.")
    parser.add_argument("name", nargs="?", metavar="FAMILY/VARIANT")
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("data"),
        help="folder of the datasets (default: data), or folder:DIR to train on the pictures in a folder",
    )
    parser.add_argument("--out", type=Path, default=Path("checkpoints"), help="folder of the checkpoints")
    parser.add_argument("--state", type=Path, default=Path("runs"), help="folder a killed run goes on from")
    parser.add_argument("--resume", action="store_true", help="go on from the last complete state in --state")
    parser.add_argument("--steps", type=int, help="train for another number of steps than the recipe's")
    parser.add_argument("--seed", type=int, help="train with another seed than the recipe's")
    parser.add_argument(
        "--median",
        type=Path,
        nargs="+",
        metavar="DIR",
        help="ship the median of the runs in these folders, with the figures of all",
    )
    parser.add_argument("--list", action="store_true", help="all recipes, with their cost and figure")
    parser.add_argument("--verify", action="store_true", help="measure the checkpoint again from its weights")
    parser.add_argument("--measure", action="store_true", help="make codes, figures and card again from the weights")
    parser.add_argument("--map", action="store_true", help="make the planes of the test codes again from the weights")
    parser.add_argument("--card", action="store_true", help="write the card again from the config")
    return parser


def run_recipe(recipe: Recipe, options: argparse.Namespace) -> None:
    """Train, then write the checkpoint; of several processes only the first measures and writes."""
    data = sources.load(recipe.data, "train", options.data)
    held_out = sources.load(recipe.data, "validation", options.data) if recipe.early_stopping else None
    run = train(
        recipe,
        torch.from_numpy(data.pictures),
        options.state / f"{recipe.name}-seed{recipe.seed}",
        options.resume,
        torch.from_numpy(data.labels),
        held_out and (torch.from_numpy(held_out.pictures), torch.from_numpy(held_out.labels)),
    )
    if int(os.environ.get("RANK", 0)) != 0:
        return
    print("measuring on the test set", file=sys.stderr)
    config = {
        "family": recipe.family,
        "variant": recipe.variant,
        "data": recipe.data,
        "model": {"picture_shape": list(run.model.picture_shape)} | recipe.model,
        "recipe": asdict(recipe),
        "training": describe_training(run),
    }
    folder = options.out / recipe.name
    checkpoint.save(folder, run.model, config)
    measure_checkpoint(folder, options.data)
    map_checkpoint(folder, options.data)


def measure_checkpoint(folder: Path, data: Path) -> None:
    """Write the app's codes, figures and profile, all made from the saved weights, and the card."""
    config, model = checkpoint.read_config(folder), checkpoint.load_model(folder)
    recipe = evaluate.recipe_of(config)
    checkpoint.save_codes(folder, evaluate.app_codes(model, recipe, data))
    config["figures"] = {
        "test": evaluate.measure(model, recipe, data),
        "shipped": evaluate.measure_shipped(model, recipe),
    }
    config["profile"] = evaluate.profile(model, recipe, data)
    checkpoint.write_config(folder, config)
    rewrite_card(folder)
    print((folder / checkpoint.CARD).read_text(encoding="utf-8"))


def map_checkpoint(folder: Path, data: Path) -> None:
    """Write the planes of the test codes that the app's maps begin with, made from the saved weights."""
    config, model = checkpoint.read_config(folder), checkpoint.load_model(folder)
    checkpoint.save_map(folder, planes(model, evaluate.recipe_of(config), data))


def describe_training(run: Run) -> dict:
    """Time, machine, precision, loss and library versions of a run."""
    threads = f"{torch.get_num_threads()} CPU thread{'s' * (torch.get_num_threads() > 1)} ({platform.machine()})"
    return {
        "seconds": round(run.seconds),
        "machine": threads if run.device == "cpu" else torch.cuda.get_device_name(run.device),
        "precision": "float32" if run.precision == "no" else run.precision,
        "history": run.history,
        "versions": {library: version(library) for library in LIBRARIES},
    }


def rewrite_card(folder: Path) -> None:
    config = checkpoint.read_config(folder)
    (folder / checkpoint.CARD).write_text(write_card(config), encoding="utf-8")


def describe(recipe: Recipe, root: Path) -> str:
    """One line of --list: cost and first figure where the checkpoint exists."""
    try:
        config = checkpoint.read_config(root / recipe.name)
        key, figure = next(iter(FAMILIES[recipe.family].FIGURES.items()))
        measured = f"{figure.label}: {figure.format(config['figures']['test'][key])}"
        cost = f"{duration(config['training']['seconds'])} on {config['training']['machine']}"
    except (checkpoint.CheckpointError, KeyError):  # missing, or its run ended before it was measured
        measured, cost = "not trained here yet", f"{recipe.steps:,} steps"
    return f"{recipe.name}\n    {recipe.purpose}\n    {cost}; {measured}"


def report(differences: list[str], name: str) -> int:
    print("\n".join(differences) or f"{name}: every figure of its card is what its weights give.")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
