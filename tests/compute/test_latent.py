"""Paths, grids and distances against NumPy, SciPy and geometry."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import norm

from explorer.compute import latent


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("path", [latent.linear_path, latent.spherical_path])
def test_a_path_begins_and_ends_at_its_two_codes(rng, path):
    start, end = rng.standard_normal((2, 16)).astype(np.float32)
    points = path(start, end, 7)
    np.testing.assert_allclose(points[[0, -1]], [start, end], atol=1e-5)


def test_line_has_equal_steps(rng):
    start, end = rng.standard_normal((2, 16)).astype(np.float32)
    steps = np.diff(latent.linear_path(start, end, 9), axis=0)
    np.testing.assert_allclose(steps, np.tile((end - start) / 8, (8, 1)), atol=1e-6)


def test_arc_turns_by_equal_angles_and_its_length_changes_evenly(rng):
    start, end = rng.standard_normal((2, 16)).astype(np.float32)
    points = latent.spherical_path(start, end, 9)
    lengths = np.linalg.norm(points, axis=1)
    np.testing.assert_allclose(lengths, np.linspace(lengths[0], lengths[-1], 9), rtol=1e-5)
    units = points / lengths[:, None]
    angles = np.arccos(np.clip((units[1:] * units[:-1]).sum(1), -1, 1))
    np.testing.assert_allclose(angles, angles.mean(), rtol=1e-3)


@pytest.mark.parametrize("end", [[0.0, 0.0], [-3.0, 0.0], [6.0, 0.0]])
def test_arc_is_the_line_where_no_arc_is_defined(end):
    start, end = np.array([3.0, 0.0], np.float32), np.array(end, np.float32)
    np.testing.assert_allclose(latent.spherical_path(start, end, 5), latent.linear_path(start, end, 5), atol=1e-6)


def test_prior_grid_divides_the_plane_into_cells_of_equal_probability():
    grid = latent.prior_grid(4).reshape(4, 4, 2)
    np.testing.assert_allclose(norm.cdf(grid[0, :, 0]), [0.125, 0.375, 0.625, 0.875], atol=1e-6)
    np.testing.assert_allclose(norm.cdf(grid[:, 0, 1]), [0.875, 0.625, 0.375, 0.125], atol=1e-6)


def test_traverse_changes_only_the_chosen_dimension(rng):
    z = rng.standard_normal(6).astype(np.float32)
    values = rng.standard_normal((2, 5)).astype(np.float32)
    points = latent.traverse(z, [4, 1], values).reshape(2, 5, 6)
    np.testing.assert_array_equal(points[0, :, 4], values[0])
    np.testing.assert_array_equal(points[1, :, 1], values[1])
    np.testing.assert_array_equal(np.delete(points[0], 4, axis=1), np.tile(np.delete(z, 4), (5, 1)))


def test_traverse_leaves_the_code_itself_alone(rng):
    z = rng.standard_normal(3).astype(np.float32)
    before = z.copy()
    latent.traverse(z, [0], np.ones((1, 4)))
    np.testing.assert_array_equal(z, before)


def test_nearest_distance_is_the_smallest_of_all_distances(rng):
    points, codes = rng.standard_normal((40, 5)).astype(np.float32), rng.standard_normal((300, 5)).astype(np.float32)
    np.testing.assert_allclose(latent.nearest_distance(points, codes), cdist(points, codes).min(1), rtol=1e-5)


def test_nearest_distance_of_a_code_to_itself_is_zero(rng):
    codes = 100 + rng.standard_normal((50, 2)).astype(np.float32)
    assert latent.nearest_distance(codes[:5], codes).max() == 0


def test_hole_radius_lets_one_code_in_twenty_stand_alone(rng):
    codes = rng.standard_normal((400, 2)).astype(np.float32)
    distances = cdist(codes, codes)
    np.fill_diagonal(distances, np.inf)
    assert (distances.min(1) > latent.hole_radius(codes)).mean() == pytest.approx(0.05, abs=0.003)


def test_ranges_hold_all_but_one_code_in_a_hundred(rng):
    codes = rng.standard_normal((10_000, 3)).astype(np.float32)
    low, high = latent.ranges(codes)
    np.testing.assert_allclose(((codes < low) | (codes > high)).mean(0), 0.01, atol=1e-3)


def test_holes_are_the_cells_whose_centre_is_far_from_every_code(rng):
    codes = rng.standard_normal((30, 2)).astype(np.float32)
    cells = latent.holes(codes, 0.5, np.array([1.0, -0.5, 2.0]), 4)
    centres = [[1.0 + x, -0.5 - y] for y in (-1.5, -0.5, 0.5, 1.5) for x in (-1.5, -0.5, 0.5, 1.5)]
    np.testing.assert_array_equal(cells.ravel(), cdist(centres, codes).min(1) > 0.5)


def test_the_view_holds_98_percent_of_the_codes_in_both_directions(rng):
    codes = (rng.standard_normal((10_000, 2)) * [3.0, 1.0] + [5.0, -2.0]).astype(np.float32)
    x, y, half = latent.view(codes)
    assert (np.abs(codes[:, 0] - x) < half).mean() == pytest.approx(0.987, abs=0.005)
    assert (np.abs(codes[:, 1] - y) < half).all()
