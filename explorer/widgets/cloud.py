"""A Gaussian posterior under a magnifier."""

import gradio as gr

from explorer.page.check import NUMBERS, Ports
from explorer.widgets.component import component


def cloud(
    point: str, mu: str, sigma: str, kl: str, title: str, *, side: int = 380, elem_id: str | None = None
) -> gr.HTML:
    """The density of q(z|x), the prior's circles, and an arrow from the mean to the draw, whose tip can be pulled.

    Of more than two dimensions those two are seen whose divergence is largest.

    Arguments:
        point: Key of the draw, float32 (D,), which pulling sets.
        mu: Key of the posterior's mean, float32 (D,).
        sigma: Key of its standard deviation, float32 (D,).
        kl: Key of its divergence from the prior in each dimension, float32 (D,), in nats.
        title: What is seen.
        side: On screen, in CSS pixels.
        elem_id: Identifier in the page.
    """
    ports = Ports(reads=dict.fromkeys((point, mu, sigma, kl), NUMBERS), sets={point: NUMBERS})
    return component("cloud", **locals() | {"ports": ports})
