"""What the denoising tab asks: one spoilt picture through many models, layers of a stack, errors under each noise."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from explorer.answers import as_python, common, units
from explorer.answers.common import DIGIT, DIGITS, PICTURE_SLACK, Answer, Handlers, decode_all, shape_of
from explorer.answers.several import ask_each, of_all_sets, of_set, sets, stacked
from explorer.checkpoint.config import Config
from explorer.compute.corruption import LABELS, corrupt
from explorer.compute.pictures import to_bytes
from explorer.metrics.quality import psnr, ssim
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import Refused, number, one_of, picture, whole
from explorer.serve.turns import dear

MOST_TIMES = 50
MOST_DROPPED = 0.9
FEW_TIMES = 10
CODE_COLUMNS = 40
ATLASES = 8  # side by side: the app has five, and there is room for one's own
LAYERS = 5  # of a stack that are shown, at most: the app's has three
CODES = tuple(f"code_{layer}" for layer in range(1, LAYERS + 1))
DROPOUT = ("masked_x", "masked_code", "masked_x_hat", "clean_x", "dropped_code", "dropped_x_hat")
KINDS = {"masking": "masking", "gaussian": "Gaussian", "salt_and_pepper": "S&P", "any": "any noise"}


def is_long(pool: Pool, data: str, times: int, **rest: Any) -> bool:
    """Whether as many numbers go through the models as in more than FEW_TIMES iterations of a digit."""
    return times * math.prod(shape_of(data)) > FEW_TIMES * math.prod(DIGIT)


@dear("50 iterations of six models: .15 s", when=is_long)
@gives(pictures="x_hat pair", numbers="psnr moved pair_psnr", number="spoilt_psnr")
def denoise(pool: Pool, data: str, x: list, x_tilde: list, times: int, focus: int) -> Answer:
    """What every model of a picture set makes of a spoilt picture, after so many iterations.

    Returns:
        x_hat (M, C, H, W) with PSNR in dB and the length of the last step, each (M,); and as pair (3, C, H, W) the
        clean picture, the spoilt one and what model number focus makes of it, with PSNR; that of the spoilt picture,
        cut to [0, 1] as it is shown, once more as a number.
    """
    seen = iterations(pool, data, x, x_tilde, times, focus)
    noise_ratio = psnr(seen.every, seen.every[:1])
    return {
        "x_hat": to_bytes(seen.every[2:]),
        "psnr": noise_ratio[2:],
        "moved": seen.moved,
        "spoilt_psnr": noise_ratio[1],
        "pair": to_bytes(seen.every[seen.pair]),
        "pair_psnr": noise_ratio[seen.pair],
        **seen.problems,
    }


@dear("50 iterations of six models: .15 s", when=is_long)
@gives(numbers="ssim pair_ssim", number="spoilt_ssim")
def judge(pool: Pool, data: str, x: list, x_tilde: list, times: int, focus: int) -> Answer:
    """SSIM of the same pictures, (M,), of the pair, (3,), and of the spoilt one."""
    seen = iterations(pool, data, x, x_tilde, times, focus)
    similarity = ssim(seen.every, seen.every[:1])
    return {"ssim": similarity[2:], "pair_ssim": similarity[seen.pair], "spoilt_ssim": similarity[1]}


class Iterations(NamedTuple):
    """A spoilt picture, passed through every model of a picture set."""

    every: np.ndarray  # (2 + M, C, H, W): clean, spoilt as the page shows it, and what each model makes of it
    moved: np.ndarray  # (M,), length of the last step
    pair: list[int]  # clean, spoilt, and the chosen model's
    problems: Answer  # of models that failed


def iterations(pool: Pool, data: str, x: list, x_tilde: list, times: int, focus: int) -> Iterations:
    """The iterations that denoise is asked for, with what was sent checked."""
    shape = shape_of(data)
    clean, spoilt = picture(x, shape), picture(x_tilde, shape, PICTURE_SLACK)
    times = whole(times, 1, MOST_TIMES, "The number of iterations")
    names = models(pool, data)
    chosen = whole(focus, 0, 100, "The model") % len(names)
    found, problems = ask_each(names, lambda name: denoised(pool, name, spoilt, times))
    x_hat, before = stacked(found).values()
    every = np.concatenate([clean, spoilt.clip(0, 1), x_hat])
    return Iterations(every, np.sqrt(np.square(x_hat - before).sum((1, 2, 3))), [0, 1, 2 + chosen], problems)


def denoised(pool: Pool, name: str, x: np.ndarray, times: int) -> Answer:
    """The picture (C, H, W) after the last pass as x_hat, and what went into that pass as before."""
    before = x
    for _ in range(times):
        before, x = x, decode_all(pool, name, pool.run(name, "encode", x=x)["z"])
    return {"x_hat": x[0], "before": before[0]}


@gives(pictures="code_* depths")
def layers(pool: Pool, checkpoint: str, x_tilde: list) -> Answer:
    """Codes of a stack's L layers as pictures, and the picture decoded from each (L, C, H, W).

    There are none, (0, C, H, W), of layers that it lacks, and of pictures of another size.
    """
    if checkpoint not in stacks(pool):
        raise Refused(f"{str(checkpoint)[:60]} is no stack of 2 to {LAYERS} layers.")
    shape = pool.config(checkpoint).model["picture_shape"]
    answer: Answer = dict.fromkeys((*CODES, "depths"), np.zeros((0, *shape), np.uint8))
    if is_of_another_set(pool, x_tilde, shape):
        return answer
    x = picture(x_tilde, shape, PICTURE_SLACK)
    codes = pool.run(checkpoint, "encode_layers", x=x)
    answer |= {name: units.code_picture(code, CODE_COLUMNS)[0] for name, code in codes.items()}
    return answer | {"depths": to_bytes(pool.run(checkpoint, "decode_layers", x=x)["depths"])}


@gives(pictures=" ".join(DROPOUT))
def dropout(pool: Pool, checkpoint: str, x: list, dropped: float, seed: int) -> Answer:
    """Masking noise beside dropout: the same share of the pixels, or of the code's units, is set to 0.

    What dropout leaves counts more, by 1 / (1 − share), so that the next layer gets as much as without it.

    Returns:
        For masking x̃ (1, 1, 28, 28), its code and its x̂; for dropout x, what is left of its code, and the x̂ of that.
        Of one's own pictures of another size there are none: each is (0, 1, 28, 28).
    """
    if checkpoint not in layers_of_digits(pool):
        raise Refused(f"{str(checkpoint)[:60]} is no denoising autoencoder of digits of one layer.")
    share, seed = number(dropped, 0, MOST_DROPPED, "The share"), whole(seed, 0, 2**32 - 1, "The seed")
    if is_of_another_set(pool, x, DIGIT):
        return dict.fromkeys(DROPOUT, np.zeros((0, *DIGIT), np.uint8))
    clean = picture(x, DIGIT)
    masked = corrupt(clean, "masking", share, seed)
    whole_code, masked_code = (pool.run(checkpoint, "encode", x=each)["z"] for each in (clean, masked))
    left = corrupt(whole_code, "masking", share, seed) / np.float32(1 - share)
    return {
        "clean_x": to_bytes(clean),
        "masked_x": to_bytes(masked),
        "masked_code": units.code_picture(masked_code, CODE_COLUMNS),
        "masked_x_hat": to_bytes(decode_all(pool, checkpoint, masked_code)),
        "dropped_code": units.code_picture(left, CODE_COLUMNS),
        "dropped_x_hat": to_bytes(decode_all(pool, checkpoint, left)),
    }


def models(pool: Pool, data: str) -> list[str]:
    """Checkpoints of a picture set: single layers, convolutions, stacks, each by kind and level of their noise."""

    def order(name: str) -> tuple:
        kind, level = noise(pool.configs[name])
        layers = depth(pool.configs[name])
        return layers > 1, layers == 0, level > 0, list(KINDS).index(kind), level

    return of_set(pool, "denoising", data, order)


def noise(config: Config) -> tuple[str, float]:
    """Kind and level of the noise a model was trained on."""
    return config.model["corruption"], config.model["level"]


def depth(config: Config) -> int:
    """Layers of a model; 0 of a convolutional one."""
    return 0 if config.model["channels"] else len(config.model["hidden"])


@gives(pictures="filters_*", numbers="units_*")
def atlases(pool: Pool, page: int) -> Answer:
    """A page of the filters of each single-layer model, and the numbers of their units."""
    return units.atlases(pool, single_layers(pool)[:ATLASES], page)


def place(pool: Pool, name: str) -> dict[str, Any]:
    """Keys of the tab under which a model is seen: its picture set, and its number among the models of that."""
    data = pool.config(name).data
    return {"data": data, "focus": models(pool, data).index(name)}


def single_layers(pool: Pool) -> list[str]:
    """The models whose filters are shown side by side, those of digits first."""
    return [name for name in of_all_sets(pool, "denoising", models) if depth(pool.configs[name]) == 1]


def layers_of_digits(pool: Pool) -> list[str]:
    """Those of the digits."""
    return [name for name in single_layers(pool) if pool.configs[name].data == DIGITS]


def most_masked(pool: Pool) -> str | None:
    """Of the models of digits of one layer, the one that was trained with most pixels masked."""

    def share(name: str) -> float:
        kind, level = noise(pool.configs[name])
        return level if kind == "masking" else -1

    return max(layers_of_digits(pool), key=share, default=None)


def is_of_another_set(pool: Pool, pixels: Any, shape: Sequence[int]) -> bool:
    """Whether this may be a picture of another of the tab's sets, which is not of this shape."""
    sizes = {math.prod(shape_of(data)) for data in sets(pool, "denoising")}
    return isinstance(pixels, list) and len(pixels) in sizes - {math.prod(shape)}


