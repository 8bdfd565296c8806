"""Several runs of one recipe that differ in their seed: one is shipped, by a rule, with the figures of all."""

import shutil
from pathlib import Path
from typing import Any

from explorer import checkpoint
from train.evaluate import read_measured
from train.recipes import FAMILIES
from train.state import differences


def ship_median(folders: list[Path], destination: Path) -> None:
    """Copy the run in the middle by the family's ranking figure; its config gets every run's figures as "seeds".

    Arguments:
        folders: Checkpoints of the runs, an odd number of them.
        destination: Folder of the shipped checkpoint; what is there is replaced.

    Raises:
        ValueError: If the number of runs is even, or they differ in more than their seed.
    """
    if len(folders) % 2 == 0:
        raise ValueError(f"{len(folders)} runs have no median run; give an odd number of them.")
    configs = read_runs(folders)
    rank = FAMILIES[configs[0]["family"]].RANKED_BY
    in_order = sorted(range(len(configs)), key=lambda run: configs[run]["figures"]["test"][rank])
    ship(in_order[len(in_order) // 2], configs, folders, destination)


def ship_lowest_loss(folders: list[Path], destination: Path) -> None:
    """The same of the run whose training ended with the lowest loss: what one can choose by who knows no factors.

    Raises:
        ValueError: If the runs differ in more than their seed.
    """
    configs = read_runs(folders)
    lowest = min(range(len(configs)), key=lambda run: configs[run]["training"]["history"][-1]["loss"])
    configs[lowest]["lowest_loss"] = True
    ship(lowest, configs, folders, destination)


def read_runs(folders: list[Path]) -> list[dict[str, Any]]:
    """Their configs, which differ in nothing but the seed."""
    configs = [read_measured(folder) for folder in folders]
    first, *others = (config["recipe"] | {"seed": 0} for config in configs)
    if any(differences(recipe, first) for recipe in others):
        raise ValueError("The runs differ in more than their seed.")
    return configs


def ship(chosen: int, configs: list[dict[str, Any]], folders: list[Path], destination: Path) -> None:
    """Copy one of the runs, with the figures of all."""
    config = configs[chosen]
    config["seeds"] = {str(other["recipe"]["seed"]): other["figures"]["test"] for other in configs}
    shutil.copytree(folders[chosen], destination, dirs_exist_ok=True)
    checkpoint.write_config(destination, config)
