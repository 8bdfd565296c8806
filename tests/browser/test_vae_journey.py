"""What a visitor does on the VAE tab, in a real browser."""

import numpy as np
import pytest

from explorer import checkpoint
from explorer.data import sample_sheets
from tests.browser.hand import choose_model, colours, numbers, open_vae, pixels, settle, started
from tests.conftest import ROOT


def test_sliders_are_ordered_by_kl_and_inactive_dimensions_are_folded(page):
    open_vae(page)
    choose_model(page, "vae/mnist-50d")
    kl = checkpoint.read_config(ROOT / "checkpoints" / "vae" / "mnist-50d")["profile"]["kl_per_dimension"]
    labels = "nodes => nodes.map(node => Number(node.getAttribute('aria-label').split(' ')[2]))"
    names = page.locator("#vae-sliders .le-range").evaluate_all(labels)
    assert [kl[d] for d in names] == sorted(kl, reverse=True)
    inactive = sum(value < 0.05 for value in kl)
    assert f"{inactive} inactive dimensions" in page.inner_text("#vae-sliders .le-fold summary")
    assert not page.locator("#vae-sliders .le-fold .le-row").first.is_visible()


def test_drawing_epsilon_again_moves_z_and_not_the_posterior(page):
    open_vae(page)
    mu, sigma, _, z = read_draw(page)
    assert z == mu
    page.locator("#vae-input").locator("xpath=..").locator("button", has_text="Draw ε").click()
    settle(page)
    mu_again, sigma_again, epsilon, z_again = read_draw(page)
    assert (mu_again, sigma_again) == (mu, sigma)
    assert z_again != z
    np.testing.assert_allclose(z_again, np.array(mu) + np.array(sigma) * epsilon, atol=0.03)


def read_draw(page) -> list[list[float]]:
    """μ, σ, ε and z as printed."""
    found = numbers(page, "#vae-draw")
    return [found[i : i + 2] for i in range(0, 8, 2)]


def test_the_bound_shown_is_the_sum_of_its_terms(page):
    open_vae(page)
    reconstruction, kl, bound = numbers(page, "#vae-numbers")
    assert bound == pytest.approx(reconstruction + kl, abs=0.11)


def test_a_sample_that_is_clicked_becomes_the_code(page):
    open_vae(page, "Sample the prior")
    sample = pixels(page, "#vae-samples")[28:56, 28:56]  # second row, second column
    box = page.locator("#vae-samples canvas").bounding_box()
    page.mouse.click(box["x"] + 66, box["y"] + 66)
    page.get_by_role("tab", name="Encode", exact=True).click()
    settle(page)
    np.testing.assert_array_equal(pixels(page, "#vae-output"), sample)


def test_a_seed_gives_the_same_samples_again(page, open_page):
    open_vae(page, "Sample the prior")
    other = open_page()
    started(other)
    open_vae(other, "Sample the prior")
    np.testing.assert_array_equal(pixels(page, "#vae-samples"), pixels(other, "#vae-samples"))
    page.get_by_role("button", name="Draw again").click()
    settle(page)
    assert (pixels(page, "#vae-samples") != pixels(other, "#vae-samples")).any()


def test_an_interpolation_runs_from_one_picture_to_the_other(page):
    open_vae(page, "Between two pictures")
    line, arc = pixels(page, "#vae-linear"), pixels(page, "#vae-spherical")
    assert line.shape == (28, 11 * 28)
    for end in (slice(0, 28), slice(10 * 28, 11 * 28)):
        assert np.abs(line[:, end] - arc[:, end]).max() <= 1
    assert len(numbers(page, "#vae-linear .le-caption")) == 11


def test_a_face_becomes_another_one_and_nothing_is_refused(page):
    open_vae(page)
    choose_model(page, "vae/faces-32d")
    page.get_by_role("tab", name="Between two pictures", exact=True).click()
    settle(page)
    faces = sample_sheets.load("faces").pictures
    np.testing.assert_array_equal(colours(page, "#vae-from-64"), faces[0])
    np.testing.assert_array_equal(colours(page, "#vae-to-64"), faces[13])
    assert not page.locator("#vae-from").is_visible()
    page.wait_for_function("document.querySelector('#vae-linear canvas').height > 1")  # the way is asked for last
    assert colours(page, "#vae-linear").shape == (3, 64, 11 * 64)
    assert not page.locator(".le-notice").is_visible()


def test_covering_both_bumps_lowers_one_divergence_and_raises_the_other(page):
    open_vae(page, "Two divergences")
    page.get_by_role("button", name="cover both").click()
    settle(page)
    cover = numbers(page, "#vae-divergences")
    page.get_by_role("button", name="choose one").click()
    settle(page)
    choose = numbers(page, "#vae-divergences")
    assert cover[0] < choose[0]
    assert choose[1] < cover[1]


def test_pulling_the_arrow_draws_another_z_and_its_gradient_is_the_draw(page):
    open_vae(page, "Draw and bound")
    page.locator("#vae-cloud canvas").scroll_into_view_if_needed()
    before = pixels(page, "#vae-draw-output")
    box = page.locator("#vae-cloud canvas").bounding_box()
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] - 90, steps=4)
    page.mouse.up()
    settle(page)
    assert (pixels(page, "#vae-draw-output") != before).any()
    epsilon = numbers(page, "#vae-reparameterization .le-hint")
    # Three standard deviations of the wider dimension are half a side.
    page.get_by_role("tab", name="Encode", exact=True).click()
    settle(page)
    sigma = np.array(read_draw(page)[1])
    pulled = np.array([60, 90]) / (box["width"] / 2) * 3 * sigma.max() / sigma
    np.testing.assert_allclose(epsilon, pulled, rtol=0.1, atol=0.06)


def test_a_z_that_is_drawn_has_no_gradient_and_the_bound_adds_up(page):
    open_vae(page, "Draw and bound")
    assert "the encoder learns from this draw" in page.inner_text("#vae-reparameterization")
    page.locator("#vae-form select").select_option("original")
    assert "no derivative" in page.inner_text("#vae-reparameterization")
    settle(page)
    reconstruction, kl, bound, likelihood, gap = numbers(page, "#vae-evidence")
    assert bound == pytest.approx(reconstruction + kl, abs=0.11)
    assert bound == pytest.approx(likelihood + gap, abs=0.11)
