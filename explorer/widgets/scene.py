"""The invisible part of a tab: where its state begins, and which questions compute the rest of it."""

from dataclasses import asdict, dataclass, field
from typing import Any

import gradio as gr

from explorer.widgets.component import component


@dataclass(frozen=True)
class Rule:
    """Keys of the page's state that a handler computes from others.

    Arguments:
        ask: Name of the handler.
        when: Handler's argument to key; a change of one of these asks again.
        gives: Answer's array to key.
        using: Handler's argument to key; sent along, but a change of it alone asks nothing.
        where: Values that keys must have, or nothing is asked.
        rest: Milliseconds without a change before it is asked: what is dear waits for the hand to rest.
    """

    ask: str
    when: dict[str, str]
    gives: dict[str, str]
    using: dict[str, str] = field(default_factory=dict)
    where: dict[str, Any] = field(default_factory=dict)
    rest: int = 0


def scene(
    name: str,
    state: dict[str, Any],
    rules: list[Rule],
    facts: dict[str, dict[str, Any]] | None = None,
    python: dict[str, str] | None = None,
    python_parts: tuple[str, ...] = (),
) -> gr.HTML:
    """Set up a tab's state; the first component of a tab.

    Arguments:
        name: The tab's stem; also what its handlers are found under.
        state: First value of each key.
        rules: What is computed from what.
        facts: Keys that follow from the checkpoint: by its name.
        python: Of the handler "python", which writes the first scene of the tab as a program: {argument: key}.
        python_parts: Titles of other scenes that it writes as well.
    """
    return component(
        "scene",
        name,
        state=state,
        rules=[asdict(rule) for rule in rules],
        facts=facts or {},
        linked=linked(state, rules),
        python=python or {},
        python_parts=list(python_parts),
    )


def linked(state: dict[str, Any], rules: list[Rule]) -> list[str]:
    """Keys that pixels depend on, in alphabetical order: where the state begins, and what rules read.

    A link to a scene holds those of them that a visitor has chosen; a rule's own answer is none, and not in the link.
    """
    read = {key for rule in rules for key in (*rule.when.values(), *rule.using.values())}
    return sorted(key for key in {*state, *read} if not key.endswith(" source"))  # a picture brings its source along
