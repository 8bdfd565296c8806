"""Planes of codes agree with SciPy and scikit-learn, and a plane laid over another is the nearest there is."""

import io
from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import svd
from scipy.spatial import cKDTree, procrustes
from sklearn.manifold import trustworthiness

from explorer.compute import projection


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def clusters(rng):
    """Codes (300, 60) around three centres."""
    return (rng.standard_normal((300, 60)) + 8 * rng.standard_normal((3, 60))[np.arange(300) % 3]).astype(np.float32)


def test_the_principal_plane_is_the_one_of_the_singular_vectors(clusters):
    left, strengths, _ = svd(clusters - clusters.mean(0), full_matrices=False)
    expected = left[:, :2] * strengths[:2]
    plane = projection.principal_plane(clusters)
    np.testing.assert_allclose(np.abs(plane), np.abs(expected), rtol=1e-3, atol=1e-3)


def test_points_are_projected_onto_the_plane_of_others(clusters, rng):
    _, strengths, right = svd(clusters - clusters.mean(0, dtype=float), full_matrices=False)
    plane, more = projection.plane_of(clusters), rng.standard_normal((20, 60))
    expected = (more - clusters.mean(0)) @ right[:2].T
    np.testing.assert_allclose(np.abs(plane(more)), np.abs(expected), rtol=1e-4, atol=1e-4)
    assert plane.share == pytest.approx(np.square(strengths[:2]).sum() / np.square(strengths).sum())
    assert (np.take_along_axis(plane.axes, np.abs(plane.axes).argmax(0)[None], 0) > 0).all()


def test_numbers_lie_on_a_line_of_the_plane_as_far_apart_as_they_are():
    numbers = np.array([[3.0], [-1.0], [0.5], [9.0]], np.float32)
    plane = projection.plane_of(numbers)
    np.testing.assert_allclose(plane(numbers), np.hstack([numbers - numbers.mean(), np.zeros((4, 1))]), atol=1e-6)
    assert plane.share == 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (6, 5)])
def test_points_that_all_coincide_lie_in_the_middle_of_their_plane(shape):
    plane = projection.plane_of(np.full(shape, 2.5, np.float32))
    np.testing.assert_array_equal(plane(np.full(shape, 2.5)), np.zeros((shape[0], 2)))
    assert plane.share == 1


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_plane_that_was_moved_is_brought_back(rng, mirrored):
    target = rng.standard_normal((50, 2))
    turn = np.array([[np.cos(2), np.sin(2)], [-np.sin(2), np.cos(2)]]) @ np.diag([1, -1 if mirrored else 1])
    moved = 0.3 * target @ turn + [5, -7]
    similarity = projection.alignment(moved, target)
    np.testing.assert_allclose(similarity(moved), target, atol=1e-9)
    assert similarity.scale == pytest.approx(1 / 0.3)
    assert np.sign(np.linalg.det(similarity.turn)) == (-1 if mirrored else 1)


def test_what_is_left_after_alignment_is_what_scipy_leaves(rng):
    points, target = rng.standard_normal((40, 2)), rng.standard_normal((40, 2))
    left = np.square(projection.alignment(points, target)(points) - target).sum()
    _, _, disparity = procrustes(target, points)
    assert left / np.square(target - target.mean(0)).sum() == pytest.approx(disparity)


def test_points_that_all_coincide_are_put_in_the_middle_of_their_targets(rng):
    target = rng.standard_normal((20, 2))
    placed = projection.alignment(np.ones((20, 2)), target)(np.ones((20, 2)))
    np.testing.assert_allclose(placed, np.tile(target.mean(0), (20, 1)), atol=1e-9)


def test_the_nearest_codes_are_those_of_a_tree(clusters, rng):
    code = clusters[7] + 0.1 * rng.standard_normal(60).astype(np.float32)
    _, expected = cKDTree(clusters).query(code, 9)
    found = projection.nearest(code, clusters, projection.square_lengths(clusters), 9)
    np.testing.assert_array_equal(found, expected)


def test_a_umap_keeps_neighbours_repeats_with_its_seed_and_tells_how_far_it_is(clusters):
    told = io.StringIO()
    plane = projection.umap_plane(clusters, neighbours=10, seed=3, progress=told)
    assert plane.shape == (300, 2)
    assert plane.dtype == np.float32
    assert trustworthiness(clusters, plane, n_neighbors=10) > 0.8
    assert "500/500" in told.getvalue()
    np.testing.assert_array_equal(plane, projection.umap_plane(clusters, neighbours=10, seed=3))
    assert (plane != projection.umap_plane(clusters, neighbours=10, seed=4)).any()


def test_what_umap_compiles_is_kept_on_disk_for_the_next_process(clusters):
    from umap.umap_ import smooth_knn_dist

    projection.umap_plane(clusters)
    assert list(Path(smooth_knn_dist.stats.cache_path).glob("umap_.smooth_knn_dist-*.nbc"))
