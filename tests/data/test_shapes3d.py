"""Shapes3D-like pictures show one object in a room, each factor changes what it names, and nothing else moves."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy import ndimage

from explorer.data import shapes3d
from explorer.data.shapes3d import FACTORS, SHAPES

FRONTAL = 7
OBJECT = 2
SKY = np.array([153, 226, 249]).reshape(1, 3, 1, 1)
ORIENTATIONS = range(0, 15, 2)


def pictures(*factors: tuple[int, ...]) -> np.ndarray:
    """Of those factors, as int64 with shape (N, 3, 64, 64)."""
    return shapes3d.render(FACTORS.to_indices(factors)).astype(np.int64)


def changed(factor: int, *geometry: int) -> np.ndarray:
    """Pixels (64, 64) that another hue of floor, wall or object changes."""
    one, other = [0, 3, 6], [0, 3, 6]
    other[factor] += 2
    before, after = pictures((*one, *geometry), (*other, *geometry))
    return (before != after).any(0)


def test_there_are_480_000_pictures_and_orientation_runs_fastest():
    assert FACTORS.sizes == (10, 10, 10, 8, 4, 15)
    assert len(FACTORS) == 480_000
    assert FACTORS.to_factors([0, 1, 15, 479_999]).tolist() == [
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 1],
        [0, 0, 0, 0, 1, 0],
        [9, 9, 9, 7, 3, 14],
    ]


def test_values_are_hues_scales_shapes_and_degrees():
    values = FACTORS.to_values([[3, 0, 9, 0, 2, 0], [0, 0, 0, 7, 0, FRONTAL]])
    np.testing.assert_allclose(values, [[0.3, 0, 0.9, 0.75, 2, -30], [0, 0, 0, 1.25, 0, 0]], atol=1e-12)


def test_a_picture_does_not_depend_on_what_is_rendered_with_it():
    factors = np.random.default_rng(0).integers(FACTORS.sizes, size=(300, 6))
    factors[:, 3:] = factors[:, 3:] // [7, 3, 14] * [7, 3, 14]  # few geometries, which are slow to cast
    indices = FACTORS.to_indices(factors)
    together = shapes3d.render(indices)
    assert together.dtype == np.uint8
    shapes3d.cast.cache_clear()
    assert_array_equal(np.concatenate([shapes3d.render([index]) for index in indices[::-1]])[::-1], together)


def test_above_the_walls_there_is_nothing_but_sky():
    seen = pictures(*[(1, 4, 8, 0, 0, orientation) for orientation in ORIENTATIONS])
    assert (seen[:, :, :14] == SKY).all()


def test_the_frontal_back_wall_lies_between_rows_17_and_41():
    wall = np.flatnonzero(changed(1, 0, 0, FRONTAL)[:, 10])
    assert 17 <= wall[0] <= 18
    assert 40 <= wall[-1] <= 41
    assert_array_equal(wall, np.arange(wall[0], wall[-1] + 1))


@pytest.mark.parametrize("scale", range(8))
def test_a_frontal_cube_stands_on_rows_55_to_57(scale):
    assert 55 <= np.flatnonzero(changed(OBJECT, scale, 0, FRONTAL).any(1))[-1] <= 57


@pytest.mark.parametrize("shape", range(4), ids=SHAPES)
def test_the_object_is_centred_at_32_and_mirrored_when_seen_from_the_other_side(shape):
    for orientation in (0, 4, FRONTAL):
        outline = changed(OBJECT, 3, shape, orientation)
        assert_array_equal(outline, changed(OBJECT, 3, shape, 14 - orientation)[:, ::-1])


@pytest.mark.parametrize("shape", [1, 2, 3], ids=SHAPES[1:])
def test_a_round_object_looks_the_same_from_everywhere(shape):
    for orientation in (0, 5):
        assert_array_equal(changed(OBJECT, 3, shape, orientation), changed(OBJECT, 3, shape, FRONTAL))


@pytest.mark.parametrize("shape", range(4), ids=SHAPES)
def test_a_larger_object_covers_the_smaller_one_but_for_its_foot(shape):
    small, middle, large = (changed(OBJECT, scale, shape, FRONTAL) for scale in (0, 4, 7))
    assert small.sum() < middle.sum() < large.sum()
    assert (large | ~middle)[:50].all()
    assert (middle | ~small)[:50].all()


@pytest.mark.parametrize("scale", [0, 7])
def test_a_sphere_covers_the_cone_of_rays_that_meet_it(scale):
    radius = 0.424 * FACTORS.values[3][scale]
    x, y = np.meshgrid(*[(np.arange(640) + 0.5) / 10 - 32] * 2)
    centre = np.array([0, 0.784 - radius, 2.559])
    cosine = (y * centre[1] + 67.8 * centre[2]) / np.sqrt(x**2 + y**2 + 67.8**2) / np.linalg.norm(centre)
    expected = (np.arccos(cosine) < np.arcsin(radius / np.linalg.norm(centre))).reshape(64, 10, 64, 10).mean((1, 3))
    covered = changed(OBJECT, scale, 2, FRONTAL)
    assert covered[expected > 0.15].all()
    assert not covered[expected == 0].any()


@pytest.mark.parametrize("shape", range(4), ids=SHAPES)
def test_a_hue_changes_its_own_surface_only(shape):
    floor, wall, thing = (changed(factor, 5, shape, 11) for factor in range(3))
    for own, others in ((floor, wall | thing), (wall, floor | thing), (thing, floor | wall)):
        inner = ndimage.binary_erosion(own, np.ones((3, 3)), border_value=1)  # on outlines surfaces share pixels
        assert inner.sum() > 100
        assert not (inner & others).any()
    untouched = ~(floor | wall | thing)
    seen = pictures((0, 3, 6, 5, shape, 11))
    assert (seen[:, :, untouched] == SKY[..., 0]).all()


def test_the_corner_of_the_room_moves_right_to_left_as_the_camera_turns():
    sky = [(pictures((0, 3, 6, 0, 0, k)) == SKY).all((0, 1)).sum(0) for k in range(15)]  # pixels per column
    lowest = [column.argmax() for column in (sky[0], sky[2], sky[12], sky[14])]
    assert lowest[1] > lowest[0] > 32 > lowest[3] > lowest[2]
    for one, other in zip(sky, sky[::-1], strict=True):
        assert_array_equal(one, other[::-1])


def test_side_walls_are_darker_than_the_back_wall():
    right, left = pictures((5, 0, 3, 0, 0, 0), (5, 0, 3, 0, 0, 14))[:, 0, 25] / 255  # a red wall
    assert 0.5 < right[60] < 0.9 < right[10]
    assert 0.5 < left[3] < 0.9 < left[50]


@pytest.mark.parametrize("shape", range(4), ids=SHAPES)
def test_the_shadow_falls_to_the_right_on_the_floor(shape):
    floor = pictures((0, 6, 3, 7, shape, FRONTAL))[0, 0]  # red, where neither wall nor object is
    dark = changed(0, 7, shape, FRONTAL) & ~changed(OBJECT, 7, shape, FRONTAL) & (floor < 128)
    dark[:43] = False  # where the floor meets the wall
    assert dark.sum() > 20
    assert np.nonzero(dark)[1].mean() > 34


def test_an_object_is_brightest_on_its_upper_left():
    sphere = pictures((0, 6, 3, 7, 2, FRONTAL))[0, 1]  # green
    rows, columns = np.nonzero(ndimage.binary_erosion(changed(OBJECT, 7, 2, FRONTAL), iterations=2))
    bright = sphere[rows, columns]
    assert np.average(rows, weights=bright) < rows.mean()
    assert np.average(columns, weights=bright) < columns.mean()
