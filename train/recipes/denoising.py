"""Denoising autoencoders of Vincent et al. (2008, 2010): one layer at several noises, a stack, convolutional ones."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Generator, Tensor

from explorer.checkpoint import load_model
from explorer.data.picture_set import PictureSet
from explorer.metrics import noise_table
from explorer.metrics.filters import locality
from explorer.metrics.fine_tuning import FineTuning, fine_tuned_error
from explorer.metrics.probes import logistic_test_error
from explorer.metrics.quality import psnr, ssim
from explorer.metrics.reconstruction import BLOCK, encode_all, pixels
from explorer.metrics.sensitivity import mean_distance, mean_jacobian, saturation
from explorer.metrics.watched import watched
from explorer.models import Autoencoder
from explorer.models.denoising import DenoisingAutoencoder, corrupt
from explorer.nn.corruption import ANY
from explorer.nn.tied import TiedLayer
from train.recipe import Figure, Recipe

# The columns of the matrix training noise × test noise: what it is called, kind, level.
NOISES = (
    ("none", "masking", 0.0),
    ("masking 25 %", "masking", 0.25),
    ("masking 50 %", "masking", 0.5),
    ("Gaussian σ .3", "gaussian", 0.3),
    ("salt and pepper 25 %", "salt_and_pepper", 0.25),
)


def recipe(variant: str, corruption: str, level: float, **changes: Any) -> Recipe:
    """What the variants share."""
    settings: dict[str, Any] = {
        "family": "denoising",
        "variant": variant,
        "data": "mnist",
        "model": {"hidden": [1000], "corruption": corruption, "level": level},
        "steps": 20_000,
        "batch_size": 128,
        "learning_rate": 1e-3,
    }
    return Recipe(**(settings | changes))


RECIPES = (
    recipe("mnist-none", "masking", 0.0, purpose="The same net without noise: what the others are compared with."),
    recipe(
        "mnist-mask25",
        "masking",
        0.25,
        purpose="A quarter of the pixels blacked out in training.",
        published="1.95 % test error of logistic regression on a denoising autoencoder's 1,000 units, 20 % noise: "
        "Makhzani & Frey (2013), table 1",
    ),
    recipe("mnist-mask50", "masking", 0.5, purpose="Half of the pixels blacked out in training."),
    recipe("mnist-gauss30", "gaussian", 0.3, purpose="Gaussian noise of deviation 0.3 in training."),
    recipe("mnist-salt25", "salt_and_pepper", 0.25, purpose="A quarter of the pixels set to black or white."),
    recipe(
        "mnist-stack",
        "masking",
        0.25,
        purpose="Three layers, trained one after the other, each on the clean codes of the one below.",
        model={"hidden": [1000, 1000, 500], "corruption": "masking", "level": 0.25},
        steps=18_000,
        stages=3,
        published="1.28 % test error after fine-tuning, three layers, 25 % masking: "
        "Vincent et al. (2010), table 3, as others quote it",
    ),
    recipe(
        "mnist-any",
        "any",
        1.0,
        purpose="Masking, Gaussian noise, salt and pepper and blocks, each picture at a strength of its own.",
        # Dense layers, 784-440-440-440 and back, were at 22 clean and 23 under a masking of .5 after a minute of work
        # with all noises; convolutions like these were at 4 and 12 after 80 seconds.
        model={"channels": [32, 64], "blocks": 3, "code_channels": 16, "corruption": "any", "level": 1.0},
        steps=2_500,
        warmup_steps=200,
        ema_decay=0.995,  # of .999 a twelfth would still be the first weights after so few steps
        batch_size=64,
        learning_rate=2e-3,
        max_grad_norm=50.0,
    ),
    recipe(
        "fashion-conv",
        "gaussian",
        0.3,
        purpose="A convolutional one on garments.",
        data="fashion",
        model={"channels": [32, 8], "corruption": "gaussian", "level": 0.3},
        steps=4_000,
        bf16=True,
    ),
)

ERROR_LEVEL = 0.3  # of each noise where the error is a figure of its own
OTHERS = Path("checkpoints")  # where the models of the other families lie that mnist-any is measured beside

FIGURES = {
    "psnr": Figure("PSNR of pictures corrupted as in training, dB", tolerance=0.2),
    "ssim": Figure("SSIM of the same", tolerance=0.01, digits=3),
    "clean_error": Figure("squared error of clean pictures, summed over 784 pixels in [0, 1]", tolerance=0.4),
    **{
        f"{kind}_error": Figure(f"the same under {kind.replace('_', ' ')}, {ERROR_LEVEL}", tolerance=1.0)
        for kind in noise_table.NOISES
    },
    "locality": Figure("filter energy in its largest connected region, %", tolerance=3, digits=1),
    "weighted_locality": Figure("the same of weights times their pixels' deviations, %", tolerance=3, digits=1),
    "jacobian": Figure("‖J‖² of the encoder, divided by units × pixels, in 10⁻⁴", tolerance=0.5),
    "saturation": Figure("units below 0.05 or above 0.95, %", tolerance=4, digits=1),
    "probe_error": Figure("test error of logistic regression on the codes, %", tolerance=0.3),
    "fine_tuned_error": Figure("test error after fine-tuning the stack, %", tolerance=0.15),
}


def measure(model: DenoisingAutoencoder, data: PictureSet, recipe: Recipe, samples: int) -> dict[str, float]:
    """The figures that need the pictures alone."""
    x = pixels(data)
    own_psnr, own_ssim = denoised_quality(model, x, model.corruption, model.level)
    figures = {"psnr": own_psnr, "ssim": own_ssim}
    if model.corruption == ANY:
        rebuild, clean = rebuilding(model), x.numpy()
        figures["clean_error"] = noise_table.mean_error(rebuild, clean, noise_table.NOISES[0], 0)
        for kind in noise_table.NOISES:
            figures[f"{kind}_error"] = noise_table.mean_error(rebuild, clean, kind, ERROR_LEVEL)
    if model.has_filters:
        # Weighted is how the app shows them: at the border, where digits never are, weights stay as they were drawn.
        filters = model.filters.unflatten(1, model.picture_shape)
        figures["locality"] = 100 * locality(filters.flatten(0, 1).numpy())
        figures["weighted_locality"] = 100 * locality((filters * x.std(0)).flatten(0, 1).numpy())
    if model.num_layers == 1 and model.has_filters:
        codes = encode_all(model, x)
        figures["jacobian"] = 1e4 * mean_jacobian(codes, model.filters)
        figures["saturation"] = 100 * saturation(codes)
    return figures


def probe(model: DenoisingAutoencoder, train: PictureSet, test: PictureSet, recipe: Recipe) -> dict[str, float]:
    """The figures of classifiers that learn from the training set."""
    codes = [encode_all(model, pixels(part)).numpy() for part in (train, test)]
    figures = {"probe_error": logistic_test_error(codes[0], train.labels, codes[1], test.labels)}
    if model.num_layers > 1:
        layers = [(layer.weight, layer.bias) for layer in (cast(TiedLayer, layer) for layer in model.layers)]
        figures["fine_tuned_error"] = fine_tuned_error(layers, train, test, FineTuning())
    return figures


def profile(model: DenoisingAutoencoder, data: PictureSet, recipe: Recipe) -> dict[str, Any]:
    """The model's row of the matrix training noise × test noise; for one layer, how far its code moves."""
    x = pixels(data)
    rows = [denoised_quality(model, x, kind, level) for _, kind, level in watched(NOISES, "noise by noise")]
    curves: dict[str, Any] = {
        "noises": [list(noise) for noise in NOISES],
        "psnr": [round(row[0], 3) for row in rows],
        "ssim": [round(row[1], 4) for row in rows],
    }
    if model.num_layers == 1 and model.has_filters:
        curves["code_distance"] = round(mean_distance(encode_all(model, x)), 4)
    if model.corruption == ANY and recipe.data == "mnist":
        curves["families"] = beside_families(model, x.numpy(), recipe.name)
    return curves


