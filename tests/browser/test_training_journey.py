"""The course of a training in a real browser: asked for when its fold is opened, and told step by step."""

import json

import pytest

from tests.browser.hand import settle
from tests.conftest import ROOT


def open_fold(page, stem: str, title: str) -> None:
    page.locator(f'#tabs > .tab-wrapper [data-tab-id="{stem}"]').click()
    page.wait_for_selector(f"#tab-{stem} canvas[data-painted]:visible")
    settle(page)
    page.locator(f"#tab-{stem} button.label-wrap", has_text=title).click()


def printed(page, stem: str) -> dict[str, list[str]]:
    """Names of terms to the values that are printed beside them."""
    rows = page.locator(f"#{stem}-course figcaption").all()
    return {
        row.locator("span").first.inner_text(): [number for number in row.locator("b").all_inner_texts() if number]
        for row in rows
    }


def history(name: str) -> list[dict]:
    return json.loads((ROOT / "checkpoints" / name / "config.json").read_text())["training"]["history"]


def test_nothing_is_asked_before_the_fold_is_opened(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator('#tabs > .tab-wrapper [data-tab-id="vae"]').click()
    page.wait_for_selector("#vae-output canvas[data-painted]")
    settle(page)
    assert not any("training" in url or "course" in url for url in asked)
    page.locator("#tab-vae button.label-wrap", has_text="How it was trained").click()
    page.wait_for_selector("#vae-course canvas[data-painted]")
    assert sum(url.endswith("ask/vae/training") for url in asked) == 1


def test_values_under_the_pointer_are_those_that_the_training_noted(page):
    open_fold(page, "beta_vae", "How it was trained")
    page.wait_for_selector("#beta_vae-course canvas[data-painted]")
    menus = page.locator("#tab-beta_vae .le-controls:visible select")
    menus.nth(-2).select_option("beta_vae/dsprites-capacity25")
    menus.last.select_option("beta_vae/dsprites-beta4")
    settle(page)
    pointer = page.locator("#beta_vae-course input[type=range]")
    pointer.focus()
    for _ in range(7):
        page.keyboard.press("ArrowLeft")
    settle(page)
    own, other = history("beta_vae/dsprites-capacity25")[-8], history("beta_vae/dsprites-beta4")[-8]
    assert page.locator("#beta_vae-course output").inner_text() == f"{own['step']:,}"
    values = {name: [float(text) for text in texts if text != "—"] for name, texts in printed(page, "beta_vae").items()}
    assert values["KL, nats"] == pytest.approx([own["kl"], other["kl"]], rel=1e-4)
    assert values["Reconstruction: −log p(x|z), nats"][0] == pytest.approx(own["reconstruction"], rel=1e-4)
    assert values["C, as scheduled, nats"] == [25]


def test_hovering_shows_a_step_and_a_click_keeps_it(page):
    open_fold(page, "vae", "How it was trained")
    page.wait_for_selector("#vae-course canvas[data-painted]")
    chart = page.locator("#vae-course canvas").first
    chart.scroll_into_view_if_needed()
    step = page.locator("#vae-course output")
    last = step.inner_text()
    box = chart.bounding_box()
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 40)
    hovered = step.inner_text()
    assert hovered != last
    page.locator("#vae-course output").hover()
    assert step.inner_text() == last
    page.mouse.click(box["x"] + 0.4 * box["width"], box["y"] + 40)
    page.locator("#vae-course output").hover()
    assert step.inner_text() == hovered
