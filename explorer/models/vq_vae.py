"""VQ-VAE: the code is a grid of numbers, each the number of a vector in a codebook."""

from collections.abc import Iterator, Sequence

import torch
from torch import Generator, Tensor
from torch.nn import Conv2d, functional

from explorer.models.base import Autoencoder
from explorer.nn.network import network
from explorer.nn.quantizer import Quantizer
from explorer.nn.residual import doubling, halving
from explorer.nn.strip import Layer, through

FIELD = 5  # codes along each side of a field of one and the same
FIRST_PICTURES = 64  # whose vectors the codebook starts from


class VQVAE(Autoencoder):
    """The network of sonnet's example: one code for every 4 × 4 pixels.

    The loss is that of the reference, per number and not summed, since commitment_cost is a ratio between the two:
    squared error divided by the variance of the training pixels, plus commitment_cost times the squared distance of
    the encoder's vectors to their codes. The codebook learns without a gradient.

    Arguments:
        picture_shape: Channels, height and width of a picture; the sides are multiples of 4.
        num_codes: Size K of the codebook.
        code_dim: Length D of its vectors.
        channels: Of the convolutions.
        residual_channels: Within the residual blocks.
        residual_blocks: On each way.
        commitment_cost: β.
        restart_below: See Quantizer.

    References:
        | Neural Discrete Representation Learning (van den Oord et al., 2017)
        | https://arxiv.org/abs/1711.00937
    """

    variance: Tensor

    def __init__(
        self,
        picture_shape: Sequence[int],
        num_codes: int = 512,
        code_dim: int = 64,
        channels: int = 128,
        residual_channels: int = 32,
        residual_blocks: int = 2,
        commitment_cost: float = 0.25,
        restart_below: float = 1.0,
    ):
        side = picture_shape[1] // 4
        super().__init__(picture_shape, side * picture_shape[2] // 4)
        self.num_codes, self.commitment_cost = num_codes, commitment_cost
        blocks = residual_channels, residual_blocks
        self.encoder = halving(picture_shape[0], channels, 2, *blocks)
        self.to_code = Conv2d(channels, code_dim, 1)
        self.quantizer = Quantizer(num_codes, code_dim, restart_below=restart_below)
        self.decoder = doubling(code_dim, channels, picture_shape[0], 2, *blocks)
        self.register_buffer("variance", torch.tensor(1.0))  # of the training pixels
        self.to(memory_format=torch.channels_last)  # a step takes a fifth less on a processor

    def prepare(self, pictures: Tensor) -> None:
        self.variance.copy_(variance(pictures))
        draws = torch.randint(len(pictures), (FIRST_PICTURES,), generator=Generator().manual_seed(0))
        with torch.no_grad():
            self.quantizer.start(self.z_e(pictures[draws].float() / 255), Generator().manual_seed(1))

    def axes(self) -> dict[str, int]:
        _, height, width = self.picture_shape
        own = {"h": height // 4, "w": width // 4, "K": self.num_codes, "E": self.quantizer.codebook.shape[1]}
        return super().axes() | own

    def z_e(self, x: Tensor) -> Tensor:
        """The encoder's vectors (B, D, h, w) of pictures in [0, 1], before they are quantized."""
        return self.to_code(self.encoder(x - 0.5)).float()

    @network({"x": "B C H W"}, {"z_e": "B E h w", "codes": "B h w"})
    def assign(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The encoder's vectors, and the number of the nearest code of each."""
        z_e = self.z_e(x)
        return z_e, self.quantizer.codes(z_e)

    @network({}, {"codebook": "K E"})
    def read_codebook(self) -> Tensor:
        return self.quantizer.codebook

    @network({"x": "B C H W"}, {"z": "B h w"})
    def encode(self, x: Tensor) -> Tensor:
        """Codes, int64 with shape (B, h, w), of pictures in [0, 1]."""
        return self.quantize(x)[0]

    @network({"x": "B C H W"}, {"codes": "B h w", "distances": "B h w"}, in_page=True)
    def quantize(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Codes, and the squared distance of the encoder's vectors to them, per number; both with shape (B, h, w)."""
        z_e = self.z_e(x)
        codes = self.quantizer.codes(z_e)
        return codes, (z_e - self.quantizer.look_up(codes)).square().mean(1)

    @network({"z": "B h w < K"}, {"x_hat": "B C H W"}, in_page=True)
    def decode(self, z: Tensor) -> Tensor:
        return self.decode_vectors(self.quantizer.look_up(z)).clamp(0, 1)

    def decode_vectors(self, z_q: Tensor) -> Tensor:
        """Pictures of vectors (B, D, h, w); they may leave [0, 1]."""
        return self.decoder(z_q).float() + 0.5

    picture_label = "x̂ Conv 4×4 ↑2"

    def encoder_strip(self, x: Tensor) -> Iterator[Layer]:
        yield from through([self.encoder, self.to_code], x - 0.5)

    def code_strip(self, x: Tensor) -> Iterator[Layer]:
        yield Layer(f"z: nearest of {self.quantizer.size}", self.encode(x), "z")

    def decoder_strip(self, z: Tensor) -> Iterator[Layer]:
        z_q = self.quantizer.look_up(z)
        yield Layer("The codes’ vectors", z_q)
        yield from through(self.decoder[:-1], z_q)

    def alone(self) -> Tensor:
        """What each code stands for by itself: the middle of a field of it, with shape (K, C, 8, 8)."""
        return middle(self.decode(fields(torch.arange(self.num_codes), FIELD)))

    def loss(self, x: Tensor, generator: Generator | None = None) -> dict[str, Tensor]:
        z_q, _, commitment, perplexity = self.quantizer(self.z_e(x), generator)
        reconstruction = functional.mse_loss(self.decode_vectors(z_q), x) / self.variance
        return {
            "loss": reconstruction + self.commitment_cost * commitment,
            "reconstruction": reconstruction,
            "commitment": commitment,
            "perplexity": perplexity,
        }


def variance(pictures: Tensor) -> Tensor:
    """Variance of all pixels of uint8 pictures, as floats in [0, 1]."""
    counts = torch.bincount(pictures.flatten(), minlength=256).double()
    values = torch.arange(256) / 255.0
    mean = (counts * values).sum() / counts.sum()
    return (counts * (values - mean).square()).sum() / counts.sum()


def fields(codes: Tensor, side: int) -> Tensor:
    """For each code (K,) a grid (K, side, side) of nothing else."""
    return codes[:, None, None].expand(-1, side, side)


def middle(pictures: Tensor, side: int = 8) -> Tensor:
    """The middle (K, C, side, side) of pictures."""
    start = (pictures.shape[-1] - side) // 2
    return pictures[:, :, start : start + side, start : start + side]
