"""A β-VAE trained in stages, so that pressure finds features to choose from and a dimension for each of them.

Pressed from its first step, an encoder never learns what tells little of a picture, as the angle of a shape, and a
dimension that has nothing to say dies. Turned freely, the two dimensions of a place lie anywhere: a rotation of them
costs no KL. So the VAE comes first, then the dimensions of a model that was pressed, then the others beside them.
"""

import math
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import torch
from torch import Generator, Tensor
from torch.nn import functional

from explorer.models.capacity import Course
from explorer.nn.objectives import bernoulli_nll, gaussian_kl
from explorer.nn.perceptron import linear

if TYPE_CHECKING:
    from explorer.models.beta_vae import BetaVAE

FEATURES = 0.3  # share of the run in which all dimensions learn with beta = 1: afterwards the encoder knows angles
WAKE = 0.34  # until here the teacher's dimensions learn alone
SPEAK = 0.42  # until here a KL that is held at a capacity weighs 1, so that the dimensions that woke say what they can
RISE = 0.7  # until here beta, or the capacity, goes from the VAE's to its own
RELEASE = 0.8  # until here the teacher's dimensions are held; what follows is the objective alone
HOLD = 200.0  # nats for a distance of 1 from the teacher's code: 1 / (2 sigma^2) with sigma = .05
ACTIVE = 0.1  # nats of KL over which a teacher's dimension counts
SAMPLE = 8192  # pictures that regressions are made on
BLOCK = 64  # of them, encoded at a time
DEGREE = 4  # of the polynomials of the teacher's dimensions that the others begin without, or less: see degree
AWAKE = {"spread": 0.3, "log_var": -1.0, "gain": 0.3}  # of a dimension that wakes; gain is against the teacher's


