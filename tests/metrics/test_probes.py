"""Classifiers on codes: chosen without the test set, and as good as they must be on easy data."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from explorer.data.picture_set import PictureSet
from explorer.metrics.fine_tuning import FineTuning, classifier, fine_tuned_error
from explorer.metrics.overlap import jaccard
from explorer.metrics.probes import error_rate, fit_logistic, logistic_test_error, scale


@pytest.fixture
def blobs():
    """Three classes around three corners, 1,200 points in five dimensions."""
    rng = np.random.default_rng(0)
    labels = np.arange(1200) % 3
    return (3 * np.eye(3, 5)[labels] + rng.standard_normal((1200, 5))).astype(np.float32), labels


def test_logistic_regression_comes_near_the_bayes_error(blobs):
    codes, labels = blobs
    nearest = np.square(codes[:, None] - 3 * np.eye(3, 5)).sum(2).argmin(1)  # the best there is for equal spheres
    bayes = (nearest != labels).mean()
    fit = fit_logistic(codes, labels, strengths=(0.01, 1.0))
    assert error_rate(fit.classifier, codes, labels) == pytest.approx(bayes, abs=0.02)


def test_the_regularisation_is_chosen_on_the_last_sixth_alone(blobs):
    codes, labels = blobs
    noisy = np.hstack([codes, np.random.default_rng(1).standard_normal((1200, 300)).astype(np.float32)])
    strengths = (1e-6, 1e-2, 1e2)
    errors = []
    for strength in strengths:
        fitted = LogisticRegression(C=strength, max_iter=200, tol=1e-5).fit(noisy[:1000], labels[:1000])
        errors.append((fitted.predict(noisy[1000:]) != labels[1000:]).mean())
    fit = fit_logistic(noisy, labels, strengths)
    assert fit.error == min(errors)
    assert fit.strength == strengths[int(np.argmin(errors))]
    assert max(errors) > min(errors)


def test_a_code_that_never_varies_is_left_as_it_is():
    codes = np.array([[1, 2], [1, 4], [1, 6]], np.float32)
    np.testing.assert_allclose(scale(codes), [1, np.std([2, 4, 6])])


def test_scaling_a_code_changes_nothing_about_the_error(blobs):
    codes, labels = blobs
    large = codes * np.array([1000, 1, 0.001, 1, 1], np.float32)
    errors = [logistic_test_error(part[:600], labels[:600], part[600:], labels[600:]) for part in (codes, large)]
    assert errors[0] == pytest.approx(errors[1], abs=0.5)
    assert errors[0] < 15  # per cent


def test_fine_tuning_starts_from_the_layers_given(digits):
    weight, bias = torch.randn(16, 784), torch.randn(16)
    network = classifier([(weight, bias)], 10, FineTuning()).eval()
    x = digits[:4] / 255
    torch.testing.assert_close(network[:4](x), torch.sigmoid(x.flatten(1) @ weight.T + bias))
    assert torch.equal(network(x), torch.zeros(4, 10))


def test_fine_tuning_learns_the_labels_and_leaves_the_encoder_as_it_was(digits):
    from explorer.data import sample_sheets

    shipped = sample_sheets.load("mnist")
    order = np.random.default_rng(0).permutation(500)
    data = PictureSet(shipped.pictures[order], shipped.labels[order], shipped.class_names)
    weight, bias = 0.05 * torch.randn(64, 784), torch.zeros(64)
    before = weight.clone()
    how = FineTuning(epochs=30, batch_size=50, input_dropout=0.0, dropout=0.0)
    errors = [fine_tuned_error([(weight, bias)], data, data, how) for _ in range(2)]
    assert errors[0] == errors[1]  # the same seed, the same classifier
    assert errors[0] < 15  # per cent, of pictures five sixths of which it was trained on
    assert torch.equal(weight, before)


def test_the_overlap_of_two_pictures_is_that_of_their_sets_of_units():
    spoken = np.random.default_rng(0).random((6, 20)) < 0.3
    spoken[5] = False
    sets = [set(np.flatnonzero(row)) for row in spoken]
    expected = [[len(a & b) / max(1, len(a | b)) for b in sets] for a in sets]
    np.testing.assert_allclose(jaccard(spoken), expected, rtol=1e-6)
