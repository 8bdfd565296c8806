"""Every picture set by name, wherever it comes from."""

from importlib import import_module
from pathlib import Path

from explorer.data import DATASETS, own_set
from explorer.data.picture_set import PictureSet


def load(name: str, split: str, root: Path) -> PictureSet:
    """All pictures of one split of a set.

    Arguments:
        name: A key of DATASETS, or a set of somebody's own (see own_set.OwnSet).
        split: "train" or "test"; of emoji and of one's own also "validation", which is no part of "train".
        root: Folder the sets of DATASETS lie in.
    """
    if own_set.is_own(name):
        return own_set.load(name, split)
    return import_module(f"explorer.data.{DATASETS[name].module}").load(name, split, root)
