"""What the k-sparse tab asks: the active units of a picture, their atoms one by one, and what classes share."""

from typing import NamedTuple

import numpy as np

from explorer.answers import as_python, units
from explorer.answers.common import DIGITS, Answer, Handlers
from explorer.answers.several import ask_each, of_all_sets, of_set, stacked
from explorer.checkpoint.config import Config
from explorer.checkpoint.keywords import WIDEST
from explorer.compute.pictures import signed_to_bytes, to_bytes
from explorer.data import sample_sheets
from explorer.metrics.overlap import jaccard
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import one_of, picture, whole

ATLASES = 8  # models whose filters are shown: the app has four
CODE_COLUMNS = 40  # of the picture of a code
STRIP = 20  # atoms shown one by one
STRONGEST = 6  # atoms shown for each of all models


class Active(NamedTuple):
    """What is active for one picture, strongest first."""

    amounts: np.ndarray  # (k,), falling; they may be negative where k is large
    units: np.ndarray  # (k,)
    atoms: np.ndarray  # (k, pixels), rows of the weights
    centre: np.ndarray  # (pixels,)

    def x_hat(self, count: int | None = None) -> np.ndarray:
        """What the first count atoms make, all of them by default: flat pixels in [0, 1]."""
        return (self.centre + self.amounts[:count] @ self.atoms[:count]).clip(0, 1)


@gives(pictures="maps strongest x_hat", numbers="error count")
def compare(pool: Pool, x: list, k: int, data: str = DIGITS) -> Answer:
    """Code maps, strongest atoms and reconstructions of one picture by all models of its set, in their order.

    Arguments:
        pool: The checkpoints.
        x: Pixels from 0 to 255.
        k: Units that are active in each model; 0 is each model's own number.
        data: The picture set.
    """
    names = models(pool, data)
    shape = pool.config(names[0]).model["picture_shape"]
    pixels = picture(x, shape)
    most = max(units.number_of_units(pool.config(name)) for name in names)

    def ask(name: str) -> Answer:
        active = find_active(pool, name, pixels, k)
        x_hat = active.x_hat()
        return {
            "maps": units.code_picture(code_map(active, most)[None], CODE_COLUMNS)[0],
            "strongest": in_a_row(active.atoms[:STRONGEST], shape),
            "x_hat": to_bytes(x_hat.reshape(shape)),
            "error": np.square(x_hat - pixels.ravel()).sum(),
            "count": np.float32(len(active.units)),
        }

    answers, problems = ask_each(names, ask)
    return {**stacked(answers), **problems}


@gives(pictures="strip partial added", numbers="amounts units added_unit axis errors", number="amount error n count")
def atoms(pool: Pool, checkpoint: str, x: list, k: int, n: int) -> Answer:
    """The atoms that are active for a picture, and what the first n of them make; beyond k, n is k.

    Arguments:
        pool: The checkpoints.
        checkpoint: The model.
        x: Pixels from 0 to 255.
        k: Active units; 0 is the model's own number.
        n: Atoms added.
    """
    config = pool.config(one_of(checkpoint, every_model(pool), "The model"))
    shape = config.model["picture_shape"]
    pixels = picture(x, shape)
    active = find_active(pool, checkpoint, pixels, k)
    count = len(active.units)
    n = min(whole(n, 0, WIDEST, "The number of atoms"), count)
    sums = np.vstack([np.zeros_like(active.centre), np.cumsum(active.amounts[:, None] * active.atoms, axis=0)])
    partial = (active.centre + sums).clip(0, 1)  # (k + 1, pixels): with no atom, with one, …
    errors = np.square(partial - pixels.ravel()).sum(1)
    added = active.atoms[n - 1 : n] if n else np.zeros_like(active.atoms[:1])  # without an atom a grey picture
    return {
        "strip": signed_to_bytes(active.atoms[:STRIP].reshape(-1, *shape)),
        "amounts": active.amounts[:STRIP],
        "units": active.units[:STRIP].astype(np.float32),
        "partial": to_bytes(partial[n].reshape(shape)),
        "added": signed_to_bytes(added.reshape(1, *shape)),
        "added_unit": active.units[max(n, 1) - 1 : max(n, 1)].astype(np.float32),
        "amount": np.float32(active.amounts[n - 1] if n else 0),
        "error": errors[n],
        "n": np.float32(n),
        "count": np.float32(count),
        "axis": np.arange(count + 1, dtype=np.float32),
        "errors": errors,
    }


