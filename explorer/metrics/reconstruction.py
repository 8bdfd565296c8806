"""How much of a picture comes back."""

from collections.abc import Callable

import torch
from torch import Tensor

from explorer.data.picture_set import PictureSet
from explorer.metrics.watched import watched
from explorer.models.base import Autoencoder
from explorer.nn.objectives import squared_error

BLOCK = 1000  # pictures at a time


def pixels(data: PictureSet) -> Tensor:
    """All pictures of a set as floats in [0, 1], with shape (N, C, H, W)."""
    return torch.tensor(data.pictures).float() / 255


def mean_squared_error(reconstruct: Callable[[Tensor], Tensor], x: Tensor) -> float:
    """Squared error summed over pixels and averaged over pictures (N, C, H, W)."""
    return torch.cat([squared_error(reconstruct(block), block) for block in x.split(BLOCK)]).mean().item()


def encode_all(model: Autoencoder, x: Tensor) -> Tensor:
    """Codes (N, D) of pictures (N, C, H, W), a block at a time."""
    return torch.cat([model.encode(block) for block in watched(x.split(BLOCK), "codes")])
