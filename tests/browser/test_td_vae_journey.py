"""A visitor scrubs how much the model is shown, plays futures, spoils frames, and listens to an oscillator."""

import re

import numpy as np

from tests.browser.hand import channels, fits, numbers, settle

FUTURES = "#td-futures .le-film:nth-of-type(7)"  # after three rulers, truth, mean and spread: the first future

PIXELS = "canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)"
READ = ("td-oscillator-one", "td-oscillator-many", "td-oscillator-kalman")


def open_tab(page, scene: str = "Futures") -> None:
    page.get_by_role("tab", name="TD-VAE", exact=True).click()
    page.wait_for_selector("#td-futures canvas[data-painted]")
    if scene != "Futures":
        page.get_by_role("tab", name=scene).click()
    settle(page)


def strip(page, name: str, frame: int) -> tuple[float, float]:
    """The middle of a frame, counted from 1, of the 20 on a strip."""
    box = page.locator(f"#{name} .le-film-strip").bounding_box()
    return box["x"] + (frame - 0.5) / 20 * box["width"], box["y"] + box["height"] / 2


def shown(page) -> int:
    return int(page.locator("#td-futures-context .le-film-grid").get_attribute("aria-valuenow"))


def test_dragging_over_what_happens_shows_the_model_more_and_gives_other_futures(page):
    open_tab(page)
    for name in ("td-futures-context", "td-futures", "td-futures-input", "td-shares"):
        fits(page, name)
    before = channels(page, FUTURES, 1)
    veil = page.locator("#td-futures-context .le-film-veil")
    assert veil.inner_text() == "not shown to the model"
    width = veil.bounding_box()["width"]
    page.mouse.move(*strip(page, "td-futures-context", 10))
    page.mouse.down()
    page.mouse.move(*strip(page, "td-futures-context", 15), steps=5)
    page.mouse.up()
    settle(page)
    assert shown(page) == 14  # counted from 0
    assert (channels(page, FUTURES, 1) != before).any()
    assert veil.bounding_box()["width"] < 0.6 * width
    page.locator("#td-futures-context .le-film-grid").focus()
    page.keyboard.press("Home")
    settle(page)
    assert shown(page) == 0


def test_films_play_in_step_and_can_be_seen_large(page):
    open_tab(page)
    films = page.locator("#td-futures .le-film-grid")
    films.focus()
    page.keyboard.press("ArrowRight")
    assert films.get_attribute("aria-valuetext") == "frame 12"
    places = {
        head.bounding_box()["y"]: head.bounding_box()["x"]
        for head in page.locator("#td-futures .le-film-playhead").all()
    }
    assert len(places) == 4  # rows of three films, each with its playhead in the same column
    play = page.locator("#td-futures").get_by_role("button", name="Play")
    play.click()
    page.wait_for_function(
        "() => document.querySelector('#td-futures .le-film-grid').getAttribute('aria-valuenow') !== '1'"
    )
    page.locator("#td-futures").get_by_role("button", name="Pause").click()
    page.locator("#td-futures").get_by_role("button", name="As films").click()
    films.focus()
    page.keyboard.press("End")
    assert page.locator("#td-futures canvas").first.bounding_box()["width"] >= 130
    last = channels(page, "#td-futures", 1)
    page.keyboard.press("ArrowLeft")
    assert (channels(page, "#td-futures", 1) != last).any()
    fits(page, "td-futures")


def test_a_finger_spoils_frames_and_the_belief_follows(page):
    open_tab(page, "Blind it")
    for group in ("clear", "blind", "smoothed"):
        fits(page, f"td-{group}-samples")
        fits(page, f"td-{group}-numbers")
    page.get_by_role("button", name="All clear").click()
    settle(page)
    assert numbers(page, "#td-blind-numbers") == numbers(page, "#td-clear-numbers")
    spoil(page, 7, 10)
    assert page.locator("#td-spoilt .le-film-marked").count() == 4
    assert numbers(page, "#td-blind-numbers")[0] < 1, "where it goes was seen"
    spoil(page, 6, 2)
    assert page.locator("#td-spoilt .le-film-marked").count() == 9
    assert numbers(page, "#td-blind-numbers")[0] > 1, "it may have gone either way"
    assert numbers(page, "#td-clear-numbers")[0] < 1


def spoil(page, first: int, last: int) -> None:
    """Drag over frames, from the first to the last."""
    page.mouse.move(*strip(page, "td-spoilt", first))
    page.mouse.down()
    page.mouse.move(*strip(page, "td-spoilt", last), steps=12)
    page.mouse.up()
    settle(page)


def test_the_ways_to_one_time_stand_side_by_side(page):
    open_tab(page, "One jump or several")
    for way in ("one", "two", "six"):
        fits(page, f"td-{way}")
    before = channels(page, "#td-one", 1)
    page.get_by_role("button", name="Draw again").locator("visible=true").click()
    settle(page)
    assert (channels(page, "#td-one", 1) != before).any()


def test_an_oscillator_is_foretold_from_what_was_heard(page):
    open_tab(page, "Oscillator")
    page.wait_for_selector("#td-oscillator canvas[data-painted]")
    settle(page)
    for name in ("td-oscillator", "td-oscillator-controls", *READ):
        fits(page, name)
    before, read = channels(page, "#td-oscillator", 3), numbers(page, "#td-oscillator-one")
    calls = [re.findall(r"\d+", page.inner_text(f"#{name}"))[-2] for name in READ[:2]]  # then milliseconds
    assert calls == ["1", "120"]
    page.locator("#td-oscillator-controls input").first.fill("30")
    settle(page)
    assert (channels(page, "#td-oscillator", 3) != before).any()
    assert numbers(page, "#td-oscillator-one") != read
    assert np.isfinite(read).all()


def test_without_pushes_what_could_have_come_is_what_came(page):
    open_tab(page, "Oscillator")
    page.wait_for_selector("#td-oscillator canvas[data-painted]")
    settle(page)
    pushed = coloured(page)
    page.get_by_label("pushes").fill("0")
    settle(page)
    assert coloured(page) < 0.5 * pushed


def coloured(page) -> int:
    """Pixels of the chart that are as blue as what comes and what could have come."""
    red, green, blue = channels(page, "#td-oscillator", 3).astype(int)
    return ((blue > red + 30) & (green > red + 20)).sum()


def test_a_jump_is_lit_distribution_by_distribution_with_the_pictures_of_its_futures(page):
    open_tab(page)
    page.get_by_role("tab", name="Inside a jump").click()
    page.wait_for_selector("#td-graph .le-graph[data-painted]")
    settle(page)
    lit = "nodes => nodes.map(node => node.getAttribute('class'))"
    graph, step = page.locator("#td-graph"), page.locator("#td-graph-controls input").first
    step.fill("0")
    assert page.locator("#td-graph svg g").evaluate_all(lit) == ["le-now", *["le-ahead"] * 5]
    assert graph.locator("canvas").count() == 20  # what happens, and nothing that is made of it
    step.fill("3")
    assert "from t₁ = 10 to t₂ = 12 in one jump" in graph.inner_text()
    assert graph.locator("canvas").count() == 21
    step.fill("4")
    now, later = (np.array(graph.locator("canvas").nth(index).evaluate(PIXELS)) for index in (20, 21))
    page.get_by_role("tab", name="Futures", exact=True).click()
    settle(page)
    film = channels(page, FUTURES, 1)[0]  # the belief, then a picture for each jump
    np.testing.assert_array_equal(now.reshape(28, 28), film[:28, :28])
    np.testing.assert_array_equal(later.reshape(28, 28), film[:28, 29:57])