def stacks(pool: Pool) -> list[str]:
    """The models of 2 to LAYERS layers, those of digits first."""
    return [name for name in of_all_sets(pool, "denoising", models) if 2 <= depth(pool.configs[name]) <= LAYERS]


@gives(bytes="text")
def python(pool: Pool, data: str, x: list, kind: str, level: float, seed: int, x_tilde: list, times: int) -> Answer:
    """The scene as Python: the spoilt picture through every model, side by side in their order."""
    times = whole(times, 1, MOST_TIMES, "The number of iterations")
    return as_python.spoilt(pool, models(pool, data), x, kind, level, seed, x_tilde, times)


def measured(config: Config) -> Mapping[str, Any]:
    """Levels, and errors by kind of noise and model; empty of a model that was not measured so."""
    return config.profile.get("families", {})


@gives(numbers="levels errors error_*")
def families(pool: Pool, checkpoint: str, kind: str) -> Answer:
    """Squared errors over the test set under one kind of noise.

    Returns:
        levels (L,); errors (M, L), a row for each model in the order of NAMES, and each row as error_0, error_1, ….
    """
    table = measured(pool.config(checkpoint))
    if not table:
        raise Refused(f"{str(checkpoint)[:60]} was not measured beside other families.")
    rows = table["errors"][one_of(kind, LABELS, "The corruption")]
    errors = np.array(list(rows.values()), np.float32)
    lines = {f"error_{number}": row for number, row in enumerate(errors)}
    return {"levels": np.array(table["levels"], np.float32), "errors": errors, **lines}


HANDLERS: Handlers = {
    "python": python,
    "corrupt": common.corrupt,
    "denoise": denoise,
    "judge": judge,
    "layers": layers,
    "dropout": dropout,
    "atlases": atlases,
    "families": families,
    "unit": units.unit,
}
