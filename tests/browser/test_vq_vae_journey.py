"""A visitor browses a codebook, repaints a picture, and draws samples."""

import re

import numpy as np
import pytest

from explorer.answers import vq_vae
from explorer.data import sample_sheets
from explorer.serve.pool import Pool
from tests.browser.hand import choose_model, colours, fits, settle
from tests.conftest import ROOT

MAP = (700, 440)  # of the codebook, in CSS pixels


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


def open_sampling(page) -> None:
    open_tab(page, "VQ-VAE-2", "#vq2-decoded")
    page.get_by_role("tab", name="Sampling").click()
    page.wait_for_selector("#vq2-nearest canvas[data-painted]")
    settle(page)


def say(page, name: str) -> None:
    """Press a button of the sampler."""
    page.locator("#vq2-sampler").get_by_role("button", name=name, exact=True).click()


def cells(page, level: str) -> np.ndarray:
    """Tiles of the grid that is being filled, with shape (places, 3, 8, 8); a gap is black."""
    shown = colours(page, f"#vq2-filled-{level}")
    side = shown.shape[-1] // 8
    return shown.reshape(3, side, 8, side, 8).transpose(1, 3, 0, 2, 4).reshape(-1, 3, 8, 8)


def gaps(page, level: str) -> list[int]:
    return np.flatnonzero(cells(page, level).max((1, 2, 3)) == 0).tolist()


def test_another_seed_gives_other_samples(page):
    open_sampling(page)
    fits(page, "vq2-sampler")
    fits(page, "vq2-nearest")
    before = colours(page, "#vq2-samples")
    page.get_by_role("button", name="Draw again").last.click()
    settle(page)
    assert (colours(page, "#vq2-samples") != before).any()


def sampled(page, action) -> None:
    """Do what calls for new samples, and wait until they are there: the pictures of another set have to come first."""
    before = page.locator("#vq2-samples canvas").first.get_attribute("data-painted")
    action()
    page.wait_for_function(
        "before => document.querySelector('#vq2-samples canvas').dataset.painted !== before", arg=before
    )
    settle(page)


def kinds(page):
    """The choice of what is sampled."""
    return page.locator("#vq2-sampling select").nth(1)


def test_faces_are_sampled_with_the_hair_that_is_chosen(page):
    open_sampling(page)
    assert kinds(page).locator("option").all_inner_texts()[0] == "a bald head"
    assert not page.locator("#vq2-unfinished").is_visible()
    before = colours(page, "#vq2-samples")
    sampled(page, lambda: kinds(page).select_option("a bald head"))
    assert (colours(page, "#vq2-samples") != before).any()


def test_another_model_samples_its_own_classes(page):
    open_sampling(page)
    before = colours(page, "#vq2-samples")
    assert kinds(page).input_value() == "5"
    sampled(page, lambda: choose_model(page, "vq_vae_2/emoji-64"))
    page.wait_for_timeout(400)
    assert kinds(page).locator("option").all_inner_texts()[-1] == "of any kind"
    assert kinds(page).input_value() == "0"
    assert (colours(page, "#vq2-samples") != before).any()


def test_undo_after_another_model_was_chosen_brings_the_first_and_its_samples_back(page):
    open_sampling(page)
    before = colours(page, "#vq2-samples")
    sampled(page, lambda: choose_model(page, "vq_vae_2/emoji-64"))
    page.wait_for_function("() => location.search.includes('emoji-64')")
    assert "sampled" not in page.url
    sampled(page, lambda: page.keyboard.press("Control+z"))
    np.testing.assert_array_equal(colours(page, "#vq2-samples"), before)


def test_half_a_picture_is_finished_beside_the_picture_itself(page):
    open_sampling(page)
    page.locator("#vq2-sampling select").first.select_option("lower")
    page.wait_for_timeout(200)
    settle(page)
    box, samples = (page.locator(f"#vq2-{name}").bounding_box() for name in ("unfinished", "samples"))
    assert box["x"] + box["width"] <= 1280
    assert box["y"] == samples["y"]


