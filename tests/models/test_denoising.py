"""The denoising family: what is fed, what is asked for, and how a stack is trained."""

import pytest
import torch
from torch.nn import functional

from explorer.models.denoising import DenoisingAutoencoder, corrupt
from explorer.nn.corruption import BLOCK


@pytest.fixture
def x(digits):
    return digits[:16] / 255


def test_the_clean_picture_is_the_target_of_the_spoilt_one(x):
    model = DenoisingAutoencoder((1, 28, 28), "masking", 0.5, [32])
    loss = model.loss(x, torch.Generator().manual_seed(3))["loss"]
    keep = torch.rand(16, 784, generator=torch.Generator().manual_seed(3)) >= 0.5
    layer = model.layers[0]
    h = torch.sigmoid((x.flatten(1) * keep) @ layer.weight.T + layer.bias)
    x_hat = torch.sigmoid(h @ layer.weight + layer.input_bias)
    by_hand = functional.binary_cross_entropy(x_hat, x.flatten(1), reduction="sum") / 16
    torch.testing.assert_close(loss, by_hand, rtol=1e-4, atol=1e-2)


def test_nothing_is_spoilt_when_a_picture_is_encoded(x):
    model = DenoisingAutoencoder((1, 28, 28), "masking", 0.9, [32])
    layer = model.layers[0]
    torch.testing.assert_close(model.encode(x), torch.sigmoid(x.flatten(1) @ layer.weight.T + layer.bias))


@pytest.mark.parametrize(("progress", "trained"), [(0.0, 0), (0.34, 1), (0.67, 2), (1.0, 2)])
def test_a_stack_trains_one_layer_at_a_time_from_below(x, progress, trained):
    model = DenoisingAutoencoder((1, 28, 28), "masking", 0.25, [24, 16, 8])
    model.progress = progress
    model.loss(x, torch.Generator().manual_seed(0))["loss"].backward()
    assert [layer.weight.grad is not None for layer in model.layers] == [depth == trained for depth in range(3)]


def test_an_upper_layer_is_fed_clean_codes_of_the_one_below(x):
    model = DenoisingAutoencoder((1, 28, 28), "masking", 0.5, [24, 16])
    model.progress = 0.9
    lower, upper = model.layers
    codes = torch.sigmoid(lower.up(x.flatten(1)))
    spoilt = codes * (torch.rand(codes.shape, generator=torch.Generator().manual_seed(4)) >= 0.5)
    again = torch.sigmoid(upper.down(torch.sigmoid(upper.up(spoilt))))
    by_hand = functional.binary_cross_entropy(again, codes, reduction="sum") / 16
    loss = model.loss(x, torch.Generator().manual_seed(4))["loss"]
    torch.testing.assert_close(loss, by_hand.detach(), rtol=1e-4, atol=1e-2)


def test_decoding_from_every_depth_gives_a_picture(x):
    model = DenoisingAutoencoder((1, 28, 28), "masking", 0.25, [24, 16, 8])
    codes = model.encode_layers(x)
    assert [code.shape[1] for code in codes] == [24, 16, 8]
    for depth, code in enumerate(codes, 1):
        assert model.decode_from(code, depth).shape == x.shape
    assert torch.equal(model.decode_from(codes[-1], 3), model.decode(model.encode(x)))


def test_the_convolutional_one_codes_half_as_many_numbers_as_pixels(x):
    model = DenoisingAutoencoder((1, 28, 28), "gaussian", 0.3, channels=[32, 8])
    assert model.encode(x).shape == (16, 8 * 7 * 7)
    assert model.decode(model.encode(x)).shape == x.shape
    assert not model.has_filters


@pytest.fixture(scope="module")
def spoilt_greys():
    """Grey pictures under any noise up to the largest level of 1."""
    return corrupt(torch.full((4000, 1, 28, 28), 0.4), "any", 1.0, torch.Generator().manual_seed(0))


def test_any_noise_is_a_quarter_of_each_kind(spoilt_greys):
    flat = spoilt_greys.flatten(1)
    only = [torch.isclose(flat, torch.tensor(grey)) for grey in (0.4, 0.0, 1.0)]
    cells = spoilt_greys.unfold(2, BLOCK, BLOCK).unfold(3, BLOCK, BLOCK).flatten(4)
    untouched = only[0].all(1)
    gaussian = ~(only[0] | only[1] | only[2]).all(1)
    salted, blocks = ~gaussian & only[2].any(1), (cells.amin(-1) == cells.amax(-1)).flatten(1).all(1) & ~untouched
    masked = ~(gaussian | salted | blocks | untouched)
    shares = torch.stack([kind.float().mean() for kind in (gaussian, salted, masked)])
    assert shares.min() > 0.2  # weak ones change nothing now and then
    assert shares.max() < 0.26
    assert 0.1 < blocks.float().mean() < 0.25


def test_any_noise_has_a_level_of_its_own_for_each_picture_and_half_are_weak(spoilt_greys):
    gaussian = spoilt_greys.flatten(1).std(1)[(spoilt_greys < 0).flatten(1).any(1)]
    assert gaussian.max() == pytest.approx(1, abs=0.1)
    assert (spoilt_greys.flatten(1).std(1) < 0.13).float().mean() > 0.3


def test_any_noise_up_to_nothing_is_none(x):
    assert torch.equal(corrupt(x, "any", 0.0, torch.Generator().manual_seed(0)), x)


def test_with_residual_blocks_the_code_has_its_own_width_and_all_passes_by_it(x):
    keywords = {"channels": [4, 8], "blocks": 1, "code_channels": 2}
    model = DenoisingAutoencoder((1, 28, 28), "any", 1.0, **keywords)
    z = model.encode(x)
    assert z.shape == (16, 2 * 7 * 7)
    assert z.min() > 0
    assert z.max() < 1
    same = model.decode(z[:1].expand(16, -1))
    torch.testing.assert_close(same, same[:1].expand_as(same))
    clean = model.loss(x, torch.Generator().manual_seed(0))["loss"]
    spoilt = model.corrupt(x.flatten(1), torch.Generator().manual_seed(0)).unflatten(1, (1, 28, 28))
    by_hand = functional.binary_cross_entropy(model.decode(model.encode(spoilt)), x, reduction="sum") / 16
    torch.testing.assert_close(clean, by_hand, rtol=1e-4, atol=1e-2)
