"""Loops that may take minutes: whoever measures can be shown how far they are, and nobody else is shown anything."""

from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from typing import Any, TypeVar

Part = TypeVar("Part")
# Takes the parts of a loop and what it is called, and hands the parts on, as tqdm does.
WATCH: ContextVar[Callable[[Sequence[Any], str], Iterable[Any]]] = ContextVar("WATCH", default=lambda parts, _: parts)


def watched(parts: Sequence[Part], title: str) -> Iterable[Part]:
    """The parts of a loop one by one; they should take about equally long.

    Arguments:
        parts: What the loop is over.
        title: What is being computed, in a few words.
    """
    return WATCH.get()(parts, title)
