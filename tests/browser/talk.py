"""What journeys through a talk do: begin it, step with a clicker's keys, read what a stop shows."""

import json

from tests.browser.hand import settle
from tests.conftest import ROOT

WALK = json.loads((ROOT / "explorer" / "stage" / "article.json").read_text(encoding="utf-8"))
STOPS = WALK["stops"]

# Of every canvas in some parts of the page that was painted from arrays: its size and a hash of its pixels.
PRINTS = """ids => ids.map(id => [...document.querySelectorAll(`#${CSS.escape(id)} canvas[data-painted]`)]
    .filter(canvas => canvas.checkVisibility() && canvas.width && canvas.height).map(canvas => {
        const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let hash = 0;
        for (const value of data) hash = (Math.imul(hash, 31) + value) | 0;
        return `${canvas.width} × ${canvas.height}: ${hash}`;
    }))"""


def begin(page) -> None:
    """Start the talk of the article from Start, and wait until it is prepared."""
    page.wait_for_selector("#start-rows canvas[data-painted]")
    page.get_by_role("link", name="The same as a talk").click()
    prepared(page)


def prepared(page) -> None:
    page.wait_for_selector(".le-curtain", timeout=60_000)
    page.wait_for_selector(".le-curtain", state="detached", timeout=300_000)
    page.wait_for_selector(".le-lifted")


def stop_of(page) -> int:
    """The number of the stop that is shown, from 1."""
    return int(page.inner_text(".le-counter").split("/")[0])


def step(page, key: str = "PageDown") -> int:
    """Press a key, and wait until another stop is shown."""
    before = page.inner_text(".le-counter")
    page.keyboard.press(key)
    page.wait_for_function("before => document.querySelector('.le-counter').textContent !== before", arg=before)
    return stop_of(page)


def prints(page, number: int, is_alive: bool = True) -> list[list[str]]:
    """What the parts of a stop show, once it is at rest; without a server, what was asked last is asked for ever."""
    if is_alive:
        settle(page)
    else:
        page.wait_for_timeout(300)
    return page.evaluate(PRINTS, STOPS[number - 1]["show"])
