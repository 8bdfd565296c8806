"""What a visitor does on the map tab, in a real browser."""

import math
import re

import numpy as np
import pytest
import torch

from explorer import checkpoint
from explorer.data import atlas
from tests.browser.hand import fits, numbers, pixels, settle, started
from tests.conftest import ROOT

MODEL = "autoencoder/mnist-30d"


@pytest.fixture
def page(open_page):
    page = open_page()
    started(page)
    open_map(page)
    return page


def open_map(page) -> None:
    page.get_by_role("tab", name="Map", exact=True).click()
    page.wait_for_selector("#map-plane canvas[data-painted]")
    page.wait_for_selector("#map-x canvas[data-painted]")
    settle(page)


def open_scene(page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()
    settle(page)


def shown(page, name: str = "map-plane") -> int:
    """The number of the picture that the map speaks of."""
    return int(re.search(r"picture (\d+):", page.inner_text(f"#{name} .le-label"))[1])


def corner(page, name: str) -> tuple[float, float]:
    box = page.locator(f"#{name} .le-over").bounding_box()
    return box["x"], box["y"]


def find_point(page, name: str = "map-plane") -> tuple[float, float]:
    """Hover over the map until another picture than the chosen one is under the pointer; where that is."""
    left, top = corner(page, name)
    before = shown(page)
    for x in range(40, 560, 20):
        for y in (100, 160, 220, 280):
            page.mouse.move(left + x, top + y)
            if (
                page.evaluate("document.querySelector('#map-plane .le-label').textContent").find(f"picture {before}:")
                < 0
            ):
                settle(page)
                return left + x, top + y
        page.wait_for_timeout(30)
    raise AssertionError("There is no other point on the map.")


def draw_lasso(page, name: str, x: float, y: float, radius: float, corners: int = 24) -> None:
    page.locator("#map-plane button", has_text=f"Lasso {name}").click()
    left, top = corner(page, "map-plane")
    turns = [2 * math.pi * i / corners for i in range(corners)]
    path = [(left + x + radius * math.cos(turn), top + y + radius * math.sin(turn)) for turn in turns]
    page.mouse.move(*path[0])
    page.mouse.down()
    for place in path[1:]:
        page.mouse.move(*place)
    page.mouse.up()
    settle(page)


def decoded(change=lambda z: z) -> np.ndarray:
    """What the weights make of the first test picture's code, changed, (28, 28)."""
    model = checkpoint.load_model(ROOT / "checkpoints" / MODEL)
    x = torch.tensor(atlas.load("mnist")[:1]) / 255
    return (model.decode(change(model.encode(x))) * 255).round().numpy()[0, 0]


def test_hovering_shows_a_picture_leaving_restores_and_a_click_keeps_it(page):
    assert shown(page) == 0
    assert np.abs(pixels(page, "#map-x-hat") - decoded()).max() <= 1
    at = find_point(page)
    hovered = shown(page)
    np.testing.assert_array_equal(pixels(page, "#map-x"), atlas.load("mnist")[hovered, 0])
    page.mouse.move(5, 5)
    settle(page)
    assert shown(page) == 0
    page.mouse.click(*at)
    page.mouse.move(5, 5)
    settle(page)
    assert shown(page) == hovered
    page.locator("#map-near canvas").click(position={"x": 36, "y": 36})
    settle(page)
    assert shown(page) != hovered


def test_a_lasso_round_everything_has_the_mean_of_all_pictures(page):
    for _ in range(2):
        page.locator("#map-plane").get_by_label("Zoom out").click()
    draw_lasso(page, "A", 300, 210, 209)
    assert "10000 pictures" in page.inner_text("#map-means-a")
    mean = atlas.load("mnist").mean((0, 1))
    assert np.abs(pixels(page, "#map-means-a")[:, :28] - mean).max() <= 1


def test_the_slider_moves_a_picture_from_one_lasso_to_the_other(page):
    draw_lasso(page, "A", 110, 90, 70)
    draw_lasso(page, "B", 350, 170, 70)
    page.wait_for_selector("#map-steered canvas[data-painted]")
    page.mouse.move(5, 5)
    page.locator("#map-amount input").fill("0")
    settle(page)
    assert np.abs(pixels(page, "#map-steered") - decoded()).max() <= 1
    page.locator("#map-amount input").fill("1")
    settle(page)
    moved = pixels(page, "#map-steered")
    assert np.abs(moved - decoded()).max() > 50
    assert not page.locator(".le-notice").is_visible()


def test_a_lasso_is_in_the_link_and_can_be_undone(page, open_page):
    draw_lasso(page, "A", 110, 90, 70)
    settle(page)
    page.wait_for_timeout(400)  # until the address has followed
    shown = pixels(page, "#map-means-a")
    assert len(page.url) < 2000, "programs cut longer links"
    copy = open_page(page.url)
    copy.wait_for_selector("#map-means-a canvas[data-painted]:visible")
    settle(copy)
    np.testing.assert_array_equal(pixels(copy, "#map-means-a"), shown)
    page.keyboard.press("Control+z")
    page.wait_for_selector("#map-means-a .le-nothing:visible")
    settle(page)
    assert "lasso" not in page.url


def test_another_set_of_pictures_has_no_lasso_yet(page):
    draw_lasso(page, "A", 110, 90, 70)
    settle(page)
    page.locator("#map-how select").first.select_option("autoencoder/fashion-16d")
    page.wait_for_selector("#map-means-a .le-nothing:visible")


def test_the_names_of_values_are_lassos_too(page, open_page):
    page.locator("#map-how select").first.select_option("vae/faces-32d")
    page.locator("#map-how select").nth(2).select_option(label="glasses")
    settle(page)
    for name in ("none", "dark"):
        page.locator("#map-plane .le-legend button", has_text=name).click()
        settle(page)
    glasses = atlas.factors("faces")[:, 1]
    for side, value in (("a", 0), ("b", 2)):
        assert f"{(glasses == value).sum()} pictures" in page.inner_text(f"#map-means-{side}")
    steered = pixels(page, "#map-steered")
    assert np.abs(steered.astype(int) - pixels(page, "#map-x-hat")).max() > 30
    page.wait_for_timeout(400)  # until the address has followed
    assert len(page.url) < 400
    copy = open_page(page.url)
    copy.wait_for_selector("#map-steered canvas[data-painted]:visible")
    settle(copy)
    np.testing.assert_array_equal(pixels(copy, "#map-steered"), steered)
    np.testing.assert_array_equal(pixels(copy, "#map-plane"), pixels(page, "#map-plane"))


def test_the_ends_of_a_ramp_are_quarters_of_the_pictures(page):
    page.locator("#map-how select").first.select_option("vae/faces-32d")
    page.locator("#map-how select").nth(2).select_option(label="size")
    settle(page)
    page.locator("#map-plane .le-legend button").first.click()
    settle(page)
    size = atlas.factors("faces")[:, 6]
    smallest = size <= np.sort(size)[2500]
    assert f"{smallest.sum()} pictures" in page.inner_text("#map-means-a")


def test_a_lasso_round_nothing_says_so(page):
    draw_lasso(page, "A", 585, 405, 6)
    assert page.inner_text(".le-notice") == "No picture lies inside the lasso."


def test_dragging_and_the_wheel_move_the_map_and_all_shows_it_whole_again(page):
    before = pixels(page, "#map-plane")
    left, top = corner(page, "map-plane")
    page.mouse.move(left + 300, top + 200)
    page.mouse.down()
    page.mouse.move(left + 340, top + 230, steps=5)
    page.mouse.up()
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(500)
    assert (pixels(page, "#map-plane") != before).any()
    page.locator("#map-plane button", has_text="All").click()
    page.wait_for_timeout(500)
    np.testing.assert_array_equal(pixels(page, "#map-plane"), before)
    painted = page.locator("#map-plane .le-plane").get_attribute("data-painted")
    page.locator("#map-plane button", has_text="Pictures").click()
    page.wait_for_function(  # once the atlas is there
        "before => document.querySelector('#map-plane .le-plane').dataset.painted !== before", arg=painted
    )
    assert (pixels(page, "#map-plane") != before).any()


def test_the_keyboard_walks_over_points_and_chooses(page):
    page.locator("#map-plane .le-over").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    settle(page)
    chosen = shown(page)
    assert chosen != 0
    page.keyboard.press("a")
    settle(page)
    assert numbers(page, "#map-numbers")
    assert re.search(r"\d+ pictures", page.inner_text("#map-means-a"))


def test_two_models_are_hovered_and_selected_together(page):
    open_scene(page, "Two side by side")
    page.locator("#map-other select").select_option("vae/mnist-50d")
    settle(page)
    page.wait_for_selector("#map-two-beside-x-hat canvas[data-painted]")
    left, top = corner(page, "map-b")
    before = pixels(page, "#map-two-x")
    for x in range(60, 460, 20):
        page.mouse.move(left + x, top + 200)
        settle(page)
        if (pixels(page, "#map-two-x") != before).any():
            break
    model = checkpoint.load_model(ROOT / "checkpoints" / "vae" / "mnist-50d")
    x = torch.tensor(pixels(page, "#map-two-x")[None, None]).float() / 255
    expected = (model.decode(model.encode(x)) * 255).round().numpy()[0, 0]
    assert np.abs(pixels(page, "#map-two-beside-x-hat") - expected).max() <= 1


def test_a_picture_of_ones_own_is_placed(page):
    open_scene(page, "Your own picture")
    page.wait_for_selector("#map-own-x-hat canvas[data-painted]")
    before = pixels(page, "#map-own-near")
    page.locator("#map-own-28 button", has_text="Clear").click()
    box = page.locator("#map-own-28 .le-paper").bounding_box()
    page.mouse.move(box["x"] + 110, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 110, box["y"] + 190, steps=10)
    page.mouse.up()
    settle(page)
    assert (pixels(page, "#map-own-near") != before).any()


def test_another_set_brings_its_own_colours_and_companions(page):
    page.locator("#map-how select").first.select_option("beta_vae/dsprites-beta4")
    settle(page)
    options = page.locator("#map-how select").nth(2).locator("option").all_inner_texts()
    assert {"class", "error", "orientation", "z9"} <= set(options)
    page.locator("#map-how select").nth(2).select_option("factor 3")
    settle(page)
    assert pixels(page, "#map-x").shape == (64, 64)
    assert page.locator("#map-plane .le-ramp").is_visible()
    open_scene(page, "Two side by side")
    assert all("dsprites" in name for name in page.locator("#map-other option").all_inner_texts())


def test_a_chosen_picture_is_opened_in_the_tab_of_its_model(page):
    page.locator("#map-near canvas").click(position={"x": 36, "y": 36})
    settle(page)
    picture = pixels(page, "#map-x")
    page.get_by_role("button", name="Open in its own tab").click()
    page.wait_for_selector("#ae-sliders .le-range")
    settle(page)
    np.testing.assert_array_equal(pixels(page, "#ae-input"), picture)
    assert page.locator("select:visible").first.input_value() == MODEL


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_scenes_fit_into_the_projectors_screen_without_scrolling(open_page, address, theme):
    page = open_page(f"{address}/?__theme={theme}")
    started(page)
    open_map(page)
    for scene, names in {
        "One space": (
            "map-how",
            "map-plane",
            "map-x",
            "map-x-hat",
            "map-near",
            "map-means-a",
            "map-steered",
            "map-amount",
        ),
        "Two side by side": ("map-a", "map-b", "map-other", "map-two-x", "map-two-beside-x-hat"),
        "Another UMAP": ("map-another", "map-job", "map-seed"),
        "Your own picture": ("map-own-28", "map-own-plane", "map-own-near"),
    }.items():
        open_scene(page, scene)
        for name in names:
            fits(page, name)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.le-widget *')]
            .filter(node => node.checkVisibility() && [...node.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
            .map(node => parseFloat(getComputedStyle(node).fontSize))"""
    )
    assert min(sizes) >= 18


def test_a_umap_of_ones_own_is_started_and_stopped(page):
    open_scene(page, "Another UMAP")
    page.get_by_role("button", name="Make this UMAP").click()
    page.wait_for_function("() => /starting|%|waiting/.test(document.querySelector('.le-job .le-status').textContent)")
    page.locator("#map-job button", has_text="Stop").click()
    assert page.get_by_role("button", name="Make this UMAP").is_visible()
    assert not page.locator(".le-notice").is_visible()
