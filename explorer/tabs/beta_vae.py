"""β-VAE: a heavier divergence, dimensions that stand for one thing each, and how far that is true."""

import io
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from functools import partial
from statistics import NormalDist

import gradio as gr
import numpy as np
from PIL import Image

from explorer import answers, as_python, latent
from explorer.animation import KINDS, to_file
from explorer.answers import LATENT_LIMIT, Answer
from explorer.config import Config
from explorer.data.rendered_sets import WORLDS, scaled
from explorer.data.sample_sheets import paste
from explorer.pictures import to_bytes
from explorer.pool import SLOTS, Pool
from explorer.question import Refused, indices, one_of, picture, vector, whole
from explorer.tabs.beta_vae_scenes import (
    MANY,
    SCENE,
    STEPS,
    compare_scene,
    knowledge_scene,
    price_scene,
    traversal_scene,
)
from explorer.tabs.frame import folds, header, missing
from explorer.turns import dear
from explorer.widgets.latent_sliders import INACTIVE
from explorer.widgets.scene import Rule, scene

TITLE = "β-VAE"
QUESTION = "Slide one dimension: does only one thing change?"

BLOCK = 7  # codes decoded at a time: more leave the processor’s cache, and fewer wait for each other
CORES = ThreadPoolExecutor(SLOTS)
ROWS, FEWER = 6, 4  # dimensions of each model side by side at most, and where there are more than four models
ANIMATION = 24  # frames one way
SPANS = {"three": "μ of the prior ± 3 σ", "prior": "99 % of the prior", "posterior": "99 % of real codes"}

MATHS = r"""
Higgins et al. weigh the divergence: with $\beta > 1$ a dimension must pay for what it tells of a picture.
$$L = -E_{q_\phi(@z \mid @x)}\big[\log p_\theta(@x \mid @z)\big]
+ \beta \, D_{KL}\big(q_\phi(@z \mid @x) \,\Vert\, p(@z)\big)$$
The prior is a Gaussian with independent dimensions, so the price is lowest where dimensions are independent; one that
is not worth its price falls back to the prior, and its KL to 0. Minimising $L$ maximises a lower bound of the
Lagrangian of "maximise the likelihood with a divergence below a constant".

Burgess et al. hold the divergence at a capacity $C$ that rises during training:
$$L = -E_{q_\phi(@z \mid @x)}\big[\log p_\theta(@x \mid @z)\big]
+ \gamma \, \Big| D_{KL}\big(q_\phi(@z \mid @x) \,\Vert\, p(@z)\big) - C \Big|$$

The models with a $\beta$ borrow from that: over the first quarter of their training $\beta$ falls from a large one to
its own. What tells most of a picture then enters the code first, and gets dimensions of its own.

The models called **staged** are trained in stages, which neither paper does. Pressed from the first step, an encoder
never learns to see an angle, for an angle changes few pixels; and two dimensions that tell a place may be any rotation
of x and y, which costs no divergence. So a VAE learns first ($\beta = 1$). Then the dimensions that a pressed model
(dsprites-capacity25) found are taken over and learn alone, held to that model's by a squared distance. Then the others
wake, along features that say nothing of the first ones, while the weight of the divergence rises from 1 to $\beta$;
with a capacity, $C$ rises and the weight is controlled so that the divergence follows: $\gamma\,|D_{KL} - C|$ pushes
it about. For the last fifth nothing but the objective is left. No factor is told to any of them.

**MIG**, the mutual information gap: for each factor $v_k$ the two dimensions that tell most of it, in bins of the
posterior means: $\frac 1K \sum_k \frac{I(@z_{(1)}; v_k) - I(@z_{(2)}; v_k)}{H(v_k)}$. **SAP**: the same gap between the
accuracies of linear classifiers on one dimension. **DCI**: how concentrated the importances of boosted trees are.
**BetaVAE** and **FactorVAE** scores: how well one sees in the codes which factor a batch of pictures shares; rotated
factors reach .6 to .98, so they measure information more than alignment.

*Higgins et al., beta-VAE (2017); Burgess et al., Understanding disentangling in beta-VAE (2018); Locatello et al.,
Challenging Common Assumptions (2019).*
"""

