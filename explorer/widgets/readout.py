"""Numbers that follow the scene, with bars where their size matters."""

from typing import Any

import gradio as gr

from explorer.page.check import NUMBER, NUMBERS, Ports
from explorer.widgets.component import component


def value(
    key: str, label: str, symbol: str = "", digits: int = 2, unit: str = "", bar: float = 0, warn: tuple | None = None
) -> dict[str, Any]:
    """One number, or a short list of them.

    Arguments:
        key: Of a number or of an array.
        label: What it is called.
        symbol: Name of the symbol's colour.
        digits: Decimals printed.
        unit: Printed behind the number.
        bar: Number at which a bar behind it is full; 0 for none.
        warn: (limit, sentence): the sentence is shown where the number is above the limit.
    """
    return {name: part for name, part in locals().items() if part is not None}


def readout(
    items: list[dict[str, Any]], *, in_a_row: bool = False, show_if: dict | None = None, elem_id: str | None = None
) -> gr.HTML:
    """Numbers one below the other.

    Arguments:
        items: Made by value.
        in_a_row: Whether they stand beside each other instead.
        show_if: {"key": …, "values": […]}: shown only while the key has one of the values; with "not": True, none.
        elem_id: Identifier in the page.
    """
    return component(
        "readout",
        elem_id,
        items=items,
        in_a_row=in_a_row,
        show_if=show_if,
        ports=Ports(reads={item["key"]: NUMBER | NUMBERS for item in items}),
    )
