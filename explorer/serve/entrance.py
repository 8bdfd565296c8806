"""What the server lets in: addresses that the page and programs need, bodies of a size and within a time."""

import asyncio
from collections.abc import Collection, Sequence

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.serve.question import Refused

LONGEST_BODY = 10.0  # seconds in which it has to arrive
CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'; "  # gr.HTML needs eval
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "frame-ancestors 'self' https://huggingface.co https://*.hf.space"
)
HEADERS = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"strict-origin-when-cross-origin")]
# Of the many addresses that Gradio opens in every app, the page needs these.
QUESTIONS = ("/ask/", "/animation/")
SCRIPTS = ("/widgets/", "/in_page/", "/stage/")
FILES = (*SCRIPTS, "/networks/", "/samples/", "/assets/", "/static/", "/svelte/", "/gradio_api/startup-events")
PAGES = ("/", "/config", "/config/", "/theme.css", "/favicon.ico", "/manifest.json", "/robots.txt")
STREAM = "/gradio_api/heartbeat/"  # the page and clients ask for it, and do without a stream that never ends
# What clients of the named functions need: their list, a question by name, and its answer; gradio_client's own way.
CALL, INFO, JOIN, DATA = (f"/gradio_api/{part}" for part in ("call/", "info", "queue/join", "queue/data"))
MCP = "/gradio_api/mcp/"
LARGEST_CALL = 2_000_000  # bytes: a picture of 256 × 256 in colour, as nested lists, has 900,000


class Bounded:
    """An app that is handed no more than so many bytes of a body, for Gradio itself reads all that comes."""

    def __init__(self, app: ASGIApp, largest: int):
        self.app, self.largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(LONGEST_BODY):
                data = await body(Request(scope, receive), self.largest)
        except Refused as refusal:
            return await PlainTextResponse(str(refusal), 413, {"Connection": "close"})(scope, receive, send)
        except TimeoutError:
            late = PlainTextResponse("The question took too long to arrive.", 408, {"Connection": "close"})
            return await late(scope, receive, send)
        except ClientDisconnect:
            return None
        whole: list[Message] = [{"type": "http.request", "body": data, "more_body": False}]

        async def receive_whole() -> Message:
            return whole.pop() if whole else await receive()

        await self.app(scope, receive_whole, send)


class Harden:
    """Security headers on every answer, and 403 for what Gradio offers and this app does not use."""

    def __init__(self, app: ASGIApp, endpoints: Collection[str] = (), embed: Sequence[str] = (), mcp: bool = False):
        self.app, self.endpoints, self.mcp = app, endpoints, mcp
        self.headers = [(b"content-security-policy", " ".join([CSP, *embed]).encode()), *HEADERS]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        path = scope["path"]  # already percent-decoded
        # Scripts keep their names over versions: the browser has to ask whether they changed.
        cache = [(b"cache-control", b"no-cache")] if path.startswith((*SCRIPTS, "/samples/")) else []

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *self.headers, *cache]}
            await send(message)

        await self.offered(path, scope["method"])(scope, receive, send_with_headers)

    def offered(self, path: str, method: str) -> ASGIApp:
        """The app, or what stands in its place at an address that is closed."""
        if path.startswith(STREAM):
            return Response(status_code=204)  # so that the page does not ask again
        if method == "POST" and self.is_call(path, 1):
            return Bounded(self.app, LARGEST_CALL)
        if method == "GET" and self.is_call(path, 2):
            return self.app
        if self.mcp and path.startswith(MCP):
            return Bounded(self.app, LARGEST_CALL) if method == "POST" else self.app
        asked = path.startswith(QUESTIONS) if method == "POST" else path in PAGES or path.startswith(FILES)
        return self.app if asked else PlainTextResponse("blocked", 403)

    def is_call(self, path: str, parts: int) -> bool:
        """Whether a path is a question to a named function, or with two parts behind it the answer to one."""
        if path.startswith(CALL):
            name, *rest = path.removeprefix(CALL).removeprefix("v2/" if parts == 1 else "").split("/")
            return name in self.endpoints and len(rest) == parts - 1
        return path == JOIN if parts == 1 else path in (DATA, INFO)


async def body(request: Request, largest: int) -> bytes:
    """The request's body, refused as soon as it grows too large."""
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > largest:
            raise Refused("The question is too large.")
    return data
