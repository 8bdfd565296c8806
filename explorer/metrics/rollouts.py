"""How well a model that jumps keeps hold of a wandering digit: the evaluation of TD-VAE's roll-outs.

The paper shows roll-outs and gives no numbers, so the protocol is ours. A digit of the test set is binarised at one
half and starts anywhere, to the left or to the right, one pixel a frame; a belief is formed of its first frames, a
state drawn from it, and states jumped to from there, each drawn too. What is decoded is compared with the same digit:
its position is the roll of the true digit that overlaps most with the decoded means, so a digit that changed its shape
can still be in the right place, and identity is measured apart.

- *direction*: the displacement by the first jump has the sign of the truth; a measured one of 0 counts as wrong.
- *within*: after k jumps of n frames the position is at most one pixel from the true one, across the edge too.
- *nats*: of a true later frame, by the mean likelihood over FUTURES draws of the state; of a recurrent network that
  feeds its own mean frames back, by the frame it arrives at. One that shows two directions at once pays for both.
"""

from typing import NamedTuple

import torch
from torch import Generator, Tensor

from explorer.data import moving_digits
from explorer.metrics.circular import offset, places
from explorer.metrics.watched import watched
from explorer.models.td_vae import TDVAE
from explorer.nn.objectives import bernoulli_nll, importance_weighted_bound

CONTEXT = 10  # frames shown
JUMPS = (1, 2, 4, 6)  # frames of a jump
TIMES = 3  # jumps in a row
FUTURES = 32  # draws of a state where a likelihood is measured
SAMPLES = 8  # futures of a digit that was seen for one frame only
KEPT = 5  # of CONTEXT frames, where the others are hidden


class World(NamedTuple):
    """Sequences whose every frame is known."""

    digits: Tensor  # as they stand in the picture set, in [0, 1], (N, 1, H, W)
    starts: Tensor  # (N,)
    directions: Tensor  # (N,)

    def shown(self, frames: int) -> Tensor:
        """The first frames, with shape (N, frames, 1, H, W)."""
        return moving_digits.move(self.digits, *self[1:], frames)

    def position(self, frame: int) -> Tensor:
        """True positions (N,) in pixels at a frame, counted from 0."""
        return (self.starts + self.directions * frame) % self.digits.shape[-1]


def make_world(digits: Tensor, seed: int) -> World:
    """Starts and directions drawn for digits, the same every time."""
    _, starts, directions = moving_digits.draw(digits, 1, Generator().manual_seed(seed))
    return World(digits, starts, directions)


def roll_out(model: TDVAE, belief: Tensor, length: int, times: int, generator: Generator) -> list[Tensor]:
    """States now and after each jump, each (B, latent_dim), drawn from beliefs (B, belief_dim)."""
    noise = torch.randn(1 + times, len(belief), model.latent_dim, generator=generator)
    return model.rollout(belief, [length] * times, noise)


def position(frames: Tensor, digits: Tensor) -> Tensor:
    """Pixels (N,) to the right, from 0 to W - 1, by which rolled digits (N, 1, H, W) overlap most with frames."""
    white = digits > moving_digits.THRESHOLD
    return torch.from_numpy(places(frames[:, 0].numpy(), white[:, 0].float().numpy()))


def from_context(model: TDVAE, world: World, seed: int) -> dict[str, float]:
    """Direction and position of roll-outs from CONTEXT frames, in %, by the length and the number of jumps.

    Returns:
        direction_N for the first jump of N frames, within_N_K after K jumps of it.
    """
    width, figures = world.digits.shape[-1], {}
    belief = model.encode(world.shown(CONTEXT))[:, -1]
    for length in watched(JUMPS, "jumps"):
        states = roll_out(model, belief, length, TIMES, Generator().manual_seed(seed))
        found = [position(model.decode(z), world.digits) for z in states]
        moved = offset(found[1], found[0], width)
        figures[f"direction_{length}"] = percent(moved.sign() == world.directions)
        for times in range(1, TIMES + 1):
            off = offset(found[times], world.position(CONTEXT - 1 + length * times), width)
            figures[f"within_{length}_{times}"] = percent(off.abs() <= 1)
    return figures


