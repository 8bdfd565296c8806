"""What holds for every family in the registry; codes are floats, grids of numbers, or beliefs over sequences."""

import pytest
import torch
from torch.nn.functional import pad

from explorer import checkpoint
from explorer.data import moving_digits
from explorer.models import MODELS
from tests.conftest import SMALL

GRIDS = ("vq_vae", "vq_vae_2")  # families whose code is made of whole numbers
SEQUENCES = ("td_vae",)  # families that take frames
FRAMES = 8


@pytest.fixture
def pictures(family, digits):
    """Digits of a size that the family takes, or sequences of them."""
    if family in SEQUENCES:
        frames, *_ = moving_digits.draw(digits / 255, FRAMES, torch.Generator().manual_seed(0))
        return 255 * frames
    return pad(digits, (2, 2, 2, 2)) if family in GRIDS else digits


@pytest.fixture
def model(family, pictures):
    torch.manual_seed(1)
    model = MODELS[family](picture_shape=pictures.shape[-3:], **SMALL[family])
    model.prepare(pictures)
    return model


def parts(z) -> tuple:
    return z if isinstance(z, tuple) else (z,)


def state(family, model, x):
    """What decode takes: a code of each picture; of sequences, states drawn from their last beliefs."""
    z = model.encode(x)
    return model.belief.draw(z[:, -1], torch.zeros(len(x), model.latent_dim)) if family in SEQUENCES else z


def test_a_code_has_the_stated_size_and_decodes_to_a_picture(family, model, pictures):
    x = pictures[:5] / 255
    z = state(family, model, x)
    assert sum(part.flatten(1).shape[1] for part in parts(z)) == model.latent_dim
    assert model.decode(z).shape == (5, *x.shape[-3:])


def test_pictures_stay_in_range_even_far_outside(family, model, pictures):
    if family in GRIDS:
        x_hat = model.decode(model.encode(1 - pictures[:5] / 255))
    else:
        x_hat = model.decode(torch.full((1, model.latent_dim), 1e4))
    assert ((x_hat >= 0) & (x_hat <= 1)).all()


def test_encoding_twice_gives_the_same_code(model, pictures):
    x = pictures[:5] / 255
    for first, second in zip(parts(model.encode(x)), parts(model.encode(x)), strict=True):
        assert torch.equal(first, second)


def test_codes_do_not_depend_on_the_rest_of_the_batch(model, pictures):
    x = pictures[:5] / 255
    for among, alone in zip(parts(model.encode(x)), parts(model.encode(x[2:3])), strict=True):
        torch.testing.assert_close(among[2:3], alone)


def test_gradient_of_the_loss_reaches_every_parameter(model, pictures):
    for model.progress in (0.0, 1.0):  # what is trained first, and what is trained last
        model.loss(pictures[:8] / 255, torch.Generator().manual_seed(0))["loss"].backward()
    silent = [name for name, p in model.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert silent == []


def test_loss_is_a_mean_over_images_so_that_batch_size_does_not_scale_it(model, pictures):
    model.eval()  # a codebook that follows the first batch would be another one for the second
    x = pictures[:64] / 255
    twice = torch.cat([x, x])
    losses = [model.loss(batch, torch.Generator().manual_seed(0))["loss"].item() for batch in (x, twice)]
    assert losses[0] == pytest.approx(losses[1], rel=0.02)


@pytest.mark.parametrize("progress", [0.0, 1.0])
def test_training_on_a_few_pictures_lowers_the_loss(model, pictures, progress):
    x, model.progress = pictures[:32] / 255, progress
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    generator = torch.Generator().manual_seed(0)
    first = model.loss(x, generator)["loss"].item()
    for _ in range(100):
        optimizer.zero_grad()
        model.loss(x, generator)["loss"].backward()
        optimizer.step()
    assert model.loss(x, generator)["loss"].item() < 0.9 * first


def test_a_saved_model_loads_with_the_same_pictures(family, model, tmp_path, pictures):
    config = {"family": family, "variant": "small", "data": "folder:padded" if family in GRIDS else "mnist"}
    keywords = {"picture_shape": list(pictures.shape[-3:]), **SMALL[family]}
    checkpoint.save(tmp_path / family / "small", model.eval(), config | {"model": keywords})
    z = state(family, model, pictures[:3] / 255)
    assert torch.equal(checkpoint.load_model(tmp_path / family / "small").decode(z), model.decode(z))
