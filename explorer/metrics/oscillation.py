"""How well a model that jumps keeps frequency, phase and amplitude of a noisy oscillator.

CONTEXT observations are shown; a state is drawn from the belief, a jump of n steps, then WINDOW jumps of one step, each
drawn too. A cosine of the true frequency is fitted to what is decoded by least squares, and its phase and amplitude
compared with the truth. Beside it: one-step prediction repeated, and a Kalman filter that knows the frequency, which is
the bound and the same for all n, since nothing disturbs the oscillator.
"""

from typing import NamedTuple

import numpy as np
import torch
from torch import Generator, Tensor

from explorer.data import oscillator
from explorer.metrics import kalman
from explorer.models.td_vae import TDVAE

CONTEXT = 100  # observations shown
JUMPS = (1, 20, 60, 120)
WINDOW = 40  # steps after the jump
FUTURES = 32  # of which the mean is taken where a value is foretold


class World(NamedTuple):
    """Oscillators with what they were made of."""

    x: np.ndarray  # observations, (N, STEPS)
    frequency: np.ndarray  # (N,)
    amplitude: np.ndarray  # (N,)
    phase: np.ndarray  # at the first observation, (N,)

    @property
    def context(self) -> Tensor:
        """What is shown, with shape (N, CONTEXT, 1, 1, 1)."""
        return torch.tensor(self.x[:, :CONTEXT, None, None, None], dtype=torch.float32)

    def state(self, ahead: int) -> np.ndarray:
        """True (A cos θ, A sin θ) that many steps after the last one shown, (N, 2)."""
        angle = self.phase + self.frequency * (CONTEXT - 1 + ahead)
        return self.amplitude[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)


def make_world(count: int, seed: int) -> World:
    """Oscillators drawn from the ranges that the model was trained on, the same every time."""
    frequency, amplitude, phase, noise = oscillator.draw(count, oscillator.STEPS, np.random.default_rng(seed))
    signal = oscillator.signal(frequency, amplitude, phase, oscillator.STEPS)
    return World(signal + noise, frequency, amplitude, phase)


def measure(model: TDVAE, world: World, seed: int) -> dict[str, float]:
    """Errors by the length of the jump, of TD-VAE and of one-step prediction, and those of the filter."""
    belief = model.encode(world.context)[:, -1]
    predicted = model.predict(world.context, max(JUMPS) + WINDOW).flatten(1).double().numpy()
    variance = np.square(oscillator.AMPLITUDES).mean() / 2  # of A cos θ, to a few percent
    known, _ = kalman.filtered(world.x[:, :CONTEXT], world.frequency, oscillator.NOISE, variance)
    figures = named("kalman_{}", compare(known, world.state(0)))
    figures["kalman_value"] = rms(known[:, 0], world.state(0)[:, 0])
    for length in JUMPS:
        truth, generator = world.state(length), Generator().manual_seed(seed)
        rolled = fit(after(model, belief, length, generator), world.frequency)
        figures |= named(f"{{}}_{length}", compare(rolled, truth))
        there = predicted[:, length - 1 : length + WINDOW]
        figures |= named(f"predictor_{{}}_{length}", compare(fit(there, world.frequency), truth))
        figures[f"value_{length}"] = rms(expected(model, belief, length, generator), truth[:, 0])
        figures[f"predictor_value_{length}"] = rms(there[:, 0], truth[:, 0])
    return figures


def after(model: TDVAE, belief: Tensor, length: int, generator: Generator) -> np.ndarray:
    """Decoded values (N, 1 + WINDOW) from where a jump lands, one step after the other."""
    noise = torch.randn(2 + WINDOW, len(belief), model.latent_dim, generator=generator)
    _, *landed = model.rollout(belief, [length] + [1] * WINDOW, noise)
    return torch.stack([model.decode(z) for z in landed], 1).flatten(1).double().numpy()


def expected(model: TDVAE, belief: Tensor, length: int, generator: Generator) -> np.ndarray:
    """Mean (N,) of the values where FUTURES jumps land."""
    belief = belief.repeat_interleave(FUTURES, 0)
    noise = torch.randn(2, len(belief), model.latent_dim, generator=generator)
    return model.decode(model.rollout(belief, [length], noise)[-1]).view(-1, FUTURES).mean(1).double().numpy()


def fit(values: np.ndarray, frequency: np.ndarray) -> np.ndarray:
    """(A cos θ, A sin θ) at the first of values (N, T), by least squares for cosines of known frequencies (N,)."""
    angle = frequency[:, None] * np.arange(values.shape[1])
    return np.einsum("nij,nj->ni", np.linalg.pinv(np.stack([np.cos(angle), -np.sin(angle)], -1)), values)


def compare(state: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Median absolute errors of phase, in radians, and of amplitude of states (N, 2)."""
    turned, real = (part[:, 0] + 1j * part[:, 1] for part in (state, truth))
    return float(np.median(np.abs(np.angle(turned / real)))), float(np.median(np.abs(np.abs(turned) - np.abs(real))))


def named(name: str, errors: tuple[float, float]) -> dict[str, float]:
    return dict(zip((name.format("phase"), name.format("amplitude")), errors, strict=True))


def rms(values: np.ndarray, truth: np.ndarray) -> float:
    """Root of the mean squared error."""
    return float(np.sqrt(np.square(values - truth).mean()))
