"""Two losses of one pixel, against torch's own and their derivatives by autograd."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from explorer.compute.pixel_loss import GRID, pixel_loss


@pytest.mark.parametrize("x", [0.0, 0.25, 1.0])
def test_losses_and_their_slopes_are_those_of_torch(x):
    a = torch.tensor(np.log(GRID / (1 - GRID)), requires_grad=True)
    target, found = torch.full_like(a, x), pixel_loss(x, GRID)
    squared = F.mse_loss(a.sigmoid(), target, reduction="none")
    entropy = F.binary_cross_entropy_with_logits(a, target, reduction="none")
    for loss, values, slope in (
        (squared, found.squared, found.squared_slope),
        (entropy, found.entropy, found.entropy_slope),
    ):
        np.testing.assert_allclose(values, loss.detach(), atol=1e-9)
        np.testing.assert_allclose(slope, torch.autograd.grad(loss.sum(), a, retain_graph=True)[0], atol=1e-9)


def test_squared_error_hardly_pulls_where_it_is_sure_and_wrong():
    found = pixel_loss(1.0, np.array([0.02]))
    assert abs(found.squared_slope[0]) < 0.05 < 0.9 < abs(found.entropy_slope[0])
