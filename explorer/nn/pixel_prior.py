"""An autoregressive prior over grids of codes, after PixelSNAIL: gated causal convolutions and causal self-attention.

The grid is read row by row. Everything but looking around is done to each place by itself, so that one network serves
twice: over all places at once when it is trained, and at one place after the other, with what the earlier ones have
left behind, when it samples.
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional

from explorer.nn.prior_view import NEIGHBOURS, Everywhere, Here, Told, View, Watched
from explorer.nn.strip import Layer


class GatedBlock(nn.Module):
    """Two causal convolutions whose result is added through a gate; what it is conditioned on is added in between."""

    def __init__(self, channels: int, dropout: float):
        super().__init__()
        self.first = nn.Linear(len(NEIGHBOURS) * channels, channels)
        self.condition = nn.Linear(channels, channels)
        self.second = nn.Linear(len(NEIGHBOURS) * channels, 2 * channels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, condition: Tensor, view: View) -> Tensor:
        h = self.first(view.neighbours(functional.elu(x))) + self.condition(condition)
        h = self.second(view.neighbours(self.dropout(functional.elu(h))))
        return x + functional.glu(h, -1)


class AttentionBlock(nn.Module):
    """Causal multi-head self-attention whose result is added through a gate."""

    def __init__(self, channels: int, heads: int, dropout: float):
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(channels)
        self.project = nn.Linear(channels, 3 * channels)
        self.out = nn.Linear(channels, 2 * channels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, condition: Tensor, view: View) -> Tensor:
        parts = self.project(self.norm(x)).unflatten(-1, (self.heads, -1)).chunk(3, -1)
        h = view.attend(*parts).flatten(-2)
        return x + functional.glu(self.out(self.dropout(h)), -1)


class PixelPrior(nn.Module):
    """p(codes) = product over places of p(code | codes before it, condition, class).

    Arguments:
        shape: Rows and columns of the grid.
        num_codes: K.
        channels: Width of every layer.
        groups: Of layers.
        blocks: Gated blocks in a group.
        heads: Of the attention that ends a group; 0 for none.
        dropout: Share of features dropped in training.
        num_classes: Classes it can be conditioned on; one more stands for none in particular.
        num_conditions: Codes of a grid with half the rows and columns that it is conditioned on; 0 for none.

    References:
        | PixelSNAIL: An Improved Autoregressive Generative Model (Chen et al., 2018)
        | https://arxiv.org/abs/1712.09763
        | Generating Diverse High-Fidelity Images with VQ-VAE-2 (Razavi et al., 2019), section 3.2
        | https://arxiv.org/abs/1906.00446
    """

    def __init__(
        self,
        shape: tuple[int, int],
        num_codes: int,
        channels: int,
        groups: int,
        blocks: int,
        heads: int = 0,
        dropout: float = 0.1,
        num_classes: int = 0,
        num_conditions: int = 0,
    ):
        super().__init__()
        self.shape, self.num_codes, self.num_classes = tuple(shape), num_codes, num_classes
        self.code = nn.Embedding(num_codes + 1, channels)  # the last one stands before the first place
        self.place = nn.Parameter(0.02 * torch.randn(*shape, channels))
        self.label = nn.Embedding(num_classes + 1, channels)
        if num_conditions:
            self.above = nn.Embedding(num_conditions, channels)
            self.around = nn.Sequential(
                nn.Conv2d(channels, channels, 3, padding=1), nn.ELU(), nn.Conv2d(channels, channels, 3, padding=1)
            )
        layers: list[nn.Module] = []
        for _ in range(groups):
            layers += [GatedBlock(channels, dropout) for _ in range(blocks)]
            if heads:
                layers.append(AttentionBlock(channels, heads, dropout))
        self.layers = nn.ModuleList(layers)
        self.logits = nn.Linear(channels, num_codes)

    def forward(self, codes: Tensor, labels: Tensor | None = None, above: Tensor | None = None) -> Tensor:
        """Logits (B, h, w, K) of every place, each from the codes before it alone.

        Arguments:
            codes: int64, with shape (B, h, w).
            labels: Classes, int64 with shape (B,); num_classes and above, or no labels at all, is none in particular.
            above: Codes it is conditioned on, int64 with shape (B, h / 2, w / 2).
        """
        return self.view_from(self.before(codes), self.condition(len(codes), labels, above), Everywhere())

    def nll(self, codes: Tensor, labels: Tensor | None = None, above: Tensor | None = None) -> Tensor:
        """Mean nats of a code, with shape (B,)."""
        logits = self(codes, labels, above).float().movedim(-1, 1)
        return functional.cross_entropy(logits, codes, reduction="none").mean((1, 2))

    def before(self, codes: Tensor) -> Tensor:
        """The code before each place, with the shape of codes."""
        shifted = codes.flatten(1).roll(1, 1)
        shifted[:, 0] = self.num_codes
        return shifted.view(codes.shape)

    def condition(self, count: int, labels: Tensor | None, above: Tensor | None) -> Tensor:
        """What every block is conditioned on, with shape (B, h, w, C)."""
        if labels is None:
            labels = torch.full((count,), self.num_classes, device=self.place.device)
        condition = self.place + self.label(labels.clamp(max=self.num_classes))[:, None, None]
        if above is not None:
            codes = self.above(above).movedim(-1, 1)
            around = functional.interpolate(codes + self.around(codes), scale_factor=2.0)
            condition = condition + around.movedim(1, -1)
        return condition

    def view_from(self, before: Tensor, condition: Tensor, view: View) -> Tensor:
        """Logits (..., K) of places (...) with these codes before them, as far as the view lets them see."""
        x = self.code(before) + condition
        for layer in self.layers:
            x = layer(x, condition, view)
        return self.logits(functional.elu(x))

    def strip(self, codes: Tensor, row: str, above: Tensor | None = None) -> Iterator[Layer]:
        """The layers over all places at once, as maps, of codes of no class in particular; the title of their row."""
        condition, view = self.condition(len(codes), None, above), Everywhere()
        x = self.code(self.before(codes)) + condition
        told = "Code before, place, class" if above is None else "Code before, place, top codes"
        yield Layer(told, x.movedim(-1, 1), row=row)
        for layer in self.layers:
            x = layer(x, condition, view)
            kind = "Gated 2×" if isinstance(layer, GatedBlock) else f"Attention, {layer.heads} heads"
            yield Layer(kind, x.movedim(-1, 1))
        yield Layer("log p of each code", self.logits(functional.elu(x)).log_softmax(-1).movedim(-1, 1), "z")

    def step(
        self,
        before: Tensor,
        condition: Tensor,
        seen: Tensor,
        keys: Tensor | None = None,
        values: Tensor | None = None,
        index: Tensor | None = None,
    ) -> tuple[Tensor, ...]:
        """Logits (B, K) of one place, and what it leaves behind for later ones; of attention only where there is any.

        Arguments:
            before: Codes (B,) before it.
            condition: Of this place, (B, C).
            seen: See Told.
            keys: See Told.
            values: See Told.
            index: See Told.
        """
        view = Told(seen, keys, values, index)
        logits, own = self.view_from(before, condition, view), torch.stack(view.own, 1)
        if not view.own_keys:
            return logits, own
        return logits, own, torch.stack(view.own_keys, 1), torch.stack(view.own_values, 1)

    def attention(self, codes: Tensor, labels: Tensor | None = None) -> Tensor:
        """How much each place looks at itself and at those before it, (B, attentions, heads, places, places).

        The last axis sums to 1. A place knows the code before it, not its own.

        Arguments:
            codes: See forward.
            labels: See forward.
        """
        view = Watched()
        self.view_from(self.before(codes), self.condition(len(codes), labels, None), view)
        return torch.stack(view.weights, 1)

    @property
    def attentions(self) -> int:
        """How many layers of attention there are."""
        return sum(isinstance(layer, AttentionBlock) for layer in self.layers)

    @property
    def looks(self) -> int:
        """How often layers look at neighbours."""
        return 2 * sum(isinstance(layer, GatedBlock) for layer in self.layers)


def walk(
    prior: PixelPrior, codes: Tensor, labels: Tensor | None = None, above: Tensor | None = None, guidance: float = 1.0
) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Place by place the codes there and how likely each would be, in grids that are filled on the way.

    All places up to the first gap are seen at once; from there on each adds to what the earlier ones have left.

    Arguments:
        prior: What says how likely the codes are.
        codes: int64 with shape (B, h, w), contiguous; -1 is a gap. What lies behind a place is not looked at.
        labels: See PixelPrior.forward.
        above: See PixelPrior.forward.
        guidance: How far to go from the log-probabilities of no class towards those of the class: 1 is the class's own,
            more goes beyond them.

    Yields:
        Codes (B,), a view into the grids in which gaps have to be filled before going on, log-probabilities (B, K), and
        those that guidance makes of them.

    References:
        | Classifier-Free Diffusion Guidance (Ho & Salimans, 2022)
        | https://arxiv.org/abs/2207.12598
    """
    height, width = prior.shape
    flat = codes.view(len(codes), -1)
    gaps = (flat < 0).any(0)
    first = int(gaps.byte().argmax()) if gaps.any() else len(gaps)
    condition, view = prior.condition(len(codes), labels, above), Everywhere()
    times = 1 if guidance == 1 else 2  # with the class, and without
    if times == 2:
        condition = torch.cat([condition, prior.condition(len(codes), None, above)])
    logits = prior.view_from(prior.before(codes.clamp(min=0)).repeat(times, 1, 1), condition, view).flatten(1, 2)
    for index in range(height * width):
        here = logits[:, index]
        if index > first:
            row, column = divmod(index, width)
            seen = Here(view.memory, row, column, width)
            here = prior.view_from(flat[:, index - 1].repeat(times), condition[:, row, column], seen)
        told, *untold = here.float().log_softmax(-1).chunk(times)
        guided = (untold[0] + guidance * (told - untold[0])).log_softmax(-1) if untold else told
        yield flat[:, index], told, guided
