"""What the app's server does beside Gradio: answer the widgets and hand out their files."""

import asyncio
import contextlib
import logging
import math
import os
from collections.abc import Callable, Collection, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from explorer.data import own_samples
from explorer.serve import networks
from explorer.serve.animation import MOST_BYTES, from_page
from explorer.serve.entrance import LONGEST_BODY, Harden, body
from explorer.serve.pool import Pool
from explorer.serve.question import Refused, check_models, parse
from explorer.serve.sub_path import SubPath
from explorer.serve.turns import NICE, RETRY, Busy, Gone, Turns, is_dear

HERE = Path(__file__).parents[1]
LARGEST_QUESTION = 200_000  # bytes; the largest honest one about the app's own models, a sequence, has 150,000
OF_A_NUMBER = 32  # bytes, of a picture and of what noise has made of it
MOST_QUESTION = 8_000_000  # bytes, whatever a config says
CHEAP = {"places": 4, "most": 1000, "most_each": 500}  # a whole lecture hall may have one address
DEAR = {"places": 1, "most": 16, "most_each": 4, "nice": NICE}  # one place: the other core is left to what is cheap
FILES_AT_ONCE = {"places": 8, "most": 8, "most_each": 2}  # animations sent or made: 2.5 MB each, and 50 at work
NOBODY = 499  # what servers write down where the asker has left; nobody reads it

# What the page asks for of a set, by the end of its address; browsers go by the kind.
OWN_SHEETS = (
    (".json", own_samples.notes, "application/json"),
    (".png", own_samples.sheet, "image/png"),
    ("-atlas.webp", own_samples.atlas_sheet, "image/png"),
)

Handlers = dict[str, dict[str, Callable[..., dict[str, np.ndarray | np.floating]]]]


def largest_question(pool: Pool) -> int:
    """Bytes of a question that are read: what two pictures of the largest model take, written as text."""
    numbers = max((math.prod(config.model["picture_shape"]) for config in pool.configs.values()), default=0)
    return min(max(LARGEST_QUESTION, OF_A_NUMBER * numbers), MOST_QUESTION)