SNIPPET = """
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from explorer.checkpoint import load_model, read_config
from explorer.data import dsprites

folder = Path("checkpoints/beta_vae/dsprites-beta4")
model, kl = load_model(folder), read_config(folder)["profile"]["kl_per_dimension"]
number = dsprites.FACTORS.to_indices(np.array([[2, 4, 0, 16, 16]]))  # a heart: shape, scale, orientation, x, y
x = torch.tensor(dsprites.render(number)).float()  # (1, 1, 64, 64)
rows = []
with torch.inference_mode():
    z = model.encode(x)
    for dimension in np.argsort(kl)[::-1][:6].tolist():
        points = z.repeat(9, 1)
        points[:, dimension] = torch.linspace(-3, 3, 9)
        rows.append(torch.cat([*model.decode(points)[:, 0]], dim=1))
Image.fromarray((torch.cat(rows) * 255).round().byte().numpy()).save("beta_vae.png")
""".strip()


def place(data: str, pool: Pool, /, **factors: int) -> Answer:
    """The picture of a rendered set that has the values of these indices of its factors, by the factors' names."""
    known = WORLDS[data].FACTORS
    if factors.keys() != set(known.names):
        raise Refused(f"A picture of {data} is made from {', '.join(known.names)}.")
    row = [whole(factors[name], 0, size - 1, name) for name, size in zip(known.names, known.sizes, strict=True)]
    return {"x": scaled(WORLDS[data], known.to_indices(np.array([row])))[0]}


def encode(pool: Pool, checkpoint: str, x: list) -> Answer:
    """Posterior of a picture, its mean as the code, and the KL in nats of each dimension."""
    pixels = picture(x, config_of(pool, checkpoint)["model"]["picture_shape"])
    mu, log_var = (part[0] for part in pool.compute(checkpoint, lambda model, x: tuple(model.posterior(x)), pixels))
    kl = 0.5 * (np.square(mu) + np.exp(log_var) - 1 - log_var)
    return {"mu": mu, "sigma": np.exp(0.5 * log_var), "z": mu, "kl_each": kl, "kl": kl.sum()}


def decode(pool: Pool, checkpoint: str, z: list, x: list) -> Answer:
    """What a code stands for, and its negative log-likelihood of the input in nats."""
    model = config_of(pool, checkpoint)["model"]
    pixels, code = picture(x, model["picture_shape"]), vector(z, model["latent_dim"], LATENT_LIMIT)
    logits = pool.compute(checkpoint, lambda model, z: model.logits(z), code)
    nll = np.logaddexp(0, logits) - logits * pixels
    return {"x_hat": to_bytes(0.5 + 0.5 * np.tanh(0.5 * logits)), "reconstruction": nll.sum()}


@dear("ten rows are 110 pictures: .04 to .2 s", when=lambda pool, dimensions, **rest: len(dimensions) > ROWS)
def traversals(pool: Pool, checkpoint: str, z: list, dimensions: list, span: str) -> Answer:
    """Pictures (dimensions * STEPS, C, H, W) while one dimension at a time runs over the span; its ends (D,)."""
    latent_dim = config_of(pool, checkpoint)["model"]["latent_dim"]
    code = vector(z, latent_dim, LATENT_LIMIT)[0]
    chosen = indices(dimensions, latent_dim, "dimensions")
    low, high = ends(pool, checkpoint, span)
    values = np.linspace(low[chosen], high[chosen], STEPS, axis=1)
    return {"strips": decoded(pool, checkpoint, latent.traverse(code, chosen, values)), "low": low, "high": high}


def ends(pool: Pool, checkpoint: str, span: str) -> tuple[np.ndarray, np.ndarray]:
    """Where a traversal begins and ends in each dimension (D,)."""
    span = one_of(span, SPANS, "The range")
    if span == "posterior":
        codes = pool.codes(checkpoint)
        return codes["low"], codes["high"]
    limit = 3.0 if span == "three" else NormalDist().inv_cdf(0.995)
    limits = np.full(config_of(pool, checkpoint)["model"]["latent_dim"], limit, np.float32)
    return -limits, limits


def decoded(pool: Pool, checkpoint: str, z: np.ndarray) -> np.ndarray:
    """Pictures (N, C, H, W) from 0 to 255 of codes (N, D), a few at a time on every core."""
    blocks = [z[i : i + BLOCK] for i in range(0, max(len(z), 1), BLOCK)]
    contexts = [copy_context() for _ in blocks]  # in which each notices that the asker has left

    def work(context: Context, block: np.ndarray) -> np.ndarray:
        return to_bytes(context.run(answers.decode_all, pool, checkpoint, block))

    return np.concatenate(list(CORES.map(work, contexts, blocks)))


