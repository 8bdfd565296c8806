"""Linear autoencoder: two matrices, which together can do no better than PCA."""

from collections.abc import Sequence

from torch import Generator, Tensor, nn

from explorer.models.base import Autoencoder
from explorer.nn.objectives import squared_error


class LinearAutoencoder(Autoencoder):
    """One linear layer each way.

    Arguments:
        picture_shape: Channels, height and width of a picture.
        latent_dim: Number of floats in a code.
    """

    def __init__(self, picture_shape: Sequence[int], latent_dim: int):
        super().__init__(picture_shape, latent_dim)
        self.encoder = nn.Linear(self.num_pixels, latent_dim)
        self.decoder = nn.Linear(latent_dim, self.num_pixels)

    def encode(self, x: Tensor) -> Tensor:
        return self.encoder(x.flatten(1))

    def decode(self, z: Tensor) -> Tensor:
        return self.decoder(z).unflatten(1, self.picture_shape).clamp(0, 1)

    def loss(self, x: Tensor, generator: Generator | None = None) -> dict[str, Tensor]:
        x_hat = self.decoder(self.encode(x)).unflatten(1, self.picture_shape)
        reconstruction = squared_error(x_hat, x).mean()
        return {"loss": reconstruction, "reconstruction": reconstruction}