def launch_options(
    pool: Pool,
    handlers: Handlers,
    beside: Callable[[Pool], dict[str, list[str]]] = lambda pool: {},
    endpoints: Collection[str] = (),
    embed: Sequence[str] = (),
    mcp: bool = False,
    renew: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """Keywords of Blocks.launch for a closed app.

    Arguments:
        pool: The checkpoints handlers read.
        handlers: Functions by tab and name.
        beside: Checkpoints that answers of several look at, for the page's own answers.
        endpoints: Names of the functions that programs may call.
        embed: Origins of pages that may have this one in a frame.
        mcp: Whether the functions are also tools of a Model Context Protocol server.
        renew: Shows what has changed in the folders of checkpoints, and says whether anything has; None is not offered.
    """
    return {
        "ssr_mode": False,  # the Node front server would swallow the routes below
        "run_history": False,
        "footer_links": [],
        "show_error": False,
        "_frontend": False,  # or it would ask itself for the page, and give up where that takes 3 s or a proxy is set
        "max_threads": 8,
        "max_file_size": "2mb",
        "state_session_capacity": 300,
        "enable_monitoring": False,
        "mcp_server": mcp,
        "strict_cors": True,
        "allowed_paths": [],
        "app_kwargs": {
            "routes": routes(pool, handlers, beside, renew),
            "middleware": [Middleware(SubPath), Middleware(Harden, endpoints=endpoints, embed=embed, mcp=mcp)],
        },
    }


def routes(
    pool: Pool, handlers: Handlers, beside: Callable[[Pool], dict[str, list[str]]], renew: Callable[[], bool] | None
) -> list[BaseRoute]:
    """The widgets' scripts, the sample sheets, and one address for every question."""
    cheap, dear, files = Turns(**CHEAP), Turns(**DEAR), Turns(**FILES_AT_ONCE)

    async def ask(request: Request, data: bytes) -> Response:
        """Arrays as safetensors."""
        handler = handlers.get(request.path_params["tab"], {}).get(request.path_params["name"])
        if handler is None:
            return PlainTextResponse("There is no such question.", 404)
        asked = parse(data, handler)
        check_models(handler, asked, lambda name: pool.config(name).family)
        turns = dear if is_dear(handler, pool, asked) else cheap
        arrays = await turns.run(address(request), partial(handler, pool, **asked))
        file = save({name: plain(array) for name, array in arrays.items()})
        return Response(file, media_type="application/octet-stream")

    async def question(request: Request) -> Response:
        return await answer(ask, largest_question(pool), None, request)  # whose models may change

    async def animate(request: Request, data: bytes) -> Response:
        """Frames, sent as bytes with their shape in the query, as a GIF or WebP."""
        shape, kind = request.query_params.get("shape", ""), request.path_params["kind"]
        file = await dear.run(address(request), partial(from_page, data, shape, kind))
        return Response(file, media_type=f"image/{kind}")

    async def reload(request: Request, data: bytes) -> Response:
        """Whether the models have changed on the disk; if so, the next page shows them."""
        if renew is None:
            raise Refused("This app shows the models that it was started with.")
        changed = await dear.run(address(request), renew)
        return Response("changed" if changed else "same", media_type="application/octet-stream")

    return [
        Route("/ask/reload", partial(answer, reload, 0, None), methods=["POST"]),
        Route("/ask/{tab}/{name}", question, methods=["POST"]),
        Route("/animation/{kind}", partial(answer, animate, MOST_BYTES, files), methods=["POST"]),
        Mount("/widgets", Scripts(directory=HERE / "widgets")),
        Mount("/in_page", Scripts(directory=HERE / "in_page")),
        *networks.routes(pool, beside),
        Mount("/stage", Stage(directory=HERE / "stage")),
        Mount("/samples", Sheets(directory=HERE / "data" / "samples")),
    ]


async def answer(
    work: Callable[..., Coroutine[Any, Any, Response]], largest: int, turns: Turns | None, request: Request
) -> Response:
    """What a question is answered with; where it cannot be, one sentence with status 400, 408 or 503.

    Arguments:
        work: Takes the request and its body.
        largest: Bytes that the body may have.
        turns: Where the asker needs a place before the body is read.
        request: The question.
    """
    try:
        async with turns.place(address(request)) if turns else contextlib.nullcontext():
            async with asyncio.timeout(LONGEST_BODY):
                data = await body(request, largest)
            return await unless_gone(request, work(request, data))
    except Refused as refusal:
        return PlainTextResponse(str(refusal), 400)
    except TimeoutError:
        return PlainTextResponse("The question took too long to arrive.", 408, {"Connection": "close"})
    except Busy as busy:
        return PlainTextResponse(str(busy), 503, {"Retry-After": str(RETRY)})
    except (Gone, ClientDisconnect):
        return Response(status_code=NOBODY)
    except Exception:
        logging.exception("%s failed", request.url.path)
        return PlainTextResponse("The server could not answer this; nothing was changed.", 500)


async def unless_gone(request: Request, work: Coroutine[Any, Any, Response]) -> Response:
    """What some work gives; it is cancelled when the asker leaves.

    Raises:
        Gone: If the asker has left.
    """
    answering, leaving = asyncio.create_task(work), asyncio.create_task(has_left(request))
    await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
    leaving.cancel()
    if not answering.done():
        answering.cancel()
        raise Gone
    return answering.result()


async def has_left(request: Request) -> None:
    """Waits until the asker has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def address(request: Request) -> str:
    """Who asks; behind a proxy that uvicorn was told to trust, the address that the proxy names."""
    return request.client.host if request.client else ""


def plain(array: np.ndarray) -> np.ndarray:
    """As the page reads it: contiguous, and no doubles."""
    array = np.asarray(array, order="C")
    return array.astype(np.float32) if array.dtype == np.float64 else array


class Scripts(StaticFiles):
    """The scripts of a folder and nothing else that lies in it."""

    kinds: tuple[str, ...] = (".js", ".mjs")

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        return super().lookup_path(path) if path.endswith(self.kinds) else ("", None)


class Stage(Scripts):
    """The scripts of walks, the shipped walk, and the window of the speaker."""

    kinds = (".js", ".json", ".html", ".css")


class Sheets(StaticFiles):
    """The pictures that come with the app, and those that come with a checkpoint of somebody's own."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        for ending, make, kind in OWN_SHEETS:
            if path.endswith(ending) and (name := path.removesuffix(ending)) in own_samples.SETS:
                return Response(await run_in_threadpool(make, name), media_type=kind)
        return await super().get_response(path, scope)
