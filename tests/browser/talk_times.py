"""Prints how long a talk is prepared, and how long each step takes from the key to the painted stop.

python -m tests.browser.talk_times            (needs Chromium; leave the machine alone meanwhile)
"""

import statistics
import time

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, start_app, stop_app
from tests.browser.talk import STOPS, begin
from tests.conftest import ROOT

SIZES = [(1280, 720), (1920, 1080)]

# Presses PageDown in the page; milliseconds until the frame with the next stop has been painted.
STEP = """() => new Promise(done => {
    const before = document.querySelector('.le-counter').textContent;
    const start = performance.now();
    const look = () => {
        if (document.querySelector('.le-counter').textContent === before) setTimeout(look, 1);
        else requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    };
    window.dispatchEvent(new KeyboardEvent('keydown', {key: 'PageDown', bubbles: true}));
    look();
})"""

SHIFTS = """new PerformanceObserver(list => {
    for (const shift of list.getEntries()) window.shifts = (window.shifts ?? 0) + shift.value;
}).observe({type: 'layout-shift', buffered: true})"""


def steps(page: Page) -> None:
    """Print a step's milliseconds on the wall and of the page's own thread, and the layout's shift over all of them."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def worked() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return 1000 * next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")

    page.evaluate(SHIFTS)
    page.evaluate("() => { window.shifts = 0; }")
    walls, threads = [], []
    for _ in STOPS[1:]:
        before = worked()
        walls.append(page.evaluate(STEP))
        threads.append(worked() - before)
        page.wait_for_timeout(500)
    print(f"steps: {' '.join(f'{wall:.0f}' for wall in walls)} ms, of which the page worked", end=" ")
    print(f"{' '.join(f'{thread:.0f}' for thread in threads)} ms; median {statistics.median(walls):.0f} ms")
    print(f"layout shift over all steps, none excused by the key: {page.evaluate('() => window.shifts'):.3f}")


def main() -> None:
    server, address = start_app(ROOT / "checkpoints")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for width, height in SIZES:
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(address)
                begun = time.monotonic()
                begin(page)
                print(f"{width} × {height}: prepared in {time.monotonic() - begun:.1f} s")
                steps(page)
                page.close()
            browser.close()
    finally:
        stop_app(server)


if __name__ == "__main__":
    main()
