"""The contractive family: the penalty is the Jacobian's norm, and weights feel it."""

import torch
from torch.func import jacrev

from explorer.models.contractive import ContractiveAutoencoder
from explorer.nn.jacobian import jacobian, singular_values, squared_jacobian_norm


def automatic(model, x):
    """Jacobian (D, pixels) of the encoder at one picture, by automatic differentiation."""
    return jacrev(lambda pixels: model.encode(pixels.reshape(1, 1, 28, 28))[0])(x.flatten())


def test_the_closed_form_is_the_automatic_jacobian(digits):
    model = ContractiveAutoencoder((1, 28, 28), 12)
    x = digits[:3] / 255
    h = model.encode(x)
    for i in range(3):
        reference = automatic(model, x[i])
        torch.testing.assert_close(jacobian(h, model.filters)[i], reference)
        torch.testing.assert_close(squared_jacobian_norm(h, model.filters)[i], reference.square().sum())


def test_the_penalty_has_a_gradient_in_the_weights(digits):
    model = ContractiveAutoencoder((1, 28, 28), 12)
    x = digits[:4] / 255
    terms = model.loss(x)
    ours = torch.autograd.grad(terms["contraction"], model.layer.weight)[0]
    mean_norm = torch.stack([automatic(model, one).square().sum() for one in x]).mean()
    reference = torch.autograd.grad(mean_norm, model.layer.weight)[0]
    torch.testing.assert_close(ours, reference, rtol=1e-4, atol=1e-5)


def test_the_loss_weighs_the_penalty_by_lambda(digits):
    model = ContractiveAutoencoder((1, 28, 28), 12, contraction=0.7)
    terms = model.loss(digits[:4] / 255)
    torch.testing.assert_close(terms["loss"], terms["reconstruction"] + 0.7 * terms["contraction"])


def test_singular_values_are_those_of_a_full_decomposition(digits):
    model = ContractiveAutoencoder((1, 28, 28), 12)
    h = model.encode(digits[:1] / 255)[0]
    reference = torch.linalg.svdvals(((h * (1 - h))[:, None] * model.filters).double())
    torch.testing.assert_close(singular_values(h, model.filters)[:12].double(), reference, rtol=1e-3, atol=1e-3)
