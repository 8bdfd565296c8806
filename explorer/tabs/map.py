"""Map: a model's whole latent space as a plane of 10,000 test pictures, and two such planes side by side."""

from typing import Any

import gradio as gr
import numpy as np

from explorer import answers, maps, projection
from explorer.answers import LATENT_LIMIT, Answer
from explorer.data import atlas, sample_sheets
from explorer.pictures import to_bytes
from explorer.pool import Pool
from explorer.question import Refused, indices, number, one_of, picture, vector, whole
from explorer.tabs.frame import folds
from explorer.tabs.map_scenes import (
    METRIC_NAMES,
    MOST_NEIGHBOURS,
    NEIGHBOURS,
    PLANES,
    SCENE,
    another_scene,
    model_controls,
    one_scene,
    own_scene,
    two_scene,
)
from explorer.turns import dear
from explorer.umap_jobs import Jobs
from explorer.widgets.scene import Rule, scene

TITLE = "Map"
QUESTION = "What lies next to what in a model’s code?"

AMOUNT = 3.0  # of the attribute vector, either way
LARGEST_SEED = 1_000_000
MEMBERS = 8  # pictures shown of a lasso
MOST_LATENTS = 64  # that a map is coloured by
JOBS = Jobs()
ENCODING = "10,000 pictures are encoded once for each model: .3 to 1 s"

MATHS = r"""
**PCA** is the plane in which the codes vary most: the two leading eigenvectors of their covariance. **UMAP** keeps
neighbours: it joins each code to its nearest ones, lets joined points attract and others repel each other in the plane,
and says little about large distances. Codes of more than 50 numbers are first reduced to 50 by PCA.
Models whose codes are grids of numbers out of a book, and beliefs about sequences, have no map.

Two planes are comparable only up to a motion. Procrustes finds the rotation or reflection $R$, the scale $s$ and the
shift $t$ that bring the second nearest to the first:
$$\min_{s, R, t} \sum_i \lVert s\, b_i R + t - a_i \rVert^2 \qquad (B - \bar b)^\top (A - \bar a) = U \Sigma V^\top,
\quad R = U V^\top,\quad s = \frac{\operatorname{tr} \Sigma}{\sum_i \lVert b_i - \bar b \rVert^2}$$

The attribute vector of two selections is the difference of their mean codes; it is added to the code of a picture:
$$@z' = @z + t\, (\bar{@z}_B - \bar{@z}_A)$$

*McInnes et al., UMAP (2018); Schönemann, A generalized solution of the orthogonal Procrustes problem (1966); White,
Sampling Generative Networks (2016).*
"""

SNIPPET = """
from pathlib import Path

import numpy as np
from PIL import Image

from explorer.checkpoint import load_map
from explorer.data import atlas

kept = load_map(Path("checkpoints/autoencoder/mnist-30d"))
plane, tiles = kept["umap"], atlas.load("mnist")[:, 0]  # (10000, 2) and (10000, 28, 28)
low, high = plane.min(0), plane.max(0)
sheet = np.zeros((1028, 1028), np.uint8)
for (x, y), tile in zip((plane - low) / (high - low), tiles):
    row, column = int(1000 * (1 - y)), int(1000 * x)
    np.maximum(sheet[row : row + 28, column : column + 28], tile, out=sheet[row : row + 28, column : column + 28])
Image.fromarray(sheet).save("map.png")
""".strip()


def no_plane(pool: Pool, checkpoint: str, plane: str, other: str | None = None) -> bool:
    """Whether the plane of a model has to be made first."""
    models = [checkpoint] if other is None else [checkpoint, other]
    return plane == "flat" and not all(maps.is_ready(pool, name, "flat") for name in models)


def no_codes(pool: Pool, checkpoint: str, plane: str = "umap", **rest: Any) -> bool:
    """Whether the codes of a model have to be made first, or its plane."""
    return not maps.is_ready(pool, checkpoint) or no_plane(pool, checkpoint, plane)


@dear(ENCODING, when=no_plane)
def points(pool: Pool, checkpoint: str, plane: str) -> Answer:
    """Where the test pictures lie in a plane of a model."""
    return {"points": maps.plane(pool, known(pool, checkpoint), one_of(plane, PLANES, "The plane"))}


