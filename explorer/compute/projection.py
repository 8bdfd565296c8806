"""Spaces as planes: principal components, UMAP, one plane laid over another, and where a new code belongs.

scikit-learn and UMAP take seconds to import: they are needed where planes are made, and not where they are read.
"""

from contextlib import suppress
from functools import cache
from typing import NamedTuple, TextIO

import numpy as np

FOR_UMAP = 50  # principal components kept of a larger code before its neighbours are searched for


class Similarity(NamedTuple):
    """A motion of the plane with a change of scale: points -> scale * points @ turn + shift."""

    scale: float
    turn: np.ndarray  # (2, 2), orthogonal: a rotation or a reflection
    shift: np.ndarray  # (2,)

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Where points (N, 2) come to lie."""
        return self.scale * points @ self.turn + self.shift


class Plane(NamedTuple):
    """The plane of the first two principal components of some points, onto which others are projected as well."""

    centre: np.ndarray  # (D,): the mean of the points
    axes: np.ndarray  # (D, 2): orthogonal, of length 1; where D is 1 the second is 0
    share: float  # of the points' variance that lies in the plane, from 0 to 1; 1 where all points coincide

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Where points (N, D) lie in the plane: float32 (N, 2)."""
        return ((points - self.centre) @ self.axes).astype(np.float32)


def plane_of(points: np.ndarray) -> Plane:
    """The plane that points (N, D) vary most in; the largest entry of each axis is positive, so that it is the same."""
    centre = points.mean(0, dtype=np.float64)
    centred = points - centre
    variances, vectors = np.linalg.eigh(centred.T @ centred)  # the smallest first
    vectors = vectors[:, ::-1][:, :2]
    vectors = vectors * np.sign(vectors[np.abs(vectors).argmax(0), np.arange(vectors.shape[1])])
    axes = np.pad(vectors, ((0, 0), (0, 2 - vectors.shape[1])))
    total = variances.sum()
    return Plane(centre, axes, float(np.clip(variances[-2:].sum() / total, 0, 1)) if total > 0 else 1.0)


def principal_plane(codes: np.ndarray) -> np.ndarray:
    """Coordinates (N, 2) of codes (N, D) on their first two principal components; D is at least 2."""
    return principal_components(codes, 2)


def principal_components(codes: np.ndarray, count: int) -> np.ndarray:
    """Coordinates (N, count) of codes (N, D) on their principal components, with the signs scikit-learn gives them."""
    from sklearn.decomposition import PCA

    return PCA(count, svd_solver="covariance_eigh").fit_transform(codes.astype(np.float64)).astype(np.float32)


def umap_plane(
    codes: np.ndarray,
    neighbours: int = 15,
    min_dist: float = 0.1,
    metric: str = "euclidean",
    seed: int = 0,
    progress: TextIO | None = None,
) -> np.ndarray:
    """UMAP of codes, the same on every run with a seed.

    Arguments:
        codes: With shape (N, D); of more than 50 dimensions the first 50 principal components are used.
        neighbours: Of each code, that the plane is to keep near it.
        min_dist: How near to each other points may come in the plane, from 0 to 1.
        metric: How far apart codes are: a name that UMAP knows, such as cosine.
        seed: Of the start and of the samples.
        progress: Where "epoch/epochs" is written to now and then.

    Returns:
        float32 with shape (N, 2).

    References:
        | UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction (McInnes et al., 2018)
        | https://arxiv.org/abs/1802.03426
    """
    from umap import UMAP

    keep_compiled()
    if codes.shape[1] > FOR_UMAP:
        codes = principal_components(codes, min(FOR_UMAP, len(codes)))
    shown = {"file": progress, "bar_format": "{n_fmt}/{total_fmt}\n", "mininterval": 0.2, "disable": progress is None}
    options = {"n_neighbors": min(neighbours, len(codes) - 1), "min_dist": min_dist, "metric": metric}
    return UMAP(**options, random_state=seed, n_jobs=1, tqdm_kwds=shown).fit_transform(codes)


@cache
def keep_compiled() -> None:
    """Have numba keep what it compiles of UMAP on disk, as pynndescent has it: without, each process takes 14 seconds.

    Of functions that are compiled in two ways only the first is kept: numba would take one for the other.
    """
    with suppress(ImportError, AttributeError, RuntimeError):  # other versions, or no folder that numba may write to
        from numba.core.dispatcher import Dispatcher
        from umap import distances, layouts, umap_, utils

        found = [one for module in (distances, utils, layouts, umap_) for one in vars(module).values()]
        compiled = {one.py_func: one for one in reversed(found) if isinstance(one, Dispatcher)}  # a name's first stays
        for function in compiled.values():
            function.enable_caching()


def alignment(points: np.ndarray, target: np.ndarray) -> Similarity:
    """The similarity that brings points nearest to their targets, in the sum of squared distances.

    Arguments:
        points: With shape (N, 2).
        target: Where each of them should come to lie, with shape (N, 2).

    References:
        | A generalized solution of the orthogonal Procrustes problem (Schönemann, 1966)
        | Fitting one matrix to another under choice of a central dilation and a rigid motion
        | (Schönemann & Carroll, 1970)
    """
    points, target = points.astype(np.float64), target.astype(np.float64)
    centre, target_centre = points.mean(0), target.mean(0)
    centred = points - centre
    left, strengths, right = np.linalg.svd(centred.T @ (target - target_centre))
    turn = left @ right
    scale = strengths.sum() / max(np.square(centred).sum(), 1e-12)
    return Similarity(float(scale), turn, target_centre - scale * centre @ turn)


def square_lengths(codes: np.ndarray) -> np.ndarray:
    """|z|² of each code: (N, D) to (N,)."""
    return np.einsum("nd,nd->n", codes, codes)


def nearest(code: np.ndarray, codes: np.ndarray, lengths: np.ndarray, count: int) -> np.ndarray:
    """Indices of the codes nearest to another, the nearest first.

    Arguments:
        code: With shape (D,).
        codes: With shape (N, D).
        lengths: Their square_lengths (N,): to find them takes several times as long as all the rest.
        count: How many are looked for.
    """
    distances = lengths - 2 * (codes @ code)  # but for what is the same for all
    found = np.argpartition(distances, count - 1)[:count]
    return found[np.argsort(distances[found])]
