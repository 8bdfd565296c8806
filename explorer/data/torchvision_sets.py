"""MNIST and Fashion-MNIST as torchvision lays them out, downloaded where the network allows it."""

from pathlib import Path

from torchvision import datasets

from explorer.data.picture_set import PictureSet

SETS = {"mnist": datasets.MNIST, "fashion": datasets.FashionMNIST}
FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")

DAMAGE = (OSError, RuntimeError, ValueError, TypeError, AssertionError, KeyError)  # or no network


def load(name: str, split: str, root: Path) -> PictureSet:
    """All pictures of one split.

    Arguments:
        name: A key of SETS.
        split: "train" (60,000 pictures) or "test" (10,000).
        root: Folder that holds, or will hold, MNIST/raw and FashionMNIST/raw.

    Returns:
        Grey pictures with shape (N, 1, 28, 28).

    Raises:
        FileNotFoundError: If files are missing and cannot be downloaded; the message names them.
        ValueError: If they are there, and damaged.
    """
    source = SETS[name]
    raw = Path(root) / source.__name__ / "raw"
    missing = [file for file in FILES if not (raw / file).is_file()]
    try:
        data = source(root, train=split == "train", download=bool(missing))
    except PermissionError:
        raise
    except DAMAGE as error:
        if not missing:
            raise ValueError(f"The files of {source.__name__} in {raw} are damaged: put them there anew.") from error
        raise FileNotFoundError(
            f"{source.__name__} is not in {raw} and could not be downloaded: put there {', '.join(missing)}."
        ) from error
    return PictureSet(data.data.unsqueeze(1).numpy(), data.targets.numpy(), tuple(data.classes))
