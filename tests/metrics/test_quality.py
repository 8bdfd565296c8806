"""PSNR and SSIM agree with scikit-image's, and with what they must be at the ends."""

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from explorer.metrics.quality import psnr, ssim


@pytest.fixture
def pair(digits):
    x = digits[:5].numpy().astype(np.float32) / 255
    return x, (x + 0.2 * np.random.default_rng(0).standard_normal(x.shape).astype(np.float32)).clip(0, 1)


def test_psnr_is_the_librarys(pair):
    x, noisy = pair
    theirs = [peak_signal_noise_ratio(a[0], b[0], data_range=1) for a, b in zip(x, noisy, strict=True)]
    np.testing.assert_allclose(psnr(noisy, x), theirs, rtol=1e-4)


def test_ssim_is_the_librarys_where_the_window_fits(pair):
    x, noisy = pair
    options = {"data_range": 1, "gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "full": True}
    for a, b, ours in zip(x, noisy, ssim(noisy, x), strict=True):
        _, places = structural_similarity(a[0].astype(float), b[0].astype(float), **options)
        assert ours == pytest.approx(places[5:-5, 5:-5].mean(), abs=1e-4)


def test_the_same_picture_has_no_noise_and_full_similarity(pair):
    assert np.isinf(psnr(pair[0], pair[0])).all()
    np.testing.assert_allclose(ssim(pair[0], pair[0]), 1, atol=1e-5)


def test_one_clean_picture_serves_many_reconstructions(pair):
    x, noisy = pair
    np.testing.assert_allclose(ssim(noisy, x[:1])[0], ssim(noisy[:1], x[:1])[0], rtol=1e-5)
    assert psnr(noisy, x[:1]).shape == (5,)
