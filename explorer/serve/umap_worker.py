"""One UMAP in a process of its own: python -m explorer.serve.umap_worker FOLDER.

Reads codes.npy and options.json from the folder; writes the epochs done to progress, and plane.npy at the end. It ends
when its standard input does: nobody waits for a plane once the app is gone.
"""

import json
import os
import shutil
import sys
import threading
from pathlib import Path

import numpy as np

from explorer.compute.projection import umap_plane

NICE = 19  # whoever drags a slider meanwhile goes first


def work(folder: Path) -> None:
    """Make the plane that the folder asks for; it appears under its name only once it is complete."""
    options = json.loads((folder / "options.json").read_text())
    with (folder / "progress").open("w", buffering=1) as progress:
        plane = umap_plane(np.load(folder / "codes.npy"), progress=progress, **options)
    np.save(folder / "partial.npy", plane.astype(np.float32))
    (folder / "partial.npy").rename(folder / "plane.npy")


def end_with_the_app(folder: Path) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    shutil.rmtree(folder, ignore_errors=True)  # which the app does otherwise
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=end_with_the_app, args=(Path(sys.argv[1]),), daemon=True).start()
    os.nice(NICE)
    work(Path(sys.argv[1]))
