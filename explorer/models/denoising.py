"""Denoising autoencoder: the input is spoilt, the clean picture is asked for; stacked, each layer on the one below."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import prod
from typing import cast

import torch
from torch import Generator, Tensor, nn

from explorer.models.base import Autoencoder, GreedyAutoencoder
from explorer.nn import corruption
from explorer.nn.objectives import bernoulli_nll
from explorer.nn.strip import Layer, name, through
from explorer.nn.tied import BothWays, ConvolutionalLayer, TiedLayer


class DenoisingAutoencoder(GreedyAutoencoder):
    """Sigmoid layers with tied weights, or one convolutional pair, trained on the cross-entropy of the clean input.

    Several layers are trained greedily, each on the clean codes of the one below, which it sees corrupted.

    Arguments:
        picture_shape: Channels, height and width of a picture.
        corruption: A name in explorer.nn.corruption.KINDS; "any" is for one layer, for it spoils pictures, not codes.
        level: Of the corruption: share of pixels, or deviation; of "any" the largest. 0 is a plain autoencoder.
        hidden: Units of each layer.
        channels: If given, one convolutional pair with these widths stands in place of hidden.
        blocks: Residual blocks of each half of that pair.
        code_channels: Its code's width where there are such blocks.

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
        blocks: int = 0,
        code_channels: int = 0,
    ):
        layers: list[nn.Module]
        if channels:
            pair = ConvolutionalLayer(picture_shape, channels, blocks=blocks, code_channels=code_channels)
            layers, latent_dim = [pair], pair.code_size
        else:
            layers = [TiedLayer(size, units) for size, units in pairwise([prod(picture_shape), *hidden])]
            latent_dim = hidden[-1]
        super().__init__(picture_shape, latent_dim)
        self.layers = nn.ModuleList(layers)
        self.corruption = corruption
        self.level = level

    @property
    def has_filters(self) -> bool:
        """Whether the first layer looks at the whole picture at once."""
        return isinstance(self.layers[0], TiedLayer)

    @property
    def filters(self) -> Tensor:
        return cast(TiedLayer, self.layers[0]).weight

    def axes(self) -> dict[str, int]:
        return super().axes() if self.has_filters else Autoencoder.axes(self)

    @property
    def num_layers(self) -> int:
        return len(self.layers)

    def up(self, h: Tensor, layer: int) -> Tensor:
        return cast(BothWays, self.layers[layer]).up(h)

    def down(self, h: Tensor, layer: int) -> Tensor:
        return cast(BothWays, self.layers[layer]).down(h)

    def encoder_strip(self, x: Tensor) -> Iterator[Layer]:
        if self.has_filters:
            yield from super().encoder_strip(x)
        else:
            yield from through(self.maps.encoder[:-1], x)

    def code_strip(self, x: Tensor) -> Iterator[Layer]:
        if self.has_filters:
            yield from super().code_strip(x)
        else:
            z = self.encode(x).unflatten(1, self.maps.code_shape)
            yield Layer(f"z {name(self.maps.encoder[-1])} Sigmoid", z, "z")

    def decoder_strip(self, z: Tensor) -> Iterator[Layer]:
        if self.has_filters:
            yield from super().decoder_strip(z)
        else:
            yield from through(self.maps.decoder[:-1], z.unflatten(1, self.maps.code_shape))

    @property
    def picture_label(self) -> str:  # type: ignore[override]  # a constant of other families
        return super().picture_label if self.has_filters else f"x̂ {name(self.maps.decoder[-1])} Sigmoid"

    @property
    def maps(self) -> ConvolutionalLayer:
        """The convolutional pair, where there is one."""
        return cast(ConvolutionalLayer, self.layers[0])

    def corrupt(self, x: Tensor, generator: Generator | None) -> Tensor:
        """A fresh corruption of flat inputs in [0, 1], of the kind and level the model is trained on."""
        if self.corruption == corruption.ANY:
            x = x.unflatten(1, self.picture_shape)
        return corrupt(x, self.corruption, self.level, generator).flatten(1)

    def loss(self, x: Tensor, generator: Generator | None = None) -> dict[str, Tensor]:
        layer, clean = self.layer_in_training(x)
        logits = self.down(torch.sigmoid(self.up(self.corrupt(clean, generator), layer)), layer)
        reconstruction = bernoulli_nll(logits, clean).mean()
        return {"loss": reconstruction, "reconstruction": reconstruction}


def corrupt(x: Tensor, kind: str, level: float, generator: Generator | None) -> Tensor:
    """Pictures, or codes in [0, 1], with a fresh corruption of that kind and level."""
    if kind == corruption.ANY:
        return corrupt_any(x, level, generator)
    draw, function = (
        (torch.rand, corruption.UNIFORM[kind]) if kind in corruption.UNIFORM else (torch.randn, corruption.NORMAL[kind])
    )
    return function(x, draw(x.shape, generator=generator, device=x.device), level)


def corrupt_any(x: Tensor, largest: float, generator: Generator | None) -> Tensor:
    """Pictures (B, C, H, W), each with masking, salt and pepper, Gaussian noise or blocks, by lots, at its own level.

    Levels are the largest times the cube of a uniform draw: half of them lie below an eighth of it, where a picture can
    be given back in all its detail and errors are small. Drawn uniformly, the strong noises would be all that counts.
    """

    def uniform(*shape: int) -> Tensor:
        return torch.rand(shape, generator=generator, device=x.device)

    level, kind = largest * uniform(len(x), 1, 1, 1) ** 3, (4 * uniform(len(x), 1, 1, 1)).long()
    pixels, normal = uniform(*x.shape), torch.randn(x.shape, generator=generator, device=x.device)
    squares = corruption.tiled(uniform(*corruption.grid(x.shape)), *x.shape[-2:])
    kinds = (
        corruption.masking(x, pixels, level),
        corruption.salt_and_pepper(x, pixels, level),
        corruption.gaussian(x, normal, level),
        corruption.masking(x, squares, level),
    )
    return torch.where(kind < 2, torch.where(kind == 0, *kinds[:2]), torch.where(kind == 2, *kinds[2:]))
