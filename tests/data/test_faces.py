"""Faces are put together from the layers of their parts, and no combination is both trained on and tested with."""

import io
import json

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PIL import Image

from explorer.data import face_parts, faces, rendered_sets
from explorer.data.faces import FACTORS

# Hair, glasses, mouth as choices; hair colour, skin, clothes, size and place from 0 to 1.
BOB = np.array([3, 0, 1, 0.4, 0.7, 0.75, 0.43, 0.5])


def changed(**values):
    """The face BOB with other values, as integers from 0 to 255."""
    row = BOB.copy()
    for name, value in values.items():
        row[FACTORS.names.index(name.replace("_", " "))] = value
    return faces.draw(row[None])[0].astype(int)


def centre(picture):
    """Mean column and row of what is not ground, in pixels."""
    ground = (255 * faces.rgb(faces.GROUND)).round()[:, None, None]
    inside = np.abs(picture - ground).max(0) > 8
    rows, columns = np.nonzero(inside)
    return columns.mean(), rows.mean(), inside.sum()


def test_the_layers_are_what_the_style_draws_in_any_colours():
    """Drawn whole by the same library, with all parts above each other in one SVG."""
    resvg = pytest.importorskip("resvg_py")
    pytest.importorskip("dicebear_styles")
    style = json.loads(face_parts.definition().read_text())
    colours = {"skin": "#a5694a", "hair": "#b0552c", "clothing": "#3f6fd8"}
    chosen = {"head": "canvas", "eyes": "glasses", "hair": "curly", "clothes": "squared", "nose": "smallRound"}
    body = ""
    for part, variant in (chosen | {"mouth": "frown"}).items():
        canvas = [element for element in style["canvas"]["elements"] if element["type"] == "element"]
        elements = canvas if part == "head" else style["components"][part]["variants"][variant]["elements"]
        x, y = face_parts.PLACES[part]
        place = f"translate({x} {y})"
        if part == "mouth":
            place = "translate(25.25 36.235) scale(1.35)"  # its point (5, 3.5) stays where it is
        body += f'<g transform="{place}">{"".join(face_parts.markup(e, colours) for e in elements)}</g>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="128" height="128">{body}</svg>'
    whole = Image.open(io.BytesIO(bytes(resvg.svg_to_bytes(svg_string=svg)))).convert("RGBA")
    pixels = np.asarray(whole).transpose(2, 0, 1) / 255.0
    planes = faces.layers(5, 1, 0)
    drawn = np.tensordot(np.stack([faces.rgb(colour) for colour in colours.values()], 1), planes[:3], 1) + planes[4:]
    assert np.abs(drawn - pixels[:3] * pixels[3]).max() < 0.03  # each of six layers is rounded
    assert np.abs(1 - planes[3] - pixels[3]).max() < 0.03


def test_the_shipped_layers_are_those_the_style_gives(tmp_path, monkeypatch):
    pytest.importorskip("resvg_py")
    pytest.importorskip("dicebear_styles")
    before = np.asarray(Image.open(face_parts.FILE)).astype(int)
    monkeypatch.setattr(face_parts, "FILE", tmp_path / "parts.png")
    face_parts.write()
    again = np.asarray(Image.open(face_parts.FILE)).astype(int)
    assert np.abs(again - before).max() <= 2


def test_a_face_twice_as_large_as_its_layers_has_their_colours():
    across = faces.cover(1.0, 32, 32)
    assert_array_equal(across, np.kron(np.eye(64), [0.5, 0.5]).astype(np.float32))
    assert faces.cover(1.2, 32, 35).sum(1).max() == pytest.approx(1, abs=1e-6)


def test_a_pixel_of_the_clothes_is_the_colour_of_the_clothes():
    for share, colour in ((0, (224, 63, 63)), (4 / 9, (63, 224, 63))):  # hues 0° and 120°, saturation .72, value .88
        picture = changed(clothes=share)
        assert np.abs(picture[:, 62, 44] - colour).max() <= 1


