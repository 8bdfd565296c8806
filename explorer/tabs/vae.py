"""VAE: the code is a distribution, its bound has two terms, and the prior can be sampled."""

from typing import Annotated

import gradio as gr
import numpy as np

from explorer import answers, as_python, divergence, latent
from explorer.answers import LATENT_LIMIT, Answer
from explorer.pictures import to_bytes
from explorer.pool import Pool
from explorer.question import Of, Pointed, number, picture, vector, whole
from explorer.tabs.frame import folds, header, missing, plane_rule, traversals_rule
from explorer.tabs.vae_scenes import (
    MANIFOLD_SIDE,
    PATH_STEPS,
    SCENE,
    divergence_scene,
    encode_scene,
    interpolation_scene,
    sample_scene,
)
from explorer.widgets.scene import Rule, scene

TITLE = "VAE"
QUESTION = "What changes when a code is a cloud, and all clouds are pulled to the same prior?"

BOUND_DRAWS = 64
SAMPLES = 96
LARGEST_SEED = 2**31
VAE = Annotated[str, Of(("vae", "beta_vae"), "a model with a Gaussian posterior")]

MATHS = r"""
The encoder gives a Gaussian for each picture, a draw from it is decoded:
$$q_\phi(@z \mid @x) = N(@mu, @sigma^2) \qquad @z = @mu + @sigma \odot @epsilon, \quad @epsilon \sim N(0, I)$$
Trained is a bound on the likelihood, a reconstruction and a divergence from the prior $p(@z) = N(0, I)$:
$$-\log p_\theta(@x) \le -E_{q_\phi}\big[\log p_\theta(@x \mid @z)\big]
+ D_{KL}\big(q_\phi(@z \mid @x) \,\Vert\, p(@z)\big)$$
$$D_{KL} = \frac 12 \sum_j \big(@mu_j^2 + @sigma_j^2 - 1 - \log @sigma_j^2\big)$$
Pixels are Bernoulli: $-\log p_\theta(@x \mid @z) = -\sum_i @x_i \log @x-hat_i + (1 - @x_i) \log (1 - @x-hat_i)$.
It is linear in $@x$, so for a grey picture it is the mean over black-and-white pictures drawn with its grey values as
probabilities.

The divergence in the bound is the reverse one, $D_{KL}(q \Vert p)$: it is large where $q$ is and $p$ is not.

*Kingma & Welling, Auto-Encoding Variational Bayes (2013); Burda et al., Importance Weighted Autoencoders (2015).*
"""

SNIPPET = """
from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets
from explorer.nn.objectives import bernoulli_nll, gaussian_kl

model = load_model(Path("checkpoints/vae/mnist-50d"))
x = torch.tensor(sample_sheets.load("mnist").pictures[:1]) / 255  # (1, 1, 28, 28)
generator = torch.Generator().manual_seed(1)
with torch.inference_mode():
    posterior = model.posterior(x)
    z = model.sample_posterior(posterior, generator)  # mu + sigma * epsilon
    x_hat = model.decode(z)
    print("reconstruction", bernoulli_nll(model.logits(z), x).item(), "nats, KL", gaussian_kl(*posterior).sum().item())
    samples = model.sample(8, generator)
row = torch.cat([x, x_hat, *samples.split(1)], dim=3)[0, 0]
Image.fromarray((row * 255).round().byte().numpy()).save("vae.png")
""".strip()


def encode(pool: Pool, checkpoint: VAE, x: list, seed: int) -> Answer:
    """Posterior of a picture, and a draw from it: seed 0 is its mean."""
    mu, log_var = posterior(pool, checkpoint, x)
    sigma = np.exp(0.5 * log_var)
    seed = whole(seed, 0, LARGEST_SEED, "The seed")
    epsilon = np.random.default_rng(seed).standard_normal(len(mu), np.float32) if seed else np.zeros_like(mu)
    return {"mu": mu, "sigma": sigma, "z": mu + sigma * epsilon}


