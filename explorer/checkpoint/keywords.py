"""The keywords of each family's model: which there are, of what kind and size, and what they are unless they are given.

They are read from the text of the models' signatures. To import these would import torch, which takes seconds, and the
app opens before.
"""

import ast
import math
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from explorer.checkpoint.regular_file import CheckpointError
from explorer.nn.corruption import KINDS

MODELS = Path(__file__).parents[1] / "models"
REQUIRED = object()
ONE_AT_A_TIME = threading.Lock()  # two threads that parse stop each other with a SystemError up to Python 3.11
LARGEST_NUMBER = 1e9
MOST_LAYERS = 16  # widths in a list
LARGEST_SIDE = 256  # pixels of a picture
WIDEST = 16_384  # units of a layer, codes of a codebook
# From where to where, of keywords that are no such width; what these allow is built in a second and in little memory.
RANGES = {
    **dict.fromkeys(("depth", "blocks", "residual_blocks", "prior_heads"), (0, 64)),
    "prior_groups": (1, 16),
    "patch": (1, 64),
    **dict.fromkeys(("channels", "residual_channels", "prior_channels", "code_dim"), (1, 2048)),
    **dict.fromkeys(("longest_jump", "pairs"), (1, 1000)),
    "futures": (2, 1000),
    "code_channels": (0, 2048),
    **dict.fromkeys(("first_jump", "frequencies", "num_classes"), (0, 1000)),
    "idle_steps": (0, int(LARGEST_NUMBER)),
}
WORDS = {"corruption": KINDS, "activation": ("relu", "silu", "gelu", "tanh", "identity")}
SHARES = ("level", "sparsity_target")


class Keyword(NamedTuple):
    """One argument of a model's class."""

    kind: str  # its annotation, as written
    default: Any  # REQUIRED if there is none


@cache
def families() -> dict[str, str]:
    """The registry of models: the name of each family's class."""
    for node in parsed("__init__").body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "MODELS":
            return {ast.literal_eval(key): ast.unparse(value) for key, value in pairs(node.value)}
    raise LookupError("There is no registry of models.")


def pairs(node: Any) -> Any:
    return zip(node.keys, node.values, strict=True)


@cache
def of_family(family: str) -> dict[str, Keyword]:
    """The keywords of a family's class, in their order."""
    name = families()[family]
    body = next(node for node in parsed(family).body if isinstance(node, ast.ClassDef) and node.name == name).body
    init = next(node for node in body if isinstance(node, ast.FunctionDef) and node.name == "__init__")
    arguments = init.args.args[1:]
    defaults = [ast.literal_eval(default) for default in init.args.defaults]
    defaults = [REQUIRED] * (len(arguments) - len(defaults)) + defaults
    return {
        argument.arg: Keyword(ast.unparse(cast(ast.expr, argument.annotation)), default)  # each is annotated
        for argument, default in zip(arguments, defaults, strict=True)
    }


def parsed(stem: str) -> ast.Module:
    with ONE_AT_A_TIME:
        return ast.parse((MODELS / f"{stem}.py").read_text(encoding="utf-8"))


def complete(family: str, given: Any, where: str) -> dict[str, Any]:
    """All keywords of a model: those given, checked, and the defaults of the others; lists become tuples.

    Arguments:
        family: A key of MODELS.
        given: What the config says.
        where: What a sentence begins with.

    Raises:
        CheckpointError: If it is no object, names a keyword that the model does not have, lacks one that it needs, or
            holds a value of another kind or size.
    """
    if not isinstance(given, Mapping):
        raise CheckpointError(f"{where} must say with which keywords the model is made, as a JSON object named model.")
    known = of_family(family)
    if unknown := [name for name in given if name not in known]:
        raise CheckpointError(f"{where} gives the model a keyword that it does not have, {unknown[0][:40]!r}.")
    if lacking := [name for name, keyword in known.items() if keyword.default is REQUIRED and name not in given]:
        raise CheckpointError(f"{where} does not say the model’s {' and '.join(lacking)}.")
    model = {
        name: checked(name, keyword.kind, given[name], where) if name in given else keyword.default
        for name, keyword in known.items()
    }
    fit_together(family, model, where)
    return model


def checked(name: str, kind: str, value: Any, where: str) -> Any:
    """A keyword's value, of the kind and size that it has to be."""
    if name == "picture_shape":
        return picture_shape(value, where)
    if kind == "Sequence[int]":
        low, high = RANGES.get(name, (1, WIDEST))
        if not isinstance(value, list) or len(value) > MOST_LAYERS:
            raise CheckpointError(f"{where}: {name} must be a list of at most {MOST_LAYERS} whole numbers.")
        return tuple(whole(each, low, high, f"each of {name}", where) for each in value)
    if value is None and kind.endswith("| None"):
        return None
    if kind.startswith("int"):
        return whole(value, *RANGES.get(name, (1, WIDEST)), name, where)
    if kind.startswith("float"):
        if not is_number(value) or (name in SHARES and not 0 <= value <= 1):
            raise CheckpointError(f"{where}: {name} must be a finite number{' from 0 to 1' * (name in SHARES)}.")
        return value
    if kind == "bool":
        if not isinstance(value, bool):
            raise CheckpointError(f"{where}: {name} must be true or false.")
        return value
    if not isinstance(value, str) or value not in WORDS[name]:
        raise CheckpointError(f"{where}: {name} must be one of {', '.join(WORDS[name])}.")
    return value


def picture_shape(value: Any, where: str) -> tuple[int, ...]:
    if not isinstance(value, list) or len(value) != 3:
        raise CheckpointError(f"{where}: picture_shape must be three whole numbers, channels, height and width.")
    channels, *sides = value
    return (
        whole(channels, 1, 4, "channels of picture_shape", where),
        *(whole(side, 1, LARGEST_SIDE, "each side of picture_shape", where) for side in sides),
    )


def whole(value: Any, low: int, high: int, name: str, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise CheckpointError(f"{where}: {name} must be a whole number from {low:,} to {high:,}.")
    return value


def is_number(value: Any) -> bool:
    """Whether a value of a config is a number to reckon with."""
    return not isinstance(value, bool) and isinstance(value, int | float) and abs(value) <= LARGEST_NUMBER


def fit_together(family: str, model: dict[str, Any], where: str) -> None:
    """Refuse what each keyword allows and the model does not; whatever else does not fit is found by trying it out."""
    if "k" in model and model["k"] > model["latent_dim"]:
        raise CheckpointError(f"{where}: k must be at most latent_dim, {model['latent_dim']}.")
    if "pca_dim" in model and model["pca_dim"] > math.prod(model["picture_shape"]):
        raise CheckpointError(f"{where}: pca_dim must be at most the number of pixels.")
    if model.get("hidden") == () and not model.get("channels") and family not in ("autoencoder", "vae"):
        raise CheckpointError(f"{where}: hidden must name at least one layer.")
    if "latent_dim" in model and family == "td_vae" and model["latent_dim"] % 2:
        raise CheckpointError(f"{where}: latent_dim must be even, for half of it is in each layer.")
