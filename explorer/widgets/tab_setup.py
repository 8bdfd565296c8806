"""The invisible part of a tab: where its state begins, and which questions compute the rest of it."""

from typing import Any

import gradio as gr

from explorer.page.rule import Rule, linked
from explorer.widgets.component import component


def set_up(
    state: dict[str, Any],
    rules: list[Rule],
    facts: dict[str, dict[str, Any]] | None = None,
    python: dict[str, str] | None = None,
    python_parts: tuple[str, ...] = (),
) -> gr.HTML:
    """Set up the state of the tab that is being built; the first of its components.

    Arguments:
        state: First value of each key.
        rules: What is computed from what.
        facts: Keys that follow from the checkpoint: by its name.
        python: Of the handler "python", which writes the first part of the tab as a program: {argument: key}.
        python_parts: Titles of other parts that it writes as well.
    """
    return component(
        "tab_setup",
        state=state,
        rules=[rule.sent() for rule in rules],
        facts=facts or {},
        linked=linked(state, rules),
        python=python or {},
        python_parts=list(python_parts),
    )
