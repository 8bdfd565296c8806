"""What a measurement is doing, and for how long: some parts take minutes in libraries that say nothing."""

import sys
import threading
from types import TracebackType
from typing import Self

from tqdm import tqdm

SECONDS = 1.0 if sys.stderr.isatty() else 60.0  # between two looks at the clock; a log need not be long


class Parts:
    """A bar over the parts of some work, whose clock goes on while a part says nothing.

    Arguments:
        title: What stands before the bar.
        count: How many parts there are.
    """

    def __init__(self, title: str, count: int):
        self.bar = tqdm(total=count, desc=title, bar_format="{desc}: part {n} of {total} [{elapsed}]{postfix}")
        self.over = threading.Event()
        self.clock = threading.Thread(target=self.tick, daemon=True)

    def __call__(self, name: str) -> None:
        """Say that the next part begins."""
        self.bar.set_postfix_str(name, refresh=False)
        self.bar.update()
        self.bar.refresh()

    def tick(self) -> None:
        while not self.over.wait(SECONDS):
            self.bar.refresh()

    def __enter__(self) -> Self:
        self.clock.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self.clock.join()
        self.bar.close()
