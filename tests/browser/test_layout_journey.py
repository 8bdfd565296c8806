"""From a phone's width to a large screen's, at any zoom, every tab can be reached and nothing is printed over."""

from pathlib import Path

import pytest

from explorer.tabs import TABS
from tests.browser.hand import settle

SIZES = [(390, 844), (640, 360), (853, 480), (1024, 600), (3840, 2160)]  # two are 1280 × 720 at 200 and 150 %
OVERLAPS = (Path(__file__).parent / "overlaps.js").read_text()
PARTS = """stem => [...document.querySelectorAll(`#tab-${stem} [role="tablist"]`)]
    .filter(list => !list.closest('.le-folds')).slice(0, 1)
    .flatMap(list => [...list.querySelectorAll('[role="tab"]')])"""


@pytest.fixture
def page(open_page):
    return open_page()


def parts(page, stem: str) -> int:
    """How many tabs there are within a tab."""
    return page.evaluate(f"stem => ({PARTS})(stem).length", stem)


def test_every_tab_can_be_reached_and_nothing_is_printed_over(page):
    for stem in TABS:
        page.set_viewport_size({"width": 1280, "height": 720})
        page.locator(f'#tabs > .tab-wrapper [data-tab-id="{stem}"]').click()
        page.wait_for_selector(f"#tab-{stem} canvas[data-painted]:visible")
        for part in range(max(1, parts(page, stem))):
            page.evaluate(f"([stem, part]) => ({PARTS})(stem)[part]?.click()", [stem, part])
            settle(page)
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                page.wait_for_timeout(100)
                assert page.evaluate(OVERLAPS) == [], (stem, part, width)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_tab_is_on_the_screen(page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_selector("#tabs [role='tab']")
    for tab in page.locator("#tabs > .tab-wrapper [role='tab']").all():
        box = tab.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
