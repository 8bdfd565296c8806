"""Grids of codes that a prior fills place by place, several pictures at once: play, pause, step, stop, and force."""

import gradio as gr

from explorer.page.check import ANY, NUMBER, NUMBERS, PICTURES, Ports
from explorer.widgets.component import component


def sampler(
    title: str,
    *,
    ask: str,
    levels: list[str],
    using: dict[str, str],
    anew: dict[str, str],
    onwards: dict[str, str],
    start: str = "start_{}",
    filled: str = "sampled_{}",
    gives: dict[str, str],
    tiles: str = "{}_tiles",
    numbers: str = "{}_numbers",
    samples: int = 4,
    most: int = 32,
    which: str = "sample",
    speed: str = "speed",
    rates: list[int],
    columns: int = 8,
    tile: int = 40,
    symbol: str = "z",
    elem_id: str | None = None,
) -> gr.HTML:
    """Buttons to play, pause, step and stop, and the likeliest next codes of one sample, each with its probability.

    The page holds all codes and asks for some more of them at a time: to pause is not to ask. Without play, what
    changes is filled to the end at once.

    Arguments:
        title: Of the likeliest codes; {} is replaced by the chosen sample's number.
        ask: Handler that takes the codes of each level, count and the arguments below, and returns the codes of each
            level filled further, LEVEL_next (the next place of each, −1 for none), likeliest and probabilities, (N, L).
        levels: Names of the levels, in the order in which they are filled.
        using: Handler's argument to key, sent along.
        anew: The same; a change begins anew.
        onwards: The same; after a change the codes that are there stay, unless none is left to be filled.
        start: Key of the codes to begin with, float32 (h, w); −1 is to be filled. {} is replaced by the level.
        filled: Key written: codes of all samples, float32 (N, h, w).
        gives: Further arrays of the answer to keys written.
        tiles: Key of the tiles of all codes of a level, uint8 (K, C, t, t).
        numbers: Key of the tiles' codes.
        samples: N.
        most: Places the handler fills for one question.
        which: Key of the sample whose next code is shown and forced.
        speed: Key of an index into rates.
        rates: Codes a second.
        columns: Likeliest codes in a row.
        tile: Side of a tile on screen, in CSS pixels.
        symbol: Name of the symbol's colour for the title.
        elem_id: Identifier in the page.
    """
    return component(
        "sampler",
        **locals(),
        ports=Ports(
            reads={
                **dict.fromkeys((*using.values(), *anew.values(), *onwards.values()), ANY),
                **{start.format(level): NUMBERS for level in levels},
                **{tiles.format(level): PICTURES for level in levels},
                **{numbers.format(level): NUMBERS for level in levels},
                **dict.fromkeys((which, speed), NUMBER),
            },
            sets={
                **{key: ANY for level in levels for key in (filled.format(level), f"{level}_next")},
                **dict.fromkeys(gives.values(), ANY),
            },
        ),
    )
