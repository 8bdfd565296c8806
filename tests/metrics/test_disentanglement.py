"""The scores of a perfect code, of rotated ones, of a constant one; and two of them computed otherwise."""

import numpy as np
import pytest
from sklearn.metrics import mutual_info_score
from sklearn.svm import LinearSVC

from explorer.metrics import disentanglement as scores

DSPRITES = (3, 6, 40, 32, 32)
ALL = (
    scores.beta_vae_score,
    scores.factor_vae_score,
    scores.mutual_information_gap,
    scores.separated_attribute_predictability,
    scores.linear_predictability,
)


def perfect(factors, sizes=DSPRITES, noise_dimensions=5):
    """Each factor's standardised index, and a few dimensions of faint noise."""
    sizes = np.array(sizes)
    codes = (factors - (sizes - 1) / 2) / np.sqrt((sizes**2 - 1) / 12)
    rng = np.random.default_rng(len(factors))
    return np.hstack([codes, 0.01 * rng.standard_normal((len(factors), noise_dimensions))])


def rotated(seed):
    turn, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((5, 5)))

    def encode(factors):
        codes = perfect(factors)
        return np.hstack([codes[:, :5] @ turn, codes[:, 5:]])

    return encode


def rng():
    return np.random.default_rng(1)


@pytest.mark.parametrize(("score", "ceiling"), list(zip(ALL, (1.0, 1.0, 0.895, 0.243, 0.999), strict=True)))
def test_a_perfect_code_reaches_the_ceiling_of_dsprites(score, ceiling):
    assert score(perfect, DSPRITES, rng()) == pytest.approx(ceiling, abs=0.01)


# Ranges over some rotations, widened by .1 for others.
@pytest.mark.parametrize(
    ("score", "low", "high"), list(zip(ALL, (0.71, 0.59, 0.0, 0.0, 0.01), (1.0, 1.0, 0.2, 0.12, 0.42), strict=True))
)
def test_a_rotated_code_has_the_information_but_not_the_alignment(score, low, high):
    assert low <= score(rotated(1), DSPRITES, rng()) <= high


@pytest.mark.parametrize("score", ALL)
def test_a_constant_code_scores_no_better_than_chance(score):
    chance = 0.25 if score is scores.beta_vae_score else 0.01  # one factor in five is guessed
    assert score(lambda factors: np.zeros((len(factors), 4)), DSPRITES, rng()) <= chance


def few_trees(encode, sizes, rng):
    return scores.dci(encode, sizes, rng, train=150, test=50)


@pytest.mark.parametrize("score", [*ALL, few_trees])
def test_the_order_of_the_dimensions_does_not_matter(score):
    sizes, order = (3, 6, 4), np.random.default_rng(3).permutation(5)
    turn, _ = np.linalg.qr(np.random.default_rng(2).standard_normal((3, 3)))

    def encode(factors):
        codes = perfect(factors, sizes, 2)
        return np.hstack([codes[:, :3] @ turn, codes[:, 3:]])

    values = [score(encode, sizes, rng()), score(lambda factors: encode(factors)[:, order], sizes, rng())]
    # Trees break ties by the order of the dimensions, and iterative fits stop within their tolerance.
    slack = {few_trees: 0.02, scores.beta_vae_score: 1e-3, scores.separated_attribute_predictability: 1e-3}
    assert values[0] == pytest.approx(values[1], abs=slack.get(score))


def test_dci_of_a_constant_code_is_zero_on_both_sides():
    nothing = few_trees(lambda factors: np.zeros((len(factors), 4)), (3, 6, 4), rng())
    assert nothing[:2] == (0, 0)


def test_the_gap_is_one_where_every_value_has_a_bin_of_its_own():
    sizes = (20, 10, 4)
    gap = scores.mutual_information_gap(lambda factors: perfect(factors, sizes, 0), sizes, rng())
    assert gap == pytest.approx(1, abs=0.02)  # chance agreement of independent factors keeps it below


def test_mutual_information_is_scikit_learns():
    factors = scores.sample_factors(2000, DSPRITES, rng())
    codes = rotated(4)(factors)
    table = scores.mutual_information(codes, factors, DSPRITES)
    for d in range(10):
        edges = np.linspace(codes[:, d].min(), codes[:, d].max(), 21)
        binned = np.digitize(codes[:, d], edges[:-1])
        for k in range(5):
            assert table[d, k] == pytest.approx(mutual_info_score(binned, factors[:, k]), abs=1e-9)


def test_sap_is_the_gap_of_accuracies_fitted_one_by_one():
    sizes, encode = (3, 4), lambda factors: factors @ np.array([[1.0, 0.2, 0.0], [0.1, 1.0, 0.5]])
    value = scores.separated_attribute_predictability(encode, sizes, rng())
    factors = scores.sample_factors(scores.TRAIN + scores.TEST, sizes, rng())
    codes, gaps = encode(factors), []
    for k in range(2):
        accuracies = []
        for d in range(3):
            classifier = LinearSVC(C=0.01, class_weight="balanced", random_state=0)
            classifier.fit(codes[: scores.TRAIN, [d]], factors[: scores.TRAIN, k])
            predicted = classifier.predict(codes[scores.TRAIN :, [d]])
            accuracies.append((predicted == factors[scores.TRAIN :, k]).mean())
        *_, second, first = sorted(accuracies)
        gaps.append(first - second)
    assert value == pytest.approx(np.mean(gaps), abs=1e-9)


def test_dci_of_a_perfect_code_is_one_on_both_sides_and_of_a_rotated_one_is_not():
    sizes = (3, 6, 4)
    clean = scores.dci(lambda factors: perfect(factors, sizes, 2), sizes, rng(), train=500, test=200)
    assert min(clean) > 0.95
    turn, _ = np.linalg.qr(np.random.default_rng(5).standard_normal((3, 3)))
    mixed = scores.dci(lambda factors: perfect(factors, sizes, 0) @ turn, sizes, rng(), train=500, test=200)
    assert mixed.disentanglement < 0.6
    assert mixed.completeness < 0.6


def test_dci_of_an_importance_matrix_is_what_its_entropies_say():
    assert scores.dci_of(np.eye(4)) == pytest.approx((1, 1), abs=1e-6)
    assert scores.dci_of(np.ones((4, 4))) == pytest.approx((0, 0), abs=1e-6)
    # One dimension for two factors: complete, as each factor has one dimension, but not disentangled.
    disentangled, complete = scores.dci_of(np.array([[1.0, 1.0], [0.0, 0.0]]))
    assert disentangled == pytest.approx(0, abs=1e-6)
    assert complete == pytest.approx(1, abs=1e-6)
