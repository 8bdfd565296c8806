"""The four scenes of the VAE tab: what lies where, without any computation."""

from typing import Any

import gradio as gr

from explorer.answers.vae import EVIDENCE_DRAWS, MANIFOLD_SIDE, PATH_STEPS
from explorer.widgets.cloud import cloud
from explorer.widgets.controls import choice, controls, counter, setter, slider
from explorer.widgets.cue import cue
from explorer.widgets.curves import curves
from explorer.widgets.latent_pad import latent_pad
from explorer.widgets.latent_sliders import latent_sliders
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.readout import readout, value
from explorer.widgets.reparameterization import FORMS, reparameterization

FACES: dict[str, Any] = {"key": "data", "values": ["faces"]}
DIGITS = FACES | {"not": True}  # and pictures of one's own, whatever their size
PLANE = {"key": "latent_dim", "values": [2]}
NATS = 250  # of a digit at which a bar is full
SLIDERS = PLANE | {"not": True}
END = 13  # a 0, a dress: every model rebuilds it as what it is


def pictures(key: str, title: str, elem_id: str, first: int = 0) -> None:
    """Where a picture comes from, in the size that the model takes."""
    picture_input(key, title, first=first, show_if=DIGITS, elem_id=elem_id)
    picture_input(key, title, first=first, side=64, show_if=FACES, elem_id=f"{elem_id}-64")


def encode_scene(with_autoencoder: bool) -> None:
    cue("Draw ε a few times: z wanders by about σ, and what is decoded hardly changes.", ["epsilon_seed", "z"])
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            pictures("x", "Input x", "vae-input")
            controls([counter("epsilon_seed", "Draw ε", "epsilon"), setter("ε = 0", {"epsilon_seed": 0}, "epsilon")])
        if with_autoencoder:
            with gr.Column(min_width=310, scale=0):
                latent_pad(
                    "ae_z",
                    "The autoencoder’s plane",
                    prefix="ae_",
                    side=300,
                    legend=False,
                    hint="",
                    show_if=PLANE,
                    elem_id="vae-ae-pad",
                )
                picture_grid(
                    "ae_x_hat", "The autoencoder’s x̂", symbol="x-hat", tile=112, show_if=PLANE, elem_id="vae-ae-output"
                )
        with gr.Column(min_width=310, scale=1):
            latent_pad(
                "z",
                "The VAE’s plane",
                side=300,
                ellipse={"mu": "mu", "sigma": "sigma"},
                show_if=PLANE,
                elem_id="vae-pad",
            )
            latent_sliders("z", "Code z", kl="kl_each", mu="mu", sigma="sigma", show_if=SLIDERS, elem_id="vae-sliders")
        with gr.Column(min_width=330, scale=0):
            picture_grid("x_hat", "Reconstruction x̂", symbol="x-hat", tile=196, elem_id="vae-output")
            draw = [value("mu", "μ", "mu"), value("sigma", "σ", "sigma"), value("epsilon", "ε", "epsilon")]
            draw += [value("z", "z = μ + σ ε", "z"), value("kl_each", "KL of each z", "mu", 2, "nats")]
            readout(draw, show_if=PLANE, elem_id="vae-draw")
            terms = [
                value("reconstruction", "mean −log p(x|z)", "x-hat", 1, "nats", bar=400),
                value("kl_sum", "+ KL", "mu", 1, "nats", bar=400),
                value("negative_elbo", "= −ELBO ≥ −log p(x)", "", 1, "nats"),
            ]
            readout(terms, elem_id="vae-numbers")


