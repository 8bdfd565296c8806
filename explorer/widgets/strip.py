"""A network as a strip of layers, from the picture to what is made of it; a click shows what a layer gives."""

import gradio as gr

from explorer.page.check import BYTES, NUMBER, PICTURES, TEXT, Ports
from explorer.widgets.component import component


def strip(prefix: str, *, networks: list[str], elem_id: str | None = None) -> gr.HTML:
    """Boxes as high as their layers are large, on a logarithmic scale; below them the chosen layer's numbers.

    Arguments:
        prefix: Of the keys: _boxes, what there is to draw, as JSON in UTF-8; _layer, the number of the chosen layer;
            _maps, what it gives, float32 (N, 1, H, W).
        networks: Models to choose from under the key "network", of which the tab's own is the first shown; none where
            the model is that of another key.
        elem_id: Identifier in the page.
    """
    return component(
        "strip",
        elem_id,
        prefix=prefix,
        networks=networks,
        when_seen=True,
        ports=Ports(
            reads={f"{prefix}_boxes": BYTES, f"{prefix}_maps": PICTURES},
            sets={f"{prefix}_layer": NUMBER} | ({"network": TEXT} if networks else {}),
        ),
    )
