"""VQ-VAE on CIFAR-10 as in sonnet's example, and the same without restarting the codes that nobody chooses."""

from pathlib import Path

import numpy as np
import torch
from scipy.cluster import hierarchy
from scipy.stats import entropy

from explorer.data.picture_set import PictureSet
from explorer.metrics.quality import psnr
from explorer.metrics.reconstruction import BLOCK, encode_all, pixels
from explorer.models.vq_vae import VQVAE
from train.recipe import Figure, Recipe

REFERENCE_STEPS = 10_000  # of sonnet's published run
REFERENCE_BATCH = 32


def recipe(variant: str, purpose: str, published: str, **model: float) -> Recipe:
    """What the variants share."""
    return Recipe(
        family="vq_vae",
        variant=variant,
        purpose=purpose,
        data="cifar10",
        model={"num_codes": 512, "code_dim": 64} | model,
        steps=30_000,
        batch_size=REFERENCE_BATCH,
        learning_rate=3e-4,
        bf16=True,
        published=published,
    )


RECIPES = (
    recipe(
        "cifar10-k512",
        "A codebook of 512: eight numbers a side stand for a photograph.",
        "after 10,000 updates normalised squared error .056 and perplexity 326, means over the last 100 training "
        "minibatches: sonnet’s VQ-VAE example, which pools training and test pictures and trains on 40,000",
    ),
    recipe(
        "cifar10-no-restart",
        "The ablation: codes that nobody chooses are not moved onto others’ vectors.",
        "nothing with a figure; users of vector-quantize-pytorch report 40 to 90 % of dead codes without restarts",
        restart_below=0.0,
    ),
)

FIGURES = {
    "normalised_mse": Figure(
        "squared error per number, divided by the variance of the training pixels", tolerance=0.003, digits=4
    ),
    "psnr": Figure("PSNR, dB", tolerance=0.3),
    "codes_used": Figure("codes used, %", tolerance=8, digits=1),
    "perplexity": Figure("perplexity of the codes over all pictures", tolerance=40, digits=1),
    "batch_perplexity": Figure("the same over 32 pictures drawn by lots, mean", tolerance=30, digits=1),
    "bits_per_dimension": Figure("entropy of the codes, bits per dimension of a picture", tolerance=0.02, digits=4),
    "commitment": Figure("squared distance of z_e to its code, per number", tolerance=0.05, digits=4),
}
PROTOCOL = (
    "Squared errors are of pictures in [0, 1], after clipping. The entropy takes each code for itself, as a unigram "
    "model would: log₂ 512 bits for each of 64 codes would be .1875 bits per dimension."
)


def training_note(config: dict) -> str:
    """What the run had reached after as many updates as the reference."""
    reached = next((entry for entry in config["training"]["history"] if entry["step"] >= REFERENCE_STEPS), None)
    if reached is None:
        return ""
    every = config["training"]["history"][0]["step"]
    return (
        f"After {reached['step']:,} updates (the published run had {REFERENCE_STEPS:,}): normalised squared error "
        f"{reached['reconstruction']:.4f}, perplexity {reached['perplexity']:.0f}, commitment "
        f"{reached['commitment']:.4f}; means over the last {every} training minibatches."
    )


def measure(model: VQVAE, data: PictureSet, recipe: Recipe, samples: int) -> dict[str, float]:
    """Errors and the use of the codebook over a picture set.

    Files come class by class, and 32 pictures of one class use fewer codes than 32 that training draws.
    """
    x = pixels(data)
    codes, distances = (torch.cat(parts) for parts in zip(*map(model.quantize, x.split(BLOCK)), strict=True))
    x_hat = torch.cat([model.decode(block) for block in codes.split(BLOCK)])
    use = counts(codes, model.num_codes)
    shuffled = codes[torch.randperm(len(codes), generator=torch.Generator().manual_seed(recipe.seed))]
    batches = [counts(batch, model.num_codes) for batch in shuffled.split(REFERENCE_BATCH)]
    return {
        "normalised_mse": ((x_hat - x).square().mean() / model.variance).item(),
        "psnr": float(psnr(x_hat.numpy(), x.numpy()).mean()),
        "codes_used": float(100 * (use > 0).mean()),
        "perplexity": float(np.exp(entropy(use))),
        "batch_perplexity": float(np.mean([np.exp(entropy(batch)) for batch in batches])),
        "bits_per_dimension": float(entropy(use) / np.log(2) * codes[0].numel() / model.num_pixels),
        "commitment": distances.mean().item(),
    }


def profile(model: VQVAE, data: PictureSet, recipe: Recipe) -> dict[str, list]:
    """What the app draws: how often each code is used, and an order in which neighbours look alike."""
    codes = encode_all(model, pixels(data))
    return {
        "use": counts(codes, model.num_codes).tolist(),
        "by_similarity": seriation(model.quantizer.codebook.numpy()).tolist(),
    }


def counts(codes: torch.Tensor, num_codes: int) -> np.ndarray:
    """How often each code occurs, with shape (K,), in codes of any shape."""
    return torch.bincount(codes.flatten(), minlength=num_codes).numpy()


def seriation(codebook: np.ndarray) -> np.ndarray:
    """An order of the codes (K, D) with the smallest sum of distances that the leaves of their clustering allow.

    References:
        | Fast Optimal Leaf Ordering for Hierarchical Clustering (Bar-Joseph et al., 2001)
    """
    return hierarchy.leaves_list(hierarchy.linkage(codebook, "average", optimal_ordering=True))


def app_codes(model: VQVAE, recipe: Recipe, root: Path, shipped: PictureSet) -> dict[str, np.ndarray]:
    """What each code looks like, and the codes of the pictures that come with the app or the checkpoint."""
    return {
        "tiles": model.alone().mul(255).round().byte().numpy(),
        "shipped": encode_all(model, pixels(shipped)).numpy().astype(np.uint16),
    }
