"""What the map asks: points and colours, what lies under the pointer, groups and directions between them."""

import re
from typing import Any, cast

import numpy as np

from explorer.answers import common
from explorer.answers.common import LATENT_LIMIT, Answer, Handlers
from explorer.compute import projection
from explorer.compute.pictures import to_bytes
from explorer.data import atlas, sample_sheets
from explorer.page.kinds import gives
from explorer.serve import maps
from explorer.serve.pool import Pool
from explorer.serve.question import Refused, indices, number, one_of, picture, vector, whole
from explorer.serve.turns import dear
from explorer.serve.umap_jobs import Jobs

AMOUNT = 3.0  # of the attribute vector, either way
LARGEST_SEED = 1_000_000
MEMBERS = 8  # pictures shown of a lasso
MOST_LATENTS = 128  # that a map is coloured by
JOBS = Jobs()
ENCODING = "10,000 pictures are encoded once for each model: .3 to 1 s"
NEIGHBOURS = 8  # pictures shown beside one
MOST_NEIGHBOURS = 100  # of a UMAP
VALUES = re.compile(r"(?:class|factor (?P<factor>\d{1,2})) (?P<first>\d{1,3})-(?P<last>\d{1,3})")  # for a lasso
Chosen = list | str | None  # pictures in a lasso
PLANES = {"umap": "UMAP", "flat": "PCA (2-D: z)"}
METRIC_NAMES = {"euclidean": "Euclidean", "cosine": "cosine", "manhattan": "Manhattan", "correlation": "correlation"}


def no_plane(pool: Pool, checkpoint: str, plane: str, other: str | None = None) -> bool:
    """Whether the plane of a model has to be made first."""
    models = [checkpoint] if other is None else [checkpoint, other]
    return plane == "flat" and not all(maps.is_ready(pool, name, "flat") for name in models)


def no_codes(pool: Pool, checkpoint: str, plane: str = "umap", **rest: Any) -> bool:
    """Whether the codes of a model have to be made first, or its plane."""
    return not maps.is_ready(pool, checkpoint) or no_plane(pool, checkpoint, plane)


@dear(ENCODING, when=no_plane)
@gives(numbers="points")
def points(pool: Pool, checkpoint: str, plane: str) -> Answer:
    """Where the test pictures lie in a plane of a model."""
    return {"points": maps.plane(pool, with_map(pool, checkpoint), one_of(plane, PLANES, "The plane"))}


@gives(numbers="points")
def shipped(pool: Pool, checkpoint: str) -> Answer:
    """Where the test pictures lie in the UMAP that was made with the model."""
    return points(pool, checkpoint, "umap")


@dear(ENCODING, when=no_plane)
@gives(numbers="points")
def beside(pool: Pool, checkpoint: str, other: str, plane: str) -> Answer:
    """Where they lie in a second model's plane, after it is turned, scaled and shifted onto the first one's."""
    if pool.config(with_map(pool, other)).data != pool.config(with_map(pool, checkpoint)).data:
        raise Refused("Only models of the same pictures can be laid over each other.")
    kind = one_of(plane, PLANES, "The plane")
    first, second = maps.plane(pool, checkpoint, kind), maps.plane(pool, other, kind)
    return {"points": projection.alignment(second, first)(second).astype(np.float32)}


@dear(ENCODING, when=no_codes)
@gives(numbers="values", number="classes")
def colouring(pool: Pool, checkpoint: str, colour: str) -> Answer:
    """The number that colours each picture, and how many classes the numbers are of: 0 for quantities."""
    data = pool.config(with_map(pool, checkpoint)).data
    kind, _, index = one_of(colour, colours(pool, checkpoint), "The colour").partition(" ")
    if kind == "class":
        values, classes = atlas.labels(data), len(sample_sheets.load(data).class_names)
    elif kind == "error":
        values, classes = pool.map(checkpoint)["error"], 0
    elif kind == "factor":
        values, classes = atlas.factors(data)[:, int(index)], len(atlas.value_names(data).get(int(index), ()))
    else:
        values, classes = maps.codes(pool, checkpoint)[:, int(index)], 0
    return {"values": values.astype(np.float32), "classes": np.float32(classes)}


