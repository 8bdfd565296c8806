"""Variational autoencoders on dynamically binarised pictures, one of them to the protocol of Burda et al. (2015)."""

import torch

from explorer.data.picture_set import PictureSet
from explorer.metrics.likelihood import active_units, binarize, bound_terms, negative_log_likelihood
from explorer.metrics.reconstruction import pixels
from explorer.models.vae import VAE
from explorer.nn.objectives import gaussian_kl
from train.recipe import Figure, Recipe

RECIPES = (
    Recipe(
        family="vae",
        variant="mnist-2d",
        purpose="Two latent dimensions: the manifold of digits as one picture.",
        data="mnist",
        model={"latent_dim": 2, "hidden": [500, 500], "activation": "silu"},
        steps=30_000,
        batch_size=100,
        learning_rate=1e-3,
        binarize=True,
    ),
    Recipe(
        family="vae",
        variant="mnist-50d",
        purpose="The one-layer VAE of the IWAE paper, whose likelihood is published.",
        data="mnist",
        model={"latent_dim": 50, "hidden": [200, 200], "activation": "tanh"},
        # 65 million pictures; the paper takes 197 million in batches of 20. After 4 to 5 million a batch of 250 at 2e-3
        # was 0.6 nats ahead of 100 at 1e-3, and 1.2 ahead of 100 at 3e-3.
        steps=260_000,
        batch_size=250,
        learning_rate=2e-3,
        optimizer={"weight_decay": 0.0, "eps": 1e-4},  # eps as in the paper
        binarize=True,
        importance_samples=5000,
        published="86.76 nats by 5,000 importance samples, 19 active units: Burda et al. (2015), one layer, k = 1",
    ),
    Recipe(
        family="vae",
        variant="fashion-16d",
        purpose="Garments with a prior to sample from; grey values are the probabilities of white.",
        data="fashion",
        model={"latent_dim": 16, "hidden": [500, 250], "activation": "silu"},
        steps=30_000,
        batch_size=100,
        learning_rate=1e-3,
        binarize=True,
    ),
)

FIGURES = {
    "negative_elbo": Figure("−ELBO of binarised pictures, nats", tolerance=1.0),
    "reconstruction": Figure("its reconstruction term, nats", tolerance=1.5),
    "kl": Figure("its KL term, nats", tolerance=1.5),
    "negative_log_likelihood": Figure("−log p(x) by importance sampling, nats", tolerance=1.0),
    "active_units": Figure("active units: variance of the posterior mean over pictures above 0.01", 2, digits=0),
}


def measure(model: VAE, data: PictureSet, recipe: Recipe, samples: int) -> dict[str, float]:
    """The figures of FIGURES over a picture set, binarised once with a fixed seed."""
    generator = torch.Generator().manual_seed(recipe.seed)
    x = binarize(pixels(data), generator)
    reconstruction, kl = bound_terms(model, x, draws=10, generator=generator)
    return {
        "negative_elbo": reconstruction + kl,
        "reconstruction": reconstruction,
        "kl": kl,
        "negative_log_likelihood": negative_log_likelihood(model, x, samples, generator),
        "active_units": active_units(model, x),
    }


def profile(model: VAE, data: PictureSet, recipe: Recipe) -> dict[str, list[float]]:
    """Mean KL of each latent dimension in nats, by which the app orders its sliders."""
    x = binarize(pixels(data), torch.Generator().manual_seed(0))
    return {"kl_per_dimension": [round(kl, 4) for kl in gaussian_kl(*model.posterior(x)).mean(0).tolist()]}
