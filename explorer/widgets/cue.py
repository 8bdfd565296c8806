"""One line on a scene: what to do there, and what to notice."""

import gradio as gr

from explorer.page.check import ANY, Ports
from explorer.widgets.component import component


def cue(text: str, done: list[str], *, show_if: dict | None = None) -> gr.HTML:
    """A line that goes, for the rest of the visit, once it was done; its room stays.

    Arguments:
        text: What to do and what to notice, in at most 120 characters where the line is as wide as the page.
        done: Keys; it was done once a visitor has changed one of them, be it anywhere on the tab.
        show_if: {"key": …, "values": […]}: shown only while the key has one of the values; with "not": True, none.
    """
    return component("cue", text=text, done=done, show_if=show_if, ports=Ports(reads=dict.fromkeys(done, ANY)))
