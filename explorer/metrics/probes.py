"""What a simple classifier reads out of codes."""

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch

from explorer.metrics.watched import watched

STRENGTHS = (0.003, 0.01, 0.03)  # of the regularisation (C of scikit-learn) on codes of unit deviation


def knn_accuracy(codes: np.ndarray, labels: np.ndarray, neighbours: int = 5) -> float:
    """Share of pictures whose nearest other codes vote for their label.

    Arguments:
        codes: With shape (N, D).
        labels: Class indices with shape (N,).
        neighbours: Votes counted, the picture itself left out. Ties go to the smaller label.

    Returns:
        Accuracy in [0, 1].
    """
    points, classes = torch.from_numpy(codes).double(), torch.tensor(labels)
    correct = 0
    for start in watched(range(0, len(points), 1000), "nearest neighbours"):
        distances = torch.cdist(points[start : start + 1000], points)
        rows = torch.arange(len(distances))
        distances[rows, start + rows] = torch.inf
        votes = classes[distances.topk(min(neighbours, len(points) - 1), largest=False).indices]  # (B, neighbours)
        counts = torch.nn.functional.one_hot(votes, int(classes.max()) + 1).sum(1)
        correct += int((counts.argmax(1) == classes[start : start + 1000]).sum())
    return correct / len(points)


def logistic_test_error(
    train_codes: np.ndarray,
    train_labels: np.ndarray,
    test_codes: np.ndarray,
    test_labels: np.ndarray,
    strengths: Sequence[float] = STRENGTHS,
) -> float:
    """Test error in percent of logistic regression, its regularisation chosen on validation pictures."""
    scaled = scale(train_codes)
    return 100 * error_rate(
        fit_logistic(train_codes / scaled, train_labels, strengths).classifier, test_codes / scaled, test_labels
    )


class Fit(NamedTuple):
    """A classifier whose regularisation was chosen on validation pictures."""

    error: float  # on the validation pictures, in [0, 1]
    strength: float  # the C chosen
    classifier: Any  # fitted to all pictures with it


def fit_logistic(codes: np.ndarray, labels: np.ndarray, strengths: Sequence[float] = STRENGTHS) -> Fit:
    """Logistic regression with the regularisation that serves the last sixth of the pictures best.

    Arguments:
        codes: With shape (N, D); the last sixth is MNIST's customary validation set of 10,000.
        labels: Class indices with shape (N,).
        strengths: Values of C tried.
    """
    error, strength = choose_strength(codes, labels, strengths)
    return Fit(error, strength, logistic(codes, labels, strength))


def choose_strength(
    codes: np.ndarray, labels: np.ndarray, strengths: Sequence[float] = STRENGTHS
) -> tuple[float, float]:
    """Validation error, and the strength that reaches it; arguments as in fit_logistic."""
    split = len(codes) - len(codes) // 6
    errors = [
        error_rate(logistic(codes[:split], labels[:split], strength), codes[split:], labels[split:])
        for strength in watched(strengths, "logistic regression")
    ]
    best = int(np.argmin(errors))
    return errors[best], strengths[best]


def logistic(codes: np.ndarray, labels: np.ndarray, strength: float) -> Any:
    """Logistic regression with that C; ten times the default precision still moved the error by 0.05 %."""
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings(action="ignore"):  # 200 rounds need not reach the precision
        return LogisticRegression(C=strength, max_iter=200, tol=1e-5).fit(codes, labels)


def scale(codes: np.ndarray) -> np.ndarray:
    """Deviations (D,) of the codes (N, D), to divide them by; 1 where a code never varies."""
    deviation = codes.std(0)
    return np.where(deviation < 1e-6, 1, deviation).astype(codes.dtype)


def error_rate(classifier: Any, codes: np.ndarray, labels: np.ndarray) -> float:
    """Share of codes put into the wrong class."""
    return float((classifier.predict(codes) != labels).mean())
