"""What the VAE's tab asks: posterior, bound, samples, the way between two pictures, and two divergences."""

from typing import Annotated

import numpy as np

from explorer.answers import as_python, common
from explorer.answers.common import LATENT_LIMIT, Answer, Handlers
from explorer.compute import divergence, latent
from explorer.compute.likelihood import bernoulli_nll, gaussian_kl
from explorer.compute.pictures import to_bytes
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import Of, Pointed, number, picture, vector, whole
from explorer.serve.turns import dear

BOUND_DRAWS, EVIDENCE_DRAWS = 64, 500
SAMPLES = 96
LARGEST_SEED = 2**31
VAE = Annotated[str, Of(("vae", "beta_vae"), "a model with a Gaussian posterior")]
MANIFOLD_SIDE = 20
PATH_STEPS = 11


@gives(numbers="mu sigma z")
def encode(pool: Pool, checkpoint: VAE, x: list, seed: int) -> Answer:
    """Posterior of a picture, and a draw from it: seed 0 is its mean."""
    mu, log_var = posterior(pool, checkpoint, x)
    sigma = np.exp(0.5 * log_var)
    seed = whole(seed, 0, LARGEST_SEED, "The seed")
    draw = np.random.default_rng(seed).standard_normal(len(mu), np.float32) if seed else np.zeros_like(mu)
    return {"mu": mu, "sigma": sigma, "z": mu + sigma * draw}


@gives(numbers="epsilon")
def epsilon(pool: Pool, checkpoint: VAE, z: list, mu: list, sigma: list) -> Answer:
    """Where a code lies under the posterior: (z - mu) / sigma."""
    size = pool.config(checkpoint).model["latent_dim"]
    named = ((z, "z"), (mu, "μ"), (sigma, "σ"))
    code, mean, deviation = (vector(part, size, LATENT_LIMIT, name)[0] for part, name in named)
    return {"epsilon": (code - mean) / np.maximum(deviation, 1e-6)}


@gives(numbers="kl_each", number="reconstruction kl negative_elbo")
def bound(pool: Pool, checkpoint: VAE, x: list) -> Answer:
    """The evidence bound of this picture: its two terms in nats, and the KL of each dimension (D,)."""
    nats, kl, _ = weighed(pool, checkpoint, x, BOUND_DRAWS)
    reconstruction = nats.mean()
    return {"reconstruction": reconstruction, "kl": kl.sum(), "negative_elbo": reconstruction + kl.sum(), "kl_each": kl}


@dear("500 pictures: .02 s of digits, .15 s of faces")
@gives(number="reconstruction kl negative_elbo negative_log_p gap")
def evidence(pool: Pool, checkpoint: VAE, x: list) -> Answer:
    """How tight the bound of this picture is, in nats: its terms, -log p(x) from EVIDENCE_DRAWS importance samples, and
    what lies between, KL(q(z|x) || p(z|x)).

    References:
        | Importance Weighted Autoencoders (Burda et al., 2015), equation 8
        | https://arxiv.org/abs/1509.00519
    """
    nats, kl, log_weights = weighed(pool, checkpoint, x, EVIDENCE_DRAWS)
    reconstruction, kl_sum = nats.mean(), kl.sum()
    negative_elbo = reconstruction + kl_sum
    negative_log_p = np.log(EVIDENCE_DRAWS) - np.logaddexp.reduce(log_weights)
    return {
        "reconstruction": reconstruction,
        "kl": kl_sum,
        "negative_elbo": negative_elbo,
        "negative_log_p": negative_log_p,
        "gap": negative_elbo - negative_log_p,
    }