def decode(pool: Pool, checkpoint: VAE, z: list, x: list, mu: list, sigma: list) -> Answer:
    """What a code stands for, and where it lies under the posterior: epsilon = (z - mu) / sigma."""
    answer = answers.decode(pool, checkpoint, z, x)
    size = pool.config(checkpoint)["model"]["latent_dim"]
    z, mu, sigma = (vector(part, size, LATENT_LIMIT, name)[0] for part, name in ((z, "z"), (mu, "μ"), (sigma, "σ")))
    return answer | {"epsilon": (z - mu) / np.maximum(sigma, 1e-6)}


def bound(pool: Pool, checkpoint: VAE, x: list) -> Answer:
    """The evidence bound of this picture: its two terms in nats, and the KL of each dimension (D,)."""
    mu, log_var = posterior(pool, checkpoint, x)
    kl = 0.5 * (np.square(mu) + np.exp(log_var) - 1 - log_var)
    pixels = picture(x, pool.config(checkpoint)["model"]["picture_shape"])
    epsilon = np.random.default_rng(0).standard_normal((BOUND_DRAWS, len(mu)), np.float32)
    logits = pool.compute(checkpoint, lambda model, z: model.logits(z), mu + np.exp(0.5 * log_var) * epsilon)
    nll = np.logaddexp(0, logits) - logits * pixels  # -log Bernoulli(x; sigmoid(logits)), pixel by pixel
    reconstruction = nll.sum((1, 2, 3)).mean()
    return {"reconstruction": reconstruction, "kl": kl.sum(), "negative_elbo": reconstruction + kl.sum(), "kl_each": kl}


def samples(pool: Pool, checkpoint: VAE, seed: int) -> Answer:
    """Draws from the prior and their pictures."""
    size = pool.config(checkpoint)["model"]["latent_dim"]
    generator = np.random.default_rng(whole(seed, 0, LARGEST_SEED, "The seed"))
    z = generator.standard_normal((SAMPLES, size), np.float32)
    return {"z": z, "pictures": to_bytes(answers.decode_all(pool, checkpoint, z))}


def manifold(pool: Pool, checkpoint: VAE) -> Answer:
    """Pictures over the plane of a two-dimensional model, at points of equal prior probability."""
    if pool.config(checkpoint)["model"]["latent_dim"] != 2:
        return {"z": np.zeros((1, 2), np.float32), "pictures": np.zeros((1, 1, 28, 28), np.uint8)}
    z = latent.prior_grid(MANIFOLD_SIDE)
    return {"z": z, "pictures": to_bytes(answers.decode_all(pool, checkpoint, z))}


def interpolate(pool: Pool, checkpoint: VAE, x: list, x_end: list) -> Answer:
    """Pictures between two, on the line and on the arc between their codes, with distances to real codes."""
    start, end = (posterior(pool, checkpoint, side)[0] for side in (x, x_end))
    codes = pool.codes(checkpoint)
    answer = {}
    for name, path in (("linear", latent.linear_path), ("spherical", latent.spherical_path)):
        points = path(start, end, PATH_STEPS)
        answer[f"{name}_z"] = points
        answer[name] = to_bytes(answers.decode_all(pool, checkpoint, points))
        answer[f"{name}_distance"] = latent.nearest_distance(points, codes["train_codes"]) / codes["hole_radius"]
    return answer


def autoencode(pool: Pool, checkpoint: Pointed, x: list) -> Answer:
    """The code of a picture by the autoencoder beside; none, (0,), of a picture that is not of its size."""
    if isinstance(x, list) and len(x) != np.prod(pool.config(checkpoint)["model"]["picture_shape"]):
        return {"z": np.zeros(0, np.float32)}
    return answers.encode(pool, checkpoint, x)


def autodecode(pool: Pool, checkpoint: Pointed, z: list, x: list) -> Answer:
    """What that code stands for; no picture where there is none."""
    if z == []:
        return {"x_hat": np.zeros((0, *pool.config(checkpoint)["model"]["picture_shape"]), np.uint8)}
    return answers.decode(pool, checkpoint, z, x)


def two_divergences(pool: Pool, mean: float, deviation: float) -> Answer:
    """Densities of two bumps and of one Gaussian, and both divergences in nats."""
    mean, deviation = number(mean, -4, 4, "The mean"), number(deviation, 0.2, 4, "The deviation")
    x = np.linspace(-6, 6, 241)
    forward, reverse = divergence.forward_and_reverse(mean, deviation)
    lines = {"x": x, "p": divergence.target(x), "q": divergence.normal_density(x, mean, deviation)}
    return {name: line.astype(np.float32) for name, line in lines.items()} | {
        "forward": np.float32(forward),
        "reverse": np.float32(reverse),
    }


