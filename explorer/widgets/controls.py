"""Choices, sliders and buttons bound to keys of the page's state."""

from typing import Any

import gradio as gr

from explorer.page.check import ANY, NUMBER, TEXT, Ports
from explorer.widgets.component import component


def choice(
    key: str,
    label: str,
    options: dict[str, str],
    whole: bool = False,
    groups: dict[str, str] | None = None,
    also: dict[str, dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """One of several values: {value: what it is called}; whole numbers where the key holds such.

    With groups, {value: title}, those of one title stand together under it; also, {value: {key: value}}, are further
    keys that a hand's choice sets.
    """
    return {"kind": "choice"} | locals()


def menu(key: str, label: str, options: str, whole: bool = False) -> dict[str, Any]:
    """As choice, of values that depend on the model: the key options holds {value: what it is called}."""
    return {"kind": "menu"} | locals()


def slider(
    key: str,
    label: str,
    low: float,
    high: float,
    step: float,
    symbol: str = "",
    names: list[str] | None = None,
    by: dict[str, Any] | None = None,
    values: list[str] | None = None,
) -> dict[str, Any]:
    """A number from low to high.

    Names, if given, are what its values 0, 1, … are called; by, {"key": …, "units": {value: unit}}, says what it is a
    number of while that key has a value. With values, the key holds one of these instead of its number.
    """
    return {"kind": "slider"} | locals()


def stepper(key: str, label: str, last: str, symbol: str = "") -> dict[str, Any]:
    """A whole number from 0 to the one under the key last, with a button for one less and one for one more."""
    return {"kind": "stepper", "key": key, "label": label, "last": last, "symbol": symbol}


def counter(key: str, label: str, symbol: str = "") -> dict[str, Any]:
    """A button that raises a whole number by one, and says which it is: a seed to draw again."""
    return {"kind": "counter", "key": key, "label": label, "symbol": symbol}


def download(label: str, ask: str, values: dict[str, str], filename: str) -> dict[str, Any]:
    """A button that saves a file: the bytes that a handler gives as "file" for its arguments, {argument: key}."""
    return {"kind": "download"} | locals()


def opener(label: str, chooses: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A button that opens the tab of the model under "checkpoint" with the test picture under "x".

    The model is chosen there as chooses says of its name, by keys and values, or else by "checkpoint".
    Of a rendered picture, "factors" and "factor_names" tell where that tab's knobs stand; "index" is its number.
    """
    return {"kind": "opener", "label": label, "chooses": chooses}


def setter(label: str, values: dict[str, Any], symbol: str = "") -> dict[str, Any]:
    """A button that sets keys to fixed values."""
    return {"kind": "setter", "label": label, "values": values, "symbol": symbol}


def controls(items: list[dict[str, Any]], *, show_if: dict | None = None, elem_id: str | None = None) -> gr.HTML:
    """A row of controls.

    Arguments:
        items: Made by choice, menu, slider, stepper, counter, opener, setter and download.
        show_if: {"key": …, "values": […]}: shown only while the key has one of the values; with "not": True, none.
        elem_id: Identifier in the page.
    """
    return component("controls", elem_id, items=items, show_if=show_if, ports=ports_of(items))


def ports_of(items: list[dict[str, Any]]) -> Ports:
    """What controls read and set."""
    ports = Ports(reads={}, sets={})
    for item in items:
        for part in ("options", "last"):
            if isinstance(item.get(part), str):
                ports.reads[item[part]] = ANY
        if item.get("by"):
            ports.reads[item["by"]["key"]] = TEXT
        if item["kind"] == "download":
            ports.reads |= dict.fromkeys(item["values"].values(), ANY)
        elif item["kind"] == "opener":
            ports.reads |= dict.fromkeys(("checkpoint", "data", "x", "index", "factors", "factor_names"), ANY)
        elif item["kind"] == "setter":
            ports.sets |= dict.fromkeys(item["values"], ANY)
        else:
            for others in (item.get("also") or {}).values():
                ports.sets |= dict.fromkeys(others, ANY)
            kind = TEXT | NUMBER if item["kind"] in ("choice", "menu") else NUMBER
            ports.sets[item["key"]] = TEXT if item.get("values") else kind
    return ports
