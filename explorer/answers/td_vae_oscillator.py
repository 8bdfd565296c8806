"""What the TD-VAE tab asks of an oscillator that chance pushes: what is known of it, and where futures lie."""

import math
from typing import NamedTuple

import numpy as np

from explorer.answers.common import Answer
from explorer.answers.td_vae_digits import belief, decoded
from explorer.answers.td_vae_models import LARGEST_SEED, model_of, seeds_of
from explorer.compute import sequences
from explorer.data import oscillator
from explorer.metrics import forecast, kalman
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import number, whole
from explorer.serve.turns import dear

DRAWS = 99  # futures
OTHERS = 12  # courses that chance could have given the oscillator instead
LEAST_NOISE = 0.01  # that the filter is told, or it would divide by 0
HORIZON = max(oscillator.AHEAD)  # steps that an oscillator is foretold
EDGES = (0.025, 0.975)  # between which 95 % of a forecast lie
NORMAL_EDGE = 1.95996  # deviations to either side


class Heard(NamedTuple):
    """An oscillator, checked, of which the first t steps are shown."""

    t: int
    paths: np.ndarray  # positions, (1 + OTHERS, STEPS + HORIZON): what is, and other courses from step t on
    seen: np.ndarray  # what is, through noise, (STEPS + HORIZON,)
    frequency: float
    dynamics: kalman.Dynamics

    @property
    def context(self) -> np.ndarray:
        """What is shown as the model takes it, (1, t, 1, 1, 1)."""
        return self.seen[: self.t].reshape(1, -1, 1, 1, 1).copy()

    @property
    def coming(self) -> np.ndarray:
        """Positions of the next HORIZON steps, (1 + OTHERS, HORIZON)."""
        return self.paths[:, self.t : self.t + HORIZON]


@dear("120 predictions, each from the last: .1 s")
@gives(numbers="axis context signal others predicted kalman_band", number="predicted_score kalman_inside kalman_score")
def oscillation(
    pool: Pool,
    checkpoint: str,
    frequency: float,
    amplitude: float,
    phase: float,
    pushes: float,
    noise: float,
    noise_seed: int,
    t: int,
) -> Answer:
    """An oscillator that was watched for t steps: curves over all times (STEPS + HORIZON,), NaN where there is none.

    Returns:
        axis; context, what was seen; signal, what is; others (OTHERS, …), what could have come instead; predicted,
        one-step predictions fed back; kalman_band (2, …), between whose lines 95 % of what may come lie for who knows
        the world; kalman_inside, the share of what came and could have come that lies there, in %; and the mean CRPS
        over HORIZON steps, kalman_score and predicted_score.
    """
    heard = listen(pool, checkpoint, frequency, amplitude, phase, pushes, noise, noise_seed, t)
    predicted = pool.run(checkpoint, "predict", x=heard.context, steps=HORIZON)["frames"].ravel()
    omega = np.array([heard.frequency])
    known = kalman.filtered(heard.seen[None, :t], omega, heard.dynamics)
    mean, deviation = (part[0] for part in kalman.forecast(*known, omega, HORIZON, heard.dynamics))
    band = np.stack([mean + side * NORMAL_EDGE * deviation for side in (-1, 1)])
    return {
        "axis": np.arange(oscillator.STEPS + HORIZON, dtype=np.float32),
        "context": placed(heard.seen[:t], 0),
        "signal": placed(heard.paths[0, : t + HORIZON], 0),
        "others": placed(heard.coming[1:], t),
        "predicted": placed(predicted, t),
        "predicted_score": np.float32(np.abs(predicted - heard.coming[0]).mean()),
        "kalman_band": placed(band, t),
        "kalman_inside": inside(band, heard.coming),
        "kalman_score": np.float32(forecast.gaussian_crps(mean, np.maximum(deviation, 1e-6), heard.coming[0]).mean()),
    }


