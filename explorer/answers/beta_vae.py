"""What the β-VAE's tab asks: rows of traversals, what each dimension knows of each factor, and files of both."""

import io
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from functools import partial
from statistics import NormalDist
from typing import cast

import numpy as np
from PIL import Image

from explorer.answers import as_python, common, vae
from explorer.answers.common import LATENT_LIMIT, Answer, Handlers
from explorer.checkpoint.config import Config
from explorer.compute import latent
from explorer.compute.latent import INACTIVE
from explorer.compute.likelihood import gaussian_kl
from explorer.compute.pictures import to_bytes
from explorer.data import own_samples
from explorer.data.contact_sheet import paste
from explorer.data.rendered_sets import WORLDS, scaled
from explorer.page.kinds import gives
from explorer.serve.animation import KINDS, to_file
from explorer.serve.pool import SLOTS, Pool
from explorer.serve.question import Refused, indices, one_of, picture, vector, whole
from explorer.serve.turns import dear, has_stepped_back, step_back

BLOCK = 7  # codes decoded at a time: more leave the processor’s cache, and fewer wait for each other
CORES, SPARE_CORES = ThreadPoolExecutor(SLOTS), ThreadPoolExecutor(SLOTS, initializer=step_back)
ROWS, FEWER, MANY = 8, 4, 6  # dimensions of each model side by side, and fewer of more models than that
ANIMATION = 24  # frames one way
SPANS = {"three": "μ of the prior ± 3 σ", "prior": "99 % of the prior", "posterior": "99 % of real codes"}
STEPS = 7  # tiles of a traversal: from −3 to 3 the whole numbers


@gives(pictures="x")
def render(data: str, pool: Pool, /, **factors: int) -> Answer:
    """The picture of a rendered set that has the values of these indices of its factors, by the factors' names."""
    world = WORLDS[data].FACTORS
    if factors.keys() != set(world.names):
        raise Refused(f"A picture of {data} is made from {', '.join(world.names)}.")
    row = [whole(factors[name], 0, size - 1, name) for name, size in zip(world.names, world.sizes, strict=True)]
    return {"x": scaled(WORLDS[data], world.to_indices(np.array([row])))[0]}


@gives(numbers="mu sigma z kl_each", number="kl")
def encode(pool: Pool, checkpoint: str, x: list) -> Answer:
    """Posterior of a picture, its mean as the code, and the KL in nats of each dimension."""
    pixels = picture(x, config_of(pool, checkpoint).model["picture_shape"])
    mu, log_var = (part[0] for part in pool.run(checkpoint, "posterior", x=pixels).values())
    kl = gaussian_kl(mu, log_var)
    return {"mu": mu, "sigma": np.exp(0.5 * log_var), "z": mu, "kl_each": kl, "kl": kl.sum()}


@gives(pictures="x_hat")
def decode(pool: Pool, checkpoint: str, z: list) -> Answer:
    """What a code stands for."""
    config_of(pool, checkpoint)
    return common.decode(pool, checkpoint, z)


@dear("ten rows are 110 pictures: .04 to .2 s", when=lambda pool, dimensions, **rest: len(dimensions) > ROWS)
@gives(pictures="strips", numbers="low high")
def traversals(pool: Pool, checkpoint: str, z: list, dimensions: list, span: str) -> Answer:
    """Pictures (dimensions * STEPS, C, H, W) while one dimension at a time runs over the span; its ends (D,)."""
    latent_dim = config_of(pool, checkpoint).model["latent_dim"]
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
    limits = np.full(config_of(pool, checkpoint).model["latent_dim"], limit, np.float32)
    return -limits, limits


def decoded(pool: Pool, checkpoint: str, z: np.ndarray) -> np.ndarray:
    """Pictures (N, C, H, W) from 0 to 255 of codes (N, D), a few at a time on every core."""
    blocks = [z[i : i + BLOCK] for i in range(0, max(len(z), 1), BLOCK)]
    contexts = [copy_context() for _ in blocks]  # in which each notices that the asker has left

    def work(context: Context, block: np.ndarray) -> np.ndarray:
        return to_bytes(context.run(common.decode_all, pool, checkpoint, block))

    cores = SPARE_CORES if has_stepped_back() else CORES
    return np.concatenate(list(cores.map(work, contexts, blocks)))


