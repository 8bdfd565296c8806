"""The addresses that programs ask at: named functions through Gradio's own, with the limits that the page has."""

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

import gradio as gr

from explorer.serve.pool import Pool
from explorer.serve.question import Refused
from explorer.serve.server import DEAR, address
from explorer.serve.turns import Busy, Gone, Turns

AT_ONCE = 8  # that Gradio hands on; the turns are taken behind it, by address


def offer(pool: Pool, endpoints: dict[str, Callable[..., Any]]) -> None:
    """Give functions of a pool names that gradio_client and curl can call; within gr.Blocks.

    Arguments:
        pool: Their first argument.
        endpoints: The functions by name, each argument with its type, and a docstring.
    """
    turns = Turns(**DEAR)  # what the page asks goes first
    for name, function in endpoints.items():
        gr.api(called_in_turn(function, pool, turns), api_name=name, concurrency_limit=AT_ONCE, concurrency_id="api")


def called_in_turn(function: Callable[..., Any], pool: Pool, turns: Turns) -> Callable[..., Any]:
    """The function without its pool; it waits for its asker's turn, and its refusals reach the asker as they are."""
    arguments = list(inspect.signature(function).parameters.values())[1:]

    async def call(*values: Any) -> Any:
        *given, request = values
        who = address(request) if request else ""
        try:
            return await turns.run(who, partial(function, pool, *given))
        except (Refused, Busy) as refusal:
            raise gr.Error(str(refusal), print_exception=False) from refusal
        except Gone as gone:
            raise gr.Error("Nobody waits for this any more.", print_exception=False) from gone

    asker = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=gr.Request)
    if any(argument.default is not inspect.Parameter.empty for argument in arguments):
        asker = asker.replace(default=None)
    returns = inspect.signature(function).return_annotation
    call.__signature__ = inspect.Signature([*arguments, asker], return_annotation=returns)  # type: ignore[attr-defined]
    call.__annotations__ = {each.name: each.annotation for each in (*arguments, asker)} | {"return": returns}
    call.__name__, call.__doc__ = function.__name__, function.__doc__
    return call
