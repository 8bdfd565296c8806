"""What the TD-VAE tab asks of a digit that moves: futures, ways to the same time, what is believed of spoilt frames."""

from typing import Any

import numpy as np

from explorer.answers import as_python
from explorer.answers.common import Answer
from explorer.answers.td_vae_models import model_of, seeds_of
from explorer.compute import sequences
from explorer.compute.pictures import to_bytes
from explorer.metrics import circular
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import Refused, floats, picture, whole

FRAMES = 20  # what the model was trained on
SHOWN = 8  # futures as rows
MOST_JUMPS = 8
WAYS = {"one": [6], "two": [3, 3], "six": [1] * 6}  # frames of each jump on the way to the same time
GROUPS = {"clear": "belief, had all been clear", "blind": "belief, blinded", "smoothed": "smoothed, later is shown"}
DRAWS = 32  # futures that means, spreads and shares are taken over
BELIEVED = 64  # draws that places are counted over
FASTEST = 3  # pixels a frame


@gives(pictures="frames", numbers="times")
def frames(pool: Pool, checkpoint: str, x: list, start: int, speed: int, vertical: int) -> Answer:
    """What happens: the first frames (FRAMES, 1, H, W) of a world, and their numbers."""
    _, happens = watch(pool, checkpoint, x, start, speed, vertical, FRAMES)
    return {"frames": to_bytes(happens), "times": np.arange(1, FRAMES + 1, dtype=np.float32)}


@gives(pictures="futures truth mean spread predicted", numbers="seeds times")
def futures(
    pool: Pool,
    checkpoint: str,
    x: list,
    start: int,
    speed: int,
    vertical: int,
    t: int,
    jump: int,
    jumps: int,
    draw: int,
) -> Answer:
    """Several futures of a world of which the first t frames were shown.

    Returns:
        futures (SHOWN, 1 + jumps, 1, H, W), the belief first, with their seeds (SHOWN,) and the frames' numbers, times;
        truth, and over DRAWS futures mean and spread (twice the deviation of a pixel), each (1 + jumps, 1, H, W);
        predicted (1 + jumps, 1, H, W), the last frame shown and what the plain next-frame predictor expects at those
        times.
    """
    t, jump, jumps = steps_of(pool, checkpoint, t, jump, jumps)
    _, happens = watch(pool, checkpoint, x, start, speed, vertical, t + jump * jumps)
    drawn = draws(pool, checkpoint, happens, t, jump, jumps, draw)
    predicted = pool.run(checkpoint, "predict", x=happens[None, :t], steps=jump * jumps)["frames"][0]
    return {
        "futures": to_bytes(drawn[:SHOWN]),
        "seeds": seeds_of(draw, DRAWS)[:SHOWN].astype(np.float32),
        "times": np.arange(t, len(happens) + 1, jump, dtype=np.float32),
        "truth": to_bytes(happens[t - 1 :: jump]),
        "mean": to_bytes(drawn.mean(0)),
        "spread": to_bytes(2 * drawn.std(0)),
        "predicted": to_bytes(np.concatenate([happens[t - 1 : t], predicted[jump - 1 :: jump]])),
    }


@gives(number="direction within")
def judge(
    pool: Pool,
    checkpoint: str,
    x: list,
    start: int,
    speed: int,
    vertical: int,
    t: int,
    jump: int,
    jumps: int,
    draw: int,
) -> Answer:
    """In % of the same DRAWS futures direction, that move as the truth does, and within, that end within a pixel of
    it."""
    t, jump, jumps = steps_of(pool, checkpoint, t, jump, jumps)
    digit, happens = watch(pool, checkpoint, x, start, speed, vertical, t + jump * jumps)
    drawn = draws(pool, checkpoint, happens, t, jump, jumps, draw)
    return shares(drawn, happens[t - 1 :: jump], digit, speed, bool(vertical))


def draws(pool: Pool, checkpoint: str, happens: np.ndarray, t: int, jump: int, jumps: int, draw: int) -> np.ndarray:
    """DRAWS futures (DRAWS, 1 + jumps, 1, H, W) of a world of which the first t frames were shown."""
    noise = sequences.noise(seeds_of(draw, DRAWS), 1 + jumps, model_of(pool, checkpoint)["latent_dim"])
    known = belief(pool, checkpoint, happens[None, :t])
    states = pool.run(checkpoint, "foresee", belief=known, noise=noise, lengths=[jump] * jumps)
    return decoded(pool, checkpoint, states["z"]).swapaxes(0, 1)


