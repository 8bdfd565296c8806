"""Bounds on the log-likelihood of a VAE, and how many of its dimensions it uses."""

import numpy as np
import torch
from torch import Generator, Tensor

from explorer.metrics.reconstruction import BLOCK, encode_all
from explorer.metrics.watched import watched
from explorer.models.vae import GaussianVAE
from explorer.nn.objectives import bernoulli_nll, gaussian_kl


def binarize(x: Tensor, generator: Generator) -> Tensor:
    """Black or white pictures, drawn with the grey values in [0, 1] as probabilities of white."""
    return torch.bernoulli(x, generator=generator)


def bound_terms(model: GaussianVAE, x: Tensor, draws: int, generator: Generator) -> tuple[float, float]:
    """Reconstruction and KL terms of the evidence bound, averaged over pictures and over draws of z, in nats."""
    posterior = model.posterior(x)
    kl = gaussian_kl(*posterior).sum(1).mean().item()
    terms = [
        bernoulli_nll(model.logits(model.sample_posterior(posterior, generator)), x).mean().item() for _ in range(draws)
    ]
    return sum(terms) / draws, kl


def mean_bound(model: GaussianVAE, x: Tensor, generator: Generator) -> tuple[float, float]:
    """Both terms over pictures that are too many to go through the model at once, with one draw of each z."""
    blocks = x.split(BLOCK)
    terms = [bound_terms(model, block, draws=1, generator=generator) for block in watched(blocks, "bound")]
    reconstruction, kl = np.average(terms, axis=0, weights=[len(block) for block in blocks]).tolist()
    return reconstruction, kl


def negative_log_likelihood(
    model: GaussianVAE, x: Tensor, samples: int, generator: Generator, block: int = 500
) -> float:
    """Importance-sampled estimate of -log p(x), from above, averaged over pictures, in nats."""
    parts = [model.log_likelihood(part, samples, generator) for part in watched(x.split(block), "−log p(x)")]
    return -torch.cat(parts).mean().item()


def active_units(model: GaussianVAE, x: Tensor, threshold: float = 0.01) -> int:
    """Dimensions whose posterior mean varies over pictures by more than the threshold.

    References:
        | Importance Weighted Autoencoders (Burda et al., 2015), section 5
        | https://arxiv.org/abs/1509.00519
    """
    return int((encode_all(model, x).var(0) > threshold).sum())
