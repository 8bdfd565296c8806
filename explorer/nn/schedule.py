"""What an objective asks for at a point of the training: numbers that change on the way, by the share of the run.

Pure functions of that share, from 0 to 1, and of a model's keywords: the model is trained with them, and the page draws
them beside what the training noted.
"""

RISE = 2 / 3  # share of the run over which the capacity rises
FALL = 1 / 4  # and over which beta falls
GROWING = 0.4  # and over which the longest jump grows
NARROWING = 1 / 2  # and over which fewer and fewer units are kept


def beta(progress: float, last: float, first: float | None = None) -> float:
    """Weight of the KL: from the first value, if there is one, it falls by the same factor in every step, and stays."""
    if first is None:
        return last
    share = min(1.0, progress / FALL)
    return first ** (1 - share) * last**share


def capacity(progress: float, last: float) -> float:
    """Nats that the KL is held at."""
    return last * min(1.0, progress / RISE)


def kept_units(progress: float, last: int, first: int) -> int:
    """Units of a k-sparse code."""
    return round(first + (last - first) * min(1.0, progress / NARROWING))


def longest_jump(progress: float, last: int, first: int) -> int:
    """Frames of the longest jump; a first one of 0 is the last one from the beginning."""
    first = first or last
    return int(first + (last - first) * min(progress / GROWING, 1))


def layer(progress: float, count: int) -> int:
    """Which of so many layers learns, from 0, where they are trained one after the other."""
    return min(int(progress * count), count - 1)
