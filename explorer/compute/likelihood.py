"""The terms of a VAE's bound as arithmetic on arrays; nn/objectives.py has them for training."""

import numpy as np


def gaussian_kl(mu: np.ndarray, log_var: np.ndarray) -> np.ndarray:
    """Divergence of N(mu, exp(log_var)) from the standard normal in nats, of each dimension: the shape of mu."""
    return 0.5 * (np.square(mu) + np.exp(log_var) - 1 - log_var)


def bernoulli_nll(logits: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Negative log-likelihood (B,) in nats of pictures in [0, 1], with shape (C, H, W) or (B, C, H, W).

    Arguments:
        logits: Log-odds of the pixels, (B, C, H, W).
        x: The pictures.
    """
    return (np.logaddexp(0, logits) - logits * x).sum((1, 2, 3))
