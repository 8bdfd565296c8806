"""VQ-VAE-2 on emoji: two levels of codes, and a prior of each that samples new ones."""

from pathlib import Path
from typing import cast

import numpy as np
import torch
from scipy.stats import entropy

from explorer.data import sample_sheets, sources
from explorer.data.picture_set import PictureSet
from explorer.metrics.quality import psnr
from explorer.metrics.reconstruction import BLOCK, pixels
from explorer.models.vq_vae_2 import VQVAE2, Levels
from explorer.nn.quantizer import Quantizer
from train.recipe import Figure, Recipe
from train.recipes.vq_vae import counts, seriation

LEVELS = Levels._fields

RECIPES = (
    Recipe(
        family="vq_vae_2",
        variant="emoji-64",
        purpose="8 × 8 codes for the whole and 16 × 16 for the detail of an emoji, and priors that make up new ones.",
        data="emoji",
        model={"num_codes": 256, "code_dim": 32, "channels": 96, "num_classes": 9},
        steps=16_000,
        batch_size=64,
        learning_rate=1e-3,
        stages=[0.75, 0.25],  # the network, then its priors
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
    "sample_shared": Figure("codes a sample shares with its nearest training picture, %", tolerance=8, digits=1),
    "test_shared": Figure("codes a test picture shares with its own, %", tolerance=4, digits=1),
}
SAMPLED, TEMPERATURE = 200, 0.5  # how many are compared with the training set, and how they are drawn
PROTOCOL = (
    "Nats per code are of pictures that neither network nor priors were trained on, the top’s for its class, the "
    "bottom’s for its top. A uniform prior would need log 256 = 5.545. No variant of a training emoji in skin tone, "
    "hair or gender is tested on, and no flag that looks exactly as a training one; of the shipped pictures two do, "
    "the flags of France and St. Martin. The nearest picture shares most codes of both levels; "
    f"{SAMPLED} samples, of each class as often as it occurs, at a temperature of {TEMPERATURE}: "
    "one that was learnt by heart would share 100 %."
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
    """Nats of test codes by their frequency in the training set, and what samples have in common with it.

    A code that never occurs counts as once.
    """
    known, asked, figures = encode(model, train), encode(model, test), {}
    for level, of_train, of_test in zip(LEVELS, known, asked, strict=True):
        use = counts(of_train, model.num_codes).clip(min=1)
        figures[f"{level}_unigram"] = float(-np.log(use / use.sum())[of_test.numpy()].mean())
    sampled = sample(model, torch.tensor(train.labels), recipe.seed)
    return figures | {"sample_shared": shared(sampled, known), "test_shared": shared(asked, known)}


def sample(model: VQVAE2, labels: torch.Tensor, seed: int) -> Levels:
    """Codes of SAMPLED new pictures of classes drawn from these labels."""
    generator = torch.Generator().manual_seed(seed)
    labels = labels[torch.randint(len(labels), (SAMPLED,), generator=generator)].clamp(max=model.num_classes)
    top, bottom = (torch.full((SAMPLED, *prior.shape), -1) for prior in (model.top_prior, model.bottom_prior))
    places = top[0].numel() + bottom[0].numel()
    uniform = torch.rand(places, SAMPLED, model.num_codes, generator=generator).clamp(1e-9, 1 - 1e-7)
    return Levels(*model.sample(Levels(top, bottom), -torch.log(-torch.log(uniform)), labels, TEMPERATURE)[:2])


def shared(codes: Levels, known: Levels) -> float:
    """Mean over pictures of the codes in common with the known picture that has most, in %."""
    asked, among = (torch.cat([level.flatten(1) for level in levels], 1).byte() for levels in (codes, known))
    return 100 * float(np.mean([(among == one).float().mean(1).max().item() for one in asked]))


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
        quantizer = cast(Quantizer, model.get_submodule(f"{level}_quantizer"))
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