def through(pool: Pool, checkpoint: str, data: str, x: list, z: list, hold: str) -> Answer:
    """One model's part of the comparison: its picture of the input or of the code, and its foremost traversals.

    Arguments:
        pool: See the module.
        checkpoint: The model; one of another picture set has no part, and its arrays are empty.
        data: The picture set of the input.
        x: The input.
        z: The code of the traversal scene.
        hold: "x": the model encodes the input; "z": it takes the code as its own.
    """
    config = config_of(pool, checkpoint)
    if config["data"] != data:
        none = np.zeros((0, *config["model"]["picture_shape"]), np.uint8)
        return {"x_hat": none, "strips": none, "kl": np.zeros(0, np.float32)}
    if one_of(hold, ("x", "z"), "What is held") == "z":
        code = vector(z, config["model"]["latent_dim"], LATENT_LIMIT)[0]
    else:
        code = answers.encode(pool, checkpoint, x)["z"]
    kl = np.array(pool.profile(checkpoint, "kl_per_dimension"), np.float32)
    beside = sum(pool.config(name)["data"] == data for name in pool.names("beta_vae"))
    rows = ROWS if beside <= MANY else FEWER
    foremost = [dimension for dimension in np.argsort(-kl)[:rows].tolist() if kl[dimension] >= INACTIVE]
    values = np.tile(np.linspace(-3, 3, STEPS, dtype=np.float32), (len(foremost), 1))
    pictures = decoded(pool, checkpoint, np.concatenate([code[None], latent.traverse(code, foremost, values)]))
    return {"x_hat": pictures[0], "strips": pictures[1:], "kl": np.repeat(kl[foremost], STEPS)}


def knowledge(pool: Pool, checkpoint: str) -> Answer:
    """Mutual information (D, K) as a percentage of each factor's entropy, by the name of the picture set."""
    config = config_of(pool, checkpoint)
    information = np.array(pool.profile(checkpoint, "mutual_information"), np.float32)
    return {f"{config.data} information": 100 * information}


def means(pool: Pool, checkpoint: str, dimension: int) -> Answer:
    """Mean of one dimension at each value of each factor: by set and factor (values,), and the values' numbers."""
    config = config_of(pool, checkpoint)
    dimension = whole(dimension, 0, config["model"]["latent_dim"] - 1, "The dimension")
    answer = {}
    tables = pool.profile(checkpoint, "mean_by_factor")
    for name, table in zip(WORLDS[config["data"]].FACTORS.names, tables, strict=True):
        answer[f"{config['data']} {name} mean"] = np.array(table, np.float32)[:, dimension]
        answer[f"{config['data']} {name} value"] = np.arange(len(table), dtype=np.float32)
    return answer


def config_of(pool: Pool, checkpoint: str) -> Config:
    """The config of a β-VAE of a rendered set, refused where the checkpoint is another."""
    config = pool.config(checkpoint)
    if not is_shown(config):
        raise Refused(f"{checkpoint} is not a β-VAE of a rendered set.")
    return config


def is_shown(config: Config) -> bool:
    """Whether a checkpoint is one for this tab."""
    return config["family"] == "beta_vae" and config["data"] in WORLDS


@dear("ten rows are 110 pictures: .04 to .2 s")
def grid_file(pool: Pool, checkpoint: str, z: list, dimensions: list, span: str) -> Answer:
    """The traversal grid as the bytes of a PNG."""
    some(dimensions)
    strips = traversals(pool, checkpoint, z, dimensions, span)["strips"]
    file = io.BytesIO()
    Image.fromarray(paste(strips, STEPS).squeeze()).save(file, "PNG")
    return {"file": np.frombuffer(file.getvalue(), np.uint8)}


