"""What a visitor does on the k-sparse tab, in a real browser."""

import numpy as np
import pytest
import torch

from explorer import checkpoint
from explorer.answers.k_sparse import STRIP
from explorer.data import sample_sheets
from tests.browser.hand import fits, numbers, pixels, settle, started
from tests.conftest import ROOT

CHECKPOINTS = ROOT / "checkpoints"
KS = (10, 25, 40, 70)


@pytest.fixture
def page(open_page):
    page = open_page()
    started(page)
    page.get_by_role("tab", name="k-Sparse", exact=True).click()
    page.wait_for_selector("#ks-x-hat canvas[data-painted]")
    settle(page)
    return page


def decoded(own: int, k: int, picture: int = 0) -> np.ndarray:
    """What the shipped weights make of a shipped digit with k units, (28, 28)."""
    model = checkpoint.load_model(CHECKPOINTS / "k_sparse" / f"mnist-k{own}")
    x = torch.tensor(sample_sheets.load("mnist").pictures[picture : picture + 1]) / 255
    return (model.decode(model.encode_with(x, k)) * 255).round().numpy()[0, 0]


def reconstruction(page, index: int) -> np.ndarray:
    return pixels(page, f"#ks-x-hat .le-tile:nth-child({index + 1})")


def test_one_k_at_test_reaches_all_models_and_its_button_gives_each_its_own(page):
    for index, own in enumerate(KS):
        assert np.abs(reconstruction(page, index) - decoded(own, own)).max() <= 1
        assert f"{own} active units" in page.inner_text("#ks-maps")
    page.locator("#ks-k input").fill("120")
    settle(page)
    assert page.inner_text("#ks-maps").count("120 active units") == len(KS)
    for index, own in enumerate(KS):
        assert np.abs(reconstruction(page, index) - decoded(own, 120)).max() <= 1
    page.locator("#ks-k button").click()
    settle(page)
    for index, own in enumerate(KS):
        assert np.abs(reconstruction(page, index) - decoded(own, own)).max() <= 1


def test_an_empty_drawing_is_answered_and_a_stroke_changes_every_model(page):
    page.locator("#ks-input button", has_text="Clear").click()
    settle(page)
    empty = [reconstruction(page, index) for index in range(len(KS))]
    box = page.locator("#ks-input .le-paper").bounding_box()
    page.mouse.move(box["x"] + 110, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 110, box["y"] + 180, steps=10)
    page.mouse.up()
    settle(page)
    for index, before in enumerate(empty):
        assert (reconstruction(page, index) != before).any()
    assert not page.locator(".le-notice").is_visible()


def test_a_reconstruction_is_built_up_atom_by_atom(page):
    page.get_by_role("tab", name="Atom by atom").click()
    settle(page)
    assert "5 of 25" in page.inner_text("#ks-n")
    page.locator("#ks-n button", has_text="+1").click()
    settle(page)
    assert "6 of 25" in page.inner_text("#ks-n")
    assert np.abs(pixels(page, "#ks-partial") - decoded(25, 6)).max() <= 1  # the six strongest are those of k = 6
    amounts = numbers(page, "#ks-strip .le-caption")
    assert amounts == sorted(amounts, reverse=True)
    assert numbers(page, "#ks-added") == [amounts[5]]
    page.locator("#ks-n input").fill("25")
    settle(page)
    np.testing.assert_array_equal(pixels(page, "#ks-partial"), reconstruction(page, 1))
    page.locator("#ks-atom-k input").fill("3")
    settle(page)
    assert "3 of 3" in page.inner_text("#ks-n")
    assert len(numbers(page, "#ks-strip .le-caption")) == 3
    assert np.abs(pixels(page, "#ks-partial") - decoded(25, 3)).max() <= 1


def test_a_click_on_an_atom_or_a_filter_opens_the_card_of_its_unit(page):
    page.get_by_role("tab", name="Atom by atom").click()
    settle(page)
    strip = page.locator("#ks-strip canvas")
    tile = strip.bounding_box()["width"] / STRIP
    strip.click(position={"x": 3.5 * tile, "y": 0.5 * tile})
    settle(page)
    model = checkpoint.load_model(CHECKPOINTS / "k_sparse" / "mnist-k25")
    x = torch.tensor(sample_sheets.load("mnist").pictures[:1]) / 255
    fourth = model.activations(x)[0].argsort(descending=True)[3]
    assert page.locator("#ks-atom-unit-numbers b").first.inner_text().strip() == str(fourth.item())
    page.get_by_role("tab", name="Filters").click()
    page.get_by_role("button", name="Next 100 filters").click()
    settle(page)
    atlas = pixels(page, "#ks-filters-3")
    page.locator("#ks-filters-3 canvas").click(position={"x": 28 * 4 + 14, "y": 28 * 2 + 14})
    settle(page)
    np.testing.assert_array_equal(pixels(page, "#ks-filter-unit-filter"), atlas[2 * 28 : 3 * 28, 4 * 28 : 5 * 28])
    assert page.locator("#ks-filter-unit-numbers b").first.inner_text().strip() == "124"
    assert page.locator("#ks-page select").input_value() == "k_sparse/mnist-k70"


def test_digits_of_one_class_share_more_units_than_those_of_two(page):
    page.get_by_role("tab", name="Published and ours").click()
    settle(page)
    shared = np.reshape(numbers(page, "#ks-overlap"), (10, 10))
    np.testing.assert_array_equal(shared, shared.T)
    assert (shared.diagonal() == shared.max(0)).all()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_scenes_fit_into_the_projectors_screen_without_scrolling(open_page, address, theme):
    page = open_page(f"{address}/?__theme={theme}")
    started(page)
    page.get_by_role("tab", name="k-Sparse", exact=True).click()
    page.wait_for_selector("#ks-x-hat canvas[data-painted]")
    for scene, names in {
        "All four k": ("ks-input", "ks-k", "ks-maps", "ks-strongest", "ks-x-hat"),
        "Atom by atom": ("ks-atom-input", "ks-partial", "ks-added", "ks-n", "ks-curve", "ks-strip"),
        "Filters": ("ks-filters-0", "ks-filters-3", "ks-page", "ks-filter-unit-top"),
        "Published and ours": ("ks-published", "ks-figures", "ks-overlap"),
    }.items():
        page.get_by_role("tab", name=scene).click()
        settle(page)
        for name in names:
            fits(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
