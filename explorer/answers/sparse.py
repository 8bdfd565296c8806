"""What the sparse tab asks: a layer's activations, which units are active for a picture, and what the penalty costs."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from explorer.answers import as_python, common, units
from explorer.answers.common import Answer, Handlers
from explorer.compute.pictures import signed_to_bytes, to_bytes
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import Refused, number, picture, whole

ACTIVE = 0.5  # a sigmoid unit above it is counted as active
DEAD = 0.001  # mean activation below which a unit is active for no picture worth the name
NEAR = 0.2  # of ρ: within it a unit is as active as it is asked to be
BINS = 40  # of the histogram of mean activations
STRONGEST = 8  # units whose filters are shown for a picture
LARGEST_FACTOR = 5.0
LEAST_RHO, LARGEST_RHO = 0.01, 0.5


@gives(
    pictures="pictures cells strongest_filters",
    numbers="errors z numbers strongest strongest_z",
    number="change activation active mean",
)
def respond(pool: Pool, checkpoint: str, x: list, unit: int, factor: float) -> Answer:
    """A picture's activations, and its reconstruction as it is and with one of them multiplied."""
    model = one_layer(pool, checkpoint)
    pixels = picture(x, model["picture_shape"])
    unit = whole(unit, 0, model["hidden"][0] - 1, "The unit")
    factor = number(factor, 0, LARGEST_FACTOR, "The factor")
    z = pool.run(checkpoint, "encode", x=pixels)["z"]
    changed = z.copy()
    changed[0, unit] *= factor
    x_hat = common.decode_all(pool, checkpoint, np.concatenate([z, changed]))
    return {
        "pictures": to_bytes(np.concatenate([x_hat, 0.5 + (x_hat[1:] - x_hat[:1])])),  # the third is signed: grey is 0
        "errors": np.square(x_hat - pixels).sum((1, 2, 3)),
        "change": common.squared_error(x_hat[1], x_hat[0]),
        "activation": np.float32(z[0, unit]),
        **most_active(pool, checkpoint, z[0]),
    }


@gives(bytes="text")
def python(pool: Pool, checkpoint: str, x: list, unit: int, factor: float) -> Answer:
    """The scene as Python: the reconstruction, that with one activation multiplied, and their difference from grey."""
    model = one_layer(pool, checkpoint)
    return as_python.text(
        [
            as_python.model_line(pool, checkpoint),
            *as_python.picture_lines(x, pool.config(checkpoint)),
            "with torch.inference_mode():",
            "    z = model.encode(x)",
            "    changed = z.clone()",
            f"    changed[0, {whole(unit, 0, model['hidden'][0] - 1, 'The unit')}] *= "
            f"{number(factor, 0, LARGEST_FACTOR, 'The factor')}",
            "    x_hat = model.decode(torch.cat([z, changed]))",
            "    x_hat = torch.cat([x_hat, 0.5 + (x_hat[1:] - x_hat[:1])])",
        ]
    )


def most_active(pool: Pool, checkpoint: str, z: np.ndarray) -> Answer:
    """Activations (D,) as cells, how many are active, and the filters of the strongest."""
    strongest = np.argsort(-z, kind="stable")[:STRONGEST]
    weights = pool.run(checkpoint, "read_filters")["filters"][strongest]
    shape = pool.config(checkpoint).model["picture_shape"]
    return {
        "z": z,
        "cells": cells(z),
        "numbers": np.arange(len(z), dtype=np.float32),
        "active": np.float32((z > ACTIVE).sum()),
        "mean": np.float32(z.mean()),
        "strongest": strongest.astype(np.float32),
        "strongest_z": z[strongest],
        "strongest_filters": signed_to_bytes(weights.reshape(-1, *shape)),
    }


def cells(z: np.ndarray, side: int = 8, seam: int = 56) -> np.ndarray:
    """Activations (D,) as uint8 tiles (D, 1, side, side), with a grey seam on two sides that keeps them apart."""
    tiles = np.full((len(z), 1, side, side), seam, np.uint8)
    tiles[:, :, 1:, 1:] = to_bytes(z)[:, None, None, None]
    return tiles


@gives(numbers="at counts", number="target units near dead always_on")
def layer(pool: Pool, checkpoint: str) -> Answer:
    """How the units' mean activations over the test set lie about the target, and how many units miss it."""
    rho, means = one_layer(pool, checkpoint)["sparsity_target"], mean_activations(pool, checkpoint)
    counts, edges = np.histogram(means, bins=BINS, range=(0, max(2 * rho, means.max())))
    return {
        "at": (edges[:-1] + edges[1:]) / 2,
        "counts": counts.astype(np.float32),
        "target": np.float32(rho),
        "units": np.float32(len(means)),
        "near": np.float32((np.abs(means - rho) <= NEAR * rho).sum()),
        "dead": np.float32((means < DEAD).sum()),
        "always_on": np.float32((means > ACTIVE).sum()),
    }


@gives(numbers="rho_hat kl", number="sum minimum")
def penalty(pool: Pool, checkpoint: str, rho: float) -> Answer:
    """What each mean activation from 0 to 1 costs under a target, and what the model's units cost together, in nats."""
    rho = number(rho, LEAST_RHO, LARGEST_RHO, "ρ")
    rho_hat = np.linspace(0, 1, 401)
    return {
        "rho_hat": rho_hat,
        "kl": divergence(rho, rho_hat),
        "sum": np.float32(divergence(rho, mean_activations(pool, checkpoint)).sum()),
        "minimum": np.float32(rho),
    }


def divergence(rho: float, rho_hat: np.ndarray) -> np.ndarray:
    """KL in nats of a coin with rho_hat from one with rho; the ends are moved inwards, where it is still finite."""
    rho_hat = np.clip(rho_hat, 1e-6, 1 - 1e-6)
    return rho * np.log(rho / rho_hat) + (1 - rho) * np.log((1 - rho) / (1 - rho_hat))


def mean_activations(pool: Pool, checkpoint: str) -> np.ndarray:
    """Mean activation (D,) of each unit over the test set, as the training run wrote it down."""
    one_layer(pool, checkpoint)
    return np.array(pool.profile(checkpoint, "mean_activations"))


def one_layer(pool: Pool, checkpoint: str) -> Mapping[str, Any]:
    """The model's keywords, if it is a sparse autoencoder of one layer."""
    config = pool.config(checkpoint)
    if config.family != "sparse" or len(config.model["hidden"]) != 1:
        raise Refused(f"{checkpoint} is not a sparse autoencoder of one layer.")
    return config.model


HANDLERS: Handlers = {"python": python, "respond": respond, "layer": layer, "penalty": penalty, **units.HANDLERS}
