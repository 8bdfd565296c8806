"""Something that takes long, with a bar that shows how far it is."""

import gradio as gr

from explorer.page.check import ANY, Ports
from explorer.widgets.component import component


def job(
    label: str, ask: str, stop: str, using: dict[str, str], gives: dict[str, str], elem_id: str | None = None
) -> gr.HTML:
    """A button that starts it, a bar, and a button that stops it.

    Arguments:
        label: Of the button.
        ask: Name of the handler that is asked again and again; it gives "progress", and the rest once that is made.
        stop: Name of the handler that gives it up, for the same arguments.
        using: Handler's argument to key; the checkpoint is one of them.
        gives: Answer's array to key.
        elem_id: Identifier in the page.
    """
    return component(
        "job",
        **locals(),
        ports=Ports(reads=dict.fromkeys(using.values(), ANY), sets=dict.fromkeys(gives.values(), ANY)),
    )
