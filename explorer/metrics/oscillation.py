"""How well a model that jumps foretells an oscillator that chance pushes, and whether it knows how sure it may be.

CONTEXT observations are shown, then the position is foretold some steps ahead, in four ways: by one jump of so many
steps; by as many jumps of one step, each drawn; by the plain predictor, which has no spread; and by a Kalman filter
that knows the world and the frequency, which is the bound. The score is the CRPS; beside it, how often the position lay
within what was claimed to hold it 68 and 95 times in a hundred.
"""

from time import perf_counter
from typing import NamedTuple

import numpy as np
import torch
from torch import Generator, Tensor

from explorer.data import oscillator
from explorer.data.oscillator import AHEAD
from explorer.metrics import forecast, kalman
from explorer.metrics.watched import watched
from explorer.models.td_vae import TDVAE

CONTEXT = 100  # observations shown
FUTURES = 199  # drawn for each oscillator: what came has 200 places among them, of which 68 and 95 % are whole numbers
MANY = 250  # oscillators that are foretold step by step, which takes as many jumps of every future
BLOCK = 100  # oscillators at a time
DYNAMICS = kalman.Dynamics(oscillator.NOISE, oscillator.VARIANCE, oscillator.PROCESS, oscillator.DECAY)


class World(NamedTuple):
    """Oscillators with what came after the context."""

    seen: np.ndarray  # the context, (N, CONTEXT)
    frequency: np.ndarray  # (N,)
    coming: np.ndarray  # positions at each of AHEAD steps ahead, (N, len(AHEAD))

    @property
    def context(self) -> Tensor:
        """What is shown, with shape (N, CONTEXT, 1, 1, 1)."""
        return torch.tensor(self.seen[:, :, None, None, None], dtype=torch.float32)


def make_world(count: int, seed: int) -> World:
    """Oscillators like those that the model was trained on, the same every time."""
    drawn = oscillator.draw(count, CONTEXT + max(AHEAD), np.random.default_rng(seed))
    ahead = CONTEXT - 1 + np.array(AHEAD)
    return World(drawn.seen[:, :CONTEXT], drawn.frequency, drawn.signal[:, ahead])


def measure(model: TDVAE, world: World, seed: int) -> dict[str, float]:
    """Scores and coverage by the number of steps ahead."""
    generator, last = Generator().manual_seed(seed), max(AHEAD)
    beliefs = model.encode(world.context)[:, -1]
    point = model.predict(world.context, last).flatten(1).double().numpy()
    known = kalman.filtered(world.seen, world.frequency, DYNAMICS)
    means, deviations = kalman.forecast(*known, world.frequency, last, DYNAMICS)
    many = step_by_step(model, beliefs[:MANY], generator)
    figures: dict[str, float] = {}
    for length, coming, stepped in zip(AHEAD, world.coming.T, many, strict=True):
        jumped = at_once(model, beliefs, length, generator)
        exact = means[:, length - 1], deviations[:, length - 1], coming
        figures |= of_samples(f"one_{{}}_{length}", jumped, coming)
        figures |= of_samples(f"many_{{}}_{length}", stepped, coming[:MANY])
        figures[f"predictor_crps_{length}"] = float(np.abs(point[:, length - 1] - coming).mean())
        figures[f"kalman_crps_{length}"] = float(forecast.gaussian_crps(*exact).mean())
        figures |= covered(f"kalman_{{}}_{length}", forecast.gaussian_place(*exact))
    return figures


def of_samples(name: str, samples: np.ndarray, coming: np.ndarray) -> dict[str, float]:
    """CRPS and coverage of forecasts (N, FUTURES), under a name with a gap for each figure."""
    score = float(forecast.sample_crps(samples, coming).mean())
    return {name.format("crps"): score} | covered(name, forecast.sample_place(samples, coming))


def covered(name: str, place: np.ndarray) -> dict[str, float]:
    return {name.format(f"{100 * share:.0f}"): forecast.coverage(place, share) for share in forecast.COVERED}


def at_once(model: TDVAE, beliefs: Tensor, length: int, generator: Generator) -> np.ndarray:
    """Positions (N, FUTURES) where one jump of that length lands."""
    landed = []
    for block in beliefs.split(BLOCK):
        block = block.repeat_interleave(FUTURES, 0)
        noise = torch.randn(2, len(block), model.latent_dim, generator=generator)
        landed.append(position(model, model.rollout(block, [length], noise)[-1]))
    return np.concatenate(landed)


def step_by_step(model: TDVAE, beliefs: Tensor, generator: Generator) -> list[np.ndarray]:
    """Positions (N, FUTURES) after each of AHEAD steps, jumping one step at a time."""
    there = []
    for block in watched(beliefs.split(BLOCK), "jumps of one step"):
        z = model.belief.draw(block.repeat_interleave(FUTURES, 0), normal(model, FUTURES * len(block), generator))
        one, passed = torch.ones(len(z), dtype=torch.long), []
        for step in range(1, max(AHEAD) + 1):
            z = model.jump(z, one, normal(model, len(z), generator))
            if step in AHEAD:
                passed.append(position(model, z))
        there.append(passed)
    return [np.concatenate(parts) for parts in zip(*there, strict=True)]


def normal(model: TDVAE, count: int, generator: Generator) -> Tensor:
    return torch.randn(count, model.latent_dim, generator=generator)


def position(model: TDVAE, z: Tensor) -> np.ndarray:
    """Positions (N, FUTURES) that states (N * FUTURES, D) stand for."""
    return model.decode(z).view(-1, FUTURES).double().numpy()


def milliseconds(model: TDVAE, world: World, seed: int, repeats: int = 5) -> dict[str, list[float]]:
    """How long FUTURES futures of one oscillator take at each of AHEAD, by "one" jump and by "many" of one step.

    The least of some repeats, on the machine that measures.
    """
    belief = model.encode(world.context[:1])[:, -1].expand(FUTURES, -1)
    generator = Generator().manual_seed(seed)

    def timed(lengths: list[int]) -> float:
        noise = torch.randn(1 + len(lengths), FUTURES, model.latent_dim, generator=generator)
        times = []
        for _ in range(repeats):
            begun = perf_counter()
            model.decode(model.rollout(belief, lengths, noise)[-1])
            times.append(perf_counter() - begun)
        return round(1000 * min(times), 2)

    ways = {"one": lambda length: [length], "many": lambda length: [1] * length}
    return {way: [timed(lengths(length)) for length in AHEAD] for way, lengths in ways.items()}
