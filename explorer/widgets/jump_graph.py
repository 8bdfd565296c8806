"""The graph of a TD-VAE's jump over the frames it is about."""

import gradio as gr

from explorer.page.check import NUMBER, PICTURES, Ports
from explorer.widgets.component import component

LAST = 5  # step of the smoothing distribution, after frames, belief, state now, jump and frame later


def jump_graph(
    frames: str, futures: str, *, t: str, jump: str, step: str, title: str, elem_id: str | None = None
) -> gr.HTML:
    """Which of p_B, p_T, p_D and q_S makes what, lit up to a step.

    Arguments:
        frames: Key of what happens, uint8 (T, 1, H, W).
        futures: Key of a future, whose first picture is the belief and whose second is after one jump.
        t: Key of the number of frames shown, t1.
        jump: Key of the frames from t1 to t2.
        step: Key of the last step that is lit, from 0 to LAST.
        title: What is seen.
        elem_id: Identifier in the page.

    References:
        | Temporal Difference Variational Auto-Encoder (Gregor et al., 2019), figure 1
        | https://arxiv.org/abs/1806.03107
    """
    pictures, numbers = dict.fromkeys((frames, futures), PICTURES), dict.fromkeys((t, jump, step), NUMBER)
    return component(
        "jump_graph",
        elem_id,
        ports=Ports(reads=pictures | numbers),
        **{"frames": frames, "futures": futures, "t": t, "jump": jump, "step": step, "title": title},
    )
