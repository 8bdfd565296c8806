"""How a layer of an autoregressive prior sees other places of the grid: from all places at once, or from one."""

from typing import Any, Protocol, cast

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional

# Where a place looks, as (rows up, columns to the left). Places hold the code before them, so the row above reaches one
# column farther to the right than to the left.
NEIGHBOURS = ((1, 1), (1, 0), (1, -1), (1, -2), (0, 1), (0, 0))


class View(Protocol):
    """How a layer sees other places: at and before the one it stands at."""

    def neighbours(self, x: Tensor) -> Tensor:
        """Features (..., 6 C) of NEIGHBOURS, of features (..., C)."""

    def attend(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        """Softmax attention (..., heads, C) over all places up to each one's own."""


class Gather(torch.autograd.Function):
    """Features (B, h, w, 6 C) of the NEIGHBOURS of all places, of padded ones (B, h + 1, w + 3, C).

    Autograd alone would fill as many tensors with zeros as there are neighbours, and add them up.
    """

    @staticmethod
    def forward(ctx: Any, padded: Tensor) -> Tensor:
        return torch.cat(windows(padded), -1)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        batch, height, width, features = gradient.shape
        total = gradient.new_zeros(batch, height + 1, width + 3, features // len(NEIGHBOURS))
        for window, part in zip(windows(total), gradient.chunk(len(NEIGHBOURS), -1), strict=True):
            window += part
        return total


def windows(padded: Tensor) -> list[Tensor]:
    """Views (B, h, w, C) into padded features (B, h + 1, w + 3, C), of each of the NEIGHBOURS of every place."""
    height, width = padded.shape[1] - 1, padded.shape[2] - 3
    return [padded[:, 1 - up : 1 - up + height, 1 - left : 1 - left + width] for up, left in NEIGHBOURS]


class Everywhere:
    """The view of all places (B, h, w, ...) at once; it keeps what a view from one place needs later."""

    def __init__(self) -> None:
        self.memory: list[Tensor] = []

    def neighbours(self, x: Tensor) -> Tensor:
        padded = functional.pad(x, (0, 0, 1, 2, 1, 0))
        self.memory.append(padded)
        return cast(Tensor, Gather.apply(padded))

    def attend(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        q, k, v = (part.flatten(1, 2).transpose(1, 2) for part in (query, key, value))  # (B, heads, h w, C)
        self.memory += [k, v]
        return functional.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).view(query.shape)


class Watched(Everywhere):
    """The view of all places at once that also keeps how much each looks at which: (B, heads, places, places)."""

    def __init__(self) -> None:
        super().__init__()
        self.weights: list[Tensor] = []

    def attend(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        q, k = (part.flatten(1, 2).transpose(1, 2) for part in (query, key))  # (B, heads, places, C)
        scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
        later = torch.ones_like(scores[0, 0], dtype=torch.bool).triu(1)
        self.weights.append(scores.masked_fill(later, -torch.inf).softmax(-1))
        return super().attend(query, key, value)


class Here:
    """The view from one place (B, ...): it adds this place to the memory and looks only at what is there.

    Arguments:
        memory: What Everywhere has left; what lies behind this place is never read.
        row: Of the place.
        column: Of the place.
        width: Places in a row.
    """

    def __init__(self, memory: list[Tensor], row: int, column: int, width: int):
        self.memory, self.row, self.column, self.index = iter(memory), row, column, row * width + column

    def neighbours(self, x: Tensor) -> Tensor:
        padded, row, column = next(self.memory), self.row + 1, self.column + 1
        padded[:, row, column] = x
        return torch.cat([padded[:, row - up, column - left] for up, left in NEIGHBOURS], -1)

    def attend(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        keys, values = next(self.memory), next(self.memory)
        keys[:, :, self.index], values[:, :, self.index] = key, value
        seen = self.index + 1
        query = query[:, :, None]  # (B, heads, 1, C)
        return functional.scaled_dot_product_attention(query, keys[:, :, :seen], values[:, :, :seen])[:, :, 0]


class Told:
    """The view from one place (B, ...) that is told what it sees of others, and collects what it leaves behind.

    Arguments:
        seen: Features of the NEIGHBOURS but itself, in the order in which layers look, with shape (B, looks, 5, C).
        keys: Of all places, of which those before this one are filled, (B, attentions, heads, places, C / heads).
        values: The same of values.
        index: Number of the place, a tensor.
    """

    def __init__(self, seen: Tensor, keys: Tensor | None, values: Tensor | None, index: Tensor | None):
        self.seen, self.keys, self.values, self.index = seen, keys, values, index
        self.own: list[Tensor] = []
        self.own_keys: list[Tensor] = []
        self.own_values: list[Tensor] = []

    def neighbours(self, x: Tensor) -> Tensor:
        self.own.append(x)
        return torch.cat([self.seen[:, len(self.own) - 1].flatten(1), x], -1)

    def attend(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        keys, values = cast(Tensor, self.keys)[:, len(self.own_keys)], cast(Tensor, self.values)[:, len(self.own_keys)]
        self.own_keys.append(key)
        self.own_values.append(value)
        later = torch.arange(keys.shape[2], device=query.device) >= cast(Tensor, self.index)
        scores = (query[:, :, None] * keys).sum(-1).masked_fill(later, -1e30)
        scores = torch.cat([scores, (query * key).sum(-1, keepdim=True)], -1) / query.shape[-1] ** 0.5
        weights = scores.softmax(-1)
        return (weights[:, :, :-1, None] * values).sum(2) + weights[:, :, -1:] * value
