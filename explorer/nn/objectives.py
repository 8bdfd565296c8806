"""Terms of the objectives, each summed over pixels or latents and left per image."""

import math

import torch
from torch import Tensor
from torch.nn import functional


def squared_error(x_hat: Tensor, x: Tensor) -> Tensor:
    """Squared error of each image, summed over its pixels.

    Arguments:
        x_hat: Reconstructions in [0, 1], with shape (B, ...).
        x: Targets in [0, 1], with the same shape.

    Returns:
        Non-negative sums, with shape (B,). Hinton & Salakhutdinov (2006) report their mean.
    """
    same_shape(x_hat, x)
    return (x_hat - x).square().flatten(1).sum(1)


def bernoulli_nll(logits: Tensor, x: Tensor) -> Tensor:
    """Negative log-likelihood of each image under independent Bernoulli pixels.

    It is linear in x: for grey pixels it is the expectation over binarisations drawn with x as probabilities.

    Arguments:
        logits: Log-odds of the pixels, with shape (B, ...).
        x: Pixels in [0, 1], with the same shape.

    Returns:
        Nats per image, with shape (B,).
    """
    same_shape(logits, x)
    return functional.binary_cross_entropy_with_logits(logits.float(), x, reduction="none").flatten(1).sum(1)


def gaussian_kl(mu: Tensor, log_var: Tensor) -> Tensor:
    r"""Divergence of N(mu, exp(log_var)) from the standard normal, per latent dimension.

    Arguments:
        mu: Posterior means, with shape (B, D).
        log_var: Logarithms of the posterior variances, with shape (B, D).

    Returns:
        KL in nats, non-negative, with shape (B, D). Sum over D for the KL of an image.

    Raises:
        ValueError: If the shapes differ; the message names both.

    References:
        | Auto-Encoding Variational Bayes (Kingma & Welling, 2013), appendix B
        | https://arxiv.org/abs/1312.6114
    """
    same_shape(mu, log_var)
    return 0.5 * (mu.square() + log_var.exp() - 1 - log_var)


def gaussian_kl_between(mu: Tensor, log_var: Tensor, other_mu: Tensor, other_log_var: Tensor) -> Tensor:
    """Divergence of N(mu, exp(log_var)) from N(other_mu, exp(other_log_var)), per latent dimension.

    Arguments:
        mu: Means, with shape (B, D).
        log_var: Logarithms of the variances, with the same shape.
        other_mu: Means of the distribution it is measured from, with the same shape.
        other_log_var: Logarithms of its variances, with the same shape.

    Returns:
        Nats, non-negative, with shape (B, D).
    """
    same_shape(mu, other_mu)
    ratio = log_var - other_log_var
    return 0.5 * (ratio.exp() + (mu - other_mu).square() * torch.exp(-other_log_var) - 1 - ratio)


def bernoulli_kl(target: float, mean: Tensor) -> Tensor:
    """Divergence of Bernoulli(mean) from Bernoulli(target): KL(target || mean), per unit.

    Arguments:
        target: Mean activation asked for (rho), in (0, 1).
        mean: Mean activations in [0, 1]; the ends are moved inwards by 1e-6, where the divergence is still finite.

    Returns:
        Nats, non-negative, with the shape of mean.
    """
    mean = mean.clamp(1e-6, 1 - 1e-6)
    return target * torch.log(target / mean) + (1 - target) * torch.log((1 - target) / (1 - mean))


def gaussian_log_density(z: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Log-density of z under N(mu, exp(log_var)), summed over the last dimension.

    Arguments:
        z: Points, with shape (..., D).
        mu: Means, broadcastable to (..., D).
        log_var: Logarithms of the variances, broadcastable to (..., D).

    Returns:
        Nats, with shape (...).
    """
    return -0.5 * (math.log(2 * math.pi) + log_var + (z - mu).square() * torch.exp(-log_var)).sum(-1)


def importance_weighted_bound(log_weights: Tensor) -> Tensor:
    """Lower bound on log p(x) from K importance weights; tight as K grows.

    Arguments:
        log_weights: log p(x, z_k) - log q(z_k | x) for K draws, with shape (K, B).

    Returns:
        log of the mean weight in nats, with shape (B,). With K = 1 it is the evidence lower bound.

    References:
        | Importance Weighted Autoencoders (Burda et al., 2015), equation 8
        | https://arxiv.org/abs/1509.00519
    """
    return torch.logsumexp(log_weights, dim=0) - math.log(len(log_weights))


def same_shape(a: Tensor, b: Tensor) -> None:
    """Refuse operands that would broadcast: a silent (B, 784) against (784,) is a wrong loss."""
    if a.shape != b.shape:
        raise ValueError(f"The shapes differ: {tuple(a.shape)} and {tuple(b.shape)}.")
