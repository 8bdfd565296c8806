"""A reverse proxy that shows an app below a path, as JupyterHub and university web servers do."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from tests.browser.conftest import free_port

METHODS = ["GET", "HEAD", "POST"]


@contextmanager
def proxy(app: str, prefix: str, keep: bool) -> Iterator[str]:
    """The address under which the app is seen.

    Arguments:
        app: Its own address.
        prefix: The path below which it is shown; everything else is not found.
        keep: Whether the prefix is sent on to the app, or taken off.
    """
    once = httpx.Limits(max_keepalive_connections=0)  # the app closes connections that rest
    client = httpx.AsyncClient(base_url=app, timeout=60, limits=once)

    async def forward(request: Request) -> Response:
        path = request.scope["raw_path"].decode()
        inner = httpx.URL(path=path if keep else path.removeprefix(prefix), query=request.scope["query_string"])
        sent = client.build_request(request.method, inner, headers=request.headers.raw, content=await request.body())
        got = await client.send(sent, stream=True)
        return StreamingResponse(got.aiter_raw(), got.status_code, got.headers, background=BackgroundTask(got.aclose))

    routes = [Route(f"{prefix}/{{path:path}}", forward, methods=METHODS)]
    port = free_port()
    config = uvicorn.Config(
        Starlette(routes=routes), port=port, ws="none", log_level="error", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}{prefix}/"
    server.should_exit = True
    thread.join(timeout=20)
