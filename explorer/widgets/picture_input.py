"""Where a picture comes from: the shipped test pictures, a file, or the visitor's own pen."""

import gradio as gr

from explorer.page.check import OTHER, PICTURES, TEXT, Ports
from explorer.widgets.component import component


def picture_input(
    picture: str, title: str, *, first: int = 0, side: int = 28, show_if: dict | None = None, elem_id: str | None = None
) -> gr.HTML:
    """A canvas of side × side pixels to draw on, with buttons to choose, draw lots, upload and clear.

    The key "data" of the state names the set pictures are chosen from. A file is read in the page and never uploaded.

    Arguments:
        picture: Key the picture is written to: uint8 (C, H, W).
        title: What the picture is.
        first: Tile of the contact sheet that is shown at the start.
        side: Pixels of a picture along each side.
        show_if: {"key": …, "values": […]}: shown only while the key has one of the values; with "not": True, none.
        elem_id: Identifier in the page.
    """
    return component(
        "picture_input",
        **locals(),
        ports=Ports(reads={"data": TEXT}, sets={picture: PICTURES, f"{picture} source": OTHER}),
    )
