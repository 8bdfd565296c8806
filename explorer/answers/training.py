"""What the training of a checkpoint noted on its way, and what its objective asked for at the time."""

from collections.abc import Callable
from typing import Any

import numpy as np

from explorer.answers.common import Answer
from explorer.checkpoint.config import Config
from explorer.nn import schedule
from explorer.page.kinds import gives
from explorer.serve.pool import Pool

# What terms of an objective are called; "family/term" where a family means another thing by it.
NAMES = {
    "loss": "Loss: all that is minimised",
    "reconstruction": "Squared error of a picture",
    **dict.fromkeys(("vae/reconstruction", "beta_vae/reconstruction"), "Reconstruction: −log p(x|z), nats"),
    **dict.fromkeys(("denoising/reconstruction", "contractive/reconstruction"), "Cross-entropy of a picture, nats"),
    **dict.fromkeys(("vq_vae/reconstruction", "vq_vae_2/reconstruction"), "Squared error / variance"),
    "sparse/reconstruction": "Half the squared error",
    "td_vae/reconstruction": "−log p_D(x₂|z₂), nats",
    "kl": "KL, nats",
    "kl_weight": "Weight of the KL",
    "distance": "Distance² to the teacher’s code",
    "contraction": "Contraction: ‖J‖²",
    "sparsity": "Sparsity: Σ KL(ρ‖ρ̂), nats",
    "dead": "Dead units",
    "commitment": "Commitment: distance² to codes",
    "perplexity": "Perplexity of a batch’s codes",
    "top_perplexity": "Perplexity of a batch’s top codes",
    "bottom_perplexity": "Perplexity of a batch’s bottom codes",
    "top_prior": "Top prior, nats per code",
    "bottom_prior": "Bottom prior, nats per code",
    "held-out top_prior": "Top prior, held-out pictures",
    "held-out bottom_prior": "Bottom prior, held-out pictures",
    "jump": "Jump: log p_B(z₂) / p_T(z₂|z₁), nats",
    "smoothing": "Past: KL(q_S‖p_B), nats",
    "next_frame": "Next frame, plain predictor, nats",
    "foresight": "Foresight: energy score",
    "beta": "β, as scheduled",
    "capacity": "C, as scheduled, nats",
    "k": "k, as scheduled",
    "longest_jump": "Longest jump, as scheduled, frames",
    "layer": "Layer that learns, as scheduled",
}
SYMBOLS = {"reconstruction": "x-hat", "kl": "mu", "sparsity": "rho", "smoothing": "smoothing", "jump": "transition"}
# On a linear axis, whatever their values: weights and counts. So are terms that are not positive throughout.
LINEAR = ("kl_weight", "dead", "beta", "capacity", "k", "longest_jump", "layer")


@gives(numbers="steps values beside_steps beside_values")
def training(pool: Pool, checkpoint: str, beside: str) -> Answer:
    """The course of a training, and that of another model, which "" leaves out.

    Returns:
        steps (N,) and values (terms, N), in the order of terms(); NaN where a term was not noted at a step. The same of
        the other model.
    """
    answer = course(pool.config(checkpoint))
    others = course(pool.config(beside)) if beside != "" else {"steps": np.zeros(0), "values": np.zeros((0, 0))}
    return answer | {f"beside_{name}": part for name, part in others.items()}


def course(config: Config) -> Answer:
    """Steps (N,) and values (terms, N)."""
    entries = [asked | entry for entry, asked in zip(config.history, scheduled(config), strict=True)]
    noted = terms(config)
    values = [entry.get(term, np.nan) for term in noted for entry in entries]
    steps = [entry["step"] for entry in entries]
    return {"steps": np.array(steps, np.float32), "values": np.array(values).reshape(len(noted), len(steps))}


def terms(config: Config) -> list[str]:
    """What there is to draw: the terms noted, then what was asked for; a loss of a single term is that term."""
    noted = dict.fromkeys(term for entry in config.history for term in entry if term != "step")
    if all(entry.get("loss") == entry.get("reconstruction") for entry in config.history):
        noted.pop("loss", None)
    return [*noted, *dict.fromkeys(term for asked in scheduled(config) for term in asked)]


def described(config: Config) -> list[dict[str, Any]]:
    """What the page has to know of each of terms(): name, colour, and whether its axis is linear in any case."""
    return [
        {"term": term, "name": name(config.family, term), "symbol": SYMBOLS.get(term, "z"), "linear": term in LINEAR}
        for term in terms(config)
    ]


def name(family: str, term: str) -> str:
    """What a term is called; one that nobody has named, as it is written."""
    return NAMES.get(f"{family}/{term}") or NAMES.get(term, term)


def scheduled(config: Config) -> list[dict[str, float]]:
    """What the objective asked for at each entry of the history, by the model's own schedule."""
    ask = SCHEDULES.get(config.family, lambda model, progress: {})
    noted = any("kl_weight" in entry for entry in config.history)  # it followed the KL: no function of the step
    steps = length(config)
    return [{} if noted else ask(config.model, (entry["step"] - 1) / steps) for entry in config.history]


def length(config: Config) -> float:
    """Steps of the run, as its recipe says; without one the last that was noted."""
    recipe = config.said.get("recipe", {})
    steps = recipe.get("steps") if isinstance(recipe, dict) else None
    last = max((entry["step"] for entry in config.history), default=1)
    return max(1, steps if isinstance(steps, int) else last)


def asked_of_kl(model: Any, progress: float) -> dict[str, float]:
    if model["capacity"] is None:
        return {"beta": schedule.beta(progress, model["beta"], model["first_beta"])}
    return {"capacity": schedule.capacity(progress, model["capacity"])}


def asked_of_jumps(model: Any, progress: float) -> dict[str, float]:
    first, last = model["first_jump"], model["longest_jump"]
    return {"longest_jump": schedule.longest_jump(progress, last, first)} if first else {}


def asked_of_layers(model: Any, progress: float) -> dict[str, float]:
    count = len(model["hidden"])
    return {"layer": 1 + schedule.layer(progress, count)} if count > 1 else {}


SCHEDULES: dict[str, Callable[[Any, float], dict[str, float]]] = {
    "beta_vae": asked_of_kl,
    "k_sparse": lambda model, progress: {"k": schedule.kept_units(progress, model["k"], model["first_k"])},
    "td_vae": asked_of_jumps,
    "denoising": asked_of_layers,
    "sparse": asked_of_layers,
}
