"""What a visitor does on the autoencoder tab, and with the input that every tab has, in a real browser."""

import io

import numpy as np
import pytest
from PIL import Image

from explorer import checkpoint
from explorer.data import sample_sheets
from tests.browser.hand import choose_model, numbers, pixels, point, settle, started
from tests.conftest import ROOT

AE = "autoencoder/mnist-2d"


def decoded(name: str, z: list[float]) -> np.ndarray:
    """The picture the shipped weights give, (28, 28), by the model itself."""
    import torch

    model = checkpoint.load_model(ROOT / "checkpoints" / name)
    return (model.decode(torch.tensor([z])) * 255).round().numpy()[0, 0]


def test_the_first_picture_is_the_first_test_digit_through_the_autoencoder(page):
    first = sample_sheets.load("mnist").pictures[0, 0]
    np.testing.assert_array_equal(pixels(page, "#ae-input"), first)
    z = numbers(page, "#ae-numbers")[:2]
    assert np.abs(pixels(page, "#ae-output") - decoded(AE, z)).mean() < 2  # z is printed with two decimals


def test_hovering_previews_leaving_restores_and_clicking_stays(page):
    before = pixels(page, "#ae-output")
    left, top, side = point(page, "#ae-pad")
    page.mouse.move(left + 0.3 * side, top + 0.8 * side)
    settle(page)
    preview = pixels(page, "#ae-output")
    assert (preview != before).any()
    page.mouse.move(5, 5)
    settle(page)
    np.testing.assert_array_equal(pixels(page, "#ae-output"), before)
    page.mouse.click(left + 0.3 * side, top + 0.8 * side)
    page.mouse.move(5, 5)
    settle(page)
    np.testing.assert_array_equal(pixels(page, "#ae-output"), preview)


def test_the_last_point_of_a_fast_drag_wins(page):
    left, top, side = point(page, "#ae-pad")
    page.mouse.move(left + 10, top + 10)
    page.mouse.down()
    for step in range(80):
        page.mouse.move(left + 10 + step * (side - 20) / 80, top + 10 + step * 3)
    page.mouse.up()
    page.mouse.move(5, 5)
    settle(page)
    z = numbers(page, "#ae-numbers")[:2]
    assert np.abs(pixels(page, "#ae-output") - decoded(AE, z)).mean() < 2


def test_arrow_keys_move_the_point(page):
    page.locator("#ae-pad .le-over").focus()
    before = numbers(page, "#ae-numbers")
    page.keyboard.press("ArrowRight")
    settle(page)
    after = numbers(page, "#ae-numbers")
    assert after[0] > before[0]
    assert after[1] == before[1]


def test_a_touch_commits_the_point(open_page):
    page = open_page(has_touch=True, is_mobile=True)
    started(page)
    before = numbers(page, "#ae-numbers")
    left, top, side = point(page, "#ae-pad")
    page.touchscreen.tap(left + 0.7 * side, top + 0.3 * side)
    settle(page)
    assert numbers(page, "#ae-numbers")[:2] != before[:2]


def test_a_hole_is_named(page):
    left, top, side = point(page, "#ae-pad")
    page.mouse.click(left + side - 8, top + side - 8)
    settle(page)
    assert "A hole: no picture is encoded near here." in page.inner_text("#ae-numbers")


def test_drawing_with_the_mouse_is_encoded_while_it_is_drawn(page):
    page.locator("#ae-input button", has_text="Clear").click()
    settle(page)
    assert pixels(page, "#ae-input").max() == 0
    empty = pixels(page, "#ae-output")
    box = page.locator("#ae-input .le-paper").bounding_box()
    page.mouse.move(box["x"] + 110, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 110, box["y"] + 180, steps=10)
    settle(page)
    assert (pixels(page, "#ae-output") != empty).any()
    page.mouse.up()
    ink = pixels(page, "#ae-input")
    assert ink[8:20, 12:16].max() == 255
    assert ink[:, :8].max() == 0