@pytest.mark.parametrize(("name", "rows"), [("hair colour", (10, 54)), ("skin", (17, 58)), ("clothes", (46, 64))])
def test_a_colour_changes_what_it_is_the_colour_of_and_nothing_else(name, rows):
    difference = np.abs(changed() - changed(**{name: 0})).max((0, 2))
    seen = np.flatnonzero(difference)
    assert rows[0] <= seen.min() < rows[0] + 8
    assert rows[1] - 8 <= seen.max() < rows[1]


def test_place_moves_a_face_to_the_right_and_size_makes_it_larger():
    (left, _, _), (middle, _, _), (right, _, _) = (centre(changed(place=share)) for share in (0, 0.5, 1))
    assert right - middle == pytest.approx(8, abs=0.3)
    assert middle - left == pytest.approx(8, abs=0.3)
    areas = [centre(changed(size=share))[2] for share in (0, 1)]
    assert areas[1] / areas[0] == pytest.approx((1.2 / 0.85) ** 2, rel=0.08)  # the lowest rows are cut off


def test_continuous_factors_are_continuous_in_the_pictures_that_are_trained_on():
    values = faces.training()
    assert values.shape == (faces.TRAIN, 8)
    assert len(np.unique(values[:, 3:])) > 0.99 * values[:, 3:].size
    assert (values[:, 3:].min(0) >= 0).all()
    assert (values[:, 3:].max(0) <= 1).all()
    for column, size in zip(values[:, :3].T, FACTORS.sizes, strict=False):
        np.testing.assert_allclose(np.bincount(column.astype(int)) / len(values), 1 / size, atol=0.02)


def looks(values):
    """Hair, glasses, mouth, and the part of its range that each colour lies in."""
    parts = np.minimum(np.floor(values[:, 3:6] * (3, 3, 4)), (2, 2, 3))
    return set(map(tuple, np.concatenate([values[:, :3], parts], axis=1).astype(int).tolist()))


def test_no_combination_that_is_tested_with_is_trained_on():
    numbers = rendered_sets.test_numbers("faces")
    assert len(numbers) == len(set(numbers.tolist())) == 10_000
    tested, trained = looks(FACTORS.to_values(FACTORS.to_factors(numbers))), looks(faces.training())
    assert not tested & trained
    assert len(tested) == 195
    assert len(trained) == 6 * 3 * 3 * 3 * 3 * 4 - 195


def test_a_picture_depends_on_its_number_alone():
    numbers = rendered_sets.test_numbers("faces")[:6]
    together = faces.render(numbers)
    faces.layers.cache_clear()
    assert_array_equal(np.concatenate([faces.render(numbers[[i]]) for i in range(6)[::-1]])[::-1], together)


def test_scores_look_at_every_combination_of_a_few_values():
    numbers = faces.scored_numbers()
    assert len(numbers) == len(set(numbers.tolist())) == np.prod(faces.SCORED)
    factors = FACTORS.to_factors(numbers)
    assert tuple(len(np.unique(column)) for column in factors.T) == faces.SCORED
    assert_array_equal(factors[[0, 1, -1]], [[0] * 8, [0] * 7 + [8], [5, 2, 2, 24, 24, 24, 24, 24]])


def test_the_training_set_is_drawn_once_and_labelled_by_hair(tmp_path, monkeypatch):
    monkeypatch.setattr(faces, "training", lambda: VALUES)
    data = rendered_sets.load("faces", "train", tmp_path)
    assert data.pictures.shape == (3, 3, 64, 64)
    assert_array_equal(data.labels, [3, 5, 0])
    assert data.class_names == faces.HAIRS
    assert_array_equal(data.pictures[0], changed())


VALUES = np.stack([BOB, np.where(np.arange(8) == 0, 5, BOB), np.where(np.arange(8) == 0, 0, BOB)])
