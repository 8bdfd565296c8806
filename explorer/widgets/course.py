"""The course of a training: a small chart for each term, under one pointer that is moved over the steps."""

from typing import Any

import gradio as gr

from explorer.page.check import NUMBER, NUMBERS, TEXT, Ports
from explorer.widgets.component import component

KEYS = ("steps", "values", "beside_steps", "beside_values")


def course(models: dict[str, list[dict[str, Any]]], *, prefix: str = "trained", elem_id: str | None = None) -> gr.HTML:
    """Charts of the model under a key, and of another one in pale lines beside; the pointer's step is a key too.

    Arguments:
        models: What is noted of each checkpoint, in the order of its rows of values: term, name, the symbol of its
            colour, and linear, whether its axis is linear in any case. It is also where nothing is noted above 0.
        prefix: The key of the model; before the others: _beside of the other model, "" for none; _step; and the arrays
            _steps (N,) and _values (terms, N), and _beside_steps and _beside_values.
        elem_id: Identifier in the page.
    """
    return component(
        "course",
        elem_id,
        models=models,
        prefix=prefix,
        when_seen=True,
        ports=Ports(
            reads={f"{prefix}_{key}": NUMBERS for key in KEYS},
            sets={prefix: TEXT, f"{prefix}_beside": TEXT, f"{prefix}_step": NUMBER},
        ),
    )
