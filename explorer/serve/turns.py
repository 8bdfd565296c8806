"""Whose question is answered next: a few at a time, visitors in turn, and none for whom nobody waits any more."""

import asyncio
import contextlib
import os
import sys
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from typing import Any, TypeVar

Handler = TypeVar("Handler", bound=Callable[..., Any])
NICE = 10  # by how much dear work steps back
LOWEST = 19  # priority that there is
RETRY = 2  # seconds after which one that was turned away may ask again

gone: ContextVar[threading.Event | None] = ContextVar("gone", default=None)  # set once the asker has left
of_thread = threading.local()
visitor: ContextVar[str] = ContextVar("visitor", default="")  # the address of who asks


class Busy(Exception):
    """Too many wait already; the message is one sentence for the visitor."""


class Gone(Exception):
    """The asker has left: there is nobody to answer."""


def stop_if_gone() -> None:
    """Called between the parts of long work.

    Raises:
        Gone: If the asker has left meanwhile.
    """
    left = gone.get()
    if left and left.is_set():
        raise Gone


def dear(reason: str, when: Callable[..., bool] | None = None) -> Callable[[Handler], Handler]:
    """Marks a handler whose answers take more than 50 ms of a core.

    Arguments:
        reason: What takes so long, with its figure.
        when: Of which questions this is true, called with what the handler is; of all where it is left out.
    """

    def mark(handler: Handler) -> Handler:
        handler.dear, handler.dear_when = reason, when  # type: ignore[attr-defined]  # a mark on a function
        return handler

    return mark


def is_dear(handler: Callable, pool: Any, question: dict[str, Any]) -> bool:
    """Whether a question that was not checked yet is a dear one; what a handler will refuse is cheap."""
    function = getattr(handler, "func", handler)  # of a partial
    when = getattr(function, "dear_when", None)
    try:
        return hasattr(function, "dear") and (when is None or bool(when(pool, **question)))
    except (ValueError, TypeError, LookupError):
        return False


def step_back(nice: int = NICE) -> None:
    """Lower the priority of this thread below the app's, where the system knows such a thing: Linux does."""
    if nice and sys.platform == "linux":
        app = os.getpriority(os.PRIO_PROCESS, os.getpid())  # which may have stepped back itself
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), min(LOWEST, app + nice))
        of_thread.stepped_back = True


def has_stepped_back() -> bool:
    """Whether this thread has: it then takes only what others leave, and so must whom it hands work on to."""
    return getattr(of_thread, "stepped_back", False)


class Turns:
    """A few places to work in, and a line of visitors before them.

    Of those who wait, the visitor comes next whose last turn is longest ago, however many others one of them asks for.

    Arguments:
        places: Questions that are worked on at a time.
        most: Questions that may wait or be worked on.
        most_each: The same of one visitor.
        nice: By how much the threads step back where there is other work for the processor, up to 19.
    """

    def __init__(self, places: int, most: int, most_each: int, nice: int = 0):
        self._free = places
        self._most, self._most_each = most, most_each
        self._here: Counter[str] = Counter()  # questions of each visitor, waiting or worked on
        self._waiting: OrderedDict[str, deque[asyncio.Future]] = OrderedDict()
        self._threads = ThreadPoolExecutor(places, initializer=step_back, initargs=(nice,))

    async def run(self, who: str, work: Callable[[], Any]) -> Any:
        """What some work gives, done in a thread when it is its visitor's turn.

        If this is cancelled, work that has not begun never begins, and other work ends at its next stop_if_gone.

        Raises:
            Busy: If too many wait, or too many of this visitor.
        """
        async with self.place(who):
            left, context = threading.Event(), copy_context()
            context.run(gone.set, left)
            context.run(visitor.set, who)
            future = asyncio.get_running_loop().run_in_executor(self._threads, context.run, work)
            try:
                return await asyncio.shield(future)
            except asyncio.CancelledError:
                left.set()
                with contextlib.suppress(Exception):
                    await future  # the place is taken until the thread has ended
                raise

    @contextlib.asynccontextmanager
    async def place(self, who: str) -> AsyncIterator[None]:
        """A place in this visitor's turn.

        Raises:
            Busy: If too many wait, or too many of this visitor.
        """
        if self._here.total() >= self._most or self._here[who] >= self._most_each:
            raise Busy(f"Too many ask for this at the moment; it can be asked again in {RETRY} seconds.")
        self._here[who] += 1
        try:
            await self._wait(who)
            try:
                yield
            finally:
                self._next()
        finally:
            self._here[who] -= 1
            self._here += Counter()  # forgets visitors without questions

    async def _wait(self, who: str) -> None:
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(who, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it had just come
                self._next()
            raise

    def _next(self) -> None:
        """Give a free place to the first visitor in line, who goes to its end."""
        while self._waiting:
            who, turns = self._waiting.popitem(last=False)
            turn = turns.popleft()
            if turns:
                self._waiting[who] = turns
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
