"""All of a tab's page fits together: what is read is given, in the kind that is needed, and what is given is read.

A key that is written wrongly would otherwise wait for ever, and nobody would know.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from inspect import signature
from typing import Any

from explorer.page.kinds import Kind, kind_given, kind_of

ANY = frozenset(Kind)
PICTURES, NUMBERS, NUMBER, TEXT, BYTES, OTHER = (
    frozenset({kind}) for kind in (Kind.PICTURES, Kind.NUMBERS, Kind.NUMBER, Kind.TEXT, Kind.BYTES, Kind.OTHER)
)


class PageError(Exception):
    """One sentence that names the tab, the widget or rule, and the key."""


@dataclass
class Ports:
    """What a widget reads and sets of its page.

    Arguments:
        reads: Key to the kinds it can be drawn from.
        sets: Key to the kinds that a visitor gives it here.
    """

    reads: dict[str, frozenset[Kind]] = field(default_factory=dict)
    sets: dict[str, frozenset[Kind]] = field(default_factory=dict)


def check(
    tab: str,
    first: Mapping[str, Any],
    rules: Iterable[Mapping[str, Any]],
    facts: Mapping[str, Mapping[str, Any]],
    python: Iterable[str],
    widgets: Mapping[str, Ports],
    handlers: Mapping[str, Callable],
) -> None:
    """Compare all that a tab reads with all that it is given.

    Arguments:
        tab: Its stem.
        first: First values by key.
        rules: As the page is sent them: ask, when, using, where, gives.
        facts: What follows from each checkpoint, by key.
        python: Keys that the program reads.
        widgets: Ports by what a widget is called in a sentence.
        handlers: The tab's answers by name.

    Raises:
        PageError: For the first that does not fit.
    """
    given: dict[str, set[Kind]] = {}
    for key, value in [*first.items(), *(pair for fact in facts.values() for pair in fact.items())]:
        given.setdefault(key, set()).update(ANY if value is None else {kind_of(value)})
    for ports in widgets.values():
        for key, kinds in ports.sets.items():
            given.setdefault(key, set()).update(kinds)
    for rule in rules:
        for key, kind in answer_kinds(tab, rule, handlers).items():
            given.setdefault(key, set()).add(kind)
    for key, reader in readers(rules, python, widgets).items():
        if key not in given:
            raise PageError(f"{tab}: {reader} reads {key!r}, which nothing gives.{meant(key, given)}")
    for widget, ports in widgets.items():
        for key, kinds in ports.reads.items():
            if not kinds & given[key]:
                raise PageError(
                    f"{tab}: {widget} reads {key!r} as {' or '.join(sorted(kinds))}, and it is "
                    f"{' or '.join(sorted(given[key]))}."
                )


def answer_kinds(tab: str, rule: Mapping[str, Any], handlers: Mapping[str, Callable]) -> dict[str, Kind]:
    """Kinds of the keys that a rule gives, once it is found to fit its handler."""
    ask = rule["ask"]
    if ask not in handlers:
        raise PageError(f"{tab}: the rule of {ask} asks what nothing answers.{meant(ask, handlers)}")
    taken, sent = list(signature(handlers[ask]).parameters.values())[1:], {*rule["when"], *rule["using"]}
    if not any(argument.kind is argument.VAR_KEYWORD for argument in taken):
        names = {argument.name for argument in taken}
        needed = {argument.name for argument in taken if argument.default is argument.empty}
        if not needed <= sent <= names:
            wrong = sorted((needed - sent) | (sent - names))
            raise PageError(f"{tab}: the rule of {ask} and its answer differ in {', '.join(wrong)}.")
    kinds = {}
    for name, key in rule["gives"].items():
        kind = kind_given(handlers[ask], name)
        if kind is None:
            raise PageError(f"{tab}: the rule of {ask} gives {key!r} from {name!r}, which its answer does not hold.")
        kinds[key] = kind
    return kinds


def one_of_many(key: str) -> str:
    """A key without its number: line_3 is one of many lines, of which a page shows as many as there are."""
    return re.sub(r"\d+$", "", key)


def check_read(
    tab: str, rules: Iterable[Mapping[str, Any]], python: Iterable[str], widgets: Mapping[str, Ports]
) -> None:
    """See that what rules give is read by somebody; arguments as in check.

    Where models are missing, so are the widgets that would show what rules give of them: this is for the shipped ones.

    Raises:
        PageError: For the first key that nobody reads.
    """
    read = readers(rules, python, widgets)
    whole = {one_of_many(key) for key in read}
    for rule in rules:
        for key in rule["gives"].values():
            if one_of_many(key) not in whole:  # a rule gives for as many models as there may be
                raise PageError(
                    f"{tab}: the rule of {rule['ask']} gives {key!r}, which nothing reads.{meant(key, read)}"
                )


def readers(rules: Iterable[Mapping[str, Any]], python: Iterable[str], widgets: Mapping[str, Ports]) -> dict[str, str]:
    """Who reads each key, as a sentence calls them."""
    return {
        **dict.fromkeys(python, "its program"),
        **{key: f"the rule of {rule['ask']}" for rule in rules for key in keys_read(rule)},
        **{key: widget for widget, ports in widgets.items() for key in ports.reads},
    }


def keys_read(rule: Mapping[str, Any]) -> set[str]:
    """Keys that a rule follows from, sends along or waits for."""
    return {*rule["when"].values(), *rule["using"].values(), *rule["where"]}


def meant(name: str, known: Iterable[str]) -> str:
    """A name nearby, as the end of a sentence."""
    close = get_close_matches(name, list(known), 1)
    return f" Is it {close[0]!r}?" if close else ""
