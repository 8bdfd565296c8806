"""VQ-VAE: a picture as a small grid of codes out of a book of 512, to be browsed and repainted."""

import gradio as gr
import numpy as np

from explorer.answers import as_python
from explorer.checkpoint.config import Config
from explorer.page.rule import Rule
from explorer.serve.pool import Pool
from explorer.tabs.frame import folds, header, missing, network_rule, training_rule
from explorer.tabs.vq_vae_scenes import BOOK, browse_scene, learning_scene, map_scene, paint_scene, use_scene
from explorer.widgets.tab_setup import set_up

TITLE = "VQ-VAE"
QUESTION = "What is left of a picture that has to be written in a vocabulary of 512 patches?"

RULES = [
    Rule("encode", when=["checkpoint", "x"], gives=["codes", "distances", "distance"]),
    Rule("encode", when={"checkpoint": "checkpoint", "x": "other"}, gives={"codes": "other_codes"}),
    Rule("decode", when=["codes"], using=["checkpoint"], gives=["x_hat"]),
    Rule("atlas", when=["checkpoint", "order"], gives=["tiles", "numbers", "shares"]),
    Rule("homes", when=["checkpoint", "code"], gives=["patches", "homes", "home_x", "home_count"], rest=40),
    Rule("plane", when=["checkpoint"], gives=["places", "others", "other_codes", "plane_share"]),
    Rule("outputs", when=["checkpoint", "x"], gives=["outputs", "output_codes", "same_in_plane"], rest=40),
    network_rule(),
    training_rule(),
]

PYTHON = {**as_python.PICTURE_SCENE, "codes": "codes"}
STATE = {
    **{"order": "similarity", "code": 0, "lit": -1, "cell": -1},
    **{f"book_{name}": value for name, value in BOOK.items()},
}
SKY = {"vq_vae/cifar10-k512": 472}  # a code that one recognises, of the first picture; most used of all is white


def build(pool: Pool) -> None:
    """The components of the tab: scenes over one input and one codebook."""
    names = models(pool)
    if not names:
        gr.Markdown(missing(pool, "vq_vae", "cifar10-k512"))
        return
    configs = {name: pool.configs[name] for name in names}
    largest = max(config.model["num_codes"] for config in configs.values())
    facts = {
        # The code that is chosen may not be there in a smaller codebook, which begins with its own.
        name: {"data": config.data} | ({"code": most_used(config)} if config.model["num_codes"] < largest else {})
        for name, config in configs.items()
    }
    set_up(
        {**STATE, "checkpoint": names[0], "code": SKY.get(names[0], most_used(configs[names[0]]))},
        RULES,
        facts,
        PYTHON,
        ("Repaint",),
    )
    header(pool, QUESTION, names)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Browse the codes"):
            browse_scene()
        with gr.Tab("Repaint"):
            paint_scene()
        with gr.Tab("How it learns"):
            learning_scene()
        with gr.Tab("Use of the codebook"):
            use_scene(configs)
        with gr.Tab("The codebook as a map"):
            map_scene()
    folds(pool, names)


def most_used(config: Config) -> int:
    """The code that most cells of the test pictures have; the first where nobody has counted."""
    return int(np.argmax(config.profile.get("use", [0])))


def models(pool: Pool) -> list[str]:
    """The VQ-VAEs, those without restarts last."""
    return sorted(pool.names("vq_vae"), key=lambda name: pool.configs[name].model["restart_below"] == 0)
