"""Where the browser forbids the page to copy or to save, it shows what was asked for, selected, and says what to do."""

from urllib.parse import urlparse

import pytest

from tests.browser.hand import started

FRAME = """<!doctype html><style>body {{ margin: 0 }} iframe {{ width: 1270px; height: 700px; border: 0 }}</style>
<iframe src="/" {attributes}></iframe>"""
SELECTED = "((e) => e.value?.slice(e.selectionStart, e.selectionEnd) ?? '')(document.activeElement)"


@pytest.fixture
def framed(open_page, address):
    """The app in a frame with these attributes, on a page of the same address."""

    def framed(attributes: str):
        page = open_page(f"{address}/samples/mnist.json")
        body = FRAME.format(attributes=attributes)
        page.route("**/frame.html", lambda route: route.fulfill(content_type="text/html", body=body))
        page.goto(f"{address}/frame.html")
        frame = page.frames[1]
        started(frame)
        return frame

    return framed


def offered(page) -> str:
    """The sentence of the box, once it is there."""
    return page.locator(".le-offer p").inner_text()


def take(frame, kind: str) -> None:
    frame.locator("#ae-output .le-take").click()
    frame.locator("#ae-output .le-take-menu").get_by_role("button", name=kind, exact=True).click()


def copies_are_offered(page) -> None:
    page.get_by_role("button", name="Link", exact=True).click()
    assert "press Ctrl-C" in offered(page)
    link = page.evaluate(SELECTED)
    assert urlparse(link).query.startswith("v=3&tab=autoencoder")
    page.get_by_role("button", name="Python", exact=True).click()
    page.wait_for_function(f"() => {SELECTED}.includes('load_model')")
    assert "The program is selected" in offered(page)
    page.locator(".le-offer textarea").press("Escape")
    page.wait_for_selector(".le-offer", state="detached")


def test_without_https_the_text_is_shown_to_be_copied(open_page, address):
    page = open_page(address.replace("127.0.0.1", "explorer.lan"))
    started(page)
    assert page.evaluate("navigator.clipboard === undefined")
    copies_are_offered(page)


def test_a_frame_that_forbids_it_is_said_and_nothing_is_lost(framed):
    frame = framed("""sandbox="allow-scripts allow-same-origin" allow="clipboard-write 'none'" """)
    copies_are_offered(frame)
    take(frame, "CSV")
    assert "may not let it save ae-output.csv" in offered(frame)
    assert frame.evaluate(SELECTED).startswith('"')
    take(frame, "NPZ")
    assert "Open this address" in offered(frame)
    assert frame.evaluate(SELECTED) == frame.url
    take(frame, "PNG")
    frame.wait_for_function("() => document.querySelector('.le-offer img')?.naturalWidth > 0")


def test_a_frame_that_allows_it_saves_files(framed):
    frame = framed('sandbox="allow-scripts allow-same-origin allow-downloads"')
    with frame.page.expect_download() as download:
        take(frame, "PNG")
    assert download.value.suggested_filename == "ae-output.png"
    assert frame.locator(".le-offer").count() == 0
