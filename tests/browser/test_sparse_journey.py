"""What a visitor does on the sparse tab, in a real browser."""

import numpy as np
import pytest

from explorer.data import sample_sheets
from explorer.tabs import sparse_scenes
from tests.browser.hand import choose_model, fits, numbers, pixels, settle


@pytest.fixture
def page(open_page):
    return open_sparse(open_page())


def open_sparse(page):
    page.get_by_role("tab", name="Sparse", exact=True).click()
    page.wait_for_selector("#sparse-pictures [data-painted]")
    settle(page)
    return page


def pictures(page) -> list[np.ndarray]:
    """The reconstruction, the one with a changed unit, and their difference, each (28, 28)."""
    return [pixels(page, f"#sparse-pictures .le-tile:nth-child({n})") for n in (1, 2, 3)]


def whole(page, selector: str) -> list[int]:
    """The whole numbers printed at the ends of a readout's lines."""
    values = page.locator(f"{selector} b").all_inner_texts()
    return [int(value) for value in values if value.strip().isdigit()]


def click_cell(page, unit: int) -> None:
    """Choose a unit on the picture of the activations."""
    box = page.locator("#sparse-activations canvas").bounding_box()
    side = box["width"] / sparse_scenes.COLUMNS
    row, column = divmod(unit, sparse_scenes.COLUMNS)
    page.mouse.click(box["x"] + (column + 0.5) * side, box["y"] + (row + 0.5) * side)
    settle(page)


def test_removing_and_boosting_a_unit_changes_one_of_two_reconstructions(page):
    as_it_is, removed, difference = pictures(page)
    assert (removed != as_it_is).any()
    drag(page, "#sparse-factor input", 5)
    still, boosted, larger = pictures(page)
    np.testing.assert_array_equal(still, as_it_is)
    assert np.abs(larger - 128.0).sum() > 2 * np.abs(difference - 128.0).sum()
    page.get_by_role("button", name="as it is").click()
    settle(page)
    same, unchanged, nothing = pictures(page)
    np.testing.assert_array_equal(unchanged, same)
    assert np.ptp(nothing) == 0
    assert (boosted != same).any()


def drag(page, selector: str, steps: int) -> None:
    """Pull a slider from its left end to its right."""
    box = page.locator(selector).bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 4, middle)
    page.mouse.down()
    for step in range(1, steps + 1):
        page.mouse.move(box["x"] + box["width"] * step / steps, middle)
    page.mouse.up()
    settle(page)


def test_a_click_on_a_cell_or_a_filter_chooses_the_unit_of_the_card(page):
    click_cell(page, 187)
    assert whole(page, "#sparse-one-unit-numbers")[0] == 187
    filter_before = pixels(page, "#sparse-one-unit-filter")
    box = page.locator("#sparse-strongest canvas").bounding_box()
    page.mouse.click(box["x"] + 20, box["y"] + 20)
    settle(page)
    assert (pixels(page, "#sparse-one-unit-filter") != filter_before).any()
    strongest = numbers(page, "#sparse-strongest .le-caption")
    assert strongest == sorted(strongest, reverse=True)
    assert numbers(page, "#sparse-unit-numbers")[0] == pytest.approx(strongest[0], abs=0.006)


def test_a_unit_chosen_on_one_picture_stays_chosen_over_the_whole_layer(page):
    click_cell(page, 42)
    page.get_by_role("tab", name="The whole layer").click()
    page.wait_for_selector("#sparse-layer-unit-filter [data-painted]")
    settle(page)
    assert whole(page, "#sparse-layer-unit-numbers")[0] == 42
    page.locator("button", has_text="Next 100").click()
    settle(page)
    box = page.locator("#sparse-filters canvas").bounding_box()
    page.mouse.click(box["x"] + 28 * 3.5, box["y"] + 28 * 2.5)
    settle(page)
    assert whole(page, "#sparse-layer-unit-numbers")[0] == 123


def test_a_picture_of_the_card_becomes_the_input(page):
    first = sample_sheets.load("mnist").pictures[sparse_scenes.FIRST_PICTURE, 0]
    np.testing.assert_array_equal(pixels(page, "#sparse-input"), first)
    tenth = pixels(page, "#sparse-one-unit-top")[:, 9 * 28 :]
    box = page.locator("#sparse-one-unit-top canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 10, box["y"] + 20)
    settle(page)
    np.testing.assert_array_equal(pixels(page, "#sparse-input"), tenth)


def test_the_penalty_follows_rho_and_is_less_at_the_models_own(page):
    page.get_by_role("tab", name="The whole layer").click()
    page.wait_for_selector("#sparse-kl canvas[data-painted]")
    settle(page)
    own, before = numbers(page, "#sparse-sum")[0], pixels(page, "#sparse-kl")
    drag(page, "#sparse-rho input", 8)
    assert numbers(page, "#sparse-sum")[0] > 10 * own
    assert (pixels(page, "#sparse-kl") != before).any()
    assert page.locator("#sparse-rho output").inner_text() == "0.5"


def test_the_choice_of_a_model_is_the_choice_of_rho(page):
    active = whole(page, "#sparse-numbers")[0]
    choose_model(page, "sparse/mnist-rho01")
    assert whole(page, "#sparse-numbers")[0] < active / 3
    page.get_by_role("tab", name="The whole layer").click()
    page.wait_for_selector("#sparse-means canvas[data-painted]")
    settle(page)
    assert page.locator("#sparse-rho output").inner_text() == "0.01"


def test_an_empty_drawing_is_answered(page):
    page.locator("#sparse-input button", has_text="Clear").click()
    settle(page)
    assert pixels(page, "#sparse-input").max() == 0
    assert len(numbers(page, "#sparse-strongest .le-caption")) == sparse_scenes.STRONGEST
    assert not page.locator(".le-notice").is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_scenes_fit_into_the_projectors_screen(open_page, address, theme):
    page = open_sparse(open_page(f"{address}/?__theme={theme}"))
    for name in ("input", "activations", "strongest", "pictures", "factor", "numbers", "one-unit-filter"):
        fits(page, f"sparse-{name}")
    page.get_by_role("tab", name="The whole layer").click()
    settle(page)
    for name in ("means", "counts", "kl", "rho", "sum", "filters", "page", "layer-unit-filter"):
        fits(page, f"sparse-{name}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