class Stages(Course):
    """The course of a training; BetaVAE.loss asks it for its terms.

    In stage 0 all dimensions learn as those of a VAE. In stage 1 the first ones are regressed on the teacher's and
    learn alone. In stage 2 the others wake, and beta goes from 1 to the model's own; or the KL's target goes from what
    it is at SPEAK to the model's capacity, and the weight of the KL is controlled so that it follows. Until RELEASE a
    sum of squares holds the first dimensions to the teacher's.

    Arguments:
        teacher: A model of the same pictures some of whose dimensions are active. Nothing else is known of it.
        pictures: Training pictures, uint8, with shape (N, C, H, W).

    References:
        | Learning Disentangled Representations with Progressive Latents (ProVLAE; Li et al., 2020), for the order
        | GradMax: Growing Neural Networks using Gradient Information (Evci et al., 2022), for how dimensions wake
    """

    KEPT = ("stage", *Course.KEPT)

    def __init__(self, teacher: "BetaVAE", pictures: Tensor):
        super().__init__(weight=1.0)
        self.teacher, self.pictures, self.stage = teacher, pictures[:SAMPLE].clone(), 0
        mu, log_var = (torch.cat(parts) for parts in zip(*map(teacher.posterior, self.blocks()), strict=True))
        kl = gaussian_kl(mu, log_var).mean(0)
        self.dimensions = [int(d) for d in kl.argsort(descending=True) if kl[d] > ACTIVE]
        self.mean, self.spread = mu[:, self.dimensions].mean(0), mu[:, self.dimensions].std(0)

    @property
    def count(self) -> int:
        """Number of the teacher's dimensions; they are the model's first ones."""
        return len(self.dimensions)

    def blocks(self) -> list[Tensor]:
        """The sample as pictures in [0, 1], (BLOCK, C, H, W) each."""
        return sampled(self.pictures)

    @torch.no_grad()
    def codes(self, x: Tensor) -> Tensor:
        """The teacher's active dimensions of pictures, (B, count), with mean 0 and variance 1 over the sample."""
        self.teacher.to(x.device)
        mean, spread = self.mean.to(x.device), self.spread.to(x.device)
        return (self.teacher.encode(x)[:, self.dimensions] - mean) / spread

    def loss(self, model: "BetaVAE", x: Tensor, generator: Generator | None) -> dict[str, Tensor]:
        """Terms of the objective at model.progress; the first call of a stage changes the model for it."""
        progress, self.pictures = model.progress, self.pictures.to(x.device)
        if self.stage == 0 and progress >= FEATURES:
            self.take_over(model)
            self.stage = 1
        if self.stage == 1 and progress >= WAKE:
            self.wake(model)
            self.stage = 2
        open_dimensions = self.count if self.stage == 1 else model.latent_dim
        posterior = model.posterior(x)
        z = model.sample_posterior(posterior, generator)
        z = torch.cat([z[:, :open_dimensions], torch.zeros_like(z[:, open_dimensions:])], 1)
        reconstruction = bernoulli_nll(model.logits(z), x).mean()
        kl = gaussian_kl(*posterior)[:, :open_dimensions].sum(1).mean()
        weight = kl.new_tensor(self.kl_weight(model, float(kl.detach())))
        terms = {"reconstruction": reconstruction, "kl": kl, "kl_weight": weight}
        loss = reconstruction + weight * kl
        if self.stage and progress < RELEASE:
            terms["distance"] = (posterior.mu[:, : self.count] - self.codes(x)).square().sum(1).mean()
            loss = loss + HOLD * terms["distance"]
        return {"loss": loss} | terms

    def kl_weight(self, model: "BetaVAE", kl: float) -> float:
        """What the KL weighs now; with a capacity it rises while the KL is above its target and falls below, never
        under 1."""
        if self.stage < 2:
            self.seen_kl = kl
            return 1.0
        if model.capacity is None:
            return model.beta ** min(1.0, (model.progress - WAKE) / (RISE - WAKE))
        if model.progress < SPEAK:
            self.first_kl = self.see(kl)
            return 1.0
        return self.follow(kl, (model.progress - SPEAK) / (RISE - SPEAK), model.capacity)

    @torch.no_grad()
    def take_over(self, model: "BetaVAE") -> None:
        """Make the first dimensions the teacher's, as far as the features tell them, and close the others."""
        features, codes = last_hidden(model, self.blocks()), torch.cat([self.codes(x) for x in self.blocks()])
        centre, code_mean = features.mean(0), codes.mean(0)
        weights = ridge(features - centre, codes - code_mean)
        rest = (codes - code_mean - (features - centre) @ weights).square().mean(0)
        head, mu, log_var = (
            linear(model.inner, -1),
            slice(0, self.count),
            slice(model.latent_dim, model.latent_dim + self.count),
        )
        head.weight.zero_()
        head.bias.zero_()
        head.weight[mu], head.bias[mu] = weights.T, code_mean - centre @ weights
        head.bias[log_var] = rest.log()
        linear(model.outer, 0).weight[:, self.count :] = 0

    def wake(self, model: "BetaVAE") -> None:
        """Open the other dimensions: each follows a direction of the features that no polynomial of the teacher's
        dimensions is correlated with, and along which the loss falls most."""
        gradients = torch.cat([self.gradient(model, x) for x in self.blocks()[: SAMPLE // BLOCK // 2]])
        with torch.no_grad():
            features, codes = last_hidden(model, self.blocks()), torch.cat([model.encode(x) for x in self.blocks()])
            centre = features.mean(0)
            features = features - centre
            terms = polynomials(codes[:, : self.count], degree(self.count, features.shape[1] // 2))
            *_, rows = torch.linalg.svd(terms.T @ features / len(features), full_matrices=True)
            free = rows[terms.shape[1] :].T  # directions of features that are told by no term
            told = features @ free
            whiten = inverse_root(told.T @ told / len(told))
            gradients = gradients - gradients.mean(0)
            left, gains, right = torch.linalg.svd(whiten @ (told[: len(gradients)].T @ gradients / len(gradients)))
            head, first = linear(model.inner, -1), linear(model.outer, 0)
            others = range(self.count, model.latent_dim)
            loudness = AWAKE["gain"] * first.weight[:, : self.count].norm(dim=0).mean() / gains[0]
            for i, d in enumerate(others):
                direction = free @ (whiten @ left[:, i])
                direction = direction * AWAKE["spread"] / (features @ direction).std()
                head.weight[d], head.bias[d] = direction, -centre @ direction
                head.weight[model.latent_dim + d], head.bias[model.latent_dim + d] = 0.0, AWAKE["log_var"]
                first.weight[:, d] = right[i] * gains[i] * loudness

    def gradient(self, model: "BetaVAE", x: Tensor) -> Tensor:
        """Where the decoder's first layer (B, units) would have to go to make pictures likelier, with the teacher's
        dimensions alone."""
        z = model.encode(x).detach()
        z[:, self.count :] = 0
        units = model.outer[0](z).detach().requires_grad_()
        h = model.outer[1:](units)
        logits = model.convolutions.down(functional.relu(h)).unflatten(1, model.picture_shape)
        return -torch.autograd.grad(bernoulli_nll(logits, x).sum(), units)[0]


def sampled(pictures: Tensor) -> list[Tensor]:
    """The first SAMPLE of pictures, uint8, in [0, 1] and BLOCK at a time."""
    return [block.float() / 255 for block in pictures[:SAMPLE].split(BLOCK)]


def last_hidden(model: "BetaVAE", blocks: list[Tensor]) -> Tensor:
    """The encoder's last hidden layer (N, hidden) of pictures in blocks (B, C, H, W)."""
    return torch.cat([model.features(x.flatten(1)) for x in blocks])


def ridge(x: Tensor, y: Tensor) -> Tensor:
    """Weights (D, K) of a linear regression of centred y (N, K) on centred x (N, D), with a slight penalty."""
    gram = x.T @ x
    return torch.linalg.solve(gram + 1e-3 * gram.diagonal().mean() * torch.eye(len(gram), device=x.device), x.T @ y)


def inverse_root(covariance: Tensor) -> Tensor:
    """The matrix that whitens, with a floor under directions that hardly vary."""
    floor = 0.02 * covariance.diagonal().mean() * torch.eye(len(covariance), device=covariance.device)
    values, vectors = torch.linalg.eigh(covariance + floor)
    return vectors @ torch.diag(values.rsqrt()) @ vectors.T


def degree(columns: int, most: int) -> int:
    """The highest degree, up to DEGREE, that so many columns have at most that many polynomials of; 1 if none has."""
    return max((d for d in range(1, DEGREE + 1) if math.comb(columns + d, d) - 1 <= most), default=1)


def polynomials(x: Tensor, degree: int) -> Tensor:
    """All products (N, K) of one to degree columns of x (N, D), each column with mean 0 and variance 1, centred."""
    x = (x - x.mean(0)) / x.std(0)
    choices = (c for order in range(1, degree + 1) for c in combinations_with_replacement(range(x.shape[1]), order))
    products = torch.stack([x[:, list(chosen)].prod(1) for chosen in choices], 1)
    return products - products.mean(0)
