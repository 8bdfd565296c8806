"""What the options of python -m train ask for."""

import argparse
import os
import platform
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import torch

from explorer import checkpoint
from explorer.data import own_set, sources
from explorer.data.picture_set import PictureSet
from train import checks, evaluate, own_data, state, table
from train.card import duration, write_card
from train.loop import Run, train
from train.planes import planes
from train.progress import Parts
from train.recipe import Recipe
from train.recipes import FAMILIES, RECIPES
from train.seeds import ship_lowest_loss, ship_median

LIBRARIES = ("torch", "torchvision", "accelerate", "safetensors", "numpy")


def follow(options: argparse.Namespace) -> int:
    """Do what the options say; returns the exit status."""
    if options.list:
        print("\n".join(describe(recipe, options.out) for recipe in RECIPES.values()))
        return 0
    if options.networks:
        return write_networks(options)
    own_set.load.cache_clear()  # of an earlier command in this process, whose files may have changed
    recipe, root = chosen(options)
    return act(recipe, replace_data(options, root))


def chosen(options: argparse.Namespace) -> tuple[Recipe, Path]:
    """The recipe that the options name, on their pictures and with their values; and the folder of the sets.

    What is only measured again may also be a checkpoint in --out, which says itself what it was trained on.
    """
    root = Path(options.data).expanduser()
    own = own_set.asked_for(options.data, options.side, options.grey)
    recorded = options.out / str(options.name)
    again = options.verify or options.measure or options.map or options.card or options.table
    if options.name not in RECIPES and again and own is None and (recorded / checkpoint.CONFIG).is_file():
        return evaluate.recipe_of(checkpoint.read_config(recorded)), root
    if options.name not in RECIPES:
        raise ValueError(f"{options.name or 'nothing'} is not a recipe; there are {', '.join(RECIPES)}.")
    if own is None and (options.ship_samples or options.side or options.grey):
        raise ValueError(
            f"--side, --grey and --ship-samples are for pictures of your own; {options.data} are the sets."
        )
    recipe = own_data.with_values(RECIPES[options.name], options.set)
    if own is not None:
        recipe = own_data.on_own(recipe, own)
    if own is not None or options.set or options.name_as:
        recipe = own_data.named(recipe, options.name_as)
    if options.steps is not None:
        recipe = replace(recipe, steps=options.steps)
    return replace(recipe, seed=recipe.seed if options.seed is None else options.seed), root


def replace_data(options: argparse.Namespace, root: Path) -> argparse.Namespace:
    return argparse.Namespace(**vars(options) | {"data": root})


def act(recipe: Recipe, options: argparse.Namespace) -> int:
    """Do with a recipe and its checkpoint what the options say."""
    folder = options.out / recipe.name
    if options.verify or options.measure or options.table:
        check_pictures(folder, recipe)
    if options.verify:
        with Parts(f"measuring {recipe.name}", 1) as part:
            part("figures of its card")
            differences = evaluate.verify(folder, options.data)
        return report(differences, recipe.name)
    if options.table:
        count = table.write(folder, options.data, options.table)
        print(f"{options.table}: a row for each of {count:,} test pictures.")
        return 0
    if options.measure:
        with alone(folder):
            measure_checkpoint(folder, options.data, options.ship_samples)
    elif options.map:
        map_checkpoint(folder, options.data)
    elif options.card:
        checkpoint.mark(folder)
        rewrite_card(folder)
    elif options.median:
        ship_median([root / recipe.name for root in options.median], folder)
        rewrite_card(folder)
    elif options.lowest_loss:
        ship_lowest_loss([root / recipe.name for root in options.lowest_loss], folder)
        rewrite_card(folder)
    else:
        run_recipe(recipe, options)
    return 0


def check_pictures(folder: Path, recipe: Recipe) -> None:
    """That a checkpoint of one's own pictures is measured on these, and not on others of their name.

    Raises:
        ValueError: If it was trained on others.
    """
    data = checkpoint.read_config(folder)["recipe"]["data"]
    if data != recipe.data:
        raise ValueError(f"{folder} was trained on {data}, and not on {recipe.data}.")


