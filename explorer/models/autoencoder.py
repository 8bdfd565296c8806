"""Autoencoder: squeeze a picture through a few numbers, with PCA beside it as the baseline."""

from collections.abc import Iterator, Sequence

import torch
from torch import Generator, Tensor

from explorer.models.base import Autoencoder
from explorer.nn.network import network
from explorer.nn.objectives import squared_error
from explorer.nn.pca import PCA
from explorer.nn.perceptron import perceptron
from explorer.nn.strip import Layer, through


class DeepAutoencoder(Autoencoder):
    """Mirrored perceptrons around a linear code, trained on the squared error.

    Arguments:
        picture_shape: Channels, height and width of a picture.
        latent_dim: Number of floats in a code.
        hidden: Widths of the encoder's hidden layers; the decoder mirrors them.
        activation: A name in ACTIVATIONS. The paper's are logistic, which saturate under squared error.
        input_noise: Deviation of the Gaussian noise on the encoder's input in training; a regulariser, 0 is none.
        pca_dim: Number of principal components kept beside the network.

    References:
        | Reducing the Dimensionality of Data with Neural Networks (Hinton & Salakhutdinov, 2006)
        | https://www.cs.toronto.edu/~hinton/absps/science_som.pdf
    """

    code_label, picture_label = "z Linear", "x̂ Linear Sigmoid"

    def __init__(
        self,
        picture_shape: Sequence[int],
        latent_dim: int,
        hidden: Sequence[int] = (1000, 500, 250),
        activation: str = "silu",
        input_noise: float = 0.0,
        pca_dim: int = 64,
    ):
        super().__init__(picture_shape, latent_dim)
        sizes = [self.num_pixels, *hidden, latent_dim]
        self.encoder = perceptron(sizes, activation)
        self.decoder = perceptron(sizes[::-1], activation)
        self.pca = PCA(self.num_pixels, pca_dim)
        self.input_noise = input_noise

    def prepare(self, pictures: Tensor) -> None:
        self.pca.fit(pictures)

    def encode(self, x: Tensor) -> Tensor:
        return self.encoder(x.flatten(1))  # (B, D)

    def decode(self, z: Tensor) -> Tensor:
        return torch.sigmoid(self.decoder(z).float()).unflatten(1, self.picture_shape)

    def encoder_strip(self, x: Tensor) -> Iterator[Layer]:
        yield from through(self.encoder[:-1], x.flatten(1))

    def decoder_strip(self, z: Tensor) -> Iterator[Layer]:
        yield from through(self.decoder[:-1], z)

    def loss(self, x: Tensor, generator: Generator | None = None) -> dict[str, Tensor]:
        x_tilde = x
        if self.input_noise:
            x_tilde = x + self.input_noise * torch.randn(x.shape, generator=generator, device=x.device)
        reconstruction = squared_error(self.decode(self.encode(x_tilde)), x).mean()
        return {"loss": reconstruction, "reconstruction": reconstruction}

    @network({"x": "B C H W", "dim": ""}, {"x_pca": "B C H W"}, in_page=True)
    def pca_reconstruction(self, x: Tensor, dim: int | Tensor) -> Tensor:
        """What the first dim principal components keep of pictures (B, C, H, W)."""
        z = self.pca.encode(x, self.pca.max_dim)
        return self.pca.decode(z * (torch.arange(z.shape[1]) < dim)).unflatten(1, self.picture_shape)
