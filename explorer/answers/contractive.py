"""What the contractive tab asks: Jacobians and their spectra, steps along directions, codes of a digit that moves."""

from typing import Any, NamedTuple

import numpy as np

from explorer.answers import as_python
from explorer.answers.common import DIGITS, Answer, Handlers, decode_all, shape_of
from explorer.answers.several import ask_each, of_all_sets, of_set, run_each, stacked
from explorer.answers.units import code_picture, number_of_units
from explorer.checkpoint.config import Config
from explorer.compute.movement import move
from explorer.compute.pictures import signed_to_bytes, to_bytes
from explorer.nn.corruption import gaussian
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import Refused, number, one_of, picture, vector, whole
from explorer.serve.turns import dear


class Move(NamedTuple):
    """A slider that changes the picture."""

    name: str  # as a refusal calls it
    label: str
    range: tuple[float, float]
    step: float


CODE_COLUMNS = 40
LARGEST_SEED = 2**31
COURSE_STEPS = 21
DENOISING = "denoising/mnist-mask25"  # the article's other rival
MOST_MODELS = 8
PIXELS = 784  # of a digit, and as far as directions are counted: the last one is the most contracted of any picture
SCALES = {"common": "one scale for all", "own": "each its own"}
MOVES = {
    "dx": Move("The shift to the right", "right, pixels", (-5, 5), 0.25),
    "dy": Move("The shift down", "down, pixels", (-5, 5), 0.25),
    "degrees": Move("The rotation", "turn, degrees", (-45, 45), 1),
    "noise": Move("The noise", "noise level σ", (0, 1), 0.02),
}
COURSES = {"dx": "shift right, pixels", "dy": "shift down, pixels", "degrees": "turn, degrees", "noise": "noise"}


@gives(pictures="maps x_hats", numbers="jacobian saturation error")
def sensitivity(pool: Pool, x: list, scale: str, data: str = DIGITS) -> Answer:
    """For every model of the picture's set: norms of the Jacobian's columns as a picture, and what it rebuilds.

    jacobian is ‖J‖² in 10⁻⁴, saturation in %. Maps are scaled to the largest norm of all models, or each to its own.
    """
    shape = shape_of(data)
    names, pixels = compared(pool, data), picture(x, shape)
    scale = one_of(scale, SCALES, "The scale")
    seen, problems = run_each(pool, names, "sensitivity", x=pixels)
    norms, x_hat, saturated = (seen[key][:, 0] for key in ("norms", "x_hat", "saturated"))
    largest = norms.max(axis=1, keepdims=True) if scale == "own" else np.nanmax(norms)
    units = [number_of_units(pool.config(name)) for name in names]
    return {
        "maps": to_bytes(norms / np.maximum(largest, 1e-12)).reshape(-1, *shape),
        "x_hats": to_bytes(x_hat),
        "jacobian": (1e4 * np.square(norms).sum(1) / norms.shape[1] / units).astype(np.float32),
        "saturation": 100 * saturated,
        "error": np.square(x_hat - pixels).sum((1, 2, 3)),
        **problems,
    }


@gives(bytes="text")
def python(pool: Pool, x: list, scale: str, data: str = DIGITS) -> Answer:
    """The scene as Python: every model's map of sensitivity, then every reconstruction."""
    names = compared(pool, data)
    own = one_of(scale, SCALES, "The scale") == "own"
    return as_python.text(
        [
            *as_python.picture_lines(x, pool.config(names[0])),
            "from explorer.nn.jacobian import jacobian",
            "norms, x_hats = [], []",
            *as_python.for_each(
                pool,
                f"name in {names}",
                "z = model.encode(x)",
                "norms.append(jacobian(z, model.filters)[0].norm(dim=0).view(x.shape))",
                "x_hats.append(model.decode(z))",
            ),
            "norms = torch.cat(norms)",
            f"maps = norms / norms.amax({'(1, 2, 3)' if own else '(0, 1, 2, 3)'}, keepdim=True)",
            "x_hat = torch.cat([maps, *x_hats])",
        ]
    )