def run_recipe(recipe: Recipe, options: argparse.Namespace) -> None:
    """Train, then write the checkpoint and measure it; of several processes only the first writes."""
    folder, states = options.out / recipe.name, state.folder_of(recipe, options.state)
    checks.processes(recipe)
    if not options.overwrite:
        checks.not_finished(folder)
    sets = checks.load_sets(recipe, options.data)
    own_data.check_model(recipe, sets["train"].pictures.shape[-3:], options.out)
    with alone(folder, states):
        if options.resume and is_trained(folder, recipe, sets):
            measure_checkpoint(folder, options.data, options.ship_samples)
            return
        if not options.overwrite:
            checks.nothing_lost(folder, states, options.resume)
        checks.room(recipe, sets["train"].pictures.shape[-3:], states, folder.parent)
        run = run_loop(recipe, sets, states, options)
        if is_first():
            save(folder, recipe, run, states)
            del sets  # some are large, and measuring reads its own
            measure_checkpoint(folder, options.data, options.ship_samples)


@contextmanager
def alone(folder: Path, states: Path | None = None) -> Iterator[None]:
    """Keep other runs from a checkpoint's folder, and from that of its states; of several processes the first does."""
    locks = {folder: folder.parent / f".{folder.name}.lock"} | ({states: states / "lock"} if states else {})
    with ExitStack() as stack:
        for held, lock in locks.items() if is_first() else ():
            stack.enter_context(state.alone(lock, str(held)))
        yield


def is_first() -> bool:
    """Whether this is the only process, or the first of several."""
    return int(os.environ.get("RANK", 0)) == 0


def is_trained(folder: Path, recipe: Recipe, sets: dict[str, PictureSet]) -> bool:
    """Whether a folder holds this very run, cut off while it was measured."""
    if not checks.is_unmeasured(folder):
        return False
    config = checkpoint.read_config(folder)
    there = config["recipe"] | {"pictures": config["training"]["pictures_sha256"]}
    pictures, labels, held_out = tensors(recipe, sets)
    return not state.differences(there, state.identity(recipe, pictures, labels, *(held_out or ())))


def tensors(
    recipe: Recipe, sets: dict[str, PictureSet]
) -> tuple[torch.Tensor, torch.Tensor | None, tuple[torch.Tensor, torch.Tensor] | None]:
    """Training pictures, their labels where the model is told them, and what is held out where a run stops early."""
    training, other = sets["train"], sets.get("validation")
    labels = torch.from_numpy(training.labels) if recipe.labelled else None
    held_out = (torch.from_numpy(other.pictures), torch.from_numpy(other.labels)) if other else None
    return torch.from_numpy(training.pictures), labels, held_out


def run_loop(recipe: Recipe, sets: dict[str, PictureSet], states: Path, options: argparse.Namespace) -> Run:
    """The training itself; a person who stops it is told what is kept."""
    pictures, labels, held_out = tensors(recipe, sets)
    try:
        return train(recipe, pictures, states, options.resume, labels, held_out, options.out)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"Stopped; {state.last_state(states)}.") from None


def save(folder: Path, recipe: Recipe, run: Run, states: Path) -> None:
    """Write what a run has trained, with a card that says that it has not been measured yet."""
    config = {
        "family": recipe.family,
        "variant": recipe.variant,
        "data": recipe.data,
        "model": {"picture_shape": list(run.model.picture_shape)} | recipe.model,
        "recipe": asdict(recipe),
        "training": describe_training(run),
    }
    try:
        checkpoint.save(folder, run.model, config)
        for stale in (checkpoint.CODES, checkpoint.MAP, checkpoint.PICTURES):  # of the run that was here before
            (folder / stale).unlink(missing_ok=True)
        rewrite_card(folder)
    except OSError as error:
        raise OSError(
            f"{folder} cannot be written ({state.reason(error, folder.parent)}); {state.last_state(states)}."
        ) from error


