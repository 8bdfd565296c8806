"""The Jacobian of one layer of sigmoid units: its size, its singular values, and which units are saturated."""

import torch
from torch import Tensor
from torch.nn import functional

LOW, HIGH = 0.05, 0.95  # a unit outside is saturated, as in Rifai et al. (2011), footnote 6


def squared_jacobian_norm(h: Tensor, weight: Tensor) -> Tensor:
    """Squared Frobenius norm of the Jacobian of sigmoid units, for each picture.

    Arguments:
        h: Units in (0, 1), with shape (B, D).
        weight: With shape (D, pixels).

    Returns:
        With shape (B,).

    References:
        | Rifai et al. (2011), "Computational considerations"
    """
    slope = h * (1 - h)
    return slope.square() @ weight.square().sum(1)


def jacobian(h: Tensor, weight: Tensor) -> Tensor:
    """Derivatives (B, D, pixels) of sigmoid units h (B, D) with respect to the pixels."""
    return (h * (1 - h))[:, :, None] * weight


def singular_values(code: Tensor, weight: Tensor) -> Tensor:
    """Singular values (pixels,) of the Jacobian at one code (D,), by falling size; from D on they are 0."""
    rows = jacobian(code[None], weight)[0]
    units, pixels = rows.shape
    # Through the smaller Gram matrix, which is four times as fast; a value below its rounding is 0.
    values = torch.linalg.eigvalsh(rows.T @ rows if pixels <= units else rows @ rows.T).clamp_min(0).sqrt().flip(0)
    return functional.pad(values, (0, pixels - len(values)))


def singular_vectors(code: Tensor, weight: Tensor) -> Tensor:
    """Right singular vectors (pixels, min(D, pixels)) of the Jacobian at one code (D,) as columns, by falling value."""
    rows = jacobian(code[None], weight)[0]
    units, pixels = rows.shape
    if pixels <= units:
        return torch.linalg.eigh(rows.T @ rows).eigenvectors.flip(1)
    left = torch.linalg.eigh(rows @ rows.T).eigenvectors.flip(1)
    return functional.normalize(rows.T @ left, dim=0)


def saturated(codes: Tensor) -> Tensor:
    """Share (B,) of the units of each code (B, D) that are below LOW or above HIGH."""
    return ((codes < LOW) | (codes > HIGH)).float().mean(1)
