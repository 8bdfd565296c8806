"""What the VQ-VAE's tab asks: codes of a picture, pictures of codes, and what each code stands for."""

import numpy as np

from explorer.answers import as_python, codebook
from explorer.answers.common import Answer, Handlers, decode_all
from explorer.compute.pictures import to_bytes
from explorer.compute.projection import Plane, plane_of
from explorer.data import sample_sheets
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import Refused, code_grid, picture, whole
from explorer.serve.turns import dear

CELL = 4  # pixels along each side of what a code stands for
MOST_OUTPUTS = 2000  # of the encoder, for other pictures, that are shown around the codebook
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


@dear("31 pictures through the encoder: .06 s")
@gives(numbers="places others other_codes", number="plane_share")
def plane(pool: Pool, checkpoint: str) -> Answer:
    """The codebook in its plane, amid the encoder's outputs for shipped pictures.

    Returns:
        places (K, 2) of the codes; others (N, 2), the places of the outputs, and other_codes (N,), the nearest code of
        each in all dimensions; plane_share, the codebook's variance that lies in the plane, in %.
    """
    pictures = some_pictures(pool, checkpoint)
    codebook = pool.run(checkpoint, "read_codebook")["codebook"]
    onto = plane_of(codebook)
    others, codes = outputs_in(onto, pool, checkpoint, pictures)
    return {
        "places": onto(codebook),
        "others": others,
        "other_codes": codes.ravel(),
        "plane_share": np.float32(100 * onto.share),
    }


@gives(numbers="outputs output_codes", number="same_in_plane")
def outputs(pool: Pool, checkpoint: str, x: list) -> Answer:
    """The encoder's outputs for a picture, in the plane of the codebook.

    Returns:
        outputs (h w, 2), their places; output_codes (h, w), the nearest code of each in all dimensions; same_in_plane,
        the share of them to which that code is the nearest in the plane as well, in %.
    """
    pixels = picture(x, shape(pool, checkpoint))
    codebook = pool.run(checkpoint, "read_codebook")["codebook"]
    onto = plane_of(codebook)
    places, codes = outputs_in(onto, pool, checkpoint, pixels)
    same = nearest_each(places, onto(codebook)) == codes.ravel()
    return {"outputs": places, "output_codes": codes[0], "same_in_plane": np.float32(100 * same.mean())}


def outputs_in(onto: Plane, pool: Pool, checkpoint: str, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places (B h w, 2) of the encoder's outputs for pictures, and the nearest code of each, with shape (B, h, w)."""
    z_e, codes = pool.run(checkpoint, "assign", x=x).values()
    return onto(np.moveaxis(z_e, 1, -1).reshape(-1, z_e.shape[1])), codes.astype(np.float32)


def nearest_each(points: np.ndarray, places: np.ndarray) -> np.ndarray:
    """For each point (N, 2) the number of the nearest place (K, 2); one by one, for all N K distances may be many."""
    return np.array([np.square(places - point).sum(1).argmin() for point in points])


def some_pictures(pool: Pool, checkpoint: str) -> np.ndarray:
    """Shipped pictures in [0, 1], float32 (B, C, H, W), spread over all: for MOST_OUTPUTS outputs, but at least one."""
    height, width = grid_shape(pool, checkpoint)
    pictures = sample_sheets.load(pool.config(checkpoint).data).pictures
    count = min(len(pictures), max(1, MOST_OUTPUTS // (height * width)))
    return pictures[np.linspace(0, len(pictures) - 1, count).astype(int)].astype(np.float32) / 255


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


HANDLERS: Handlers = {
    **{"python": python, "encode": encode, "decode": decode, "atlas": atlas, "homes": homes},
    **{"plane": plane, "outputs": outputs},
}
