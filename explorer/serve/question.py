"""Checks of what the page sends: a wrong value is refused with one sentence, never repaired by guessing."""

import inspect
import json
import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

import numpy as np

MOST_NAMED = 12  # in one sentence


class Refused(ValueError):
    """A question that cannot be answered; the message is one sentence for the visitor."""


@dataclass(frozen=True)
class Of:
    """Which checkpoints an argument may name: Annotated[str, Of(families, what)].

    Arguments:
        families: Families that the handler can compute with.
        what: What these are called, as in "vae/mnist-2d is not WHAT."
        others: Whether it is all other families that it can compute with.
    """

    families: Collection[str]
    what: str
    others: bool = False

    def takes(self, family: str) -> bool:
        return (family in self.families) != self.others


# Models whose code is a point of a space, with codes of training pictures beside it: a new family's is, unless it
# stands here among those of layers of units, grids and sequences.
NOT_POINTED = ("denoising", "sparse", "k_sparse", "contractive", "vq_vae", "vq_vae_2", "td_vae")
Pointed = Annotated[str, Of(NOT_POINTED, "a model whose code is a point of a space", others=True)]


def parse(data: bytes, handler: Callable) -> dict[str, Any]:
    """The keywords of a handler from JSON in UTF-8; nothing missing, nothing twice, nothing more."""
    try:
        question = json.loads(data.decode(), object_pairs_hook=distinct)
        inspect.signature(handler).bind(None, **question)
    except (ValueError, TypeError, RecursionError) as error:
        names = list(inspect.signature(handler).parameters)[1:]
        raise Refused(f"The question must be a JSON object with {', '.join(names) or 'nothing in it'}.") from error
    return question


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object that has no key twice, and no text that cannot be written down: half of a surrogate pair."""
    keys = {key for key, _ in pairs}
    for text in (*keys, *(value for _, value in pairs if isinstance(value, str))):
        text.encode()
    if len(keys) < len(pairs):
        raise ValueError("a key stands there twice")
    return dict(pairs)


def check_models(handler: Callable, question: dict[str, Any], family: Callable[[Any], str]) -> None:
    """Refuse checkpoints of families that a handler's signature does not take.

    Arguments:
        handler: The function that is asked.
        question: Its keywords.
        family: The family of the checkpoint of a name.
    """
    for argument, kinds in models_taken(handler).items():
        if argument in question and not kinds.takes(family(question[argument])):
            raise Refused(f"{question[argument]} is not {kinds.what}.")


@cache
def models_taken(handler: Callable) -> dict[str, Of]:
    """What the signature of a handler says of its checkpoints, by argument."""
    hints = {name: parameter.annotation for name, parameter in inspect.signature(handler).parameters.items()}
    marks = ((name, mark) for name, hint in hints.items() for mark in getattr(hint, "__metadata__", ()))
    return {name: mark for name, mark in marks if isinstance(mark, Of)}


def vector(values: Any, size: int, limit: float, name: str = "z") -> np.ndarray:
    """A point of a latent space.

    Arguments:
        values: What should be a list of numbers.
        size: How many there must be.
        limit: Largest absolute value kept; what lies beyond is clipped.
        name: What the visitor knows it as.

    Returns:
        float32 with shape (1, size).

    Raises:
        Refused: If it is not a list of that many finite numbers.
    """
    numbers = floats(values, name)
    if numbers.shape != (size,):
        raise Refused(f"{name} must be {size} numbers, but {' × '.join(map(str, numbers.shape)) or 'one'} came.")
    if not np.isfinite(numbers).all():
        raise Refused(f"{name} holds a value that is not a finite number.")
    return numbers.clip(-limit, limit)[None]


def picture(values: Any, shape: Sequence[int], slack: float = 0) -> np.ndarray:
    """A picture sent as pixels from 0 to 255, channel by channel and row by row.

    Arguments:
        values: What should be a flat list of pixels.
        shape: Channels, height and width the model takes.
        slack: How far pixels of a noisy picture may leave [0, 1]; what lies beyond is clipped.

    Returns:
        float32 in [-slack, 1 + slack] with shape (1, C, H, W).

    Raises:
        Refused: If it is not a list of that many finite numbers.
    """
    pixels = vector(values, math.prod(shape), 255 * (1 + slack), "The picture")
    return (pixels.reshape(1, *shape) / 255).clip(-slack, 1 + slack)


def code_grid(values: Any, shape: Sequence[int], num_codes: int, name: str, unknown: bool = False) -> np.ndarray:
    """A grid of codes, sent row by row.

    Arguments:
        values: What should be a flat list of whole numbers.
        shape: Rows and columns the model has; before them the number of grids where there are several.
        num_codes: Size of its codebook.
        name: What the visitor knows it as.
        unknown: Whether −1 is taken, for a code that is not there yet.

    Returns:
        int64 with shape (1, rows, columns), or that of several grids.

    Raises:
        Refused: If it is not a list of that many whole numbers within the codebook.
    """
    codes = floats(values, name)
    if codes.shape != (math.prod(shape),):
        raise Refused(f"{name} must be {math.prod(shape)} codes: {' × '.join(map(str, shape))}.")
    lowest = -1 if unknown else 0
    if not ((codes % 1 == 0) & (codes >= lowest) & (codes < num_codes)).all():
        raise Refused(f"{name} must hold whole numbers from {lowest} to {num_codes - 1}.".replace("-1", "−1"))
    return codes.astype(np.int64).reshape(-1, *shape[-2:])


def whole(value: Any, low: int, high: int, name: str) -> int:
    """A whole number from low to high, refused otherwise."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value % 1 != 0:
        raise Refused(f"{name} must be a whole number.")
    if not low <= value <= high:
        raise Refused(f"{name} must be from {low} to {high}.")
    return int(value)


def number(value: Any, low: float, high: float, name: str) -> float:
    """A finite number, clipped to [low, high]."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) == math.inf:
        raise Refused(f"{name} must be a finite number.")
    return float(min(max(value, low), high))


def one_of(value: Any, names: Collection[str], name: str) -> str:
    """One of several names, refused otherwise."""
    if not isinstance(value, str) or value not in names:
        some = ", ".join(names) if len(names) <= MOST_NAMED else f"the {len(names)} that are here"
        raise Refused(f"{name} must be one of {some}.")
    return value


def indices(values: Any, count: int, name: str) -> list[int]:
    """Distinct whole numbers from 0 to count - 1."""
    if not isinstance(values, list) or len(values) > count:
        raise Refused(f"{name} must be a list of at most {count} whole numbers.")
    numbers = [whole(value, 0, count - 1, f"Each of {name}") for value in values]
    if len(set(numbers)) < len(numbers):
        raise Refused(f"{name} names one of them twice.")
    return numbers


def floats(values: Any, name: str) -> np.ndarray:
    """float32 of what the page sent, refused where it is no list of numbers; true, "1" and lists are none."""
    if not isinstance(values, list) or not set(map(type, values)) <= {int, float}:
        raise Refused(f"{name} must be a list of numbers.")
    try:
        with np.errstate(over="ignore"):  # what is too large for a float becomes infinite, and is refused as that
            return np.asarray(values, dtype=np.float32)
    except (TypeError, ValueError, OverflowError) as error:
        raise Refused(f"{name} must be a list of numbers.") from error
