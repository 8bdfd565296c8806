"""One picture through several models, a row for each: its code in its own kind, its reconstruction, its error."""

from typing import Any

import gradio as gr

from explorer.page.check import ANY, NUMBER, NUMBERS, PICTURES, Ports
from explorer.widgets.component import component


def row(stem: str, chooses: dict[str, Any], title: str, kind: str, text: str, opens: dict[str, str]) -> dict[str, Any]:
    """One model.

    Arguments:
        stem: The tab that its title opens.
        chooses: Keys that choose the model there, with their values.
        title: What its family is called.
        kind: How its code is drawn: "numbers" as bars to both sides of 0, "bars" from 0 to 1, "units" as grey cells,
            "spikes" where most are 0, "gaussians" as means with their deviations.
        text: What its code is, in a few words.
        opens: Keys set in the tab beside these: {its key: key here}; under another name a spoilt picture is
            sent in whole greys, and what a rule gives is sent under its own name only if a hand has changed it.
    """
    return locals()


def lineup(rows: list[dict[str, Any]], others: dict[str, str], *, elem_id: str | None = None) -> gr.HTML:
    """Rows made by row, in the order of the keys' arrays: x_hats, errors, code_0, spread_0, scale_0, code_1, ….

    Arguments:
        rows: The models.
        others: Tabs without a row, whose models take other pictures: {stem: title}.
        elem_id: Identifier in the page.
    """
    return component(
        "lineup",
        elem_id,
        rows=rows,
        others=others,
        ports=Ports(
            reads={
                "x_hats": PICTURES,
                "errors": NUMBERS,
                **{f"{part}_{i}": NUMBERS | NUMBER for i in range(len(rows)) for part in ("code", "scale", "spread")},
                **{here: ANY for each in rows for here in each["opens"].values()},
            }
        ),
    )
