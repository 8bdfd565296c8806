"""What a visitor does on the contractive tab, in a real browser, with the shipped models."""

import numpy as np
import pytest

from explorer.answers.contractive import DENOISING, compared
from tests.browser.hand import fits, numbers, pixels, settle

PLAIN, WEIGHTED = "contractive/mnist-lambda0", "contractive/mnist-lambda03"


@pytest.fixture
def models(shipped) -> list[str]:
    """The models in their order on screen."""
    return compared(shipped, "mnist")


@pytest.fixture
def page(open_page):
    page = open_page()
    open_scene(page)
    return page


def open_scene(page, scene: str = "Sensitivity", widget: str = "cae-maps") -> None:
    page.get_by_role("tab", name="Contractive", exact=True).click()
    page.get_by_role("tab", name=scene, exact=True).click()
    page.wait_for_selector(f"#{widget} canvas[data-painted], #{widget} b")
    page.wait_for_timeout(250)  # spectra wait for the hand to rest
    settle(page)


def slide(page, widget: str, index: int, value: float) -> None:
    page.locator(f"#{widget} input[type=range]").nth(index).fill(str(value))
    page.wait_for_timeout(150)
    settle(page)


def bars(page, widget: str) -> list[float]:
    """The number of each bar."""
    return [float(text) for text in page.locator(f"#{widget} .le-value b").all_inner_texts()]


def test_the_code_of_a_contractive_model_is_less_sensitive_than_that_of_a_plain_one(page, models):
    shown = page.locator("#cae-maps .le-tile .le-number:nth-of-type(1)").all_inner_texts()
    jacobian = dict(zip(models, (float(text.split()[-1]) for text in shown), strict=True))
    assert jacobian[WEIGHTED] < jacobian[DENOISING] < jacobian[PLAIN]
    brightness = [pixels(page, f"#cae-maps .le-tile:nth-of-type({i + 1})").mean() for i in range(len(models))]
    assert brightness[models.index(WEIGHTED)] < brightness[models.index(PLAIN)]


def test_another_scale_brightens_the_maps_and_leaves_the_figures(page, models):
    tile = f"#cae-maps .le-tile:nth-of-type({models.index(WEIGHTED) + 1})"
    before, figures = pixels(page, tile), numbers(page, "#cae-maps")
    page.locator("#cae-scale select").select_option("own")
    settle(page)
    assert pixels(page, tile).mean() > before.mean()
    assert numbers(page, "#cae-maps") == figures


def test_a_push_goes_as_far_as_the_slider_says_and_the_last_direction_hardly_moves_the_code(page):
    open_scene(page, "Push it", "cae-pushed")
    slide(page, "cae-push-controls", 1, 5)
    distance, travelled, ratio, first = numbers(page, "#cae-push-numbers")
    assert distance == 5
    assert ratio == pytest.approx(travelled / 5, abs=0.01)
    pushed = pixels(page, "#cae-pushed")
    page.get_by_role("button", name="most contracted").click()
    page.wait_for_timeout(150)
    settle(page)
    distance, least, _, last = numbers(page, "#cae-push-numbers")
    assert distance == 5
    assert least < travelled
    assert last < 0.05 * first
    assert (pixels(page, "#cae-pushed") != pushed).any()


def test_without_a_push_the_picture_is_the_input_and_no_code_moves(page, models):
    open_scene(page, "Push it", "cae-pushed")
    slide(page, "cae-push-controls", 1, 0)
    np.testing.assert_array_equal(pixels(page, "#cae-pushed"), pixels(page, "#cae-push-input"))
    assert bars(page, "cae-push-bars") == [0] * len(models)


def test_another_model_has_another_direction(page, models):
    open_scene(page, "Push it", "cae-pushed")
    before = pixels(page, "#cae-direction-picture")
    page.locator("#cae-push-controls select").select_option(models[-1])
    page.wait_for_timeout(150)
    settle(page)
    assert (pixels(page, "#cae-direction-picture") != before).any()


def test_a_shift_moves_the_picture_and_every_code(page, models):
    open_scene(page, "Move it", "cae-moved")
    page.get_by_role("button", name="Back", exact=True).click()
    settle(page)
    still = pixels(page, "#cae-moved")
    np.testing.assert_array_equal(still, pixels(page, "#cae-move-input"))
    slide(page, "cae-moves", 0, 3)
    np.testing.assert_array_equal(pixels(page, "#cae-moved")[:, 3:], still[:, :-3])
    ways = bars(page, "cae-move-bars")
    assert len(ways) == len(models)
    assert min(ways) > 0.2


def test_an_empty_picture_has_maps_pushes_and_movements(page):
    page.locator("#cae-input button", has_text="Clear").click()
    page.wait_for_timeout(250)
    settle(page)
    assert pixels(page, "#cae-maps .le-tile:nth-of-type(1)").max() > 0
    open_scene(page, "Push it", "cae-pushed")
    assert pixels(page, "#cae-pushed").max() > 0
    open_scene(page, "Move it", "cae-moved")
    page.get_by_role("button", name="Back", exact=True).click()
    settle(page)
    assert pixels(page, "#cae-moved").max() == 0
    assert not page.locator(".le-notice").is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_three_scenes_fit_into_the_projectors_screen(open_page, address, theme):
    page = open_page(f"{address}/?__theme={theme}")
    for scene, names in {
        "Sensitivity": ("cae-maps", "cae-input", "cae-reconstructions", "cae-scale", "cae-spectra"),
        "Push it": ("cae-pushed", "cae-push-controls", "cae-code", "cae-pushed-x-hat", "cae-push-bars"),
        "Move it": ("cae-moved", "cae-moves", "cae-move-bars", "cae-courses"),
    }.items():
        open_scene(page, scene, names[0])
        for name in names:
            fits(page, name)
