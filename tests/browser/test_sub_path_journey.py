"""The app below a path of a larger site: everything it needs is found there, and nothing is asked for outside."""

import pytest

from tests.browser.conftest import start_app, stop_app
from tests.browser.hand import pixels, point, settle, started
from tests.browser.proxy import proxy
from tests.browser.test_take_away_journey import taken
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def app():
    server, address = start_app(ROOT / "checkpoints", GRADIO_ROOT_PATH="/lab")
    yield address
    stop_app(server)


@pytest.mark.parametrize("keep", [True, False], ids=["kept", "taken off"])
def test_a_tab_works_below_a_path(open_page, app, keep):
    with proxy(app, "/lab", keep) as address:
        page = open_page(address)
        lost = []
        page.on("response", lambda response: response.status >= 400 and lost.append(response.url))
        started(page)
        before = pixels(page, "#ae-output")
        left, top, side = point(page, "#ae-pad")
        page.mouse.click(left + 0.8 * side, top + 0.2 * side)
        settle(page)
        assert (pixels(page, "#ae-output") != before).any()
        page.locator("select:visible").first.select_option("autoencoder/mnist-30d")
        settle(page)
        assert taken(page, "ae-sliders", "GIF").startswith(b"GIF8")
        page.get_by_role("tab", name="Map", exact=True).click()
        page.wait_for_selector("#map-plane canvas[data-painted]")
        page.locator("#map-plane").get_by_role("button", name="Pictures").click()
        settle(page)
        page.wait_for_timeout(400)  # until the address has followed
        assert page.url.startswith(f"{address}?v=3&tab=map")
        assert lost == []
