"""One question to several models of a picture set: one that fails while it answers costs itself alone."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from explorer.answers.as_python import SHIPPED
from explorer.answers.common import DIGITS, Answer
from explorer.checkpoint.config import Config
from explorer.data import sample_sheets
from explorer.serve.pool import Damaged, Pool
from explorer.serve.question import Refused

LONGEST_NAME = 14  # of a model, in letters that fit beside a table

Arrays = dict[str, np.ndarray]


@cache
def is_shipped(name: str) -> bool:
    """Whether a checkpoint has the name of one that comes with the app."""
    return (SHIPPED / name).is_dir()


def called(config: Config, label: str) -> str:
    """What a model is called beside others: one's own has its own name in a second line."""
    return label if is_shipped(config.name) else f"{label}\n{config.variant[:LONGEST_NAME]}"


def sets(pool: Pool, family: str) -> list[str]:
    """Picture sets that a family has models of which can be shown, the digits first, then in the models' order."""
    configs = [pool.configs[name] for name in pool.names(family)]
    found = dict.fromkeys(it.data for it in configs if tuple(it.model["picture_shape"]) == sample_sheets.shape(it.data))
    return sorted(found, key=lambda data: data != DIGITS)


def of_all_sets(pool: Pool, family: str, models: Callable[[Pool, str], list[str]]) -> list[str]:
    """The models that are shown beside each other, of all picture sets, set by set."""
    return [name for data in sets(pool, family) for name in models(pool, data)]


def of_set(pool: Pool, family: str, data: Any, order: Callable[[str], Any]) -> list[str]:
    """Checkpoints of a family on a picture set, of the size of its pictures: the app's in an order, then one's own.

    Raises:
        Refused: If there are none.
    """
    configs = {name: pool.configs[name] for name in pool.names(family)}
    there = [name for name, config in configs.items() if config.data == data]
    names = [name for name in there if tuple(configs[name].model["picture_shape"]) == sample_sheets.shape(data)]
    if not names:
        raise Refused(f"There is no {family} checkpoint for {str(data)[:40]!r}.")
    return sorted(names, key=lambda name: (not is_shipped(name), order(name)))


def ask_each(names: list[str], ask: Callable[[str], Answer]) -> tuple[list[Answer], Answer]:
    """What each model answers, in their order.

    Arguments:
        names: The checkpoints.
        ask: What is asked of one of them.

    Returns:
        The answers. Of a model that failed all arrays are as large as another model's, NaN where that one's are floats
        and 0 where they are whole numbers: the page draws nothing there. And, if any failed, a sentence for each of
        them as "problems", which an answer hands on; the page shows it at the foot of the tab.

    Raises:
        Damaged: If all of them fail.
    """
    answers: list[Answer | None] = []
    sentences = []
    for name in names:
        try:
            answers.append(ask(name))
        except Damaged as error:
            answers.append(None)
            sentences.append(str(error))
    sound = [answer for answer in answers if answer is not None]
    if not sentences:
        return sound, {}
    if not sound:
        raise Damaged(sentences[0])
    nothing: Answer = {key: np.full_like(one, np.nan if one.dtype.kind == "f" else 0) for key, one in sound[0].items()}
    problems: Answer = {"problems": np.frombuffer(" ".join(sentences).encode(), np.uint8)}
    return [nothing if answer is None else answer for answer in answers], problems


def run_each(pool: Pool, names: list[str], network: str, **inputs: Any) -> tuple[Arrays, Answer]:
    """The outputs of a network that all these models have, with an axis for the models before the others."""
    answers, problems = ask_each(names, lambda name: {**pool.run(name, network, **inputs)})
    return stacked(answers), problems


def stacked(answers: list[Answer]) -> Arrays:
    """Answers of the same names and shapes as one, with an axis for the models before the others."""
    return {key: np.stack([answer[key] for answer in answers]) for key in answers[0]}
