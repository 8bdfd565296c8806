"""Several runs of one recipe that differ in their seed: the median one is shipped, with the figures of all."""

import shutil
from pathlib import Path

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
    configs = [read_measured(folder) for folder in folders]
    if len(folders) % 2 == 0:
        raise ValueError(f"{len(folders)} runs have no median run; give an odd number of them.")
    first, *others = (config["recipe"] | {"seed": 0} for config in configs)
    if any(differences(recipe, first) for recipe in others):
        raise ValueError("The runs differ in more than their seed.")
    rank = FAMILIES[configs[0]["family"]].RANKED_BY
    middle = sorted(zip(configs, folders, strict=True), key=lambda run: run[0]["figures"]["test"][rank])
    config, folder = middle[len(middle) // 2]
    config["seeds"] = {str(other["recipe"]["seed"]): other["figures"]["test"] for other in configs}
    shutil.copytree(folder, destination, dirs_exist_ok=True)
    checkpoint.write_config(destination, config)
