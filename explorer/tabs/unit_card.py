"""Filters of units as an atlas, and the card of one unit: its filter, its pictures, its activations."""

import gradio as gr

from explorer.answers import units
from explorer.page.rule import Rule
from explorer.widgets.curves import curves
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.readout import readout, value

COLUMNS = 10


def filters_rule(checkpoint: str) -> Rule:
    """The atlas of the model that a key names."""
    when = {"checkpoint": checkpoint, "page": "page"}
    return Rule("filters", when=when, gives=["filters", "units"])


def atlases_rule(count: int, *of: str) -> Rule:
    """The atlases of that many models side by side, by a handler of the tab's own; of: keys that say of which."""
    keys = [f"{part}_{slot}" for part in ("filters", "units") for slot in range(count)]
    return Rule("atlases", when=["page", *of], gives=list(keys))


def unit_rule(checkpoint: str) -> Rule:
    """The card of the unit of which "unit" is the number, in the model that a key names."""
    names = ("filter", "top", "top_activations", "spread_at", "spread", "mean", "deviation")
    return Rule("unit", when={"checkpoint": checkpoint, "unit": "unit"}, gives={name: f"unit_{name}" for name in names})


def filter_atlas(
    title: str,
    suffix: str = "",
    also: dict | None = None,
    tile: int = 28,
    show_if: dict | None = None,
    elem_id: str | None = None,
) -> None:
    """A hundred filters; a click chooses the unit.

    Arguments:
        title: Which filters they are.
        suffix: Of the rule's keys.
        also: Keys a click sets besides "unit".
        tile: Side of a filter on screen, in CSS pixels.
        show_if: As of picture_grid.
        elem_id: Identifier in the page.
    """
    picture_grid(
        f"filters{suffix}",
        title,
        columns=COLUMNS,
        tile=tile,
        pick={"unit": f"units{suffix}"},
        also=also,
        show_if=show_if,
        elem_id=elem_id,
    )


def unit_card(prefix: str, also: dict | None = None, show_if: dict | None = None) -> None:
    """What is known of the chosen unit from the app's pictures of its set; a click on one makes it the input.

    Arguments:
        prefix: Of the identifiers in the page.
        also: Keys that choosing a picture sets besides "x".
        show_if: As of picture_grid.
    """
    with gr.Row():
        with gr.Column(min_width=150, scale=0):
            picture_grid(
                "unit_filter", "Its filter", symbol="z", tile=140, show_if=show_if, elem_id=f"{prefix}-unit-filter"
            )
        with gr.Column(min_width=620, scale=0):
            picture_grid(
                "unit_top",
                "Its top ten pictures",
                columns=units.TOP,
                tile=62,
                captions="unit_top_activations",
                pick={"x": "unit_top"},
                also=also,
                hint="click: take it",
                show_if=show_if,
                elem_id=f"{prefix}-unit-top",
            )
            numbers = [
                value("unit", "unit", "z", digits=0),
                value("unit_mean", "mean", "z", digits=3),
                value("unit_deviation", "standard deviation", "z", digits=3),
            ]
            readout(numbers, in_a_row=True, show_if=show_if, elem_id=f"{prefix}-unit-numbers")
        with gr.Column(min_width=300, scale=1):
            curves(
                "unit_spread_at",
                {"unit_spread": "z: its activations"},
                x_label="activation",
                y_label="share",
                bars=["unit_spread"],
                width=380,
                height=150,
                show_if=show_if,
                elem_id=f"{prefix}-unit-spread",
            )
