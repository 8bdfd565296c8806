"""A code is turned until each dimension tells of one independent thing, and nothing else of the model changes."""

import numpy as np
import pytest
import torch

from explorer.models.beta_vae import BetaVAE
from explorer.models.turned import rotation, turn


def mixed(seed):
    """Three things that know nothing of each other, (N, 3), and a rotation of them."""
    draw = np.random.default_rng(seed)
    things = np.stack([draw.uniform(-1.7, 1.7, 4000), draw.choice([-1.2, 0, 1.2], 4000), draw.laplace(0, 0.7, 4000)], 1)
    turned, _ = np.linalg.qr(draw.normal(size=(3, 3)))
    return things, things @ turned.T


@pytest.mark.parametrize("seed", range(3))
def test_each_independent_thing_gets_a_dimension_of_its_own(seed):
    things, codes = mixed(seed)
    found = rotation(torch.from_numpy(codes).float())
    alike = np.abs(np.corrcoef(things.T, (codes @ found.numpy().T).T)[:3, 3:])
    assert alike.max(0).min() > 0.99
    assert sorted(alike.argmax(0)) == [0, 1, 2]


def test_it_is_a_rotation():
    _, codes = mixed(0)
    found = rotation(torch.from_numpy(codes).float())
    torch.testing.assert_close(found @ found.T, torch.eye(3), atol=1e-5, rtol=0)
    assert torch.det(found) == pytest.approx(1, abs=1e-5)


def test_what_is_independent_already_stays_as_it_is():
    things, _ = mixed(0)
    torch.testing.assert_close(rotation(torch.from_numpy(things).float()), torch.eye(3), atol=0.06, rtol=0)


@pytest.fixture
def model():
    torch.manual_seed(1)
    model = BetaVAE((1, 28, 28), latent_dim=4, channels=(8, 8), hidden=32).eval()
    with torch.no_grad():
        model.inner[-1].weight[:3] *= 5
        model.inner[-1].weight[[3, 7]] = 0  # one dimension tells nothing
        model.inner[-1].bias.zero_()
    return model


def test_reconstructions_stay_and_codes_turn(model, digits):
    x = digits / 255
    codes, pictures = model.encode(x).detach(), model.decode(model.encode(x)).detach()
    turn(model, digits)
    turned = model.encode(x).detach()
    torch.testing.assert_close(model.decode(turned), pictures, atol=1e-4, rtol=0)
    torch.testing.assert_close(turned[:, 3], codes[:, 3])
    assert not torch.allclose(turned[:, :3], codes[:, :3], atol=0.05)
    torch.testing.assert_close(turned.norm(dim=1), codes.norm(dim=1), rtol=1e-4, atol=1e-4)


def test_posteriors_are_as_wide_along_the_new_dimensions_as_they_were(model, digits):
    x = digits / 255
    codes, log_var = (part[:, :3].detach() for part in model.posterior(x))
    turn(model, digits)
    found = torch.linalg.lstsq(codes, model.encode(x)[:, :3].detach()).solution.T  # what they were turned by
    expected = (log_var.exp() @ found.T.square()).log()
    torch.testing.assert_close(model.posterior(x).log_var[:, :3].detach(), expected, atol=0.05, rtol=0)
