"""What the VQ-VAE-2's tab asks: codes of both levels, pictures of them, and samples code by code."""

import numpy as np

from explorer.answers import as_python, codebook
from explorer.answers.common import Answer, Handlers
from explorer.answers.vq_vae_2_codes import LEVELS, decode_partly, grid, means_of, model_of
from explorer.answers.vq_vae_2_sampling import advance, attention, nearest, start
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import picture


@gives(numbers="top bottom")
def encode(pool: Pool, checkpoint: str, x: list) -> Answer:
    """Codes of a picture: top (h, w) and bottom (2 h, 2 w)."""
    pixels = picture(x, model_of(pool, checkpoint)["picture_shape"])
    codes = pool.run(checkpoint, "encode", x=pixels)
    return {level: part[0].astype(np.float32) for level, part in codes.items()}


@gives(pictures="decoded")
def decode(pool: Pool, checkpoint: str, top: list, bottom: list) -> Answer:
    """The picture (1, 3, H, W) that codes of both levels stand for."""
    both = {"top": top, "bottom": bottom}
    return {"decoded": decode_partly(pool, checkpoint, *(grid(pool, checkpoint, *level) for level in both.items()))}


@gives(pictures="exchanged")
def exchange(pool: Pool, checkpoint: str, top: list, bottom: list, other_top: list, other_bottom: list) -> Answer:
    """Pictures (4, 3, H, W): of either level alone, and of either with the other level of another picture."""
    tops, bottoms = levels(pool, checkpoint, top, bottom, other_top, other_bottom)
    return {"exchanged": decode_partly(pool, checkpoint, tops[1:], bottoms[1:])}


@gives(numbers="top_mean bottom_mean")
def means(pool: Pool, checkpoint: str) -> Answer:
    """What stands in for codes that are not there: see Means of the model."""
    model_of(pool, checkpoint)
    return {**means_of(pool, checkpoint)}


def levels(
    pool: Pool, checkpoint: str, top: list, bottom: list, other_top: list, other_bottom: list
) -> tuple[np.ndarray, np.ndarray]:
    """Top codes (5, h, w) and bottom codes (5, 2 h, 2 w) of what is decoded and exchanged; −1 is not there."""
    grids = {"top": top, "bottom": bottom, "other_top": other_top, "other_bottom": other_bottom}
    of = {name: grid(pool, checkpoint, name.removeprefix("other_"), values) for name, values in grids.items()}
    no_top, no_bottom = (np.full_like(of[level], -1) for level in LEVELS)
    tops = np.concatenate([of["top"], of["top"], no_top, of["top"], of["other_top"]])
    bottoms = np.concatenate([of["bottom"], no_bottom, of["bottom"], of["other_bottom"], of["bottom"]])
    return tops, bottoms


@gives(bytes="text")
def python(pool: Pool, checkpoint: str, top: list, bottom: list, other_top: list, other_bottom: list) -> Answer:
    """The scene as Python: the picture that is decoded, and the four with levels exchanged."""
    tops, bottoms = levels(pool, checkpoint, top, bottom, other_top, other_bottom)
    return as_python.text(
        [
            as_python.model_line(pool, checkpoint),
            "from explorer.checkpoint import load_codes",
            f"kept = load_codes({as_python.path_of(pool.folder(checkpoint))})",
            'means = [torch.tensor(kept[name]) for name in ("top_mean", "bottom_mean")]',
            *as_python.array_lines("top", tops),
            *as_python.array_lines("bottom", bottoms),
            "with torch.inference_mode():",
            "    x_hat = model.decode_partly((torch.tensor(top), torch.tensor(bottom)), means)",
        ]
    )


@gives(pictures="top_tiles bottom_tiles", numbers="top_numbers bottom_numbers")
def atlas(pool: Pool, checkpoint: str) -> Answer:
    """Every code of both levels as a tile, similar ones together."""
    model_of(pool, checkpoint)
    answer: Answer = {}
    for level in LEVELS:
        part = codebook.atlas(pool, checkpoint, "similarity", f"{level}_")
        answer |= {f"{level}_{name}": part[name] for name in ("tiles", "numbers")}
    return answer


HANDLERS: Handlers = {
    "python": python,
    "encode": encode,
    "decode": decode,
    "exchange": exchange,
    "means": means,
    "atlas": atlas,
    "start": start,
    "advance": advance,
    "nearest": nearest,
    "attention": attention,
}
