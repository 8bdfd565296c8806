"""How a script becomes a Gradio component."""

from pathlib import Path
from typing import Any

import gradio as gr

HERE = Path(__file__).parent


def head() -> str:
    """What the page's head has to hold: the script that fetches those of the widgets."""
    return f"<script>{(HERE / 'loader.js').read_text(encoding='utf-8')}</script>"


def component(name: str, scene: str, elem_id: str | None = None, **props: Any) -> gr.HTML:
    """A gr.HTML whose content is made by mount() in NAME.js and styled by NAME.css.

    A plain instance rather than a subclass: Gradio writes a .pyi file beside the module of every subclass.
    Props reach the page as JSON and are never put into HTML by Gradio.

    Arguments:
        name: Stem of the script.
        scene: Name of the page's state the widget reads and writes.
        elem_id: Identifier in the page.
        props: What else mount() reads from its props.
    """
    style = HERE / f"{name}.css"
    return gr.HTML(
        html_template=f'<div class="le-widget le-{name.replace("_", "-")}"></div>',
        css_template=style.read_text(encoding="utf-8") if style.is_file() else "",
        js_on_load=(
            f"latentExplorer.load('{name}', "
            "{element: element.querySelector('.le-widget'), props, server, trigger, watch});"
        ),
        apply_default_css=False,
        elem_id=elem_id,
        scene=scene,
        **props,
    )
