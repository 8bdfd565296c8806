"""VQ-VAE-2 on faces and on emoji: two levels of codes, and a prior of each that samples new ones."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import torch
from scipy.stats import entropy
from torch import Tensor

from explorer.data import faces, sources
from explorer.data.contact_sheet import paste
from explorer.data.picture_set import PictureSet
from explorer.metrics.reconstruction import pixels
from explorer.metrics.watched import watched
from explorer.models.vq_vae_2 import VQVAE2, Levels
from explorer.nn.quantizer import Quantizer
from train import face_judge
from train.recipe import Figure, Recipe
from train.recipes.vq_vae import counts, seriation

LEVELS = Levels._fields
BLOCK = 200  # pictures at a time: priors keep the features of every place, 9 GB of 1,000 faces

RECIPES = (
    Recipe(
        family="vq_vae_2",
        variant="faces-64",
        purpose="Priors of cartoon faces, both told the hair: nearly all samples are whole and have the hair asked "
        "for.",
        data="faces",
        model={
            "num_codes": 256,
            "code_dim": 32,
            "channels": 64,
            "restart_below": 0.25,  # of a batch that is a quarter of the emoji's
            "num_classes": len(faces.HAIRS),
            "bottom_is_told": True,  # the top leaves it open whether a head is bald or shorn
            "prior_channels": 64,
            "prior_groups": 2,
            "prior_heads": 4,
            "prior_dropout": 0.0,  # of 40,000 faces, each seen about five times, none is learnt by heart
            "prior_from": 0.17,
        },
        steps=14_000,
        batch_size=16,
        learning_rate=1e-3,
        stages=[0.17, 0.83],  # the network, then its priors
        warmup_steps=150,
        max_grad_norm=1.0,
        labelled=True,
        published="nothing for these faces",
    ),
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
    "sample_faces": Figure("samples judged a whole face, %", tolerance=6, digits=1),
    "rebuilt_faces": Figure("the same of test pictures from their codes", tolerance=3, digits=1),
    "mixed_faces": Figure("the same of two test pictures’ codes, mixed by lots", tolerance=6, digits=1),
    "sample_hair": Figure("samples judged to have the hair that was asked for, %", tolerance=6, digits=1),
    "rebuilt_hair": Figure("test pictures from their codes judged to have their hair, %", tolerance=3, digits=1),
}
SAMPLED = 200  # how many are compared with the training set
TEMPERATURES = {"faces": 1.0}  # at which they are drawn
TEMPERATURE = 0.5  # of the other sets
GUIDANCE = {"faces": 2.0}  # towards their class; the other sets' are not guided
COMPARED = 1_000  # test pictures that are compared at most
KEPT = 10_000  # training pictures whose codes the app keeps at most
SHEETS = {"faces": "The samples that are measured, hair by hair"}  # what the picture on a card shows, by its set
SHEET_COLUMNS = 20


def protocol(data: str) -> str:
    """How the figures of a set were measured."""
    return (
        "Nats per code are of pictures that neither network nor priors were trained on, the top’s for its class, the "
        f"bottom’s for its top{' and its class' if data == 'faces' else ''}. A uniform prior would need log 256 = "
        f"5.545. {of_set(data)}"
        f"The nearest picture shares most codes of both levels; {SAMPLED} samples, of each class as often as it "
        f"occurs, at a temperature of {TEMPERATURES.get(data, TEMPERATURE)}{guided(data)}: one that was learnt by "
        "heart would share 100 %."
    )


def guided(data: str) -> str:
    """What the protocol says of guidance."""
    return f" and a guidance of {GUIDANCE[data]}" if data in GUIDANCE else ""


def of_set(data: str) -> str:
    """What the protocol says of a picture set."""
    if data == "emoji":
        return (
            "No variant of a training emoji in skin tone, hair or gender is tested on, and no flag that looks exactly "
            "as a training one; of the shipped pictures two do, the flags of France and St. Martin. "
        )
    if data == "faces":
        return (
            "Test faces are of combinations of hair, glasses, mouth and colours that were not trained on. Whether a "
            "picture is a whole face, and which hair it has, is judged by a small network (train/face_judge.py). It "
            "never saw pictures of this model, but training faces, sharp and soft, and what they are spoilt to: "
            "squares in another order, two faces blended, mixed square by square or halved, a hole, pixels moved "
            f"about. {judge_is_right()} {COMPARED:,} test pictures are judged and compared. "
        )
    return ""


def judge_is_right() -> str:
    """A sentence on pictures that the judge was not trained on."""
    right = face_judge.held_out()
    spoilt = ", ".join(f"{spoil.__name__} {right[spoil.__name__]:.1f}" for spoil in face_judge.SPOILT)
    return (
        f"Of 1,000 test faces it is right about {right['face']:.1f} % as faces and {right['hair']:.1f} % of the hair, "
        f"of as many spoilt ones in each way about {spoilt} %."
    )


def measure(model: VQVAE2, data: PictureSet, recipe: Recipe, samples: int) -> dict[str, float]:
    """Errors, use of both codebooks and nats of both priors over a picture set."""
    codes = encode(model, data)
    decoded = map(model.decode, split(codes))
    pairs = zip(decoded, blocks(data), strict=True)
    errors = torch.cat([(x_hat - x).square().mean((1, 2, 3)) for x_hat, x in pairs])
    figures = {"mse": errors.mean().item(), "psnr": (-10 * errors.log10()).mean().item()}
    labels = torch.tensor(data.labels).clamp(max=model.num_classes)
    nll = joined(map(model.prior_nll, watched(list(split(codes)), "nats of codes"), labels.split(BLOCK)))
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

    A code that never occurs counts as once. Of faces also whether samples are some.
    """
    known, asked, figures = encode(model, train), encode(model, test), {}
    for level, of_train, of_test in zip(LEVELS, known, asked, strict=True):
        use = counts(of_train, model.num_codes).clip(min=1)
        figures[f"{level}_unigram"] = float(-np.log(use / use.sum())[of_test.numpy()].mean())
    sampled, labels = sample(model, train, recipe)
    asked = Levels(*(level[:COMPARED] for level in asked))
    figures |= {"sample_shared": shared(sampled, known), "test_shared": shared(asked, known)}
    return figures | (judged(model, sampled, labels, asked, test) if recipe.data == "faces" else {})


