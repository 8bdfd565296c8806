"""Thousands of points on a plane, with their pictures."""

import gradio as gr

from explorer.page.check import ANY, NUMBER, NUMBERS, TEXT, Ports
from explorer.widgets.component import component


def scatter_map(
    points: str,
    title: str,
    *,
    index: str = "index",
    values: str = "values",
    classes: str = "classes",
    near: str = "neighbours",
    colour: str = "colour",
    names: str = "value_names",
    lassos: str = "",
    inside: str = "inside_",
    own: str = "",
    data: str = "data",
    label: str = "",
    width: int = 560,
    height: int = 420,
    legend: bool = True,
    hint: str = "",
    show_if: dict | None = None,
    elem_id: str | None = None,
) -> gr.HTML:
    """A map: wheel, pinch and keys zoom, dragging moves it or draws a lasso, hovering previews, clicking commits.

    Several maps over the same keys are linked: what is hovered, chosen or selected in one is so in the others.

    Arguments:
        points: Key of where the points lie, float32 (N, 2).
        title: What the plane is.
        index: Key of a point's number: hovering previews it, clicking commits.
        values: Key of the number that colours each point, float32 (N,).
        classes: Key of how many classes these numbers are of; 0 for quantities.
        near: Key of numbers of points that are ringed.
        colour: Key of what the colours are of: "class" and "factor 3" are values of the pictures, and can be selected.
        names: Key of what a factor's values are called, where they have names: {"factor 3": […]}.
        lassos: What the keys of the two selections begin with, before "a" and "b"; without it nothing is selected. A
            selection is numbers of points, or text like "factor 3 0-1", for all that have such values.
        inside: What the keys of the numbers of all selected points begin with.
        own: Key of one more point, float32 (2,).
        data: Key of the name of the picture set, for pictures and for the names of the classes.
        label: Key of the class of the point under the pointer, said beside the title.
        width: On screen, in CSS pixels.
        height: On screen, in CSS pixels.
        legend: Whether the colours are explained below.
        hint: What the pointer does, said beside the title.
        show_if: {"key": …, "values": […]}: shown only while the key has one of the values; with "not": True, none.
        elem_id: Identifier in the page.
    """
    return component(
        "scatter_map",
        **locals(),
        ports=Ports(
            reads={
                data: TEXT,
                index: NUMBER,
                classes: NUMBER,
                **dict.fromkeys((points, values, near), NUMBERS),
                **({own: NUMBERS} if own else {}),
                **({label: NUMBER} if label else {}),
                colour: TEXT,
                names: ANY,
                **({f"{lassos}{name}": ANY for name in "ab"} if lassos else {}),
                **({f"{inside}{name}": NUMBERS for name in "ab"} if lassos else {}),
            },
            sets={index: NUMBER, **({f"{lassos}{name}": ANY for name in "ab"} if lassos else {})},
        ),
    )
