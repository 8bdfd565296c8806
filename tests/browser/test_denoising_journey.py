"""What a visitor does on the denoising tab, in a real browser."""

import numpy as np
import pytest

from tests.browser.hand import fits, numbers, pixels, settle


@pytest.fixture
def page(open_page):
    return open_denoising(open_page())


def open_denoising(page, scene: str = "Denoise"):
    page.get_by_role("tab", name="Denoising", exact=True).click()
    page.wait_for_selector("#denoise-output [data-painted]")
    if scene != "Denoise":
        page.get_by_role("tab", name=scene).click()
    settle(page)
    return page


def outputs(page) -> np.ndarray:
    """What the models of digits make of the picture, (6, 28, 28)."""
    return np.stack([pixels(page, f"#denoise-output .le-tile:nth-child({n})") for n in range(1, 7)])


def stroke(page, selector: str) -> None:
    """Draw once across the middle of a canvas."""
    box = page.locator(f"{selector} canvas").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 20, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 20, middle, steps=12)
    page.mouse.up()
    settle(page)


def drag_slider(page, label: str, share: float) -> None:
    box = page.locator(f"#tab-denoising label:has-text('{label}'):visible input").bounding_box()
    page.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
    settle(page)


def test_a_brush_stroke_spoils_the_picture_for_every_model_and_can_be_undone(page):
    spoilt, before = pixels(page, "#denoise-brush"), outputs(page)
    page.locator("#denoise-brush button", has_text="Scribble").click()
    stroke(page, "#denoise-brush")
    assert pixels(page, "#denoise-brush")[14, 3:25].min() > 200
    assert (outputs(page) != before).any(axis=(1, 2)).all()
    assert (pixels(page, "#denoise-input") != pixels(page, "#denoise-brush")).any()
    page.locator("#denoise-brush button", has_text="Undo all").click()
    settle(page)
    np.testing.assert_array_equal(pixels(page, "#denoise-brush"), spoilt)
    np.testing.assert_array_equal(outputs(page), before)


def test_erasing_blackens_what_it_passes_over(page):
    drag_slider(page, "noise level", 0.0)
    stroke(page, "#denoise-brush")  # erases, as the tool chosen first
    assert pixels(page, "#denoise-brush")[14, 3:25].max() == 0


def test_without_noise_the_spoilt_picture_is_the_clean_one(page):
    drag_slider(page, "noise level", 0.0)
    np.testing.assert_array_equal(pixels(page, "#denoise-brush"), pixels(page, "#denoise-input"))


def test_a_seed_draws_other_noise(page):
    before = pixels(page, "#denoise-brush")
    page.get_by_role("button", name="Draw again (1)").click()
    settle(page)
    assert (pixels(page, "#denoise-brush") != before).any()


def test_more_passes_go_towards_a_fixed_point(page):
    first = numbers(page, "#denoise-output .le-tile:nth-child(3) .le-number:last-child")[0]
    drag_slider(page, "iterations", 0.95)
    last = numbers(page, "#denoise-output .le-tile:nth-child(3) .le-number:last-child")[0]
    assert last < 0.5 * first


def test_garments_have_a_model_of_their_own(page):
    page.locator("#denoise-noise select").first.select_option("fashion")
    page.wait_for_function("() => document.querySelectorAll('#denoise-output .le-tile').length === 1")
    settle(page)
    page.wait_for_selector("#denoise-output .le-tile canvas[data-painted]")
    assert pixels(page, "#denoise-output .le-tile").std() > 10


def test_a_cell_of_the_matrix_opens_its_pair(page):
    open_denoising(page, "Training noise × test noise")
    page.get_by_role("button", name="masking 50 %, salt and pepper 25 %").first.click()
    settle(page)
    page.get_by_role("tab", name="Denoise", exact=True).click()
    settle(page)
    assert page.locator("#denoise-noise select").nth(1).input_value() == "salt_and_pepper"
    assert page.locator("#denoise-output .le-chosen b").inner_text() == "masking 50 %"
    assert (pixels(page, "#denoise-brush") == 255).sum() > 40


def test_a_filter_opens_the_card_of_its_unit(page):
    open_denoising(page, "Filters")
    before = pixels(page, "#denoise-unit-filter")
    box = page.locator("#denoise-filters-2 canvas").bounding_box()
    page.mouse.click(box["x"] + 0.35 * box["width"], box["y"] + 0.25 * box["height"])  # row 2, column 3
    settle(page)
    assert page.locator("#denoise-unit-numbers b").first.inner_text().strip() == "23"
    framed = page.locator("[id^=denoise-filters-]:has(.le-chosen-tile:not([hidden]))")
    assert [one.get_attribute("id") for one in framed.all()] == ["denoise-filters-2"]
    assert (pixels(page, "#denoise-unit-filter") != before).any()
    activations = numbers(page, "#denoise-unit-top .le-caption")
    assert activations == sorted(activations, reverse=True)
    assert len(activations) == 10


def test_the_stack_is_shown_layer_by_layer(page):
    open_denoising(page, "The stack")
    before = [pixels(page, f"#stack-code-{depth}") for depth in (1, 2, 3)]
    assert [code.shape for code in before] == [(25, 40), (25, 40), (13, 40)]
    stroke(page, "#stack-brush")
    assert all((pixels(page, f"#stack-code-{depth}") != before[depth - 1]).any() for depth in (1, 2, 3))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_scenes_fit_into_the_projectors_screen(open_page, address, theme):
    page = open_denoising(open_page(f"{address}/?__theme={theme}"))
    for name in ("denoise-noise", "denoise-input", "denoise-brush", "denoise-output"):
        fits(page, name)
    for scene, names in {
        "Training noise × test noise": ("denoise-psnr", "denoise-ssim", "denoise-pair"),
        "Filters": ("denoise-filters-0", "denoise-filters-4", "denoise-unit-filter", "denoise-unit-top"),
        "The stack": ("stack-brush", "stack-code-1", "stack-code-3", "stack-depths"),
    }.items():
        page.get_by_role("tab", name=scene).click()
        settle(page)
        for name in names:
            fits(page, name)


def test_strokes_are_kept_when_another_scene_with_the_same_picture_is_opened(page):
    page.locator("#denoise-brush button", has_text="Scribble").click()
    stroke(page, "#denoise-brush")
    drawn = pixels(page, "#denoise-brush")
    page.get_by_role("tab", name="The stack").click()
    page.wait_for_selector("#stack-brush canvas[data-painted]")
    settle(page)
    np.testing.assert_array_equal(pixels(page, "#stack-brush"), drawn)
