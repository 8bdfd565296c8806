"""What a widget shows can be taken away, and the files hold what was on the page."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image, ImageSequence

from tests.browser.hand import choose_model, colours, pixels, settle


def taken(page, widget: str, kind: str) -> bytes:
    """The file that a widget's corner hands out."""
    page.locator(f"#{widget} .le-take").click()
    with page.expect_download() as download:
        page.locator(f"#{widget} .le-take-menu").get_by_role("button", name=kind, exact=True).click()
    with open(download.value.path(), "rb") as file:
        return file.read()


def frames(file: bytes) -> np.ndarray:
    """Of an animation of grey pictures, with shape (T, H, W)."""
    return np.stack([np.array(frame.convert("L")) for frame in ImageSequence.Iterator(Image.open(io.BytesIO(file)))])


def shrunk(animation: np.ndarray, height: int) -> np.ndarray:
    """Frames without the enlargement that small ones are given."""
    factor = animation.shape[1] // height
    return animation[:, ::factor, ::factor]


def test_a_code_is_taken_away_as_numbers(page):
    choose_model(page, "autoencoder/mnist-30d")
    shown = [float(box.input_value()) for box in page.locator("#ae-sliders .le-box").all()]
    with zipfile.ZipFile(io.BytesIO(taken(page, "ae-sliders", "NPZ"))) as archive:
        z = np.load(archive.open("z.npy"))
    assert z.shape == (30,)
    np.testing.assert_allclose(z, shown, atol=0.006)  # the boxes round
    table = taken(page, "ae-sliders", "CSV").decode()
    assert all(f"{value:.4g}"[:5] in table for value in z[:3])


def test_a_map_is_taken_away_with_what_a_lasso_holds(page):
    page.get_by_role("tab", name="Map", exact=True).click()
    page.wait_for_selector("#map-plane canvas[data-painted]")
    page.locator("#map-plane .le-over").focus()
    page.keyboard.press("a")
    settle(page)
    with zipfile.ZipFile(io.BytesIO(taken(page, "map-plane", "NPZ"))) as archive:
        points, lasso, none = (np.load(archive.open(f"{name}.npy")) for name in ("points", "inside_a", "inside_b"))
    assert points.shape == (10_000, 2)
    assert none.shape == (0,)
    distances = np.linalg.norm(points - points[0], axis=1)  # the lasso was taken around the first picture
    assert set(lasso.astype(int)) == set(np.argsort(distances)[: len(lasso)])


def test_the_traversals_of_all_rows_run_in_one_animation(page):
    choose_model(page, "autoencoder/mnist-30d")
    rows = page.evaluate(
        """() => [...document.querySelectorAll('#ae-sliders .le-strip')].map(canvas => {
            const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            return Array.from(data.filter((_, at) => at % 4 === 0));
        })"""
    )
    strips = np.array(rows, np.uint8).reshape(30, 28, -1, 28).transpose(0, 2, 1, 3)  # (rows, steps, H, W)
    animation = frames(taken(page, "ae-sliders", "WebP"))
    assert animation.shape == (strips.shape[1], 5 * 28 * 2, 6 * 28 * 2)
    for row in range(30):
        down, right = 28 * (row // 6), 28 * (row % 6)
        tile = shrunk(animation, 140)[:, down : down + 28, right : right + 28]
        np.testing.assert_array_equal(tile, strips[row])


@pytest.mark.parametrize("kind", ["GIF", "WebP"])
def test_films_under_one_playhead_are_taken_away_together(page, kind):
    page.get_by_role("tab", name="TD-VAE", exact=True).click()
    page.wait_for_selector("#td-futures canvas[data-painted]")
    settle(page)
    films = page.locator("#td-futures .le-film").count()
    animation = frames(taken(page, "td-futures", kind))
    truth = pixels(page, "#td-futures .le-film")  # frames with a seam of a pixel between
    steps = (truth.shape[1] + 1) // 29
    assert len(animation) == steps
    columns = int(np.ceil(np.sqrt(films)))
    first = shrunk(animation, 28 * -(-films // columns))[:, :28, :28]
    expected = np.stack([truth[:, 29 * step : 29 * step + 28] for step in range(steps)])
    assert np.abs(first.astype(int) - expected).max() <= (0 if kind == "WebP" else 8)  # GIF has 256 colours


def test_a_widget_is_taken_away_as_it_is_seen(page):
    box = page.locator("#ae-output .le-widget").bounding_box()
    canvas = page.locator("#ae-output canvas").bounding_box()
    picture = Image.open(io.BytesIO(taken(page, "ae-output", "PNG"))).convert("L")
    assert picture.size == (int(np.ceil(2 * box["width"])), int(np.ceil(2 * box["height"])))
    left, top, side = (2 * size for size in (canvas["x"] - box["x"], canvas["y"] - box["y"], canvas["width"]))
    middles = (np.arange(28) + 0.5) * side / 28
    taken_pixels = np.array(picture)[(top + middles).astype(int)][:, (left + middles).astype(int)]
    np.testing.assert_array_equal(taken_pixels, pixels(page, "#ae-output"))


def test_the_program_that_is_copied_makes_what_was_painted(page, run_program):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("tab", name="VQ-VAE", exact=True).click()
    page.wait_for_selector("#vq-output canvas[data-painted]")
    copy = page.get_by_role("button", name="Python", exact=True)
    page.get_by_role("tab", name="Use of the codebook").click()
    copy.wait_for(state="hidden")  # there it would be of another scene than the one that is seen
    page.get_by_role("tab", name="Repaint").click()
    settle(page)
    page.locator("#vq-paint-codes").get_by_role("button", name="Paint", exact=True).click()
    page.locator("#vq-paint-codes .le-map-over").click(position={"x": 15, "y": 15})
    settle(page)
    copy.click()
    page.get_by_role("button", name="Copied").wait_for()
    program = page.evaluate("navigator.clipboard.readText()")
    np.testing.assert_array_equal(run_program(program).transpose(2, 0, 1), colours(page, "#vq-paint-output"))
