"""k-sparse autoencoder: only the k largest activations of a linear layer stay active."""

from collections.abc import Iterator, Sequence

import torch
from torch import Generator, Tensor, nn

from explorer.models.base import UnitAutoencoder
from explorer.nn import schedule
from explorer.nn.network import network
from explorer.nn.objectives import squared_error
from explorer.nn.processes import summed
from explorer.nn.strip import Layer


class KSparseAutoencoder(UnitAutoencoder):
    """Linear units with tied weights; the k largest signed activations are kept, the rest set to 0.

    While k falls linearly from first_k over the first half of the run, units compete; those that no picture has chosen
    for a while are trained on what the others leave over, so that none stays dead (Gao et al., 2024).

    Arguments:
        picture_shape: Channels, height and width of a picture.
        latent_dim: Number of units.
        k: Units kept.
        first_k: Units kept at the first step.
        idle_steps: Steps without a choice after which a unit counts as dead.

    References:
        | k-Sparse Autoencoders (Makhzani & Frey, 2013), https://arxiv.org/abs/1312.5663
        | Scaling and evaluating sparse autoencoders (Gao et al., 2024), appendix A.2, https://arxiv.org/abs/2406.04093
    """

    idle: Tensor

    def __init__(
        self,
        picture_shape: Sequence[int],
        latent_dim: int = 1000,
        k: int = 25,
        first_k: int = 100,
        idle_steps: int = 400,
    ):
        super().__init__(picture_shape, latent_dim)
        self.weight = nn.Parameter(torch.empty(latent_dim, self.num_pixels))  # row j is the atom of unit j
        self.bias = nn.Parameter(torch.zeros(latent_dim))
        self.centre = nn.Parameter(torch.zeros(self.num_pixels))
        self.register_buffer("idle", torch.zeros(latent_dim))  # steps since a unit was last chosen
        nn.init.xavier_uniform_(self.weight)
        self.k, self.first_k, self.idle_steps = k, first_k, idle_steps

    picture_label = "x̂ Linear, 0 … 1"

    @property
    def filters(self) -> Tensor:
        return self.weight

    def prepare(self, pictures: Tensor) -> None:
        # Without centring the units that point to the mean picture win every time, and 542 of 1,000 died (recipe).
        self.centre.data.copy_(pictures.float().div(255).mean(0).flatten())

    def units(self, x: Tensor) -> Tensor:
        return self.activations(x)

    def activations(self, x: Tensor) -> Tensor:
        """All activations (B, latent_dim) of pictures (B, C, H, W)."""
        return (x.flatten(1) - self.centre) @ self.weight.T + self.bias

    def encode(self, x: Tensor) -> Tensor:
        return self.encode_with(x, self.k)

    def code_strip(self, x: Tensor) -> Iterator[Layer]:
        yield Layer("Linear", self.activations(x))
        yield Layer(f"z: the {self.k} largest", self.encode(x), "z")

    def encode_with(self, x: Tensor, k: int) -> Tensor:
        """Codes of which k units are active; at test time more than in training may be best."""
        return keep_largest(self.activations(x), k)

    @network({"x": "B C H W", "k": ""}, {"amounts": "B k", "units": "B k", "atoms": "B k P", "centre": "P"})
    def sparsify(self, x: Tensor, k: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The k largest activations, falling, whose they are, the atom of each, and what their sum is added to."""
        amounts, units = self.activations(x).topk(k)
        return amounts, units, self.filters[units], self.centre

    def decode(self, z: Tensor) -> Tensor:
        return self.reconstruct(z).clamp(0, 1).unflatten(1, self.picture_shape)

    @network({"z": "B D"}, {"flat": "B P"}, in_page=True)
    def reconstruct(self, z: Tensor) -> Tensor:
        """Flat pictures (B, pixels) as the linear decoder gives them; they may leave [0, 1]."""
        return z @ self.weight + self.centre

    def current_k(self) -> int:
        """Units kept at this point of the training."""
        return schedule.kept_units(self.progress, self.k, self.first_k)

    def loss(self, x: Tensor, generator: Generator | None = None) -> dict[str, Tensor]:
        z = self.activations(x)
        h = keep_largest(z, self.current_k())
        x_hat = self.reconstruct(h)
        reconstruction = squared_error(x_hat, x.flatten(1)).mean()
        if self.training:
            chosen = summed((h != 0).any(0).float()) > 0
            self.idle.copy_(torch.where(chosen, 0, self.idle + 1))
        dead = self.idle > self.idle_steps
        revival = torch.zeros((), device=x.device)
        if dead.any():
            left_over = (x.flatten(1) - x_hat).detach()
            woken = keep_largest(z.masked_fill(~dead, -torch.inf), min(2 * self.k, int(dead.sum())))
            revival = squared_error(woken @ self.weight, left_over).mean()
        return {"loss": reconstruction + revival / 32, "reconstruction": reconstruction, "dead": dead.sum().float()}


def keep_largest(z: Tensor, k: int) -> Tensor:
    """z (B, D) with all but the k largest signed values of each row set to 0; where k is D or more, z itself."""
    if k >= z.shape[1]:
        return z
    values, units = z.topk(k, dim=1)
    return torch.zeros_like(z).scatter(1, units, values)
