"""VAE: the code is a distribution, its bound has two terms, and the prior can be sampled."""

import gradio as gr

from explorer.answers import as_python, common
from explorer.page.rule import Rule
from explorer.serve.pool import Pool
from explorer.tabs.frame import JUDGED, folds, header, missing, network_rule, plane_rule, training_rule, traversals_rule
from explorer.tabs.vae_scenes import divergence_scene, draw_scene, encode_scene, interpolation_scene, sample_scene
from explorer.widgets.tab_setup import set_up

TITLE = "VAE"
QUESTION = "What changes when a code is a cloud, and all clouds are pulled to the same prior?"
MODEL = {"checkpoint": "checkpoint"}
OTHER = {"checkpoint": "autoencoder"}

RULES = [
    Rule("encode", when={**MODEL, "x": "x", "seed": "epsilon_seed"}, gives=["mu", "sigma", "z"]),
    Rule("decode", when=["z"], using=MODEL, gives=["x_hat"]),
    Rule("epsilon", when=["z"], using={**MODEL, "mu": "mu", "sigma": "sigma"}, gives=["epsilon"], rest=JUDGED),
    Rule("judge", when=["z"], using={**MODEL, "x": "x"}, gives={"reconstruction": "of_this_z"}, rest=JUDGED),
    Rule(
        "bound",
        when={**MODEL, "x": "x"},
        gives={
            "reconstruction": "reconstruction",
            "kl": "kl_sum",
            "negative_elbo": "negative_elbo",
            "kl_each": "kl_each",
        },
    ),
    Rule(
        "evidence",
        when={**MODEL, "x": "x"},
        gives={
            "reconstruction": "drawn_reconstruction",
            "kl": "drawn_kl",
            "negative_elbo": "drawn_elbo",
            "negative_log_p": "negative_log_p",
            "gap": "gap",
        },
        rest=JUDGED,
    ),
    plane_rule(),
    traversals_rule(),
    Rule("autoencode", when={**OTHER, "x": "x"}, gives={"z": "ae_z"}),
    Rule("autodecode", when={"z": "ae_z"}, using=OTHER, gives={"x_hat": "ae_x_hat"}),
    plane_rule("autoencoder", "ae_"),
    Rule("samples", when={**MODEL, "seed": "prior_seed"}, gives={"z": "sample_z", "pictures": "samples"}),
    Rule("manifold", when=MODEL, gives={"z": "manifold_z", "pictures": "manifold"}),
    Rule(
        "interpolate",
        when={**MODEL, "x": "x", "x_end": "x_end"},
        gives=["linear", "spherical", "linear_z", "spherical_z"],
    ),
    Rule(
        "judge_path",
        when={**MODEL, "x": "x", "x_end": "x_end"},
        gives=["linear_distance", "spherical_distance"],
        rest=JUDGED,
    ),
    Rule(
        "two_divergences",
        when={"mean": "q_mean", "deviation": "q_deviation"},
        gives={"x": "axis", "p": "p", "q": "q", "forward": "forward", "reverse": "reverse"},
    ),
    network_rule(),
    training_rule(),
]

STATE = {"epsilon_seed": 0, "form": "reparameterized", "prior_seed": 1, "q_mean": 0.0, "q_deviation": 2.1}


def build(pool: Pool) -> None:
    """The components of the tab: four scenes over one model and one input."""
    names = pool.names("vae")
    if not names:
        gr.Markdown(missing(pool, "vae"))
        return
    # The plane beside is an autoencoder's with two dimensions, of the same pictures.
    planes = [name for name in pool.names("autoencoder") if pool.configs[name].model["latent_dim"] == 2]
    set_up(
        {"checkpoint": names[0], "autoencoder": next(iter(planes), None), **STATE},
        RULES,
        common.facts(pool, names),
        as_python.CODE_SCENE,
    )
    header(pool, QUESTION, names)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Encode"):
            encode_scene(with_autoencoder=bool(planes))
        with gr.Tab("Draw and bound"):
            draw_scene()
        with gr.Tab("Sample the prior"):
            sample_scene()
        with gr.Tab("Between two pictures"):
            interpolation_scene()
        with gr.Tab("Two divergences"):
            divergence_scene()
    folds(pool, names)
