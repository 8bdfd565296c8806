"""Every picture set by name, wherever it comes from."""

from pathlib import Path

from explorer.data import rendered_sets, torchvision_sets
from explorer.data.picture_set import PictureSet


def load(name: str, split: str, root: Path) -> PictureSet:
    """All pictures of one split, "train" or "test", of a set in the folder root."""
    source = rendered_sets if name in rendered_sets.WORLDS else torchvision_sets
    return source.load(name, split, root)
