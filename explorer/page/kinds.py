"""Kinds of what the page's keys hold, and which of them an answer's arrays are."""

from collections.abc import Callable
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, TypeVar

import numpy as np

Handler = TypeVar("Handler", bound=Callable[..., Any])


class Kind(StrEnum):
    PICTURES = "pictures"  # (C, H, W) or more axes: bytes, or pixels as floats where noise may leave their range
    NUMBERS = "numbers"  # an array with one axis or two: a code, a grid of codes, points, a line
    NUMBER = "number"
    TEXT = "text"
    BYTES = "bytes"  # of a file
    OTHER = "other"  # lists and objects


def gives(**names: str) -> Callable[[Handler], Handler]:
    """Declare what an answer holds: names of arrays by kind; a star stands for any letters: pictures="*_film x_hat"."""
    declared = {pattern: Kind(kind) for kind, patterns in names.items() for pattern in patterns.split()}

    def declare(handler: Handler) -> Handler:
        handler.gives = declared  # type: ignore[attr-defined]
        return handler

    return declare


def kind_given(handler: Callable, name: str) -> Kind | None:
    """Kind of an array of a handler's answer; None if the answer has no such array."""
    declared: dict[str, Kind] = getattr(getattr(handler, "func", handler), "gives", {})
    return next((kind for pattern, kind in declared.items() if fnmatchcase(name, pattern)), None)


def kind_of(value: Any) -> Kind:
    """Kind of a first value or of an array."""
    if isinstance(value, bool | int | float | np.number):
        return Kind.NUMBER
    if isinstance(value, str):
        return Kind.TEXT
    if not isinstance(value, np.ndarray):
        return Kind.OTHER
    if value.ndim > 2:
        return Kind.PICTURES
    return Kind.NUMBERS if value.ndim else Kind.NUMBER
