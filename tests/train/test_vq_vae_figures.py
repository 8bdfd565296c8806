"""Figures of VQ-VAEs that have to be about pictures, and not about the order of their files or how they are read."""

import numpy as np
import pytest
import torch

from explorer.data.picture_set import PictureSet
from explorer.models.vq_vae_2 import VQVAE2
from tests.conftest import SMALL
from train.recipes import RECIPES, vq_vae, vq_vae_2


class OneCodeAClass(torch.nn.Module):
    """A model that gives all cells of a picture the number of its brightness."""

    num_codes, num_pixels, variance = 4, 16, torch.tensor(1.0)

    def quantize(self, x):
        codes = (x[:, 0, ::4, ::4] * 255).round().long()
        return codes, torch.zeros(codes.shape)

    def decode(self, z):
        return torch.zeros(len(z), 1, 4, 4)


def test_pictures_that_come_class_by_class_are_shuffled_before_their_codes_are_counted():
    labels = np.repeat(np.arange(4), 320)
    pictures = np.broadcast_to(labels.astype(np.uint8)[:, None, None, None], (1280, 1, 4, 4)).copy()
    data = PictureSet(pictures, labels, ())
    figures = vq_vae.measure(OneCodeAClass(), data, RECIPES["vq_vae/cifar10-k512"], 1)
    # The mean of 40 batches of 32 that are drawn from four equally frequent codes, not 1, that of a single class.
    assert figures["batch_perplexity"] == pytest.approx(3.83, abs=0.06)
    assert figures["perplexity"] == pytest.approx(4)


@pytest.fixture
def small():
    """An untrained VQ-VAE-2 and thirteen coloured pictures of two classes."""
    model = VQVAE2((3, 16, 16), **SMALL["vq_vae_2"], num_classes=2).eval()
    pictures = np.random.default_rng(0).integers(256, size=(13, 3, 16, 16), dtype=np.uint8)
    model.prepare(torch.from_numpy(pictures))
    return model, PictureSet(pictures, np.arange(13) % 2, ("a", "b"))


@torch.inference_mode()
def test_figures_do_not_depend_on_how_many_pictures_are_read_at_a_time(small, monkeypatch):
    model, data = small
    recipe = RECIPES["vq_vae_2/emoji-64"]
    at_once = vq_vae_2.measure(model, data, recipe, 1)
    x = torch.tensor(data.pictures) / 255
    error = (model.decode(model.encode(x)) - x).square()
    assert at_once["mse"] == pytest.approx(error.mean().item(), rel=1e-5)
    assert at_once["psnr"] == pytest.approx(-10 * error.mean((1, 2, 3)).log10().mean().item(), rel=1e-5)
    monkeypatch.setattr(vq_vae_2, "BLOCK", 5)
    assert vq_vae_2.measure(model, data, recipe, 1) == pytest.approx(at_once, rel=1e-5)


@torch.inference_mode()
def test_a_picture_that_was_trained_on_shares_all_its_codes_with_itself_and_samples_share_fewer(small):
    model, data = small
    figures = vq_vae_2.probe(model, data, data, RECIPES["vq_vae_2/emoji-64"])
    assert figures["test_shared"] == pytest.approx(100)
    assert figures["sample_shared"] < 100


@torch.inference_mode()
def test_samples_have_the_classes_of_the_training_set_as_often_as_it_has(small):
    model, data = small
    _, labels = vq_vae_2.sample(model, data._replace(labels=np.array([1] * 12 + [0])), RECIPES["vq_vae_2/emoji-64"])
    assert labels.shape == (vq_vae_2.SAMPLED,)
    assert 0.85 < labels.float().mean() < 0.98


@pytest.mark.parametrize(("data", "says"), [("emoji", "skin tone"), ("faces", "face_judge"), ("folder:x", "log 256")])
def test_what_a_card_says_of_its_figures_is_about_its_own_pictures(data, says):
    others = {"skin tone", "face_judge"} - {says}
    assert says in vq_vae_2.protocol(data)
    assert not any(other in vq_vae_2.protocol(data) for other in others)


def test_the_priors_begin_where_the_second_stage_does():
    for recipe in RECIPES.values():
        if recipe.family == "vq_vae_2":
            with torch.device("meta"):
                model = VQVAE2((3, 64, 64), **recipe.model)
            assert model.prior_from == recipe.shares[0], recipe.name