@gives(pictures="x_hat strips", numbers="kl")
def compare(pool: Pool, checkpoint: str, data: str, x: list, z: list, hold: str) -> Answer:
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
    if config.data != data:
        none = np.zeros((0, *config.model["picture_shape"]), np.uint8)
        return {"x_hat": none, "strips": none, "kl": np.zeros(0, np.float32)}
    if one_of(hold, ("x", "z"), "What is held") == "z":
        code = vector(z, config.model["latent_dim"], LATENT_LIMIT)[0]
    else:
        code = common.encode(pool, checkpoint, x)["z"]
    kl = np.array(pool.profile(checkpoint, "kl_per_dimension"), np.float32)
    beside = sum(pool.config(name).data == data for name in pool.names("beta_vae"))
    rows = ROWS if beside <= MANY else FEWER
    foremost = [dimension for dimension in np.argsort(-kl)[:rows].tolist() if kl[dimension] >= INACTIVE]
    values = np.tile(np.linspace(-3, 3, STEPS, dtype=np.float32), (len(foremost), 1))
    pictures = decoded(pool, checkpoint, np.concatenate([code[None], latent.traverse(code, foremost, values)]))
    return {"x_hat": pictures[0], "strips": pictures[1:], "kl": np.repeat(kl[foremost], STEPS)}


@gives(numbers="*information")
def knowledge(pool: Pool, checkpoint: str) -> Answer:
    """Mutual information (D, K) as a percentage of each factor's entropy, by the name of the picture set.

    Nothing where no factors are known.
    """
    config = config_of(pool, checkpoint)
    if config.data not in WORLDS:
        return {}
    information = np.array(pool.profile(checkpoint, "mutual_information"), np.float32)
    return {f"{config.data} information": 100 * information}


@gives(numbers="*mean *value")
def means(pool: Pool, checkpoint: str, dimension: int) -> Answer:
    """Mean of one dimension at each value of each factor: by set and factor (values,), and the values' numbers."""
    config = config_of(pool, checkpoint)
    dimension = whole(dimension, 0, config.model["latent_dim"] - 1, "The dimension")
    answer: Answer = {}
    if config.data not in WORLDS:
        return answer
    tables = pool.profile(checkpoint, "mean_by_factor")
    for name, table in zip(WORLDS[config.data].FACTORS.names, tables, strict=True):
        answer[f"{config.data} {name} mean"] = np.array(table, np.float32)[:, dimension]
        answer[f"{config.data} {name} value"] = np.arange(len(table), dtype=np.float32)
    return answer


def config_of(pool: Pool, checkpoint: str) -> Config:
    """The config of a β-VAE, refused where the checkpoint is another."""
    config = pool.config(checkpoint)
    if not is_shown(config):
        raise Refused(f"{checkpoint} is not a β-VAE.")
    return config


def is_shown(config: Config) -> bool:
    """Whether a checkpoint is one for this tab."""
    return config.family == "beta_vae" and (config.data in WORLDS or config.data in own_samples.SETS)


@dear("ten rows are 110 pictures: .04 to .2 s")
@gives(bytes="file")
def grid_file(pool: Pool, checkpoint: str, z: list, dimensions: list, span: str) -> Answer:
    """The traversal grid as the bytes of a PNG."""
    refuse_none(dimensions)
    strips = cast(np.ndarray, traversals(pool, checkpoint, z, dimensions, span)["strips"])
    file = io.BytesIO()
    Image.fromarray(paste(strips, STEPS).squeeze()).save(file, "PNG")
    return {"file": np.frombuffer(file.getvalue(), np.uint8)}


@dear("480 pictures, and .1 to 1.4 s for the file")
@gives(bytes="file")
def animation_file(kind: str, pool: Pool, checkpoint: str, z: list, dimensions: list, span: str) -> Answer:
    """The bytes of an animation: all shown dimensions go to and fro at once, side by side, each in its picture."""
    refuse_none(dimensions)
    latent_dim = config_of(pool, checkpoint).model["latent_dim"]
    code, chosen = vector(z, latent_dim, LATENT_LIMIT)[0], indices(dimensions, latent_dim, "dimensions")
    low, high = ends(pool, checkpoint, span)
    values = np.linspace(low[chosen], high[chosen], ANIMATION, axis=1)
    pictures = decoded(pool, checkpoint, latent.traverse(code, chosen, values))
    rows = pictures.reshape(len(chosen), ANIMATION, *pictures.shape[1:])  # (rows, frames, C, H, W)
    forth = np.concatenate(list(rows), axis=-1)  # (frames, C, H, rows * W)
    return {"file": np.frombuffer(to_file(np.concatenate([forth, forth[-2:0:-1]]), kind, duration=60), np.uint8)}


def refuse_none(dimensions: list) -> None:
    """Refuse to make a file of nothing."""
    if dimensions == []:
        raise Refused("There is no active dimension to make a file of.")


HANDLERS: Handlers = {
    "python": as_python.decoded,
    **{f"place_{data}": partial(render, data) for data in WORLDS},
    "encode": encode,
    "decode": decode,
    "judge": vae.judge,
    "traversals": traversals,
    "through": compare,
    "knowledge": knowledge,
    "means": means,
    "grid_file": grid_file,
    **{f"{kind}_file": partial(animation_file, kind) for kind in KINDS},
}
