"""Units of a first layer, for the tabs that show filters: functions of the pool and of what the page sent.

A unit's pictures are those of its set that the app has: of its own sets 500.
"""

from typing import Any

import numpy as np

from explorer.answers.common import Answer, Handlers
from explorer.answers.several import ask_each
from explorer.checkpoint.config import Config
from explorer.compute.pictures import signed_to_bytes, to_bytes
from explorer.data import sample_sheets
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import Refused, whole

ATLAS = 100  # filters shown at a time
TOP = 10  # pictures on a unit's card
BINS = 30  # of a unit's histogram
FAMILIES = ("denoising", "sparse", "k_sparse", "contractive")


@gives(pictures="filters", numbers="units")
def filters(pool: Pool, checkpoint: str, page: int) -> Answer:
    """The filters (ATLAS, C, H, W) of a page of units, each scaled to its own largest value, and their numbers."""
    count = number_of_units(with_filters(pool, checkpoint))
    pages = -(-count // ATLAS)
    first = whole(page, 0, 10**6, "The page") % pages * ATLAS
    chosen = np.arange(first, min(first + ATLAS, count))
    return {"filters": filter_pictures(pool, checkpoint, chosen), "units": chosen.astype(np.float32)}


def atlases(pool: Pool, names: list[str], page: int) -> Answer:
    """A page of the filters of several models; the names of the arrays end in the model's place, _0, _1, …"""
    answers, answer = ask_each(names, lambda name: filters(pool, name, page))
    for slot, part in enumerate(answers):
        answer |= {f"{key}_{slot}": value for key, value in part.items()}
    return answer


@gives(pictures="filter top", numbers="top_activations spread_at spread", number="mean deviation")
def unit(pool: Pool, checkpoint: str, unit: int) -> Answer:
    """A unit's card: its filter, the pictures that excite it most, and how its activations are spread."""
    config = with_filters(pool, checkpoint)
    unit = whole(unit, 0, number_of_units(config) - 1, "The unit")
    values = activations(pool, checkpoint)[:, unit]
    top = np.argsort(-values, kind="stable")[:TOP]
    shares, edges = np.histogram(values, bins=BINS)
    return {
        "filter": filter_pictures(pool, checkpoint, np.array([unit])),
        "top": sample_sheets.load(config.data).pictures[top],
        "top_activations": values[top].astype(np.float32),
        "spread_at": ((edges[:-1] + edges[1:]) / 2).astype(np.float32),
        "spread": (shares / len(values)).astype(np.float32),
        "mean": np.float32(values.mean()),
        "deviation": np.float32(values.std()),
    }


def filter_pictures(pool: Pool, checkpoint: str, chosen: np.ndarray) -> np.ndarray:
    """What the chosen units answer to, as uint8 pictures (N, C, H, W); mid-grey is 0.

    Each weight is multiplied by its pixel's deviation: at the border, where digits never are, weights stay what they
    were at the start of the training and say nothing.
    """
    config = pool.config(checkpoint)
    shape = config.model["picture_shape"]
    weights = pool.run(checkpoint, "read_filters")["filters"][chosen].reshape(-1, *shape)
    return signed_to_bytes(weights * sample_sheets.load(config.data).pictures.std(0))


def activations(pool: Pool, checkpoint: str) -> np.ndarray:
    """Activations (500, units) of the first layer for the shipped pictures."""
    pictures = sample_sheets.load(pool.config(checkpoint).data).pictures.astype(np.float32) / 255
    return pool.run(checkpoint, "units", x=pictures)["z"]


def with_filters(pool: Pool, checkpoint: Any) -> Config:
    """The config of a model whose first layer has a filter for each unit; another one is refused."""
    config = pool.config(checkpoint)
    if config.family not in FAMILIES or config.model.get("channels"):
        raise Refused(f"{checkpoint} has no units with filters.")
    return config


def number_of_units(config: Config) -> int:
    """Units of the first layer."""
    model = config.model
    return model["hidden"][0] if "hidden" in model else model["latent_dim"]


def code_picture(codes: np.ndarray, columns: int) -> np.ndarray:
    """Codes (B, D) in [0, 1] as uint8 pictures (B, 1, rows, columns), unit by unit; missing cells are 0."""
    rows = -(-codes.shape[1] // columns)
    cells = np.zeros((len(codes), rows * columns), np.float32)
    cells[:, : codes.shape[1]] = codes
    return to_bytes(cells.reshape(len(codes), 1, rows, columns))


HANDLERS: Handlers = {"filters": filters, "unit": unit}
