"""Picture sets by name: whole ones for training, some pictures of each for the app.

A set is a module of this package with load(name, split, root), and a line below.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Colour without loss would take 4.7 MB a set; there the app renders the pictures themselves, and tiles are thumbnails.
LOSSLESS, PHOTOGRAPHS = {"lossless": True, "quality": 100}, {"quality": 70}


@dataclass(frozen=True)
class Dataset:
    """What the app and the training know of a set beside its pictures.

    Arguments:
        title: What it is called on the page.
        module: The module of this package that loads it.
        shipped: Pictures of each class that come with the app, on the contact sheet samples/NAME.png; 0 for none.
        atlas: Keywords of Pillow's WebP for the thumbnails of its 10,000 test pictures, samples/NAME-atlas.webp; None
            for a set without maps.
        colour: Of its lines in figures.
    """

    title: str
    module: str
    shipped: int = 0
    atlas: Mapping[str, Any] | None = None
    colour: str = "#8a8a8a"


ORANGE, BLUE, VIOLET = "#d4570a", "#1f7fc9", "#8a5cc9"

DATASETS = {
    "mnist": Dataset("MNIST", "torchvision_sets", 50, LOSSLESS, ORANGE),
    "fashion": Dataset("Fashion-MNIST", "torchvision_sets", 50, LOSSLESS, BLUE),
    "dsprites": Dataset("dSprites", "rendered_sets", 150, LOSSLESS, BLUE),
    "shapes3d": Dataset("Shapes3D-like", "rendered_sets", 50, PHOTOGRAPHS, ORANGE),
    "faces": Dataset("Faces", "rendered_sets", 50, PHOTOGRAPHS, VIOLET),
    "cifar10": Dataset("CIFAR-10", "cifar10", 30),
    "emoji": Dataset("Emoji", "emoji", 139),
    "emoji-untoned": Dataset("Emoji without skin tones", "emoji"),
    "emoji-on-black": Dataset("Emoji on black", "emoji"),
    "oscillator": Dataset("Oscillators", "oscillator"),
}
