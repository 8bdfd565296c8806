"""How far each latent dimension stands for one factor: BetaVAE, FactorVAE, MIG, DCI and SAP scores.

All follow disentanglement_lib with its constants: the same score computed otherwise may differ by a factor of ten.
Each takes an encoder from factors to codes, the number of values of each factor, and a generator.

References:
    | Challenging Common Assumptions in the Unsupervised Learning of Disentangled Representations
    | (Locatello et al., 2019), https://arxiv.org/abs/1811.12359
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple

import numpy as np

from explorer.metrics.watched import watched

# From the values of the factors, whole numbers (N, K), to the codes (N, D) of the pictures that have them.
Encoder = Callable[[np.ndarray], np.ndarray]

BATCH = 64  # pictures that share a factor
TRAIN, TEST = 10_000, 5_000
BLOCK = 100  # batches encoded at a time
BINS = 20
BOOSTS = 100  # of DCI's trees, one for each value of a factor
LEAST_DEVIATION = 0.05  # of a dimension that FactorVAE counts


class DCI(NamedTuple):
    """Three sides of one score, each in [0, 1]."""

    disentanglement: float
    completeness: float
    informativeness: float


def sample_factors(count: int, sizes: Sequence[int], rng: np.random.Generator) -> np.ndarray:
    """Values of the factors, each uniform and independent of the others, with shape (count, K)."""
    return np.stack([rng.integers(0, size, count) for size in sizes], axis=1)


def beta_vae_score(encode: Encoder, sizes: Sequence[int], rng: np.random.Generator) -> float:
    """Accuracy with which a linear classifier says which factor two batches of pictures share.

    References:
        | beta-VAE: Learning Basic Visual Concepts with a Constrained Variational Framework (Higgins et al., 2017)
    """
    from sklearn.linear_model import LogisticRegression

    shared = rng.integers(0, len(sizes), TRAIN + TEST)
    differences = []
    for chosen in np.split(shared, range(BLOCK, len(shared), BLOCK)):
        first, second = (sample_batches(len(chosen), sizes, rng) for _ in range(2))
        rows = np.arange(len(chosen))
        second[rows, :, chosen] = first[rows, :, chosen]
        differences.append(np.abs(encode_batches(encode, first) - encode_batches(encode, second)).mean(1))
    points = np.concatenate(differences)  # (TRAIN + TEST, D)
    # 1,000 rounds instead of scikit-learn's 100, which do not always reach the optimum.
    classifier = LogisticRegression(max_iter=1000).fit(points[:TRAIN], shared[:TRAIN])
    return float(classifier.score(points[TRAIN:], shared[TRAIN:]))


def factor_vae_score(encode: Encoder, sizes: Sequence[int], rng: np.random.Generator) -> float:
    """Accuracy with which the dimension that varies least says which factor a batch shares.

    References:
        | Disentangling by Factorising (Kim & Mnih, 2018), https://arxiv.org/abs/1802.05983
    """
    variances = encode(sample_factors(TRAIN, sizes, rng)).var(0, ddof=1)
    active = np.flatnonzero(np.sqrt(variances) >= LEAST_DEVIATION)
    if not len(active):
        return 0.0
    shared = rng.integers(0, len(sizes), TRAIN + TEST)
    votes = []
    for chosen in np.split(shared, range(BLOCK, len(shared), BLOCK)):
        factors = sample_batches(len(chosen), sizes, rng)
        rows = np.arange(len(chosen))
        factors[rows, :, chosen] = factors[rows, 0, chosen][:, None]
        local = encode_batches(encode, factors)[:, :, active].var(1, ddof=1)
        votes.append((local / variances[active]).argmin(1))
    voted = np.concatenate(votes)  # (TRAIN + TEST,)
    table = np.zeros((len(active), len(sizes)), int)
    np.add.at(table, (voted[:TRAIN], shared[:TRAIN]), 1)
    return float((table.argmax(1)[voted[TRAIN:]] == shared[TRAIN:]).mean())


def sample_batches(count: int, sizes: Sequence[int], rng: np.random.Generator) -> np.ndarray:
    """Values of the factors of many batches, with shape (count, BATCH, K)."""
    return sample_factors(count * BATCH, sizes, rng).reshape(count, BATCH, len(sizes))


def encode_batches(encode: Encoder, factors: np.ndarray) -> np.ndarray:
    """Codes (count, BATCH, D) of batches (count, BATCH, K)."""
    codes = encode(factors.reshape(-1, factors.shape[-1]))
    return codes.reshape(*factors.shape[:2], -1)


def mutual_information_gap(encode: Encoder, sizes: Sequence[int], rng: np.random.Generator) -> float:
    """Gap between the two dimensions that know most of a factor, as a share of its entropy, averaged over factors.

    References:
        | Isolating Sources of Disentanglement in Variational Autoencoders (Chen et al., 2018)
    """
    factors = sample_factors(TRAIN, sizes, rng)
    return mean_gap(mutual_information(encode(factors), factors, sizes) / entropies(factors, sizes))


def mutual_information(codes: np.ndarray, factors: np.ndarray, sizes: Sequence[int]) -> np.ndarray:
    """Nats (D, K) that each dimension, cut into BINS equal parts, tells of each factor."""
    binned = np.stack([np.digitize(code, np.histogram_bin_edges(code, BINS)[:-1]) - 1 for code in codes.T])
    table = np.zeros((len(binned), len(sizes)))
    for d, code in enumerate(binned):
        for k, size in enumerate(sizes):
            joint = np.bincount(code * size + factors[:, k], minlength=BINS * size).reshape(BINS, size) / len(code)
            outer = joint.sum(1, keepdims=True) * joint.sum(0)
            seen = joint > 0
            table[d, k] = np.sum(joint[seen] * np.log(joint[seen] / outer[seen]))
    return table


def entropies(factors: np.ndarray, sizes: Sequence[int]) -> np.ndarray:
    """Entropy in nats of each factor, as it was drawn."""
    shares = [np.bincount(column, minlength=size) / len(factors) for column, size in zip(factors.T, sizes, strict=True)]
    return np.array([-np.sum(share[share > 0] * np.log(share[share > 0])) for share in shares])


def dci(encode: Encoder, sizes: Sequence[int], rng: np.random.Generator, train: int = TRAIN, test: int = TEST) -> DCI:
    """Disentanglement, completeness and informativeness from the importances of gradient-boosted trees.

    Arguments:
        encode: See the module.
        sizes: See the module.
        rng: See the module.
        train: Pictures the trees learn from; four minutes for the 113 classes of dSprites.
        test: Pictures their accuracy is measured on.

    References:
        | A Framework for the Quantitative Evaluation of Disentangled Representations (Eastwood & Williams, 2018)
    """
    from sklearn.ensemble import GradientBoostingClassifier

    factors = sample_factors(train + test, sizes, rng)
    codes = encode(factors)
    importances, accuracies = [], []
    grown = iter(watched(range(BOOSTS * sum(sizes)), "trees of DCI"))
    for values, size in zip(factors.T, sizes, strict=True):
        trees = GradientBoostingClassifier(n_estimators=BOOSTS, random_state=0)
        trees.fit(codes[:train], values[:train], monitor=partial(count, grown, size))
        importances.append(trees.feature_importances_)
        accuracies.append(trees.score(codes[train:], values[train:]))
    return DCI(*dci_of(np.stack(importances, axis=1)), float(np.mean(accuracies)))


def count(grown: Iterator[int], trees: int, *_: object) -> bool:
    """Take note of the trees that one round of boosting has grown; that it is to stop is never said."""
    for _tree in islice(grown, trees):
        pass
    return False


def dci_of(importance: np.ndarray) -> tuple[float, float]:
    """Disentanglement and completeness of an importance matrix (D, K)."""
    total = importance.sum() or 1.0
    sides = []
    for matrix in (importance, importance.T):
        weight = matrix.sum(1)
        shares = (matrix + 1e-11) / (matrix + 1e-11).sum(1, keepdims=True)
        entropy = -np.sum(shares * np.log(shares), axis=1) / np.log(matrix.shape[1])
        sides.append(float(np.sum((1 - entropy) * weight / total)))
    return sides[0], sides[1]


def separated_attribute_predictability(encode: Encoder, sizes: Sequence[int], rng: np.random.Generator) -> float:
    """SAP: gap between the two dimensions that alone predict a factor best, averaged over factors.

    References:
        | Variational Inference of Disentangled Latent Concepts from Unlabeled Observations (Kumar et al., 2018)
    """
    from sklearn.svm import LinearSVC

    factors = sample_factors(TRAIN + TEST, sizes, rng)
    codes = encode(factors)
    scores = np.zeros((codes.shape[1], len(sizes)))
    for d, code in enumerate(codes.T[:, :, None]):
        for k, values in enumerate(factors.T):
            classifier = LinearSVC(C=0.01, class_weight="balanced", random_state=0)
            classifier.fit(code[:TRAIN], values[:TRAIN])
            scores[d, k] = classifier.score(code[TRAIN:], values[TRAIN:])
    return mean_gap(scores)


def linear_predictability(encode: Encoder, sizes: Sequence[int], rng: np.random.Generator) -> float:
    """SAP with the squared correlation in place of a classifier's accuracy: ten times the values of the other."""
    factors = sample_factors(TRAIN, sizes, rng).astype(float)
    codes = encode(factors.astype(int))
    centred, moved = codes - codes.mean(0), factors - factors.mean(0)
    covariance = centred.T @ moved / len(codes)
    product = np.outer(centred.var(0), moved.var(0))
    return mean_gap(np.divide(covariance**2, product, out=np.zeros_like(product), where=product > 1e-12))


def mean_gap(scores: np.ndarray) -> float:
    """Difference between the two largest of each column (D, K), averaged over the columns."""
    ordered = np.sort(scores, axis=0)
    return float(np.mean(ordered[-1] - ordered[-2]))
