"""Denoising: one spoilt picture through models that were trained on different noise."""

from typing import Any

import gradio as gr
import numpy as np

from explorer import answers, as_python, units
from explorer.answers import DIGIT, PICTURE_SLACK, Answer
from explorer.config import Config
from explorer.metrics.quality import psnr, ssim
from explorer.nn.corruption import ANY
from explorer.pictures import to_bytes
from explorer.pool import Pool
from explorer.question import Refused, picture, whole
from explorer.tabs import denoising_families, unit_card
from explorer.tabs.denoising_scenes import SCENE, denoise_scene, filters_scene, matrix_scene, stack_scene
from explorer.tabs.frame import folds, missing
from explorer.turns import dear
from explorer.widgets.scene import Rule, scene

TITLE = "Denoising"
QUESTION = "What does a model learn that has to give back what was never shown to it?"

MOST_TIMES = 50
FEW_TIMES = 10
CODE_COLUMNS = 40
ATLASES = 5  # side by side
DATA = {"mnist": "Digits", "fashion": "Garments"}
KINDS = {"masking": "masking", "gaussian": "Gaussian", "salt_and_pepper": "S&P", "any": "any noise"}

MATHS = r"""
The input is spoilt by chance, $@x-tilde \sim q(@x-tilde \mid @x)$, and the clean picture is asked for:
$$@z = s(W @x-tilde + b) \qquad @x-hat = s(W^\top @z + b')$$
$$L = -\sum_i \big(@x_i \log @x-hat_i + (1 - @x_i) \log(1 - @x-hat_i)\big)$$
with the logistic function $s$ and one matrix $W$ for both ways. The corruptions: *masking* sets a share of the pixels
to 0; *salt and pepper* sets them to 0 or 1 by a fair coin; *Gaussian* adds $N(0, \sigma^2)$.

To copy is no longer enough: the model must know which pictures there are. For small Gaussian noise the step
$(@x-hat - @x-tilde) / \sigma^2$ points to where pictures are more probable (Alain & Bengio, 2014); more passes
follow it.

One model, *any noise*, learnt from all four kinds at strengths of their own, most of them weak, by convolutions with a
code of 16 maps of 7 × 7 sigmoid units between them; nothing passes by that code. It is what the first tab shows.

A stack is trained from below, one layer after the other: each learns to denoise the clean codes of the one below.

*Vincent et al., Extracting and Composing Robust Features with Denoising Autoencoders (2008); Stacked Denoising
Autoencoders (2010).*
"""

SNIPPET = """
from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets
from explorer.models.denoising import corrupt

x = torch.tensor(sample_sheets.load("mnist").pictures[:1]) / 255  # (1, 1, 28, 28)
x_tilde = corrupt(x, "masking", 0.5, torch.Generator().manual_seed(1))
row = [x, x_tilde]
for name in ("mnist-none", "mnist-mask50", "mnist-any"):
    model = load_model(Path("checkpoints/denoising") / name)
    with torch.inference_mode():
        row.append(model.decode(model.encode(x_tilde)))
    print(name, "squared error", (row[-1] - x).square().sum().item())
pixels = (torch.cat(row, dim=3)[0, 0] * 255).round().byte().numpy()
Image.fromarray(pixels).resize((28 * 5 * 8, 28 * 8), Image.NEAREST).save("denoising.png")
""".strip()


