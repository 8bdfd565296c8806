"""What canvases show is what the numbers behind them say, also where noise carries those out of 0 … 255."""

import numpy as np
import pytest

from tests.browser.hand import pixels, settle

VALUES = "async ([tab, key]) => Array.from((await import('/widgets/store.js')).tabState(tab).get(key).data)"
SPOIL = """async tab => {
    const state = (await import('/widgets/store.js')).tabState(tab);
    state.set('kind', 'gaussian');
    state.set('level', .3);
}"""
DRAWN = """async ([values, shape]) => {
    const {toImage} = await import('/widgets/kit.js');
    const numbers = values.map(value => (value === null ? NaN : value));
    return Array.from(toImage({data: Float32Array.from(numbers), shape}).data);
}"""


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.mark.parametrize(
    ("title", "tab", "shown"), [("Start", "start", "start-brush"), ("Denoising", "denoising", "denoise-brush")]
)
def test_gaussian_noise_is_drawn_as_its_values_rounded_and_clamped(page, title, tab, shown):
    page.get_by_role("tab", name=title, exact=True).click()
    page.wait_for_selector(f"#{shown} canvas[data-painted]")
    settle(page)
    page.evaluate(SPOIL, tab)
    settle(page)
    values = np.array(page.evaluate(VALUES, [tab, "x_tilde"]))
    assert (values < -0.5).sum() > 100
    assert (values > 255.5).sum() > 10
    np.testing.assert_array_equal(pixels(page, f"#{shown}").ravel(), np.rint(values).clip(0, 255))


@pytest.mark.parametrize("channels", [1, 3])
def test_any_number_is_clamped_and_rounded_and_what_is_none_is_black(page, channels):
    one = [-1e30, -300, -1, -0.4, 0, 0.4, 0.6, 127.4, 254.6, 255, 256, 511.9, 70_000, 2.0**40, 1e30, None]
    values = [*one, *one[::-1], *one][: 16 * channels]
    drawn = np.array(page.evaluate(DRAWN, [values, [channels, 4, 4]])).reshape(16, 4)
    expected = np.rint(np.nan_to_num(np.array(values, float).reshape(channels, 16), nan=0).clip(0, 255))
    np.testing.assert_array_equal(drawn[:, :3], np.broadcast_to(expected, (3, 16)).T)
    assert (drawn[:, 3] == 255).all()
