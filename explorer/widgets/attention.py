"""Where an autoregressive prior looks while it writes a grid of codes."""

import gradio as gr

from explorer.page.check import NUMBER, NUMBERS, PICTURES, Ports
from explorer.widgets.component import component


def attention(
    weights: str,
    codes: str,
    picture: str,
    *,
    place: str,
    head_number: str,
    title: str,
    side: int = 420,
    elem_id: str | None = None,
) -> gr.HTML:
    """One head's attention over the picture, with what is not there yet hatched, and that of all heads beside it.

    Hovering a place previews it, a click chooses it, arrow keys walk; a click on a small map chooses its head.

    Arguments:
        weights: Key of float32 (attentions, heads, places, places), of which the last axis sums to 1.
        codes: Key of the grid, (h, w), whose places these are.
        picture: Key of the picture that the codes stand for.
        place: Key of the place that is written next, from 0, row by row.
        head_number: Key of the number of a head, counted through all attentions.
        title: What is seen.
        side: Of the picture on screen, in CSS pixels.
        elem_id: Identifier in the page.
    """
    chosen = {place: NUMBER, head_number: NUMBER}
    return component(
        "attention",
        elem_id,
        ports=Ports(reads={weights: NUMBERS, codes: NUMBERS, picture: PICTURES} | chosen, sets=chosen),
        **{"weights": weights, "codes": codes, "picture": picture},
        **{"place": place, "head_number": head_number, "title": title, "side": side},
    )
