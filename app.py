"""Latent Explorer: play with every model of "From Autoencoder to Beta-VAE" in the browser."""

import argparse
import os
import re
import threading
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported
# Visitors share the cores, and one small picture does not gain from two; read when numpy and torch are imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import gradio as gr
from gradio.utils import BaseReloader

from explorer.answers import HANDLERS
from explorer.answers.beside import beside
from explorer.answers.endpoints import ENDPOINTS
from explorer.checkpoint import hub
from explorer.checkpoint.regular_file import CheckpointError
from explorer.page.check import check, check_read
from explorer.page.tab import tab
from explorer.serve import api, connections
from explorer.serve.pool import Pool
from explorer.serve.server import launch_options
from explorer.stage import page as stage
from explorer.style.theme import head, stylesheet, theme
from explorer.tabs import TABS
from explorer.widgets import component

SHIPPED = Path(__file__).resolve().parent / "checkpoints"


def build(pool: Pool) -> gr.Blocks:
    """All tabs over the checkpoints of a pool."""
    with gr.Blocks(title="Latent Explorer", analytics_enabled=False, fill_width=True) as demo:
        if pool.problems:
            gr.HTML(listed(pool.problems), elem_id="problems")
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap"):
            for stem, module in TABS.items():
                with gr.Tab(module.TITLE, id=stem, elem_id=f"tab-{stem}"), tab(stem):
                    module.build(pool)
        api.offer(pool, ENDPOINTS)
    check_pages(demo)
    demo.queue(default_concurrency_limit=2, max_size=32, api_open=False)
    return demo


def check_pages(demo: gr.Blocks, complete: bool = False) -> None:
    """Compare what each tab's widgets read with what they are given.

    Arguments:
        demo: The app.
        complete: Whether every model is there, so that all that rules give has to be read as well.

    Raises:
        PageError: If something does not fit.
    """
    found: dict[str, list[gr.HTML]] = {}
    for block in demo.blocks.values():
        if isinstance(block, gr.HTML) and hasattr(block, "ports"):
            found.setdefault(block.props["tab"], []).append(block)
    for stem, widgets in found.items():
        (page,) = (block.props for block in widgets if block.script == "tab_setup")
        ports = {component.named(block, number): block.ports for number, block in enumerate(widgets)}
        python = page["python"].values()
        check(stem, page["state"], page["rules"], page["facts"], python, ports, HANDLERS[stem])
        if complete:
            check_read(stem, page["rules"], python, ports)


def listed(sentences: list[str]) -> str:
    """Sentences as a list; what stands in them is shown as it stands, for a folder may have any name."""
    return f"<ul>{''.join(f'<li>{escape(sentence)}</li>' for sentence in sentences)}</ul>"


class Renewal(BaseReloader):
    """Puts other tabs in the place of those that are served, as Gradio does where the source of an app has changed."""

    def __init__(self, demo: gr.Blocks):
        self.demo = demo

    @property
    def running_app(self) -> Any:
        return self.demo.app

    def swap_blocks(self, demo: gr.Blocks) -> None:
        super().swap_blocks(demo)
        demo.config = demo.get_config_file()


def launch(
    pool: Pool, embed: Sequence[str] = (), mcp: bool = False, reloads: bool = False, **options: Any
) -> gr.Blocks:
    """Start serving; embed and mcp are those of launch_options, options those of Blocks.launch.

    Arguments:
        pool: The checkpoints.
        reloads: Whether the page has a button that looks for models which have come or changed since.
    """

    def renew() -> bool:
        changed = pool.look_again()
        if changed:
            Renewal(demo).swap_blocks(build(pool))
        return changed

    closed = launch_options(pool, HANDLERS, beside, ENDPOINTS, embed, mcp, renew if reloads else None)
    demo = build(pool)
    scripts = component.head(reloads) + stage.head()
    page: dict[str, Any] = {"theme": theme(), "css": stylesheet(), "head": head() + scripts}
    demo.launch(prevent_thread_lock=True, **page, **closed, **options)
    connections.limit(demo.server.config)
    # Torch takes seconds to import: the page is served meanwhile, and the first question waits for it.
    threading.Thread(target=pool.warm_up, daemon=True).start()
    return demo


def roots(own: list[Path], only: bool) -> list[Path]:
    """The folders of checkpoints, each once, the app's first."""
    chosen = own if only and own else [SHIPPED, *own]
    return list({folder.resolve(): folder for folder in chosen}.values())


def checkpoints(text: str) -> Path:
    """A folder of checkpoints; what lies on the Hub is fetched first."""
    try:
        return hub.fetched(text) if text.startswith(hub.PREFIX) else Path(text)
    except CheckpointError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def origin(text: str) -> str:
    """An origin as browsers write it, such as https://course.example."""
    if not re.fullmatch(r"https?://(\*\.)?[\w.-]+(:\d+)?", text):
        raise argparse.ArgumentTypeError(f"{text} is no origin such as https://course.example")
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description="Latent Explorer")
    parser.add_argument(
        "--checkpoints",
        type=checkpoints,
        nargs="+",
        default=[],
        metavar="DIR",
        help="checkpoints of your own, beside the app's: a folder, or hf://OWNER/NAME on the Hugging Face Hub",
    )
    parser.add_argument("--only", action="store_true", help="show those in --checkpoints alone")
    parser.add_argument(
        "--embed", type=origin, nargs="+", default=[], metavar="ORIGIN", help="pages that may show this in a frame"
    )
    parser.add_argument("--mcp", action="store_true", help="offer the API as tools too (pip install gradio[mcp])")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=None, help="default: the first free one from 7860")
    options = parser.parse_args()
    on_space = "SPACE_ID" in os.environ
    host = "0.0.0.0" if on_space else options.host
    if on_space:  # its proxy says who asks; elsewhere uvicorn believes only a proxy on this machine
        os.environ.setdefault("FORWARDED_ALLOW_IPS", "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,127.0.0.1")
    folders = roots(options.checkpoints, options.only)
    pool = Pool(*folders)
    shown = {"embed": options.embed, "mcp": options.mcp, "reloads": folders != [SHIPPED]}
    launch(pool, **shown, server_name=host, server_port=options.port).block_thread()


if __name__ == "__main__":
    main()
