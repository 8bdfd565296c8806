"""TD-VAE on digits that wander, and on noisy oscillators."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Generator, nn

from explorer.data import moving_digits, oscillator
from explorer.data.picture_set import PictureSet
from explorer.metrics import oscillation, rollouts
from explorer.metrics.fine_tuning import FineTuning, error_rate, fine_tuned
from explorer.metrics.reconstruction import pixels
from explorer.metrics.watched import watched
from explorer.models.td_vae import TDVAE
from train.recipe import Figure, Recipe

RECIPES = (
    Recipe(
        family="td_vae",
        variant="moving-mnist",
        purpose="A digit wanders; after a few frames the model knows which one, where it is and where it goes.",
        data="mnist",
        model={"latent_dim": 24, "units": 128, "longest_jump": 6, "pairs": 8, "hidden_frames": 0.5},
        steps=60_000,
        batch_size=64,
        learning_rate=1e-3,
        max_grad_norm=5.0,
        frames=moving_digits.FRAMES,
        bf16=True,
        published="no figures, roll-outs as pictures: Gregor et al. (2019), figure 3",
    ),
    Recipe(
        family="td_vae",
        variant="oscillator",
        purpose="An oscillator that chance pushes: one jump tells where it may be a hundred steps on, and how sure.",
        data=oscillator.NAME,
        model={
            "latent_dim": 8,
            "belief_dim": 64,
            "hidden": [64, 32],
            "units": 64,
            "depth": 2,  # with none it cannot turn by ω times its length: .67 off at 100 steps without pushes, not .10
            "longest_jump": 120,
            "first_jump": 4,
            "single": 0.5,
            "frequencies": 24,
            "pairs": 12,
            "noise": oscillator.NOISE,
            "foresight": 1000.0,  # leads: than with 100 -J is .8 nats worse, and the score a sixth better
            "futures": 4,
        },
        steps=24_000,
        batch_size=32,
        learning_rate=2e-3,
        max_grad_norm=5.0,
        published="no figures, one roll-out as a picture: Gregor et al. (2019), figure 5",
    ),
)

WAYS = {
    "one": "one jump",
    "many": "jumps of one step",
    "predictor": "the plain predictor, which has no spread",
    "kalman": "the filter that knows the world",
}

FIGURES = {
    "negative_j": Figure("−J, nats", tolerance=4.0),
    "reconstruction": Figure("of it the later frame, −log p_D", tolerance=4.0),
    "jump": Figure("of it the jump, log p_B − log p_T", tolerance=1.0),
    "smoothing": Figure("of it the past, KL(q_S ‖ p_B)", tolerance=1.5),
    "next_frame": Figure("a next frame under the plain recurrent predictor, nats", tolerance=4.0),
    **{
        f"direction_{length}": Figure(f"right direction, % (a jump of {length})", tolerance=3.0, digits=1)
        for length in rollouts.JUMPS
    },
    **{
        f"within_{length}_{times}": Figure(f"within one pixel, % ({times} × {length} frames)", tolerance=6.0, digits=1)
        for length in rollouts.JUMPS
        for times in range(1, rollouts.TIMES + 1)
    },
    "one_right": Figure("seen for one frame: futures to the right, %", tolerance=6.0, digits=1),
    "one_both": Figure(f"digits of whose {rollouts.SAMPLES} futures some go either way, %", tolerance=6.0, digits=1),
    "one_kept": Figure("futures that keep their direction, %", tolerance=6.0, digits=1),
    "hidden_within": Figure("shown for 5 of 10 frames: believed within one pixel, %", tolerance=6.0, digits=1),
    "hidden_either": Figure("shown for 1 of 10: believed within one of where either way leads, %", 8.0, digits=1),
    "hidden_both": Figure("shown for 1 of 10: digits believed in both places, %", tolerance=10.0, digits=1),
    "ahead_one": Figure("a frame 4 ahead of one frame, nats", tolerance=8.0, digits=1),
    "predictor_ahead_one": Figure("the same by the recurrent predictor", tolerance=60.0, digits=1),
    "ahead_context": Figure("a frame 4 ahead of 10 frames, nats", tolerance=6.0, digits=1),
    "predictor_ahead_context": Figure("the same by the recurrent predictor, step by step", tolerance=20.0, digits=1),
    "predictor_within": Figure("the recurrent predictor within one pixel, % (4 frames)", tolerance=6.0, digits=1),
    "real_error": Figure("errors of a classifier on real frames, %", tolerance=0.3),
    "rollout_error": Figure("its errors 2 × 4 frames after 10 frames, %", tolerance=3.0),
    **{
        f"{way}_crps_{length}": Figure(f"CRPS of {name}, of its unit ({length} ahead)", tolerance=0.03, digits=3)
        for way, name in WAYS.items()
        for length in oscillator.AHEAD
    },
    **{
        f"{way}_{share}_{length}": Figure(f"within {share} % of {name}, % ({length} ahead)", tolerance=5.0, digits=1)
        for way, name in WAYS.items()
        if way != "predictor"
        for share in (68, 95)
        for length in oscillator.AHEAD
    },
}

PROTOCOL = (
    "Digits are black or white, brighter than one half or not. −J bounds −log p of the later frame given those up to "
    "t1, averaged over all lengths of a jump and all starts; it is no likelihood of a picture. Roll-outs start from "
    f"{rollouts.CONTEXT} frames and draw every state; where a digit is, is where the true one overlaps most with the "
    "decoded frame; a displacement of 0 is a wrong direction. A frame ahead costs its likelihood under "
    f"{rollouts.FUTURES} drawn states, or under the one frame that the predictor arrives at. Of oscillators "
    f"{oscillation.CONTEXT} noisy observations are shown and the position some steps later is foretold; of each, "
    f"{oscillation.FUTURES} futures are drawn, step by step for the first {oscillation.MANY} alone. The CRPS "
    "of a forecast without spread is its absolute error. The paper gives no figures: protocol and numbers are ours."
)

DRAWS = 5  # of pairs and states for each sequence
SEED = 1  # of starts, directions and roll-outs
CLASSIFIER = FineTuning(epochs=10, input_dropout=0.0)


def measure(model: TDVAE, data: PictureSet, recipe: Recipe, samples: int) -> dict[str, float]:
    """The bound with its terms, and what becomes of roll-outs."""
    if recipe.data == oscillator.NAME:
        world = oscillation.make_world(len(data.pictures), SEED)
        return bound(model, torch.tensor(data.pictures)) | oscillation.measure(model, world, SEED)
    digits = rollouts.make_world(pixels(data), SEED)
    return (
        bound(model, digits.shown(recipe.frames))
        | rollouts.from_context(model, digits, SEED)
        | rollouts.from_one_frame(model, digits, SEED)
        | rollouts.from_hidden_frames(model, digits, SEED)
        | rollouts.against_predictor(model, digits, SEED)
    )


def bound(model: TDVAE, x: torch.Tensor) -> dict[str, float]:
    """-J and its terms in nats, and the nats of a next frame, averaged over sequences (N, T, C, H, W)."""
    generator = Generator().manual_seed(SEED)
    draws = [model.loss(block, generator) for block in watched(DRAWS * x.split(500), "bound")]
    terms = {
        name: float(np.mean([draw[name].item() for draw in draws]))
        for name in ("reconstruction", "jump", "smoothing", "next_frame")
    }
    return {"negative_j": terms["reconstruction"] + terms["jump"] + terms["smoothing"]} | terms


def probe(model: TDVAE, train: PictureSet, test: PictureSet, recipe: Recipe) -> dict[str, float]:
    """Errors of a classifier that learnt still black-or-white digits, on real ones and on rolled-out ones put back."""
    if recipe.data == oscillator.NAME:
        return {}
    with torch.random.fork_rng():
        torch.manual_seed(SEED)
        layer = nn.Linear(model.num_pixels, 1000)
    binary = train._replace(pictures=255 * (train.pictures > 255 * moving_digits.THRESHOLD).astype(np.uint8))
    network = fine_tuned([(layer.weight.data, layer.bias.data)], binary, CLASSIFIER)
    world, labels = rollouts.make_world(pixels(test), SEED), torch.tensor(test.labels)
    rolled = rollouts.straightened(model, world, SEED)
    return {
        "real_error": 100 * error_rate(network, (world.digits > moving_digits.THRESHOLD).float(), labels),
        "rollout_error": 100 * error_rate(network, (rolled > moving_digits.THRESHOLD).float(), labels),
    }


def profile(model: TDVAE, data: PictureSet, recipe: Recipe) -> dict[str, Any]:
    """Of oscillators how long one jump takes, and jumps of one step; nothing of digits."""
    if recipe.data != oscillator.NAME:
        return {}
    times = oscillation.milliseconds(model, oscillation.make_world(1, SEED), SEED)
    return {f"{way}_milliseconds": each for way, each in times.items()}


def training_note(config: dict[str, Any]) -> str:
    """For the card: the CRPS in units of the filter's, and what one jump saves."""
    if config["data"] != oscillator.NAME:
        return ""
    test, profile, ahead = config["figures"]["test"], config["profile"], oscillator.AHEAD
    ratios = {
        way: [f"{test[f'{way}_crps_{length}'] / test[f'kalman_crps_{length}']:.2f}" for length in ahead]
        for way in ("one", "many", "predictor")
    }
    times = {way: [f"{time:.1f}" for time in profile[f"{way}_milliseconds"]] for way in ("one", "many")}
    rows = [
        ["", *(f"{length} ahead" for length in ahead)],
        ["---"] * (1 + len(ahead)),
        ["CRPS of one jump / of the filter", *ratios["one"]],
        ["of jumps of one step / of the filter", *ratios["many"]],
        ["of the plain predictor / of the filter", *ratios["predictor"]],
        ["calls of the transition, one jump", *["1"] * len(ahead)],
        ["calls, jumps of one step", *map(str, ahead)],
        [f"milliseconds for {oscillation.FUTURES} futures, one jump", *times["one"]],
        ["milliseconds, jumps of one step", *times["many"]],
    ]
    return "\n".join(["## One jump against many", "", *(f"| {' | '.join(row)} |" for row in rows)])


def app_codes(model: TDVAE, recipe: Recipe, root: Path, shipped: PictureSet) -> dict[str, np.ndarray]:
    """None: beliefs are of sequences, which the app makes itself."""
    return {}
