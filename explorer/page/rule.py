"""Which keys of a page follow from which others, by which answer."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Rule:
    """Keys of the page's state that a handler computes from others.

    Where all names and keys are the same, a list of them will do.

    Arguments:
        ask: Name of the handler.
        when: Handler's argument to key; a change of one of these asks again.
        gives: Answer's array to key.
        using: Handler's argument to key; sent along, but a change of it alone asks nothing.
        where: Values that keys must have, or nothing is asked.
        rest: Milliseconds without a change before it is asked: what is dear waits for the hand to rest.
    """

    ask: str
    when: dict[str, str] | list[str]
    gives: dict[str, str] | list[str]
    using: dict[str, str] | list[str] = field(default_factory=dict)
    where: dict[str, Any] = field(default_factory=dict)
    rest: int = 0

    def sent(self) -> dict[str, Any]:
        """The rule as the page takes it."""
        return vars(self) | {part: pairs(getattr(self, part)) for part in ("when", "gives", "using")}


def pairs(names: dict[str, str] | list[str]) -> dict[str, str]:
    """Name to key; of a list, each name is its own key."""
    return names if isinstance(names, dict) else {name: name for name in names}


def linked(state: dict[str, Any], rules: list[Rule]) -> list[str]:
    """Keys that pixels depend on, in alphabetical order: where the state begins, and what rules read.

    A link to a scene holds those of them that a visitor has chosen; a rule's own answer is none, and not in the link.
    """
    read = {key for rule in rules for key in (*pairs(rule.when).values(), *pairs(rule.using).values())}
    return sorted(key for key in {*state, *read} if not key.endswith(" source"))  # a picture brings its source along
