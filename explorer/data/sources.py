"""Every picture set by name, wherever it comes from."""

from pathlib import Path

from explorer.data import cifar10, emoji, image_folder, oscillator, rendered_sets, torchvision_sets
from explorer.data.picture_set import PictureSet


def load(name: str, split: str, root: Path, side: int = 64) -> PictureSet:
    """All pictures of one split of a set.

    Arguments:
        name: Of the set; "folder:DIR" is the pictures in any folder.
        split: "train" or "test"; of emoji and folders also "validation", which is no part of "train".
        root: Folder the sets lie in.
        side: Pixels along each side, of the pictures in a folder; the other sets have their own.
    """
    if name.startswith(image_folder.PREFIX):
        return image_folder.load(image_folder.folder_of(name), split, side)
    if name == "cifar10":
        return cifar10.load(split, root)
    if name == oscillator.NAME:
        return oscillator.load(split)
    for source, names in ((rendered_sets, rendered_sets.WORLDS), (emoji, emoji.SETS)):
        if name in names:
            return source.load(name, split, root)
    return torchvision_sets.load(name, split, root)
