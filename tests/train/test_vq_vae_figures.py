"""Figures of VQ-VAE that have to be about pictures, and not about the order of their files."""

import numpy as np
import pytest
import torch

from explorer.data.picture_set import PictureSet
from train.recipes import RECIPES, vq_vae


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