def shipped(pool: Pool, checkpoint: str) -> Answer:
    """Where the test pictures lie in the UMAP that was made with the model."""
    return points(pool, checkpoint, "umap")


@dear(ENCODING, when=no_plane)
def beside(pool: Pool, checkpoint: str, other: str, plane: str) -> Answer:
    """Where they lie in a second model's plane, after it is turned, scaled and shifted onto the first one's."""
    if pool.config(known(pool, other))["data"] != pool.config(known(pool, checkpoint))["data"]:
        raise Refused("Only models of the same pictures can be laid over each other.")
    kind = one_of(plane, PLANES, "The plane")
    first, second = maps.plane(pool, checkpoint, kind), maps.plane(pool, other, kind)
    return {"points": projection.alignment(second, first)(second).astype(np.float32)}


@dear(ENCODING, when=no_codes)
def colouring(pool: Pool, checkpoint: str, colour: str) -> Answer:
    """The number that colours each picture, and how many classes the numbers are of: 0 for quantities."""
    data = pool.config(known(pool, checkpoint))["data"]
    kind, _, index = one_of(colour, colours(pool, checkpoint), "The colour").partition(" ")
    if kind == "class":
        values, classes = atlas.labels(data), len(sample_sheets.load(data).class_names)
    elif kind == "error":
        values, classes = pool.map(checkpoint)["error"], 0
    elif kind == "factor":
        values, classes = atlas.factors(data)[:, int(index)], 0
    else:
        values, classes = maps.codes(pool, checkpoint)[:, int(index)], 0
    return {"values": values.astype(np.float32), "classes": np.float32(classes)}


@dear(ENCODING, when=no_codes)
def point(pool: Pool, checkpoint: str, index: int) -> Answer:
    """A test picture, what the model makes of it, and the pictures whose codes lie nearest to its own."""
    codes, data = maps.codes(pool, known(pool, checkpoint)), pool.config(checkpoint)["data"]
    index = whole(index, 0, len(codes) - 1, "The picture")
    near = projection.nearest(codes[index], codes, NEIGHBOURS + 1)
    near = near[near != index][:NEIGHBOURS]
    x = atlas.pictures(data, np.array([index]))
    return {
        "x": x[0],
        **seen(pool, checkpoint, x.astype(np.float32) / 255),
        "label": np.float32(atlas.labels(data)[index]),
        "factors": atlas.factors(data)[index],
        "neighbours": near.astype(np.float32),
        "near": atlas.pictures(data, near),
    }


def seen(pool: Pool, checkpoint: str, x: np.ndarray) -> Answer:
    """Code, reconstruction and squared error of one picture (1, C, H, W)."""
    z, x_hat = pool.compute(checkpoint, encode_and_decode, x)
    return {"z": z[0], "x_hat": to_bytes(x_hat[0]), "error": answers.squared_error(x_hat, x)}


def encode_and_decode(model: Any, x: Any) -> tuple:
    z = model.encode(x)
    return z, model.decode(z)


@dear(ENCODING, when=no_codes)
def group(pool: Pool, checkpoint: str, chosen: list) -> Answer:
    """What the pictures within a lasso have in common: their mean, and what their mean code stands for.

    Of no pictures there are none: means and members have a length of 0.
    """
    members = selection(pool, checkpoint, chosen, "The lasso")
    data = pool.config(checkpoint)["data"]
    if not len(members):
        none = no_pictures(pool, checkpoint)
        return {"means": none, "members": none, "count": np.float32(0)}
    mean = maps.codes(pool, checkpoint)[members].mean(0, keepdims=True)
    decoded = answers.decode_all(pool, checkpoint, mean)[0]  # (C, H, W)
    means = np.stack([maps.mean_picture(data, members, decoded.shape[-1]) / 255, decoded])
    some = members[np.linspace(0, len(members) - 1, min(MEMBERS, len(members))).astype(int)]
    return {"means": to_bytes(means), "members": atlas.pictures(data, some), "count": np.float32(len(members))}


@dear(ENCODING, when=no_codes)
def direction(pool: Pool, checkpoint: str, a: list, b: list) -> Answer:
    """The attribute vector (D,): from the mean code of one selection to that of another; (0,) where one is empty."""
    chosen = [selection(pool, checkpoint, members, f"Lasso {name}") for members, name in ((a, "A"), (b, "B"))]
    if not all(map(len, chosen)):
        return {"direction": np.zeros(0, np.float32)}
    first, second = (maps.codes(pool, checkpoint)[members].mean(0) for members in chosen)
    return {"direction": second - first}


