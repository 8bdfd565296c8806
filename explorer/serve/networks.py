"""Hands out what the page needs to compute networks itself: a list of them, graphs and weights, the runtime."""

import hashlib
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from explorer.checkpoint import NETWORKS, WEIGHTS, read_graphs
from explorer.checkpoint.config import Config
from explorer.checkpoint.regular_file import CheckpointError, read
from explorer.data import atlas
from explorer.data.rendered_sets import WORLDS
from explorer.serve.pool import Pool

RUNTIME = Path(__file__).parents[1] / "in_page" / "onnxruntime" / "ort-wasm-simd-threaded.wasm.gz"
# Sets whose test pictures, as they are, lie in one sheet; of rendered ones it has thumbnails.
ATLASES = [name for name in atlas.NAMES if name not in WORLDS]
LARGEST = 64_000_000  # bytes of weights that a page is given; models beyond are left to the server
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}  # of files whose address holds their hash
IN_PROFILE = ("kl_per_dimension", "code_distance", "many_milliseconds")  # that answers in the page read


def routes(pool: Pool, beside: Callable[[Pool], dict[str, list[str]]]) -> list[BaseRoute]:
    """The list, and the files that it names.

    Arguments:
        pool: The checkpoints.
        beside: Those of them that some answers look at together, in their order; the list has them as well.
    """
    stamp = digest(RUNTIME.read_bytes())

    @lru_cache(maxsize=1)
    def graphs(look: int) -> dict[str, str]:
        """The hash of each checkpoint's graphs, at that look at the folders."""
        return {name: found for name in pool.configs if (found := graphs_of(pool.folder(name), pool.configs[name]))}

    @lru_cache(maxsize=1)
    def text(look: int) -> str:
        hashes = graphs(look)
        models = {name: told(pool.configs[name], hashes[name]) for name in in_order(pool) if name in hashes}
        runtime = f"networks/runtime?v={stamp}"
        return json.dumps({"runtime": runtime, "models": models, "beside": beside(pool), "atlases": ATLASES})

    def index(request: Request) -> Response:
        return Response(text(pool.looks), media_type="application/json", headers={"Cache-Control": "no-cache"})

    def runtime(request: Request) -> Response:
        return FileResponse(RUNTIME, media_type="application/wasm", headers=FOR_EVER | {"Content-Encoding": "gzip"})

    def file(request: Request) -> Response:
        name, asked = "{family}/{variant}".format(**request.path_params), request.path_params["file"]
        hashes = graphs(pool.looks)
        if name not in hashes or asked not in (NETWORKS, WEIGHTS):
            return PlainTextResponse("There is no such file.", 404)
        try:
            data = read(pool.folder(name) / asked, f"{name}/{asked}", LARGEST)
        except CheckpointError as error:
            return PlainTextResponse(str(error), 404)
        wanted = hashes[name] if asked == NETWORKS else pool.configs[name].weights_sha256
        if not wanted.startswith(digest(data)):
            return PlainTextResponse(f"{name}/{asked} has changed since the app looked at it.", 404)
        return Response(data, media_type="application/octet-stream", headers=FOR_EVER)

    text(pool.looks)  # now, so that the first visitor need not wait
    return [
        Route("/networks/index.json", index),
        Route("/networks/runtime", runtime),
        Route("/networks/{family}/{variant}/{file}", file),
    ]


def in_order(pool: Pool) -> list[str]:
    """Checkpoints as tabs list them."""
    families = dict.fromkeys(config.family for config in pool.configs.values())
    return [name for family in families for name in pool.names(family)]


def graphs_of(folder: Path, known: Config | None = None) -> str:
    """Hash of a folder's graphs; empty where there are none that fit its weights."""
    try:
        return digest(read_graphs(folder, known))
    except CheckpointError:
        return ""  # the server answers


def told(config: Config, graphs: str) -> dict[str, Any]:
    """What the page has to know of a checkpoint."""
    return {
        "family": config.family,
        "data": config.data,
        "model": dict(config.model),
        "profile": {key: config.profile[key] for key in IN_PROFILE if key in config.profile},
        "weights": config.weights_sha256[:16],
        "networks": graphs,
    }


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
