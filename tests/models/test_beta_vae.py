"""Both objectives of the β-VAE, term by term against torch.distributions, and the network of Burgess et al."""

import pytest
import torch
from torch import nn
from torch.distributions import Bernoulli, Normal, kl_divergence

from explorer.models.beta_vae import BetaVAE


@pytest.fixture
def x(digits):
    return digits[:6] / 255


def small(**keywords):
    torch.manual_seed(3)
    return BetaVAE((1, 28, 28), latent_dim=3, channels=(4, 4), hidden=16, **keywords)


def terms(model, x):
    """Reconstruction and KL as torch.distributions gives them, for the draw that seed 0 makes."""
    mu, log_var = model.posterior(x)
    posterior = Normal(mu, (0.5 * log_var).exp())
    z = mu + (0.5 * log_var).exp() * torch.randn(mu.shape, generator=torch.Generator().manual_seed(0))
    pixels = Bernoulli(logits=model.logits(z), validate_args=False).log_prob(x)
    return -pixels.sum((1, 2, 3)).mean(), kl_divergence(posterior, Normal(0.0, 1.0)).sum(1).mean()


@pytest.mark.parametrize("beta", [1.0, 4.0])
def test_the_kl_weighs_beta(x, beta):
    model = small(beta=beta)
    reconstruction, kl = terms(model, x)
    loss = model.loss(x, torch.Generator().manual_seed(0))
    torch.testing.assert_close(loss["reconstruction"], reconstruction)
    torch.testing.assert_close(loss["kl"], kl)
    torch.testing.assert_close(loss["loss"], reconstruction + beta * kl)


@pytest.mark.parametrize(("progress", "held"), [(0.0, 0.0), (1 / 3, 12.5), (2 / 3, 25.0), (1.0, 25.0)])
def test_the_capacity_rises_over_two_thirds_of_the_run_and_stays(x, progress, held):
    model = small(capacity=25.0, gamma=7.0)
    model.progress = progress
    reconstruction, kl = terms(model, x)
    loss = model.loss(x, torch.Generator().manual_seed(0))["loss"]
    torch.testing.assert_close(loss, reconstruction + 7 * (kl - held).abs())


def test_beta_falls_from_the_first_to_its_own_and_stays():
    model = small(beta=4.0, first_beta=64.0)
    weights = []
    for model.progress in (0.0, 0.125, 0.25, 0.6, 1.0):
        weights.append(model.kl_weight())
    assert weights == pytest.approx([64, 16, 4, 4, 4])


def test_every_dimension_tells_of_the_picture_from_the_start(x):
    torch.manual_seed(0)
    mu = BetaVAE((1, 28, 28), latent_dim=6, channels=(8, 8)).encode(x)
    assert (mu.std(0) > 0.01).all()


def test_the_decoder_starts_at_the_mean_of_the_set():
    model = BetaVAE((3, 16, 16), channels=(4, 4), hidden=16)
    pictures = torch.tensor([30, 120, 240], dtype=torch.uint8).view(1, 3, 1, 1).expand(50, 3, 16, 16)
    model.prepare(pictures)
    means = model.sample(200, torch.Generator().manual_seed(1)).mean((0, 2, 3))
    torch.testing.assert_close(means, torch.tensor([30, 120, 240]) / 255, atol=0.06, rtol=0)


@pytest.mark.parametrize("channels", [1, 3])
def test_the_network_is_the_one_of_burgess(channels):
    model = BetaVAE((channels, 64, 64))
    weights = [layer.weight.shape for layer in model.modules() if isinstance(layer, nn.Conv2d)]
    assert weights == [(32, channels, 4, 4), *[(32, 32, 4, 4)] * 3]
    back = [layer.weight.shape for layer in model.modules() if isinstance(layer, nn.ConvTranspose2d)]
    assert back == [*[(32, 32, 4, 4)] * 3, (32, channels, 4, 4)]
    linear = [layer.weight.shape for layer in model.modules() if isinstance(layer, nn.Linear)]
    assert linear == [(256, 512), (256, 256), (20, 256), (256, 10), (256, 256), (512, 256)]
    x = torch.rand(2, channels, 64, 64)
    assert model.decode(model.encode(x)).shape == x.shape
