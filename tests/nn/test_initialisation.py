"""A signal keeps its size through many layers from their first weights on."""

import pytest
import torch
from torch import nn

from explorer.nn.initialisation import he_normal

DEEP = {
    "linear": lambda: [layer for _ in range(12) for layer in (nn.Linear(300, 300), nn.ReLU())],
    "convolution": lambda: [layer for _ in range(4) for layer in (nn.Conv2d(32, 32, 4, 2, 1), nn.ReLU())],
    "transposed": lambda: [layer for _ in range(4) for layer in (nn.ConvTranspose2d(32, 32, 4, 2, 1), nn.ReLU())],
}


@pytest.mark.parametrize(
    ("kind", "shape"), [("linear", (50, 300)), ("convolution", (8, 32, 64, 64)), ("transposed", (8, 32, 4, 4))]
)
def test_the_signal_neither_dies_nor_explodes(kind, shape):
    x, network = torch.randn(shape), nn.Sequential(*DEEP[kind]())
    with torch.no_grad():
        died = network(x).square().mean()
        he_normal(network)
        kept = network(x).square().mean()
    assert died < 0.1  # what PyTorch's own start makes of it: a bias is all that is left
    assert 0.4 < kept < 2.5