def judged(model: VQVAE2, sampled: Levels, labels: Tensor, asked: Levels, test: PictureSet) -> dict[str, float]:
    """Share in % of samples, and of test codes as they are and mixed, that are judged faces, and of the right hair."""
    lots = torch.rand(asked.top.shape, generator=torch.Generator().manual_seed(0)) < 0.5
    cells = Levels(lots, lots.repeat_interleave(2, 1).repeat_interleave(2, 2))
    mixed = Levels(*(torch.where(own, level, level.roll(1, 0)) for own, level in zip(cells, asked, strict=True)))
    truth = torch.tensor(test.labels[: len(asked.top)])
    figures = {}
    for name, codes, hair in (("sample", sampled, labels), ("rebuilt", asked, truth), ("mixed", mixed, truth)):
        is_face, of_hair = face_judge.judge(torch.cat(list(map(model.decode, split(codes)))))
        figures[f"{name}_faces"] = 100 * is_face.float().mean().item()
        figures[f"{name}_hair"] = 100 * (of_hair == hair).float().mean().item()
    return {key: value for key, value in figures.items() if key in FIGURES}


def sample(model: VQVAE2, train: PictureSet, recipe: Recipe) -> tuple[Levels, Tensor]:
    """Codes of SAMPLED new pictures, and their classes, drawn from those of the training set."""
    generator, labels = torch.Generator().manual_seed(recipe.seed), torch.tensor(train.labels)
    labels = labels[torch.randint(len(labels), (SAMPLED,), generator=generator)].clamp(max=model.num_classes)
    top, bottom = (torch.full((SAMPLED, *prior.shape), -1) for prior in (model.top_prior, model.bottom_prior))
    places = top[0].numel() + bottom[0].numel()
    uniform = torch.rand(places, SAMPLED, model.num_codes, generator=generator).clamp(1e-9, 1 - 1e-7)
    noise, temperature = -torch.log(-torch.log(uniform)), TEMPERATURES.get(recipe.data, TEMPERATURE)
    guidance = GUIDANCE.get(recipe.data, 1.0)
    sampled = model.sample(Levels(top, bottom), noise, labels, temperature, guidance=guidance)
    return Levels(sampled.top, sampled.bottom), labels


