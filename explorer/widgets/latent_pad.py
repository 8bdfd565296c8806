"""A latent plane with the data's codes beneath."""

import gradio as gr

from explorer.page.check import NUMBERS, TEXT, Ports
from explorer.widgets.component import component


def latent_pad(
    point: str,
    title: str,
    *,
    prefix: str = "",
    data: str = "data",
    ellipse: dict[str, str] | None = None,
    side: int = 420,
    legend: bool = True,
    hint: str = "hover or click",
    show_if: dict | None = None,
    elem_id: str | None = None,
) -> gr.HTML:
    """A plane: hovering previews, pressing or dragging commits, leaving restores; arrow keys move the point.

    Arguments:
        point: Key of the point: float32 (2,).
        title: What the plane is.
        prefix: Before the keys of what lies beneath: codes, float32 (N, 2); labels, their classes, uint8 (N,);
            view, centre and half side of the square shown, float32 (3,); holes, cells far from every code, uint8.
        data: Key of the name of the picture set, for the names of the classes.
        ellipse: {"mu": key, "sigma": key} of a posterior drawn at one and two deviations.
        side: Of the plane on screen, in CSS pixels.
        legend: Whether the classes' colours are named below.
        hint: What the pointer does, said beside the title.
        show_if: {"key": …, "values": […]}: shown only while the key has one of the values; with "not": True, none.
        elem_id: Identifier in the page.
    """
    return component(
        "latent_pad",
        **locals(),
        ports=Ports(
            reads={
                data: TEXT,
                **dict.fromkeys((point, *(ellipse or {}).values()), NUMBERS),
                **{prefix + name: NUMBERS for name in ("codes", "labels", "view", "holes")},
            },
            sets={point: NUMBERS},
        ),
    )