@dear("singular values of every model's Jacobian: .4 s")
@gives(numbers="index line_*")
def spectra(pool: Pool, x: list, data: str = DIGITS) -> Answer:
    """Singular values of this picture's Jacobian, one line for each model."""
    pixels = picture(x, shape_of(data))
    seen, problems = run_each(pool, compared(pool, data), "singular_values", x=pixels)
    lines = {f"line_{i}": values for i, values in enumerate(seen["values"])}
    return {"index": np.arange(1, pixels.size + 1, dtype=np.float32), **lines, **problems}


@dear("eigenvectors of a matrix of 784 × 784: .15 s; of 12,288 pixels and 1,000 units: .5 s")
@gives(pictures="picture", numbers="direction", number="value")
def direction(pool: Pool, checkpoint: str, x: list, index: int) -> Answer:
    """A singular direction of a model's Jacobian, the least contracted one being number 1, and its singular value.

    Number PIXELS is the most contracted one, whether there are more directions or fewer.
    """
    name = chosen(pool, checkpoint)
    index = whole(index, 1, PIXELS, "The number of the direction")
    pixels = picture(x, shape_of(pool.config(name).data))
    vectors = directions(pool, name, pixels)
    count = vectors.shape[1]
    if index <= count or count == pixels.size:
        v = vectors[:, (count if index == PIXELS else min(index, count)) - 1].copy()
    else:
        v = unnoticed(vectors)
    value = pool.run(name, "stretch", x=pixels, v=v)["ratio"]
    return {"direction": v, "picture": signed_to_bytes(v.reshape(pixels.shape))[0], "value": value}


def unnoticed(vectors: np.ndarray) -> np.ndarray:
    """A direction (pixels,) that moves no code: what these columns leave of the pixel that they hold least of."""
    pixel = np.square(vectors).sum(1).argmin()
    rest = -vectors @ vectors[pixel]
    rest[pixel] += 1
    return rest / np.linalg.norm(rest)


def directions(pool: Pool, name: str, x: np.ndarray) -> np.ndarray:
    """Right singular vectors of the Jacobian as columns (pixels, N), by falling singular value.

    N is the number of pixels, or that of units where it is smaller: what is orthogonal to these moves no code at all.

    A singular vector has no sign; here the entry that is largest in size is positive.
    """
    vectors = pool.run(name, "singular_vectors", x=x)["vectors"]
    largest = np.abs(vectors).argmax(axis=0, keepdims=True)
    return vectors * np.sign(np.take_along_axis(vectors, largest, axis=0))


@gives(pictures="pushed code x_hat", number="distance travelled ratio travel_*")
def push(pool: Pool, checkpoint: str, x: list, direction: list, amount: float) -> Answer:
    """The picture pushed that far along a direction: how far the code of every model goes, and what this one draws.

    Pixels may leave [0, 1], so that the picture goes exactly as far as was asked; shown they are cut.
    """
    name = chosen(pool, checkpoint)
    data = pool.config(name).data
    pixels = picture(x, shape_of(data))
    v = vector(direction, pixels.size, 1, "The direction")[0]
    if abs(np.linalg.norm(v) - 1) > 1e-3:
        raise Refused("The direction must have length 1.")
    amount = number(amount, -6, 6, "The amount")
    pushed = pixels + np.float32(amount) * v.reshape(pixels.shape)
    travels, problems = travels_of_codes(pool, data, pixels, pushed)
    travelled = travels[:, 0]
    code = pool.run(name, "units", x=pushed)["z"]
    x_hat = decode_all(pool, name, code)  # of one layer only, so its units are the code
    own = travelled[compared(pool, data).index(name)]
    distance = np.linalg.norm(pushed - pixels)
    return {
        "pushed": to_bytes(pushed[0]),
        "code": code_picture(code, CODE_COLUMNS)[0],
        "x_hat": to_bytes(x_hat[0]),
        "distance": distance,
        "travelled": own,
        "ratio": own / distance if distance else pool.run(name, "stretch", x=pixels, v=v)["ratio"],  # its limit
        **{f"travel_{i}": value for i, value in enumerate(travelled)},
        **problems,
    }


