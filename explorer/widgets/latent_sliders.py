"""A row for each latent dimension, with what it does behind the handle."""

import gradio as gr

from explorer.compute.latent import INACTIVE
from explorer.page.check import ANY, NUMBER, NUMBERS, OTHER, PICTURES, Ports
from explorer.widgets.component import component


def latent_sliders(
    point: str,
    title: str,
    *,
    kl: str = "",
    mu: str = "",
    sigma: str = "",
    height: int = 470,
    tile: int = 40,
    columns: int = 0,
    show_if: dict | None = None,
    elem_id: str | None = None,
) -> gr.HTML:
    """Sliders over a code, ordered by KL where the state has it, inactive dimensions folded away.

    Beside the code the state holds "latent_dim" and "kl" (null without a prior), which say how rows are ordered and
    which are inactive; "dimensions", which the widget sets to the rows shown; and what is computed for these: "strips",
    their traversals, uint8 (rows * steps, C, H, W), "low" and "high", the sliders' ends, float32 (D,).

    Arguments:
        point: Key of the code: float32 (D,).
        title: What the sliders are.
        kl: Key of this input's KL in nats for each dimension, float32 (D,), printed beside its name.
        mu: Key of the posterior's mean, float32 (D,), drawn as a band with sigma.
        sigma: Key of its deviation.
        height: On screen, in CSS pixels; more rows scroll.
        tile: Height of a row's pictures on screen, in CSS pixels.
        columns: Number of pictures in a row that are shown as squares, smaller than tile where rows are many; 0 fills
            the width there is.
        show_if: {"key": …, "values": […]}: shown only while the key has one of the values; with "not": True, none.
        elem_id: Identifier in the page.
    """
    return component(
        "latent_sliders",
        **locals(),
        inactive=INACTIVE,
        ports=Ports(
            reads={
                "latent_dim": NUMBER,
                "kl": ANY,
                "strips": PICTURES,
                **{key: NUMBERS for key in (point, "low", "high", kl, mu, sigma) if key},
            },
            sets={point: NUMBERS, "dimensions": OTHER},
        ),
    )
