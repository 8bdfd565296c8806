"""Variational autoencoder: the code is a distribution, and the prior is where pictures are sampled from."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, cast

import torch
from torch import Generator, Tensor, nn

from explorer.models.base import Autoencoder
from explorer.nn.initialisation import he_normal
from explorer.nn.network import network
from explorer.nn.objectives import bernoulli_nll, gaussian_kl, gaussian_log_density, importance_weighted_bound
from explorer.nn.perceptron import perceptron
from explorer.nn.strip import Layer, heads, name, through
from explorer.nn.tied import ConvolutionalLayer


class Posterior(NamedTuple):
    """A diagonal Gaussian over codes, one for each picture."""

    mu: Tensor  # (B, D)
    log_var: Tensor  # (B, D)


class GaussianVAE(Autoencoder):
    """Diagonal Gaussian posterior, standard normal prior, Bernoulli pixels; the networks are a subclass's.

    A subclass has encoder, from flat pictures (B, pixels) to means and log-variances (B, 2 D), and decoder, from codes
    (B, D) to log-odds, flat or as pictures; each is a module or a method.
    """

    encoder: Callable[[Tensor], Tensor]
    decoder: Callable[[Tensor], Tensor]
    picture_label = "x̂ Linear Sigmoid"

    @network({"x": "B C H W"}, {"mu": "B D", "log_var": "B D"}, in_page=True)
    def posterior(self, x: Tensor) -> Posterior:
        """q(z|x) of pictures in [0, 1] with shape (B, C, H, W)."""
        mu, log_var = self.encoder(x.flatten(1)).float().chunk(2, dim=1)
        return Posterior(mu, log_var.clamp(-20, 10))  # a variance outside e^[-20, 10] is a diverging run

    def encode(self, x: Tensor) -> Tensor:
        return self.posterior(x).mu

    @network({"z": "B D"}, {"logits": "B C H W"})
    def logits(self, z: Tensor) -> Tensor:
        """Log-odds of the pixels, with shape (B, C, H, W), of codes (B, D)."""
        return self.decoder(z).flatten(1).unflatten(1, self.picture_shape)

    def decode(self, z: Tensor) -> Tensor:
        return torch.sigmoid(self.logits(z).float())

    def code_strip(self, x: Tensor) -> Iterator[Layer]:
        mu, log_var = self.posterior(x)
        yield from heads(mu, torch.exp(0.5 * log_var))
        yield Layer("z = μ", mu, "z")

    def sample_posterior(self, posterior: Posterior, generator: Generator | None = None) -> Tensor:
        """One draw mu + sigma * epsilon for each picture, with shape (B, D)."""
        mu, log_var = posterior
        epsilon = torch.randn(mu.shape, generator=generator, device=mu.device)
        return mu + torch.exp(0.5 * log_var) * epsilon

    def bound(self, x: Tensor, generator: Generator | None) -> tuple[Tensor, Tensor]:
        """Both terms of -ELBO for one draw of each posterior, averaged over pictures: -log p(x|z) and the KL."""
        posterior = self.posterior(x)
        z = self.sample_posterior(posterior, generator)
        return bernoulli_nll(self.logits(z), x).mean(), gaussian_kl(*posterior).sum(1).mean()

    def loss(self, x: Tensor, generator: Generator | None = None) -> dict[str, Tensor]:
        reconstruction, kl = self.bound(x, generator)
        return {"loss": reconstruction + kl, "reconstruction": reconstruction, "kl": kl}

    def sample(self, count: int, generator: Generator | None = None) -> Tensor:
        """Pictures decoded from draws of the prior, with shape (count, C, H, W)."""
        device = next(self.parameters()).device
        return self.decode(torch.randn(count, self.latent_dim, generator=generator, device=device))

    def log_likelihood(self, x: Tensor, samples: int, generator: Generator | None = None) -> Tensor:
        """Importance-weighted estimate of log p(x), from below, in nats with shape (B,).

        Arguments:
            x: Binary pictures with shape (B, C, H, W).
            samples: Draws from q(z|x) for each picture; Burda et al. (2015) use 5,000.
            generator: Source of the draws.
        """
        posterior = self.posterior(x)
        log_weights = [self.log_weight(x, posterior, generator) for _ in range(samples)]
        return importance_weighted_bound(torch.stack(log_weights))

    def log_weight(self, x: Tensor, posterior: Posterior, generator: Generator | None) -> Tensor:
        """log p(x, z) - log q(z|x) for one draw of z, with shape (B,)."""
        z = self.sample_posterior(posterior, generator)
        zero = torch.zeros_like(z)
        log_p = gaussian_log_density(z, zero, zero) - bernoulli_nll(self.logits(z), x)
        return log_p - gaussian_log_density(z, *posterior)


class VAE(GaussianVAE):
    """The one of Kingma & Welling: perceptrons both ways, trained on the bound as it stands.

    Arguments:
        picture_shape: Channels, height and width of a picture.
        latent_dim: Number of floats in a code.
        hidden: Widths of the encoder's hidden layers; the decoder mirrors them.
        activation: A name in ACTIVATIONS.
        channels: Widths of convolutions around the perceptrons, as ConvolutionalLayer takes them; of large pictures.
        patch: Side of the squares of their outermost layer, as it takes it.

    References:
        | Auto-Encoding Variational Bayes (Kingma & Welling, 2013)
        | https://arxiv.org/abs/1312.6114
    """

    encoder: nn.Sequential
    decoder: nn.Sequential

    def __init__(
        self,
        picture_shape: Sequence[int],
        latent_dim: int,
        hidden: Sequence[int] = (200, 200),
        activation: str = "tanh",
        channels: Sequence[int] = (),
        patch: int | None = None,
    ):
        super().__init__(picture_shape, latent_dim)
        maps = ConvolutionalLayer(picture_shape, channels, patch) if channels else None
        size = maps.code_size if maps else self.num_pixels
        self.encoder = perceptron([size, *hidden, 2 * latent_dim], activation)
        self.decoder = perceptron([latent_dim, *reversed(hidden), size], activation)
        if maps:
            up = [nn.Unflatten(1, self.picture_shape), *maps.encoder, nn.ReLU(), nn.Flatten()]
            down = [nn.ReLU(), nn.Unflatten(1, maps.code_shape), *maps.decoder]
            self.encoder, self.decoder = nn.Sequential(*up, *self.encoder), nn.Sequential(*self.decoder, *down)
            he_normal(self)

    @property
    def picture_label(self) -> str:  # type: ignore[override]  # a constant of other families
        return f"x̂ {name(self.decoder[-1])} Sigmoid"

    def encoder_strip(self, x: Tensor) -> Iterator[Layer]:
        yield from through(self.encoder[:-1], x.flatten(1))

    def decoder_strip(self, z: Tensor) -> Iterator[Layer]:
        yield from through(self.decoder[:-1], z)

    def prepare(self, pictures: Tensor) -> None:
        # The decoder starts at the mean picture, as in Burda et al. (2015); convolutions at its mean colour.
        mean = pictures.sum(0, dtype=torch.double) / (255 * len(pictures))
        last = self.decoder[-1]
        start = mean.flatten() if isinstance(last, nn.Linear) else mean.mean((1, 2))
        with torch.no_grad():
            cast(Tensor, last.bias).copy_(start.clamp(0.001, 0.999).logit())
