"""The network as a strip in a real browser: its boxes, and what a clicked layer gives for the picture of the scene."""

import numpy as np
import torch

from explorer import checkpoint
from explorer.data import sample_sheets
from tests.browser.hand import choose_model, pixels, settle
from tests.browser.test_training_journey import open_fold
from tests.conftest import ROOT


def layer(page, stem: str, number: int) -> None:
    page.locator(f"#{stem}-strip .le-layer").nth(number).click()
    settle(page)


def test_a_clicked_layer_shows_the_units_that_the_network_computes(page):
    open_fold(page, "autoencoder", "The network")
    page.wait_for_selector("#autoencoder-strip canvas[data-painted]")
    choose_model(page, "autoencoder/mnist-30d")
    settle(page)
    shapes = page.locator("#autoencoder-strip .le-layer b").all_inner_texts()
    assert shapes == ["1 × 28 × 28", "1000", "500", "250", "30", "250", "500", "1000", "1 × 28 × 28"]
    layer(page, "autoencoder", 2)
    model = checkpoint.load_model(ROOT / "checkpoints" / "autoencoder" / "mnist-30d")
    x = torch.tensor(sample_sheets.load("mnist").pictures[0][None]) / 255
    with torch.inference_mode():
        units = model.encoder[:4](x.flatten(1))[0].numpy()
    drawn = pixels(page, "#autoencoder-strip").ravel()[:500]
    np.testing.assert_allclose(drawn, 128 + 127 * units / np.abs(units).max(), atol=1)
    text = page.locator("#autoencoder-strip .le-outputs p").inner_text()
    assert text.startswith("Linear SiLU, 500: from −.")


def test_maps_of_a_convolution_follow_the_picture_and_a_pointer_tells_their_numbers(page):
    open_fold(page, "vq_vae", "The network")
    page.wait_for_selector("#vq_vae-strip canvas[data-painted]")
    layer(page, "vq_vae", 1)
    model = checkpoint.load_model(ROOT / "checkpoints" / "vq_vae" / "cifar10-k512")
    x = torch.tensor(sample_sheets.load("cifar10").pictures[0][None]) / 255
    with torch.inference_mode():
        maps = model.encoder[:2](x - 0.5)[0, :32].numpy()
    drawn = pixels(page, "#vq_vae-strip")
    assert drawn.shape == (2 * 17 - 1, 16 * 17 - 1)
    np.testing.assert_allclose(drawn[17:33, 17:33], 255 * maps[17] / maps.max(), atol=1)
    canvas = page.locator("#vq_vae-strip canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20.5 * box["width"] / 271, box["y"] + 18.5 * box["height"] / 33)
    text = page.locator("#vq_vae-strip .le-outputs p").inner_text()
    assert text.startswith("map 18, row 2, column 4: ")
    assert abs(float(text.split(": ")[1]) - maps[17, 1, 3]) < 1e-3 * maps.max()


def test_what_branches_has_a_row_for_each_branch(page):
    open_fold(page, "td_vae", "The network")
    page.wait_for_selector("#td_vae-strip canvas[data-painted]")
    titles = page.locator("#td_vae-strip h4").all_inner_texts()
    assert [title.split(":")[0] for title in titles] == ["Belief", "p_B", "q_S", "p_T", "p_D"]
    assert page.locator("#td_vae-oscillator_strip h4").count() == 5
    assert not page.locator(".le-notice").is_visible()
