"""What every journey does with a page: wait, read canvases and numbers, choose a model."""

import re

import numpy as np


def started(page) -> None:
    """Open the autoencoder's tab and wait for its first reconstruction; where it does not come, say how far it got."""
    try:
        page.get_by_role("tab", name="Autoencoder", exact=True).click()
        page.wait_for_selector("#ae-output canvas[data-painted]")
    except Exception as error:
        state = "() => [window.latentExplorer?.asking, document.body.innerText.slice(0, 500)]"
        widgets = "() => [...document.querySelectorAll('.le-widget')].map(w => `${w.className} ${w.children.length}`)"
        raise AssertionError(f"{page.evaluate(state)} {page.evaluate(widgets)}") from error
    settle(page)


SETTLED = """() => {
    const {asking, hidden} = window.latentExplorer;
    const shown = [...document.querySelectorAll('[role=tabpanel]')].filter(panel => panel.offsetParent);
    const isText = panel => panel.textContent.trim() && !panel.querySelector('.le-widget');
    const isBuilt = panel => 'whole' in panel.dataset || isText(panel);
    return !asking && !hidden && shown.every(isBuilt);
}"""


def settle(page) -> None:
    """Wait until every question the page has asked is answered and drawn, and each scene that was chosen is seen.

    A scene that was chosen a moment ago has not been built yet: it asks nothing and is not counted as hidden. One of
    texts and figures alone has no widgets, and is there with its text.
    """
    page.wait_for_timeout(60)  # a picture that is still being fetched asks its question afterwards
    page.wait_for_function(SETTLED, polling=50)


def pixels(page, selector: str) -> np.ndarray:
    """What a canvas shows, grey, with shape (H, W)."""
    return channels(page, selector, 1)[0]


def colours(page, selector: str) -> np.ndarray:
    """What a canvas shows, with shape (3, H, W)."""
    return channels(page, selector, 3)


def channels(page, selector: str, count: int) -> np.ndarray:
    """The first channels of a canvas, with shape (count, H, W)."""
    height, width, values = page.evaluate(
        """([selector, count]) => {
            const canvas = document.querySelector(selector);
            const {data, width, height} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            return [height, width, Array.from(data.filter((_, i) => i % 4 < count))];
        }""",
        [f"{selector} canvas", count],
    )
    return np.array(values).reshape(height, width, count).transpose(2, 0, 1)


def numbers(page, selector: str) -> list[float]:
    return [float(number.replace("−", "-")) for number in re.findall(r"[−-]?\d+\.\d+", page.inner_text(selector))]


def choose_model(page, name: str) -> None:
    page.locator("select:visible").first.select_option(name)
    settle(page)


def fits(page, name: str) -> None:
    box = page.locator(f"#{name}").bounding_box()
    assert box["x"] >= 0, name
    assert box["x"] + box["width"] <= 1280, name
    assert box["y"] + box["height"] <= 720, name


def point(page, pad: str) -> tuple[float, float, float]:
    """Left, top and side of a pad on screen."""
    box = page.locator(f"{pad} .le-over").bounding_box()
    return box["x"], box["y"], box["width"]


def open_vae(page, scene: str = "Encode") -> None:
    page.get_by_role("tab", name="VAE", exact=True).click()
    page.wait_for_selector("#vae-output canvas[data-painted]")
    if scene != "Encode":
        page.get_by_role("tab", name=scene).click()
    settle(page)
