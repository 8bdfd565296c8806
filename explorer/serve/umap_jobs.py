"""UMAPs that visitors ask for: one at a time, each in a process of its own, stopped when nobody waits for it."""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from explorer.serve.question import Refused
from explorer.serve.turns import visitor

ROOT = Path(__file__).parents[2]
PATIENCE = 10.0  # seconds that a computation goes on after it was last asked for
GRACE = 2.0  # seconds that one goes on after a visitor stopped it: others who wait for it ask within them
KEPT = 32  # planes, of 80 kB each
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


class Status(NamedTuple):
    """How far a plane is."""

    progress: float  # share of epochs done; -1 while another plane is made
    plane: np.ndarray | None  # (N, 2), once it is complete


@dataclass
class Wish:
    """A plane that somebody waits for."""

    who: str  # the visitor who asked for it first
    until: float  # monotonic time at which nobody waits for it any more


@dataclass
class Job:
    """A running process."""

    key: Hashable
    folder: Path
    process: subprocess.Popen
    until: float  # monotonic time at which nobody waits for it any more


class Jobs:
    """Planes by what they were asked with.

    Arguments:
        command: Of the process; the folder it works in is added.
        patience: Seconds for which a computation goes on after it was last asked for.
    """

    def __init__(self, command: tuple[str, ...] = ("-m", "explorer.serve.umap_worker"), patience: float = PATIENCE):
        self._command = command
        self._patience = patience
        self._lock = threading.Lock()
        self._running: Job | None = None
        self._begun: Hashable | None = None  # the key of a process that is about to run
        self._waiting: dict[Hashable, Wish] = {}  # in the order in which they were asked for
        self._last: dict[str, float] = {}  # when a plane of each visitor was begun last
        self._planes: OrderedDict[Hashable, np.ndarray | None] = OrderedDict()  # None where it failed

    def ask(self, key: Hashable, codes: Callable[[], np.ndarray], options: dict[str, Any]) -> Status:
        """Start a plane if need be, and say how far it is; who does not ask again for some seconds gives it up.

        Of planes that wait for their turn comes next the one whose visitor was served longest ago.

        Arguments:
            key: What tells this plane from others.
            codes: Gives what the plane is made of, (N, D); called if the process is started.
            options: Keywords of projection.umap_plane.

        Raises:
            Refused: If the process failed.
        """
        with self._lock:
            if key in self._planes:
                return self._finished(key)
            job, until = self._running, time.monotonic() + self._patience
            if job and job.key == key:
                job.until = until
                return Status(epochs_done(job.folder), None)
            if key == self._begun:
                return Status(0, None)
            self._waiting.setdefault(key, Wish(visitor.get(), until)).until = until
            if job or self._begun is not None or self._next() != key:
                return Status(-1, None)
            self._last[self._waiting.pop(key).who] = time.monotonic()
            self._begun = key
        try:  # without the lock: others may ask meanwhile
            self._start(key, codes(), options)
        finally:
            self._begun = None
        return Status(0, None)

    def _next(self) -> Hashable:
        """Whose turn it is among those who still wait."""
        now = time.monotonic()
        self._waiting = {key: wish for key, wish in self._waiting.items() if wish.until >= now}
        return min(self._waiting, key=lambda key: self._last.get(self._waiting[key].who, 0))

    def stop(self, key: Hashable) -> None:
        """Give a plane up, unless somebody else asks for it again soon."""
        with self._lock:
            self._waiting.pop(key, None)
            if self._running and self._running.key == key:
                self._running.until = time.monotonic() + GRACE

    def close(self) -> None:
        """Give up whatever is made."""
        with self._lock:
            if self._running:
                self._running.process.kill()

    def _finished(self, key: Hashable) -> Status:
        plane = self._planes[key]
        if plane is None:
            del self._planes[key]
            raise Refused("This UMAP could not be made; try other settings.")
        self._planes.move_to_end(key)
        return Status(1, plane)

    def _start(self, key: Hashable, codes: np.ndarray, options: dict[str, Any]) -> None:
        folder = tempfile.TemporaryDirectory(prefix="umap-")
        path = Path(folder.name)
        np.save(path / "codes.npy", codes)
        (path / "options.json").write_text(json.dumps(options))
        command = [sys.executable, *self._command, folder.name]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | ONE_THREAD,
            stdin=subprocess.PIPE,  # its end is the end of this process
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._running = Job(key, path, process, time.monotonic() + self._patience)
        threading.Thread(target=self._watch, args=(self._running, folder), daemon=True).start()

    def _watch(self, job: Job, folder: tempfile.TemporaryDirectory) -> None:
        """Wait for the process, or end it when nobody waits for it; then keep what it made."""
        given_up = False
        while job.process.poll() is None:
            if time.monotonic() > job.until:
                given_up = True
                job.process.kill()
            time.sleep(0.1)
        if job.process.stdin:
            job.process.stdin.close()
        made = job.folder / "plane.npy"
        with folder, self._lock:
            if made.is_file() or not given_up:
                self._planes[job.key] = np.load(made) if made.is_file() else None
            while len(self._planes) > KEPT:
                self._planes.popitem(last=False)
            self._running = None


def epochs_done(folder: Path) -> float:
    """The share of epochs that a worker says it has done."""
    progress = folder / "progress"
    found = re.findall(r"(\d+)/(\d+)", progress.read_text()) if progress.is_file() else []
    return int(found[-1][0]) / int(found[-1][1]) if found else 0.0
