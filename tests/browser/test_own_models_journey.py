"""Models of one's own beside the app's: sets of pictures are changed back and forth, and nothing is refused."""

import pytest

from tests.browser.conftest import start_app, stop_app
from tests.browser.hand import pixels, settle, started
from tests.conftest import ROOT
from tests.own_models import save_own, save_own_digits

REST = 500  # ms after which what a hand has done is a step that can be undone


@pytest.fixture(scope="module")
def own_address(tmp_path_factory):
    mine = tmp_path_factory.mktemp("mine")
    save_own(mine, "denoising", (3, 32, 32))
    save_own(mine, "k_sparse", (1, 16, 16))
    save_own(mine, "contractive", (3, 16, 16))
    save_own_digits(mine, "sparse", "mine")
    server, address = start_app(mine, "--checkpoints", str(ROOT / "checkpoints"), str(mine))
    yield address
    stop_app(server)


@pytest.fixture
def own(open_page, own_address):
    page = open_page(own_address)
    started(page)
    return page


def open_tab(page, tab: str, scene: str = "") -> None:
    page.get_by_role("tab", name=tab, exact=True).click()
    if scene:
        page.get_by_role("tab", name=scene, exact=True).locator("visible=true").click()
    settle(page)


def is_quiet(page) -> bool:
    """Whether nothing is said at the foot of the page."""
    settle(page)
    return page.locator(".le-notice:visible").count() == 0


def wait_for_side(page, side: int) -> None:
    """Wait until the spoilt picture has so many pixels along each side: a set's sheet is fetched first."""
    page.wait_for_function("side => document.querySelector('#denoise-brush canvas').width === side", arg=side)


def test_pictures_of_ones_own_are_spoilt_and_mended_and_digits_come_back(own):
    open_tab(own, "Denoising")
    assert own.locator("#denoise-output .le-tile").count() == 7
    choice = own.locator("#denoise-noise select").first
    choice.select_option(label="my pets")
    assert is_quiet(own)
    assert own.locator("#denoise-output .le-tile").count() == 1
    wait_for_side(own, 32)
    choice.select_option(label="Digits")
    assert is_quiet(own)
    assert own.locator("#denoise-output .le-tile").count() == 7
    wait_for_side(own, 28)


def test_a_picture_from_a_units_card_does_not_stay_when_the_set_is_changed(own):
    open_tab(own, "Denoising", "Filters")
    own.locator("#denoise-filters-5 canvas").first.click(position={"x": 8, "y": 8})
    settle(own)
    own.locator(".le-picture-grid:visible", has_text="Its top ten").locator("canvas").first.click(
        position={"x": 30, "y": 20}
    )
    assert is_quiet(own)
    open_tab(own, "Denoising", "Denoise")
    wait_for_side(own, 32)
    own.locator("#denoise-noise select").first.select_option(label="Digits")
    assert is_quiet(own)
    wait_for_side(own, 28)


def test_undoing_brings_the_digits_back(own):
    open_tab(own, "Denoising")
    own.wait_for_timeout(REST)
    own.locator("#denoise-noise select").first.select_option(label="my pets")
    wait_for_side(own, 32)
    own.wait_for_timeout(REST)
    own.locator("#denoise-input").get_by_role("button", name="Random").click()
    settle(own)
    for _ in range(2):
        own.wait_for_timeout(REST)
        own.keyboard.press("Control+z")
        assert is_quiet(own)
    wait_for_side(own, 28)


def test_an_own_stack_and_its_network_are_shown_with_pictures_of_its_set(open_page, tmp_path):
    save_own(tmp_path, "denoising", (3, 32, 32), hidden=[12, 8])
    server, address = start_app(tmp_path, "--checkpoints", str(ROOT / "checkpoints"), str(tmp_path))
    try:
        page = open_page(address)
        open_tab(page, "Denoising", "The stack")
        assert pixels(page, "#stack-code-3").shape == (13, 40)
        page.locator("#stack-model select").select_option(label="pets")
        assert is_quiet(page)
        page.wait_for_function("document.querySelector('#stack-brush canvas').width === 32")
        settle(page)
        assert page.locator("#stack-code-3:visible").count() == 0
        assert pixels(page, "#stack-code-2-denoising-pets").any()
        assert page.locator("#stack-depths .le-tile:visible").count() == 2
        page.locator("#tab-denoising").get_by_role("button", name="The network").click()
        network = page.locator("#denoising-network select")
        network.select_option(label="mnist-mask50")
        page.wait_for_function("document.querySelector('#stack-brush canvas').width === 28")
        network.select_option(label="pets")
        page.wait_for_function("document.querySelector('#stack-brush canvas').width === 32")
        assert is_quiet(page)
    finally:
        stop_app(server)


def test_scenes_of_one_k_sparse_model_go_on_with_fewer_units(own):
    open_tab(own, "k-Sparse", "Atom by atom")
    model = own.locator(".le-controls:visible select").first
    model.select_option(label="k = 4 pets")
    assert is_quiet(own)
    assert pixels(own, "#ks-partial").shape[:2] == (16, 16)
    for scene in ("Sort and cut", "Filters", "Every k"):
        open_tab(own, "k-Sparse", scene)
        assert is_quiet(own), scene
    assert own.locator("#ks-x-hat .le-tile").count() == 1


def test_contractive_scenes_show_a_model_of_ones_own(own):
    open_tab(own, "Contractive")
    own.locator(".le-controls:visible select").first.select_option(label="pets")
    assert is_quiet(own)
    assert own.locator("#cae-maps .le-tile").count() == 1
    open_tab(own, "Contractive", "Push it")
    own.get_by_role("button", name="most contracted", exact=True).locator("visible=true").click()
    assert is_quiet(own)
    assert pixels(own, "#cae-pushed").shape[:2] == (16, 16)


def test_an_own_model_of_digits_has_a_row_and_titles_open_their_tabs_without_a_complaint(own):
    open_tab(own, "Start")
    row = own.locator("#start-rows .le-model").last
    assert "mine" in row.inner_text()
    own.locator("#start-rows").get_by_role("button", name="Denoising").click()
    assert is_quiet(own)
    assert "any noise" in own.locator("#denoise-output .le-chosen").inner_text()
