"""What every family can do: encode, decode, and say its loss."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import torch
from torch import Generator, Tensor, nn

from explorer.nn import schedule
from explorer.nn.jacobian import saturated, singular_values, singular_vectors
from explorer.nn.network import network
from explorer.nn.soundness import is_sound
from explorer.nn.strip import Layer


class Autoencoder(nn.Module, ABC):
    """A picture goes in, a code is made of it, a picture comes out.

    Arguments:
        picture_shape: Channels, height and width of a picture.
        latent_dim: Number of floats in a code.

    Attributes:
        progress: Where the training stands, from 0 to 1; the loop sets it before each step, for objectives that change
            on the way.
    """

    progress = 1.0
    code_label, picture_label = "z", "x̂"  # of the strip: by which layers code and picture are made

    def __init__(self, picture_shape: Sequence[int], latent_dim: int):
        super().__init__()
        self.picture_shape = tuple(picture_shape)
        self.latent_dim = latent_dim

    @property
    def num_pixels(self) -> int:
        return prod(self.picture_shape)

    def axes(self) -> dict[str, int]:
        """What the letters stand for in the shapes that its networks declare."""
        channels, height, width = self.picture_shape
        return {"C": channels, "H": height, "W": width, "P": self.num_pixels, "D": self.latent_dim}

    def prepare(self, pictures: Tensor) -> None:
        """Set what is computed from the training set rather than learnt; called once before the first step.

        Arguments:
            pictures: All training pictures, uint8, with shape (N, C, H, W).
        """

    @network({"x": "B C H W"}, {"z": "B D"}, in_page=True)
    @abstractmethod
    def encode(self, x: Tensor) -> Tensor:
        """Code of pictures in [0, 1] with shape (B, C, H, W); the same picture always gives the same code."""

    @network({"z": "B D"}, {"x_hat": "B C H W"}, in_page=True)
    @abstractmethod
    def decode(self, z: Tensor) -> Tensor:
        """Pictures in [0, 1] with shape (B, C, H, W) of codes with shape (B, D)."""

    @abstractmethod
    def loss(self, x: Tensor, generator: Generator | None = None) -> dict[str, Tensor]:
        """Terms of the objective for a batch in [0, 1]: "loss", which is minimised, and its parts.

        Each is summed over pixels and latents and averaged over images.
        """

    def strip(self, x: Tensor) -> Iterator[Layer]:
        """The network as it is drawn, from pictures (B, C, H, W) to what it makes of them, layer by layer."""
        yield Layer("x", x, "x")
        yield from self.encoder_strip(x)
        yield from self.code_strip(x)
        z = self.encode(x)
        yield from self.decoder_strip(z)
        yield Layer(self.picture_label, self.decode(z), "x-hat")

    def encoder_strip(self, x: Tensor) -> Iterator[Layer]:
        """Layers between the picture and the one that gives the code."""
        yield from ()

    def code_strip(self, x: Tensor) -> Iterator[Layer]:
        """The code, and what it is chosen from."""
        yield Layer(self.code_label, self.encode(x), "z")

    def decoder_strip(self, z: Tensor) -> Iterator[Layer]:
        """Layers between the code and the one that gives the picture."""
        yield from ()

    @network({"x": "B C H W"}, {"layer*": "B …"})
    def layer_outputs(self, x: Tensor) -> list[Tensor]:
        """What each layer of the strip gives."""
        return [layer.output for layer in self.strip(x)]

    @torch.inference_mode()
    def boxes(self) -> list[dict[str, Any]]:
        """How each layer of the strip is drawn: all that Layer says but its output."""
        layers = self.strip(torch.zeros(1, *self.picture_shape))
        return [{key: part for key, part in layer._asdict().items() if key != "output"} for layer in layers]

    @torch.inference_mode()
    def try_out(self) -> None:
        """Take a black and a white picture through every part.

        Raises:
            RuntimeError: If parts do not fit each other.
            OverflowError: If what they give is not finite, or nearly so.
        """
        x = torch.zeros(2, *self.picture_shape)
        x[1] = 1
        z = self.encode(x)
        x_hat = self.decode(z)
        if x_hat.shape != x.shape:
            raise RuntimeError("What is decoded is of another size than what is encoded.")
        if not all(map(is_sound, (*(z if isinstance(z, tuple) else (z,)), x_hat))):
            raise OverflowError("Codes or pictures are not finite.")

    def held_out(self, x: Tensor, labels: Tensor) -> dict[str, float]:
        """Loss, by the name of its module, of each part in training for which it is watched on other pictures."""
        return {}

    def forward(self, x: Tensor, generator: Generator | None = None, *of_x: Tensor) -> dict[str, Tensor]:
        """The loss: what data-parallel training calls."""
        return self.loss(x, generator, *of_x)


class UnitAutoencoder(Autoencoder):
    """One whose first layer is of units that each see the whole picture through a filter."""

    @property
    @abstractmethod
    def filters(self) -> Tensor:
        """Weights (units, pixels) of the first layer, one row for each unit."""

    def axes(self) -> dict[str, int]:
        return super().axes() | {"U": len(self.filters)}

    @network({"x": "B C H W"}, {"z": "B U"}, in_page=True)
    def units(self, x: Tensor) -> Tensor:
        """Activations (B, units) of the first layer for pictures (B, C, H, W)."""
        return self.encode(x)

    @network({}, {"filters": "U P"})
    def read_filters(self) -> Tensor:
        return self.filters

    @network({"units": "N < U"}, {"filters": "N P"}, in_page=True)
    def filters_of(self, units: Tensor) -> Tensor:
        """The filters of some units."""
        return self.filters[units]


class SigmoidAutoencoder(UnitAutoencoder):
    """One whose first layer is of sigmoid units."""

    code_label, picture_label = "z Linear Sigmoid", "x̂ Linear Sigmoid"

    @network({"x": "B C H W"}, {"norms": "B P", "x_hat": "B C H W", "saturated": "B"}, in_page=True)
    def sensitivity(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Norms of the columns of the first layer's Jacobian, the reconstruction, and the share of that layer's units
        that are saturated."""
        z = self.units(x)
        slopes = z * (1 - z)
        return (slopes.square() @ self.filters.square()).sqrt(), self.decode(self.encode(x)), saturated(z)

    @network({"x": "1 C H W"}, {"values": "P"})
    def singular_values(self, x: Tensor) -> Tensor:
        """Of that Jacobian at a picture, by falling size."""
        return singular_values(self.units(x)[0], self.filters)

    @network({"x": "1 C H W"}, {"vectors": "P M"})
    def singular_vectors(self, x: Tensor) -> Tensor:
        """Right singular vectors of that Jacobian as columns, by falling singular value."""
        return singular_vectors(self.units(x)[0], self.filters).contiguous()

    @network({"x": "1 C H W", "v": "P"}, {"ratio": ""}, in_page=True)
    def stretch(self, x: Tensor, v: Tensor) -> Tensor:
        """How many times as far as the picture the code goes, for a small step along v."""
        z = self.units(x)[0]
        return (z * (1 - z) * (self.filters @ v)).norm()


