"""β-VAE: a heavier divergence, dimensions that stand for one thing each, and how far that is true."""

import math
from typing import Any

import gradio as gr
import numpy as np

from explorer.answers import as_python, common
from explorer.answers.beta_vae import SPANS, is_shown
from explorer.checkpoint.config import Config
from explorer.data.rendered_sets import WORLDS
from explorer.page.rule import Rule
from explorer.serve.pool import Pool
from explorer.tabs.beta_vae_paths import labels, paths
from explorer.tabs.beta_vae_scenes import compare_scene, knowledge_scene, price_scene, traversal_scene
from explorer.tabs.frame import JUDGED, folds, header, missing, network_rule, training_rule
from explorer.widgets.tab_setup import set_up

TITLE = "β-VAE"
QUESTION = "Slide one dimension: does only one thing change?"
MODEL = {"checkpoint": "checkpoint"}
FACTOR_NAMES = [(data, name) for data, world in WORLDS.items() for name in world.FACTORS.names]

RULES = [
    *(
        Rule(
            f"place_{data}",
            when={name: f"{data} {name}" for name in world.FACTORS.names},
            gives=["x"],
            where={"data": data},
        )
        for data, world in WORLDS.items()
    ),
    Rule(
        "encode",
        when={**MODEL, "x": "x"},
        gives={"mu": "mu", "sigma": "sigma", "z": "z", "kl_each": "kl_each", "kl": "kl_sum"},
    ),
    Rule("decode", when=["z"], using=MODEL, gives=["x_hat"]),
    Rule("judge", when=["z"], using={**MODEL, "x": "x"}, gives=["reconstruction"], rest=JUDGED),
    Rule("traversals", when=["z", "dimensions", "span"], using=MODEL, gives=["strips", "low", "high"]),
    Rule("knowledge", when=MODEL, gives={f"{data} information": f"{data} information" for data in WORLDS}),
    Rule(
        "means",
        when={**MODEL, "dimension": "dimension"},
        gives={
            f"{data} {name} {part}": f"{data} {name} {part}"
            for data, name in FACTOR_NAMES
            for part in ("mean", "value")
        },
    ),
    network_rule(),
    training_rule(),
]

# The first input of dSprites is a large heart in the middle.
FIRST_FACTORS = (2, 5, 4, 16, 16)
HEART = dict(zip((f"dsprites {name}" for name in WORLDS["dsprites"].FACTORS.names), FIRST_FACTORS, strict=True))


SHARP = 1.5  # times the best model's −log p(x|z)
STATE = {"span": "three", "hold": "x"}


def comparison(names: list[str]) -> tuple[dict[str, str], list[Rule]]:
    """A key for each model's name, which never changes, and its rule."""
    keys = {f"model {i}": name for i, name in enumerate(names)}
    rules = [
        Rule(
            "through",
            when={"checkpoint": key, "x": "x", "z": "z", "hold": "hold"},
            using=["data"],
            gives={part: f"{part} of {key}" for part in ("x_hat", "strips", "kl")},
        )
        for key in keys
    ]
    return keys, rules


def build(pool: Pool) -> None:
    """The components of the tab: four scenes over one model and one input."""
    configs = {name: config for name, config in pool.configs.items() if is_shown(config)}
    names = sorted(configs, key=lambda name: by_pressure(configs[name]))
    if not names:
        gr.Markdown(missing(pool, "beta_vae", "dsprites-beta4"))
        return
    on_path = paths(configs)
    later = {name for first, path in on_path.items() for name in path if name != first}
    keys, rules = comparison([name for name in names if name not in later])
    first = opening(list(configs.values()))
    start: dict[str, Any] = STATE | HEART | keys | {"checkpoint": first, "dimension": clearest(configs[first])}
    if configs[first].data == "dsprites":
        start["x source"] = {"data": "dsprites", "name": ""}
    set_up(start, RULES + rules, facts(pool, names, list(on_path.values())), as_python.CODE_SCENE)
    header(pool, QUESTION, names)
    models = {key: configs[name] for key, name in keys.items()}
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Traverse"):
            traversal_scene(SPANS, [dict(zip(path, labels(path, configs), strict=True)) for path in on_path.values()])
        with gr.Tab("Through every β"):
            compare_scene(models)
        with gr.Tab("Which dimension knows what"):
            knowledge_scene(configs[first].model["latent_dim"])
        with gr.Tab("What it costs"):
            price_scene([configs[name] for name in names])
    folds(pool, names)


def facts(pool: Pool, names: list[str], on_paths: list[list[str]]) -> dict[str, dict[str, Any]]:
    """As common.facts. Of models on one path each dimension has its largest KL of any: so rows stay where they are."""
    known = common.facts(pool, names)
    for path in on_paths:
        measured = [kl for name in path if (kl := known[name]["kl"])]
        for name in path if measured else []:
            known[name]["kl"] = [max(kl) for kl in zip(*measured, strict=True)]
    return known


def clearest(config: Config) -> int:
    """The dimension that tells the largest share of any factor; 0 where nobody knows the factors."""
    information = config.profile.get("mutual_information")
    return 0 if information is None else int(np.max(information, axis=1).argmax())


def by_pressure(config: Config) -> tuple:
    """Orders models by picture set and β, those held at a capacity last."""
    return config.data, config.model["capacity"] is not None, config.model["beta"]


def opening(configs: list[Config]) -> str:
    """The most disentangled one, by MIG, of those whose pictures one recognises.

    That is where −log p(x|z) is at most SHARP times that of the best model of the same picture set. What was not
    measured counts as the worst.
    """
    nats = {config.name: config.test.get("reconstruction", math.inf) for config in configs}
    best: dict[str, float] = {}
    for config in configs:
        best[config.data] = min(best.get(config.data, math.inf), nats[config.name])
    sharp = [config for config in configs if nats[config.name] <= SHARP * best[config.data]]
    return max(sharp, key=lambda config: config.test.get("mig", 0.0)).name
