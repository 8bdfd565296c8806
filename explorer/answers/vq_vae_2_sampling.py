"""Sampling in VQ-VAE-2, a few codes for each question: the page holds the codes, and asks for the next ones."""

import numpy as np

from explorer.answers.common import Answer
from explorer.answers.vq_vae_2_codes import LEVELS, SAMPLES, decode_partly, grid, model_of, several
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import Refused, number, one_of, whole
from explorer.serve.turns import dear

PARTS = ("all", "lower", "right", "none")  # of a picture that are to be filled
FEW = 4  # places filled in no more time than it takes to look at the codes so far: .06 s
MOST = 32  # places filled for one question, so that no other visitor waits long
LIKELIEST = 16  # codes whose probability is told
LARGEST_SEED = 1_000_000
LEAST_TEMPERATURE, LARGEST_TEMPERATURE = 0.05, 2.0  # smaller ones give the likeliest code all the same
LARGEST_GUIDANCE = 10.0


@gives(numbers="top bottom")
def start(pool: Pool, checkpoint: str, top: list, bottom: list, part: str) -> Answer:
    """What the priors begin with: a picture's codes, and −1 in the part of it that they are to fill."""
    one_of(part, PARTS, "The part")
    answer: Answer = {}
    for level, values in (("top", top), ("bottom", bottom)):
        codes = grid(pool, checkpoint, level, values)[0]
        rows, columns = np.indices(codes.shape)
        left_out = {
            "all": codes >= 0,
            "lower": rows >= codes.shape[0] // 2,
            "right": columns >= codes.shape[1] // 2,
            "none": codes < 0,
        }[part]
        answer[level] = np.where(left_out, -1, codes).astype(np.float32)
    return answer


@dear("32 places are .2 s", when=lambda pool, count, **rest: count > FEW)
@gives(pictures="pictures", numbers="top bottom nats likeliest probabilities", number="top_next bottom_next")
def advance(
    pool: Pool,
    checkpoint: str,
    top: list,
    bottom: list,
    count: int,
    label: int,
    seed: int,
    temperature: float,
    top_k: int,
    guidance: float,
) -> Answer:
    """SAMPLES pictures some codes further.

    Arguments:
        pool: The checkpoints.
        checkpoint: A VQ-VAE-2 with priors.
        top: Codes so far, SAMPLES × h × w; −1 is a gap, and everything else is kept.
        bottom: The same, SAMPLES × 2 h × 2 w.
        count: Places to fill, from the first gap on; 0 tells only what stands there and what may come next.
        label: Class; the number of classes is none in particular.
        seed: The same one gives the same pictures, however many questions they take.
        temperature: Divides the logits; 0 is refused.
        top_k: Of how many likeliest codes one is drawn.
        guidance: How far log-probabilities are led from those of no class towards those of the class: 1 is the class's
            own, more goes beyond them, 0 asks for no class.

    Returns:
        top and bottom, filled further; pictures (SAMPLES, 3, H, W); nats, the mean of a code so far under the untouched
        priors; top_next and bottom_next, the next place of each level, −1 for none; likeliest (SAMPLES, LIKELIEST)
        codes there, and their probabilities in %.
    """
    model = model_of(pool, checkpoint)
    codes = [several(pool, checkpoint, level, values) for level, values in (("top", top), ("bottom", bottom))]
    count = whole(count, 0, MOST, "The number of places")
    label = whole(label, 0, model["num_classes"], "The class")
    seed = whole(seed, 0, LARGEST_SEED, "The seed")
    temperature = number(temperature, 0, LARGEST_TEMPERATURE, "The temperature")
    if temperature == 0:
        raise Refused("The temperature must be above 0.")
    top_k = whole(top_k, 1, model["num_codes"], "The number of likeliest codes")
    guidance = number(guidance, 0, LARGEST_GUIDANCE, "The guidance")
    places = gaps(*codes)[:count]
    if count and not len(places):
        raise Refused("No cell is left to be filled: mark some on the grids first.")

    new_top, new_bottom, nats, probabilities = pool.run(
        checkpoint,
        "fill",
        top=codes[0],
        bottom=codes[1],
        noise=gumbel(seed, places, model["num_codes"]),
        labels=np.full(SAMPLES, label),
        temperature=max(temperature, LEAST_TEMPERATURE),
        top_k=top_k,
        guidance=guidance,
    ).values()
    likeliest = np.argsort(-probabilities, axis=1, kind="stable")[:, :LIKELIEST]
    top_next, bottom_next = next_places(new_top, new_bottom)
    return {
        "top": new_top.astype(np.float32),
        "bottom": new_bottom.astype(np.float32),
        "pictures": decode_partly(pool, checkpoint, new_top, new_bottom),
        "nats": nats,
        "top_next": np.float32(top_next),
        "bottom_next": np.float32(bottom_next),
        "likeliest": likeliest.astype(np.float32),
        "probabilities": 100 * np.take_along_axis(probabilities, likeliest, axis=1),
    }


@gives(numbers="weights")
def attention(pool: Pool, checkpoint: str, top: list) -> Answer:
    """What the top prior looks at while it writes a picture's codes, told no class.

    Returns:
        weights (attentions, heads, places, places): of each place, how much it looks at which; the last axis sums to 1.
    """
    model = model_of(pool, checkpoint)
    if not model["prior_heads"]:
        raise Refused(f"The prior of {checkpoint} has no attention.")
    codes = grid(pool, checkpoint, "top", top)
    none_in_particular = np.array([model["num_classes"]])
    return {"weights": pool.run(checkpoint, "attention", top=codes, labels=none_in_particular)["weights"][0]}


def gumbel(seed: int, places: np.ndarray, num_codes: int) -> np.ndarray:
    """Draws (places, SAMPLES, K), each place's own, so that it does not matter which are asked for together."""
    draws = [np.random.default_rng([seed, place]).gumbel(size=(SAMPLES, num_codes)) for place in places]
    return np.array(draws, np.float32).reshape(-1, SAMPLES, num_codes)


def gaps(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """Places, in the order in which they are sampled, at which any picture lacks its code."""
    return np.flatnonzero((in_order(top, bottom) < 0).any(0))


def next_places(top: np.ndarray, bottom: np.ndarray) -> tuple[int, int]:
    """The first gap, counted within its level; −1 for the level without it."""
    place, tops = next(iter(gaps(top, bottom)), -1), top[0].size
    return (place, -1) if place < tops else (-1, place - tops)


@gives(pictures="nearest", numbers="shared")
def nearest(pool: Pool, checkpoint: str, top: list, bottom: list) -> Answer:
    """The training pictures that share most codes with each sample, decoded, and how many in % of all."""
    codes = [several(pool, checkpoint, level, values) for level, values in (("top", top), ("bottom", bottom))]
    kept = pool.codes(checkpoint)
    train = in_order(kept["top_train"], kept["bottom_train"])
    same = np.stack([(train == one).mean(1) for one in in_order(*codes)])  # (B, N)
    best = same.argmax(1)
    alike = decode_partly(pool, checkpoint, *(kept[f"{level}_train"][best].astype(np.int64) for level in LEVELS))
    shared = same.max(1)
    alike[shared == 0] = 255  # none is nearer than another
    return {"nearest": alike, "shared": (100 * shared).astype(np.float32)}


def in_order(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """Codes (B, N) of both levels in the order in which they are sampled."""
    return np.concatenate([level.reshape(len(level), -1) for level in (top, bottom)], axis=1)
