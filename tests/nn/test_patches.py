"""Layers of squares do what PyTorch's own convolutions do with the same weights."""

import pytest
import torch
from torch import nn

from explorer.nn.patches import FromPatches, ToPatches


@pytest.mark.parametrize(("channels", "side"), [(1, 4), (3, 2)])
def test_squares_are_a_convolution_whose_stride_is_its_kernel(channels, side):
    torch.manual_seed(0)
    layer, x = ToPatches(channels, 5, side), torch.rand(2, channels, 4 * side, 3 * side)
    torch.testing.assert_close(layer(x), nn.Conv2d.forward(layer, x))


@pytest.mark.parametrize(("channels", "side"), [(1, 4), (3, 2)])
def test_pictures_of_squares_are_a_transposed_convolution_whose_stride_is_its_kernel(channels, side):
    torch.manual_seed(0)
    layer, x = FromPatches(5, channels, side), torch.rand(2, 5, 4, 3)
    torch.testing.assert_close(layer(x), nn.ConvTranspose2d.forward(layer, x))
