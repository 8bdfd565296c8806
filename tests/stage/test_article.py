"""The walk that ships: every stop opens what it says, in the app as it ships."""

import json
import re
from urllib.parse import parse_qsl

import gradio as gr
import pytest

import app
from explorer.stage.page import HERE
from explorer.tabs import TABS
from tests.conftest import ROOT

WALK = json.loads((HERE / "article.json").read_text(encoding="utf-8"))
STOPS = [pytest.param(stop, id=f"{number}") for number, stop in enumerate(WALK["stops"], 1)]
WORDS = 12  # of a sentence that is read from the last row while somebody speaks


@pytest.fixture(scope="module")
def tabs() -> dict[str, list[gr.blocks.Block]]:
    """All that stands in each tab, by its stem."""
    demo = app.build(app.Pool(ROOT / "checkpoints"))
    found: dict[str, list[gr.blocks.Block]] = {stem: [] for stem in TABS}
    for block in demo.blocks.values():
        if stem := stem_of(block):
            found[stem].append(block)
    return found


def stem_of(block) -> str | None:
    """The tab a block stands in."""
    while block is not None:
        if (block.elem_id or "").startswith("tab-"):
            return block.elem_id.removeprefix("tab-")
        block = block.parent
    return None


def asked(stop: dict) -> dict[str, str]:
    return dict(parse_qsl(stop["link"]))


def slug(title: str) -> str:
    return re.sub(r"[^\w]+", "-", title.strip().lower())


@pytest.mark.parametrize("stop", STOPS)
def test_a_stop_names_a_tab_a_part_and_widgets_that_are_there(stop, tabs):
    blocks = tabs[asked(stop)["tab"]]
    assert {stop["ring"], *stop["show"]} <= {block.elem_id for block in blocks}
    if part := asked(stop).get("part"):
        assert part in {slug(block.label) for block in blocks if isinstance(block, gr.Tab) and block.label}


@pytest.mark.parametrize("stop", STOPS)
def test_a_stop_sets_keys_that_its_tab_holds_and_models_that_ship(stop, tabs):
    (page,) = (block.props for block in tabs[asked(stop)["tab"]] if getattr(block, "script", "") == "tab_setup")
    keys = {key.removeprefix("."): value for key, value in asked(stop).items() if key not in ("v", "tab", "part")}
    assert set(keys) <= set(page["linked"])
    if "checkpoint" in keys:
        assert (ROOT / "checkpoints" / keys["checkpoint"] / "config.json").is_file()


@pytest.mark.parametrize("stop", STOPS)
def test_a_stop_has_few_words_something_to_do_and_a_note(stop):
    assert len(stop["sentence"].split()) <= WORDS
    assert stop["do"]
    assert stop["note"]
    assert stop["ring"] in stop["show"]


def test_the_walk_goes_through_every_family_in_the_article_s_order():
    stems = list(dict.fromkeys(asked(stop)["tab"] for stop in WALK["stops"]))
    assert stems == [stem for stem in TABS if stem != "map"]
    assert len(WALK["stops"]) == 14
