"""How far a sigmoid code moves when the picture does."""

from torch import Tensor

from explorer.nn.jacobian import saturated, squared_jacobian_norm


def mean_jacobian(codes: Tensor, weight: Tensor) -> float:
    """Mean squared norm of the encoder's Jacobian, divided by the number of its entries.

    Arguments:
        codes: Sigmoid units (N, D).
        weight: (D, pixels).

    References:
        | Rifai et al. (2011), table 1 gives norms, and not how they are divided; these are of the same size
    """
    return squared_jacobian_norm(codes, weight).mean().item() / weight.numel()


def saturation(codes: Tensor) -> float:
    """Share of units that are saturated, over all pictures."""
    return saturated(codes).mean().item()


def mean_distance(codes: Tensor) -> float:
    """Distance between the codes of two pictures, averaged over neighbours in the order of the set."""
    return (codes[1:] - codes[:-1]).norm(dim=1).mean().item()
