"""A tour that is left and gone on with, and a walk of one's own: made, saved, damaged, loaded, handed out."""

from tests.browser.talk import STOPS, stop_of

SENTENCE = '<img src=x onerror="document.title=1"> A picture & a "code".'


def on_start(open_page):
    page = open_page()
    page.wait_for_selector("#start-rows canvas[data-painted]")
    return page


def test_a_tour_is_one_click_away_and_goes_on_where_it_was_left(open_page):
    page = on_start(open_page)
    page.get_by_role("link", name="Tour of the article").click()
    page.wait_for_selector(".le-bar .le-sentence")
    assert page.inner_text(".le-sentence") == STOPS[0]["sentence"]
    page.get_by_role("button", name="Next", exact=True).click()
    page.wait_for_selector("#ae-pad.le-ring")
    assert page.inner_text(".le-do") == STOPS[1]["do"]
    page.get_by_role("button", name="Leave").click()
    page.wait_for_selector(".le-bar", state="detached")
    page.get_by_role("tab", name="Start", exact=True).click()
    page.get_by_role("link", name="Tour of the article").click()
    page.wait_for_selector("#ae-pad.le-ring")
    assert stop_of(page) == 2
