"""The page on a phone: columns below each other, nothing wider than the screen, fingers in place of a pointer."""

import re

import pytest

from explorer.tabs import TABS
from tests.browser.hand import settle

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


@pytest.fixture
def phone(open_page, address):
    def phone(query: str):
        page = open_page(f"{address}/?v=1&{query}", **PHONE)
        page.wait_for_selector("canvas[data-painted]:visible")
        settle(page)
        return page

    return phone


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_is_as_wide_as_the_phone_and_its_question_can_be_read(phone, tab):
    page = phone(f"tab={tab}")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator(".le-question:visible").first.bounding_box()["width"] > 300
    for canvas in page.locator(f"#tab-{tab} .le-frame:visible").all():
        box = canvas.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_the_pages_own_buttons_lie_under_the_thumb(phone):
    box = phone("tab=autoencoder").locator(".le-corner").bounding_box()
    assert box["y"] + box["height"] == pytest.approx(836, abs=1)
    assert box["x"] + box["width"] == pytest.approx(382, abs=1)


def test_a_tap_on_the_small_map_chooses_the_picture_under_it(phone):
    page = phone("tab=map")
    label = page.locator("#map-plane .le-label")
    over = page.locator("#map-plane .le-over")
    over.scroll_into_view_if_needed()
    box = over.bounding_box()
    assert box["width"] / box["height"] == pytest.approx(600 / 420, rel=0.02)
    over.tap(position={"x": 0.25 * box["width"], "y": 0.1 * box["height"]})  # amid the fours
    settle(page)
    number = int(re.search(r"picture (\d+): 4", label.inner_text())[1])
    assert number > 0
