"""Latent Explorer: play with every model of "From Autoencoder to Beta-VAE" in the browser."""

import argparse
import os
import threading
from html import escape
from pathlib import Path
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported
# Visitors share the cores, and one small picture does not gain from two; read when numpy and torch are imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import gradio as gr

from explorer.answers import HANDLERS
from explorer.answers.beside import beside
from explorer.page.check import check, check_read
from explorer.page.tab import tab
from explorer.serve import connections
from explorer.serve.pool import Pool
from explorer.serve.server import launch_options
from explorer.stage import page as stage
from explorer.style.theme import head, stylesheet, theme
from explorer.tabs import TABS
from explorer.widgets import component


def build(pool: Pool) -> gr.Blocks:
    """All tabs over the checkpoints of a pool."""
    with gr.Blocks(title="Latent Explorer", analytics_enabled=False, fill_width=True) as demo:
        if pool.problems:
            gr.HTML(listed(pool.problems), elem_id="problems")
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap"):
            for stem, module in TABS.items():
                with gr.Tab(module.TITLE, id=stem, elem_id=f"tab-{stem}"), tab(stem):
                    module.build(pool)
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


def launch(pool: Pool, **options: Any) -> gr.Blocks:
    """Start serving; options are those of Blocks.launch, besides the ones that keep the app closed."""
    closed = launch_options(pool, HANDLERS, beside(pool))
    demo = build(pool)
    page: dict[str, Any] = {"theme": theme(), "css": stylesheet(), "head": head() + component.head() + stage.head()}
    demo.launch(prevent_thread_lock=True, **page, **closed, **options)
    connections.limit(demo.server.config)
    # Torch takes seconds to import: the page is served meanwhile, and the first question waits for it.
    threading.Thread(target=pool.warm_up, daemon=True).start()
    return demo


def main() -> None:
    parser = argparse.ArgumentParser(description="Latent Explorer")
    parser.add_argument("--checkpoints", type=Path, default=Path(__file__).parent / "checkpoints", metavar="DIR")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=None, help="default: the first free one from 7860")
    options = parser.parse_args()
    on_space = "SPACE_ID" in os.environ
    host = "0.0.0.0" if on_space else options.host
    if on_space:  # its proxy says who asks; elsewhere uvicorn believes only a proxy on this machine
        os.environ.setdefault("FORWARDED_ALLOW_IPS", "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,127.0.0.1")
    launch(Pool(options.checkpoints), server_name=host, server_port=options.port).block_thread()


if __name__ == "__main__":
    main()