def draw_scene() -> None:
    cue(
        "Pull the draw about, or draw ε again: the bound’s first term is the mean over all such z.",
        ["z", "epsilon_seed"],
    )
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            pictures("x", "Input x", "vae-draw-input")
            controls([counter("epsilon_seed", "Draw ε", "epsilon"), setter("ε = 0", {"epsilon_seed": 0}, "epsilon")])
            picture_grid("x_hat", "Decoded x̂", symbol="x-hat", tile=112, elem_id="vae-draw-output")
        with gr.Column(min_width=430, scale=0):
            cloud("z", "mu", "sigma", "kl_each", "q(z|x)", side=430, elem_id="vae-cloud")
            readout([value("of_this_z", "−log p(x|z) of this z", "z", 1, "nats", bar=NATS)], elem_id="vae-of-this-z")
        with gr.Column(min_width=520, scale=1):
            controls([choice("form", "z is", FORMS)], elem_id="vae-form")
            reparameterization("form", "epsilon", "kl_each", elem_id="vae-reparameterization")
            terms = [
                value("drawn_reconstruction", "−log p(x|z), mean over q", "x-hat", 1, "nats", bar=NATS),
                value("drawn_kl", "+ KL(q(z|x)‖p(z))", "mu", 1, "nats", bar=NATS),
                value("drawn_elbo", "= −ELBO", "", 1, "nats"),
                value(
                    "negative_log_p", f"−log p(x) or more: {EVIDENCE_DRAWS} weighted samples", "x", 1, "nats", bar=NATS
                ),
                value("gap", "the gap: KL(q(z|x)‖p(z|x)) or less", "mu", 1, "nats", bar=NATS),
            ]
            readout(terms, elem_id="vae-evidence")


def sample_scene() -> None:
    cue("Draw again: nobody has drawn these pictures. Click one, and its z is under Encode.", ["prior_seed", "z"])
    controls([counter("prior_seed", "Draw again", "z")])
    with gr.Row():
        picture_grid(
            "samples",
            "Samples: z drawn from the prior",
            symbol="z",
            columns=12,
            tile=44,
            pick={"z": "sample_z"},
            hint="click: take this z to Encode",
            elem_id="vae-samples",
        )
        picture_grid(
            "manifold",
            "The plane at equal prior probability",
            symbol="z",
            columns=MANIFOLD_SIDE,
            tile=23,
            pick={"z": "manifold_z"},
            show_if=PLANE,
            elem_id="vae-manifold",
        )


def interpolation_scene() -> None:
    cue("Choose another end, and read the paths: each step is a picture of its own, no mixture.", ["x", "x_end"])
    with gr.Row():
        with gr.Column(min_width=230, scale=0):
            pictures("x", "From x", "vae-from")
        with gr.Column(min_width=720, scale=1):
            for name, title in (("linear", "Along the line"), ("spherical", "Along the arc")):
                picture_grid(
                    name,
                    title,
                    symbol="x-hat",
                    columns=PATH_STEPS,
                    tile=66,
                    captions=f"{name}_distance",
                    pick={"z": f"{name}_z"},
                    hint="click: take this z to Encode",
                    elem_id=f"vae-{name}",
                )
            gr.Markdown(
                "Below each picture: its distance to the nearest training code; above 1 it lies in a hole "
                "(95 % of the training codes have another one nearer than 1).",
                elem_classes="le-question",
            )
        with gr.Column(min_width=230, scale=0):
            pictures("x_end", "To", "vae-to", first=END)


def divergence_scene() -> None:
    cue(
        "Press one button, then the other: the VAE minimises the reverse divergence, and that is least on one bump.",
        ["q_mean", "q_deviation"],
    )
    wide, narrow = {"q_mean": 0.0, "q_deviation": 2.1}, {"q_mean": 2.0, "q_deviation": 0.6}
    with gr.Row():
        with gr.Column(min_width=640, scale=0):
            curves(
                "axis",
                {"p": "x: p, two bumps", "q": "z: q, one Gaussian"},
                x_label="z",
                y_label="density",
                top=0.7,
                elem_id="vae-curves",
            )
        with gr.Column(min_width=420, scale=1):
            controls(
                [
                    slider("q_mean", "mean of q", -4, 4, 0.05, "z"),
                    slider("q_deviation", "standard deviation of q", 0.2, 4, 0.05, "z"),
                    setter("cover both: least KL(p‖q)", wide),
                    setter("choose one: least KL(q‖p)", narrow),
                ],
                elem_id="vae-q",
            )
            readout(
                [
                    value("forward", "forward KL(p‖q)", "x", 2, "nats", bar=4),
                    value("reverse", "reverse KL(q‖p)", "z", 2, "nats", bar=4),
                ],
                elem_id="vae-divergences",
            )