@dear("50 passes through six models: .15 s", when=lambda pool, times, **rest: times > FEW_TIMES)
def denoise(pool: Pool, data: str, x: list, x_tilde: list, times: int, focus: int) -> Answer:
    """What every model of a picture set makes of a spoilt picture, after so many passes.

    Returns:
        x_hat (M, 1, 28, 28) with PSNR in dB, SSIM and the length of the last step, each (M,); and as pair
        (3, 1, 28, 28) the clean picture, the spoilt one and what model number focus makes of it, with PSNR and SSIM;
        those of the spoilt picture, cut to [0, 1] as it is shown, once more as numbers.
    """
    clean, spoilt = picture(x, DIGIT), picture(x_tilde, DIGIT, PICTURE_SLACK)
    times = whole(times, 1, MOST_TIMES, "The number of passes")
    names = models(pool, data)
    chosen = whole(focus, 0, 100, "The model") % len(names)
    passes = [denoised(pool, name, spoilt, times) for name in names]
    x_hat = np.concatenate([last for last, _ in passes])
    every = np.concatenate([clean, spoilt.clip(0, 1), x_hat])  # the spoilt one as the page shows it
    noise_ratio, similarity = psnr(every, clean), ssim(every, clean)
    pair = [0, 1, 2 + chosen]
    return {
        "x_hat": to_bytes(x_hat),
        "psnr": noise_ratio[2:],
        "ssim": similarity[2:],
        "moved": np.float32([np.linalg.norm(last - before) for last, before in passes]),
        "spoilt_psnr": noise_ratio[1],
        "spoilt_ssim": similarity[1],
        "pair": to_bytes(every[pair]),
        "pair_psnr": noise_ratio[pair],
        "pair_ssim": similarity[pair],
    }


def denoised(pool: Pool, name: str, x: np.ndarray, times: int) -> tuple[np.ndarray, np.ndarray]:
    """The picture after the last pass, and what went into that pass."""

    def run(model: Any, x: Any) -> tuple:
        before = x
        for _ in range(times):
            before, x = x, model.decode(model.encode(x))
        return x, before

    return pool.compute(name, run, x)


def layers(pool: Pool, checkpoint: str, x_tilde: list) -> Answer:
    """Codes of a stack's three layers as pictures, and the picture decoded from each (3, 1, 28, 28)."""
    if checkpoint != find_stack(pool):
        raise Refused(f"{str(checkpoint)[:60]} is no stack of three layers.")

    def run(model: Any, x: Any) -> tuple:
        codes = model.encode_layers(x)
        return (*codes, *(model.decode_from(code, number) for number, code in enumerate(codes, 1)))

    *codes, one, two, three = pool.compute(checkpoint, run, picture(x_tilde, DIGIT, PICTURE_SLACK))
    answer = {f"code_{number}": units.code_picture(code, CODE_COLUMNS)[0] for number, code in enumerate(codes, 1)}
    return answer | {"depths": to_bytes(np.concatenate([one, two, three]))}


def models(pool: Pool, data: str) -> list[str]:
    """Checkpoints of a picture set: single layers, convolutions, stacks, each by kind and level of their noise."""

    def order(name: str) -> tuple:
        kind, level = noise(pool.configs[name])
        layers = depth(pool.configs[name])
        return layers > 1, layers == 0, level > 0, list(KINDS).index(kind), level

    configs = {name: pool.configs[name] for name in pool.names("denoising")}
    names = [name for name, it in configs.items() if it.data == data and it.model["picture_shape"] == DIGIT]
    if not names:
        raise Refused(f"There is no denoising checkpoint for {str(data)[:40]!r}.")
    return sorted(names, key=order)


def noise(config: Config) -> tuple[str, float]:
    """Kind and level of the noise a model was trained on."""
    return config.model["corruption"], config.model["level"]


def depth(config: Config) -> int:
    """Layers of a model; 0 of a convolutional one."""
    return 0 if config.model["channels"] else len(config.model["hidden"])


def label(config: Config) -> str:
    """What a model is called beside others: the noise it was trained on."""
    kind, level = noise(config)
    if depth(config) > 1:
        return f"stack of {depth(config)}"
    if level == 0:
        return "trained clean"
    if kind == ANY:
        return KINDS[kind]
    amount = f"{level:.1f}".lstrip("0") if kind == "gaussian" else f"{100 * level:.0f} %"
    return f"{KINDS[kind]} {amount}"


def atlases(pool: Pool, page: int) -> Answer:
    """A page of the filters of each single-layer model of digits, and the numbers of their units."""
    return units.atlases(pool, single_layers(pool), page)