def test_drawing_with_the_keyboard(page):
    page.locator("#ae-input button", has_text="Clear").click()
    page.locator("#ae-input .le-paper").focus()
    page.keyboard.press("ArrowLeft")
    assert pixels(page, "#ae-input").max() == 0
    page.keyboard.down(" ")
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    page.keyboard.up(" ")
    settle(page)
    assert (pixels(page, "#ae-input")[14:19] == 255).any()


def test_choosing_a_picture_from_the_sheet(page):
    page.locator("#ae-input button", has_text="Choose").click()
    atlas = page.locator("#ae-input .le-atlas")
    atlas.click(position={"x": 28 * 3 + 14, "y": 28 * 2 + 14})
    settle(page)
    np.testing.assert_array_equal(pixels(page, "#ae-input"), sample_sheets.load("mnist").pictures[2 * 25 + 3, 0])
    assert not atlas.is_visible()


def test_an_uploaded_digit_on_paper_is_turned_boxed_and_centred(page):
    paper = np.full((300, 200), 255, np.uint8)
    paper[40:160, 30:50] = 0  # a dark stroke near the upper left of a light sheet
    upload(page, "stroke.png", png(paper))
    ink = pixels(page, "#ae-input")
    rows, columns = np.nonzero(ink > 100)
    assert rows.max() - rows.min() == pytest.approx(19, abs=1)
    assert (rows.mean(), columns.mean()) == (pytest.approx(13.5, abs=1), pytest.approx(13.5, abs=1))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("broken.png", b"\x89PNG\r\n\x1a\nnothing", "The file cannot be read as a picture."),
        ("text.txt", b"hello", "The file cannot be read as a picture."),
        ("huge.png", None, "The picture has 128 megapixels; 120 are the most that can be read."),
    ],
)
def test_a_bad_upload_gets_one_sentence_and_changes_nothing(page, name, content, sentence):
    before = pixels(page, "#ae-input")
    upload(page, name, content or png(np.zeros((8000, 16_000), bool)))
    page.wait_for_function("sentence => document.querySelector('.le-notice')?.textContent === sentence", arg=sentence)
    np.testing.assert_array_equal(pixels(page, "#ae-input"), before)
    page.locator("#ae-input button", has_text="Random").click()
    settle(page)
    assert not page.locator(".le-notice").is_visible()


def upload(page, name: str, content: bytes) -> None:
    page.set_input_files("#ae-input input[type=file]", {"name": name, "mimeType": "image/png", "buffer": content})
    page.wait_for_timeout(300)
    settle(page)


def png(grey: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, "PNG")
    return buffer.getvalue()


def test_pca_follows_its_own_slider(page):
    errors = []
    for components in (1, 2, 30, 64):
        page.locator("#ae-pca-dim input").fill(str(components))
        settle(page)
        errors += numbers(page, "#ae-pca")
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 12 < errors[0]


def test_changing_the_model_changes_code_and_picture_set(page):
    choose_model(page, "autoencoder/fashion-16d")
    assert page.locator("#ae-sliders .le-row").count() == 16
    assert not page.locator("#ae-pad").is_visible()
    np.testing.assert_array_equal(pixels(page, "#ae-input"), sample_sheets.load("fashion").pictures[0, 0])
    choose_model(page, AE)
    assert page.locator("#ae-pad").is_visible()
    np.testing.assert_array_equal(pixels(page, "#ae-input"), sample_sheets.load("mnist").pictures[0, 0])
    assert not page.locator(".le-notice").is_visible()


def test_a_slider_moves_one_dimension_and_its_reset_takes_it_back(page):
    choose_model(page, "autoencoder/mnist-30d")
    before = pixels(page, "#ae-output")
    row = page.locator("#ae-sliders .le-row").nth(3)
    others = page.locator("#ae-sliders .le-row").nth(4).locator(".le-box").input_value()
    row.locator(".le-box").fill("2.5")
    row.locator(".le-box").press("Enter")
    settle(page)
    assert (pixels(page, "#ae-output") != before).any()
    assert page.locator("#ae-sliders .le-row").nth(4).locator(".le-box").input_value() == others
    row.locator("button").click()
    settle(page)
    np.testing.assert_array_equal(pixels(page, "#ae-output"), before)
