"""What holds for every family in the registry."""

import pytest
import torch

from explorer import checkpoint
from explorer.models import MODELS
from tests.conftest import SMALL


@pytest.fixture
def model(family, digits):
    torch.manual_seed(1)
    model = MODELS[family](picture_shape=(1, 28, 28), **SMALL[family])
    model.prepare(digits)
    return model


def test_a_code_has_the_stated_size_and_decodes_to_a_picture(model, digits):
    x = digits[:5] / 255
    z = model.encode(x)
    assert z.shape == (5, model.latent_dim)
    assert model.decode(z).shape == x.shape


def test_pictures_stay_in_range_even_far_outside(model):
    x_hat = model.decode(torch.full((1, model.latent_dim), 1e4))
    assert ((x_hat >= 0) & (x_hat <= 1)).all()


def test_encoding_twice_gives_the_same_code(model, digits):
    x = digits[:5] / 255
    assert torch.equal(model.encode(x), model.encode(x))


def test_codes_do_not_depend_on_the_rest_of_the_batch(model, digits):
    x = digits[:5] / 255
    torch.testing.assert_close(model.encode(x)[2:3], model.encode(x[2:3]))


def test_gradient_of_the_loss_reaches_every_parameter(model, digits):
    model.loss(digits[:8] / 255, torch.Generator().manual_seed(0))["loss"].backward()
    silent = [name for name, p in model.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert silent == []


def test_loss_is_a_mean_over_images_so_that_batch_size_does_not_scale_it(model, digits):
    x = digits[:64] / 255
    twice = torch.cat([x, x])
    losses = [model.loss(batch, torch.Generator().manual_seed(0))["loss"].item() for batch in (x, twice)]
    assert losses[0] == pytest.approx(losses[1], rel=0.02)


def test_training_on_a_few_pictures_lowers_the_loss(model, digits):
    x = digits[:32] / 255
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    generator = torch.Generator().manual_seed(0)
    first = model.loss(x, generator)["loss"].item()
    for _ in range(100):
        optimizer.zero_grad()
        model.loss(x, generator)["loss"].backward()
        optimizer.step()
    assert model.loss(x, generator)["loss"].item() < 0.9 * first


def test_a_saved_model_loads_with_the_same_pictures(family, make_checkpoint):
    torch.manual_seed(2)
    folder = make_checkpoint(family)
    torch.manual_seed(2)
    original = MODELS[family](picture_shape=(1, 28, 28), **SMALL[family])
    z = torch.randn(3, original.latent_dim)
    assert torch.equal(checkpoint.load_model(folder).decode(z), original.decode(z))
