"""TD-VAE: a belief about what is now, jumps from it to what will be, and several futures beside each other."""

import gradio as gr

from explorer.data import oscillator
from explorer.pool import Pool
from explorer.tabs.frame import folds, header, missing
from explorer.tabs.td_vae_digits import blind, frames, futures, python, ways
from explorer.tabs.td_vae_figures import digit_table, oscillator_table
from explorer.tabs.td_vae_models import model_of, watches
from explorer.tabs.td_vae_oscillator import fan, oscillation
from explorer.tabs.td_vae_scenes import GROUPS, SCENE, WAYS, blind_scene, futures_scene, jumps_scene, oscillator_scene
from explorer.widgets.scene import Rule, scene

TITLE = "TD-VAE"
QUESTION = "What does the model believe after a few frames, and which futures does it jump to?"

MATHS = r"""
A recurrent network sums up the frames $@x_1 \dots @x_t$ in a belief $b_t$. Four distributions share the states $@z$:

- the belief $@belief(@z_t \mid b_t)$: what is now
- the transition $@transition(@z_{t_2} \mid @z_{t_1})$: a jump of $t_2 - t_1$ frames at once, which it is told
- the decoder $@decoder(@x_t \mid @z_t)$: what a state looks like
- the smoothing $@smoothing(@z_{t_1} \mid @z_{t_2}, b_{t_1}, b_{t_2})$: what was then, now that the later state is known

Trained is a bound for pairs of frames $t_1 < t_2$, of the later frame's likelihood given what was believed before:
$$-J = E\big[-\log @decoder(@x_{t_2} \mid @z_{t_2}) + \log @belief(@z_{t_2} \mid b_{t_2})
- \log @transition(@z_{t_2} \mid @z_{t_1})
+ D_{KL}\big(@smoothing(@z_{t_1} \mid @z_{t_2}, b_{t_1}, b_{t_2}) \,\Vert\, @belief(@z_{t_1} \mid b_{t_1})\big)\big]$$
The middle difference is what the jump did not foresee. Each of the distributions but the decoder is a Gaussian of two
layers, the lower one given the upper one. The future is made of states alone: nothing is fed back through frames.
Some things are no part of the paper. A plain predictor reads the next frame from the same belief, and what it learns
teaches the belief, too. In half of the training sequences a run of frames is black or noise for the digit's belief,
which learns to go on without them. And the oscillator's states are also asked for
$-\log @decoder(@x_{t_2} \mid @z_{t_2})$ where nothing was seen since $t_1$: $@z_{t_1}$ from the belief, $@z_{t_2}$ by
the jump. By $-J$ alone its states held the present value and nothing of phase or frequency: the smoothing told
$@z_{t_1}$ what $@z_{t_2}$ would be. Its Gaussians come from two more layers, too: from one alone the transition did not
learn to turn an angle by $\omega$ times the length of a jump.

The oscillator's bound: its signal is $a \cos \omega t + b \sin \omega t$, so that whoever knows $\omega$ has the exact
posterior of $a$ and $b$ under a Gaussian prior of the same variance, by Bayesian regression or a Kalman filter alike.

*Gregor, Papamakarios, Besse, Buesing & Weber, Temporal Difference Variational Auto-Encoder (2019).*
"""

SNIPPET = """
from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import moving_digits, sample_sheets

model = load_model(Path("checkpoints/td_vae/moving-mnist"))
digit = torch.tensor(sample_sheets.load("mnist").pictures[:1]) / 255
frames = moving_digits.move(digit, torch.tensor([0]), torch.tensor([1]), 40)  # (1, 40, 1, 28, 28)
generator = torch.Generator().manual_seed(1)


def noise():
    return torch.randn(4, model.latent_dim, generator=generator)


with torch.inference_mode():
    belief = model.encode(frames[:, :10])[:, -1]  # after ten frames
    z = model.belief.draw(belief.expand(4, -1), noise())  # four guesses at what is now
    columns = [torch.cat([frames[0, 9:10], model.decode(z)])]
    for jump in range(1, 6):
        z = model.jump(z, torch.full((4,), 4), noise())  # four frames later, in one step
        columns.append(torch.cat([frames[0, 9 + 4 * jump, None], model.decode(z)]))
rows = torch.stack(columns, 1)  # (5, 6, 1, 28, 28): the truth, then four futures
sheet = rows[:, :, 0].permute(0, 2, 1, 3).reshape(5 * 28, 6 * 28)
Image.fromarray((sheet * 255).round().byte().numpy()).resize((504, 420), Image.NEAREST).save("td_vae.png")
""".strip()


