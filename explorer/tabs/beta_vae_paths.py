"""Models that went on from each other's weights: the same dimensions under one β after another."""

from explorer.checkpoint.config import Config

SAME = ("picture_shape", "latent_dim", "capacity")  # keywords that models on a path have in common


def paths(configs: dict[str, Config]) -> dict[str, list[str]]:
    """By the name of the first one: the models that go back to it through their recipes' "start", by rising β, and
    after them those whose β fell again.

    It is among them. A model that goes back to none, and to which none goes back, is on no path.
    """
    found: dict[str, list[str]] = {}
    for name in configs:
        found.setdefault(first_of(name, configs), []).append(name)
    return {
        first: sorted(names, key=lambda name: (fell_from(configs[name]) is not None, configs[name].model["beta"]))
        for first, names in found.items()
        if len(names) > 1 and first in names
    }


def first_of(name: str, configs: dict[str, Config]) -> str:
    """Follows "start" from model to model, as long as it names one that is here and is of the same kind, and the code
    was not turned."""
    seen = {name}
    while (start := str(configs[name].get("recipe", {}).get("start"))) in configs.keys() - seen:
        if configs[name].get("recipe", {}).get("turned") or not is_same_kind(configs[start], configs[name]):
            break
        name = start
        seen.add(name)
    return name


def fell_from(config: Config) -> float | None:
    """The β that a model's own fell from in its run; None if there was no other."""
    return config.model.get("first_beta")


def is_same_kind(one: Config, other: Config) -> bool:
    """Whether dimensions of two models can stand in one row: pictures of one set, codes of one size, no capacity."""
    return one.data == other.data and all(one.model[key] == other.model[key] for key in SAME)


def labels(path: list[str], configs: dict[str, Config]) -> list[str]:
    """What models of a path are called: their β, and that from which it fell; or their names where two are alike."""
    betas = [f"{configs[name].model['beta']:g}" for name in path]
    fallen = [fell_from(configs[name]) for name in path]
    betas = [f"{beta} after {first:g}" if first else beta for beta, first in zip(betas, fallen, strict=True)]
    return betas if len(set(betas)) == len(betas) else [configs[name].variant for name in path]