def steps_of(pool: Pool, checkpoint: str, t: int, jump: int, jumps: int) -> tuple[int, int, int]:
    """Frames shown, frames of a jump, and jumps, checked."""
    return (
        whole(t, 1, FRAMES, "The number of frames shown"),
        whole(jump, 1, model_of(pool, checkpoint)["longest_jump"], "The length of a jump"),
        whole(jumps, 1, MOST_JUMPS, "The number of jumps"),
    )


@gives(bytes="text")
def python(
    pool: Pool,
    checkpoint: str,
    x: list,
    start: int,
    speed: int,
    vertical: int,
    t: int,
    jump: int,
    jumps: int,
    draw: int,
) -> Answer:
    """The futures as Python: a row for each, a column for each jump."""
    t, jump, jumps = steps_of(pool, checkpoint, t, jump, jumps)
    seeds = seeds_of(draw, DRAWS)
    watch(pool, checkpoint, x, start, speed, vertical, 1)  # which refuses a world that there is not
    return as_python.text(
        [
            as_python.model_line(pool, checkpoint),
            *as_python.picture_lines(x, pool.config(checkpoint)),
            "from explorer.compute import sequences",
            f"happens = sequences.world(x.numpy(), {int(start)}, {int(speed)}, {bool(vertical)}, {t})",
            f"seeds = np.arange({seeds[0]}, {seeds[-1] + 1})",
            f"noise = torch.tensor(sequences.noise(seeds, {1 + jumps}, model.latent_dim))",
            "with torch.inference_mode():",
            "    belief = model.encode(torch.tensor(happens)[None])[0, -1]",
            f"    states = model.foresee(belief, noise, {[jump] * jumps})",
            f"    x_hat = torch.stack([torch.cat([*model.decode(z)[:{SHOWN}]], dim=1) for z in states])",
        ]
    )


def shares(drawn: np.ndarray, truth: np.ndarray, digit: np.ndarray, speed: int, vertical: bool) -> Answer:
    """In % of futures (S, N, 1, H, W): those that move as the truth does, and those that end where it does."""
    size = digit.shape[-2 if vertical else -1]
    where = np.stack([circular.places(part[:, 0], digit, vertical) for part in np.moveaxis(drawn, 1, 0)], 1)  # (S, N)
    moved = circular.offset(where[:, 1:], where[:, :-1], size).sum(1)
    missed = np.abs(circular.offset(where[:, -1], circular.places(truth[-1], digit, vertical), size))
    each = {"direction": np.sign(moved) == np.sign(speed), "within": missed <= 1}
    return {name: np.float32(100 * part.mean()) for name, part in each.items()}


@gives(pictures="truth *_film *_samples", numbers="times *_off", number="*_within")
def ways(pool: Pool, checkpoint: str, x: list, start: int, speed: int, vertical: int, t: int, draw: int) -> Answer:
    """The same time ahead, reached from the same beliefs by one jump, by two, and by one for each frame.

    Returns:
        truth, every frame until then, (1 + longest way, 1, H, W), with their numbers, times; and for each name in WAYS
        its film (1 + jumps, 1, H, W) of the first future, its samples (SHOWN, 1, H, W) at the end, the pixels
        (SHOWN,) by which these are off, and the share of DRAWS of them within one pixel, in %.
    """
    model = model_of(pool, checkpoint)
    ahead = sum(WAYS["one"])
    if model["longest_jump"] < ahead:
        raise Refused(
            f"{checkpoint} jumps by {model['longest_jump']} frames at most, and this compares jumps of {ahead}."
        )
    t = whole(t, 1, FRAMES, "The number of frames shown")
    digit, happens = watch(pool, checkpoint, x, start, speed, vertical, t + ahead)
    noise = sequences.noise(seeds_of(draw, DRAWS), 1 + ahead, model["latent_dim"])
    answer: Answer = {"truth": to_bytes(happens[t - 1 :]), "times": np.arange(t, t + ahead + 1, dtype=np.float32)}
    known = belief(pool, checkpoint, happens[None, :t])
    goal = circular.places(happens[-1], digit, bool(vertical))
    for name, lengths in WAYS.items():
        states = pool.run(checkpoint, "foresee", belief=known, noise=noise[: 1 + len(lengths)], lengths=lengths)
        films = decoded(pool, checkpoint, states["z"])  # (1 + jumps, DRAWS, 1, H, W)
        where = circular.places(films[-1][:, 0], digit, bool(vertical))
        off = circular.offset(where, goal, digit.shape[-2 if vertical else -1])
        answer |= {
            f"{name}_film": to_bytes(films[:, 0]),
            f"{name}_samples": to_bytes(films[-1][:SHOWN]),
            f"{name}_off": off[:SHOWN].astype(np.float32),
            f"{name}_within": np.float32(100 * (np.abs(off) <= 1).mean()),
        }
    return answer


