"""A visitor browses a codebook, repaints a picture, and draws samples."""

import numpy as np

from tests.browser.hand import colours, fits, settle


def open_tab(page, tab: str, ready: str) -> None:
    page.get_by_role("tab", name=tab, exact=True).click()
    page.wait_for_selector(f"{ready} canvas[data-painted]")
    settle(page)


def press(page, selector: str, across: float, down: float) -> None:
    page.locator(f"{selector} .le-map-over").click(position={"x": across, "y": down})
    settle(page)


def test_a_painted_cell_changes_the_picture_and_undo_brings_it_back(page):
    open_tab(page, "VQ-VAE", "#vq-output")
    fits(page, "vq-atlas")
    page.get_by_role("tab", name="Repaint").click()
    settle(page)
    before = colours(page, "#vq-paint-output")
    page.locator("#vq-paint-atlas canvas").click(position={"x": 40, "y": 60})
    page.locator("#vq-paint-codes").get_by_role("button", name="Paint", exact=True).click()
    press(page, "#vq-paint-codes", 15, 15)
    painted = colours(page, "#vq-paint-output")
    assert (painted[:, :4, :4] != before[:, :4, :4]).any()
    np.testing.assert_array_equal(painted[:, :, 30:], before[:, :, 30:])
    page.locator("#vq-paint-codes").get_by_role("button", name="Undo", exact=True).click()
    settle(page)
    np.testing.assert_array_equal(colours(page, "#vq-paint-output"), before)


def test_hovering_a_cell_marks_its_code_in_the_codebook(page):
    open_tab(page, "VQ-VAE", "#vq-output")
    marker = page.locator("#vq-atlas .le-marker:not(.le-chosen-tile)")
    assert not marker.is_visible()
    page.locator("#vq-codes .le-map-over").hover(position={"x": 100, "y": 100})
    marker.wait_for(state="visible")


def test_another_seed_gives_other_samples(page):
    open_tab(page, "VQ-VAE-2", "#vq2-decoded")
    page.get_by_role("tab", name="Sampling").click()
    page.wait_for_selector("#vq2-frames canvas[data-painted]")
    settle(page)
    before = colours(page, "#vq2-samples")
    page.get_by_role("button", name="Draw again").last.click()
    page.wait_for_timeout(300)
    settle(page)
    assert (colours(page, "#vq2-samples") != before).any()
