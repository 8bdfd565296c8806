"""Questions that several tabs ask of a model: functions of their arguments and of read-only weights.

Each takes the pool and what the page sent, checks it, and returns arrays.
"""

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np

from explorer.checkpoint.config import Config
from explorer.compute import corruption, latent
from explorer.compute.pictures import to_bytes
from explorer.data import sample_sheets
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import Pointed, Refused, indices, number, one_of, picture, vector, whole

LATENT_LIMIT = 1000.0  # far outside any model's codes; it keeps a wild value from overflowing
STEPS = 11  # tiles of a traversal
HOLE_CELLS = 60  # of the plane in a row
PRIOR_RANGE = 3.0  # deviations of the prior a slider covers

DIGITS = "mnist"
DIGIT = (1, 28, 28)
PICTURE_SLACK = 4.0  # how far noise may carry a pixel out of [0, 1]
LARGEST_SEED = 2**31

Answer = dict[str, np.ndarray | np.floating]  # a single number is a scalar of NumPy's
Handlers = dict[str, Callable[..., Answer]]  # a tab's answers by name


@gives(numbers="z")
def encode(pool: Pool, checkpoint: Pointed, x: list) -> Answer:
    """The code of a picture: z (D,)."""
    pixels = picture(x, pool.config(checkpoint).model["picture_shape"])
    return {"z": pool.run(checkpoint, "encode", x=pixels)["z"][0]}


@gives(pictures="x_hat")
def decode(pool: Pool, checkpoint: Pointed, z: list) -> Answer:
    """What a code stands for: x_hat (1, C, H, W)."""
    code = vector(z, pool.config(checkpoint).model["latent_dim"], LATENT_LIMIT)
    return {"x_hat": to_bytes(decode_all(pool, checkpoint, code))}


@gives(number="error distance")
def judge(pool: Pool, checkpoint: Pointed, z: list, x: list) -> Answer:
    """How far a code's picture is from the input, and the code from a real one."""
    model = pool.config(checkpoint).model
    code = vector(z, model["latent_dim"], LATENT_LIMIT)
    answer: Answer = {"error": squared_error(decode_all(pool, checkpoint, code), picture(x, model["picture_shape"]))}
    with contextlib.suppress(Refused):  # without its codes a model still decodes; what draws them says what is missing
        codes = pool.codes(checkpoint)
        answer["distance"] = latent.nearest_distance(code, codes["train_codes"])[0] / codes["hole_radius"]
    return answer


@gives(numbers="codes labels view holes")
def plane(pool: Pool, checkpoint: Pointed) -> Answer:
    """The plane of a two-dimensional model: codes of test pictures with labels, the square shown, and its holes.

    A model with another number of dimensions has no plane: the arrays are empty.
    """
    if pool.config(checkpoint).model["latent_dim"] != 2:
        empty = np.zeros(0, np.uint8)
        return {"codes": np.zeros((0, 2), np.float32), "labels": empty, "view": np.zeros(3, np.float32), "holes": empty}
    codes = pool.codes(checkpoint)
    square = latent.view(codes["test_codes"])
    return {
        "codes": codes["test_codes"],
        "labels": codes["test_labels"],
        "view": square,
        "holes": latent.holes(codes["train_codes"], codes["hole_radius"], square, HOLE_CELLS),
    }


@gives(pictures="strips", numbers="low high")
def traversals(pool: Pool, checkpoint: Pointed, z: list, dimensions: list) -> Answer:
    """Pictures (dimensions * STEPS, C, H, W) while one dimension at a time runs over where its codes lie."""
    latent_dim = pool.config(checkpoint).model["latent_dim"]
    code = vector(z, latent_dim, LATENT_LIMIT)[0]
    chosen = indices(dimensions, latent_dim, "dimensions")
    low, high = slider_ranges(pool, checkpoint)
    values = np.linspace(low[chosen], high[chosen], STEPS, axis=1)
    points = latent.traverse(code, chosen, values)
    return {"strips": to_bytes(decode_all(pool, checkpoint, points)), "low": low, "high": high}


def slider_ranges(pool: Pool, checkpoint: str) -> tuple[np.ndarray, np.ndarray]:
    """Ends (D,) of the sliders: those of the prior where there is one, else where test codes lie."""
    if "kl_per_dimension" in pool.config(checkpoint).profile:
        limit = np.full(pool.config(checkpoint).model["latent_dim"], PRIOR_RANGE, np.float32)
        return -limit, limit
    codes = pool.codes(checkpoint)
    return codes["low"], codes["high"]


@gives(pictures="x_tilde")
def corrupt(pool: Pool, x: list, kind: str, level: float, seed: int, data: str = DIGITS) -> Answer:
    """A picture of a set, spoilt: x_tilde (C, H, W) as float32 on the scale of 0 to 255, which noise may leave."""
    level = number(level, 0, 1, "The level")
    kind = one_of(kind, corruption.LABELS, "The corruption")
    x_tilde = corruption.corrupt(picture(x, shape_of(data)), kind, level, whole(seed, 0, LARGEST_SEED, "The seed"))
    return {"x_tilde": 255 * x_tilde[0].clip(-PICTURE_SLACK, 1 + PICTURE_SLACK)}


def shape_of(data: Any) -> tuple[int, int, int]:
    """Channels, height and width of the pictures of a set; another name is refused."""
    shape = sample_sheets.shape(data) if isinstance(data, str) else None
    if shape is None:
        raise Refused(f"There are no pictures of {str(data)[:40]!r}.")
    return shape


def decode_all(pool: Pool, checkpoint: str, z: np.ndarray) -> np.ndarray:
    """Pictures (B, C, H, W) in [0, 1] of codes (B, D)."""
    return pool.run(checkpoint, "decode", z=z)["x_hat"]


def squared_error(x_hat: np.ndarray, x: np.ndarray) -> np.float32:
    """Squared error of one picture, summed over its pixels."""
    return np.float32(np.square(x_hat - x).sum())


def facts(pool: Pool, names: list[str]) -> dict[str, dict[str, Any]]:
    """What the page has to know of each checkpoint before it asks anything."""
    return {name: fact(pool.config(name)) for name in names}


def fact(config: Config) -> dict[str, Any]:
    """Picture set, size of the code, and the KL of its dimensions, by which they are ordered; None without a prior."""
    kl = config.profile.get("kl_per_dimension")
    return {"data": config.data, "latent_dim": config.model["latent_dim"], "kl": kl}
