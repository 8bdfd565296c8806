"""The transposed convolution is PyTorch's, and so are its gradients."""

import pytest
import torch
from torch import nn

from explorer.nn.transposed import TransposedConvolution


def both(out_channels, x, grad):
    """Output and gradients of ours and of PyTorch's with the same weights."""
    ours = TransposedConvolution(x.shape[1], out_channels)
    results = []
    for layer in (ours, nn.ConvTranspose2d(x.shape[1], out_channels, 4, 2, 1)):
        layer.load_state_dict(ours.state_dict())
        x = x.detach().requires_grad_()
        y = layer(x)
        y.backward(grad.to(y.dtype))
        results.append([y, x.grad, layer.weight.grad, layer.bias.grad])
    return results


@pytest.mark.parametrize("out_channels", [1, 3, 8])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_output_and_gradients_are_pytorchs(out_channels, layout):
    x = torch.randn(5, 7, 6, 4).to(memory_format=layout)
    for ours, expected in zip(*both(out_channels, x, torch.randn(5, out_channels, 12, 8)), strict=True):
        torch.testing.assert_close(ours, expected, rtol=1e-4, atol=1e-4)


def test_under_autocast_it_works_in_bfloat16_and_its_gradients_stay_near():
    x, grad = torch.randn(5, 7, 6, 4), torch.randn(5, 1, 12, 8)
    exact, _ = both(1, x, grad)
    torch.manual_seed(0)  # the same weights again
    x, grad = torch.randn(5, 7, 6, 4), torch.randn(5, 1, 12, 8)
    with torch.autocast("cpu", torch.bfloat16):
        rough, _ = both(1, x, grad)
    assert rough[0].dtype == torch.bfloat16
    for ours, expected in zip(rough, exact, strict=True):
        assert (ours.float() - expected).norm() < 0.02 * expected.norm()


@pytest.mark.parametrize("out_channels", [1, 3, 8])
def test_without_gradients_the_output_is_the_same(out_channels):
    layer, x = TransposedConvolution(4, out_channels), torch.randn(3, 4, 5, 6)
    with torch.no_grad():
        quiet, nothing = layer(x), layer(x[:0])
    assert nothing.shape == (0, out_channels, 10, 12)
    torch.testing.assert_close(quiet, layer(x), rtol=1e-5, atol=1e-5)
