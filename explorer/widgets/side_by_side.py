"""A few pictures in a row, each with its name and its numbers: what several models make of one input."""

from typing import Any

import gradio as gr

from explorer.page.check import NUMBER, NUMBERS, PICTURES, TEXT, Ports
from explorer.widgets.component import component


def caption(key: str, text: str, digits: int = 1) -> dict[str, Any]:
    """A number below each picture.

    Arguments:
        key: Of the numbers, float32 (N,).
        text: How one is printed; {} is replaced by it.
        digits: Decimals printed.
    """
    return {"key": key, "text": text, "digits": digits}


def side_by_side(
    pictures: str | list[str],
    title: str,
    names: list[str] | dict[str, list[str]],
    *,
    names_by: str = "",
    captions: list[dict[str, Any]] | None = None,
    tile: int = 150,
    least: int = 0,
    columns: int = 6,
    symbol: str = "x-hat",
    focus: str = "",
    hint: str = "",
    elem_id: str | None = None,
) -> gr.HTML:
    """Pictures of keys that hold uint8 (N, C, H, W), each on a canvas of its own.

    Arguments:
        pictures: The key, or several, whose pictures stand one after the other.
        title: What the pictures are.
        names: Of the pictures; or, by each value of names_by, of the pictures then shown.
        names_by: Key that names depend on.
        captions: Made by caption.
        tile: Width of a picture on screen, in CSS pixels.
        least: Width that pictures shrink to where there is no room; 0 lets them be scrolled.
        columns: Pictures in a row.
        symbol: Name of the symbol's colour for the title.
        focus: Key of the chosen picture's index: framed, and set by a click.
        hint: What a click does, said beside the title.
        elem_id: Identifier in the page.
    """
    pictures = [pictures] if isinstance(pictures, str) else pictures
    return component(
        "side_by_side",
        **(locals() | {"captions": captions or []}),
        ports=Ports(
            reads={
                **dict.fromkeys(pictures, PICTURES),
                **{one["key"]: NUMBERS | NUMBER for one in captions or []},
                **({names_by: TEXT} if names_by else {}),
            },
            sets={focus: NUMBER} if focus else {},
        ),
    )
