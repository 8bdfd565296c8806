"""Transposed convolution that doubles the sides of a picture, trained and used on a processor in half the time."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.grad import conv2d_weight

FEW = 3  # channels of output that are made as a product
STRIDE, PADDING = 2, 1  # with a kernel of 4 they double the sides


class TransposedConvolution(nn.ConvTranspose2d):
    """A kernel of 4, a stride of 2 and a padding of 1, from in_channels to out_channels.

    PyTorch's own backward pass takes the slow road on processors: measured on two cores with bfloat16, a step of
    Burgess's network takes 36 ms with it and 26 ms with this one.
    """

    bias: nn.Parameter  # there is always one

    def __init__(self, in_channels: int, out_channels: int):
        super().__init__(in_channels, out_channels, kernel_size=4, stride=STRIDE, padding=PADDING)

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]  # the size of what it gives is not to be chosen
        if x.device.type == "cpu" and torch.is_grad_enabled():
            return Doubling.apply(x, self.weight, self.bias)
        if x.device.type == "cpu" and self.out_channels <= FEW:
            return folded(x, self.weight, self.bias)
        return super().forward(x)


class Doubling(torch.autograd.Function):
    """Its gradients are what they are mathematically: a convolution, and that convolution's gradient."""

    @staticmethod
    @torch.amp.custom_fwd(device_type="cpu", cast_inputs=torch.bfloat16)
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        if weight.shape[1] == 1 and x.dtype == torch.float:  # in bfloat16 the sum would be rounded as well
            return folded(x, weight, bias)
        return functional.conv_transpose2d(x, weight, bias, STRIDE, PADDING)

    @staticmethod
    @torch.amp.custom_bwd(device_type="cpu")
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x, weight = ctx.saved_tensors
        if weight.shape[1] == 1:  # one channel of output: a product with its patches is faster than a convolution
            seen = patches(grad)
            of_weight = (flat(x).T @ seen).view(weight.shape)
            of_x = (seen @ weight.flatten(1).T).view(len(x), *x.shape[2:], -1).permute(0, 3, 1, 2)
        else:
            of_weight = conv2d_weight(grad, weight.shape, x, STRIDE, PADDING)
            of_x = functional.conv2d(grad, weight, stride=STRIDE, padding=PADDING)
        return of_x, of_weight, grad.sum((0, 2, 3), dtype=torch.float).to(grad.dtype)


def folded(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """The layer as a product and a sum of what overlaps: 64 grey pictures of 64 × 64 take 5 ms instead of 16."""
    (batch, _, height, width), size = x.shape, weight[0].numel()
    patches = (flat(x) @ weight.flatten(1)).view(batch, height * width, size).transpose(1, 2)
    pictures = functional.fold(patches, (2 * height, 2 * width), kernel_size=4, stride=STRIDE, padding=PADDING)
    return pictures + bias[:, None, None]


def flat(x: Tensor) -> Tensor:
    """Channels of every place, with shape (B h w, C)."""
    return x.permute(0, 2, 3, 1).flatten(0, 2)


def patches(x: Tensor) -> Tensor:
    """What the kernel sees of pictures (B, 1, 2 h, 2 w) at every place, with shape (B h w, 16)."""
    padded = functional.pad(x[:, 0], (1, 1, 1, 1))
    return padded.unfold(1, 4, 2).unfold(2, 4, 2).reshape(-1, 16)
