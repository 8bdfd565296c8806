"""Digits that wander over the frame and come back in on the other side: sequences made as they are asked for.

The world of the TD-VAE paper: black-or-white digits, 20 frames, one pixel to the left or to the right a frame, from
anywhere.
"""

import torch
from torch import Generator, Tensor

FRAMES = 20
THRESHOLD = 0.5  # what is brighter is white: the same digit in every frame, which drawn grey values would not give


def draw(digits: Tensor, frames: int, generator: Generator | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """Sequences with starts and directions drawn by lots.

    Arguments:
        digits: Pictures in [0, 1] with shape (B, 1, H, W).
        frames: How many frames each sequence has.
        generator: On the CPU.

    Returns:
        Frames of 0 and 1 with shape (B, frames, 1, H, W); the starts in pixels (B,), and the directions (B,), -1 to the
        left and 1 to the right.

    References:
        | Temporal Difference Variational Auto-Encoder (Gregor et al., 2019), section 5.2
        | https://arxiv.org/abs/1806.03107
    """
    starts = torch.randint(digits.shape[-1], (len(digits),), generator=generator)
    directions = 2 * torch.randint(2, (len(digits),), generator=generator) - 1
    return move(digits, starts, directions, frames), starts, directions


def move(digits: Tensor, starts: Tensor, speeds: Tensor, frames: int, vertical: bool = False) -> Tensor:
    """Frames of digits that move steadily.

    Arguments:
        digits: Pictures in [0, 1] with shape (B, 1, H, W).
        starts: Whole pixels (B,) that the first frame is moved by.
        speeds: Whole pixels (B,) from each frame to the next; positive is to the right, or downwards.
        frames: How many frames each sequence has.
        vertical: Move along the columns instead.

    Returns:
        Frames of 0 and 1 with shape (B, frames, 1, H, W).
    """
    shifts = starts[:, None] + speeds[:, None] * torch.arange(frames)  # (B, T)
    return shift((digits > THRESHOLD).float()[:, None].expand(-1, frames, -1, -1, -1), shifts, vertical)


def shift(frames: Tensor, pixels: Tensor, vertical: bool = False) -> Tensor:
    """Frames (B, T, 1, H, W), each rolled by its own whole number of pixels (B, T), to the right or downwards."""
    side = -2 if vertical else -1
    size = frames.shape[side]
    source = (torch.arange(size) - pixels[..., None].cpu()) % size  # (B, T, size)
    source = source[:, :, None, :, None] if vertical else source[:, :, None, None, :]
    return frames.gather(side, source.to(frames.device).expand(frames.shape))
