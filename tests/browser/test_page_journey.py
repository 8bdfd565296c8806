"""What holds for the page as a whole, in a real browser."""

import numpy as np
import pytest

from explorer import checkpoint
from tests.browser.conftest import start_app, stop_app
from tests.browser.hand import choose_model, fits, open_vae, pixels, point, settle, started


def test_two_visitors_do_not_see_each_other(page, open_page):
    other = open_page()
    started(other)
    before = pixels(other, "#ae-output")
    left, top, side = point(page, "#ae-pad")
    page.mouse.click(left + 0.8 * side, top + 0.2 * side)
    settle(page)
    np.testing.assert_array_equal(pixels(other, "#ae-output"), before)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_scenes_fit_into_the_projectors_screen_without_scrolling(open_page, address, theme):
    page = open_page(f"{address}/?__theme={theme}")
    started(page)
    for name in ("ae-input", "ae-pad", "ae-output", "ae-pca", "ae-numbers"):
        fits(page, name)
    open_vae(page)
    for name in ("vae-input", "vae-ae-pad", "vae-ae-output", "vae-pad", "vae-output", "vae-numbers"):
        fits(page, name)
    for scene, names in {
        "Sample the prior": ("vae-samples", "vae-manifold"),
        "Between two pictures": ("vae-from", "vae-linear", "vae-spherical", "vae-to"),
        "Two divergences": ("vae-curves", "vae-q", "vae-divergences"),
    }.items():
        page.get_by_role("tab", name=scene).click()
        settle(page)
        for name in names:
            fits(page, name)


def test_text_is_readable_from_the_last_row(page):
    open_vae(page)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.le-widget *, [role=tab]')]
            .filter(node => node.checkVisibility() && [...node.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
            .map(node => [parseFloat(getComputedStyle(node).fontSize), node.textContent.slice(0, 30)])"""
    )
    assert [entry for entry in sizes if entry[0] < 18] == []
    assert len(sizes) > 20


def test_maths_and_code_unfold(page):
    page.get_by_role("button", name="The maths").click()
    page.wait_for_selector(".katex")
    page.get_by_role("button", name="The same in a few lines of Python").click()
    page.wait_for_selector("text=load_model")
    page.get_by_role("button", name="How it was trained").click()
    page.wait_for_selector("text=python -m train autoencoder/mnist-2d")


def test_a_symbol_says_what_it_means_below_the_pointer(page):
    started(page)
    page.get_by_role("tab", name="Autoencoder").click()
    page.locator("#ae-output .le-label").hover()
    page.wait_for_function("() => document.querySelector('#ae-output .le-label').title.includes('article writes x′')")
    page.locator("#ae-pad .le-label").hover()
    page.wait_for_function("() => document.querySelector('#ae-pad .le-label').title.startsWith('z: the code')")


def test_models_that_have_come_meanwhile_are_offered_after_a_button(open_page, make_checkpoint):
    server, address = start_app(make_checkpoint("vae").parent.parent)
    try:
        page = open_page(f"{address}/?v=3&tab=vae")
        page.wait_for_selector("#vae-output canvas[data-painted]")
        page.get_by_role("button", name="Reload models").click()
        page.locator(".le-notice", has_text="No model has come or changed").wait_for()
        make_checkpoint("vae", "another", latent_dim=3)
        with page.expect_navigation():
            page.get_by_role("button", name="Reload models").click()
        page.wait_for_selector("#vae-output canvas[data-painted]")
        assert page.locator("select:visible").first.locator("option").all_inner_texts() == ["small", "another"]
        choose_model(page, "vae/another")
        assert page.locator("#vae-sliders .le-row").count() == 3
    finally:
        stop_app(server)


def test_a_damaged_checkpoint_is_named_and_the_rest_goes_on(open_page, make_checkpoint):
    good = make_checkpoint("autoencoder")
    bad = make_checkpoint("vae")
    weights = bad / checkpoint.WEIGHTS
    weights.write_bytes(weights.read_bytes()[:-50])
    server, address = start_app(good.parent.parent)
    try:
        page = open_page(address)
        started(page)
        page.get_by_role("tab", name="VAE", exact=True).click()
        page.wait_for_selector("text=What is wrong with those that are there")
        assert "vae/small/model.safetensors is damaged" in page.locator("#problems").inner_text()
        page.get_by_role("tab", name="Autoencoder").click()
        page.locator("#ae-input button", has_text="Random").click()
        settle(page)
        assert pixels(page, "#ae-output").shape == (28, 28)
    finally:
        stop_app(server)
