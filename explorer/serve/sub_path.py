"""The app below a path of a larger site, as behind JupyterHub or a university's web server."""

from urllib.parse import unquote, urlsplit

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class SubPath:
    """Takes the prefix off the paths of requests.

    The prefix is what GRADIO_ROOT_PATH says: a path, or an address with one. Some proxies take it off themselves, some
    do not, and Starlette finds mounted folders only below a prefix that is there. Behind this, nobody has to know.
    """

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        prefix = unquote(urlsplit(scope.get("root_path", "")).path).rstrip("/")
        path = scope["path"]
        if prefix and path == prefix:  # the page's own addresses begin behind the slash
            query = scope["query_string"].decode("latin-1")
            return await RedirectResponse(f"{prefix}/?{query}".rstrip("?"))(scope, receive, send)
        if path.startswith(f"{prefix}/"):
            path = path[len(prefix) :]
        await self.app({**scope, "path": path, "root_path": ""}, receive, send)
