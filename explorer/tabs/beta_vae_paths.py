"""Models that went on from each other's weights: the same dimensions under one β after another."""

from explorer.checkpoint.config import Config

SAME = ("picture_shape", "latent_dim", "capacity")  # keywords that models on a path have in common


def paths(configs: dict[str, Config]) -> dict[str, list[str]]:
    """By the name of the first one: the models that go back to it through their recipes' "start", by rising β.

    It is among them. A model that goes back to none, and to which none goes back, is on no path.
    """
    found: dict[str, list[str]] = {}
    for name in configs:
        found.setdefault(first_of(name, configs), []).append(name)
    return {
        first: sorted(names, key=lambda name: configs[name].model["beta"])
        for first, names in found.items()
        if len(names) > 1 and first in names
    }


def first_of(name: str, configs: dict[str, Config]) -> str:
    """Follows "start" from model to model, as long as it names one that is here and is of the same kind."""
    seen = {name}
    while (start := str(configs[name].get("recipe", {}).get("start"))) in configs.keys() - seen:
        if not is_same_kind(configs[start], configs[name]):
            break
        name = start
        seen.add(name)
    return name


def is_same_kind(one: Config, other: Config) -> bool:
    """Whether dimensions of two models can stand in one row: pictures of one set, codes of one size, no capacity."""
    return one.data == other.data and all(one.model[key] == other.model[key] for key in SAME)


def labels(path: list[str], configs: dict[str, Config]) -> list[str]:
    """What the models of a path are called: their β, or their names where two have the same."""
    betas = [f"{configs[name].model['beta']:g}" for name in path]
    return betas if len(set(betas)) == len(betas) else [configs[name].variant for name in path]
