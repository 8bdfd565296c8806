"""Both divergences against the closed form for Gaussians, and where each is smallest."""

import numpy as np
import pytest

from explorer.compute import divergence


def test_divergence_of_two_gaussians_has_its_closed_form():
    x = np.linspace(-20, 20, 8001)
    p, q = divergence.normal_density(x, 0.5, 1.0), divergence.normal_density(x, -1.0, 2.0)
    expected = np.log(2.0) + (1.0 + 1.5**2) / (2 * 4.0) - 0.5
    assert divergence.divergence(p, q, x[1] - x[0]) == pytest.approx(expected, abs=1e-6)


def test_densities_integrate_to_one():
    step = divergence.GRID[1] - divergence.GRID[0]
    assert divergence.target(divergence.GRID).sum() * step == pytest.approx(1, abs=1e-6)


def test_forward_divergence_is_smallest_where_the_moments_match():
    matched = np.sqrt(divergence.WIDTH**2 + 2.0**2)
    best = divergence.forward_and_reverse(0.0, matched)[0]
    for mean, deviation in [(0.3, matched), (-0.3, matched), (0.0, matched + 0.2), (0.0, matched - 0.2), (2.0, 0.6)]:
        assert divergence.forward_and_reverse(mean, deviation)[0] > best


def test_reverse_divergence_prefers_one_bump_to_covering_both():
    assert divergence.forward_and_reverse(2.0, 0.6)[1] == pytest.approx(np.log(2), abs=0.01)
    assert divergence.forward_and_reverse(0.0, 2.09)[1] > 1