def test_codes_come_one_by_one_and_a_click_decides_on_the_next(page):
    open_sampling(page)
    assert gaps(page, "top") == gaps(page, "bottom") == []
    say(page, "Stop")
    settle(page)
    assert (gaps(page, "top"), len(gaps(page, "bottom"))) == (list(range(64)), 256)
    say(page, "Step")
    settle(page)
    assert gaps(page, "top") == list(range(1, 64))
    forced = colours(page, "#vq2-sampler .le-next button:nth-child(4)")
    page.locator("#vq2-sampler .le-next button").nth(3).click()
    settle(page)
    assert gaps(page, "top") == list(range(2, 64))
    np.testing.assert_array_equal(cells(page, "top")[1], forced)


def test_sampling_goes_on_while_it_plays_and_stands_still_when_it_is_paused(page):
    open_sampling(page)
    page.locator("#vq2-sampling input[type=range]").last.fill("1")  # 8 codes a second
    say(page, "Stop")
    settle(page)
    say(page, "Play")
    page.wait_for_timeout(1500)
    say(page, "Pause")
    settle(page)
    left = gaps(page, "top")
    assert 0 < len(left) < 64
    page.wait_for_timeout(600)
    assert gaps(page, "top") == left
    page.locator("#vq2-sampling input[type=range]").last.fill("4")
    say(page, "Play")
    settle(page)
    assert gaps(page, "top") == gaps(page, "bottom") == []


def test_cells_marked_by_hand_are_filled_and_the_others_kept(page):
    open_sampling(page)
    page.locator("#vq2-sampling select").first.select_option("none")
    page.wait_for_timeout(100)
    settle(page)
    kept = cells(page, "bottom")
    box = page.locator("#vq2-filled-bottom .le-map-over").bounding_box()
    page.mouse.move(box["x"] + 6, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + 45, box["y"] + 6, steps=12)
    page.mouse.up()
    settle(page)
    assert gaps(page, "bottom") == []
    say(page, "Stop")
    settle(page)
    assert (gaps(page, "top"), gaps(page, "bottom")) == ([], [0, 1, 2, 3])
    np.testing.assert_array_equal(cells(page, "bottom")[4:], kept[4:])


def test_a_codebook_learns_batch_by_batch_and_a_restart_wakes_its_dead_codes(page):
    open_tab(page, "VQ-VAE", "#vq-output")
    page.get_by_role("tab", name="How it learns").click()
    page.wait_for_selector("#vq-learning canvas[data-painted]")
    learning = "#vq-learning"
    dead = "() => Number(/(\\d+) are dead/.exec(document.querySelector('#vq-learning canvas').ariaLabel)[1])"
    assert page.evaluate(dead) > 0
    page.locator("#vq-book-6 input").fill("0")
    assert "step to the first batch" in page.inner_text(learning)
    page.locator("#vq-book-6 input").fill("1")
    n, counted = (float(found) for found in re.search(r"0.10 · (\d+) = ([\d.]+)", page.inner_text(learning)).groups())
    assert counted == pytest.approx(0.9 * 1 + 0.1 * n, abs=0.006)  # every code begins with N = 1
    page.locator("#vq-book-5 input").fill("1")
    page.locator("#vq-book-6 input").fill("150")
    assert page.evaluate(dead) == 0
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.querySelector('#vq-learning canvas').ariaLabel.includes('after 155')")
    page.get_by_role("button", name="Stop").click()


@pytest.fixture(scope="module")
def shown_points():
    """Codes, outputs for the first picture and the code of each cell, with where points lie on the map in pixels."""
    pool, name = Pool(ROOT / "checkpoints"), "vq_vae/cifar10-k512"
    x = sample_sheets.load("cifar10").pictures[0].ravel().tolist()
    plane, around = vq_vae.plane(pool, name), vq_vae.outputs(pool, name, x)
    fitted = np.sort(np.concatenate([plane["places"], plane["others"]]), axis=0)
    low, high = fitted[int(0.001 * len(fitted))], fitted[int(np.ceil(0.999 * len(fitted))) - 1]
    scale = min(np.array(MAP) / (1.06 * (high - low)))
    return plane["places"], around["outputs"], around["output_codes"].ravel().astype(int), (low + high) / 2, scale


