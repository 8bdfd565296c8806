"""Which keys of a page follow from which others, by which answer."""

from dataclasses import dataclass, field
from typing import Any


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


def linked(state: dict[str, Any], rules: list[Rule]) -> list[str]:
    """Keys that pixels depend on, in alphabetical order: where the state begins, and what rules read.

    A link to a scene holds those of them that a visitor has chosen; a rule's own answer is none, and not in the link.
    """
    read = {key for rule in rules for key in (*rule.when.values(), *rule.using.values())}
    return sorted(key for key in {*state, *read} if not key.endswith(" source"))  # a picture brings its source along
