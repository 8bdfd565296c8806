"""β-VAE: a VAE whose divergence weighs more, or is held at a capacity, so that each dimension stands for one thing."""

from collections.abc import Sequence

from torch import Generator, Tensor
from torch.nn import functional

from explorer.models.vae import GaussianVAE
from explorer.nn.objectives import bernoulli_nll, gaussian_kl
from explorer.nn.perceptron import perceptron
from explorer.nn.tied import ConvolutionalLayer

RISE = 2 / 3  # share of the run over which the capacity rises


class BetaVAE(GaussianVAE):
    """Burgess's convolutional network under Higgins's objective, or under Burgess's own.

    Arguments:
        picture_shape: Channels, height and width of a picture; the sides are halved once for each entry of channels.
        latent_dim: Number of floats in a code.
        beta: Weight of the KL; 1 is the VAE.
        capacity: Nats that the KL is held at from the end of their linear rise on; None for Higgins's objective.
        gamma: Weight of the distance |KL - C|, used with a capacity alone.
        channels: Widths of the convolutions.
        hidden: Width of the two layers between the convolutions and the code.

    References:
        | beta-VAE: Learning Basic Visual Concepts with a Constrained Variational Framework (Higgins et al., 2017)
        | Understanding disentangling in beta-VAE (Burgess et al., 2018), https://arxiv.org/abs/1804.03599
    """

    def __init__(
        self,
        picture_shape: Sequence[int],
        latent_dim: int = 10,
        beta: float = 1.0,
        capacity: float | None = None,
        gamma: float = 100.0,
        channels: Sequence[int] = (32, 32, 32, 32),
        hidden: int = 256,
    ):
        super().__init__(picture_shape, latent_dim)
        self.beta, self.capacity, self.gamma = beta, capacity, gamma
        self.convolutions = ConvolutionalLayer(picture_shape, channels)
        self.inner = perceptron([self.convolutions.code_size, hidden, hidden, 2 * latent_dim], "relu")
        self.outer = perceptron([latent_dim, hidden, hidden, self.convolutions.code_size], "relu")

    def encoder(self, x: Tensor) -> Tensor:
        return self.inner(functional.relu(self.convolutions.up(x)))

    def decoder(self, z: Tensor) -> Tensor:
        return self.convolutions.down(functional.relu(self.outer(z)))

    def loss(self, x: Tensor, generator: Generator | None = None) -> dict[str, Tensor]:
        posterior = self.posterior(x)
        z = self.sample_posterior(posterior, generator)
        reconstruction = bernoulli_nll(self.logits(z), x).mean()
        kl = gaussian_kl(*posterior).sum(1).mean()
        if self.capacity is None:
            pressure = self.beta * kl
        else:
            pressure = self.gamma * (kl - self.capacity * min(1.0, self.progress / RISE)).abs()
        return {"loss": reconstruction + pressure, "reconstruction": reconstruction, "kl": kl}
