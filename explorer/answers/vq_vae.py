"""What the VQ-VAE's tab asks: codes of a picture, pictures of codes, and what each code stands for."""

import numpy as np

from explorer.answers import as_python, codebook
from explorer.answers.common import Answer, Handlers, decode_all
from explorer.compute.pictures import to_bytes
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import Refused, code_grid, picture, whole

CELL = 4  # pixels along each side of what a code stands for
FAR = 0.5  # squared distance, per number, that is drawn as white


@gives(pictures="distances", numbers="codes", number="distance")
def encode(pool: Pool, checkpoint: str, x: list) -> Answer:
    """Codes of a picture, and how far the encoder's vectors are from them: squared distance per number.

    Returns:
        codes (h, w); distances as a picture (1, h, w), white from FAR on; distance, their mean.
    """
    pixels = picture(x, shape(pool, checkpoint))
    codes, distances = pool.run(checkpoint, "quantize", x=pixels).values()
    return {
        "codes": codes[0].astype(np.float32),
        "distances": to_bytes(distances / FAR),
        "distance": np.float32(distances.mean()),
    }


@gives(pictures="x_hat")
def decode(pool: Pool, checkpoint: str, codes: list) -> Answer:
    """The picture of a grid of codes."""
    grid = code_grid(codes, grid_shape(pool, checkpoint), pool.config(checkpoint).model["num_codes"], "The grid")
    return {"x_hat": to_bytes(decode_all(pool, checkpoint, grid)[0])}


@gives(bytes="text")
def python(pool: Pool, checkpoint: str, x: list, codes: list) -> Answer:
    """The scene as Python: the picture's codes, or those painted by hand, decoded."""
    config = pool.config(checkpoint)
    grid = code_grid(codes, grid_shape(pool, checkpoint), config.model["num_codes"], "The grid")
    encoded = [*as_python.picture_lines(x, config), "z = model.encode(x)"]
    painted = [*as_python.array_lines("codes", grid), "z = torch.tensor(codes)"]
    by_hand = not np.array_equal(grid[0], encode(pool, checkpoint, x)["codes"])
    decoded = ["with torch.inference_mode():", "    x_hat = model.decode(z)"]
    return as_python.text([as_python.model_line(pool, checkpoint), *(painted if by_hand else encoded), *decoded])


@gives(pictures="tiles", numbers="numbers shares")
def atlas(pool: Pool, checkpoint: str, order: str) -> Answer:
    """Every code as a tile, in an order."""
    shape(pool, checkpoint)
    return codebook.atlas(pool, checkpoint, order)


@gives(pictures="patches homes home_x", number="home_count")
def homes(pool: Pool, checkpoint: str, code: int) -> Answer:
    """Where a code lives in the shipped pictures."""
    shape(pool, checkpoint)
    last = pool.config(checkpoint).model["num_codes"] - 1
    return codebook.homes(pool, checkpoint, whole(code, 0, last, "The code"))


def shape(pool: Pool, checkpoint: str) -> list[int]:
    """Of the pictures of a VQ-VAE; another model is refused."""
    config = pool.config(checkpoint)
    if config.family != "vq_vae":
        raise Refused(f"{checkpoint} is no VQ-VAE.")
    return config.model["picture_shape"]


def grid_shape(pool: Pool, checkpoint: str) -> tuple[int, int]:
    """Rows and columns of the codes of a picture."""
    _, height, width = shape(pool, checkpoint)
    return height // CELL, width // CELL


HANDLERS: Handlers = {"python": python, "encode": encode, "decode": decode, "atlas": atlas, "homes": homes}
