"""How weights start."""

from math import prod, sqrt

from torch import nn


def he_normal(network: nn.Module) -> None:
    """Start layers that are followed by ReLUs so that a signal keeps its size through any number of them.

    Weights are drawn with variance 2 / fan-in, biases are 0.

    References:
        | Delving Deep into Rectifiers (He et al., 2015), https://arxiv.org/abs/1502.01852
    """
    for layer in network.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, std=sqrt(2 / fan_in(layer)))
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def fan_in(layer: nn.Linear | nn.Conv2d | nn.ConvTranspose2d) -> float:
    """How many inputs an output of a layer has."""
    if isinstance(layer, nn.ConvTranspose2d):  # its strides spread the kernel over several outputs
        return layer.in_channels * prod(layer.kernel_size) / prod(layer.stride)
    return layer.weight[0].numel()
