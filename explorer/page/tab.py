"""Which tab is being built: its widgets read and set its keys, and need not be told whose."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_STEM: ContextVar[str] = ContextVar("stem of the tab that is being built")


@contextmanager
def tab(stem: str) -> Iterator[None]:
    """Build a tab; every widget made within is one of it."""
    before = _STEM.set(stem)
    try:
        yield
    finally:
        _STEM.reset(before)


def this_tab() -> str:
    """The stem of the tab that is being built.

    Raises:
        RuntimeError: If none is.
    """
    try:
        return _STEM.get()
    except LookupError:
        raise RuntimeError("A widget belongs to a tab: build it within `with tab(STEM):`.") from None
