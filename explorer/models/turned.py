"""Turns the code of a trained β-VAE until its dimensions are as independent as turning can make them.

A turn costs no KL where posteriors are about as wide in every direction. So training leaves it to chance, and two
things that tell about as much of a picture, as hair and skin, share two dimensions. A mixture looks more like a
Gaussian than what was mixed: independent component analysis goes by that, and looks at nothing but the codes.
"""

from itertools import combinations
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from explorer.models.staged import ACTIVE, last_hidden, ridge, sampled
from explorer.nn.objectives import gaussian_kl
from explorer.nn.perceptron import linear

if TYPE_CHECKING:
    from explorer.models.beta_vae import BetaVAE

ANGLES = torch.linspace(-torch.pi / 4, torch.pi / 4, 91)  # tried for each pair of dimensions
STILL = 0.03  # radians under which a pair stays as it is
ROUNDS = 20  # at most, over all pairs


@torch.no_grad()
def turn(model: "BetaVAE", pictures: Tensor) -> None:
    """Turn the active dimensions of a model's code; its reconstructions stay what they are.

    The widths of the posteriors are those of the turned ones as far as the encoder's last layer can tell them.

    Arguments:
        model: Whose last encoding and first decoding layer are changed.
        pictures: Training pictures, uint8, with shape (N, C, H, W).
    """
    features = last_hidden(model, sampled(pictures))
    mu, log_var = model.inner[-1](features).chunk(2, 1)
    active = gaussian_kl(mu, log_var).mean(0) > ACTIVE
    turned = torch.eye(model.latent_dim)
    turned[active.outer(active)] = rotation(mu[:, active]).flatten()

    head, first = linear(model.inner, -1), linear(model.outer, 0)
    centre = features.mean(0)
    target = (log_var.exp() @ turned.T.square()).log()  # of each posterior's own variances along the new axes
    widths = ridge(features - centre, target - target.mean(0)).T
    head.weight.copy_(torch.cat([turned @ head.weight[: model.latent_dim], widths]))
    head.bias.copy_(torch.cat([turned @ head.bias[: model.latent_dim], target.mean(0) - widths @ centre]))
    first.weight.copy_(first.weight @ turned.T)


def rotation(codes: Tensor) -> Tensor:
    """The rotation (D, D) after which the dimensions of codes (N, D) are least Gaussian.

    One pair is turned after the other, each until the sum of both squared excess kurtoses is largest.

    References:
        Independent component analysis, a new concept? (Comon, 1994)
    """
    codes = codes - codes.mean(0)
    total = torch.eye(codes.shape[1])
    for _ in range(ROUNDS):
        moved = False
        for i, j in combinations(range(codes.shape[1]), 2):
            angle = ANGLES[contrast(codes[:, i], codes[:, j]).argmax()]
            if angle.abs() > STILL:
                step = torch.eye(codes.shape[1])
                step[i, i] = step[j, j] = angle.cos()
                step[i, j], step[j, i] = -angle.sin(), angle.sin()
                codes, total, moved = codes @ step.T, step @ total, True
        if not moved:
            break
    return total


def contrast(a: Tensor, b: Tensor) -> Tensor:
    """For each of ANGLES, (91,), the sum of both squared excess kurtoses of two centred columns turned by it."""
    cos, sin = ANGLES.cos()[:, None], ANGLES.sin()[:, None]
    return excess_kurtosis(cos * a - sin * b).square() + excess_kurtosis(sin * a + cos * b).square()


def excess_kurtosis(y: Tensor) -> Tensor:
    """Of rows (K, N) with mean 0: their fourth moment over the square of the second, less the 3 of a Gaussian."""
    return y.pow(4).mean(1) / y.square().mean(1).square() - 3
