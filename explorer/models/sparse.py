"""Sparse autoencoder: every unit is asked to be active as rarely as a target says."""

from collections.abc import Sequence
from itertools import pairwise
from math import prod
from typing import cast

import torch
from torch import Generator, Tensor, nn

from explorer.models.base import GreedyAutoencoder
from explorer.nn.objectives import bernoulli_kl, squared_error
from explorer.nn.processes import averaged


class SparseAutoencoder(GreedyAutoencoder):
    """Sigmoid units whose mean activation over the batch is held to a target by a divergence.

    Several layers are trained greedily, each on the codes of the one below.

    Arguments:
        picture_shape: Channels, height and width of a picture.
        hidden: Units of each layer.
        sparsity_target: Mean activation asked of each unit (rho), in (0, 1).
        sparsity_weight: Weight of the divergences' sum (beta).
        weight_decay: Weight of the halved squared weights (lambda).

    References:
        | Sparse Autoencoder, CS294A lecture notes (Ng, 2011)
        | https://web.stanford.edu/class/cs294a/sparseAutoencoder.pdf
    """

    def __init__(
        self,
        picture_shape: Sequence[int],
        hidden: Sequence[int] = (200,),
        sparsity_target: float = 0.1,
        sparsity_weight: float = 3.0,
        weight_decay: float = 3e-3,
    ):
        super().__init__(picture_shape, hidden[-1])
        pairs = list(pairwise([prod(picture_shape), *hidden]))
        self.encoders = nn.ModuleList(nn.Linear(size, units) for size, units in pairs)
        self.decoders = nn.ModuleList(nn.Linear(units, size) for size, units in pairs)
        for layer in (*self.encoders, *self.decoders):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.sparsity_target = sparsity_target
        self.sparsity_weight = sparsity_weight
        self.weight_decay = weight_decay

    @property
    def filters(self) -> Tensor:
        return cast(nn.Linear, self.encoders[0]).weight

    @property
    def num_layers(self) -> int:
        return len(self.encoders)

    def up(self, h: Tensor, layer: int) -> Tensor:
        return self.encoders[layer](h)

    def down(self, h: Tensor, layer: int) -> Tensor:
        return self.decoders[layer](h)

    def loss(self, x: Tensor, generator: Generator | None = None) -> dict[str, Tensor]:
        layer, target = self.layer_in_training(x)
        h = torch.sigmoid(self.up(target, layer))
        reconstruction = squared_error(torch.sigmoid(self.down(h, layer)), target).mean() / 2
        sparsity = bernoulli_kl(self.sparsity_target, averaged(h.mean(0))).sum()
        weights = (cast(nn.Linear, part[layer]).weight for part in (self.encoders, self.decoders))
        decay = sum(weight.square().sum() for weight in weights) / 2
        loss = reconstruction + self.sparsity_weight * sparsity + self.weight_decay * decay
        return {"loss": loss, "reconstruction": reconstruction, "sparsity": sparsity}
