"""Fully connected networks over flattened pictures."""

from collections.abc import Sequence
from itertools import pairwise
from typing import cast

from torch import nn

ACTIVATIONS = {"relu": nn.ReLU, "silu": nn.SiLU, "gelu": nn.GELU, "tanh": nn.Tanh, "identity": nn.Identity}


def perceptron(sizes: Sequence[int], activation: str) -> nn.Sequential:
    """Linear layers from sizes[0] to sizes[-1] with the activation between them and none at the end.

    Arguments:
        sizes: Widths of input, hidden layers and output; at least two.
        activation: A name in ACTIVATIONS.
    """
    layers: list[nn.Module] = []
    for width_in, width_out in pairwise(sizes):
        layers += [nn.Linear(width_in, width_out), ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1])


def linear(layers: nn.Sequential, place: int) -> nn.Linear:
    """The layer of a perceptron at that place, where a linear one stands."""
    return cast(nn.Linear, layers[place])
