"""What every tab begins and ends with: its question and its models; the maths, the code, the cards, each folded."""

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from explorer.answers.as_python import stand_alone
from explorer.answers.training import described
from explorer.checkpoint import CARD
from explorer.checkpoint.regular_file import CheckpointError, read
from explorer.data import sample_sheets
from explorer.page.rule import Rule
from explorer.page.tab import this_tab
from explorer.serve.pool import Pool
from explorer.style.theme import coloured, glossary
from explorer.widgets.controls import choice, controls
from explorer.widgets.course import KEYS, course
from explorer.widgets.strip import strip

TEXTS, PROGRAMS = (Path(__file__).parents[1] / room for room in ("texts", "programs"))
JUDGED = 60  # ms that a hand rests before what it holds is judged: errors, likelihoods, distances
LARGEST_CARD = 1_000_000  # bytes
PICTURE = re.compile(r"!\[[^]]*\]\([^)]*\)\n*")  # on a card: the page shows live what it shows
DELIMITERS: list[dict[str, str | bool]] = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "$", "right": "$", "display": False},
]


def header(pool: Pool, question: str, names: list[str]) -> None:
    """The question the tab answers, and the choice of a checkpoint where there are several, by their picture sets."""
    if len(names) == 1:
        gr.Markdown(question, elem_classes="le-question")
        return
    with gr.Row(equal_height=True):
        gr.Markdown(question, elem_classes="le-question")
        with gr.Column(min_width=320, scale=0):
            options = {name: name.split("/")[1] for name in names}
            controls([choice("checkpoint", "Model", options, groups=by_set(pool, names))])


def by_set(pool: Pool, names: list[str]) -> dict[str, str] | None:
    """The title of each checkpoint's picture set; None where all are of one."""
    titles = {name: sample_sheets.title(pool.configs[name].data) for name in names}
    return titles if len(set(titles.values())) > 1 else None


def only(data: str) -> dict[str, Any]:
    """Shown only while the pictures are of this set."""
    return {"key": "data", "values": [data]}


def for_set(elem_id: str, data: str, sets: Collection[str]) -> dict[str, Any]:
    """What a widget is given of which there is one for each picture set: whether it is seen, and its identifier."""
    return {"show_if": only(data) if len(sets) > 1 else None, "elem_id": identifier(elem_id, data, sets)}


def identifier(elem_id: str, data: str, sets: Collection[str]) -> str:
    """That of the first set's widget is the one that it would have alone."""
    return elem_id if data == next(iter(sets)) else f"{elem_id}-{data}"


def plane_rule(checkpoint: str = "checkpoint", prefix: str = "") -> Rule:
    """What lies beneath a latent_pad with that prefix, for the model a key names."""
    gives = {name: prefix + name for name in ("codes", "labels", "view", "holes")}
    return Rule("plane", when={"checkpoint": checkpoint}, gives=gives)


def traversals_rule() -> Rule:
    """What latent_sliders show behind their handles."""
    gives = {name: name for name in ("strips", "low", "high")}
    when = {"z": "z", "dimensions": "dimensions"}
    return Rule("traversals", when=when, using=["checkpoint"], gives=gives, rest=80)


def network_rule(checkpoint: str = "checkpoint", x: str = "x", t: str = "", prefix: str = "strip") -> Rule:
    """The layers that are shown under "The network", for the picture under x; t as in answers/strip.py."""
    when = {"checkpoint": checkpoint, "x": x, "layer": f"{prefix}_layer"} | ({"t": t} if t else {})
    gives = {"boxes": f"{prefix}_boxes", "maps": f"{prefix}_maps"}
    return Rule("strip", when=when, gives=gives, rest=JUDGED)


def training_rule() -> Rule:
    """The course of the training that is shown under "How it was trained", and of another one beside it."""
    when = {"checkpoint": "trained", "beside": "trained_beside"}
    return Rule("training", when=when, gives={key: f"trained_{key}" for key in KEYS})


def folds(
    pool: Pool, names: list[str], networks: Sequence[str] = (), more: Sequence[str] = (), *, sets: bool = False
) -> None:
    """Closed accordions: the network as a strip of layers; texts/STEM.md of this tab, in which @x, @z, … stand for
    symbols in their colours; programs/STEM.py, which makes the same picture without the app; and how the models were
    trained, with their cards.

    Arguments:
        pool: Where the cards lie.
        names: Checkpoints whose cards are shown; of none there is no such accordion.
        networks: Checkpoints to choose the drawn one from, where it is not the tab's own.
        more: Prefixes of further strips, each with a rule of its own.
        sets: Whether choosing a network sets the key "data" to its picture set.
    """
    stem = this_tab()
    with gr.Accordion("The network", open=False, elem_classes="le-folds"):
        if networks:
            options = {name: name.removeprefix(f"{stem}/") for name in networks}
            also = {name: {"data": pool.configs[name].data} for name in networks} if sets else None
            controls([choice("network", "Model", options, also=also)], elem_id=f"{stem}-network")
        for prefix in ("strip", *more):
            strip(prefix, networks=list(networks), elem_id=f"{stem}-{prefix}")
    with gr.Accordion("The maths", open=False):
        maths = (TEXTS / f"{stem}.md").read_text(encoding="utf-8")
        gr.Markdown(coloured(maths + glossary(maths)), latex_delimiters=DELIMITERS)
    with gr.Accordion("The same in a few lines of Python", open=False):
        program = (PROGRAMS / f"{stem}.py").read_text(encoding="utf-8")
        gr.Code(stand_alone(pool, program.rstrip()), language="python", interactive=False, show_label=False)
    if not names:
        return
    with gr.Accordion("How it was trained", open=False, elem_classes="le-folds"):
        courses(pool, names)
        with gr.Tabs():
            for name in names:
                with gr.Tab(name):
                    gr.Markdown(card(pool.folder(name)))


def courses(pool: Pool, names: list[str]) -> None:
    """The course of a model's training, with another one's beside it where there is one."""
    options = {name: name.removeprefix(f"{this_tab()}/") for name in names}
    beside = [choice("trained_beside", "beside", {"": "none"} | options)]
    controls([choice("trained", "Model", options), *beside * (len(names) > 1)])
    course({name: described(pool.configs[name]) for name in names}, elem_id=f"{this_tab()}-course")


def card(folder: Path) -> str:
    """The checkpoint's card, or a sentence in its place."""
    try:
        text = read(folder / CARD, f"The card {folder.name}/{CARD}", LARGEST_CARD).decode("utf-8")
        return PICTURE.sub("", text)
    except CheckpointError as error:
        return str(error)
    except UnicodeDecodeError:
        return f"The card {folder.name}/{CARD} is no UTF-8 text."


def missing(pool: Pool, family: str, variant: str = "mnist-2d") -> str:
    """What a tab says in place of itself when none of its checkpoints is there; variant is one that it could show."""
    damaged = any(problem.startswith(f"{family}/") for problem in pool.problems)
    return (
        f"There is no {family} checkpoint in {pool.places}{' that can be shown' * damaged}. "
        f"{'What is wrong with those that are there stands above. ' * damaged}"
        f"Train one with `python -m train {family}/{variant}`, or start the app with `--checkpoints DIR`."
    )