def measure_checkpoint(folder: Path, data: Path, ship: int | None = None) -> None:
    """Write the app's codes and map, figures and profile, all made from the saved weights, and the card.

    The config gets its figures last: a folder without them has not been measured, or not to the end.

    Arguments:
        folder: The checkpoint's.
        data: Where the sets lie.
        ship: How many test pictures of one's own are put beside the weights; None changes nothing.
    """
    if ship:
        ship_pictures(folder, data, ship)
    config, model = checkpoint.read_config(folder), checkpoint.load_model(folder)
    recipe = evaluate.recipe_of(config)
    try:
        with Parts(f"measuring {recipe.name}", 6) as part:
            part("codes for the app")
            shipped = evaluate.shipped_pictures(folder)
            checkpoint.save_codes(folder, evaluate.app_codes(model, recipe, data, shipped))
            checkpoint.save_sheet(folder, evaluate.sheet(model, recipe, data))
            part("map of the test set")
            if not (folder / checkpoint.MAP).exists():
                checkpoint.save_map(folder, planes(model, recipe, data, shipped))
            part("figures over the test set")
            test = evaluate.measure(model, recipe, data)
            part("figures over the shipped pictures")
            config["figures"] = {"test": test, "shipped": evaluate.measure_shipped(model, recipe, shipped)}
            part("profile")
            config["profile"] = evaluate.profile(model, recipe, data)
            part("graphs for the page")
            if find_spec("onnx") and find_spec("onnxscript"):  # without graphs the server answers
                graphs_of(folder)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"Stopped while measuring {folder}: --measure completes it.") from None
    checkpoint.write_config(folder, config)
    rewrite_card(folder)
    print((folder / checkpoint.CARD).read_text(encoding="utf-8"))


def write_networks(options: argparse.Namespace) -> int:
    """Write the graphs of a checkpoint's networks, or those of all checkpoints in a folder."""
    folders = (
        [options.out / options.name]
        if options.name
        else sorted(path.parent for path in options.out.glob("*/*/config.json"))
    )
    for folder in folders:
        sizes = graphs_of(folder)
        print(f"{'/'.join(folder.parts[-2:])}: {', '.join(f'{name} {size:,} bytes' for name, size in sizes.items())}")
    return 0


def graphs_of(folder: Path) -> dict[str, int]:
    """Write graphs, and tell their sizes.

    Raises:
        ValueError: If what makes them is not installed.
    """
    try:
        from train import graphs  # onnx takes seconds to import
    except ImportError as error:
        raise ValueError("Graphs for the page need onnx and onnxscript: see requirements-dev.txt.") from error
    return graphs.write(folder)


def ship_pictures(folder: Path, data: Path, count: int) -> None:
    """Put some test pictures of one's own beside the weights, for the app to show; codes and map are then made anew."""
    config = checkpoint.read_config(folder)
    name = config["recipe"]["data"]
    if not own_set.is_own(name):
        raise ValueError(f"{folder} is of {name}, whose pictures come with the app.")
    samples = own_data.chosen_samples(sources.load(name, "test", data), own_set.parse(name).title, count)
    said = config | checkpoint.save_pictures(folder, samples)
    checkpoint.config.check(said, "/".join(folder.parts[-2:]))  # or nobody could read it any more
    checkpoint.write_config(folder, said)
    (folder / checkpoint.MAP).unlink(missing_ok=True)


def map_checkpoint(folder: Path, data: Path) -> None:
    """Write the planes of the test codes that the app's maps begin with, made from the saved weights."""
    config, model = checkpoint.read_config(folder), checkpoint.load_model(folder)
    shipped = evaluate.shipped_pictures(folder)
    checkpoint.save_map(folder, planes(model, evaluate.recipe_of(config), data, shipped))


def describe_training(run: Run) -> dict:
    """Time, machine, precision, loss and library versions of a run, and what pictures it was trained on."""
    return {
        "seconds": round(run.seconds),
        "machine": machine(run),
        "precision": "float32" if run.precision == "no" else run.precision,
        "history": run.history,
        "pictures_sha256": run.identity["pictures"],
        "versions": {library: version(library) for library in LIBRARIES},
    }


def machine(run: Run) -> str:
    """What a run was trained on, in words."""
    several = f"{run.processes} processes, each on " if run.processes > 1 else ""
    if torch.device(run.device).type != "cpu":
        return several + torch.cuda.get_device_name(run.device)
    threads = torch.get_num_threads()
    return f"{several}{threads} CPU thread{'s' * (threads > 1)} ({platform.machine()})"


def rewrite_card(folder: Path) -> None:
    card = write_card(checkpoint.read_config(folder))
    checkpoint.replace(folder / checkpoint.CARD, card.encode())


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
