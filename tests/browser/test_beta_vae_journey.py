"""What a visitor does on the β-VAE tab, in a real browser."""

import io
from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image

from explorer import checkpoint
from explorer.data import dsprites, faces, shapes3d
from tests.browser.hand import choose_model, colours, fits, pixels, settle, started
from tests.conftest import ROOT

CHECKPOINTS = ROOT / "checkpoints" / "beta_vae"


@pytest.fixture
def page(open_page):
    page = open_page()
    started(page)
    page.get_by_role("tab", name="β-VAE", exact=True).click()
    page.wait_for_selector("#beta-vae-output canvas[data-painted]")
    settle(page)
    return page


def set_slider(page, selector: str, value: float) -> None:
    page.evaluate(
        """([selector, value]) => {
            const range = document.querySelector(selector);
            range.value = value;
            range.dispatchEvent(new Event('input', {bubbles: true}));
        }""",
        [selector, value],
    )
    settle(page)


def strips(page) -> list[np.ndarray]:
    count = page.locator("#beta-vae-sliders .le-rows > .le-row").count()
    return [pixels(page, f"#beta-vae-sliders .le-rows > .le-row:nth-child({row + 1})") for row in range(count)]


def test_the_worlds_knobs_make_the_picture_of_their_factors(page):
    choose_model(page, "beta_vae/dsprites-staged25")
    for name, value in (("shape", 0), ("scale", 2), ("orientation", 10), ("posX", 5), ("posY", 30)):
        set_slider(page, f"#beta-vae-dsprites-{name} input", value)
    number = dsprites.FACTORS.to_indices(np.array([[0, 2, 10, 5, 30]]))
    np.testing.assert_array_equal(pixels(page, "#beta-vae-input"), 255 * dsprites.render(number)[0, 0])
    assert "square" in page.inner_text("#beta-vae-dsprites-shape")


def test_a_chosen_picture_moves_the_knobs_to_its_factors(page):
    choose_model(page, "beta_vae/dsprites-staged25")
    page.locator("#beta-vae-input button", has_text="Random").click()
    settle(page)
    names = dsprites.FACTORS.names
    factors = [int(page.input_value(f"#beta-vae-dsprites-{name} input")) for name in names]
    again = dsprites.render(dsprites.FACTORS.to_indices(np.array([factors])))[0, 0]
    np.testing.assert_array_equal(pixels(page, "#beta-vae-input"), 255 * again)


def test_dragging_one_row_leaves_its_own_pictures_and_redraws_the_others(page):
    before, picture = strips(page), pixels(page, "#beta-vae-output")
    set_slider(page, "#beta-vae-sliders .le-range", 2.5)
    after = strips(page)
    np.testing.assert_array_equal(after[0], before[0])
    assert all((a != b).any() for a, b in zip(after[1:], before[1:], strict=True))
    assert (pixels(page, "#beta-vae-output") != picture).any()


def test_beta_slides_under_rows_that_stay_while_their_kl_falls(page):
    choose_model(page, "beta_vae/dsprites-staged4")
    slider, names = "#beta-vae-weight-0 input", page.locator("#beta-vae-sliders .le-rows > .le-row .le-name")
    seen = []
    for place in range(int(page.get_attribute(slider, "max")) + 1):
        set_slider(page, slider, place)
        rows = [name.inner_text().split() for name in names.all()]
        seen.append(([row[0] for row in rows], [float(row[1]) for row in rows], strips(page)))
    rows, nats, pictures = zip(*seen, strict=True)
    assert all(one == rows[0] for one in rows)
    *falling, last = map(sum, nats)
    assert falling == sorted(falling, reverse=True)
    assert last > falling[-1]  # of the one whose β fell again, from the highest to 4
    assert all((one[0] != other[0]).any() for one, other in pairwise(pictures))
    assert page.locator("select:visible").first.input_value() == "beta_vae/dsprites-pressed4"


@pytest.mark.parametrize("data", ["dsprites", "shapes3d", "faces"])
def test_the_same_input_goes_through_every_model_of_its_world(page, data):
    choose_model(page, f"beta_vae/{data}-beta1")
    page.get_by_role("tab", name="Through every β", exact=True).click()
    settle(page)
    if data == "dsprites":  # rendered: the picture of another world that the tab opened with had a name
        assert not page.inner_text("#beta-vae-compare-input .le-hint")
    x = torch.tensor(colours(page, "#beta-vae-compare-input"))[None].float() / 255
    later = ("dsprites-warm", "dsprites-pressed4")  # they stand in one row with dsprites-staged4
    folders = [folder for folder in sorted(CHECKPOINTS.glob("*-*")) if not folder.name.startswith(later)]
    for folder in folders:
        assert page.locator(f"#beta-vae-{folder.name}-strips").is_visible() == folder.name.startswith(data)
    for folder in (folder for folder in folders if folder.name.startswith(data)):
        model = checkpoint.load_model(folder)
        expected = (model.decode(model.encode(x[:, : model.picture_shape[0]])) * 255).round().numpy()[0]
        assert np.abs(colours(page, f"#beta-vae-{folder.name}-output") - expected).max() <= 1
        fits(page, f"beta-vae-{folder.name}-strips")


