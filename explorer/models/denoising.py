"""Denoising autoencoder: the input is spoilt, the clean picture is asked for; stacked, each layer on the one below."""

from collections.abc import Sequence
from itertools import pairwise
from math import prod

import torch
from torch import Generator, Tensor, nn

from explorer.models.base import UnitAutoencoder
from explorer.nn import corruption
from explorer.nn.objectives import bernoulli_nll
from explorer.nn.tied import ConvolutionalLayer, TiedLayer


class DenoisingAutoencoder(UnitAutoencoder):
    """Sigmoid layers with tied weights, or one convolutional pair, trained on the cross-entropy of the clean input.

    Several layers are trained greedily, one after the other over equal shares of the run, each on the clean codes of
    the one below, which it sees corrupted.

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
        super().__init__(picture_shape, prod(layers[0].code_shape) if channels else hidden[-1])
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

    def units(self, x: Tensor) -> Tensor:
        return self.encode_layers(x)[0]

    def encode(self, x: Tensor) -> Tensor:
        return self.encode_layers(x)[-1]

    def encode_layers(self, x: Tensor) -> list[Tensor]:
        """Codes of every layer, from the first to the last."""
        codes, h = [], x.flatten(1)
        for layer in self.layers:
            h = torch.sigmoid(layer.up(h))
            codes.append(h)
        return codes

    def decode(self, z: Tensor) -> Tensor:
        return self.decode_from(z, len(self.layers))

    def decode_from(self, z: Tensor, depth: int) -> Tensor:
        """Pictures of codes of layer depth, counted from 1."""
        for layer in reversed(self.layers[:depth]):
            z = torch.sigmoid(layer.down(z))
        return z.unflatten(1, self.picture_shape)

    def corrupt(self, x: Tensor, generator: Generator | None) -> Tensor:
        """A fresh corruption of inputs in [0, 1], of the kind and level the model is trained on."""
        return corrupt(x, self.corruption, self.level, generator)

    def loss(self, x: Tensor, generator: Generator | None = None) -> dict[str, Tensor]:
        depth = min(int(self.progress * len(self.layers)), len(self.layers) - 1)
        with torch.no_grad():
            clean = self.encode_layers(x)[depth - 1] if depth else x.flatten(1)
        layer = self.layers[depth]
        logits = layer.down(torch.sigmoid(layer.up(self.corrupt(clean, generator))))
        reconstruction = bernoulli_nll(logits, clean).mean()
        return {"loss": reconstruction, "reconstruction": reconstruction}


def corrupt(x: Tensor, kind: str, level: float, generator: Generator | None) -> Tensor:
    """Pictures, or codes in [0, 1], with a fresh corruption of that kind and level."""
    draw, function = (
        (torch.rand, corruption.UNIFORM[kind]) if kind in corruption.UNIFORM else (torch.randn, corruption.NORMAL[kind])
    )
    return function(x, draw(x.shape, generator=generator, device=x.device), level)
