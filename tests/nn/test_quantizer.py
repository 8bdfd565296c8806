"""The quantizer against NumPy and against vector-quantize-pytorch."""

import numpy as np
import pytest
import torch
from vector_quantize_pytorch import VectorQuantize

from explorer.nn.quantizer import Quantizer, kmeans, perplexity


@pytest.fixture
def z_e():
    return torch.randn(4, 6, 5, 5, generator=torch.Generator().manual_seed(3))


def test_codes_are_the_nearest_by_numpy(z_e):
    quantizer = Quantizer(16, 6).eval()
    vectors = z_e.permute(0, 2, 3, 1).numpy()
    oracle = np.linalg.norm(vectors[..., None, :] - quantizer.codebook.numpy(), axis=-1).argmin(-1)
    np.testing.assert_array_equal(quantizer(z_e).codes.numpy(), oracle)


def test_averages_are_those_of_numpy(z_e):
    quantizer = Quantizer(16, 6, decay=0.9, restart_below=0.0)
    codebook, counts = quantizer.codebook.numpy().astype(float), np.ones(16)
    sums = codebook * ((counts + 1e-5) / (16 + 16e-5) * 16)[:, None]
    for scale in (1.0, 0.5, 2.0):
        codes = quantizer(z_e * scale).codes.numpy().ravel()
        member = np.eye(16)[codes]
        counts = 0.9 * counts + 0.1 * member.sum(0)
        sums = 0.9 * sums + 0.1 * member.T @ (z_e * scale).permute(0, 2, 3, 1).reshape(-1, 6).numpy()
        smoothed = (counts + 1e-5) / (counts.sum() + 16e-5) * counts.sum()
        np.testing.assert_allclose(quantizer.codebook.numpy(), sums / smoothed[:, None], rtol=2e-4, atol=1e-5)


def test_every_step_is_that_of_vector_quantize_pytorch(z_e):
    ours = Quantizer(16, 6, decay=0.9, restart_below=0.0)
    theirs = VectorQuantize(6, 16, decay=0.9, commitment_weight=1.0, eps=1e-5, threshold_ema_dead_code=0)
    book = theirs._codebook
    book.embed.copy_(ours.codebook[None])
    book.cluster_size.copy_(ours.counts[None])
    book.embed_avg.copy_(ours.codebook[None] * ours.smoothed()[None, :, None])
    for scale in (1.0, 0.7, 1.5):
        flat = (z_e * scale).permute(0, 2, 3, 1).flatten(1, 2)
        _, codes, _ = theirs(flat)
        assert torch.equal(ours(z_e * scale).codes.flatten(1), codes)
        torch.testing.assert_close(ours.codebook, book.embed[0], rtol=1e-4, atol=1e-5)


def test_the_gradient_passes_as_if_nothing_had_been_replaced(z_e):
    z_e.requires_grad_()
    weights = torch.randn(z_e.shape)
    (Quantizer(16, 6)(z_e).z_q * weights).sum().backward()
    torch.testing.assert_close(z_e.grad, weights)


def test_a_code_that_nobody_chooses_starts_again_on_one_of_the_vectors(z_e):
    quantizer = Quantizer(16, 6, decay=0.5)
    quantizer.codebook[3] = 1000.0
    for _ in range(3):
        quantizer(z_e, torch.Generator().manual_seed(0))
    assert quantizer.codebook[3].abs().max() < 10


def test_in_evaluation_the_codebook_stands_still(z_e):
    quantizer = Quantizer(16, 6).eval()
    before = quantizer.codebook.clone()
    quantizer(z_e)
    assert torch.equal(quantizer.codebook, before)


def test_perplexity_counts_codes_used_equally_often():
    assert perplexity(torch.tensor([0.25, 0.25, 0.25, 0.25, 0.0])).item() == pytest.approx(4)


def test_kmeans_finds_clusters_that_lie_apart():
    generator = torch.Generator().manual_seed(0)
    places = torch.tensor([[0.0, 0.0], [50.0, 0.0], [0.0, 50.0]])
    vectors = places.repeat(40, 1) + torch.randn(120, 2, generator=generator)
    centres, counts = kmeans(vectors, 12, generator)
    assert torch.cdist(places, centres).min(1).values.max() < 1.5
    assert counts.sum() == 120