@gives(pictures="kept_x_hat all_x_hat", numbers="axis kept cut", number="k kept_error all_error")
def cut(pool: Pool, checkpoint: str, x: list, k: int) -> Answer:
    """All activations of a picture, sorted and cut: the largest k stay, the rest is set to 0.

    Arguments:
        pool: The checkpoints.
        checkpoint: The model.
        x: Pixels from 0 to 255.
        k: Units that stay; 0 is the model's own number.

    Returns:
        axis, 1 to the number of units D; kept and cut (D,), the activations from the largest down, each 0 where the
        other has them; kept_x_hat and all_x_hat, what the kept ones make and what all would, with their squared errors.
    """
    config = pool.config(one_of(checkpoint, every_model(pool), "The model"))
    count, shape = units.number_of_units(config), config.model["picture_shape"]
    pixels = picture(x, shape)
    k = kept(config, k)
    every = find_active(pool, checkpoint, pixels, count)
    stays = np.arange(count) < k
    answer: Answer = {
        "axis": np.arange(1, count + 1, dtype=np.float32),
        "kept": np.where(stays, every.amounts, 0).astype(np.float32),
        "cut": np.where(stays, 0, every.amounts).astype(np.float32),
        "k": np.float32(k),
    }
    for name, last in (("kept", k), ("all", count)):
        x_hat = every.x_hat(last)
        answer |= {
            f"{name}_x_hat": to_bytes(x_hat.reshape(shape)),
            f"{name}_error": np.square(x_hat - pixels.ravel()).sum(),
        }
    return answer


@gives(pictures="filters_*", numbers="units_*")
def atlases(pool: Pool, page: int, data: str = DIGITS) -> Answer:
    """A page of the filters of each model of a picture set, and the numbers of their units."""
    return units.atlases(pool, models(pool, data)[:ATLASES], page)


@gives(numbers="overlap")
def overlap(pool: Pool, checkpoint: str) -> Answer:
    """Units that two shipped pictures share, of those that are active for either: mean per cent by classes (K, K)."""
    data = sample_sheets.load(pool.config(one_of(checkpoint, every_model(pool), "The model")).data)
    labels, pictures = data.labels, data.pictures.astype(np.float32) / 255
    shares = jaccard(pool.run(checkpoint, "encode", x=pictures)["z"] != 0)
    np.fill_diagonal(shares, 0)  # a picture is not compared with itself
    member = np.eye(len(data.class_names), dtype=np.float32)[labels]  # (N, K)
    counts = member.sum(0)
    pairs = np.outer(counts, counts) - np.diag(counts)
    return {"overlap": (100 * member.T @ shares @ member / np.maximum(pairs, 1)).astype(np.float32)}


def find_active(pool: Pool, checkpoint: str, x: np.ndarray, k: int) -> Active:
    """The k units with the largest signed activations; with k = 0 as many as the model was trained for.

    Arguments:
        pool: The checkpoints.
        checkpoint: The model.
        x: One picture (1, C, H, W) in [0, 1].
        k: What the page sent; it is checked here.
    """
    config = pool.config(one_of(checkpoint, every_model(pool), "The model"))
    active = pool.run(checkpoint, "sparsify", x=x, k=kept(config, k))
    return Active(active["amounts"][0], active["units"][0], active["atoms"][0], active["centre"])


def kept(config: Config, k: int) -> int:
    """How many units stay active where the page asks for k: 0 is the model's own number, and no more than it has."""
    return min(whole(k, 0, WIDEST, "k"), units.number_of_units(config)) or config.model["k"]


@gives(bytes="text")
def python(pool: Pool, x: list, k: int, data: str = DIGITS) -> Answer:
    """The scene as Python: the picture by all models of its set, with k units or each with its own number."""
    names = models(pool, data)
    configs = [pool.configs[name] for name in names]
    active = {name: kept(config, k) for name, config in zip(names, configs, strict=True)}
    return as_python.text(
        [
            *as_python.picture_lines(x, configs[0]),
            "x_hats = []",
            *as_python.for_each(
                pool, f"name, k in {active}.items()", "x_hats.append(model.decode(model.encode_with(x, k)))"
            ),
            "x_hat = torch.cat(x_hats)",
        ]
    )


def code_map(active: Active, size: int) -> np.ndarray:
    """A code (size,) relative to its largest activation; what is inactive or negative is 0."""
    code = np.zeros(size, np.float32)
    code[active.units] = np.maximum(active.amounts, 0) / max(active.amounts[0], 1e-12)
    return code


def in_a_row(atoms: np.ndarray, shape: list[int]) -> np.ndarray:
    """Up to STRONGEST atoms as one picture (C, H, STRONGEST * W); where there are fewer, the rest is black."""
    channels, height, width = shape
    row = np.zeros((STRONGEST, *shape), np.uint8)
    row[: len(atoms)] = signed_to_bytes(atoms.reshape(-1, *shape))
    return row.transpose(1, 2, 0, 3).reshape(channels, height, STRONGEST * width)


def models(pool: Pool, data: str) -> list[str]:
    """The k-sparse checkpoints of a picture set, the smallest k first."""
    return of_set(pool, "k_sparse", data, lambda name: pool.configs[name].model["k"])


def every_model(pool: Pool) -> list[str]:
    """Those of all picture sets."""
    return of_all_sets(pool, "k_sparse", models)


HANDLERS: Handlers = {
    "python": python,
    "compare": compare,
    "atoms": atoms,
    "cut": cut,
    "atlases": atlases,
    "overlap": overlap,
    **units.HANDLERS,
}
