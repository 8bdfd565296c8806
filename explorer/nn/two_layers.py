"""A Gaussian over two layers of latents, the lower one given the upper one, both given a context."""

import torch
from torch import Tensor, nn

from explorer.nn.objectives import gaussian_log_density
from explorer.nn.perceptron import perceptron
from explorer.nn.strip import Layer, Strip, heads, through

LOG_SIGMA = (-6.0, 4.0)  # outside it a density ratio of two draws explodes
FIRST_LOG_SIGMA = -2.0


class DMap(nn.Module):
    """From a context to mean and log-variance, by one layer of gated units: tanh(A c) · sigmoid(B c).

    Arguments:
        context_dim: Size of the context.
        latent_dim: Size of the Gaussian.
        units: Gated units between them.
        depth: ReLU layers of as many units before them; the paper has none.

    References:
        | Temporal Difference Variational Auto-Encoder (Gregor et al., 2019), appendix D
        | https://arxiv.org/abs/1806.03107
    """

    def __init__(self, context_dim: int, latent_dim: int, units: int, depth: int = 0):
        super().__init__()
        self.depth = depth
        sizes = [context_dim, *[units] * depth]
        self.hidden = nn.Sequential(perceptron(sizes, "relu"), nn.ReLU()) if depth else nn.Identity()
        self.gated = nn.Linear(sizes[-1], 2 * units)
        self.out = nn.Linear(units, 2 * latent_dim)
        # A wide Gaussian drowns its own mean: the decoder would learn to do without it before there is anything to see.
        nn.init.constant_(self.out.bias[latent_dim:], FIRST_LOG_SIGMA)

    def forward(self, context: Tensor) -> tuple[Tensor, Tensor]:
        """Means and log-variances, each (B, D), of contexts (B, context_dim)."""
        signal, gate = self.gated(self.hidden(context)).chunk(2, dim=-1)
        mu, log_sigma = self.out(torch.tanh(signal) * torch.sigmoid(gate)).chunk(2, dim=-1)
        return mu, 2 * log_sigma.clamp(*LOG_SIGMA)

    def strip(self, context: Tensor) -> Strip:
        """The layers, up to the heads; returns the mean."""
        hidden = yield from through([self.hidden] if self.depth else [], context)
        signal, gate = self.gated(hidden).chunk(2, dim=-1)
        yield Layer("Gated: Tanh · Sigmoid", torch.tanh(signal) * torch.sigmoid(gate))
        mu, log_var = self(context)
        yield from heads(mu, torch.exp(0.5 * log_var))
        return mu


class TwoLayers(nn.Module):
    """N(upper; context) · N(lower; context, upper).

    Points are (B, 2 D): the lower layer's D numbers, then the upper layer's.

    Arguments:
        context_dim: Size of the context.
        latent_dim: Size D of each layer.
        units: Gated units of each layer's D-map.
        depth: ReLU layers before them.
    """

    def __init__(self, context_dim: int, latent_dim: int, units: int, depth: int = 0):
        super().__init__()
        self.upper = DMap(context_dim, latent_dim, units, depth)
        self.lower = DMap(context_dim + latent_dim, latent_dim, units, depth)

    def strip(self, context: Tensor) -> Strip:
        """The layers of the upper Gaussian, then of the lower one, each at its mean; returns the point."""
        upper = yield from self.upper.strip(context)
        told = torch.cat([context, upper], -1)
        yield Layer("… with the upper μ", told)
        lower = yield from self.lower.strip(told)
        return torch.cat([lower, upper], -1)

    def draw(self, context: Tensor, noise: Tensor) -> Tensor:
        """Points (B, 2 D) made of standard normal noise (B, 2 D); noise of 0 gives means."""
        return self.sample(context, noise)[0]

    def sample(self, context: Tensor, noise: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Drawn points, and the means and log-variances that they were drawn from, each (B, 2 D)."""
        of_lower, of_upper = noise.chunk(2, dim=-1)
        upper, upper_gaussian = place(self.upper(context), of_upper)
        lower, lower_gaussian = place(self.lower(torch.cat([context, upper], -1)), of_lower)
        both = zip((lower, *lower_gaussian), (upper, *upper_gaussian), strict=True)
        z, mu, log_var = (torch.cat(part, -1) for part in both)
        return z, mu, log_var

    def parameters_at(self, context: Tensor, z: Tensor) -> tuple[Tensor, Tensor]:
        """Means and log-variances (B, 2 D), the lower layer's for the upper layer of z."""
        upper = z.chunk(2, dim=-1)[1]
        both = self.lower(torch.cat([context, upper], -1)), self.upper(context)
        mu, log_var = (torch.cat(part, -1) for part in zip(*both, strict=True))
        return mu, log_var

    def log_density(self, context: Tensor, z: Tensor) -> Tensor:
        """Nats (B,) of points (B, 2 D)."""
        return gaussian_log_density(z, *self.parameters_at(context, z))


def place(gaussian: tuple[Tensor, Tensor], noise: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """Points of a Gaussian, given as means and log-variances, at standard normal noise; and the Gaussian."""
    mu, log_var = gaussian
    return mu + torch.exp(0.5 * log_var) * noise, gaussian
