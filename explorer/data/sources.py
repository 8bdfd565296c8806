"""Every picture set by name, wherever it comes from."""

from importlib import import_module
from pathlib import Path

from explorer.data import DATASETS, image_folder
from explorer.data.picture_set import PictureSet


def load(name: str, split: str, root: Path, side: int = 64) -> PictureSet:
    """All pictures of one split of a set.

    Arguments:
        name: A key of DATASETS; "folder:DIR" is the pictures in any folder.
        split: "train" or "test"; of emoji and folders also "validation", which is no part of "train".
        root: Folder the sets lie in.
        side: Pixels along each side, of the pictures in a folder; the other sets have their own.
    """
    if name.startswith(image_folder.PREFIX):
        return image_folder.load(image_folder.folder_of(name), split, side)
    return import_module(f"explorer.data.{DATASETS[name].module}").load(name, split, root)