@dear("120 steps of 99 futures: .06 s")
@gives(numbers="band", number="inside score calls milliseconds")
def fan(
    pool: Pool,
    checkpoint: str,
    frequency: float,
    amplitude: float,
    phase: float,
    pushes: float,
    noise: float,
    noise_seed: int,
    t: int,
    jump: int,
    draw: int,
) -> Answer:
    """Where DRAWS futures lie that are reached by jumps of one length, and a shorter one for the rest.

    Returns:
        band (2, STEPS + HORIZON), between whose lines 95 % of them lie; inside, the share of what came and could have
        come that lies there, in %; score, the mean CRPS over HORIZON steps; calls of the transition that lead to the
        last of these, and the milliseconds that so many took when the model was measured.
    """
    heard = listen(pool, checkpoint, frequency, amplitude, phase, pushes, noise, noise_seed, t)
    model = pool.config(checkpoint).model
    jump = whole(jump, 1, model["longest_jump"], "The length of a jump")
    noises = sequences.noise(seeds_of(draw, DRAWS), 2 + HORIZON // jump, model["latent_dim"])
    known = belief(pool, checkpoint, heard.context)
    z = pool.run(checkpoint, "foresee_steps", belief=known, noise=noises, length=jump, steps=HORIZON)["z"]
    curves = decoded(pool, checkpoint, z)[..., 0, 0, 0]  # (HORIZON, DRAWS)
    band = np.quantile(curves, EDGES, axis=1, method="weibull")
    calls = math.ceil(HORIZON / jump)
    return {
        "band": placed(band, t),
        "inside": inside(band, heard.coming),
        "score": np.float32(forecast.sample_crps(curves.astype(float), heard.coming[0]).mean()),
        "calls": np.float32(calls),
        "milliseconds": np.float32(duration(pool, checkpoint, calls)),
    }


def duration(pool: Pool, checkpoint: str, calls: int) -> float:
    """Milliseconds that so many jumps one after the other took for 199 futures, on the machine that measured them.

    Measured are AHEAD jumps; in between they grow evenly. NaN where nothing was measured.
    """
    measured = pool.config(checkpoint).profile.get("many_milliseconds")
    return float(np.interp(calls, oscillator.AHEAD, measured)) if measured else math.nan


def listen(
    pool: Pool,
    checkpoint: str,
    frequency: float,
    amplitude: float,
    phase: float,
    pushes: float,
    noise: float,
    noise_seed: int,
    t: int,
) -> Heard:
    """The oscillator that was asked for, pushed and seen by chance; every value checked."""
    model_of(pool, checkpoint, oscillating=True)
    t = whole(t, 1, oscillator.STEPS, "The number of steps shown")
    frequency = number(frequency, 0.01, 0.4, "The frequency")
    amplitude = number(amplitude, 0, 3, "The amplitude")
    phase = number(phase, 0, 2 * math.pi, "The phase")
    pushes = number(pushes, 0, 1, "The standard deviation of a push")
    noise = number(noise, 0, 2, "The noise")
    rng = np.random.default_rng(whole(noise_seed, 0, LARGEST_SEED, "The seed of the noise"))
    size = 1 + OTHERS, oscillator.STEPS + HORIZON
    seen_noise, chance = rng.standard_normal(size[1]), oscillator.complex_normal(rng, size)
    chance[1:, :t] = chance[0, :t]
    start = amplitude * np.exp(1j * phase)
    paths = oscillator.positions(np.full(size[0], frequency), np.full(size[0], start), pushes * chance)
    seen = (paths[0] + noise * seen_noise).astype(np.float32)
    dynamics = kalman.Dynamics(max(noise, LEAST_NOISE), oscillator.VARIANCE, pushes, oscillator.DECAY)
    return Heard(t, paths, seen, frequency, dynamics)


def inside(band: np.ndarray, coming: np.ndarray) -> np.float32:
    """Share of positions (N, HORIZON) between the lines of a band (2, HORIZON), in %."""
    return np.float32(100 * ((band[0] <= coming) & (coming <= band[1])).mean())


def placed(values: np.ndarray, first: int) -> np.ndarray:
    """Values (…, T) on the axis of all times from a first one on, float32; NaN elsewhere."""
    line = np.full((*values.shape[:-1], oscillator.STEPS + HORIZON), np.nan, np.float32)
    line[..., first : first + values.shape[-1]] = values
    return line
