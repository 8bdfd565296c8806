"""What programs may ask of the models by name: pictures, codes and numbers as plain lists.

A picture is a list of pixels from 0 to 255, nested as channels, rows and columns or flat; a code is what the family's
own is: numbers, a grid of whole numbers, or for VQ-VAE-2 the top grid and the bottom one.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from explorer.answers import td_vae_digits, vq_vae, vq_vae_2_codes
from explorer.answers.common import LARGEST_SEED, LATENT_LIMIT, decode_all, squared_error
from explorer.answers.vq_vae_2_codes import LEVELS
from explorer.checkpoint.config import Config
from explorer.compute import corruption
from explorer.compute.pictures import to_bytes
from explorer.data import oscillator, sample_sheets
from explorer.serve.pool import Pool
from explorer.serve.question import Refused, code_grid, number, one_of, picture, vector, whole

MOST = 64  # pictures in one answer
GRIDS = ("vq_vae", "vq_vae_2")  # families whose code is a grid, or one of each level
GAUSSIAN = ("vae", "beta_vae")


def models(pool: Pool) -> list[dict]:
    """Every model: its name, family, picture set, the size of its pictures, and what was measured of it."""
    return [
        {
            "model": name,
            "family": config.family,
            "data": config.data,
            "title": config.data if config.data == oscillator.NAME else sample_sheets.title(config.data),
            "picture_shape": list(config.model["picture_shape"]),
            "latent_dim": None if config.family in GRIDS else config.model.get("latent_dim"),
            "figures": dict(config.test),
        }
        for name, config in pool.configs.items()
    ]


def encode(pool: Pool, model: str, x: list) -> dict:
    """The code of a picture: "z".

    Args:
        model: A name that models gives.
        x: Pixels from 0 to 255, flat or as channels, rows and columns.
    """
    config = of_pictures(pool, model)
    return {"z": plain_code(config, code_of(pool, config, pixels(x, config)))}


def decode(pool: Pool, model: str, z: list) -> dict:
    """The picture of a code: "x_hat", as channels, rows and columns of pixels from 0 to 255.

    Args:
        model: A name that models gives.
        z: A code as encode gives it.
    """
    config = of_pictures(pool, model)
    return {"x_hat": to_bytes(picture_of(pool, config, checked_code(pool, config, z)))[0].tolist()}


def reconstruct(
    pool: Pool, model: str, x: list, corruption_kind: str = "masking", level: float = 0.0, seed: int = 0
) -> dict:
    """What comes back of a picture, spoilt or not: "x_tilde", "x_hat", and "squared_error" against the clean one.

    Args:
        model: A name that models gives.
        x: Pixels from 0 to 255, flat or as channels, rows and columns.
        corruption_kind: masking, gaussian, salt_and_pepper or blocks.
        level: Share of the pixels that is spoilt, from 0 to 1, or the standard deviation of Gaussian noise.
        seed: Of the noise.
    """
    config = of_pictures(pool, model)
    clean = pixels(x, config)
    kind = one_of(corruption_kind, corruption.LABELS, "corruption_kind")
    strength = number(level, 0, 1, "The level")
    seed = whole(seed, 0, LARGEST_SEED, "The seed")
    spoilt = corruption.corrupt(clean, kind, strength, seed) if strength else clean
    x_hat = picture_of(pool, config, code_of(pool, config, spoilt))
    return {
        "x_tilde": to_bytes(spoilt)[0].tolist(),
        "x_hat": to_bytes(x_hat)[0].tolist(),
        "squared_error": float(squared_error(x_hat, clean)),
    }


def traverse(
    pool: Pool, model: str, z: list, dimension: int, low: float = -3.0, high: float = 3.0, steps: int = 7
) -> dict:
    """Pictures while one dimension of a code runs from low to high: "pictures", and the "values" it has in each.

    Args:
        model: A model whose code is a list of numbers.
        z: A code as encode gives it.
        dimension: Which of its numbers runs, from 0 on.
        low: Where it begins.
        high: Where it ends.
        steps: How many pictures there are, up to 64.
    """
    config = of_pictures(pool, model)
    if config.family in GRIDS:
        raise Refused(f"The code of {model} is a grid of whole numbers, in which no dimension runs.")
    code = checked_code(pool, config, z)
    dimension = whole(dimension, 0, code.shape[1] - 1, "The dimension")
    low, high = (number(end, -LATENT_LIMIT, LATENT_LIMIT, name) for end, name in ((low, "low"), (high, "high")))
    values = np.linspace(low, high, whole(steps, 1, MOST, "The number of steps"), dtype=np.float32)
    codes = np.repeat(code, len(values), 0)
    codes[:, dimension] = values
    return {"pictures": to_bytes(decode_all(pool, model, codes)).tolist(), "values": values.tolist()}


def sample(pool: Pool, model: str, count: int = 8, seed: int = 0) -> dict:
    """New pictures: "pictures", of codes "z" that are drawn from the prior of a VAE or β-VAE.

    Args:
        model: A model of one of these families.
        count: How many, up to 64.
        seed: Of the draws.
    """
    config = pool.config(model)
    if config.family not in GAUSSIAN:
        raise Refused(f"{model} has no Gaussian prior to draw from.")
    generator = np.random.default_rng(whole(seed, 0, LARGEST_SEED, "The seed"))
    z = generator.standard_normal((whole(count, 1, MOST, "The count"), config.model["latent_dim"]), np.float32)
    return {"pictures": to_bytes(decode_all(pool, model, z)).tolist(), "z": z.tolist()}


def repaint(pool: Pool, model: str, x: list, cells: list, level: str = "bottom") -> dict:
    """A picture some of whose codes are others: "x_hat", and the code "z" that it stands for.

    Args:
        model: A VQ-VAE or VQ-VAE-2.
        x: Pixels from 0 to 255, flat or as channels, rows and columns.
        cells: What is painted: [row, column, code] of each cell.
        level: Of VQ-VAE-2, top or bottom; a VQ-VAE has one level.
    """
    config = of_pictures(pool, model)
    if config.family not in GRIDS:
        raise Refused(f"{model} has no grid of codes to paint on.")
    grids = code_of(pool, config, pixels(x, config))
    grid = grids[LEVELS.index(one_of(level, LEVELS, "The level")) if len(grids) > 1 else 0]
    if not isinstance(cells, list) or len(cells) > grid.size:
        raise Refused(f"cells must be a list of at most {grid.size} cells.")
    for cell in cells:
        if not isinstance(cell, list) or len(cell) != 3:
            raise Refused("Each cell must be [row, column, code].")
        row, column = (whole(cell[i], 0, grid.shape[1 + i] - 1, ("The row", "The column")[i]) for i in (0, 1))
        grid[0, row, column] = whole(cell[2], 0, config.model["num_codes"] - 1, "The code")
    return {"x_hat": to_bytes(picture_of(pool, config, grids))[0].tolist(), "z": plain_code(config, grids)}


def roll_out(
    pool: Pool, model: str, x: list, start: int = 0, speed: int = 2, shown: int = 5, jump: int = 3, jumps: int = 3
) -> dict:
    """Futures of a digit that wanders, by a TD-VAE: "futures", as rows of frames; "truth", and the frames' "times".

    Args:
        model: A TD-VAE of moving digits.
        x: The digit's pixels from 0 to 255.
        start: Its place in the first frame.
        speed: Pixels a frame to the right, or to the left if negative.
        shown: Frames that the model sees.
        jump: Frames of a jump.
        jumps: How many of them.
    """
    flat_x = flat(x)
    answer = td_vae_digits.futures(pool, model, flat_x, start, speed, 0, shown, jump, jumps, 0)
    return {name: np.asarray(answer[name]).tolist() for name in ("futures", "truth", "times")}


ENDPOINTS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (models, encode, decode, reconstruct, traverse, sample, repaint, roll_out)
}


# ---- What they share ---------------------------------------------------------------------------------------------


def of_pictures(pool: Pool, model: str) -> Config:
    """The config of a model whose code is of one picture, refused where it is of a sequence."""
    config = pool.config(model)
    if config.family == "td_vae":
        raise Refused(f"{model} takes sequences, not pictures: roll_out asks it.")
    return config


def flat(values: Any) -> list:
    """What stands in nested lists, in their order."""
    try:
        return [one for part in values for one in flat(part)] if isinstance(values, list) else [values]
    except RecursionError as error:
        raise Refused("The lists are nested too deep.") from error


def pixels(x: Any, config: Config) -> np.ndarray:
    """A picture (1, C, H, W) in [0, 1]."""
    return picture(flat(x), config.model["picture_shape"])


def code_of(pool: Pool, config: Config, x: np.ndarray) -> Any:
    """The code of a picture: an array (1, D), or the grids of each level."""
    outputs = pool.run(config.name, "encode", x=x)
    return list(outputs.values()) if config.family in GRIDS else outputs["z"]


def checked_code(pool: Pool, config: Config, z: Any) -> Any:
    """A code as somebody sent it, as code_of gives it."""
    if config.family not in GRIDS:
        return vector(flat(z), size_of_code(pool, config), LATENT_LIMIT)
    shapes = grid_shapes(pool, config)
    parts = z if len(shapes) > 1 else [z]
    if not isinstance(parts, list) or len(parts) != len(shapes):
        raise Refused(f"z must be the {len(shapes)} grids of {config.name}.")
    num_codes = config.model["num_codes"]
    return [code_grid(flat(part), shape, num_codes, "z") for part, shape in zip(parts, shapes, strict=True)]


def size_of_code(pool: Pool, config: Config) -> int:
    """Numbers in a code; where no keyword tells, it is what a black picture has."""
    if "latent_dim" in config.model:
        return config.model["latent_dim"]
    return code_of(pool, config, np.zeros((1, *config.model["picture_shape"]), np.float32)).shape[1]


def grid_shapes(pool: Pool, config: Config) -> list[tuple[int, int]]:
    """Rows and columns of each level's codes."""
    if config.family == "vq_vae":
        return [vq_vae.grid_shape(pool, config.name)]
    return [vq_vae_2_codes.shape(config.model, level) for level in LEVELS]


def picture_of(pool: Pool, config: Config, code: Any) -> np.ndarray:
    """The picture (1, C, H, W) of a code."""
    if config.family == "vq_vae":
        return decode_all(pool, config.name, code[0])
    if config.family == "vq_vae_2":
        return vq_vae_2_codes.decoded(pool, config.name, *code)
    return decode_all(pool, config.name, code)


def plain_code(config: Config, code: Any) -> list:
    """A code as lists."""
    if config.family not in GRIDS:
        return code[0].tolist()
    grids = [grid[0].tolist() for grid in code]
    return grids if len(grids) > 1 else grids[0]
