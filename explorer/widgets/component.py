"""How a script becomes a Gradio component."""

import json
from pathlib import Path
from typing import Any

import gradio as gr

from explorer.page.check import ANY, Ports
from explorer.page.tab import this_tab

HERE = Path(__file__).parent


def head(reloads: bool = False) -> str:
    """What the page's head has to hold: the script that fetches those of the widgets, and that of pages in frames.

    Arguments:
        reloads: Whether the page has a button that looks for other models.
    """
    texts = [(HERE / script).read_text(encoding="utf-8") for script in ("loader.js", "embed.js")]
    return "".join(f"<script>{text}</script>" for text in [*texts, f"latentExplorer.reloads = {json.dumps(reloads)};"])


def component(name: str, elem_id: str | None = None, *, ports: Ports | None = None, **props: Any) -> gr.HTML:
    """A gr.HTML of the tab that is being built, whose content is made by mount() in NAME.js and styled by NAME.css.

    A plain instance rather than a subclass: Gradio writes a .pyi file beside the module of every subclass.
    Props reach the page as JSON and are never put into HTML by Gradio.

    Arguments:
        name: Stem of the script.
        elem_id: Identifier in the page.
        ports: Keys the widget reads and sets, for the check that somebody gives what it reads.
        props: What else mount() reads from its props; when_seen: nothing of it is fetched before it comes into sight.
    """
    style = HERE / f"{name}.css"
    html = gr.HTML(
        html_template=f'<div class="le-widget le-{name.replace("_", "-")}"></div>',
        css_template=style.read_text(encoding="utf-8") if style.is_file() else "",
        js_on_load=(
            f"latentExplorer.load('{name}', "
            "{element: element.querySelector('.le-widget'), props, server, trigger, watch});"
        ),
        apply_default_css=False,
        elem_id=elem_id,
        tab=this_tab(),
        **props,
    )
    # Attributes of our own, which the check of the page reads.
    html.script = name  # type: ignore[attr-defined]
    html.ports = Ports() if ports is None else ports  # type: ignore[attr-defined]
    if show_if := props.get("show_if"):
        html.ports.reads |= {show_if["key"]: ANY}
    return html


def named(html: gr.HTML, number: int) -> str:
    """What a widget is called in a sentence: by its identifier, or as the tab's widget of that number."""
    return f"{html.script} {html.elem_id or f'(widget {number})'}"
