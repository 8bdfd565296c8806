"""A codebook in the plane that learns while one watches."""

import gradio as gr

from explorer.page.check import NUMBER, TEXT, Ports
from explorer.widgets.component import component

METHODS = {"ema": "moving averages", "gradient": "the gradient of ‖sg[z_e] − e‖²"}


def quantizer(
    step: str,
    code: str,
    settings: dict[str, str],
    title: str,
    *,
    last: int,
    side: int = 440,
    elem_id: str | None = None,
) -> gr.HTML:
    """Points and codes after a number of batches, computed anew for other settings, and what the last batch did.

    Arguments:
        step: Key of the number of batches, from 0 to last.
        code: Key of the code whose equations are written out.
        settings: Key of each of count, K; method, one of METHODS; decay, γ, and rate, of the one and of the other;
            commitment, β; restart, vectors of a batch below which a code starts again; seed.
        title: What is seen.
        last: Batch at which playing ends.
        side: Of the plane on screen, in CSS pixels.
        elem_id: Identifier in the page.

    References:
        | Neural Discrete Representation Learning (van den Oord et al., 2017), equation 3 and appendix A.1
        | https://arxiv.org/abs/1711.00937
    """
    kinds = {key: TEXT if name == "method" else NUMBER for name, key in settings.items()}
    counted = {step: NUMBER, code: NUMBER}
    return component(
        "quantizer",
        elem_id,
        ports=Ports(reads=kinds | counted, sets=counted),
        **{"step": step, "code": code, "settings": settings, "title": title, "last": last, "side": side},
    )
