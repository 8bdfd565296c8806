"""The factors a set of rendered pictures was made from, and how they number its pictures."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class FactorSet:
    """Every combination of a few factors once, numbered with the last factor running fastest."""

    names: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]  # those of each factor, in the order of its index

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of values of each factor; draw factors i.i.d. as rng.integers(sizes, size=(N, K))."""
        return tuple(map(len, self.values))

    def __len__(self) -> int:
        """Number of pictures."""
        return int(np.prod(self.sizes))

    def to_factors(self, indices: np.ndarray) -> np.ndarray:
        """Index of the value of each factor, int64 with shape (N, K), of picture numbers (N,).

        Raises:
            ValueError: If there is no picture of some number.
        """
        return np.stack(np.unravel_index(indices, self.sizes), -1)

    def to_indices(self, factors: np.ndarray) -> np.ndarray:
        """Picture numbers, int64 with shape (N,), of the indices of the factors' values (N, K).

        Raises:
            ValueError: If a factor has no value of some index.
        """
        return np.ravel_multi_index(tuple(np.moveaxis(np.asarray(factors), -1, 0)), self.sizes)

    def to_values(self, factors: np.ndarray) -> np.ndarray:
        """The factors' values themselves, float64 with shape (N, K), of their indices (N, K)."""
        columns = np.moveaxis(np.asarray(factors), -1, 0)
        return np.stack([np.array(values)[column] for values, column in zip(self.values, columns, strict=True)], -1)
