"""Denoising autoencoder: the input is spoilt, the clean picture is asked for; stacked, each layer on the one below."""

from collections.abc import Sequence
from itertools import pairwise
from math import prod

import torch
from torch import Generator, Tensor, nn

from explorer.models.base import GreedyAutoencoder
from explorer.nn import corruption
from explorer.nn.objectives import bernoulli_nll
from explorer.nn.tied import ConvolutionalLayer, TiedLayer


class DenoisingAutoencoder(GreedyAutoencoder):
    """Sigmoid layers with tied weights, or one convolutional pair, trained on the cross-entropy of the clean input.

    Several layers are trained greedily, each on the clean codes of the one below, which it sees corrupted.

    Arguments:
        picture_shape: Channels, height and width of a picture.
        corruption: A name in explorer.nn.corruption.KINDS.
        level: Of the corruption: share of pixels, or deviation. 0 is a plain autoencoder.
        hidden: Units of each layer.
        channels: If given, one convolutional pair with these widths stands in place of hidden.

    References:
        | Extracting and Composing Robust Features with Denoising Autoencoders (Vincent et al., 2008)
        | Stacked Denoising Autoencoders (Vincent et al., 2010), https://jmlr.org/papers/v11/vincent10a.html
    """

    def __init__(
        self,
        picture_shape: Sequence[int],
        corruption: str,
        level: float,
        hidden: Sequence[int] = (1000,),
        channels: Sequence[int] = (),
    ):
        if channels:
            layers = [ConvolutionalLayer(picture_shape, channels)]
        else:
            layers = [TiedLayer(size, units) for size, units in pairwise([prod(picture_shape), *hidden])]
        super().__init__(picture_shape, layers[0].code_size if channels else hidden[-1])
        self.layers = nn.ModuleList(layers)
        self.corruption = corruption
        self.level = level

    @property
    def has_filters(self) -> bool:
        """Whether the first layer looks at the whole picture at once."""
        return isinstance(self.layers[0], TiedLayer)

    @property
    def filters(self) -> Tensor:
        return self.layers[0].weight

    @property
    def num_layers(self) -> int:
        return len(self.layers)

    def up(self, h: Tensor, layer: int) -> Tensor:
        return self.layers[layer].up(h)

    def down(self, h: Tensor, layer: int) -> Tensor:
        return self.layers[layer].down(h)

    def corrupt(self, x: Tensor, generator: Generator | None) -> Tensor:
        """A fresh corruption of inputs in [0, 1], of the kind and level the model is trained on."""
        return corrupt(x, self.corruption, self.level, generator)

    def loss(self, x: Tensor, generator: Generator | None = None) -> dict[str, Tensor]:
        layer, clean = self.layer_in_training(x)
        logits = self.down(torch.sigmoid(self.up(self.corrupt(clean, generator), layer)), layer)
        reconstruction = bernoulli_nll(logits, clean).mean()
        return {"loss": reconstruction, "reconstruction": reconstruction}


def corrupt(x: Tensor, kind: str, level: float, generator: Generator | None) -> Tensor:
    """Pictures, or codes in [0, 1], with a fresh corruption of that kind and level."""
    draw, function = (
        (torch.rand, corruption.UNIFORM[kind]) if kind in corruption.UNIFORM else (torch.randn, corruption.NORMAL[kind])
    )
    return function(x, draw(x.shape, generator=generator, device=x.device), level)