@gives(pictures="x x_hat", numbers="z factors", number="error label")
def point(pool: Pool, checkpoint: str, index: int) -> Answer:
    """A test picture, and what the model makes of it: this needs no codes of the others."""
    data = pool.config(with_map(pool, checkpoint)).data
    index = whole(index, 0, atlas.size(data) - 1, "The picture")
    x = atlas.pictures(data, np.array([index]))
    return {
        "x": x[0],
        **seen(pool, checkpoint, x.astype(np.float32) / 255),
        "label": np.float32(atlas.labels(data)[index]),
        "factors": atlas.factors(data)[index],
    }


@dear(ENCODING, when=no_codes)
@gives(pictures="near", numbers="neighbours")
def near(pool: Pool, checkpoint: str, index: int) -> Answer:
    """The test pictures whose codes lie nearest to that of one of them."""
    codes = maps.codes(pool, with_map(pool, checkpoint))
    index = whole(index, 0, len(codes) - 1, "The picture")
    found = maps.nearest(pool, checkpoint, codes[index], NEIGHBOURS + 1)
    return pictured(pool, checkpoint, found[found != index][:NEIGHBOURS])


def pictured(pool: Pool, checkpoint: str, found: np.ndarray) -> Answer:
    """Test pictures of these indices, and the indices."""
    return {"neighbours": found.astype(np.float32), "near": atlas.pictures(pool.config(checkpoint).data, found)}


def seen(pool: Pool, checkpoint: str, x: np.ndarray) -> Answer:
    """Code, reconstruction and squared error of one picture (1, C, H, W)."""
    z = pool.run(checkpoint, "encode", x=x)["z"]
    x_hat = common.decode_all(pool, checkpoint, z)
    return {"z": z[0], "x_hat": to_bytes(x_hat[0]), "error": common.squared_error(x_hat, x)}


@dear(ENCODING, when=no_codes)
@gives(pictures="means members", number="count", numbers="inside")
def group(pool: Pool, checkpoint: str, chosen: Chosen) -> Answer:
    """What the pictures within a lasso have in common: their mean, and what their mean code stands for.

    Of no pictures there are none: means, members and inside, which are the numbers of them all, have a length of 0.
    """
    members = selection(pool, checkpoint, chosen, "The lasso")
    data = pool.config(checkpoint).data
    inside = members.astype(np.float32)
    if not len(members):
        none = no_pictures(pool, checkpoint)
        return {"means": none, "members": none, "count": np.float32(0), "inside": inside}
    mean = maps.codes(pool, checkpoint)[members].mean(0, keepdims=True)
    decoded = common.decode_all(pool, checkpoint, mean)[0]  # (C, H, W)
    means = np.stack([maps.mean_picture(data, members, decoded.shape[-1]) / 255, decoded])
    shown = members[np.linspace(0, len(members) - 1, min(MEMBERS, len(members))).astype(int)]
    some = atlas.pictures(data, shown)
    return {"means": to_bytes(means), "members": some, "count": np.float32(len(members)), "inside": inside}


@dear(ENCODING, when=no_codes)
@gives(numbers="direction")
def direction(pool: Pool, checkpoint: str, a: Chosen, b: Chosen) -> Answer:
    """The attribute vector (D,): from the mean code of one selection to that of another; (0,) where one is empty."""
    chosen = [selection(pool, checkpoint, members, f"Lasso {name}") for members, name in ((a, "A"), (b, "B"))]
    if not all(map(len, chosen)):
        return {"direction": np.zeros(0, np.float32)}
    first, second = (maps.codes(pool, checkpoint)[members].mean(0) for members in chosen)
    return {"direction": second - first}


@dear(ENCODING, when=no_codes)
@gives(pictures="x_hat")
def steer(pool: Pool, checkpoint: str, z: list, direction: list, amount: float) -> Answer:
    """The picture of a code after so many attribute vectors are added to it; none without such a vector."""
    if direction == []:
        return {"x_hat": no_pictures(pool, checkpoint)}
    size = maps.codes(pool, with_map(pool, checkpoint)).shape[1]
    code = vector(z, size, LATENT_LIMIT)
    step = number(amount, -AMOUNT, AMOUNT, "The amount") * vector(direction, size, LATENT_LIMIT, "The direction")
    return {"x_hat": to_bytes(common.decode_all(pool, checkpoint, (code + step).astype(np.float32)))}


