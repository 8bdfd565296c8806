"""Films: rows of frames under one playhead. All frames come at once, the animation is in the page."""

from typing import Any

import gradio as gr

from explorer.page.check import NUMBER, NUMBERS, OTHER, PICTURES, Ports
from explorer.widgets.component import component


def film(key: str, title: str, symbol: str = "", *, index: int = 0, number: str = "", every: int = 1) -> dict[str, Any]:
    """One row.

    Arguments:
        key: Of its frames, uint8 (N, C, H, W), or of several rows' frames, (R, N, C, H, W).
        title: What it shows; {} is replaced by its number.
        symbol: Name of the symbol's colour for the title.
        index: Which of several rows it is.
        number: Key of the rows' numbers (R,), for the title.
        every: Columns from each of its frames to the next; between them nothing is shown.
    """
    return locals()


def filmstrip(
    films: list[dict[str, Any]],
    title: str,
    *,
    times: str,
    cursor: str,
    first: int = 0,
    shown: str = "",
    marks: str = "",
    brush: str = "",
    movie: str = "",
    movie_tile: int = 140,
    columns: int = 1,
    width: int = 1000,
    tile: int = 60,
    rate: int = 6,
    symbol: str = "",
    hint: str = "",
    veil: str = "not shown to the model",
    elem_id: str | None = None,
) -> gr.HTML:
    """Rows of frames to play, step through and drag over, all at the same column.

    Arrow keys step, Home and End go to the ends, the space bar plays, Enter paints.

    Arguments:
        films: Made by film.
        title: What they show.
        times: Key of the columns' numbers (N,), for the ruler.
        cursor: Key of the column the playhead is at.
        first: What that key is at the first column.
        shown: Key of how many columns the model is shown; the others are veiled.
        marks: Key of a list with a whole number for each column, painted by dragging; what is marked is framed, and
            what is marked as SKIPPED is veiled.
        brush: Key of the mark that is painted; a column that has it already becomes 0.
        movie: Key of whether only the playhead's frames are shown, larger.
        movie_tile: Side of a frame then, in CSS pixels.
        columns: Films beside each other.
        width: Of all on screen, in CSS pixels.
        tile: Largest side of a frame in a row.
        rate: Columns a second, when played; 0 leaves out the buttons.
        symbol: Name of the symbol's colour for the title.
        hint: What dragging does, said beside the title.
        veil: What is said of the columns that are veiled.
        elem_id: Identifier in the page.
    """
    return component(
        "filmstrip",
        **locals(),
        ports=Ports(
            reads={
                times: NUMBERS,
                **{one["key"]: PICTURES for one in films},
                **{one["number"]: NUMBERS for one in films if one["number"]},
                **{key: NUMBER for key in (shown, brush, movie) if key},
                **({marks: OTHER} if marks else {}),
            },
            sets={cursor: NUMBER, **({marks: OTHER} if marks else {})},
        ),
    )
