"""What the app's server does beside Gradio: answer the widgets, hand out their files, refuse the rest."""

import logging
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from safetensors.numpy import save
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.animation import MOST_BYTES, from_page
from explorer.pool import Pool
from explorer.question import Refused, check_models, parse

HERE = Path(__file__).parent
LARGEST_QUESTION = 200_000  # bytes; the largest honest one, two pictures and a code, has 20,000

CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'; "  # gr.HTML needs eval
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "frame-ancestors 'self' https://huggingface.co https://*.hf.space"
)
HEADERS = [
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
]
# Open in every Gradio app and used by none of this one's components.
UNUSED = ("upload", "proxy=", "file=http", "file/", "stream/", "deep_link", "run-history", "process_recording")
BLOCKED = ("/monitoring", *(f"/gradio_api/{name}" for name in (*UNUSED, "vibe", "undo-vibe")))

Handlers = dict[str, dict[str, Callable[..., dict[str, np.ndarray]]]]


def launch_options(pool: Pool, handlers: Handlers) -> dict:
    """Keywords of Blocks.launch for a closed app.

    Arguments:
        pool: The checkpoints handlers read.
        handlers: Functions by tab and name.
    """
    return {
        "ssr_mode": False,  # the Node front server would swallow the routes below
        "run_history": False,
        "footer_links": [],
        "show_error": False,
        "max_threads": 8,
        "max_file_size": "2mb",
        "state_session_capacity": 300,
        "enable_monitoring": False,
        "mcp_server": False,
        "strict_cors": True,
        "allowed_paths": [],
        "app_kwargs": {"routes": routes(pool, handlers), "middleware": [Middleware(Harden)]},
    }


def routes(pool: Pool, handlers: Handlers) -> list[BaseRoute]:
    """The widgets' scripts, the sample sheets, and one address for every question."""

    async def ask(request: Request) -> Response:
        return await answer(request, pool, handlers)

    return [
        Route("/ask/{tab}/{name}", ask, methods=["POST"]),
        Route("/animation/{kind}", animation, methods=["POST"]),
        Mount("/widgets", Scripts(directory=HERE / "widgets")),
        Mount("/samples", StaticFiles(directory=HERE / "data" / "samples")),
    ]


async def answer(request: Request, pool: Pool, handlers: Handlers) -> Response:
    """Arrays as safetensors, or one sentence with status 400."""
    handler = handlers.get(request.path_params["tab"], {}).get(request.path_params["name"])
    if handler is None:
        return PlainTextResponse("There is no such question.", 404)
    try:
        question = parse(await body(request), handler)
        check_models(handler, question, lambda name: pool.config(name)["family"])
        arrays = await run_in_threadpool(partial(handler, pool, **question))
    except Refused as refusal:
        return PlainTextResponse(str(refusal), 400)
    except Exception:
        logging.exception("%s failed", request.url.path)
        return PlainTextResponse("The server could not answer this; nothing was changed.", 500)
    return Response(save({name: plain(array) for name, array in arrays.items()}), media_type="application/octet-stream")


async def animation(request: Request) -> Response:
    """Frames, sent as bytes with their shape in the query, as a GIF or WebP."""
    try:
        data = await body(request, MOST_BYTES)
        shape, kind = request.query_params.get("shape", ""), request.path_params["kind"]
        return Response(await run_in_threadpool(from_page, data, shape, kind), media_type=f"image/{kind}")
    except Refused as refusal:
        return PlainTextResponse(str(refusal), 400)


def plain(array: np.ndarray) -> np.ndarray:
    """As the page reads it: contiguous, and no doubles."""
    array = np.asarray(array, order="C")
    return array.astype(np.float32) if array.dtype == np.float64 else array


async def body(request: Request, largest: int = LARGEST_QUESTION) -> bytes:
    """The request's body, refused as soon as it grows too large."""
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > largest:
            raise Refused("The question is too large.")
    return data


class Scripts(StaticFiles):
    """The scripts of a folder and nothing else that lies in it."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        return super().lookup_path(path) if path.endswith(".js") else ("", None)


class Harden:
    """Security headers on every answer, and 403 where Gradio offers what this app does not use."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        if scope["path"].startswith(BLOCKED):  # the path is already percent-decoded here
            return await PlainTextResponse("blocked", 403)(scope, receive, send)
        # Scripts keep their names over versions: the browser has to ask whether they changed.
        cache = [(b"cache-control", b"no-cache")] if scope["path"].startswith(("/widgets/", "/samples/")) else []

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *HEADERS, *cache]}
            await send(message)

        await self.app(scope, receive, send_with_headers)