class GreedyAutoencoder(SigmoidAutoencoder):
    """One of sigmoid layers, trained one after the other over equal shares of the run, from the first to the last.

    Layers are counted from 0.
    """

    @property
    @abstractmethod
    def num_layers(self) -> int:
        """How many layers there are."""

    @abstractmethod
    def up(self, h: Tensor, layer: int) -> Tensor:
        """A layer's activations, before the sigmoid, of its flat inputs."""

    @abstractmethod
    def down(self, h: Tensor, layer: int) -> Tensor:
        """A layer's flat reconstruction, before the sigmoid, of its units."""

    @network({"x": "B C H W"}, {"code*": "B U"}, in_page=True)
    def encode_layers(self, x: Tensor) -> list[Tensor]:
        """Codes of every layer, from the first to the last, of pictures (B, C, H, W)."""
        codes, h = [], x.flatten(1)
        for layer in range(self.num_layers):
            h = torch.sigmoid(self.up(h, layer))
            codes.append(h)
        return codes

    def units(self, x: Tensor) -> Tensor:
        return self.encode_layers(x)[0]

    def encode(self, x: Tensor) -> Tensor:
        return self.encode_layers(x)[-1]

    def decode(self, z: Tensor) -> Tensor:
        return self.decode_from(z, self.num_layers)

    def decode_from(self, z: Tensor, depth: int) -> Tensor:
        """Pictures (B, C, H, W) of the codes of the layer below which there are depth - 1 others."""
        for layer in reversed(range(depth)):
            z = torch.sigmoid(self.down(z, layer))
        return z.unflatten(1, self.picture_shape)

    @network({"x": "1 C H W"}, {"depths": "L C H W"}, in_page=True)
    def decode_layers(self, x: Tensor) -> Tensor:
        """What each layer's codes of a picture stand for, from the first layer to the last."""
        return torch.cat([self.decode_from(z, depth) for depth, z in enumerate(self.encode_layers(x), 1)])

    def encoder_strip(self, x: Tensor) -> Iterator[Layer]:
        for code in self.encode_layers(x)[:-1]:
            yield Layer("Linear Sigmoid", code)

    def decoder_strip(self, z: Tensor) -> Iterator[Layer]:
        for layer in reversed(range(1, self.num_layers)):
            z = torch.sigmoid(self.down(z, layer))
            yield Layer("Linear Sigmoid", z)

    def layer_in_training(self, x: Tensor) -> tuple[int, Tensor]:
        """The layer whose turn it is, and its clean inputs: pixels, or the codes of the layer below."""
        layer = schedule.layer(self.progress, self.num_layers)
        with torch.no_grad():
            return layer, self.encode_layers(x)[layer - 1] if layer else x.flatten(1)
