"""What the TD-VAE tab asks of a noisy oscillator: what is known of it, and a fan of futures."""

import math

import numpy as np

from explorer.answers.common import Answer
from explorer.answers.td_vae_digits import belief, decoded
from explorer.answers.td_vae_models import LARGEST_SEED, model_of, seeds_of
from explorer.compute import sequences
from explorer.data import oscillator
from explorer.metrics import kalman
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import number, whole
from explorer.serve.turns import dear

DRAWS = 32  # futures
LEAST_NOISE = 0.01  # that the filter is told, or it would divide by 0
HORIZON = 120  # steps that an oscillator is foretold
PRIOR_VARIANCE = np.mean(np.square(np.linspace(*oscillator.AMPLITUDES, 1001))) / 2  # of both numbers of its state


@dear("120 predictions, each from the last: .1 s")
@gives(numbers="axis context signal kalman kalman_band predicted", number="kalman_error predicted_error")
def oscillation(
    pool: Pool, checkpoint: str, frequency: float, amplitude: float, phase: float, noise: float, noise_seed: int, t: int
) -> Answer:
    """An oscillator that was watched for t steps: curves over all times (STEPS + HORIZON,), NaN where there is none.

    Returns:
        axis; context, what was seen; signal, what is; kalman, the forecast of who knows the frequency, and
        kalman_band (2, …), one deviation around it; predicted, one-step predictions fed back; and the root mean squares
        of the errors of both over HORIZON steps, kalman_error and predicted_error.
    """
    t, signal, seen, frequency, noise = listen(pool, checkpoint, frequency, amplitude, phase, noise, noise_seed, t)
    told = seen[:t]
    predicted = pool.run(checkpoint, "predict", x=sequence(told), steps=HORIZON)["frames"].ravel()
    omega = np.array([frequency])
    known = kalman.filtered(told[None], omega, max(noise, LEAST_NOISE), PRIOR_VARIANCE)
    mean, deviation = (part[0] for part in kalman.forecast(*known, omega, HORIZON))
    ahead = signal[t : t + HORIZON]
    return {
        "axis": np.arange(len(signal), dtype=np.float32),
        "context": placed(told, 0),
        "signal": placed(signal[: t + HORIZON], 0),
        "kalman": placed(mean, t),
        "kalman_band": np.stack([placed(mean + side * deviation, t) for side in (-1, 1)]),
        "predicted": placed(predicted, t),
        "kalman_error": root_mean_square(mean - ahead),
        "predicted_error": root_mean_square(predicted - ahead),
    }


@dear("120 steps of 32 futures: .06 s")
@gives(numbers="fan fan_mean", number="fan_error")
def fan(
    pool: Pool,
    checkpoint: str,
    frequency: float,
    amplitude: float,
    phase: float,
    noise: float,
    noise_seed: int,
    t: int,
    jump: int,
    draw: int,
) -> Answer:
    """Futures of an oscillator: fan (DRAWS, STEPS + HORIZON), by jumps of one length and a shorter one for the rest.

    Also their mean (STEPS + HORIZON,) and the root mean square of its error over HORIZON steps.
    """
    t, signal, seen, *_ = listen(pool, checkpoint, frequency, amplitude, phase, noise, noise_seed, t)
    model = pool.config(checkpoint)["model"]
    jump = whole(jump, 1, model["longest_jump"], "The length of a jump")
    noises = sequences.noise(seeds_of(draw, DRAWS), 2 + HORIZON // jump, model["latent_dim"])

    known = belief(pool, checkpoint, sequence(seen[:t]))
    z = pool.run(checkpoint, "foresee_steps", belief=known, noise=noises, length=jump, steps=HORIZON)["z"]
    curves = decoded(pool, checkpoint, z)[..., 0, 0, 0].T  # (DRAWS, HORIZON)
    mean = curves.mean(0)
    return {
        "fan": np.stack([placed(curve, t) for curve in curves]),
        "fan_mean": placed(mean, t),
        "fan_error": root_mean_square(mean - signal[t : t + HORIZON]),
    }


def listen(
    pool: Pool, checkpoint: str, frequency: float, amplitude: float, phase: float, noise: float, noise_seed: int, t: int
) -> tuple[int, np.ndarray, np.ndarray, float, float]:
    """Checked t, the signal (STEPS + HORIZON,), what is seen of it, its frequency and its noise."""
    model_of(pool, checkpoint, oscillating=True)
    t = whole(t, 1, oscillator.STEPS, "The number of steps shown")
    frequency = number(frequency, 0.01, 0.4, "The frequency")
    amplitude = number(amplitude, 0, 3, "The amplitude")
    phase = number(phase, 0, 2 * math.pi, "The phase")
    noise = number(noise, 0, 2, "The noise")
    rng = np.random.default_rng(whole(noise_seed, 0, LARGEST_SEED, "The seed of the noise"))
    steps = oscillator.STEPS + HORIZON
    one = (np.array([value]) for value in (frequency, amplitude, phase))
    signal = oscillator.signal(*one, steps)[0].astype(np.float32)
    seen = signal + noise * rng.standard_normal(steps, np.float32)
    return t, signal, seen.astype(np.float32), frequency, noise


def sequence(seen: np.ndarray) -> np.ndarray:
    """Numbers (T,) as the model takes them, (1, T, 1, 1, 1)."""
    return seen.reshape(1, -1, 1, 1, 1).copy()


def placed(values: np.ndarray, first: int) -> np.ndarray:
    """Values on the axis of all times from a first one on; NaN elsewhere."""
    line = np.full(oscillator.STEPS + HORIZON, np.nan, np.float32)
    line[first : first + len(values)] = values
    return line


def root_mean_square(errors: np.ndarray) -> np.float32:
    return np.float32(np.sqrt(np.square(errors).mean()))
