"""A link opens the scene it was made from, in a browser that has never seen the page."""

import numpy as np
import pytest

from tests.browser.hand import pixels, settle, started
from tests.browser.test_denoising_journey import stroke

# Scenes by the query that calls them up; the text of the rest is filled in by the page itself.
SCENES = [
    "tab=start&level=0.6&kind=gaussian&seed=4",
    "tab=start&kind=blocks&x=*mnist.42",
    "tab=autoencoder&x=*mnist.77",
    "tab=autoencoder&checkpoint=autoencoder/mnist-30d&x=*mnist.9&pca_dim=12",
    "tab=autoencoder&checkpoint=autoencoder/fashion-16d&x=*fashion.33",
    "tab=denoising&kind=salt_and_pepper&level=0.25&seed=9&times=3&focus=2",
    "tab=denoising&data=fashion&x=*fashion.5",
    "tab=denoising&part=filters&.page=3&unit=317&unit_model=denoising/mnist-mask50",
    "tab=sparse&x=*mnist.201&unit=12&factor=3",
    "tab=sparse&part=the-whole-layer&checkpoint=sparse/mnist-rho05&rho=0.2",
    "tab=k_sparse&k=7&x=*mnist.310",
    "tab=k_sparse&part=atom-by-atom&n=3&checkpoint=k_sparse/mnist-k40",
    "tab=contractive&part=push-it&amount=6&direction_index=2&x=*mnist.123",
    "tab=vae&part=sample-the-prior&prior_seed=5&checkpoint=vae/mnist-50d",
    "tab=vae&part=between-two-pictures&x=*mnist.3&x_end=*mnist.150",
    "tab=vae&epsilon_seed=8&x=*mnist.61",
    "tab=beta_vae&dsprites+posX=3&dsprites+shape=0",
    "tab=beta_vae&checkpoint=beta_vae/shapes3d-beta1&shapes3d+object+hue=7",
    "tab=vq_vae&x=*cifar10.14&code=100",
    "tab=vq_vae_2&x=*emoji.30",
    "tab=vq_vae_2&part=sampling&label=3&seed=4",
]


SHOWN = "[...document.querySelectorAll('canvas[data-painted]')].filter(node => node.checkVisibility())"


def seen(page) -> list[np.ndarray]:
    """What every canvas on the page shows that was painted from arrays."""
    settle(page)
    settle(page)
    return [
        np.array(values, np.uint8)
        for values in page.evaluate(
            f"() => {SHOWN}.map(node => "
            "Array.from(node.getContext('2d').getImageData(0, 0, node.width, node.height).data))"
        )
    ]


def opened(open_page, address, query):
    page = open_page(f"{address}/?v=1&{query}")
    page.wait_for_selector("canvas[data-painted]:visible")
    return page


@pytest.mark.parametrize("query", SCENES)
def test_a_copied_link_shows_the_same_pixels_in_a_fresh_browser(open_page, address, query):
    page = opened(open_page, address, query)
    before = seen(page)
    page.wait_for_timeout(400)  # until the address has followed
    for key in dict(pair.split("=", 1) for pair in query.split("&")):
        assert f"{key}=" in page.url, "the address forgot what the link asked for"
    copy = open_page(page.url)
    copy.wait_for_function(f"() => ({SHOWN}).length === {len(before)}")
    again = seen(copy)
    assert len(before) == len(again) > 0
    for one, other in zip(before, again, strict=True):
        np.testing.assert_array_equal(one, other)


def copied(page, open_page):
    """Another browser at the page's address."""
    page.wait_for_timeout(400)
    other = open_page(page.url)
    other.wait_for_selector("canvas[data-painted]:visible")
    settle(other)
    settle(other)
    return other


def test_a_code_set_by_hand_survives_a_link_and_a_reload(page, open_page):
    page.mouse.click(*corner(page, "#ae-pad", 0.2))
    page.mouse.move(5, 5)
    settle(page)
    before = pixels(page, "#ae-output")
    np.testing.assert_array_equal(pixels(copied(page, open_page), "#ae-output"), before)
    page.reload()
    page.wait_for_selector("#ae-output canvas[data-painted]")
    settle(page)
    np.testing.assert_array_equal(pixels(page, "#ae-output"), before)


def corner(page, pad: str, share: float) -> tuple[float, float]:
    box = page.locator(f"{pad} .le-over").bounding_box()
    return box["x"] + share * box["width"], box["y"] + share * box["height"]


def test_a_drawn_digit_and_a_brushed_one_survive_a_link(open_page):
    page = open_page()
    page.wait_for_selector("#start-rows canvas[data-painted]")
    page.locator("#start-input button", has_text="Clear").click()
    stroke(page, "#start-input")
    stroke(page, "#start-brush")
    other = copied(page, open_page)
    for name in ("#start-input", "#start-brush", "#start-rows .le-made"):
        np.testing.assert_array_equal(pixels(other, name), pixels(page, name))
    assert len(page.url) < 1500


def test_undo_and_redo_walk_over_what_was_done(page):
    page.wait_for_timeout(400)  # the page takes note of a scene when the hand rests
    first = pixels(page, "#ae-output")
    page.mouse.click(*corner(page, "#ae-pad", 0.2))
    page.mouse.move(5, 5)
    settle(page)
    page.wait_for_timeout(400)
    second = pixels(page, "#ae-output")
    page.keyboard.press("Control+z")
    settle(page)
    np.testing.assert_array_equal(pixels(page, "#ae-output"), first)
    page.keyboard.press("Control+Shift+z")
    settle(page)
    np.testing.assert_array_equal(pixels(page, "#ae-output"), second)
    page.get_by_role("button", name="Undo (Ctrl-Z)").click()
    settle(page)
    np.testing.assert_array_equal(pixels(page, "#ae-output"), first)