HANDLERS = {
    "python": python,
    "frames": frames,
    "futures": futures,
    "ways": ways,
    "blind": blind,
    "oscillation": oscillation,
    "fan": fan,
}

WORLD = {name: name for name in ("checkpoint", "x", "start", "speed", "vertical")}
OSCILLATOR = {
    "checkpoint": "oscillator",
    **{name: name for name in ("frequency", "amplitude", "phase", "noise", "noise_seed")},
    "t": "heard",
}

FUTURES = {**WORLD, **{name: name for name in ("t", "jump", "jumps", "draw")}}

RULES = [
    Rule("frames", when=WORLD, gives={"frames": "frames", "times": "times"}),
    Rule(
        "futures",
        when=FUTURES,
        gives={
            "futures": "futures",
            "seeds": "seeds",
            "times": "future_times",
            **{name: name for name in ("truth", "mean", "spread", "predicted", "direction", "within")},
        },
    ),
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
            "predicted_error": "predicted_error",
            **{name: name for name in ("context", "signal", "kalman", "kalman_band", "kalman_error")},
        },
    ),
    Rule(
        "fan",
        when={**OSCILLATOR, "jump": "oscillator_jump", "draw": "oscillator_draw"},
        gives={name: name for name in ("fan", "fan_mean", "fan_error")},
    ),
]

STATE = {
    "start": 4,
    "speed": 1,
    "vertical": 0,
    "t": 10,
    "jump": 2,
    "jumps": 5,
    "draw": 0,
    "cursor": 0,
    "movie": False,
    "way_cursor": 0,
    "marks": [0] * 1 + [2] * 9 + [0] * 10,
    "frame": 1,
    "brush": 2,
    "later": 3,
    "frequency": 0.08,
    "amplitude": 1.0,
    "phase": 0.0,
    "noise": oscillator.NOISE,
    "noise_seed": 1,
    "heard": 80,
    "oscillator_jump": 120,
    "oscillator_draw": 0,
}


def build(pool: Pool) -> None:
    """The components of the tab: three scenes over a digit that moves, one over an oscillator."""
    family = pool.names("td_vae")
    names, oscillators = ([name for name in family if watches(pool.configs[name], kind)] for kind in (False, True))
    if not names:
        gr.Markdown(missing(pool, "td_vae", "moving-mnist"))
        return
    facts = {name: {"data": pool.configs[name]["data"]} for name in names}
    chosen = {"checkpoint": names[0], "oscillator": (oscillators or [None])[0]}
    scene(SCENE, {**STATE, **chosen}, RULES, facts, FUTURES)
    header(QUESTION, SCENE, names)
    with gr.Tabs():
        with gr.Tab("Futures"):
            futures_scene(model_of(pool, names[0])["longest_jump"])
        with gr.Tab("One jump or several"):
            jumps_scene()
            gr.Markdown(digit_table(pool.configs[names[0]].test), elem_classes="le-table")
        with gr.Tab("Blind it"):
            blind_scene(model_of(pool, names[0])["longest_jump"])
        if oscillators:
            with gr.Tab("Oscillator"):
                oscillator_scene(oscillators, model_of(pool, oscillators[0], oscillating=True)["longest_jump"])
                gr.Markdown(oscillator_table(pool.configs[oscillators[0]].test), elem_classes="le-table")
    folds(pool, family, MATHS, SNIPPET)
