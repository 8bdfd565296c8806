"""TD-VAE: a belief about what is now, jumps from it to what will be, and several futures beside each other."""

import gradio as gr

from explorer.answers.td_vae_models import model_of, watches
from explorer.answers.td_vae_oscillator import HORIZON
from explorer.data import oscillator
from explorer.page.rule import Rule
from explorer.serve.pool import Pool
from explorer.tabs.frame import JUDGED, folds, header, missing, network_rule, training_rule
from explorer.tabs.td_vae_figures import digit_table, oscillator_table
from explorer.tabs.td_vae_scenes import (
    GROUPS,
    WAYS,
    blind_scene,
    futures_scene,
    graph_scene,
    jumps_scene,
    oscillator_scene,
)
from explorer.widgets.tab_setup import set_up

TITLE = "TD-VAE"
QUESTION = "What does the model believe after a few frames, and which futures does it jump to?"


WORLD = {name: name for name in ("checkpoint", "x", "start", "speed", "vertical")}
OSCILLATOR = {
    "checkpoint": "oscillator",
    **{name: name for name in ("frequency", "amplitude", "phase", "pushes", "noise", "noise_seed")},
    "t": "heard",
}

FUTURES = {**WORLD, **{name: name for name in ("t", "jump", "jumps", "draw")}}


def fan_rule(way: str, jump: str, rest: int = 0) -> Rule:
    """Where the futures of an oscillator lie that are reached by jumps of the length in a key."""
    when = {**OSCILLATOR, "jump": jump, "draw": "oscillator_draw"}
    gives = {name: f"{way}_{name}" for name in ("band", "inside", "score", "calls", "milliseconds")}
    return Rule("fan", when=when, gives=gives, rest=rest)


RULES = [
    Rule("frames", when=WORLD, gives=["frames", "times"]),
    Rule(
        "futures",
        when=FUTURES,
        gives={
            "futures": "futures",
            "seeds": "seeds",
            "times": "future_times",
            **{name: name for name in ("truth", "mean", "spread", "predicted")},
        },
    ),
    Rule("judge", when=FUTURES, gives=["direction", "within"], rest=JUDGED),
    Rule(
        "ways",
        when={**WORLD, "t": "t", "draw": "draw"},
        gives={
            "truth": "way_truth",
            "times": "way_times",
            **{f"{way}_{part}": f"{way}_{part}" for way in WAYS for part in ("film", "samples", "off", "within")},
        },
    ),
    Rule(
        "blind",
        when={**WORLD, "t": "t", "marks": "marks", "later": "later", "draw": "draw"},
        gives={
            "seen": "seen",
            **{
                f"{group}_{part}": f"{group}_{part}"
                for group in GROUPS
                for part in ("samples", "summary", "deviation", "places")
            },
        },
    ),
    Rule(
        "oscillation",
        when=OSCILLATOR,
        gives={
            "axis": "steps",
            "predicted": "predicted_curve",
            **{name: name for name in ("context", "signal", "others", "predicted_score")},
            **{name: name for name in ("kalman_band", "kalman_inside", "kalman_score")},
        },
    ),
    fan_rule("one", "longest"),
    fan_rule("many", "oscillator_jump", rest=80),  # so many more calls
    network_rule(x="frames", t="t"),
    training_rule(),
]

OSCILLATOR_NETWORK = network_rule("oscillator", "context", "heard", "oscillator_strip")

STATE = {
    "start": 4,
    "speed": 1,
    "vertical": 0,
    "t": 10,
    "jump": 2,
    "jumps": 5,
    "draw": 0,
    "cursor": 0,
    "graph_step": 4,
    "movie": False,
    "way_cursor": 0,
    "marks": [0] * 1 + [2] * 9 + [0] * 10,
    "frame": 1,
    "brush": 2,
    "later": 1,
    "frequency": 0.08,
    "amplitude": 1.0,
    "phase": 0.0,
    "pushes": oscillator.PROCESS,
    "noise": oscillator.NOISE,
    "noise_seed": 2,  # of the first fourteen the one whose four CRPS are nearest to their means
    "heard": 100,
    "longest": HORIZON,
    "oscillator_jump": 1,
    "oscillator_draw": 0,
}


def build(pool: Pool) -> None:
    """The components of the tab: four scenes over a digit that moves, one over an oscillator."""
    family = pool.names("td_vae")
    names, oscillators = ([name for name in family if watches(pool.configs[name], kind)] for kind in (False, True))
    if not names:
        gr.Markdown(missing(pool, "td_vae", "moving-mnist"))
        return
    facts = {name: {"data": pool.configs[name].data} for name in names}
    chosen = {"checkpoint": names[0], "oscillator": next(iter(oscillators), None)}
    rules = [*RULES, OSCILLATOR_NETWORK] if oscillators else RULES
    set_up({**STATE, **chosen}, rules, facts, FUTURES)
    header(pool, QUESTION, names)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Futures"):
            futures_scene(model_of(pool, names[0])["longest_jump"])
        with gr.Tab("Inside a jump"):
            graph_scene(model_of(pool, names[0])["longest_jump"])
        with gr.Tab("One jump or several"):
            jumps_scene()
            gr.Markdown(digit_table(pool.configs[names[0]].test), elem_classes="le-table")
        with gr.Tab("Blind it"):
            blind_scene(model_of(pool, names[0])["longest_jump"])
        if oscillators:
            with gr.Tab("Oscillator"):
                oscillator_scene(oscillators, model_of(pool, oscillators[0], oscillating=True)["longest_jump"])
                gr.Markdown(oscillator_table(pool.configs[oscillators[0]]), elem_classes="le-table")
    folds(pool, family, more=["oscillator_strip"] * bool(oscillators))
