"""One question to several models of a picture set: one that fails while it answers costs itself alone."""

from collections.abc import Callable
from typing import Any

import numpy as np

from explorer.answers.common import Answer
from explorer.data import sample_sheets
from explorer.serve.pool import Damaged, Pool

Arrays = dict[str, np.ndarray]


def sets(pool: Pool, family: str) -> list[str]:
    """Picture sets that a family has models of which can be shown, the digits first, then in the models' order."""
    found = dict.fromkeys(pool.configs[name].data for name in pool.names(family))
    return sorted((data for data in found if of_set(pool, family, data)), key=lambda data: data != "mnist")


def of_set(pool: Pool, family: str, data: str) -> list[str]:
    """Checkpoints of a family on one picture set, as large as those of its pictures that the app has."""
    configs = {name: pool.configs[name] for name in pool.names(family)}
    shape = sample_sheets.shape(data) if any(config.data == data for config in configs.values()) else None
    return [name for name, it in configs.items() if it.data == data and tuple(it.model["picture_shape"]) == shape]


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