@dear(ENCODING, when=no_codes)
@gives(pictures="x_hat near", numbers="place neighbours", number="error")
def locate(pool: Pool, checkpoint: str, plane: str, x: list) -> Answer:
    """Where a picture of one's own belongs: amid the test pictures whose codes lie nearest to its code."""
    pixels = picture(x, pool.config(with_map(pool, checkpoint)).model["picture_shape"])
    answer = seen(pool, checkpoint, pixels)
    found = maps.nearest(pool, checkpoint, cast(np.ndarray, answer["z"]), NEIGHBOURS)
    positions = maps.plane(pool, checkpoint, one_of(plane, PLANES, "The plane"))
    return {
        "place": positions[found].mean(0),
        "x_hat": answer["x_hat"],
        "error": answer["error"],
        **pictured(pool, checkpoint, found),
    }


@dear(ENCODING, when=no_codes)
@gives(numbers="points", number="progress")
def another(pool: Pool, checkpoint: str, neighbours: int, min_dist: float, metric: str, seed: int) -> Answer:
    """How far a UMAP of one's own is, and where the pictures lie once it is made; to be asked until then.

    The progress is the share of epochs done, or -1 while somebody else's is made.
    """
    options = umap_options(neighbours, min_dist, metric, seed)
    with_map(pool, checkpoint)
    status = JOBS.ask((checkpoint, *options.values()), lambda: maps.codes(pool, checkpoint), options)
    progress: Answer = {"progress": np.float32(status.progress)}
    if status.plane is None:
        return progress
    before = maps.plane(pool, checkpoint, "umap")  # laid over it, so that what moved is visible
    return progress | {"points": projection.alignment(status.plane, before)(status.plane).astype(np.float32)}


@gives(number="stopped")
def stop(pool: Pool, checkpoint: str, neighbours: int, min_dist: float, metric: str, seed: int) -> Answer:
    """Give a UMAP up."""
    JOBS.stop((with_map(pool, checkpoint), *umap_options(neighbours, min_dist, metric, seed).values()))
    return {"stopped": np.float32(1)}


def umap_options(neighbours: int, min_dist: float, metric: str, seed: int) -> dict[str, Any]:
    """Keywords of projection.umap_plane, checked."""
    return {
        "neighbours": whole(neighbours, 2, MOST_NEIGHBOURS, "The number of neighbours"),
        "min_dist": round(number(min_dist, 0, 1, "The least distance"), 3),
        "metric": one_of(metric, METRIC_NAMES, "The metric"),
        "seed": whole(seed, 0, LARGEST_SEED, "The seed"),
    }


def with_map(pool: Pool, checkpoint: Any) -> str:
    """The name of a checkpoint that has a map."""
    return one_of(checkpoint, maps.names(pool), "The model")


def no_pictures(pool: Pool, checkpoint: str) -> np.ndarray:
    """None of a model's pictures: uint8 (0, C, H, W)."""
    return np.zeros((0, *pool.config(with_map(pool, checkpoint)).model["picture_shape"]), np.uint8)


def selection(pool: Pool, checkpoint: str, chosen: Chosen, name: str) -> np.ndarray:
    """Indices of some test pictures: given one by one, or as "class 3-3" or "factor 1 0-2", all with such values.

    Of a factor that these pictures do not have, there are none.
    """
    data = pool.config(with_map(pool, checkpoint)).data
    if not isinstance(chosen, str):
        return np.array(indices([] if chosen is None else chosen, atlas.size(data), name), int)
    if not (asked := VALUES.fullmatch(chosen)):
        raise Refused(f"{name} must be numbers of pictures, or values like “class 3-3”.")
    table = np.column_stack([atlas.labels(data), atlas.factors(data)])
    column = 0 if asked["factor"] is None else 1 + int(asked["factor"])
    values = table[:, column : column + 1]  # no column of a factor that is not there
    return np.flatnonzero(((int(asked["first"]) <= values) & (values <= int(asked["last"]))).any(1))


def colours(pool: Pool, checkpoint: str) -> dict[str, str]:
    """What the map of a model can be coloured by: what the page sends, and what it is called."""
    config = pool.config(checkpoint)
    latents = config.model.get("latent_dim", MOST_LATENTS + 1)
    return {
        "class": "class",
        "error": "error",
        **{f"factor {i}": name for i, name in enumerate(atlas.factor_names(config.data))},
        **({f"latent {i}": f"z{i}" for i in range(latents)} if latents <= MOST_LATENTS else {}),
    }


HANDLERS: Handlers = {
    "points": points,
    "shipped": shipped,
    "beside": beside,
    "colouring": colouring,
    "point": point,
    "near": near,
    "group": group,
    "direction": direction,
    "steer": steer,
    "place": locate,
    "another": another,
    "stop": stop,
}
