"""What a tab sends to its page of each checkpoint is read there by somebody, and little."""

import json
import re

import pytest

import app
from explorer.widgets.component import HERE
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def tabs() -> dict[str, list[tuple[str, dict]]]:
    """Script and props of every widget, by the state it is bound to."""
    found = {}
    for component in app.build(app.Pool(ROOT / "checkpoints")).get_config_file()["components"]:
        props = component["props"].get("props") or {}
        if "tab" in props:
            script = re.search(r"load\('(\w+)'", component["props"]["js_on_load"])[1]
            found.setdefault(props["tab"], []).append((script, props))
    return found


def strings(value) -> set[str]:
    """All strings in a value of JSON, names of objects too."""
    if isinstance(value, dict):
        return set(value) | {text for part in value.values() for text in strings(part)}
    if isinstance(value, list):
        return {text for part in value for text in strings(part)}
    return {value} if isinstance(value, str) else set()


def is_read(key: str, widgets: list[tuple[str, dict]]) -> bool:
    """Whether a key is named by a widget's arguments or script, by a rule that takes it, or by the program."""
    for script, props in widgets:
        if script == "tab_setup":
            taken = [rule[part] for rule in props["rules"] for part in ("when", "using", "where")]
            if key in strings([taken, props["python"], [list(rule["where"]) for rule in props["rules"]]]):
                return True
        elif any(key in text for text in strings(props)) or written(key, script):
            return True
    return False


def written(key: str, script: str) -> bool:
    """Whether a script names the key, a part of a longer name counted: numbers and prefixes are put together there."""
    text = (HERE / f"{script}.js").read_text()
    stem = re.sub(r"_?\d+$", "", key)
    return any(stem in name or (name and name in stem) for name in re.findall(r"['`](\w+?)_?(?:\$\{\w+\})?['`]", text))


def test_no_fact_is_sent_that_nobody_reads(tabs):
    for name, widgets in tabs.items():
        facts = next(props["facts"] for script, props in widgets if script == "tab_setup")
        keys = {key for fact in facts.values() for key in fact}
        assert {key for key in keys if not is_read(key, widgets)} == set(), name


def test_facts_are_few_bytes(tabs):
    for name, widgets in tabs.items():
        facts = next(props["facts"] for script, props in widgets if script == "tab_setup")
        assert all(len(json.dumps(fact)) < 4_000 for fact in facts.values()), name
