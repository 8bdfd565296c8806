"""Roll-outs of a TD-VAE: a world's frames, what the model is shown of them, states drawn one jump after the other.

Functions of a model take tensors, as Pool.compute hands them on; torch is imported where a world is made.
"""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

    from explorer.models.td_vae import TDVAE

CLEAR, BLACK, NOISE, SKIPPED = range(4)  # what is done to a frame before the model is shown it


def world(picture: np.ndarray, start: int, speed: int, vertical: bool, count: int) -> np.ndarray:
    """Frames of 0 and 1, float32 (count, 1, H, W), of a picture (1, 1, H, W) that moves by so many pixels a frame."""
    import torch  # not at the top: the page is served before torch is imported

    from explorer.data import moving_digits

    starts, speeds = torch.tensor([start]), torch.tensor([speed])
    return moving_digits.move(torch.from_numpy(picture), starts, speeds, count, vertical)[0].numpy()


def blinded(frames: np.ndarray, marks: np.ndarray, seed: int = 0) -> np.ndarray:
    """Frames (T, 1, H, W) with what their marks (T,) say done to them; skipped ones stay, for `kept` to leave out.

    A frame's noise is black and white by a fair coin, and its own: it does not depend on the other frames' marks.
    """
    seen = frames.copy()
    seen[marks == BLACK] = 0
    for frame in np.flatnonzero(marks == NOISE):
        seen[frame] = np.random.default_rng([seed, frame]).integers(0, 2, seen[frame].shape)
    return seen


def kept(frames: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """The frames that are not skipped, as a sequence (1, T, 1, H, W) for the model."""
    return frames[marks != SKIPPED][None]


def noise(seeds: np.ndarray, draws: int, size: int) -> np.ndarray:
    """Standard normal noise, float32 (draws, seeds, size): every seed gives its own, whatever the others are."""
    each = [np.random.default_rng(int(seed)).standard_normal((draws, size), np.float32) for seed in seeds]
    return np.stack(each, axis=1)


def states(model: "TDVAE", belief: "Tensor", noise: "Tensor", lengths: list[int]) -> "list[Tensor]":
    """States (S, D) drawn from a belief (belief_dim,), and after each of some jumps.

    Arguments:
        model: The model.
        belief: What is known.
        noise: Standard normal, with shape (1 + jumps, S, D).
        lengths: Frames of each jump.
    """
    return model.rollout(belief.expand(noise.shape[1], -1), lengths, noise)


def every_step(model: "TDVAE", belief: "Tensor", noise: "Tensor", length: int, steps: int) -> "Tensor":
    """States (steps, S, D) at every step after now: jumps of one length, and from the last of them a shorter one.

    Arguments:
        model: The model.
        belief: What is known, with shape (belief_dim,).
        noise: Standard normal, with shape (2 + steps // length, S, D); a shorter jump takes that of the longer one.
        length: Frames of a jump.
        steps: How far.
    """
    import torch

    reached = torch.stack(states(model, belief, noise[:-1], [length] * (steps // length)))
    jumps, rest = divmod(np.arange(1, steps + 1), length)
    z = reached[jumps]
    short = np.flatnonzero(rest)
    if len(short):
        lengths = torch.tensor(rest[short]).repeat_interleave(noise.shape[1])
        moved = model.jump(z[short].flatten(0, 1), lengths, noise[jumps[short] + 1].flatten(0, 1))
        z[short] = moved.unflatten(0, (len(short), -1))
    return z


def smoothed(model: "TDVAE", belief: "Tensor", later_belief: "Tensor", length: int, noise: "Tensor") -> "Tensor":
    """States (S, D) that many frames before a later one, which is drawn from its own belief, is known.

    Arguments:
        model: The model.
        belief: What was known then, with shape (belief_dim,).
        later_belief: What is known so many frames later.
        length: How many.
        noise: Standard normal, with shape (2, S, D): of the state then, and of the later one.
    """
    then, later = (part.expand(noise.shape[1], -1) for part in (belief, later_belief))
    z = model.belief.draw(later, noise[1])
    return model.smooth(z, then, later, whole(noise[0], length), noise[0])


def whole(like: "Tensor", length: int) -> "Tensor":
    """The same length for every row."""
    return like.new_full((len(like),), length).long()
