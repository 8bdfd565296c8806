"""A grid of codes over a picture: hover tells, and codes are picked, painted, swapped, copied and put back."""

import gradio as gr

from explorer.page.check import ANY, NUMBER, NUMBERS, PICTURES, Ports
from explorer.widgets.component import component

TOOLS = {"look": "Look", "paint": "Paint", "swap": "Swap", "copy": "Copy", "restore": "Restore", "mask": "Mask"}


def code_map(
    codes: str,
    title: str,
    *,
    picture: str = "",
    tiles: str = "",
    numbers: str = "",
    lit: str = "lit",
    code: str = "code",
    other: str = "",
    filled: str = "",
    which: str = "",
    next: str = "",
    tools: list[str] | None = None,
    symbol: str = "z",
    side: int = 256,
    hint: str = "",
    show_if: dict | None = None,
    elem_id: str | None = None,
) -> gr.HTML:
    """Cells of a picture, or of the tiles its codes stand for, that take another code.

    Several maps of one key share its tool and its undo. A stroke replaces what a rule computed until the rule computes
    it anew.

    Arguments:
        codes: Key of the codes: float32 (h, w); −1 is none, and drawn empty.
        title: What is shown.
        picture: Key of the picture beneath, uint8 (C, H, W); without one each cell shows its code's tile.
        tiles: Key of the tiles of all codes, uint8 (K, C, t, t).
        numbers: Key of the tiles' codes, float32 (K,).
        lit: Key of the code under the pointer, here or in an atlas; its cells are framed.
        code: Key of the chosen code.
        other: Key of the codes of another picture, for copying; of all codes of this one where cells are masked.
        filled: Key of grids (N, h, w), one of which is seen where there are no codes.
        which: Key of that one's index.
        next: Key of the index of a cell that is framed, -1 for none.
        tools: Keys of TOOLS offered here, with undo; one alone needs no buttons, and none shows none.
        symbol: Name of the symbol's colour for the title.
        side: On screen, in CSS pixels.
        hint: What the pointer does, said beside the title.
        show_if: {"key": …, "values": […]}: shown only while the key has one of the values; with "not": True, none.
        elem_id: Identifier in the page.
    """
    return component(
        "code_map",
        **(locals() | {"tools": {name: TOOLS[name] for name in tools or []}}),
        ports=Ports(
            reads={
                **{key: NUMBERS for key in (codes, numbers, other) if key},
                **{key: PICTURES for key in (picture, tiles) if key},
                **{key: NUMBER for key in (which, next) if key},
                **({filled: ANY} if filled else {}),
            },
            sets={codes: NUMBERS, lit: NUMBER, code: NUMBER},
        ),
    )
