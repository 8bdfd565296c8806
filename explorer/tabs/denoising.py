"""Denoising: one spoilt picture through models that were trained on different noise."""

import gradio as gr

from explorer.answers import as_python
from explorer.answers.denoising import ATLASES, CODES, KINDS, depth, models, most_masked, noise, single_layers, stacks
from explorer.answers.several import called, of_all_sets, sets
from explorer.checkpoint.config import Config
from explorer.data import sample_sheets
from explorer.nn.corruption import ANY
from explorer.page.rule import Rule
from explorer.serve.pool import Pool
from explorer.tabs import denoising_families, unit_card
from explorer.tabs.denoising_scenes import (
    DROPPED,
    MASKED,
    denoise_scene,
    dropout_scene,
    filters_scene,
    matrix_scene,
    stack_scene,
)
from explorer.tabs.frame import JUDGED, folds, missing, network_rule, training_rule
from explorer.widgets.tab_setup import set_up

TITLE = "Denoising"
QUESTION = "What does a model learn that has to give back what was never shown to it?"
DATA = {"mnist": "Digits", "fashion": "Garments"}


def label(config: Config) -> str:
    """What a model is called beside others: the noise it was trained on."""
    kind, level = noise(config)
    amount = f"{level:g}".removeprefix("0") if kind == "gaussian" else f"{100 * level:g} %"
    if depth(config) > 1:
        text = f"stack of {depth(config)}"
    elif level == 0:
        text = "trained clean"
    else:
        text = KINDS[kind] if kind == ANY else f"{KINDS[kind]} {amount}"
    return called(config, text)


RULES = [
    Rule("corrupt", when=["x", "kind", "level", "seed"], using=["data"], gives=["x_tilde"]),
    Rule(
        "denoise",
        when=["x_tilde", "times", "focus"],
        using=["data", "x"],
        gives=["x_hat", "psnr", "moved", "spoilt_psnr", "pair", "pair_psnr"],
    ),
    Rule(
        "judge",
        when=["x_tilde", "times", "focus"],
        using=["data", "x"],
        gives=["ssim", "pair_ssim", "spoilt_ssim"],
        rest=JUDGED,
    ),
    Rule("layers", when={"checkpoint": "stack", "x_tilde": "x_tilde"}, gives=[*CODES, "depths"]),
    Rule(
        "dropout",
        when={"checkpoint": "masking_model", "x": "x", "dropped": "dropped", "seed": "seed"},
        gives=[*MASKED, *DROPPED],
    ),
    denoising_families.RULE,
    unit_card.atlases_rule(ATLASES),
    unit_card.unit_rule("unit_model"),
    network_rule("network", "x_tilde"),
    training_rule(),
]

PYTHON = {**as_python.SPOILT_SCENE, "data": "data", "times": "times"}

# The stack, the model of the unit's card and the one measured beside other families are those that are there.
STATE = {"data": "mnist", "kind": "masking", "level": 0.4, "seed": 1, "times": 1, "focus": 1, "page": 0, "unit": 0}


STATE |= {"dropped": 0.5, "stack": None, "unit_model": None, "any_model": None, "masking_model": None}


def build(pool: Pool) -> None:
    """The components of the tab: scenes over one spoilt picture."""
    names = pool.names("denoising")
    titles = {data: DATA.get(data, sample_sheets.title(data)) for data in sets(pool, "denoising")}
    if not titles:
        gr.Markdown(missing(pool, "denoising", "mnist-mask25"))
        return
    single = {name: pool.configs[name] for name in single_layers(pool)}
    deep = {name: pool.configs[name] for name in stacks(pool)}
    beside = denoising_families.find(pool)
    masking = most_masked(pool)
    chosen = {
        "stack": next(iter(deep), None),
        "unit_model": next(iter(single), None),
        "any_model": beside,
        "masking_model": masking,
    }
    set_up(STATE | {"data": next(iter(titles))} | chosen, RULES, python=PYTHON)
    gr.Markdown(QUESTION, elem_classes="le-question")
    labels = {data: [label(pool.configs[name]) for name in models(pool, data)] for data in titles}
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Denoise"):
            denoise_scene(titles, labels)
        with gr.Tab("Training noise × test noise"):
            matrix_scene(single, label)
        if beside:
            with gr.Tab("Beside the other families"):
                denoising_families.families_scene(pool.configs[beside])
        if single:
            with gr.Tab("Filters"):
                filters_scene(single, label)
        if deep:
            with gr.Tab("The stack"):
                stack_scene(deep, titles)
    if masking:
        with gr.Accordion("Masking noise and dropout", open=False):
            dropout_scene(label(pool.configs[masking]))
    folds(pool, names, of_all_sets(pool, "denoising", models), sets=True)
