"""The Jacobian of an encoder of one sigmoid layer at a picture: norms of columns, singular values and vectors."""

from typing import TYPE_CHECKING

import numpy as np

from explorer.serve.pool import Pool

if TYPE_CHECKING:
    from torch import Tensor

    from explorer.models.base import UnitAutoencoder


def look(model: "UnitAutoencoder", x: "Tensor") -> tuple["Tensor", ...]:
    """Norms (B, pixels) of the Jacobian's columns, the reconstruction, and the share of saturated units (1,)."""
    from torch import tensor

    from explorer.metrics.sensitivity import saturation

    z = model.units(x)
    norms = ((z * (1 - z)).square() @ model.filters.square()).sqrt()
    return norms, model.decode(z), tensor([saturation(z)])


def spectrum(model: "UnitAutoencoder", x: "Tensor") -> "Tensor":
    """Singular values (pixels,) of the Jacobian."""
    from explorer.metrics.sensitivity import singular_values

    return singular_values(model.units(x)[0], model.filters)


def stretch(model: "UnitAutoencoder", x: "Tensor", v: "Tensor") -> "Tensor":
    """How many times as far as the picture the code goes, for a small step along v (pixels,)."""
    z = model.units(x)[0]
    return (z * (1 - z) * (model.filters @ v)).norm()


def directions(pool: Pool, name: str, x: np.ndarray) -> np.ndarray:
    """Right singular vectors of the Jacobian as columns (pixels, pixels), by falling singular value.

    A singular vector has no sign; here the entry that is largest in size is positive.
    """
    vectors = pool.compute(name, singular_vectors, x)
    largest = np.abs(vectors).argmax(axis=0, keepdims=True)
    return vectors * np.sign(np.take_along_axis(vectors, largest, axis=0))


def singular_vectors(model: "UnitAutoencoder", x: "Tensor") -> "Tensor":
    from torch import linalg

    from explorer.models.contractive import jacobian

    rows = jacobian(model.units(x), model.filters)[0]
    return linalg.eigh(rows.T @ rows).eigenvectors.flip(1).contiguous()
