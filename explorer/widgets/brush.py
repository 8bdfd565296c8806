"""A picture that was computed, to be spoilt further by hand."""

import gradio as gr

from explorer.page.check import PICTURES, Ports
from explorer.widgets.component import component


def brush(picture: str, title: str, *, side: int = 224, elem_id: str | None = None) -> gr.HTML:
    """A canvas over a key that a rule computes: strokes replace its value until the rule gives another.

    Arguments:
        picture: The key: one picture (C, H, W), 0 to 255; as float32 it may leave that range.
        title: What the picture is.
        side: On screen, in CSS pixels.
        elem_id: Identifier in the page.
    """
    return component("brush", **locals(), ports=Ports(reads={picture: PICTURES}, sets={picture: PICTURES}))
