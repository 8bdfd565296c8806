"""Vector quantisation: each vector is replaced by the nearest of K learnt ones, and only its number is kept."""

from typing import NamedTuple

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from explorer.nn.processes import agreed, summed

KMEANS_STEPS = 10


class Quantized(NamedTuple):
    """What a quantizer makes of the encoder's vectors."""

    z_q: Tensor  # (B, D, h, w); backwards the gradient passes to z_e as if nothing had been replaced
    codes: Tensor  # int64, (B, h, w)
    commitment: Tensor  # mean squared distance of z_e to its code, per number
    perplexity: Tensor  # exp of the entropy of the batch's codes, from 1 to K


class Quantizer(nn.Module):
    """A codebook that follows the encoder by exponential moving averages; unused codes start again elsewhere.

    With n codes chosen and the sum z of what chose them, the counts N and sums m are averaged over batches,

        N <- decay N + (1 - decay) n,  m <- decay m + (1 - decay) z,  e = m / smoothed(N),

    and smoothed is Laplace's. Nothing is kept of m, which is e times smoothed(N).

    Arguments:
        num_codes: K.
        code_dim: D.
        decay: Of the averages.
        restart_below: A code that fewer vectors of a batch choose on average is moved onto a random one of them; 0
            never does.
        epsilon: Of the smoothing.

    References:
        | Neural Discrete Representation Learning (van den Oord et al., 2017), appendix A.1
        | https://arxiv.org/abs/1711.00937
        | Restarts: Jukebox (Dhariwal et al., 2020), https://arxiv.org/abs/2005.00341
    """

    codebook: Tensor
    counts: Tensor

    def __init__(
        self, num_codes: int, code_dim: int, decay: float = 0.99, restart_below: float = 1.0, epsilon: float = 1e-5
    ):
        super().__init__()
        self.decay, self.restart_below, self.epsilon = decay, restart_below, epsilon
        self.register_buffer("codebook", torch.randn(num_codes, code_dim))
        self.register_buffer("counts", torch.ones(num_codes))

    @property
    def size(self) -> str:
        """Number and length of the codes, for a sentence."""
        return " × ".join(map(str, self.codebook.shape))

    def forward(self, z_e: Tensor, generator: Generator | None = None) -> Quantized:
        """Quantize vectors (B, D, h, w); in training mode the codebook then takes a step towards them.

        Over several processes, each with its part of a batch, it is the step that the whole batch asks for.
        """
        with torch.autocast(z_e.device.type, enabled=False):  # distances in bfloat16 would choose other codes
            z_e = z_e.float()
            codes = self.codes(z_e)
            z_q = self.look_up(codes)
            commitment = functional.mse_loss(z_e, z_q)
            if self.training:
                self.follow(z_e.detach().movedim(1, -1).flatten(0, -2), codes.flatten(), generator)
            use = torch.bincount(codes.flatten(), minlength=len(self.codebook)) / codes.numel()
        return Quantized(z_e + (z_q - z_e).detach(), codes, commitment, perplexity(use))

    def codes(self, z_e: Tensor) -> Tensor:
        """Number of the nearest code of each vector, with shape (B, h, w)."""
        return distances(z_e.movedim(1, -1), self.codebook).argmin(-1)

    def look_up(self, codes: Tensor) -> Tensor:
        """The codes' vectors, with shape (B, D, h, w)."""
        return self.codebook[codes].movedim(-1, 1)

    @torch.no_grad()
    def start(self, z_e: Tensor, generator: Generator | None = None) -> None:
        """Begin with the cluster centres of vectors (B, D, h, w), as if they had always been chosen that often."""
        vectors = z_e.movedim(1, -1).flatten(0, -2)
        centres, counts = kmeans(vectors, len(self.codebook), generator)
        self.codebook.copy_(centres)
        self.counts.copy_(counts)

    @torch.no_grad()
    def follow(self, vectors: Tensor, codes: Tensor, generator: Generator | None) -> None:
        """One step of the averages towards vectors (N, D) that chose the codes (N,)."""
        chosen, of_each = functional.one_hot(codes, len(self.codebook)).float(), self.smoothed()
        counts = summed(chosen.sum(0))
        self.counts.lerp_(counts, 1 - self.decay)
        sums = torch.lerp(self.codebook * of_each[:, None], summed(chosen.T @ vectors), 1 - self.decay)
        self.codebook.copy_(sums / self.smoothed()[:, None])
        unused = self.counts < self.restart_below
        if unused.any():
            draws = torch.randint(len(vectors), (int(unused.sum()),), generator=generator, device=vectors.device)
            self.codebook[unused] = agreed(vectors[draws])
            self.counts[unused] = counts.sum() / len(self.codebook)  # time to be chosen before it is judged again

    def smoothed(self) -> Tensor:
        """Counts (K,) that are never 0 and have the same sum."""
        total = self.counts.sum()
        return (self.counts + self.epsilon) / (total + len(self.counts) * self.epsilon) * total


def distances(vectors: Tensor, codebook: Tensor) -> Tensor:
    """Squared distances (..., K) of vectors (..., D) to the codes (K, D)."""
    squares = vectors.square().sum(-1, keepdim=True) + codebook.square().sum(1)
    return squares - 2 * vectors @ codebook.T


def perplexity(use: Tensor) -> Tensor:
    """exp of the entropy of shares (..., K) that sum to 1: how many codes as often used as these would be."""
    return torch.exp(torch.special.entr(use).sum(-1))


def kmeans(vectors: Tensor, k: int, generator: Generator | None = None) -> tuple[Tensor, Tensor]:
    """Centres (k, D) of clusters of vectors (N, D), and how many vectors each has; a centre without any stays."""
    centres = vectors[torch.randint(len(vectors), (k,), generator=generator, device=vectors.device)].clone()
    for _ in range(KMEANS_STEPS):
        member = functional.one_hot(distances(vectors, centres).argmin(1), k).float()
        counts = member.sum(0)
        centres = torch.where(counts[:, None] > 0, member.T @ vectors / counts.clamp(min=1)[:, None], centres)
    return centres, counts
