"""VQ-VAE-2 on emoji: two levels of codes, and a prior of each that samples new ones."""

from pathlib import Path

import numpy as np
import torch
from scipy.stats import entropy

from explorer.data import sample_sheets, sources
from explorer.data.picture_set import PictureSet
from explorer.metrics.quality import psnr
from explorer.metrics.reconstruction import BLOCK, pixels
from explorer.models.vq_vae_2 import VQVAE2, Levels
from train.recipe import Figure, Recipe
from train.recipes.vq_vae import counts, seriation

LEVELS = Levels._fields

RECIPES = (
    Recipe(
        family="vq_vae_2",
        variant="emoji-64",
        purpose="8 × 8 codes for the whole and 16 × 16 for the detail of an emoji, and priors that make up new ones.",
        data="emoji",
        model={
            "num_codes": 256,
            "code_dim": 32,
            "channels": 96,
            "num_classes": 98,
            "prior_dropout": 0.3,
            "prior_from": 0.75,
        },
        steps=16_000,
        batch_size=64,
        learning_rate=1e-3,
        stages=[0.75, 0.125, 0.125],  # the network, then its priors, with a warm restart
        max_grad_norm=1.0,
        flip=True,
        labelled=True,
        early_stopping=True,
        bf16=True,
        published="nothing for emoji; on ImageNet at 256 pixels squared error .0050, priors 3.41 (top) and 3.45 "
        "(bottom) nats per code: Razavi et al. (2019)",
    ),
)

FIGURES = {
    "mse": Figure("squared error per number", tolerance=0.0003, digits=5),
    "psnr": Figure("PSNR, dB", tolerance=0.4),
    **{
        key: figure
        for level in LEVELS
        for key, figure in {
            f"{level}_used": Figure(f"{level} codes used, %", tolerance=5, digits=1),
            f"{level}_perplexity": Figure(f"perplexity of the {level} codes", tolerance=25, digits=1),
            f"{level}_nll": Figure(f"{level} prior, nats per code", tolerance=0.15, digits=3),
            f"{level}_unigram": Figure(
                f"the same of {level} codes by their frequency in training", tolerance=0.15, digits=3
            ),
        }.items()
    },
}
PROTOCOL = (
    "Nats per code are of pictures that neither network nor priors were trained on, the top’s for its class, the "
    "bottom’s for its top. A uniform prior would need log 256 = 5.545. No variant of a training emoji in skin tone, "
    "hair or gender is tested on."
)


def measure(model: VQVAE2, data: PictureSet, recipe: Recipe, samples: int) -> dict[str, float]:
    """Errors, use of both codebooks and nats of both priors over a picture set."""
    x, codes = pixels(data), encode(model, data)
    x_hat = decode(model, codes)
    figures = {"mse": (x_hat - x).square().mean().item(), "psnr": float(psnr(x_hat.numpy(), x.numpy()).mean())}
    nll = model.prior_nll(codes, torch.tensor(data.labels).clamp(max=model.num_classes))
    for level, of_level, nats in zip(LEVELS, codes, nll, strict=True):
        use = counts(of_level, model.num_codes)
        figures |= {
            f"{level}_used": float(100 * (use > 0).mean()),
            f"{level}_perplexity": float(np.exp(entropy(use))),
            f"{level}_nll": nats.mean().item(),
        }
    return figures


def probe(model: VQVAE2, train: PictureSet, test: PictureSet, recipe: Recipe) -> dict[str, float]:
    """Nats of test codes by their frequency in the training set; a code that never occurs counts as once."""
    figures = {}
    for level, known, asked in zip(LEVELS, encode(model, train), encode(model, test), strict=True):
        use = counts(known, model.num_codes).clip(min=1)
        figures[f"{level}_unigram"] = float(-np.log(use / use.sum())[asked.numpy()].mean())
    return figures


def encode(model: VQVAE2, data: PictureSet) -> Levels:
    """Codes of a whole picture set."""
    return Levels(*(torch.cat(parts) for parts in zip(*map(model.encode, pixels(data).split(BLOCK)), strict=True)))


def decode(model: VQVAE2, codes: Levels) -> torch.Tensor:
    """Pictures of the codes of a whole set."""
    return torch.cat(
        [model.decode(Levels(*part)) for part in zip(*(level.split(BLOCK) for level in codes), strict=True)]
    )


def profile(model: VQVAE2, data: PictureSet, recipe: Recipe) -> dict[str, list]:
    """What the app draws: how often each code of each level is used, and an order in which neighbours are alike."""
    profile = {}
    for level, codes in zip(LEVELS, encode(model, data), strict=True):
        quantizer = model.get_submodule(f"{level}_quantizer")
        profile[f"{level}_use"] = counts(codes, model.num_codes).tolist()
        profile[f"{level}_by_similarity"] = seriation(quantizer.codebook.numpy()).tolist()
    return profile


def app_codes(model: VQVAE2, recipe: Recipe, root: Path) -> dict[str, np.ndarray]:
    """What stands in for missing codes, what each code looks like, and the codes of shipped and training pictures."""
    codes = encode(model, sources.load(recipe.data, "train", root))
    means = model.means(codes)
    shipped = encode(model, sample_sheets.load(recipe.data))
    arrays = {"top_mean": means.top.numpy(), "bottom_mean": means.bottom.numpy().astype(np.float16)}
    for level, tiles, train, sheet in zip(LEVELS, model.alone(means), codes, shipped, strict=True):
        arrays |= {
            f"{level}_tiles": tiles.mul(255).round().byte().numpy(),
            f"{level}_train": train.numpy().astype(np.uint8),
            f"{level}_shipped": sheet.numpy().astype(np.uint8),
        }
    return arrays
