"""What a measurement is doing, and for how long: some parts take minutes in libraries that say nothing."""

import sys
import threading
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from tqdm import tqdm

from explorer.metrics.watched import WATCH

SECONDS = 1.0 if sys.stderr.isatty() else 60.0  # between two looks at the clock; a log need not be long
DELAY = 1.0  # seconds that a loop may take before it has a bar


class Parts:
    """A bar over the parts of some work, whose clock goes on while a part says nothing.

    The parts differ much: what is left is told of each loop within them that is watched, by a bar of its own.

    Arguments:
        title: What stands before the bar.
        count: How many parts there are.
    """

    def __init__(self, title: str, count: int):
        self.bar = tqdm(total=count, desc=title, bar_format="{desc}: part {n} of {total} [{elapsed}]{postfix}")
        self.loop: tqdm | None = None  # the latest that is watched
        self.over = threading.Event()
        self.clock = threading.Thread(target=self.tick, daemon=True)

    def __call__(self, name: str) -> None:
        """Say that the next part begins."""
        self.bar.set_postfix_str(name, refresh=False)
        self.bar.update()
        self.bar.refresh()

    def watch(self, parts: Sequence[Any], title: str) -> Iterator[Any]:
        """A loop under a bar, which goes when the loop is over; one round alone has nothing to tell."""
        alone = len(parts) < 2
        with tqdm(desc=title, total=len(parts), leave=False, mininterval=SECONDS, delay=DELAY, disable=alone) as bar:
            self.loop = bar
            for part in parts:
                yield part
                bar.update()

    def tick(self) -> None:
        while not self.over.wait(SECONDS):
            self.bar.refresh()
            if self.loop is not None:  # one that is over takes no notice
                self.loop.refresh()

    def __enter__(self) -> Self:
        self.before = WATCH.set(self.watch)
        self.clock.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        WATCH.reset(self.before)
        self.over.set()
        self.clock.join()
        self.bar.close()
