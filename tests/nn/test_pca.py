"""PCA against NumPy's singular value decomposition."""

import numpy as np
import torch

from explorer.nn.pca import PCA


def test_reconstruction_error_is_the_energy_of_the_dropped_singular_values(digits):
    pca = PCA(784, 30)
    pca.fit(digits)
    x = digits / 255
    x_hat = pca.decode(pca.encode(x, 30))
    centred = digits.flatten(1).double().numpy() / 255
    centred -= centred.mean(0)
    dropped = np.linalg.svd(centred, compute_uv=False)[30:]
    np.testing.assert_allclose((x_hat - x.flatten(1)).square().sum().item(), np.square(dropped).sum(), rtol=1e-4)


def test_components_are_orthonormal_and_ordered_by_variance(digits):
    pca = PCA(784, 10)
    pca.fit(digits)
    torch.testing.assert_close(pca.components @ pca.components.T, torch.eye(10), atol=1e-5, rtol=0)
    variances = pca.encode(digits / 255, 10).var(0)
    assert (variances.diff() <= 0).all()