@gives(pictures="seen *_samples *_summary", number="*_deviation *_places")
def blind(
    pool: Pool,
    checkpoint: str,
    x: list,
    start: int,
    speed: int,
    vertical: int,
    t: int,
    marks: list,
    later: int,
    draw: int,
) -> Answer:
    """What is believed at t of a world some of whose frames were spoilt, and what must have been once more is seen.

    Arguments:
        pool: The checkpoints.
        checkpoint: A TD-VAE of moving digits.
        x: The picture.
        start: Pixels it is moved by in the first frame.
        speed: Pixels a frame.
        vertical: 1 for downwards.
        t: Frames shown.
        marks: For each of FRAMES frames what is done to it: nothing, black, noise, skipped.
        later: How many clear frames more are seen before the state at t is asked for again.
        draw: Seed.

    Returns:
        seen (FRAMES, 1, H, W); and for each of GROUPS its samples (SHOWN, 1, H, W), their mean and twice their
        deviation, summary (2, 1, H, W), the deviation of the place in pixels, and at how many places it could be in
        effect, over BELIEVED draws.
    """
    model = model_of(pool, checkpoint)
    t = whole(t, 1, FRAMES, "The number of frames shown")
    later = whole(later, 1, model["longest_jump"], "How much later it is")
    digit, happens = watch(pool, checkpoint, x, start, speed, vertical, FRAMES + later)
    done = marks_of(marks)
    seen = sequences.blinded(happens[:FRAMES], done)
    told = sequences.kept(seen[:t], done[:t])
    if not told.size:
        raise Refused("The model must be shown at least one frame.")
    told_later = np.concatenate([told, happens[None, t : t + later]], axis=1)

    noise = sequences.noise(seeds_of(draw, BELIEVED), 2, model["latent_dim"])
    clear, blind, later_belief = (belief(pool, checkpoint, part) for part in (happens[None, :t], told, told_later))
    states = [
        pool.run(checkpoint, "foresee", belief=known, noise=noise[:1], lengths=[])["z"][0] for known in (clear, blind)
    ]
    back = pool.run(checkpoint, "look_back", belief=blind, later_belief=later_belief, noise=noise, length=later)["z"]
    believed = decoded(pool, checkpoint, np.stack([*states, back]))
    answer: Answer = {"seen": to_bytes(seen)}
    for name, pictures in zip(GROUPS, believed, strict=True):
        where = circular.places(pictures[:, 0], digit, bool(vertical))
        deviation, count = circular.spread(where, digit.shape[-2 if vertical else -1])
        answer |= {
            f"{name}_samples": to_bytes(pictures[:SHOWN]),
            f"{name}_summary": summary(pictures),
            f"{name}_deviation": np.float32(deviation),
            f"{name}_places": np.float32(count),
        }
    return answer


def belief(pool: Pool, checkpoint: str, frames: np.ndarray) -> np.ndarray:
    """What is known (belief_dim,) after frames (1, T, C, H, W)."""
    return pool.run(checkpoint, "encode", x=frames)["z"][0, -1]


def decoded(pool: Pool, checkpoint: str, z: np.ndarray) -> np.ndarray:
    """Frames (…, C, H, W) of states (…, latent_dim)."""
    x_hat = pool.run(checkpoint, "decode", z=z.reshape(-1, z.shape[-1]))["x_hat"]
    return x_hat.reshape(*z.shape[:-1], *x_hat.shape[1:])


def summary(pictures: np.ndarray) -> np.ndarray:
    """Mean and twice the deviation of pictures (N, 1, H, W), as bytes (2, 1, H, W)."""
    return to_bytes(np.stack([pictures.mean(0), 2 * pictures.std(0)]))


def watch(
    pool: Pool, checkpoint: str, x: list, start: int, speed: int, vertical: int, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """The picture (H, W), black or white where it stands before it moves, and so many frames (count, 1, H, W)."""
    shape = model_of(pool, checkpoint)["picture_shape"]
    start = whole(start, 0, shape[-1] - 1, "The start")
    speed = whole(speed, -FASTEST, FASTEST, "The speed")
    vertical = bool(whole(vertical, 0, 1, "Vertical"))
    digit = picture(x, shape)
    return sequences.world(digit, 0, 0, False, 1)[0, 0], sequences.world(digit, start, speed, vertical, count)


def marks_of(values: Any) -> np.ndarray:
    """What is done to each of FRAMES frames."""
    marks = floats(values, "The marks")
    if marks.shape != (FRAMES,):
        raise Refused(f"The marks must be {FRAMES} numbers, one for each frame, but {marks.size} came.")
    if not np.isin(marks, range(4)).all():
        raise Refused("Each mark must be 0 (shown), 1 (black), 2 (noise) or 3 (skipped).")
    return marks.astype(int)
