"""Variational autoencoders of binarised pictures, one to the protocol of Burda et al. (2015), and one of faces."""

import torch

from explorer.data import faces
from explorer.data.picture_set import PictureSet
from explorer.data.rendered_sets import test_numbers
from explorer.metrics.likelihood import active_units, binarize, bound_terms, mean_bound, negative_log_likelihood
from explorer.metrics.probes import logistic_test_error
from explorer.metrics.reconstruction import BLOCK, encode_all, mean_squared_error, pixels
from explorer.models.vae import VAE
from explorer.nn.objectives import gaussian_kl
from train.recipe import Figure, Recipe

PROBED = 10_000  # training faces that a classifier of codes learns from

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
    Recipe(
        family="vae",
        variant="faces-32d",
        purpose="Faces: on the way from one to another each is a face, and directions of z put glasses or a smile on.",
        data="faces",
        # The ten dimensions of beta_vae/faces-beta1 leave a squared error of 35.6, these 22.4.
        model={"latent_dim": 32, "hidden": [256], "activation": "relu", "channels": [64, 64, 128], "patch": 4},
        steps=25_000,
        batch_size=32,
        learning_rate=1e-3,
        bf16=True,
    ),
)

FIGURES = {
    "negative_elbo": Figure("−ELBO of binarised pictures, nats", tolerance=1.0),
    "reconstruction": Figure("its reconstruction term, nats", tolerance=1.5),
    "kl": Figure("its KL term, nats", tolerance=1.5),
    "negative_log_likelihood": Figure("−log p(x) by importance sampling, nats", tolerance=1.0),
    # Of pictures that are not binarised: most of these nats are a constant of their grey values.
    "grey_negative_elbo": Figure("−ELBO, grey values as probabilities of white, nats", tolerance=30.0, digits=1),
    "grey_reconstruction": Figure("its reconstruction term, nats", tolerance=30.0, digits=1),
    "grey_kl": Figure("its KL term, nats", tolerance=3.0),
    "squared_error": Figure("squared error per picture, summed over its pixels and colours", tolerance=5.0),
    "hair_error": Figure("hair told wrong by a linear classifier of the codes, %", tolerance=3.0, digits=1),
    "glasses_error": Figure("glasses told wrong by one, %", tolerance=3.0, digits=1),
    "mouth_error": Figure("mouth told wrong by one, %", tolerance=3.0, digits=1),
    "active_units": Figure("active units: variance of the posterior mean over pictures above 0.01", 2, digits=0),
}


def measure(model: VAE, data: PictureSet, recipe: Recipe, samples: int) -> dict[str, float]:
    """The figures of FIGURES over a picture set, binarised once with a fixed seed where the recipe binarises."""
    generator = torch.Generator().manual_seed(recipe.seed)
    x = pixels(data)
    if not recipe.binarize:
        return measure_grey(model, x, generator)
    x = binarize(x, generator)
    reconstruction, kl = bound_terms(model, x, draws=10, generator=generator)
    return {
        "negative_elbo": reconstruction + kl,
        "reconstruction": reconstruction,
        "kl": kl,
        "negative_log_likelihood": negative_log_likelihood(model, x, samples, generator),
        "active_units": active_units(model, x),
    }


def measure_grey(model: VAE, x: torch.Tensor, generator: torch.Generator) -> dict[str, float]:
    """The figures over pictures as they are, with shape (N, C, H, W)."""
    reconstruction, kl = mean_bound(model, x, generator)
    return {
        "grey_negative_elbo": reconstruction + kl,
        "grey_reconstruction": reconstruction,
        "grey_kl": kl,
        "squared_error": mean_squared_error(lambda block: model.decode(model.encode(block)), x),
        "active_units": active_units(model, x),
    }


def probe(model: VAE, train: PictureSet, test: PictureSet, recipe: Recipe) -> dict[str, float]:
    """How well the codes tell what a face wears: a direction between two groups needs that."""
    if recipe.data != "faces":
        return {}
    learnt = encode_all(model, pixels(train._replace(pictures=train.pictures[:PROBED]))).numpy()
    codes, worn = encode_all(model, pixels(test)).numpy(), faces.FACTORS.to_factors(test_numbers("faces"))
    return {
        f"{name}_error": logistic_test_error(learnt, faces.training()[:PROBED, k].astype(int), codes, worn[:, k])
        for k, name in enumerate(faces.NAMED)
    }


def profile(model: VAE, data: PictureSet, recipe: Recipe) -> dict[str, list[float]]:
    """Mean KL of each latent dimension in nats, by which the app orders its sliders."""
    x = binarize(pixels(data), torch.Generator().manual_seed(0)) if recipe.binarize else pixels(data)
    kl = [gaussian_kl(*model.posterior(block)) for block in x.split(BLOCK)]
    return {"kl_per_dimension": [round(mean, 4) for mean in torch.cat(kl).mean(0).tolist()]}