@dear(ENCODING, when=no_codes)
def steer(pool: Pool, checkpoint: str, z: list, direction: list, amount: float) -> Answer:
    """The picture of a code after so many attribute vectors are added to it; none without such a vector."""
    if direction == []:
        return {"x_hat": no_pictures(pool, checkpoint)}
    size = maps.codes(pool, known(pool, checkpoint)).shape[1]
    code = vector(z, size, LATENT_LIMIT)
    step = number(amount, -AMOUNT, AMOUNT, "The amount") * vector(direction, size, LATENT_LIMIT, "The direction")
    return {"x_hat": to_bytes(answers.decode_all(pool, checkpoint, (code + step).astype(np.float32)))}


@dear(ENCODING, when=no_codes)
def place(pool: Pool, checkpoint: str, plane: str, x: list) -> Answer:
    """Where a picture of one's own belongs: amid the test pictures whose codes lie nearest to its code."""
    pixels = picture(x, pool.config(known(pool, checkpoint))["model"]["picture_shape"])
    answer, codes = seen(pool, checkpoint, pixels), maps.codes(pool, checkpoint)
    near = projection.nearest(answer["z"], codes, NEIGHBOURS)
    positions = maps.plane(pool, checkpoint, one_of(plane, PLANES, "The plane"))
    return {
        "place": projection.place(answer["z"], codes, positions, NEIGHBOURS),
        "x_hat": answer["x_hat"],
        "error": answer["error"],
        "neighbours": near.astype(np.float32),
        "near": atlas.pictures(pool.config(checkpoint)["data"], near),
    }


@dear(ENCODING, when=no_codes)
def another(pool: Pool, checkpoint: str, neighbours: int, min_dist: float, metric: str, seed: int) -> Answer:
    """How far a UMAP of one's own is, and where the pictures lie once it is made; to be asked until then.

    The progress is the share of epochs done, or -1 while somebody else's is made.
    """
    options = umap_options(neighbours, min_dist, metric, seed)
    known(pool, checkpoint)
    status = JOBS.ask((checkpoint, *options.values()), lambda: maps.codes(pool, checkpoint), options)
    progress = {"progress": np.float32(status.progress)}
    if status.plane is None:
        return progress
    before = maps.plane(pool, checkpoint, "umap")  # laid over it, so that what moved is visible
    return progress | {"points": projection.alignment(status.plane, before)(status.plane).astype(np.float32)}


def stop(pool: Pool, checkpoint: str, neighbours: int, min_dist: float, metric: str, seed: int) -> Answer:
    """Give a UMAP up."""
    JOBS.stop((known(pool, checkpoint), *umap_options(neighbours, min_dist, metric, seed).values()))
    return {"stopped": np.float32(1)}


def umap_options(neighbours: int, min_dist: float, metric: str, seed: int) -> dict[str, Any]:
    """Keywords of projection.umap_plane, checked."""
    return {
        "neighbours": whole(neighbours, 2, MOST_NEIGHBOURS, "The number of neighbours"),
        "min_dist": round(number(min_dist, 0, 1, "The least distance"), 3),
        "metric": one_of(metric, METRIC_NAMES, "The metric"),
        "seed": whole(seed, 0, LARGEST_SEED, "The seed"),
    }


def known(pool: Pool, checkpoint: Any) -> str:
    """The name of a checkpoint that has a map."""
    return one_of(checkpoint, maps.names(pool), "The model")


def no_pictures(pool: Pool, checkpoint: str) -> np.ndarray:
    """None of a model's pictures: uint8 (0, C, H, W)."""
    return np.zeros((0, *pool.config(known(pool, checkpoint))["model"]["picture_shape"]), np.uint8)


def selection(pool: Pool, checkpoint: str, chosen: list, name: str) -> np.ndarray:
    """Indices of some test pictures."""
    return np.array(indices(chosen, len(maps.codes(pool, known(pool, checkpoint))), name), int)