def beside_families(model: DenoisingAutoencoder, x: np.ndarray, name: str) -> dict[str, Any]:
    """Squared errors of this model and of those that stand for the other families, as far as they are there.

    Returns:
        levels, and errors: {noise: {checkpoint: numbers, one a level}}.
    """
    others = [other for other in noise_table.NAMES if other != name and (OTHERS / other).is_dir()]
    models = {other: load_model(OTHERS / other) for other in others} | {name: model}
    there = watched([other for other in noise_table.NAMES if other in models], "beside the other families")
    rows = {other: noise_table.errors(rebuilding(models[other]), x) for other in there}
    errors = {
        kind: {other: [round(e, 3) for e in row[kind]] for other, row in rows.items()} for kind in noise_table.NOISES
    }
    return {"levels": list(noise_table.LEVELS), "errors": errors}


def rebuilding(model: Autoencoder) -> Callable[[np.ndarray], np.ndarray]:
    """A model as a function from arrays to arrays."""
    return lambda x: model.decode(model.encode(torch.from_numpy(x))).numpy()


def training_note(config: dict[str, Any]) -> str:
    """For the card: the errors beside those of the other families, for each noise a table."""
    families = config["profile"].get("families")
    if not families:
        return ""
    lines = [
        "## Beside the other families",
        "",
        "Squared error against the clean picture, summed over pixels, mean of the test set; noise is drawn and cut "
        "as in the app. In bold the least of a column.",
    ]
    for kind, rows in families["errors"].items():
        least = [min(column) for column in zip(*rows.values(), strict=True)]
        lines += ["", f"| {kind.replace('_', ' ')} | {' | '.join(f'{level:g}' for level in families['levels'])} |"]
        lines += ["|---" * (1 + len(least)) + "|"]
        for name, row in rows.items():
            cells = (f"**{e:.1f}**" if e == best else f"{e:.1f}" for e, best in zip(row, least, strict=True))
            lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def denoised_quality(model: DenoisingAutoencoder, x: Tensor, kind: str, level: float) -> tuple[float, float]:
    """Mean PSNR in dB and mean SSIM of what comes out where pictures (N, C, H, W) go in corrupted, seeded."""
    generator = Generator().manual_seed(0)
    parts = []
    for block in x.split(BLOCK):
        x_hat = model.decode(model.encode(corrupt(block, kind, level, generator))).numpy()
        parts.append(np.stack([psnr(x_hat, block.numpy()), ssim(x_hat, block.numpy())]))
    noise_ratio, similarity = np.concatenate(parts, axis=1).mean(1)
    return float(noise_ratio), float(similarity)