def posterior(pool: Pool, checkpoint: str, x: list) -> tuple[np.ndarray, np.ndarray]:
    """Mean and log-variance (D,) of a picture's posterior."""
    pixels = picture(x, pool.config(checkpoint)["model"]["picture_shape"])
    mu, log_var = pool.compute(checkpoint, lambda model, x: tuple(model.posterior(x)), pixels)
    return mu[0], log_var[0]


HANDLERS = {
    "python": as_python.decoded,
    "encode": encode,
    "decode": decode,
    "bound": bound,
    "plane": answers.plane,
    "traversals": answers.traversals,
    "samples": samples,
    "manifold": manifold,
    "interpolate": interpolate,
    "two_divergences": two_divergences,
    "autoencode": autoencode,
    "autodecode": autodecode,
}

MODEL = {"checkpoint": "checkpoint"}
OTHER = {"checkpoint": "autoencoder"}

RULES = [
    Rule("encode", when={**MODEL, "x": "x", "seed": "epsilon_seed"}, gives={"mu": "mu", "sigma": "sigma", "z": "z"}),
    Rule(
        "decode",
        when={"z": "z"},
        using={**MODEL, "x": "x", "mu": "mu", "sigma": "sigma"},
        gives={"x_hat": "x_hat", "epsilon": "epsilon"},
    ),
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
    plane_rule(),
    traversals_rule(),
    Rule("autoencode", when={**OTHER, "x": "x"}, gives={"z": "ae_z"}),
    Rule("autodecode", when={"z": "ae_z"}, using={**OTHER, "x": "x"}, gives={"x_hat": "ae_x_hat"}),
    plane_rule("autoencoder", "ae_"),
    Rule("samples", when={**MODEL, "seed": "prior_seed"}, gives={"z": "sample_z", "pictures": "samples"}),
    Rule("manifold", when=MODEL, gives={"z": "manifold_z", "pictures": "manifold"}),
    Rule(
        "interpolate",
        when={**MODEL, "x": "x", "x_end": "x_end"},
        gives={path + part: path + part for path in ("linear", "spherical") for part in ("", "_z", "_distance")},
    ),
    Rule(
        "two_divergences",
        when={"mean": "q_mean", "deviation": "q_deviation"},
        gives={"x": "axis", "p": "p", "q": "q", "forward": "forward", "reverse": "reverse"},
    ),
]

STATE = {"epsilon_seed": 0, "prior_seed": 1, "q_mean": 0.0, "q_deviation": 2.1}


def is_vae_of_faces(config: dict) -> bool:
    """Whether a β-VAE of faces is a VAE: with β = 1 it is trained on the bound as it stands."""
    plain = config["model"].get("beta") == 1 and config["model"].get("capacity") is None
    return config["family"] == "beta_vae" and config["data"] == "faces" and plain


def build(pool: Pool) -> None:
    """The components of the tab: four scenes over one model and one input."""
    names = [*pool.names("vae"), *(name for name, config in pool.configs.items() if is_vae_of_faces(config))]
    if not names:
        gr.Markdown(missing(pool, "vae"))
        return
    # The plane beside is an autoencoder's with two dimensions, of the same pictures.
    planes = [name for name in pool.names("autoencoder") if pool.configs[name].model["latent_dim"] == 2]
    scene(
        SCENE,
        {"checkpoint": names[0], "autoencoder": (planes or [None])[0], **STATE},
        RULES,
        answers.facts(pool, names),
        as_python.CODE_SCENE,
    )
    header(QUESTION, SCENE, names)
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Encode"):
            encode_scene(with_autoencoder=bool(planes))
        with gr.Tab("Sample the prior"):
            sample_scene()
        with gr.Tab("Between two pictures"):
            interpolation_scene()
        with gr.Tab("Two divergences"):
            divergence_scene()
    folds(pool, names, MATHS, SNIPPET)
