"""A tour that is left and gone on with, and a walk of one's own: made, saved, damaged, loaded, handed out."""

import json
import re

from tests.browser.hand import settle
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


def test_a_walk_of_one_s_own_survives_export_import_and_a_damaged_byte(open_page, tmp_path):
    page = on_start(open_page)
    page.get_by_role("link", name="A walk of your own").click()
    for number in range(3):
        page.locator("#start-noise input[type=range]").first.fill(str(0.5 + number / 10))
        settle(page)
        page.get_by_role("button", name="Add this scene").click()
        page.locator(".le-editor li").nth(number).wait_for()
        page.locator(".le-editor li").nth(number).get_by_placeholder("Sentence").fill(f"{SENTENCE} {number}")
    page.get_by_role("button", name="Earlier: stop 3").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    text = saved.value.path().read_text(encoding="utf-8")
    stops = json.loads(text)["stops"]
    assert [stop["sentence"][-1] for stop in stops] == ["0", "2", "1"]
    assert ["level=0.7" in stop["link"] for stop in stops] == [False, True, False]

    at = text.index("level=0.7")
    (tmp_path / "damaged.json").write_text(text[:at] + '"' + text[at + 1 :], encoding="utf-8")
    other = on_start(open_page)
    other.get_by_role("link", name="A walk of your own").click()
    with other.expect_file_chooser() as chooser:
        other.get_by_role("button", name="Load a file").click()
    chooser.value.set_files(tmp_path / "damaged.json")
    other.wait_for_function("() => document.querySelector('.le-notice')?.textContent.includes('damaged')")
    assert other.locator(".le-editor li").count() == 2
    other.locator(".le-editor").get_by_role("button", name="Tour").click()
    other.wait_for_selector(".le-bar .le-sentence")
    assert other.inner_text(".le-sentence") == f"{SENTENCE} 0"
    assert other.title() == "Latent Explorer"


def test_a_handout_is_one_file_that_holds_every_picture(open_page):
    page = on_start(open_page)
    page.get_by_role("link", name="A walk of your own").click()
    page.get_by_role("button", name="Add this scene").click()
    page.locator(".le-editor li").first.get_by_placeholder("Sentence").fill(SENTENCE)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Handout").click()
    text = saved.value.path().read_text(encoding="utf-8")
    assert len(re.findall(r'<img[^>]* src="data:image/png;base64,', text)) >= 3
    assert re.findall(r'(?:src|srcset|xlink:href)="(?!data:)', text) == []
    assert "<svg" in text
    sheet = page.context.new_page()
    sheet.set_content(text)
    assert SENTENCE in sheet.inner_text("h2")
    assert sheet.title() == "My walk"