@dear("480 pictures, and .1 to 1.4 s for the file")
def animation_file(kind: str, pool: Pool, checkpoint: str, z: list, dimensions: list, span: str) -> Answer:
    """The bytes of an animation: all shown dimensions go to and fro at once, side by side, each in its picture."""
    some(dimensions)
    latent_dim = config_of(pool, checkpoint)["model"]["latent_dim"]
    code, chosen = vector(z, latent_dim, LATENT_LIMIT)[0], indices(dimensions, latent_dim, "dimensions")
    low, high = ends(pool, checkpoint, span)
    values = np.linspace(low[chosen], high[chosen], ANIMATION, axis=1)
    pictures = decoded(pool, checkpoint, latent.traverse(code, chosen, values))
    rows = pictures.reshape(len(chosen), ANIMATION, *pictures.shape[1:])  # (rows, frames, C, H, W)
    forth = np.concatenate(list(rows), axis=-1)  # (frames, C, H, rows * W)
    return {"file": np.frombuffer(to_file(np.concatenate([forth, forth[-2:0:-1]]), kind, duration=60), np.uint8)}


def some(dimensions: list) -> None:
    """Refuse to make a file of nothing."""
    if dimensions == []:
        raise Refused("There is no active dimension to make a file of.")


HANDLERS = {
    "python": as_python.decoded,
    **{f"place_{data}": partial(place, data) for data in WORLDS},
    "encode": encode,
    "decode": decode,
    "traversals": traversals,
    "through": through,
    "knowledge": knowledge,
    "means": means,
    "grid_file": grid_file,
    **{f"{kind}_file": partial(animation_file, kind) for kind in KINDS},
}

MODEL = {"checkpoint": "checkpoint"}
FACTOR_NAMES = [(data, name) for data, world in WORLDS.items() for name in world.FACTORS.names]

RULES = [
    *(
        Rule(
            f"place_{data}",
            when={name: f"{data} {name}" for name in world.FACTORS.names},
            gives={"x": "x"},
            where={"data": data},
        )
        for data, world in WORLDS.items()
    ),
    Rule(
        "encode",
        when={**MODEL, "x": "x"},
        gives={"mu": "mu", "sigma": "sigma", "z": "z", "kl_each": "kl_each", "kl": "kl_sum"},
    ),
    Rule(
        "decode",
        when={"z": "z"},
        using={**MODEL, "x": "x"},
        gives={"x_hat": "x_hat", "reconstruction": "reconstruction"},
    ),
    Rule(
        "traversals",
        when={"z": "z", "dimensions": "dimensions", "span": "span"},
        using=MODEL,
        gives={name: name for name in ("strips", "low", "high")},
    ),
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
]

# The first input of dSprites is a large heart in the middle.
FIRST_FACTORS = (2, 5, 4, 16, 16)
HEART = dict(zip((f"dsprites {name}" for name in WORLDS["dsprites"].FACTORS.names), FIRST_FACTORS, strict=True))
HEART |= {"x source": {"data": "dsprites", "name": ""}}
STATE = {"span": "three", "hold": "x", "dimension": 0}


def comparison(names: list[str]) -> tuple[dict[str, str], list[Rule]]:
    """A key for each model's name, which never changes, and its rule."""
    keys = {f"model {i}": name for i, name in enumerate(names)}
    rules = [
        Rule(
            "through",
            when={"checkpoint": key, "x": "x", "z": "z", "hold": "hold"},
            using={"data": "data"},
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
    keys, rules = comparison(names)
    data = configs[names[0]]["data"]
    first = max(names, key=lambda name: (configs[name]["data"] == data, measured_gap(configs[name])))
    start = STATE | (HEART if data == "dsprites" else {}) | keys | {"checkpoint": first}
    scene(SCENE, start, RULES + rules, answers.facts(pool, names), as_python.CODE_SCENE)
    header(QUESTION, SCENE, names)
    models = {key: configs[name] for key, name in keys.items()}
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Traverse"):
            traversal_scene(SPANS)
        with gr.Tab("Through every β"):
            compare_scene(models)
        with gr.Tab("Which dimension knows what"):
            knowledge_scene(configs[first]["model"]["latent_dim"])
        with gr.Tab("What it costs"):
            price_scene(list(configs.values()))
    folds(pool, names, MATHS, SNIPPET)


def by_pressure(config: Config) -> tuple:
    """Orders models by picture set and β, those held at a capacity last."""
    return config.data, config.model["capacity"] is not None, config.model["beta"]


def measured_gap(config: Config) -> float:
    """MIG on the test set; 0 where it was not measured."""
    return config.test.get("mig", 0.0)
