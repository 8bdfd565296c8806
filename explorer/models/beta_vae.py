"""β-VAE: a VAE whose divergence weighs more, or is held at a capacity, so that each dimension stands for one thing."""

from collections.abc import Iterator, Sequence
from typing import cast

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from explorer.models.capacity import Held
from explorer.models.staged import Stages
from explorer.models.vae import GaussianVAE
from explorer.nn import schedule
from explorer.nn.initialisation import he_normal
from explorer.nn.patches import FromPatches
from explorer.nn.perceptron import linear, perceptron
from explorer.nn.strip import Layer, name, through
from explorer.nn.tied import ConvolutionalLayer
from explorer.nn.transposed import TransposedConvolution

HEAD_GAIN = 0.3  # of the last layers, so that posterior and pictures start near the prior and the mean


class BetaVAE(GaussianVAE):
    """Burgess's convolutional network under Higgins's objective, or under Burgess's own.

    Arguments:
        picture_shape: Channels, height and width of a picture; the sides are halved once for each entry of channels.
        latent_dim: Number of floats in a code.
        beta: Weight of the KL; 1 is the VAE.
        capacity: Nats that the KL is held at from the end of their linear rise on; None for Higgins's objective.
        gamma: Weight of the distance |KL - C|, used with a capacity alone.
        first_beta: Beta at the start of training, from where it falls to its own: what tells most of a picture, its
            place, then comes into the code first and alone, and gets dimensions of its own. With a capacity, the weight
            of the KL at the start, which from then on is controlled so that the KL follows C.
        channels: Widths of the convolutions.
        hidden: Width of the two layers between the convolutions and the code.
        patch: Side of the squares that the outermost layers work on, in place of convolutions; None is Burgess's
            network.

    References:
        | beta-VAE: Learning Basic Visual Concepts with a Constrained Variational Framework (Higgins et al., 2017)
        | Understanding disentangling in beta-VAE (Burgess et al., 2018), https://arxiv.org/abs/1804.03599
    """

    course: Stages | Held | None = None  # of the objective in training, where it has to remember something

    def __init__(
        self,
        picture_shape: Sequence[int],
        latent_dim: int = 10,
        beta: float = 1.0,
        capacity: float | None = None,
        gamma: float = 100.0,
        first_beta: float | None = None,
        channels: Sequence[int] = (32, 32, 32, 32),
        hidden: int = 256,
        patch: int | None = None,
    ):
        super().__init__(picture_shape, latent_dim)
        self.beta, self.capacity, self.gamma, self.first_beta = beta, capacity, gamma, first_beta
        if capacity is not None and first_beta is not None:
            self.course = Held(first_beta)
        self.convolutions = ConvolutionalLayer(picture_shape, channels, patch)
        self.inner = perceptron([self.convolutions.code_size, hidden, hidden, 2 * latent_dim], "relu")
        self.outer = perceptron([latent_dim, hidden, hidden, self.convolutions.code_size], "relu")
        # PyTorch's own start shrinks the signal of fourteen layers to nothing, and most dimensions then never wake up:
        # with beta = 1 the first try kept 4 of 10.
        he_normal(self)
        with torch.no_grad():
            linear(self.inner, -1).weight.mul_(HEAD_GAIN)
            self.last.weight.mul_(HEAD_GAIN)

    @property
    def last(self) -> TransposedConvolution | FromPatches:
        """The decoder's last layer."""
        return cast(TransposedConvolution | FromPatches, self.convolutions.decoder[-1])

    def prepare(self, pictures: Tensor) -> None:
        # The decoder starts at the mean of all pixels: most of them are black.
        mean = pictures[:10_000].float().div(255).mean((0, 2, 3)).clamp(0.001, 0.999)
        with torch.no_grad():
            self.last.bias.copy_(mean.logit())

    def encoder(self, x: Tensor) -> Tensor:
        return self.inner(functional.relu(self.convolutions.up(x)))

    def decoder(self, z: Tensor) -> Tensor:
        return self.convolutions.down(functional.relu(self.outer(z)))

    def features(self, x: Tensor) -> Tensor:
        """The encoder's last hidden layer (B, hidden) of flat pictures."""
        return self.inner[:-1](functional.relu(self.convolutions.up(x)))

    @property
    def picture_label(self) -> str:  # type: ignore[override]  # a constant of other families
        return f"x̂ {name(self.last)} Sigmoid"

    def encoder_strip(self, x: Tensor) -> Iterator[Layer]:
        h = yield from through([self.convolutions.encoder, nn.ReLU()], x)
        yield from through(self.inner[:-1], h.flatten(1))

    def decoder_strip(self, z: Tensor) -> Iterator[Layer]:
        h = yield from through([self.outer, nn.ReLU()], z)
        yield from through(self.convolutions.decoder[:-1], h.unflatten(1, self.convolutions.code_shape))

    def learn_from(self, teacher: "BetaVAE", pictures: Tensor) -> None:
        """Train in stages from now on, with the teacher's active dimensions as the first ones."""
        self.course = Stages(teacher, pictures)

    def loss(self, x: Tensor, generator: Generator | None = None) -> dict[str, Tensor]:
        if self.course:
            return self.course.loss(self, x, generator)
        reconstruction, kl = self.bound(x, generator)
        if self.capacity is None:
            pressure = self.kl_weight() * kl
        else:
            pressure = self.gamma * (kl - schedule.capacity(self.progress, self.capacity)).abs()
        return {"loss": reconstruction + pressure, "reconstruction": reconstruction, "kl": kl}

    def kl_weight(self) -> float:
        """Beta as it stands now."""
        return schedule.beta(self.progress, self.beta, self.first_beta)
