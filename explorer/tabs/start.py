"""Start: one picture through a model of every family at once, while it is being spoilt."""

import gradio as gr

from explorer.answers import as_python, denoising, lineup
from explorer.answers.several import is_shipped
from explorer.checkpoint.config import Config
from explorer.compute.corruption import LABELS, UNITS
from explorer.page.rule import Rule
from explorer.serve.pool import Pool
from explorer.stage.page import LINKS
from explorer.tabs.frame import missing
from explorer.widgets.brush import brush
from explorer.widgets.controls import choice, controls, counter, slider
from explorer.widgets.cue import cue
from explorer.widgets.lineup import lineup as line_up
from explorer.widgets.lineup import row
from explorer.widgets.picture_input import picture_input
from explorer.widgets.tab_setup import set_up

TITLE = "Start"
QUESTION = "One spoilt digit goes through a model of each family: who still sees it?"
ARTICLE = "https://lilianweng.github.io/posts/2018-08-12-vae/"
PAGE = f"[From Autoencoder to Beta-VAE]({ARTICLE})"
ABOUT = f"The models of Lilian Weng’s article {PAGE}, trained: change one number, see at once what they make of it."
ERROR = "error: squared difference of what is rebuilt from the clean x, summed over the pixels."
STATE = {"data": "mnist", **lineup.FIRST}

# How a code is drawn, and what it is.
CODES = {
    "autoencoder": ("numbers", "{latent_dim}-D"),
    "denoising": ("units", "{units:,}-D"),
    "sparse": ("bars", "{units:,}-D"),
    "k_sparse": ("spikes", "{k} of {units:,}"),
    "contractive": ("units", "{units:,}-D"),
    "vae": ("gaussians", "Gaussians, μ ± σ"),
}

TITLES = {
    "autoencoder": "Autoencoder",
    "denoising": "Denoising",
    "sparse": "Sparse",
    "k_sparse": "k-Sparse",
    "contractive": "Contractive",
    "vae": "VAE",
}

OPENS = {"denoising": {key: key for key in ("x", *lineup.FIRST, "x_tilde")}}  # the others take what was spoilt

# Families whose models take other pictures than digits.
OTHERS = {"beta_vae": "β-VAE", "vq_vae": "VQ-VAE", "vq_vae_2": "VQ-VAE-2", "td_vae": "TD-VAE"}


def rules(count: int) -> list[Rule]:
    """How the picture is spoilt, and what that many models make of it."""
    codes = [f"{part}_{number}" for number in range(count) for part in ("code", "scale", "spread")]
    gives = {name: name for name in ("x_hats", "errors", *codes)}
    return [
        Rule("corrupt", when=["x", *lineup.FIRST], gives=["x_tilde"]),
        Rule("through", when=["x_tilde"], using=["x"], gives=gives),
    ]


RULES = rules(len(lineup.NAMES) + lineup.MOST_OWN)


def build(pool: Pool) -> None:
    """The components of the tab."""
    names = lineup.names(pool)
    if not names:
        gr.Markdown(missing(pool, "autoencoder"))
        return
    set_up(STATE, RULES, python=as_python.SPOILT_SCENE)
    gr.Markdown(f"{ABOUT}<br>{QUESTION} {LINKS}", elem_classes="le-question")
    rows = [model_row(pool, pool.configs[name]) for name in names]
    with gr.Row():
        with gr.Column(min_width=224, scale=0):
            picture_input("x", "Input x", elem_id="start-input")
            noise = [
                choice("kind", "Noise", LABELS),
                slider("level", "noise level", 0, 1, 0.01, "x-tilde", by={"key": "kind", "units": UNITS}),
                counter("seed", "Draw again", "x-tilde"),
            ]
            controls(noise, elem_id="start-noise")
        with gr.Column(min_width=224, scale=0):
            brush("x_tilde", "Corrupted x̃", elem_id="start-brush")
            cue(
                "Raise the noise, or erase a stroke: the denoiser still finds the digit where others lose it.",
                ["kind", "level", "seed", "x_tilde"],
            )
            gr.Markdown(ERROR)
        with gr.Column(min_width=320, scale=1):
            others = {stem: title for stem, title in OTHERS.items() if pool.names(stem)}
            line_up(rows, others, elem_id="start-rows")
            if left := lineup.left_out(pool):
                gr.Markdown(f"Not shown here, but in the tabs of their families: {', '.join(left)}.")


def model_row(pool: Pool, config: Config) -> dict:
    """The row of a checkpoint."""
    family, (kind, form) = config.family, CODES[config.family]
    if not is_shipped(config.name):
        text = config.variant  # what its owner calls it
    elif config.model.get("channels"):
        text = maps(config)
    else:
        text = form.format_map({"units": code_size(config), **config.model})
    chooses = denoising.place(pool, config.name) if family == "denoising" else {"checkpoint": config.name}
    return row(family, chooses, TITLES[family], kind, text, OPENS.get(family, {"x": "x_tilde"}))


def maps(config: Config) -> str:
    """Number and sides of the maps that a convolutional code is made of."""
    channels, side = config.model["channels"], config.model["picture_shape"][-1]
    side //= 2 ** len(channels)
    return f"{config.model.get('code_channels') or channels[-1]} × {side} × {side}"


def code_size(config: Config) -> int:
    """Numbers in a code."""
    return config.model["hidden"][-1] if "hidden" in config.model else config.model["latent_dim"]
