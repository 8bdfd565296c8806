"""Prints what a finger feels: start-up, pointer to pixels, draws in a second, many visitors at once.

python -m tests.browser.latency [--net server|page] [--rtt MILLISECONDS]

Who computes the networks, and how far away the server is. Needs Chromium; leave the machine alone meanwhile.
"""

import argparse
import json
import statistics
import threading
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, start_app, stop_app
from tests.conftest import ROOT

IN_PAGE = Path(__file__).with_suffix(".js")


def cold_start() -> None:
    """Print how long a fresh start takes to the first pictures, and to the first that a model computes."""
    server, address = start_app(ROOT / "checkpoints")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = open_page(browser)
            page.goto(address)
            first = page.evaluate("() => bench.firstPaint")
            loaded = page.evaluate("() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
            (live,) = in_page(page, "latency", *LIVE, "slider", 1)
            total = page.evaluate("() => performance.now()")
            browser.close()
    finally:
        stop_app(server)
    print(
        f"cold start: page loaded in {loaded:.0f} ms, first pictures {first - loaded:.0f} ms later; "
        f"first live pictures {live:.0f} ms after the first touch, {total:.0f} ms after the call"
    )


LIVE = ("#start-noise input[type=range]", "#start-rows .le-made canvas")


def open_page(browser: Browser) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.add_init_script(path=IN_PAGE)
    return page


def in_page(page: Page, name: str, *values: Any) -> Any:
    """What a function of latency.js gives."""
    return page.evaluate("([name, values]) => bench[name](...values)", [name, values])


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--net", choices=("server", "page"), default="page")
    parser.add_argument("--rtt", type=float, default=0, help="milliseconds that a question takes there and back")
    return parser.parse_args()


def visit(page: Page, address: str, chosen: argparse.Namespace) -> None:
    """Open the app from as far away as was chosen, and wait for the page's own networks if it is to have them."""
    if chosen.rtt:
        conditions = {"offline": False, "latency": chosen.rtt, "downloadThroughput": -1, "uploadThroughput": -1}
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)
    page.goto(f"{address}?net={chosen.net}")
    page.wait_for_selector("#start-rows canvas[data-painted]")
    if chosen.net == "page":
        page.wait_for_function("() => window.latentExplorer.networks", timeout=120_000)
    page.wait_for_timeout(1000)


def main() -> None:
    chosen = options()
    print(f"networks of the {chosen.net}, {chosen.rtt:.0f} ms away from the server")
    cold_start()
    begun = time.monotonic()
    server, address = start_app(ROOT / "checkpoints")
    answered = time.monotonic() - begun
    try:
        model = {"checkpoint": "autoencoder/mnist-2d"}
        httpx.post(f"{address}/ask/autoencoder/decode", json={**model, "z": [0, 0]}, timeout=60).raise_for_status()
        print(f"start to HTTP 200 {answered:.1f} s, to the first decoded picture {time.monotonic() - begun:.1f} s")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = open_page(browser)
            visit(page, address, chosen)
            for scenes in (one_model, many_models, traversals, codes, states, map_of_codes):
                scenes(page)
            beside_umap(open_page(browser), page, address)
            browser.close()
        crowd(address, model)
    finally:
        stop_app(server)


def one_model(page: Page) -> None:
    open_tab(page, "Autoencoder", "#ae-output canvas[data-painted]")
    measure(page, "pad, 2 dimensions", "#ae-pad .le-over", "#ae-output canvas", "pad")
    choose(page, "autoencoder/mnist-30d")
    measure(page, "slider, 30 dimensions, with strips", "#ae-sliders .le-range", "#ae-output canvas", "slider")
    open_tab(page, "VAE", "#vae-output canvas[data-painted]")
    choose(page, "vae/mnist-50d")
    measure(page, "slider, VAE 50 dimensions, with strips", "#vae-sliders .le-range", "#vae-output canvas", "slider")


def many_models(page: Page) -> None:
    open_tab(page, "Start", "#start-rows canvas[data-painted]")
    measure(page, "noise on Start, seven models at once", *LIVE, "slider", 80)
    open_tab(page, "Denoising", "#denoise-output canvas[data-painted]")
    measure(page, "brush, six models side by side", "#denoise-brush canvas", "#denoise-output canvas", "brush")
    open_tab(page, "k-Sparse", "#ks-x-hat canvas[data-painted]")
    measure(page, "k at test, four models side by side", "#ks-k input", "#ks-x-hat canvas", "slider", 150)


def traversals(page: Page) -> None:
    open_tab(page, "β-VAE", "#beta-vae-output canvas[data-painted]")
    moved = "#beta-vae-sliders .le-range"
    for name in ("dsprites-beta8", "dsprites-beta1", "shapes3d-beta24", "shapes3d-beta1"):
        choose(page, f"beta_vae/{name}")
        rows = page.locator("#beta-vae-sliders .le-rows > .le-row").count()
        measure(page, f"slider, {name}, beside its grid", moved, "#beta-vae-output canvas", "slider")
        measure(page, f"its whole grid of {rows} rows", moved, "#beta-vae-sliders .le-widget", "slider")


def codes(page: Page) -> None:
    open_tab(page, "VQ-VAE", "#vq-output canvas[data-painted]")
    page.get_by_role("tab", name="Repaint").click()
    page.wait_for_timeout(1000)
    repaint(page, "a code repainted, VQ-VAE", "#vq-paint-codes", "#vq-paint-atlas", "#vq-paint-output canvas")
    open_tab(page, "VQ-VAE-2", "#vq2-decoded canvas[data-painted]")
    repaint(page, "a top code repainted, VQ-VAE-2", "#vq2-top", "#vq2-top-atlas", "#vq2-decoded canvas")
    open_tab(page, "TD-VAE", "#td-futures canvas[data-painted]")
    last = "#td-futures .le-film:last-child canvas"
    measure(page, "TD-VAE: scrub t → 8 futures of 5 jumps", "#td-futures-context .le-film-strip", last, "film")


