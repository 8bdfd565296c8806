"""From a phone to a large screen every tab can be reached and read, nothing is printed over, nothing jumps."""

from pathlib import Path

import pytest

from explorer.tabs import TABS
from tests.browser.hand import settle

SIZES = [(390, 844), (640, 360), (853, 480), (1024, 600), (3840, 2160)]  # two are 1280 × 720 at 200 and 150 %
OVERLAPS, CONTRAST = ((Path(__file__).parent / name).read_text() for name in ("overlaps.js", "contrast.js"))
PROJECTOR = 720  # pixels, within which a scene has to end
CLS = 0.05  # of layout shifts, at most; web.dev calls .1 good
SHIFTS = """() => new Promise(done => {
    new PerformanceObserver(list => done(list.getEntries().reduce((sum, {value}) => sum + value, 0)))
        .observe({type: 'layout-shift', buffered: true});
    setTimeout(done, 300, 0);
})"""
ENDS = """stem => [...document.querySelectorAll(`#tab-${stem} :is(.le-widget, .js-plotly-plot)`)]
    .filter(node => node.checkVisibility() && !node.closest('.le-folds, .gr-accordion'))
    .map(node => node.getBoundingClientRect()).filter(box => box.height)
    .reduce(([top, end], box) => [Math.min(top, box.top), Math.max(end, box.bottom)], [9999, 0])"""
PARTS = """stem => [...document.querySelectorAll(`#tab-${stem} [role="tablist"]`)]
    .filter(list => !list.closest('.le-folds')).slice(0, 1)
    .flatMap(list => [...list.querySelectorAll('[role="tab"]')])"""


@pytest.fixture
def page(open_page):
    return open_page()


def scenes(page):
    """Opens every scene of every tab; gives its tab and its number."""
    for stem in TABS:
        page.locator(f'#tabs > .tab-wrapper [data-tab-id="{stem}"]').click()
        page.wait_for_selector(f"#tab-{stem} canvas[data-painted]:visible")
        for part in range(max(1, parts(page, stem))):
            page.evaluate(f"([stem, part]) => ({PARTS})(stem)[part]?.click()", [stem, part])
            settle(page)
            yield stem, part


def parts(page, stem: str) -> int:
    """How many tabs there are within a tab."""
    return page.evaluate(f"stem => ({PARTS})(stem).length", stem)


def test_every_tab_can_be_reached_and_nothing_is_printed_over(page):
    for stem, part in scenes(page):
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(100)
            assert page.evaluate(OVERLAPS) == [], (stem, part, width)
        page.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_tab_is_on_the_screen(page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_selector("#tabs [role='tab']")
    for tab in page.locator("#tabs > .tab-wrapper [role='tab']").all():
        box = tab.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_text_has_the_contrast_of_wcag_aa(open_page, address, theme):
    page = open_page(f"{address}/?__theme={theme}")
    found = {scene: text for scene in scenes(page) if (text := page.evaluate(CONTRAST))}
    assert found == {}


def test_each_scene_ends_on_a_projector(page):
    ends = {scene: page.evaluate(ENDS, scene[0])[1] for scene in scenes(page)}
    assert {scene: end for scene, end in ends.items() if end > PROJECTOR} == {}


def test_nothing_moves_once_it_is_seen(page, address):
    moved = {}
    for query in ["", *(f"?v=1&tab={stem}" for stem in TABS)]:
        page.goto(f"{address}/{query}")
        page.wait_for_selector("canvas[data-painted]:visible")
        settle(page)
        page.wait_for_timeout(200)
        moved[query] = page.evaluate(SHIFTS)
    assert {query: shift for query, shift in moved.items() if shift >= CLS} == {}


def test_arrow_keys_walk_over_the_tabs(page):
    page.locator('#tabs > .tab-wrapper [data-tab-id="start"]').focus()
    page.wait_for_selector(".le-skip", state="attached")
    page.keyboard.press("ArrowLeft")
    assert page.locator("#tabs > .tab-wrapper [aria-selected='true']").get_attribute("data-tab-id") == list(TABS)[-1]
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.dataset.tabId") == "start"