@gives(pictures="moved", number="travel_*")
def moved(
    pool: Pool, x: list, dx: float, dy: float, degrees: float, noise: float, seed: int, data: str = DIGITS
) -> Answer:
    """The picture shifted, turned and noisy, and how far each model's code has travelled."""
    pixels = picture(x, shape_of(data))
    amounts = {"dx": dx, "dy": dy, "degrees": degrees, "noise": noise}
    amounts = {name: number(value, *MOVES[name].range, MOVES[name].name) for name, value in amounts.items()}
    there = spoilt(pixels, drawn(seed, pixels.shape[1:]), **amounts)
    travels, problems = travels_of_codes(pool, data, pixels, there)
    relative = {f"travel_{i}": travels[i, 0] / distance for i, distance in code_distances(pool, data).items()}
    return {"moved": to_bytes(there[0]), **relative, **problems}


@gives(numbers="amounts line_*")
def course(pool: Pool, x: list, kind: str, seed: int, data: str = DIGITS) -> Answer:
    """How far each model's code travels while one kind of movement grows from nothing to its largest amount."""
    pixels = picture(x, shape_of(data))
    kind = one_of(kind, COURSES, "The movement")
    amounts = np.linspace(0, MOVES[kind].range[1], COURSE_STEPS)
    normal = drawn(seed, pixels.shape[1:])
    there = np.concatenate([spoilt(pixels, normal, **{kind: float(amount)}) for amount in amounts])
    travels, problems = travels_of_codes(pool, data, pixels, there)
    lines = {f"line_{i}": travels[i] / distance for i, distance in code_distances(pool, data).items()}
    return {"amounts": amounts, **lines, **problems}


def spoilt(
    x: np.ndarray, normal: np.ndarray, dx: float = 0, dy: float = 0, degrees: float = 0, noise: float = 0
) -> np.ndarray:
    """A picture (1, C, H, W) turned, shifted, and with noise of that standard deviation."""
    return gaussian(move(x[0], dx, dy, degrees), normal, np.float32(noise))[None]


def drawn(seed: int, shape: tuple[int, ...]) -> np.ndarray:
    """Noise of that shape from N(0, 1)."""
    return np.random.default_rng(whole(seed, 0, LARGEST_SEED, "The seed")).standard_normal(shape, np.float32)


def travels_of_codes(pool: Pool, data: str, x: np.ndarray, there: np.ndarray) -> tuple[np.ndarray, Answer]:
    """Distances (models of the set, B) of the codes of pictures (B, C, H, W) from the code of one."""

    def travelled(name: str) -> Answer:
        z = pool.run(name, "units", x=np.concatenate([x, there]))["z"]
        return {"distances": np.linalg.norm(z[1:] - z[:1], axis=1)}

    travels, problems = ask_each(compared(pool, data), travelled)
    return stacked(travels)["distances"], problems


def code_distances(pool: Pool, data: str) -> dict[int, np.float32]:
    """Mean distance between the codes of two pictures, by the place of each model that has it measured."""
    profiles = [pool.config(name).profile for name in compared(pool, data)]
    found = {i: profile["code_distance"] for i, profile in enumerate(profiles) if "code_distance" in profile}
    if not found:
        pool.profile(compared(pool, data)[0], "code_distance")  # which is refused
    return {i: np.float32(distance) for i, distance in found.items()}


def compared(pool: Pool, data: str) -> list[str]:
    """The models of a picture set side by side: contractive ones by rising penalty, then the denoising one of digits.

    Raises:
        Refused: If there is none.
    """
    names = of_set(pool, "contractive", data, lambda name: contraction(pool.configs[name]))[: MOST_MODELS - 1]
    return names + [DENOISING] * (data == DIGITS and is_rival(pool))


def every_model(pool: Pool) -> list[str]:
    """Those of all picture sets."""
    return of_all_sets(pool, "contractive", compared)


def is_rival(pool: Pool) -> bool:
    """Whether the denoising model is there, and one that has a Jacobian of this kind: of one layer, of digits."""
    config = pool.configs.get(DENOISING)
    if config is None or config.data != DIGITS:
        return False
    return not config.model["channels"] and len(config.model["hidden"]) == 1


def chosen(pool: Pool, checkpoint: Any) -> str:
    """A checkpoint's name, refused if it is shown beside no others."""
    pool.config(checkpoint)
    return one_of(checkpoint, every_model(pool), "The model")


def contraction(config: Config) -> float:
    return config.model["contraction"]


HANDLERS: Handlers = {
    "python": python,
    "sensitivity": sensitivity,
    "spectra": spectra,
    "direction": direction,
    "push": push,
    "moved": moved,
    "course": course,
}
