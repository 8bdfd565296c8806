"""The two ways to draw a code from its posterior, as graphs with their gradients."""

import gradio as gr

from explorer.page.check import NUMBERS, TEXT, Ports
from explorer.widgets.component import component

FORMS = {"reparameterized": "computed from a draw ε", "original": "drawn"}


def reparameterization(form: str, epsilon: str, kl: str, *, elem_id: str | None = None) -> gr.HTML:
    """From x to x̂ by a draw, and how far a gradient comes back.

    Arguments:
        form: Key of one of FORMS.
        epsilon: Key of the draw, float32 (D,), which is the derivative of z with respect to σ.
        kl: Key of the divergence of each dimension in nats (D,): of the draw those two are told that cloud shows.
        elem_id: Identifier in the page.

    References:
        | Auto-Encoding Variational Bayes (Kingma & Welling, 2013), section 2.4
        | https://arxiv.org/abs/1312.6114
    """
    ports = Ports(reads={form: TEXT, epsilon: NUMBERS, kl: NUMBERS})
    return component("reparameterization", elem_id, form=form, epsilon=epsilon, kl=kl, ports=ports)