def test_what_is_done_right_after_a_tab_was_opened_is_a_step_of_its_own(page):
    page.get_by_role("tab", name="VAE", exact=True).click()
    page.wait_for_selector("#vae-output canvas[data-painted]")
    page.get_by_role("tab", name="Autoencoder", exact=True).click()
    settle(page)
    page.wait_for_timeout(400)
    page.evaluate(
        """async () => {
            document.querySelector('#tabs > .tab-wrapper [data-tab-id="vae"]').click();
            const buttons = [...document.querySelectorAll('#tab-vae button')];
            const draw = buttons.find(node => /Draw ε/.test(node.textContent));
            while (!draw.offsetParent) await new Promise(requestAnimationFrame);
            draw.click();
        }"""
    )
    settle(page)
    page.keyboard.press("Control+z")
    settle(page)
    assert page.locator("#vae-output").is_visible()
    assert page.get_by_role("button", name="Undo (Ctrl-Z)").is_enabled()


def test_back_and_forward_go_over_tabs_models_and_pictures(page):
    page.wait_for_timeout(400)
    page.locator("select:visible").first.select_option("autoencoder/mnist-30d")
    settle(page)
    page.wait_for_timeout(400)
    page.get_by_role("tab", name="VAE", exact=True).click()
    page.wait_for_selector("#vae-output canvas[data-painted]")
    page.wait_for_timeout(400)
    page.go_back()
    settle(page)
    assert page.locator("select:visible").first.input_value() == "autoencoder/mnist-30d"
    page.go_back()
    settle(page)
    assert page.locator("select:visible").first.input_value() == "autoencoder/mnist-2d"
    page.go_forward()
    page.go_forward()
    page.wait_for_selector("#vae-output:visible")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("v=1&tab=autoencoder&x=*mnist.77&z=*f2.dqF7", "“z” in this link is damaged"),
        ("v=1&tab=autoencoder&x=*mnist.77&z=*F2.____", "“z” in this link is damaged"),
        ("v=7&tab=autoencoder&x=*mnist.77", "has the format 7"),
        ("v=1&tab=autoencoder&x=*mnist.77&mood=blue", "mood"),
        ("v=1&tab=autoencoder&x=*mnist.77&checkpoint=autoencoder/no-such", "model autoencoder/no-such"),
        ("v=1&tab=autoencoder&x=*mnist.77&part=attic", "the part “attic”"),
    ],
)
def test_a_damaged_link_shows_what_could_be_read_and_says_what_could_not(open_page, address, query, said):
    page = open_page(f"{address}/?{query}")
    page.wait_for_selector("#ae-output canvas[data-painted]")
    page.wait_for_function("text => document.querySelector('.le-notice')?.textContent.includes(text)", arg=said)
    whole = open_page(f"{address}/?v=1&tab=autoencoder&x=*mnist.77")
    whole.wait_for_selector("#ae-output canvas[data-painted]")
    settle(page)
    settle(whole)
    np.testing.assert_array_equal(pixels(page, "#ae-output"), pixels(whole, "#ae-output"))


def test_a_number_where_a_list_belongs_is_left_out(open_page, address):
    page = open_page(f"{address}/?v=1&tab=td_vae&part=blind-it&marks=3&t=7")
    said = "() => document.querySelector('.le-notice')?.textContent.includes('what is not here: marks')"
    page.wait_for_function(said)
    page.wait_for_selector("#td-spoilt .le-film-marked:visible")
    settle(page)
    assert page.locator("#td-spoilt .le-film-marked").count() == 9
    assert "7" in page.inner_text("#td-blinding")


def test_a_link_to_a_tab_that_is_not_here_says_so(open_page, address):
    page = open_page(f"{address}/?v=1&tab=cellar")
    page.wait_for_function("() => document.querySelector('.le-notice')?.textContent.includes('“cellar”')")


def test_whatever_a_scene_holds_comes_back_from_its_text(page):
    same = page.evaluate(
        """async () => {
            const {read, write} = await import('/widgets/link_format.js');
            const bytes = {data: Uint8Array.from({length: 784}, (_, i) => i % 251), shape: [1, 28, 28],
                source: {data: 'mnist', name: ''}};
            const choices = {
                level: .35, page: -3, tiny: 1e-7, kind: 'salt_and_pepper', checkpoint: 'vae/mnist-50d', word: '*star',
                digits: '12', none: null, list: [1, [2]], x: bytes, 'dsprites posX': 3, amp: 'a&b=c d+e',
                page: 4, view: 'v',
                z: {data: Float32Array.of(.1, -2.5, 1 / 3), shape: [3]},
                codes: {data: Float32Array.from({length: 64}, (_, i) => 511 - i), shape: [8, 8]},
            };
            const link = await read(await write({tab: 'vae', part: 'a-part', choices}));
            const plain = (_, value) => (value?.data && value.shape
                ? [value.shape, Array.from(value.data), value.source?.data] : value);
            const [before, after] = [choices, link.choices].map(one => JSON.stringify(one, plain));
            return [link.tab, link.part, link.problems.length, before === after];
        }"""
    )
    assert same == ["vae", "a-part", 0, True]


@pytest.fixture
def page(open_page):
    page = open_page()
    started(page)
    return page
