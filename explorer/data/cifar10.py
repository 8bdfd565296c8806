"""CIFAR-10: as torchvision downloads it, or as folders of PNG files."""

from pathlib import Path

import numpy as np

from explorer.data import image_folder
from explorer.data.picture_set import PictureSet

SIDE = 32


def load(name: str, split: str, root: Path) -> PictureSet:
    """All pictures of one split.

    Arguments:
        name: "cifar10", the only one.
        split: "train" (50,000 pictures) or "test" (10,000).
        root: Folder that holds cifar10/train/CLASS/*.png and cifar10/test, or will hold cifar-10-batches-py.

    Returns:
        Colour pictures with shape (N, 3, 32, 32); from folders they come class by class.

    Raises:
        FileNotFoundError: If neither is there and nothing can be downloaded.
    """
    folder = Path(root) / "cifar10" / split
    if folder.is_dir():
        paths = image_folder.find(folder)
        if not paths:
            raise FileNotFoundError(f"{folder} holds no pictures.")
        return image_folder.read(paths, [path.parent.name for path in paths], SIDE)
    from torchvision.datasets import CIFAR10  # takes 3 s to import

    try:
        data = CIFAR10(root, train=split == "train", download=True)
    except (OSError, RuntimeError) as error:  # what urllib and torchvision raise without a network
        raise FileNotFoundError(
            f"CIFAR-10 is not in {root} and could not be downloaded: put there cifar-10-batches-py, or PNG files as "
            "cifar10/train/CLASS/*.png and cifar10/test/CLASS/*.png."
        ) from error
    return PictureSet(data.data.transpose(0, 3, 1, 2).copy(), np.array(data.targets), tuple(data.classes))
