"""Lines over an axis that follow the scene; plotly is for figures that stand still."""

import gradio as gr

from explorer.page.check import NUMBER, NUMBERS, Ports
from explorer.widgets.component import component


def curves(
    x: str,
    lines: dict[str, str],
    *,
    x_label: str,
    y_label: str,
    top: float = 0,
    bottom: float = 0,
    log: bool = False,
    bars: list[str] | None = None,
    whole: bool = False,
    dots: list[str] | None = None,
    bands: list[str] | None = None,
    thin: list[str] | None = None,
    marks: dict[str, str] | None = None,
    width: int = 620,
    height: int = 300,
    show_if: dict | None = None,
    elem_id: str | None = None,
) -> gr.HTML:
    """Lines drawn anew whenever one of their keys changes.

    Arguments:
        x: Key of the common abscissae: float32 (N,).
        lines: Key of the ordinates, float32 (N,), or (M, N) of several lines, to (symbol's colour and name, as
            "colour: name"); where they are not finite, nothing is drawn.
        x_label: What the axis shows.
        y_label: What the lines are.
        top: Upper end of the axis; what lies above is cut. 0 follows the largest value.
        bottom: Lower end of the axis.
        log: Whether the axis of the lines is logarithmic; bottom is then above 0.
        bars: Keys of lines that are drawn as bars.
        whole: Whether only whole numbers are marked on the axis of x.
        dots: Keys of lines that are drawn as dots.
        bands: Keys of two lines (2, N) between which the area is filled.
        thin: Keys of lines that are drawn thin and pale, because there are many.
        marks: Key of a number on the axis of x, where a line stands upright, to colour and name as in lines.
        width: On screen, in CSS pixels.
        height: On screen, in CSS pixels.
        show_if: {"key": …, "values": […]}: shown only while the key has one of the values; with "not": True, none.
        elem_id: Identifier in the page.
    """
    return component(
        "curves",
        **locals(),
        ports=Ports(reads={x: NUMBERS, **dict.fromkeys(lines, NUMBERS), **dict.fromkeys(marks or {}, NUMBER)}),
    )
