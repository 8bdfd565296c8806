"""A row for each latent dimension, with what it does behind the handle."""

import gradio as gr

from explorer.widgets.component import component

INACTIVE = 0.01  # nats; a dimension whose posterior is the prior for every picture


def latent_sliders(
    scene: str,
    point: str,
    title: str,
    *,
    strips: str,
    low: str,
    high: str,
    dimensions: str,
    kl: str = "",
    mu: str = "",
    sigma: str = "",
    height: int = 470,
    show_if: dict | None = None,
    elem_id: str | None = None,
) -> gr.HTML:
    """Sliders over a code, ordered by KL where the state has it, inactive dimensions folded away.

    The state's keys "order" and "kl" (null without a prior) say how rows are ordered and which are inactive.

    Arguments:
        scene: The tab's state.
        point: Key of the code: float32 (D,).
        title: What the sliders are.
        strips: Key of the traversals: uint8 (rows * steps, C, H, W), row by row of dimensions.
        low: Key of the left ends of the sliders: float32 (D,).
        high: Key of their right ends.
        dimensions: Key the widget writes the shown dimensions to; the traversals are made for these.
        kl: Key of this input's KL in nats for each dimension, float32 (D,), printed beside its name.
        mu: Key of the posterior's mean, float32 (D,), drawn as a band with sigma.
        sigma: Key of its deviation.
        height: On screen, in CSS pixels; more rows scroll.
        show_if: {"key": …, "values": […]}: shown only while the key has one of the values.
        elem_id: Identifier in the page.
    """
    return component("latent_sliders", **locals(), inactive=INACTIVE)