def on_the_map(page, point, middle, scale) -> tuple[float, float]:
    """Where a point of the codebook's plane is on screen."""
    box = page.locator("#vq-map .le-over").bounding_box()
    across, down = (point - middle) * scale * [1, -1] + np.array(MAP) / 2
    return box["x"] + across, box["y"] + down


def framed_cells(page) -> list[int]:
    """Cells of the codes under the map whose frame has the colour of z."""
    ink = page.evaluate("""() => {
        const canvas = document.createElement('canvas').getContext('2d');
        canvas.fillStyle = getComputedStyle(document.body).getPropertyValue('--z').trim();
        return [1, 3, 5].map(at => parseInt(canvas.fillStyle.slice(at, at + 2), 16));
    }""")
    shown = colours(page, "#vq-map-codes .le-map +")
    alike = (np.abs(shown - np.array(ink)[:, None, None]).sum(0) < 12).astype(int)
    return np.flatnonzero(alike.reshape(8, 23, 8, 23).sum((1, 3)) > 20).tolist()


def test_a_code_on_the_map_lights_the_cells_that_are_nearest_to_it(page, shown_points):
    places, outputs, codes, middle, scale = shown_points
    open_tab(page, "VQ-VAE", "#vq-output")
    page.get_by_role("tab", name="The codebook as a map").click()
    page.wait_for_selector("#vq-map canvas[data-painted]")
    settle(page)
    for name in ("vq-map", "vq-map-codes", "vq-map-numbers"):
        fits(page, name)
    assert framed_cells(page) == []
    every = np.concatenate([places, outputs])
    apart = np.sort(np.linalg.norm(every[:, None] - every, axis=-1), axis=1)[:, 1]
    cell = int(apart[len(places) :].argmax())  # whose output lies alone
    page.mouse.move(*on_the_map(page, outputs[cell], middle, scale))
    settle(page)
    assert page.inner_text("#vq-map .le-caption").startswith(f"Code {codes[cell]}: ")
    assert set(framed_cells(page)) | {cell} == set(np.flatnonzero(codes == codes[cell]))
    used = np.unique(codes)
    code = used[apart[used].argmax()]
    page.mouse.move(*on_the_map(page, places[code], middle, scale))
    settle(page)
    assert framed_cells(page) == np.flatnonzero(codes == code).tolist()
    before = colours(page, "#vq-map-patches")
    page.mouse.click(*on_the_map(page, places[code], middle, scale))
    page.wait_for_function("code => location.search.includes(`code=${code}`)", arg=int(code))
    settle(page)
    assert (colours(page, "#vq-map-patches") != before).any()


def test_codes_on_the_map_can_be_reached_by_keys(page):
    open_tab(page, "VQ-VAE", "#vq-output")
    page.get_by_role("tab", name="The codebook as a map").click()
    page.wait_for_selector("#vq-map canvas[data-painted]")
    settle(page)
    page.locator("#vq-map .le-over").focus()
    first = page.inner_text("#vq-map .le-caption")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("first => document.querySelector('#vq-map .le-caption').innerText !== first", arg=first)
    code = re.match(r"Code (\d+):", page.inner_text("#vq-map .le-caption"))[1]
    page.keyboard.press("Enter")
    page.wait_for_function("code => location.search.includes(`code=${code}`)", arg=code)


def test_the_place_a_head_looks_at_most_is_said_and_later_ones_are_hatched(page):
    open_tab(page, "VQ-VAE-2", "#vq2-decoded")
    page.get_by_role("tab", name="What the prior looks at").click()
    page.wait_for_selector("#vq2-attention .le-over[data-painted]")
    large = page.locator("#vq2-attention .le-over")
    large.click(position={"x": 5, "y": 5})
    page.mouse.move(0, 0)
    assert "Writing row 1, column 1: most of it, 100 %" in page.inner_text("#vq2-attention")
    large.click(position={"x": 300, "y": 300})
    page.mouse.move(0, 0)
    assert "Writing row 6, column 6" in page.inner_text("#vq2-attention")
    heads = page.locator("#vq2-attention .le-head")
    heads.nth(1).click()
    assert heads.nth(1).get_attribute("aria-pressed") == "true"
