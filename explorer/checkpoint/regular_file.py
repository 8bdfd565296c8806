"""Reads files that others made: whole, of bounded size, and never anything that one could wait for, as a pipe."""

import os
import stat
from pathlib import Path


class CheckpointError(Exception):
    """One sentence that says what is wrong with a folder."""


def read(path: Path, name: str, largest: int) -> bytes:
    """The bytes of a file.

    Arguments:
        path: Where it lies.
        name: What a sentence calls it.
        largest: Bytes it may have.

    Raises:
        CheckpointError: If it is missing, closed to this user, no regular file, or too large.
    """
    try:
        # Opened without waiting, or a pipe that nobody writes to would hold the app for ever.
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise CheckpointError(f"{name} is no regular file.")
            if status.st_size > largest:
                raise CheckpointError(f"{name} is too large: {largest / 1e6:,.0f} MB are the most that is read.")
            return file.read()
    except FileNotFoundError as error:
        raise CheckpointError(f"{name} is missing.") from error
    except PermissionError as error:
        raise CheckpointError(f"{name} may not be read: its permissions do not allow it.") from error
    except OSError as error:
        raise CheckpointError(f"{name} cannot be read: {reason(error)}.") from error


def reason(error: BaseException) -> str:
    """Why something failed, in a few words: the system's own, or else the first line of the error."""
    said = getattr(error, "strerror", None)
    return said.lower() if said else str(error).partition("\n")[0].strip(" .")


def printable(name: str) -> str:
    """A name from the disk as text that can be printed: what is no UTF-8 or no character to print is spelt out."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