def colours(pool: Pool, checkpoint: str) -> dict[str, str]:
    """What the map of a model can be coloured by: what the page sends, and what it is called."""
    config = pool.config(checkpoint)
    latents = config.model.get("latent_dim", MOST_LATENTS + 1)
    return {
        "class": "class",
        "error": "error",
        **{f"factor {i}": name for i, name in enumerate(atlas.factor_names(config["data"]))},
        **({f"latent {i}": f"z{i}" for i in range(latents)} if latents <= MOST_LATENTS else {}),
    }


HANDLERS = {
    "points": points,
    "shipped": shipped,
    "beside": beside,
    "colouring": colouring,
    "point": point,
    "group": group,
    "direction": direction,
    "steer": steer,
    "place": place,
    "another": another,
    "stop": stop,
}

MODEL = {"checkpoint": "checkpoint"}
OWN = ("place", "x_hat", "error", "neighbours", "near")

RULES = [
    Rule("points", when={**MODEL, "plane": "plane"}, gives={"points": "points"}),
    # Where no UMAP of one's own is made yet, the shipped plane stands in for it.
    Rule("shipped", when=MODEL, gives={"points": "points_another"}),
    Rule("beside", when={**MODEL, "other": "other", "plane": "plane"}, gives={"points": "points_beside"}),
    Rule("colouring", when={**MODEL, "colour": "colour"}, gives={"values": "values", "classes": "classes"}),
    Rule(
        "point",
        when={**MODEL, "index": "index"},
        gives={name: name for name in ("x", "x_hat", "error", "z", "label", "factors", "neighbours", "near")},
    ),
    Rule(
        "point",
        when={"checkpoint": "other", "index": "index"},
        gives={"x_hat": "x_hat_beside", "error": "error_beside", "neighbours": "neighbours_beside"},
    ),
    *(
        Rule(
            "group",
            when={**MODEL, "chosen": f"lasso_{name}"},
            gives={part: f"{part}_{name}" for part in ("means", "members", "count")},
        )
        for name in ("a", "b")
    ),
    Rule("direction", when={**MODEL, "a": "lasso_a", "b": "lasso_b"}, gives={"direction": "direction"}),
    Rule(
        "steer", when={"z": "z", "direction": "direction", "amount": "amount"}, using=MODEL, gives={"x_hat": "steered"}
    ),
    Rule("place", when={**MODEL, "plane": "plane", "x": "own"}, gives={name: f"own_{name}" for name in OWN}),
]

NO_PICTURES = {"data": [], "shape": [0]}

STATE = {
    "plane": "umap",
    "colour": "class",
    "index": 0,
    "lasso_a": NO_PICTURES,
    "lasso_b": NO_PICTURES,
    "amount": 1.0,
    "neighbours_asked": 15,
    "min_dist": 0.1,
    "metric": "euclidean",
    "umap_seed": 1,
}


def build(pool: Pool) -> None:
    """The components of the tab: four scenes over one model and its pictures."""
    names = maps.names(pool)
    if not names:
        gr.Markdown(f"No checkpoint in {pool.root} has a map. Make one with `python -m train FAMILY/VARIANT --map`.")
        return
    first = next((name for name in names if name == "autoencoder/mnist-30d"), names[0])
    scene(SCENE, {"checkpoint": first, **STATE}, RULES, facts(pool, names))
    with gr.Row(equal_height=True):
        gr.Markdown(QUESTION, elem_classes="le-question")
        with gr.Column(min_width=840, scale=0):
            model_controls(names)
    with gr.Tabs():
        with gr.Tab("One space"):
            one_scene(AMOUNT)
        with gr.Tab("Two side by side"):
            two_scene()
        with gr.Tab("Another UMAP"):
            another_scene()
        with gr.Tab("Your own picture"):
            own_scene()
    folds(pool, [], MATHS, SNIPPET)


def facts(pool: Pool, names: list[str]) -> dict[str, dict[str, Any]]:
    """What the page has to know of each model: its pictures, its colours, and the models to lay beside it."""
    data = {name: pool.configs[name]["data"] for name in names}
    return {
        name: {
            "data": data[name],
            "colours": colours(pool, name),
            "factor_names": list(atlas.factor_names(data[name])),
            "others": {other: other for other in names if data[other] == data[name] and other != name},
        }
        for name in names
    }