def states(page: Page) -> None:
    """Where the digit of a TD-VAE starts, and how hard an oscillator is pushed; each move reaches another number."""
    for scene, name, world, canvas in (
        ("One jump or several", "32 futures by three ways", "td-jumps-world", "#td-six canvas"),
        ("Blind it", "64 states of three beliefs", "td-blind-world", "#td-smoothed-summary canvas"),
    ):
        open_tab(page, scene, f"{canvas}[data-painted]")
        measure(page, f"TD-VAE: start → {name}", f"#{world} input[type=range]", canvas, "slider", 20)
    chart = "#td-oscillator canvas"
    open_tab(page, "Oscillator", f"{chart}[data-painted]")
    pushes = "#td-oscillator-controls label:nth-of-type(3) input"
    measure(page, "TD-VAE: pushes → predictor, filter and 99 futures", pushes, chart, "slider", 15)


def map_of_codes(page: Page) -> None:
    open_tab(page, "Map", "#map-plane canvas[data-painted]")
    page.locator("#map-how select").nth(1).select_option("flat")
    page.wait_for_timeout(1000)
    drag(page, "map of 10,000 points, hovering, with its pictures", "#map-plane .le-over", "hover")
    measure(page, "map, dragged", "#map-plane .le-over", "#map-plane .le-plane", "brush")
    page.locator("#map-plane button", has_text="Pictures").click()
    page.wait_for_timeout(1000)
    drag(page, "map, dragged, as pictures", "#map-plane .le-over", "brush", "#map-plane .le-plane")


def choose(page: Page, name: str) -> None:
    page.locator("select:visible").first.select_option(name)
    page.wait_for_timeout(1500)


def open_tab(page: Page, name: str, ready: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()
    page.wait_for_selector(ready)
    page.wait_for_timeout(1000)


def repaint(page: Page, name: str, grid: str, atlas: str, canvas: str) -> None:
    """Drag the paint tool over a grid of 8 × 8 codes."""
    page.locator(grid).get_by_role("button", name="Paint", exact=True).click()
    target = f"{grid} .le-map-over"
    page.locator(target).evaluate("(map, atlas) => { map.dataset.atlas = `${atlas} canvas`; }", atlas)
    in_page(page, "overAllCells", target)
    page.wait_for_timeout(1000)
    measure(page, name, target, canvas, "cells")


def beside_umap(other: Page, page: Page, address: str) -> None:
    """Drag a pad while another visitor has a UMAP made, and print how long that takes."""
    other.goto(f"{address}/?v=1&tab=map&part=another-umap")
    other.wait_for_selector("#map-another canvas[data-painted]:visible")
    open_tab(page, "Autoencoder", "#ae-output canvas[data-painted]")
    choose(page, "autoencoder/mnist-2d")
    begun = time.monotonic()
    other.get_by_role("button", name="Make this UMAP").click()
    other.locator("#map-job .le-status", has_text="%").wait_for(timeout=120_000)
    measure(page, "pad, while another visitor has a UMAP made", "#ae-pad .le-over", "#ae-output canvas", "pad")
    running = "done" not in other.inner_text("#map-job .le-status")
    other.locator("#map-job .le-status", has_text="done").wait_for(timeout=600_000)
    print(f"a UMAP of 10,000 codes in {time.monotonic() - begun:.0f} s; it ran until the hand rested: {running}")


def measure(page: Page, name: str, target: str, canvas: str, kind: str, moves: int = 300) -> None:
    """Print latency and draws; of a slider over whole numbers each move has to reach another number."""
    in_page(page, "warm", target, kind)
    times = in_page(page, "latency", target, canvas, kind, moves)
    print(
        f"{name}: pointer to painted canvas median {statistics.median(times):.1f} ms, "
        f"95 % {statistics.quantiles(times, n=20)[-1]:.1f} ms"
    )
    drag(page, name, target, kind, canvas)


def drag(page: Page, name: str, target: str, kind: str, canvas: str = "") -> None:
    """Print draws in a second of a canvas, or of the control itself, while a hand moves on without pause."""
    draws, frames = in_page(page, "drag", target, canvas or target, kind, 4)
    print(f"{name}: {draws:.0f} draws/s at {frames:.0f} frames/s")


def crowd(address: str, question: dict, visitors: int = 32, questions: int = 50) -> None:
    """Visitors who all drag at once, each with one question in flight."""
    times: list[float] = []
    failures: list[int] = []

    def drag_on(number: int) -> None:
        with httpx.Client() as client:
            for step in range(questions):
                body = json.dumps({**question, "z": [step / 10, number / 10]})
                start = time.monotonic()
                answer = client.post(f"{address}/ask/autoencoder/decode", content=body, timeout=30)
                times.append(1000 * (time.monotonic() - start))
                if answer.status_code != 200:
                    failures.append(answer.status_code)

    threads = [threading.Thread(target=drag_on, args=(number,)) for number in range(visitors)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(times) / (time.monotonic() - start)
    print(
        f"{visitors} visitors at once: {rate:.0f} answers/s, median {statistics.median(times):.0f} ms, "
        f"95 % {statistics.quantiles(times, n=20)[-1]:.0f} ms, {len(failures)} failures"
    )


if __name__ == "__main__":
    main()
