"""Autoencoder: input, a few numbers, reconstruction, with PCA beside it."""

from typing import Annotated

import gradio as gr

from explorer import answers, as_python
from explorer.answers import Answer
from explorer.pictures import to_bytes
from explorer.plots import error_by_dimensions
from explorer.pool import Pool
from explorer.question import Of, picture, whole
from explorer.tabs.frame import folds, header, missing, plane_rule, traversals_rule
from explorer.widgets.controls import controls, slider
from explorer.widgets.latent_pad import latent_pad
from explorer.widgets.latent_sliders import latent_sliders
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.readout import readout, value
from explorer.widgets.scene import Rule, scene

TITLE = "Autoencoder"
QUESTION = "How few numbers are enough to draw a digit again, and what lies between the digits?"
SCENE = "autoencoder"
WithPCA = Annotated[str, Of(("autoencoder",), "an autoencoder with PCA beside it")]

MATHS = r"""
An encoder $g_\phi$ makes a code of the picture, a decoder $f_\theta$ makes a picture of the code:
$$@z = g_\phi(@x) \qquad @x-hat = f_\theta(@z)$$
Both are trained on the squared error, summed over the pixels and averaged over the training set:
$$L(\theta, \phi) = \frac 1n \sum_{i=1}^n \left\lVert @x^{(i)} - f_\theta\big(g_\phi(@x^{(i)})\big) \right\rVert^2$$
If $f$ and $g$ are linear, the best they can do is PCA: $@z = W(@x - \bar x)$ and $@x-hat = W^\top @z + \bar x$,
with the leading eigenvectors of the covariance as rows of $W$. Nothing in $L$ says what lies between two codes.

*Hinton & Salakhutdinov, Reducing the Dimensionality of Data with Neural Networks (2006).*
"""

SNIPPET = """
from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets

model = load_model(Path("checkpoints/autoencoder/mnist-2d"))
x = torch.tensor(sample_sheets.load("mnist").pictures[:1]) / 255  # (1, 1, 28, 28)
with torch.inference_mode():
    z = model.encode(x)  # (1, 2)
    x_hat = model.decode(z)
    x_pca = model.pca_reconstruction(x, dim=2).clamp(0, 1)
row = torch.cat([x, x_hat, x_pca], dim=3)[0, 0]
Image.fromarray((row * 255).round().byte().numpy()).resize((672, 224), Image.NEAREST).save("autoencoder.png")
print("z =", z[0].tolist(), " squared error =", (x - x_hat).square().sum().item())
""".strip()


def pca(pool: Pool, checkpoint: WithPCA, x: list, dimensions: int) -> Answer:
    """What the first principal components keep of a picture."""
    pixels = picture(x, pool.config(checkpoint)["model"]["picture_shape"])
    dim = whole(dimensions, 1, pool.config(checkpoint).model["pca_dim"], "The number of components")
    x_pca = pool.compute(checkpoint, lambda model, x: model.pca_reconstruction(x, dim), pixels)
    return {"x_pca": to_bytes(x_pca), "error": answers.squared_error(x_pca, pixels)}


HANDLERS = {
    "python": as_python.decoded,
    "encode": answers.encode,
    "decode": answers.decode,
    "plane": answers.plane,
    "traversals": answers.traversals,
    "pca": pca,
}

RULES = [
    Rule("encode", when={"checkpoint": "checkpoint", "x": "x"}, gives={"z": "z"}),
    Rule(
        "decode",
        when={"z": "z"},
        using={"checkpoint": "checkpoint", "x": "x"},
        gives={"x_hat": "x_hat", "error": "error", "distance": "distance"},
    ),
    plane_rule(),
    traversals_rule(),
    Rule(
        "pca",
        when={"checkpoint": "checkpoint", "x": "x", "dimensions": "pca_dim"},
        gives={"x_pca": "x_pca", "error": "pca_error"},
    ),
]


def build(pool: Pool) -> None:
    """The components of the tab."""
    names = pool.names("autoencoder")
    if not names:
        gr.Markdown(missing(pool, "autoencoder"))
        return
    facts = answers.facts(pool, names)
    for name, fact in facts.items():  # PCA starts at as many numbers as the code has
        fact["pca_dim"] = min(fact["latent_dim"], pool.configs[name].model["pca_dim"])
    scene(SCENE, {"checkpoint": names[0]}, RULES, facts, as_python.CODE_SCENE)
    header(QUESTION, SCENE, names)
    plane, sliders = ({"key": "latent_dim", "values": [2]}, {"key": "latent_dim", "values": list(range(3, 65))})
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            picture_input(SCENE, "x", "Input x", elem_id="ae-input")
        with gr.Column(min_width=430, scale=1):
            latent_pad(SCENE, "z", "Code z", show_if=plane, elem_id="ae-pad")
            latent_sliders(SCENE, "z", "Code z", show_if=sliders, elem_id="ae-sliders")
        with gr.Column(min_width=230, scale=0):
            picture_grid(
                SCENE,
                "x_hat",
                "Reconstruction x̂",
                symbol="x-hat",
                captions="error",
                caption_text="squared error {}",
                elem_id="ae-output",
            )
            hole = (1, "A hole: no digit is encoded near here.")
            numbers = [value("z", "z", "z"), value("distance", "to a real code", "z", unit="r", warn=hole)]
            readout(SCENE, numbers, elem_id="ae-numbers")
        with gr.Column(min_width=230, scale=0):
            picture_grid(
                SCENE,
                "x_pca",
                "PCA’s x̂",
                symbol="pca",
                captions="pca_error",
                caption_text="squared error {}",
                elem_id="ae-pca",
            )
            controls(SCENE, [slider("pca_dim", "dims", 1, 64, 1, "pca")], elem_id="ae-pca-dim")
    with gr.Accordion("Error against the number of dimensions, over the whole test set", open=False):
        gr.Plot(error_by_dimensions([pool.configs[name] for name in names]), show_label=False)
    gr.Markdown(
        "r is the radius of a hole: 95 % of the training codes have another one nearer than that.",
        elem_classes="le-question",
    )
    folds(pool, names, MATHS, SNIPPET)