def test_a_rendered_heart_is_not_called_after_the_first_sample(page):
    for name in ("dsprites-beta1", "faces-beta1", "dsprites-beta1"):  # the second time its samples are there at once
        choose_model(page, f"beta_vae/{name}")
    page.get_by_role("tab", name="Through every β", exact=True).click()
    settle(page)
    assert "heart" in page.text_content("#beta-vae-dsprites-shape")
    assert not page.inner_text("#beta-vae-compare-input .le-hint")


def test_a_world_in_colour_has_knobs_of_its_own(page):
    choose_model(page, "beta_vae/shapes3d-beta1")
    assert not page.locator("#beta-vae-dsprites-posX").is_visible()
    for name, value in zip(shapes3d.FACTORS.names, (9, 4, 0, 7, 3, 14), strict=True):
        set_slider(page, f"#beta-vae-shapes3d-{name.replace(' ', '-')} input", value)
    number = shapes3d.FACTORS.to_indices(np.array([[9, 4, 0, 7, 3, 14]]))
    np.testing.assert_array_equal(colours(page, "#beta-vae-input"), shapes3d.render(number)[0])
    for part in ("beta-vae-input", "beta-vae-sliders", "beta-vae-output", "beta-vae-shapes3d-orientation"):
        fits(page, part)


def test_a_face_is_drawn_from_its_knobs(page):
    choose_model(page, "beta_vae/faces-beta4")
    values = (4, 2, 0, 3, 20, 12, 24, 0)
    for name, value in zip(faces.FACTORS.names, values, strict=True):
        set_slider(page, f"#beta-vae-faces-{name.replace(' ', '-')} input", value)
    drawn = faces.render(faces.FACTORS.to_indices(np.array([values])))[0]
    np.testing.assert_allclose(colours(page, "#beta-vae-input"), drawn, atol=1)  # rounded otherwise on other threads
    assert "frown" in page.inner_text("#beta-vae-faces-mouth")
    for part in ("beta-vae-input", "beta-vae-sliders", "beta-vae-output", "beta-vae-faces-place"):
        fits(page, part)


def test_a_row_of_the_heat_map_chooses_whose_means_are_drawn(page):
    choose_model(page, "beta_vae/dsprites-staged25")
    page.get_by_role("tab", name="Which dimension knows what", exact=True).click()
    settle(page)
    before = pixels(page, "#beta-vae-dsprites-mean-posY")
    page.get_by_role("button", name="z6, y").click()
    settle(page)
    assert page.input_value("#beta-vae-dimension select") == "6"
    assert page.locator("#beta-vae-dsprites-information tr.le-chosen th").all_inner_texts() == ["z6"]
    assert (pixels(page, "#beta-vae-dsprites-mean-posY") != before).any()


def test_costs_are_those_of_the_chosen_models_world(page):
    page.get_by_role("tab", name="What it costs", exact=True).click()
    for data, other in (("dsprites", "faces"), ("faces", "dsprites")):
        choose_model(page, f"beta_vae/{data}-beta4")
        assert page.locator(f"#beta-vae-{data}-scores").is_visible()
        assert not page.locator(f"#beta-vae-{other}-scores").is_visible()


@pytest.mark.parametrize(
    ("button", "kind", "frames"), [("Grid (PNG)", "PNG", 1), ("Animation (GIF)", "GIF", 46), ("(WebP)", "WEBP", 46)]
)
def test_a_traversal_can_be_taken_away(page, button, kind, frames):
    with page.expect_download() as download:
        page.locator("#beta-vae-span button", has_text=button).click()
    with open(download.value.path(), "rb") as file:
        picture = Image.open(io.BytesIO(file.read()))
    assert (picture.format, getattr(picture, "n_frames", 1)) == (kind, frames)


def test_the_scene_fits_a_projector(page):
    for part in ("beta-vae-input", "beta-vae-sliders", "beta-vae-output", "beta-vae-faces-place"):
        fits(page, part)