def single_layers(pool: Pool) -> list[str]:
    """The models whose filters are shown side by side."""
    return [name for name in models(pool, "mnist") if depth(pool.configs[name]) == 1][:ATLASES]


def find_stack(pool: Pool) -> str | None:
    """The stack of three layers on digits, if there is one."""
    names = [name for name in pool.names("denoising") if pool.configs[name]["data"] == "mnist"]
    return next((name for name in names if depth(pool.configs[name]) == 3), None)


def python(pool: Pool, data: str, x: list, kind: str, level: float, seed: int, x_tilde: list, times: int) -> Answer:
    """The scene as Python: the spoilt picture through every model, side by side in their order."""
    times = whole(times, 1, MOST_TIMES, "The number of passes")
    return as_python.spoilt(pool, models(pool, data), x, kind, level, seed, x_tilde, times)


HANDLERS = {
    "python": python,
    "corrupt": answers.corrupt,
    "denoise": denoise,
    "layers": layers,
    "atlases": atlases,
    "families": denoising_families.families,
    "unit": units.unit,
}

RULES = [
    Rule("corrupt", when={"x": "x", "kind": "kind", "level": "level", "seed": "seed"}, gives={"x_tilde": "x_tilde"}),
    Rule(
        "denoise",
        when={"x_tilde": "x_tilde", "times": "times", "focus": "focus"},
        using={"data": "data", "x": "x"},
        gives={
            **{name: name for name in ("x_hat", "psnr", "ssim", "moved", "spoilt_psnr", "spoilt_ssim")},
            **{name: name for name in ("pair", "pair_psnr", "pair_ssim")},
        },
    ),
    Rule(
        "layers",
        when={"checkpoint": "stack", "x_tilde": "x_tilde"},
        gives={name: name for name in ("code_1", "code_2", "code_3", "depths")},
    ),
    denoising_families.RULE,
    unit_card.atlases_rule(ATLASES),
    unit_card.unit_rule("unit_model"),
]

PYTHON = {**as_python.SPOILT_SCENE, "data": "data", "times": "times"}

# The stack, the model of the unit's card and the one measured beside other families are those that are there.
STATE = {"data": "mnist", "kind": "masking", "level": 0.4, "seed": 1, "times": 1, "focus": 1, "page": 0, "unit": 0}
STATE |= {"stack": None, "unit_model": None, "any_model": None}


def build(pool: Pool) -> None:
    """The components of the tab: scenes over one spoilt picture."""
    names = pool.names("denoising")
    if not any(pool.configs[name]["data"] == "mnist" for name in names) or not single_layers(pool):
        gr.Markdown(missing(pool, "denoising", "mnist-mask25"))
        return
    sets = {data: DATA[data] for data in DATA if any(pool.configs[name]["data"] == data for name in names)}
    single = single_layers(pool)
    stack, beside = find_stack(pool), denoising_families.find(pool)
    chosen = {"stack": stack, "unit_model": single[0], "any_model": beside}
    scene(SCENE, STATE | chosen, RULES, python=PYTHON)
    gr.Markdown(QUESTION, elem_classes="le-question")
    labels = {data: [label(pool.configs[name]) for name in models(pool, data)] for data in sets}
    configs = {name: pool.configs[name] for name in single}
    below_stacks = {name: pool.configs[name] for name in models(pool, "mnist") if depth(pool.configs[name]) < 2}
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Denoise"):
            denoise_scene(sets, labels)
        with gr.Tab("Training noise × test noise"):
            matrix_scene(below_stacks, label)
        if beside:
            with gr.Tab("Beside the other families"):
                denoising_families.families_scene(pool.configs[beside])
        with gr.Tab("Filters"):
            filters_scene(configs, label)
        if stack:
            with gr.Tab("The stack"):
                stack_scene(pool.configs[stack].model["hidden"])
    folds(pool, names, MATHS, SNIPPET)