def sheet(model: VQVAE2, recipe: Recipe, root: Path) -> np.ndarray:
    """The samples that are measured, class by class: uint8 (rows * H, SHEET_COLUMNS * W, C)."""
    codes, labels = sample(model, sources.load(recipe.data, "train", root), recipe)
    order = labels.argsort(stable=True)
    pictures = model.decode(Levels(*(level[order] for level in codes)))
    return paste(pictures.mul(255).round().byte().numpy(), SHEET_COLUMNS)


def shared(codes: Levels, known: Levels) -> float:
    """Mean over pictures of the codes in common with the known picture that has most, in %."""
    asked, among = (torch.cat([level.flatten(1) for level in levels], 1).byte() for levels in (codes, known))
    return 100 * float(np.mean([(among == one).float().mean(1).max().item() for one in asked]))


def blocks(data: PictureSet) -> Iterator[Tensor]:
    """The pictures of a set as pixels does, a block at a time: large sets do not fit into memory as floats."""
    for start in watched(range(0, len(data.pictures), BLOCK), "pictures"):
        yield pixels(data._replace(pictures=data.pictures[start : start + BLOCK]))


def encode(model: VQVAE2, data: PictureSet) -> Levels:
    """Codes of a whole picture set."""
    return joined(map(model.encode, blocks(data)))


def split(codes: Levels) -> Iterator[Levels]:
    """The codes of a set, a block at a time."""
    return (Levels(*part) for part in zip(*(level.split(BLOCK) for level in codes), strict=True))


def joined(parts: Iterator[Levels]) -> Levels:
    """What belongs to blocks of a set, as one."""
    return Levels(*(torch.cat(level) for level in zip(*parts, strict=True)))


def profile(model: VQVAE2, data: PictureSet, recipe: Recipe) -> dict[str, list]:
    """What the app draws: how often each code of each level is used, and an order in which neighbours are alike."""
    profile = {}
    for level, codes in zip(LEVELS, encode(model, data), strict=True):
        quantizer = cast(Quantizer, model.get_submodule(f"{level}_quantizer"))
        profile[f"{level}_use"] = counts(codes, model.num_codes).tolist()
        profile[f"{level}_by_similarity"] = seriation(quantizer.codebook.numpy()).tolist()
    return profile


def app_codes(model: VQVAE2, recipe: Recipe, root: Path, shipped: PictureSet) -> dict[str, np.ndarray]:
    """What stands in for missing codes, what each code looks like, and the codes of shipped and training pictures."""
    train = sources.load(recipe.data, "train", root)
    codes = encode(model, train._replace(pictures=train.pictures[:KEPT]))
    means = model.means(codes)
    sheets = encode(model, shipped)
    arrays = {"top_mean": means.top.numpy(), "bottom_mean": means.bottom.numpy().astype(np.float16)}
    for level, tiles, kept, sheet in zip(LEVELS, model.alone(means), codes, sheets, strict=True):
        arrays |= {
            f"{level}_tiles": tiles.mul(255).round().byte().numpy(),
            f"{level}_train": kept.numpy().astype(np.uint8),
            f"{level}_shipped": sheet.numpy().astype(np.uint8),
        }
    return arrays
