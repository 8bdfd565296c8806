"""Pictures side by side: one of them, a strip, or an atlas of hundreds."""

from typing import Any

import gradio as gr

from explorer.page.check import ANY, NUMBER, NUMBERS, PICTURES, Ports
from explorer.widgets.component import component


def picture_grid(
    pictures: str,
    title: str,
    *,
    columns: int = 1,
    tile: int = 224,
    symbol: str = "",
    captions: str = "",
    caption_text: str = "{}",
    digits: int = 2,
    pick: dict[str, str] | None = None,
    also: dict[str, Any] | None = None,
    lit: dict[str, str] | None = None,
    ruled: bool = False,
    hint: str = "",
    empty: str = "",
    show_if: dict | None = None,
    elem_id: str | None = None,
) -> gr.HTML:
    """Tiles of a key that holds uint8 pictures (C, H, W) or (N, C, H, W); hover tells, click picks.

    Where a click sets a key to the tile's number, the tile whose number it has is framed.

    Arguments:
        pictures: The key.
        title: What the pictures are.
        columns: Tiles in a row.
        tile: Side of a tile on screen, in CSS pixels.
        symbol: Name of the symbol's colour for the title: x, x-hat, z, ….
        captions: Key of numbers, one for each tile (or one number for one tile).
        caption_text: How a number is printed; {} is replaced by it.
        digits: Decimals of the numbers.
        pick: Key set by a click to key of the rows (N, ...) it is taken from; of plain numbers (N,) it is a number.
        also: Keys set by a click to fixed values.
        lit: Key of a number that hovering sets while it lasts, to key of the tiles' numbers (N,); the tile whose number
            it has is marked, wherever it was set.
        ruled: Whether lines part the tiles, for pictures that end at their edges or wrap around them.
        hint: What a click does, said beside the title.
        empty: What is said in the tiles' room while the key holds no picture, (0, C, H, W).
        show_if: {"key": …, "values": […]}: shown only while the key has one of the values; with "not": True, none.
        elem_id: Identifier in the page.
    """
    return component(
        "picture_grid",
        **locals(),
        ports=Ports(
            reads={
                pictures: PICTURES,
                **({captions: NUMBER | NUMBERS} if captions else {}),
                **dict.fromkeys((pick or {}).values(), NUMBERS | PICTURES),
                **dict.fromkeys((lit or {}).values(), NUMBERS),
                **dict.fromkeys(also or {}, ANY),
            },
            sets=dict.fromkeys((*(pick or {}), *(also or {}), *(lit or {})), ANY),
        ),
    )
