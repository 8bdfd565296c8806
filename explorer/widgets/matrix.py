"""A table of numbers as a heat map whose cells can be chosen."""

from typing import Any

import gradio as gr

from explorer.page.check import ANY, NUMBERS, Ports
from explorer.widgets.component import component


def matrix(
    values: str | list[list[float]],
    title: str,
    rows: list[str],
    columns: list[str],
    *,
    row_label: str,
    column_label: str,
    digits: int = 1,
    pick: list[list[dict[str, Any]]] | None = None,
    hint: str = "",
    show_if: dict | None = None,
    elem_id: str | None = None,
) -> gr.HTML:
    """Numbers printed in cells whose shade says how large they are.

    Arguments:
        values: The numbers row by row, or the key of a float32 (rows, columns).
        title: What the numbers are.
        rows: Names of the rows.
        columns: Names of the columns.
        row_label: What the rows are.
        column_label: What the columns are.
        digits: Decimals printed.
        pick: For each cell the keys a click sets, with their values; the cells that have the present ones are framed.
        hint: What a click does, said beside the title.
        show_if: {"key": …, "values": […]}: shown only while the key has one of the values; with "not": True, none.
        elem_id: Identifier in the page.
    """
    props = locals()
    picked = [key for row in pick or [] for cell in row for key in cell]
    return component(
        "matrix",
        **props,
        ports=Ports(
            reads=dict.fromkeys(picked, ANY) | ({values: NUMBERS} if isinstance(values, str) else {}),
            sets=dict.fromkeys(picked, ANY),
        ),
    )
