"""Answers and scripts that are lost, late, or not the app's: the page says so, and shows the newest values at last."""

import numpy as np
import pytest

from tests.browser.hand import pixels, point, settle, started

DECODE = "**/ask/autoencoder/decode"
HTML = "<html><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>"
NOTICE = "text => document.querySelector('.le-notice:not([hidden])')?.textContent.includes(text)"


def move(page, x: float, y: float) -> None:
    """Press somewhere on the pad, in shares of its side, and leave it."""
    left, top, side = point(page, "#ae-pad")
    page.mouse.click(left + x * side, top + y * side)
    page.mouse.move(5, 5)


def said(page, sentence: str) -> None:
    page.wait_for_function(NOTICE, arg=sentence)
    shown = page.inner_text(".le-notice")
    assert "<" not in shown
    assert "\n" not in shown


def whole(page, open_page) -> None:
    """The page shows what another one shows that lost nothing, and complains no more."""
    settle(page)
    assert not page.locator(".le-notice").is_visible()
    page.wait_for_timeout(400)  # until the address has followed
    other = open_page(page.url)
    started(other)
    np.testing.assert_array_equal(pixels(page, "#ae-output"), pixels(other, "#ae-output"))


LOSSES = {
    "aborted": (lambda route: route.abort(), "The app does not answer"),
    "proxy": (lambda route: route.fulfill(status=502, content_type="text/html", body=HTML), "not reached (error 502)"),
    "page": (lambda route: route.fulfill(status=200, content_type="text/html", body=HTML), "A web page came"),
    "empty": (lambda route: route.fulfill(status=503, body=""), "busy or just starting"),
    "cut": (lambda route: route.fulfill(status=200, body=b"\x00" * 9), "cut off"),
}


def test_a_last_question_that_was_lost_is_asked_again(page, open_page):
    for place, (how, sentence) in enumerate(LOSSES.values()):
        before = pixels(page, "#ae-output")
        page.route(DECODE, how, times=2)
        move(page, 0.2 + 0.15 * place, 0.3)
        said(page, sentence)
        settle(page)
        assert (pixels(page, "#ae-output") != before).any()
    whole(page, open_page)


def test_a_busy_app_is_asked_again_after_the_time_it_names(page, open_page):
    busy = {"Retry-After": "2", "Content-Type": "text/plain"}
    page.route(DECODE, lambda route: route.fulfill(status=503, headers=busy, body="All places are taken."), times=1)
    move(page, 0.2, 0.3)
    said(page, "All places are taken. It is asked again in 2 s.")
    whole(page, open_page)


def test_an_answer_that_never_comes_does_not_stop_what_follows(page, open_page):
    held = []
    page.route(DECODE, lambda route: held.append(route), times=1)
    move(page, 0.2, 0.3)
    move(page, 0.6, 0.7)
    said(page, "not answered yet")
    settle(page)
    assert len(held) == 1
    whole(page, open_page)


@pytest.fixture
def bare_page(open_page, address):
    """A page that has not opened the app yet, for what is lost on the way to it."""
    return open_page(f"{address}/samples/mnist.json")


def test_pictures_that_were_lost_are_fetched_again(bare_page, open_page, address):
    for name in ("mnist.json", "mnist.png"):
        bare_page.route(f"**/samples/{name}", lambda route: route.abort(), times=2)
    bare_page.goto(address)
    started(bare_page)
    whole(bare_page, open_page)


def test_scripts_that_failed_once_are_fetched_again(bare_page, address):
    for name in ("latent_pad", "kit", "tab_setup"):
        bare_page.route(f"**/widgets/{name}.js", lambda route: route.abort(), times=1)
    bare_page.goto(address)
    started(bare_page)
    bare_page.wait_for_selector("#ae-pad .le-over")


def test_a_script_that_does_not_come_is_named_in_its_place_and_can_be_fetched_again(bare_page, address):
    pattern = "**/widgets/latent_pad.js"
    bare_page.route(pattern, lambda route: route.fulfill(status=502, content_type="text/html", body=HTML))
    bare_page.goto(address)
    started(bare_page)
    lost = bare_page.locator("#ae-pad .le-lost")
    lost.get_by_text("This part of the page has not come.").wait_for()
    bare_page.unroute(pattern)
    lost.get_by_role("button", name="Try again").click()
    bare_page.wait_for_selector("#ae-pad .le-over")
    settle(bare_page)
    before = pixels(bare_page, "#ae-output")
    move(bare_page, 0.2, 0.3)
    settle(bare_page)
    assert (pixels(bare_page, "#ae-output") != before).any()


def test_a_script_that_is_awaited_for_long_is_named_and_mounted_once_when_it_comes(bare_page, address):
    held = []
    bare_page.route("**/widgets/latent_pad.js", lambda route: held.append(route))
    bare_page.goto(address)
    bare_page.get_by_role("tab", name="Autoencoder", exact=True).click()
    bare_page.locator("#ae-pad").get_by_role("button", name="Try again").click()
    held[0].continue_()
    bare_page.wait_for_selector("#ae-pad .le-over")
    settle(bare_page)
    assert bare_page.locator("#ae-pad .le-over").count() == 1
    assert len(held) == 1


def test_a_click_whose_answer_is_lost_is_tried_again_and_then_given_up(page):
    page.route("**/ask/autoencoder/python", lambda route: route.abort())
    page.get_by_role("button", name="Python", exact=True).click()
    said(page, "The app does not answer: is it still running?")
    settle(page)
    assert "asked again" not in page.inner_text(".le-notice")


def test_a_sentence_about_one_tab_stays_with_its_tab(page):
    page.route(DECODE, lambda route: route.fulfill(status=400, content_type="text/plain", body="This cannot be."))
    move(page, 0.2, 0.3)
    said(page, "This cannot be.")
    page.get_by_role("tab", name="VAE", exact=True).click()
    page.wait_for_selector(".le-notice", state="hidden")
    page.get_by_role("tab", name="Autoencoder", exact=True).click()
    said(page, "This cannot be.")


def test_a_sentence_that_comes_late_is_not_shown_on_another_tab(page):
    held = []
    refusal = {"status": 400, "content_type": "text/plain", "body": "This cannot be."}
    page.route(DECODE, lambda route: held.append(route) if not held else route.fulfill(**refusal))
    move(page, 0.2, 0.3)
    page.get_by_role("tab", name="VAE", exact=True).click()
    page.wait_for_selector("#vae-output canvas[data-painted]")
    held[0].fulfill(**refusal)
    settle(page)
    assert not page.locator(".le-notice").is_visible()
    page.get_by_role("tab", name="Autoencoder", exact=True).click()
    said(page, "This cannot be.")