def weighed(pool: Pool, checkpoint: str, x: list, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """So many draws from a picture's posterior: -log p(x|z) of each, (count,), the KL of each dimension, (D,), and the
    importance weights log p(x, z) - log q(z|x), (count,), all in nats."""
    mu, log_var = posterior(pool, checkpoint, x)
    draws = np.random.default_rng(0).standard_normal((count, len(mu)), np.float32)
    z = mu + np.exp(0.5 * log_var) * draws
    pixels = picture(x, pool.config(checkpoint).model["picture_shape"])
    nats = bernoulli_nll(pool.run(checkpoint, "logits", z=z)["logits"], pixels).astype(np.float64)
    return nats, gaussian_kl(mu, log_var), (draws**2 - z**2 + log_var).sum(1) / 2 - nats


@gives(number="reconstruction")
def judge(pool: Pool, checkpoint: VAE, z: list, x: list) -> Answer:
    """The negative log-likelihood of the input in nats, given a code."""
    model = pool.config(checkpoint).model
    pixels, code = picture(x, model["picture_shape"]), vector(z, model["latent_dim"], LATENT_LIMIT)
    return {"reconstruction": bernoulli_nll(pool.run(checkpoint, "logits", z=code)["logits"], pixels)[0]}


@gives(pictures="pictures", numbers="z")
def samples(pool: Pool, checkpoint: VAE, seed: int) -> Answer:
    """Draws from the prior and their pictures."""
    size = pool.config(checkpoint).model["latent_dim"]
    generator = np.random.default_rng(whole(seed, 0, LARGEST_SEED, "The seed"))
    z = generator.standard_normal((SAMPLES, size), np.float32)
    return {"z": z, "pictures": to_bytes(common.decode_all(pool, checkpoint, z))}


@gives(pictures="pictures", numbers="z")
def manifold(pool: Pool, checkpoint: VAE) -> Answer:
    """Pictures over the plane of a two-dimensional model, at points of equal prior probability."""
    if pool.config(checkpoint).model["latent_dim"] != 2:
        return {"z": np.zeros((1, 2), np.float32), "pictures": np.zeros((1, 1, 28, 28), np.uint8)}
    z = latent.prior_grid(MANIFOLD_SIDE)
    return {"z": z, "pictures": to_bytes(common.decode_all(pool, checkpoint, z))}


@gives(pictures="linear spherical", numbers="linear_z spherical_z")
def interpolate(pool: Pool, checkpoint: VAE, x: list, x_end: list) -> Answer:
    """Pictures between two, on the line and on the arc between their codes."""
    answer: Answer = {}
    for name, points in paths(pool, checkpoint, x, x_end).items():
        answer[f"{name}_z"] = points
        answer[name] = to_bytes(common.decode_all(pool, checkpoint, points))
    return answer


@gives(numbers="linear_distance spherical_distance")
def judge_path(pool: Pool, checkpoint: VAE, x: list, x_end: list) -> Answer:
    """How far the codes between two pictures are from real ones, in radii of a hole."""
    codes = pool.codes(checkpoint)
    return {
        f"{name}_distance": latent.nearest_distance(points, codes["train_codes"]) / codes["hole_radius"]
        for name, points in paths(pool, checkpoint, x, x_end).items()
    }


def paths(pool: Pool, checkpoint: str, x: list, x_end: list) -> dict[str, np.ndarray]:
    """Codes (PATH_STEPS, D) on the line and on the arc between those of two pictures."""
    start, end = (posterior(pool, checkpoint, side)[0] for side in (x, x_end))
    both = {"linear": latent.linear_path, "spherical": latent.spherical_path}
    return {name: path(start, end, PATH_STEPS) for name, path in both.items()}


@gives(numbers="z")
def autoencode(pool: Pool, checkpoint: Pointed, x: list) -> Answer:
    """The code of a picture by the autoencoder beside; none, (0,), of a picture that is not of its size."""
    if isinstance(x, list) and len(x) != np.prod(pool.config(checkpoint).model["picture_shape"]):
        return {"z": np.zeros(0, np.float32)}
    return common.encode(pool, checkpoint, x)


@gives(pictures="x_hat")
def autodecode(pool: Pool, checkpoint: Pointed, z: list) -> Answer:
    """What that code stands for; no picture where there is none."""
    if z == []:
        return {"x_hat": np.zeros((0, *pool.config(checkpoint).model["picture_shape"]), np.uint8)}
    return common.decode(pool, checkpoint, z)


@gives(numbers="x p q", number="forward reverse")
def two_divergences(pool: Pool, mean: float, deviation: float) -> Answer:
    """Densities of two bumps and of one Gaussian, and both divergences in nats."""
    mean, deviation = number(mean, -4, 4, "The mean"), number(deviation, 0.2, 4, "The standard deviation")
    x = np.linspace(-6, 6, 241)
    forward, reverse = divergence.forward_and_reverse(mean, deviation)
    lines = {"x": x, "p": divergence.target(x), "q": divergence.normal_density(x, mean, deviation)}
    return {name: line.astype(np.float32) for name, line in lines.items()} | {
        "forward": np.float32(forward),
        "reverse": np.float32(reverse),
    }


def posterior(pool: Pool, checkpoint: str, x: list) -> tuple[np.ndarray, np.ndarray]:
    """Mean and log-variance (D,) of a picture's posterior."""
    pixels = picture(x, pool.config(checkpoint).model["picture_shape"])
    mu, log_var = pool.run(checkpoint, "posterior", x=pixels).values()
    return mu[0], log_var[0]


HANDLERS: Handlers = {
    "python": as_python.decoded,
    "encode": encode,
    "decode": common.decode,
    "epsilon": epsilon,
    "bound": bound,
    "evidence": evidence,
    "judge": judge,
    "plane": common.plane,
    "traversals": common.traversals,
    "samples": samples,
    "manifold": manifold,
    "interpolate": interpolate,
    "judge_path": judge_path,
    "two_divergences": two_divergences,
    "autoencode": autoencode,
    "autodecode": autodecode,
}
