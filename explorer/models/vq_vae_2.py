"""VQ-VAE-2: two grids of codes, a coarse one and a finer one given it, and a learnt prior that fills them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

import torch
from torch import Generator, Tensor
from torch.nn import Conv2d, functional

from explorer.models.base import Autoencoder
from explorer.models.vq_vae import FIRST_PICTURES, fields, middle, variance
from explorer.nn.network import network, no_network
from explorer.nn.pixel_prior import PixelPrior, walk
from explorer.nn.quantizer import Quantized, Quantizer
from explorer.nn.residual import doubling, halving
from explorer.nn.strip import Layer, through
from explorer.nn.transposed import TransposedConvolution

NO_CLASS = 0.2  # share of the pictures whose class the prior is not told
PRIORS = ("top_prior", "bottom_prior")


class Levels(NamedTuple):
    """Codes of both levels, or what belongs to each."""

    top: Tensor
    bottom: Tensor


class Means(NamedTuple):
    """What stands in for codes that are not there."""

    top: Tensor  # (D,): the mean vector
    bottom: Tensor  # (K + 1, 2, 2, D): that of each cell's quarters for each top code, and last for none in particular


class Sampled(NamedTuple):
    """Grids that priors have filled, perhaps not to the end."""

    top: Tensor
    bottom: Tensor
    nats: Tensor  # (B,): mean of a code under the priors as they are, up to where they stopped
    probabilities: Tensor  # (B, K): what the next gap's code is drawn from; 0 where no gap is left


class VQVAE2(Autoencoder):
    """One top code for every 8 × 8 pixels and one bottom code for every 4 × 4.

    The bottom is encoded with the top in view, and the decoder sees both. The first part of a run trains this network
    as VQVAE is trained; then it stands still, and a prior of each level is trained on the codes that it gives: the
    top's, perhaps for a class of pictures, and the bottom's for the top.

    Arguments:
        picture_shape: Channels, height and width of a picture; the sides are multiples of 8.
        num_codes: Size K of each codebook.
        code_dim: Length D of the vectors.
        channels: Of the convolutions.
        residual_channels: Within the residual blocks.
        residual_blocks: In each part.
        commitment_cost: β, of both levels.
        restart_below: See Quantizer.
        num_classes: That the top prior can be asked for.
        bottom_is_told: Whether the bottom prior is told the class as well.
        prior_channels: Width of the priors.
        prior_groups: Groups of layers in each: three gated blocks in one of the top's, two in one of the bottom's.
        prior_heads: Of the attention in the top prior; the bottom's has none, as in the paper.
        prior_dropout: In both.
        prior_from: Share of the run after which the priors are trained.

    References:
        | Generating Diverse High-Fidelity Images with VQ-VAE-2 (Razavi et al., 2019)
        | https://arxiv.org/abs/1906.00446
    """

    variance: Tensor

    def __init__(
        self,
        picture_shape: Sequence[int],
        num_codes: int = 256,
        code_dim: int = 32,
        channels: int = 64,
        residual_channels: int = 32,
        residual_blocks: int = 2,
        commitment_cost: float = 0.25,
        restart_below: float = 1.0,
        num_classes: int = 0,
        bottom_is_told: bool = False,
        prior_channels: int = 96,
        prior_groups: int = 3,
        prior_heads: int = 6,
        prior_dropout: float = 0.2,
        prior_from: float = 0.75,
    ):
        rows, columns = picture_shape[1] // 8, picture_shape[2] // 8
        super().__init__(picture_shape, 5 * rows * columns)
        self.num_codes, self.commitment_cost, self.num_classes = num_codes, commitment_cost, num_classes
        self.prior_from, self.prior_heads = prior_from, prior_heads
        colours, blocks = picture_shape[0], (residual_channels, residual_blocks)
        self.bottom_encoder = halving(colours, channels, 2, *blocks)
        self.top_encoder = halving(channels, channels, 1, *blocks)
        self.to_top = Conv2d(channels, code_dim, 1)
        self.top_quantizer = Quantizer(num_codes, code_dim, restart_below=restart_below)
        self.top_decoder = doubling(code_dim, channels, channels, 1, *blocks)
        self.to_bottom = Conv2d(2 * channels, code_dim, 1)
        self.bottom_quantizer = Quantizer(num_codes, code_dim, restart_below=restart_below)
        self.enlarge = TransposedConvolution(code_dim, code_dim)
        self.decoder = doubling(2 * code_dim, channels, colours, 2, *blocks)
        self.register_buffer("variance", torch.tensor(1.0))  # of the training pixels
        self.to(memory_format=torch.channels_last)  # a step takes a fifth less on a processor
        size = num_codes, prior_channels, prior_groups
        self.top_prior = PixelPrior((rows, columns), *size, 3, prior_heads, prior_dropout, num_classes)
        told = num_classes if bottom_is_told else 0
        self.bottom_prior = PixelPrior((2 * rows, 2 * columns), *size, 2, 0, prior_dropout, told, num_codes)

    def prepare(self, pictures: Tensor) -> None:
        self.variance.copy_(variance(pictures))
        draws = torch.randint(len(pictures), (FIRST_PICTURES,), generator=Generator().manual_seed(0))
        with torch.no_grad():
            features = self.bottom_encoder(pictures[draws].float() / 255 - 0.5)
            z_top = self.z_top(features)
            self.top_quantizer.start(z_top, Generator().manual_seed(1))
            e_top = self.top_quantizer.look_up(self.top_quantizer.codes(z_top))
            self.bottom_quantizer.start(self.z_bottom(features, e_top), Generator().manual_seed(2))

    def axes(self) -> dict[str, int]:
        channels, heads = self.top_prior.place.shape[-1], self.prior_heads
        return super().axes() | {
            **{"h": self.top_prior.shape[0], "w": self.top_prior.shape[1], "K": self.num_codes},
            **{"d": self.top_quantizer.codebook.shape[1], "E": channels, "M": heads, "e": channels // heads},
            **{"A": self.top_prior.attentions, "X": self.top_prior.looks, "Y": self.bottom_prior.looks},
        }

    def z_top(self, features: Tensor) -> Tensor:
        """Vectors (B, D, h, w) of the top level, before they are quantized, from the bottom encoder's features."""
        return self.to_top(self.top_encoder(features)).float()

    def z_bottom(self, features: Tensor, e_top: Tensor) -> Tensor:
        """Vectors (B, D, 2 h, 2 w) of the bottom level, given the vectors of the top's codes (B, D, h, w)."""
        return self.to_bottom(torch.cat([self.top_decoder(e_top), features], 1)).float()

    def quantize(self, x: Tensor, generator: Generator | None = None) -> tuple[Quantized, Quantized]:
        """Both levels, top first, of pictures in [0, 1]."""
        features = self.bottom_encoder(x - 0.5)
        top = self.top_quantizer(self.z_top(features), generator)
        return top, self.bottom_quantizer(self.z_bottom(features, top.z_q), generator)

    @network({"x": "B C H W"}, {"top": "B h w", "bottom": "B 2h 2w"}, in_page=True)
    def encode(self, x: Tensor) -> Levels:  # type: ignore[override]  # two grids are its code
        """Codes of pictures in [0, 1]: int64, top with shape (B, h, w) and bottom with shape (B, 2 h, 2 w)."""
        features = self.bottom_encoder(x - 0.5)
        top = self.top_quantizer.codes(self.z_top(features))
        return Levels(top, self.bottom_quantizer.codes(self.z_bottom(features, self.top_quantizer.look_up(top))))

    @no_network
    def decode(self, z: Levels) -> Tensor:  # type: ignore[override]  # of two grids
        top, bottom = z
        return self.decode_vectors(self.top_quantizer.look_up(top), self.bottom_quantizer.look_up(bottom)).clamp(0, 1)

    def decode_vectors(self, e_top: Tensor, e_bottom: Tensor) -> Tensor:
        """Pictures of vectors (B, D, h, w) and (B, D, 2 h, 2 w); they may leave [0, 1]."""
        return self.decoder(torch.cat([self.enlarge(e_top), e_bottom], 1)).float() + 0.5

    def decode_partly(self, z: Levels, means: Means) -> Tensor:
        """Pictures of codes some of which are -1, not there: they are replaced by the mean of what stands there.

        The mean of the bottom is for the top code above it, and so what the top alone says of the detail.
        """
        (top, bottom), (top_mean, bottom_means) = z, means
        e_top = torch.where(top[:, None] < 0, top_mean[:, None, None], self.top_quantizer.look_up(top))
        given_top = bottom_means[top]  # (B, h, w, 2, 2, D); -1 is the last
        quarters = given_top.permute(0, 5, 1, 3, 2, 4).reshape(len(top), -1, *bottom.shape[1:])
        e_bottom = torch.where(bottom[:, None] < 0, quarters, self.bottom_quantizer.look_up(bottom))
        return self.decode_vectors(e_top, e_bottom).clamp(0, 1)

    def means(self, codes: Levels) -> Means:
        """Over the codes of many pictures."""
        top, bottom = codes
        e_top, e_bottom = self.top_quantizer.look_up(top), self.bottom_quantizer.look_up(bottom)
        height, width = top.shape[1:]
        quarters = e_bottom.unflatten(2, (height, 2)).unflatten(4, (width, 2))  # (B, D, h, 2, w, 2)
        quarters = quarters.permute(0, 2, 4, 3, 5, 1).flatten(0, 2)  # (B h w, 2, 2, D)
        overall = quarters.mean(0)
        member = functional.one_hot(top.flatten(), self.num_codes).float().T  # (K, B h w)
        count = member.sum(1)[:, None, None, None]
        of_each = (member @ quarters.flatten(1)).view(-1, *overall.shape) / count.clamp(min=1)
        return Means(e_top.mean((0, 2, 3)), torch.cat([torch.where(count > 0, of_each, overall), overall[None]]))

    @network(
        {"top": "B h w < K", "bottom": "B 2h 2w < K", "top_mean": "d", "bottom_mean": "K+1 2 2 d"},
        {"x_hat": "B C H W"},
        in_page=True,
    )
    def decode_gaps(self, top: Tensor, bottom: Tensor, top_mean: Tensor, bottom_mean: Tensor) -> Tensor:
        """decode_partly, with every array by its own name."""
        return self.decode_partly(Levels(top, bottom), Means(top_mean, bottom_mean))

    @network(
        {
            "top": "B h w < K",
            "bottom": "B 2h 2w < K",
            "noise": "places B K",
            "labels": "B < L",
            "temperature": "",
            "top_k": "",
            "guidance": "",
        },
        {"top": "B h w", "bottom": "B 2h 2w", "nats": "B", "probabilities": "B K"},
    )
    def fill(
        self,
        top: Tensor,
        bottom: Tensor,
        noise: Tensor,
        labels: Tensor,
        temperature: float,
        top_k: int,
        guidance: float,
    ) -> Sampled:
        """sample, with every array by its own name."""
        return self.sample(Levels(top, bottom), noise, labels, temperature, top_k, guidance)

    @network({"top": "B h w < K", "labels": "B < L"}, {"weights": "B A M hw hw"})
    def attention(self, top: Tensor, labels: Tensor) -> Tensor:
        """PixelPrior.attention of the top prior."""
        return self.top_prior.attention(top, labels)

    @network({"labels": "B < L"}, {"condition": "B h w E"}, in_page=True)
    def top_condition(self, labels: Tensor) -> Tensor:
        """What the top prior is told of each place: its class."""
        return self.top_prior.condition(len(labels), labels, None)

    @network({"top": "B h w < K", "labels": "B < L"}, {"condition": "B 2h 2w E"}, in_page=True)
    def bottom_condition(self, top: Tensor, labels: Tensor) -> Tensor:
        """What the bottom prior is told of each place: the top codes around it, and perhaps its class."""
        return self.bottom_prior.condition(len(top), labels, top)

    @network(
        {
            "before": "B < K",
            "condition": "B E",
            "seen": "B X 5 E",
            "keys": "B A M hw e",
            "values": "B A M hw e",
            "index": "",
        },
        {"logits": "B K", "own": "B X E", "key": "B A M e", "value": "B A M e"},
        in_page=True,
    )
    def top_step(
        self, before: Tensor, condition: Tensor, seen: Tensor, keys: Tensor, values: Tensor, index: Tensor
    ) -> tuple[Tensor, ...]:
        """PixelPrior.step of the top prior."""
        return self.top_prior.step(before, condition, seen, keys, values, index)

    @network(
        {"before": "B < K", "condition": "B E", "seen": "B Y 5 E"}, {"logits": "B K", "own": "B Y E"}, in_page=True
    )
    def bottom_step(self, before: Tensor, condition: Tensor, seen: Tensor) -> tuple[Tensor, ...]:
        """PixelPrior.step of the bottom prior."""
        return self.bottom_prior.step(before, condition, seen)

    def strip(self, x: Tensor) -> Iterator[Layer]:
        yield Layer("x", x, "x", row="Features")
        features = yield from through(self.bottom_encoder, x - 0.5)
        yield Layer("Features", features, row="Top codes")
        z_top = yield from through([self.top_encoder, self.to_top], features)
        top = self.top_quantizer.codes(z_top)
        yield Layer(f"Top: nearest of {self.top_quantizer.size}", top, "z")
        yield from self.top_prior.strip(top, "Top prior")
        e_top = self.top_quantizer.look_up(top)
        yield Layer("The top codes’ vectors", e_top, row="Bottom codes")
        above = yield from through(self.top_decoder, e_top)
        seen = torch.cat([above, features], 1)
        yield Layer("… beside the features", seen)
        z_bottom = yield from through([self.to_bottom], seen)
        bottom = self.bottom_quantizer.codes(z_bottom)
        yield Layer(f"Bottom: nearest of {self.bottom_quantizer.size}", bottom, "z")
        yield from self.bottom_prior.strip(bottom, "Bottom prior", above=top)
        yield Layer("The top codes’ vectors", e_top, row="Picture")
        enlarged = yield from through([self.enlarge], e_top)
        both = torch.cat([enlarged, self.bottom_quantizer.look_up(bottom)], 1)
        yield Layer("… beside the bottom’s", both)
        yield from through(self.decoder[:-1], both)
        yield Layer("x̂ Conv 4×4 ↑2", self.decode(Levels(top, bottom)), "x-hat")

    def alone(self, means: Means) -> Levels:
        """What each code of a level stands for by itself, with shape (K, C, 8, 8): the middle of a field of it."""
        codes = torch.arange(self.num_codes)
        none = torch.full((self.num_codes, 1, 1), -1)
        top = Levels(fields(codes, 3), none.expand(-1, 6, 6))
        bottom = Levels(none.expand(-1, 3, 3), fields(codes, 6))
        return Levels(*(middle(self.decode_partly(level, means)) for level in (top, bottom)))

    def loss(self, x: Tensor, generator: Generator | None = None, labels: Tensor | None = None) -> dict[str, Tensor]:
        if self.progress >= self.prior_from:
            return self.prior_loss(x, generator, labels)
        top, bottom = self.quantize(x, generator)
        reconstruction = functional.mse_loss(self.decode_vectors(top.z_q, bottom.z_q), x) / self.variance
        commitment = top.commitment + bottom.commitment
        return {
            "loss": reconstruction + self.commitment_cost * commitment,
            "reconstruction": reconstruction,
            "commitment": commitment,
            "top_perplexity": top.perplexity,
            "bottom_perplexity": bottom.perplexity,
        }

    def prior_loss(self, x: Tensor, generator: Generator | None, labels: Tensor | None) -> dict[str, Tensor]:
        """Nats per code of both priors, on codes that stand still."""
        with torch.no_grad():
            top, bottom = self.encode(x)
        if labels is not None:
            untold = torch.rand(labels.shape, generator=generator, device=labels.device) < NO_CLASS
            labels = labels.masked_fill(untold, self.num_classes)
        nll = self.prior_nll(Levels(top, bottom), labels)
        means = {name: part.mean() for name, part in zip(PRIORS, nll, strict=True)}
        return {"loss": cast(Tensor, sum(means.values()))} | means

    def prior_nll(self, codes: Levels, labels: Tensor | None = None) -> Levels:
        """Nats per code of each level, with shape (B,): both for a class, the bottom's for the top."""
        top, bottom = codes
        return Levels(self.top_prior.nll(top, labels), self.bottom_prior.nll(bottom, labels, top))

    def sample(
        self,
        codes: Levels,
        noise: Tensor,
        labels: Tensor,
        temperature: float = 1.0,
        top_k: int | None = None,
        guidance: float = 1.0,
    ) -> Sampled:
        """Fill gaps place by place, the top's before the bottom's, as far as the noise reaches.

        Arguments:
            codes: Of both levels; -1 is a gap, and everything else is kept.
            noise: Draws of the Gumbel distribution for each place with a gap, with shape (places, B, K): the same
                give the same.
            labels: Classes, with shape (B,); num_classes is none in particular.
            temperature: Divides the logits.
            top_k: Of how many likeliest codes one is drawn; of all by default.
            guidance: See walk; of a prior that is told no classes, or none in particular, it changes nothing.
        """
        top, bottom = (level.clone() for level in codes)
        draws, nats, passed = iter(noise), torch.zeros(len(top)), 0
        for prior, grid, above in ((self.top_prior, top, None), (self.bottom_prior, bottom, top)):
            is_told = bool((labels < prior.num_classes).any())
            for here, log_probabilities, guided in walk(prior, grid, labels, above, guidance if is_told else 1.0):
                gap = here < 0
                if gap.any():
                    likely = sharpened(guided, temperature, top_k or self.num_codes)
                    draw = next(draws, None)
                    if draw is None:
                        return Sampled(top, bottom, nats / max(passed, 1), likely.exp())
                    here[gap] = (likely + draw).argmax(-1)[gap]
                nats, passed = nats - log_probabilities.gather(1, here[:, None])[:, 0], passed + 1
        return Sampled(top, bottom, nats / passed, torch.zeros(len(top), self.num_codes))

    @torch.inference_mode()
    def try_out(self) -> None:
        super().try_out()
        self.prior_nll(self.encode(torch.zeros(1, *self.picture_shape)))

    def held_out(self, x: Tensor, labels: Tensor) -> dict[str, float]:
        """Nats per code of each prior over pictures that it is not trained on; nothing before it is trained at all."""
        if self.progress < self.prior_from:
            return {}
        nll = self.prior_nll(self.encode(x), labels.clamp(max=self.num_classes))
        return {name: part.mean().item() for name, part in zip(PRIORS, nll, strict=True)}


def sharpened(log_probabilities: Tensor, temperature: float, top_k: int) -> Tensor:
    """Log-probabilities (B, K) at a temperature, of the likeliest codes alone."""
    least = log_probabilities.topk(top_k).values[:, -1:]
    return (log_probabilities.masked_fill(log_probabilities < least, -torch.inf) / temperature).log_softmax(-1)
