"""Convolutions whose stride is their kernel: pictures cut into squares, each of which is one product.

On a processor a product takes a fraction of what PyTorch's convolution of one channel takes. With squares of 4 pixels
as the outermost layers a step of a VAE on dSprites takes half as long as with Burgess's network, which is deeper.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional


class ToPatches(nn.Conv2d):
    """From pictures (B, in_channels, H, W) to (B, out_channels, H / side, W / side)."""

    def __init__(self, in_channels: int, out_channels: int, side: int):
        super().__init__(in_channels, out_channels, side, stride=side)

    def forward(self, x: Tensor) -> Tensor:
        side = self.stride[0]
        squares = x.unflatten(3, (-1, side)).unflatten(2, (-1, side)).permute(0, 2, 4, 1, 3, 5)  # (B, h, w, C, s, s)
        return functional.linear(squares.flatten(3), self.weight.flatten(1), self.bias).permute(0, 3, 1, 2)


class FromPatches(nn.ConvTranspose2d):
    """From (B, in_channels, h, w) to pictures (B, out_channels, side h, side w)."""

    bias: nn.Parameter  # there is always one

    def __init__(self, in_channels: int, out_channels: int, side: int):
        super().__init__(in_channels, out_channels, side, stride=side)

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]  # the size of what it gives is not to be chosen
        shape = self.weight.shape[1:]
        bias = self.bias.repeat_interleave(torch.Size(shape[1:]).numel())
        squares = functional.linear(x.permute(0, 2, 3, 1), self.weight.flatten(1).T, bias).unflatten(3, shape)
        return squares.permute(0, 3, 1, 4, 2, 5).flatten(4, 5).flatten(2, 3)  # (B, C, h, s, w, s) in between
