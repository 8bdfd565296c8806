"""Contractive autoencoder: the code is to move as little as possible when the picture does."""

from collections.abc import Sequence

import torch
from torch import Generator, Tensor

from explorer.models.base import SigmoidAutoencoder
from explorer.nn.jacobian import squared_jacobian_norm
from explorer.nn.objectives import bernoulli_nll
from explorer.nn.tied import TiedLayer


class ContractiveAutoencoder(SigmoidAutoencoder):
    """One sigmoid layer with tied weights; the squared norm of the encoder's Jacobian is penalised.

    Arguments:
        picture_shape: Channels, height and width of a picture.
        latent_dim: Number of units.
        contraction: Weight of the penalty (lambda); 0 is a plain autoencoder.

    References:
        | Contractive Auto-Encoders: Explicit Invariance During Feature Extraction (Rifai et al., 2011)
        | https://icml.cc/2011/papers/455_icmlpaper.pdf
    """

    def __init__(self, picture_shape: Sequence[int], latent_dim: int = 1000, contraction: float = 0.1):
        super().__init__(picture_shape, latent_dim)
        self.layer = TiedLayer(self.num_pixels, latent_dim)
        self.contraction = contraction

    @property
    def filters(self) -> Tensor:
        return self.layer.weight

    def encode(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.layer.up(x.flatten(1)))

    def decode(self, z: Tensor) -> Tensor:
        return torch.sigmoid(self.layer.down(z)).unflatten(1, self.picture_shape)

    def loss(self, x: Tensor, generator: Generator | None = None) -> dict[str, Tensor]:
        h = self.encode(x)
        reconstruction = bernoulli_nll(self.layer.down(h), x.flatten(1)).mean()
        # Tied weights keep the penalty honest: with a decoder of its own, small weights would contract for free.
        contraction = squared_jacobian_norm(h, self.layer.weight).mean()
        loss = reconstruction + self.contraction * contraction
        return {"loss": loss, "reconstruction": reconstruction, "contraction": contraction}