def from_one_frame(model: TDVAE, world: World, seed: int, length: int = 4) -> dict[str, float]:
    """What becomes of a digit that was seen for one frame: SAMPLES futures of each, by two jumps.

    Returns:
        one_right, the share of futures to the right in %; one_both, the share of digits whose futures go both ways;
        one_kept, the share of futures whose second jump goes on in the direction of the first.
    """
    width = world.digits.shape[-1]
    belief = model.encode(world.shown(1))[:, -1].repeat_interleave(SAMPLES, 0)
    digits = world.digits.repeat_interleave(SAMPLES, 0)
    states = roll_out(model, belief, length, 2, Generator().manual_seed(seed))
    found = [position(model.decode(z), digits) for z in states]
    first, second = (offset(found[i + 1], found[i], width).sign() for i in (0, 1))
    ways = (first == 1).view(-1, SAMPLES).float().mean(1)
    return {
        "one_right": percent(first == 1),
        "one_both": percent((ways > 0) & (ways < 1)),
        "one_kept": percent((first == second) & (first != 0)),
    }


def from_hidden_frames(model: TDVAE, world: World, seed: int) -> dict[str, float]:
    """Where digits are believed to be after CONTEXT frames whose last ones were tosses of a coin, in %.

    Returns:
        hidden_within, the share within one pixel where KEPT frames were shown, so that it is known where the digit
        goes; where one was shown, hidden_either, the share of SAMPLES draws of each within a pixel of where it would be
        by going left or right, and hidden_both, the digits that are drawn in both places.
    """
    width, generator = world.digits.shape[-1], Generator().manual_seed(seed)
    digits = world.digits.repeat_interleave(SAMPLES, 0)
    there, mirrored = (part.position(CONTEXT - 1) for part in (world, world._replace(directions=-world.directions)))

    def within(kept: int) -> list[Tensor]:
        """Of all draws (N, SAMPLES), which are where the digit is, and which are where it would be the other way."""
        seen = world.shown(CONTEXT)
        seen[:, kept:] = (torch.rand(seen[:, kept:].shape, generator=generator) < 0.5).float()
        belief = model.encode(seen)[:, -1].repeat_interleave(SAMPLES, 0)
        found = position(model.decode(roll_out(model, belief, 1, 0, generator)[0]), digits).view(-1, SAMPLES)
        return [offset(found, place[:, None], width).abs() <= 1 for place in (there, mirrored)]

    known, _ = within(KEPT)
    one, other = within(1)
    return {
        "hidden_within": percent(known),
        "hidden_either": percent(one | other),
        "hidden_both": percent(one.any(1) & other.any(1)),
    }


def against_predictor(model: TDVAE, world: World, seed: int, steps: int = 4) -> dict[str, float]:
    """Nats of the frame that many steps after one frame of context, and after CONTEXT frames.

    Returns:
        ahead_one and ahead_context of TD-VAE, which jumps there at once, predictor_ahead_one and
        predictor_ahead_context of the recurrent network that goes step by step; predictor_within, its position after
        CONTEXT frames, in %.
    """
    figures, generator = {}, Generator().manual_seed(seed)
    for name, frames in (("one", 1), ("context", CONTEXT)):
        x, truth = world.shown(frames), world.shown(frames + steps)[:, -1]
        belief = model.encode(x)[:, -1]
        draws = [
            frame_nll(model.decode(roll_out(model, belief, steps, 1, generator)[-1]), truth)
            for _ in watched(range(FUTURES), "futures")
        ]
        predicted = model.predict(x, steps)[:, -1]
        figures[f"ahead_{name}"] = -importance_weighted_bound(-torch.stack(draws)).mean().item()
        figures[f"predictor_ahead_{name}"] = frame_nll(predicted, truth).mean().item()
    off = offset(position(predicted, world.digits), world.position(CONTEXT - 1 + steps), predicted.shape[-1])
    return figures | {"predictor_within": percent(off.abs() <= 1)}


def frame_nll(means: Tensor, x: Tensor) -> Tensor:
    """Nats (N,) of black-or-white frames under decoded means of the same shape (N, 1, H, W)."""
    return bernoulli_nll(torch.logit(means.clamp(1e-6, 1 - 1e-6)), x)


def straightened(model: TDVAE, world: World, seed: int, length: int = 4, times: int = 2) -> Tensor:
    """Decoded frames (N, 1, H, W) after some jumps from CONTEXT frames, rolled back by the true position."""
    belief = model.encode(world.shown(CONTEXT))[:, -1]
    frames = model.decode(roll_out(model, belief, length, times, Generator().manual_seed(seed))[-1])
    back = -world.position(CONTEXT - 1 + length * times)
    return moving_digits.shift(frames[:, None], back[:, None])[:, 0]


def percent(true: Tensor) -> float:
    return 100 * true.float().mean().item()
