"""A talk of all stops that nothing can spoil: stray hands, other focus, a reload, a server that dies."""

import pytest

from tests.browser.conftest import start_app, stop_app
from tests.browser.hand import settle
from tests.browser.talk import STOPS, begin, prepared, prints, step, stop_of
from tests.conftest import ROOT

RELOADED, KILLED = 4, 8  # stops at which that happens


@pytest.fixture
def own_server():
    server, address = start_app(ROOT / "checkpoints")
    yield server, address
    if server.poll() is None:
        stop_app(server)


def of_links(open_page, address, screen) -> list[list[list[str]]]:
    """What each stop's link shows in a page of its own that was opened with it."""
    page = open_page(address, viewport=screen)
    seen = []
    for number, stop in enumerate(STOPS, 1):
        page.goto(f"{address}/?{stop['link']}")
        page.wait_for_selector(f"#{stop['ring']} canvas[data-painted]:visible, #{stop['ring']} .le-value:visible")
        settle(page)
        seen.append(prints(page, number))
    return seen


def meddle(page, number: int) -> None:
    """Click, drag and hover where a nervous hand does."""
    box = page.locator(".le-lifted").nth(number % page.locator(".le-lifted").count()).bounding_box()
    x, y = box["x"] + 0.6 * box["width"], box["y"] + 0.6 * box["height"]
    page.mouse.click(x, y)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 25, steps=3)
    page.mouse.up()


@pytest.mark.parametrize(
    "screen", [{"width": 1280, "height": 720}, {"width": 1920, "height": 1080}], ids=["1280", "1920"]
)
def test_every_stop_shows_the_pixels_of_its_link_whatever_happens(open_page, own_server, screen):
    server, address = own_server
    wanted = of_links(open_page, address, screen)
    page = open_page(address, viewport=screen)
    begin(page)
    for number in range(1, len(STOPS) + 1):
        if number > 1:
            assert step(page) == number
        is_alive = number <= KILLED
        assert prints(page, number, is_alive) == wanted[number - 1], number
        meddle(page, number)
        page.keyboard.press("r")
        assert prints(page, number, is_alive) == wanted[number - 1], f"{number} restored"
        if number == RELOADED:
            page.reload()
            prepared(page)
            assert stop_of(page) == number
        if number == KILLED:
            stop_app(server)
        meddle(page, number)
    for number in (len(STOPS) - 1, len(STOPS) - 2):
        assert step(page, "PageUp") == number
        assert prints(page, number, is_alive=False) == wanted[number - 1], f"{number} again"


@pytest.fixture
def talk(open_page):
    page = open_page()
    begin(page)
    return page


def test_the_keys_do_the_same_from_a_slider_a_menu_and_a_box_of_numbers(talk):
    page = talk
    page.keyboard.press("c")
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.le-counter').textContent.startsWith('3 ')")
    for control in ("#ae-sliders .le-range", "#tab-autoencoder select:visible", "#ae-sliders input[type=number]"):
        node = page.locator(control).first
        node.focus()
        before = node.input_value()
        assert step(page) == 4
        assert step(page, "PageUp") == 3
        assert node.input_value() == before, control
    page.keyboard.press("b")
    assert page.evaluate("() => document.documentElement.classList.contains('le-black')")
    page.keyboard.press("b")
    page.keyboard.press("Escape")
    page.wait_for_selector(".le-bar", state="detached")
    assert page.locator(".le-lifted").count() == 0


def test_text_is_large_enough_for_the_last_row_and_nothing_leaves_the_screen(talk):
    page = talk
    for number in range(1, len(STOPS) + 1):
        if number > 1:
            step(page)
        settle(page)
        small = page.evaluate(TEXTS)
        assert small == [], number


# Texts in the shown parts that are smaller than 24 pixels on screen, or outside it.
TEXTS = """() => [...document.querySelectorAll('.le-lifted, .le-bar')].flatMap(part => {
    const scale = part.getBoundingClientRect().width / part.offsetWidth;
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        const node = walker.currentNode, parent = node.parentElement;
        if (!node.data.trim() || !parent.checkVisibility({visibilityProperty: true})) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const box = range.getBoundingClientRect();
        const size = scale * parseFloat(getComputedStyle(parent).fontSize);
        const isOut = box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1;
        if (box.width && (size < 23.99 || isOut)) found.push(`${part.id}: ${node.data} ${size.toFixed(1)} ${isOut}`);
    }
    return found;
})"""


def test_the_speaker_s_window_tells_what_comes_and_drives_the_talk(talk):
    page = talk
    with page.expect_popup() as opened:
        page.keyboard.press("n")
    notes = opened.value
    notes.wait_for_selector("h1")
    assert notes.inner_text("h1") == STOPS[0]["sentence"]
    assert STOPS[0]["note"] in notes.inner_text("main")
    assert STOPS[1]["sentence"] in notes.inner_text(".next")
    notes.keyboard.press("PageDown")
    page.wait_for_function("() => document.querySelector('.le-counter').textContent.startsWith('2 ')")
    notes.wait_for_function(
        "sentence => document.querySelector('h1').textContent === sentence", arg=STOPS[1]["sentence"]
    )
