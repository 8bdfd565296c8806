"""Every scene says in one line what to do there; the line goes once that was done, and nothing moves."""

import pytest

from tests.browser.hand import settle, started

LINE = ".le-cue:visible"


def shown(page) -> list[str]:
    """The lines that are seen; of one that was done only the room is left."""
    return [cue.inner_text() for cue in page.locator(LINE).all()]


def test_the_line_goes_when_it_was_done_and_nothing_moves(page):
    page.get_by_role("tab", name="VAE", exact=True).click()
    page.wait_for_selector("#vae-output canvas[data-painted]")
    (line,) = shown(page)
    assert line.startswith("Draw ε")
    panel = page.locator("#tab-vae [role=tabpanel]:visible").first
    described = panel.get_attribute("aria-describedby")
    assert page.inner_text(f"#{described}") == line
    before = page.locator("#vae-output").bounding_box()
    page.get_by_role("button", name="Draw ε").click()
    settle(page)
    assert shown(page) == []
    assert page.locator("#vae-output").bounding_box() == before
    assert panel.get_attribute("aria-describedby") is None
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert shown(page) == []


def test_a_link_does_not_do_it_for_the_visitor(open_page, address):
    page = open_page(f"{address}/?v=3&tab=vae&epsilon_seed=3")
    page.wait_for_selector("#vae-output canvas[data-painted]")
    settle(page)
    assert len(shown(page)) == 1


@pytest.mark.parametrize("stem", ["start", "autoencoder", "contractive", "vae", "beta_vae", "vq_vae", "td_vae", "map"])
def test_every_scene_has_one_line_of_one_line(page, stem):
    page.click(f'#tabs > .tab-wrapper [role="tab"][data-tab-id="{stem}"]')
    scenes = page.locator(f"#tab-{stem} > * > .tabs > .tab-wrapper [role=tab]").all() or [None]
    for scene in scenes:
        if scene:
            scene.click()
        page.wait_for_selector(f"#tab-{stem} {LINE}")
        settle(page)
        assert len(shown(page)) == 1, scene and scene.inner_text()
        if scene:
            assert page.locator(LINE).bounding_box()["height"] < 30, scene.inner_text()


def test_a_talk_shows_no_such_line(page):
    started(page)
    page.evaluate("document.documentElement.classList.add('le-talk')")
    assert shown(page) == []
