"""A network as a strip of layers: what each is called, and what it gives for a picture.

A family says in `strip` in which order its layers stand. Shared models answer several questions at a time, so that
nothing is hooked onto them.
"""

from collections.abc import Generator, Iterable, Iterator
from typing import NamedTuple

from torch import Tensor, nn

from explorer.nn.perceptron import ACTIVATIONS
from explorer.nn.residual import ResidualBlock

NONLINEAR = (*ACTIVATIONS.values(), nn.ELU, nn.Sigmoid)


class Layer(NamedTuple):
    """One of a strip."""

    label: str  # what it does
    output: Tensor  # (B, …), behind the nonlinearity that the label names
    symbol: str = ""  # of what it gives, in whose colour it is drawn
    row: str = ""  # title of the row that begins here
    below: bool = False  # whether it is another head of the layer that the one before belongs to


Strip = Generator[Layer, None, Tensor]


def through(modules: Iterable[nn.Module], x: Tensor) -> Strip:
    """The layers of modules one after the other, each with the nonlinearity behind it; returns what the last gives."""
    inner = [part for module in modules for part in parts(module)]
    label = ""
    for place, module in enumerate(inner, 1):
        x = module(x)
        if isinstance(module, nn.Flatten | nn.Unflatten):
            continue
        label = f"{label} {name(module)}".strip() if isinstance(module, NONLINEAR) else name(module)
        if not any(isinstance(after, NONLINEAR) for after in inner[place : place + 1]):
            yield Layer(label, x)
            label = ""
    return x


def parts(module: nn.Module) -> Iterator[nn.Module]:
    """A module, or those that stand in it one after the other."""
    if isinstance(module, nn.Sequential):
        for part in module:
            yield from parts(part)
    else:
        yield module


def name(module: nn.Module) -> str:
    """What a layer does, with the sides of its kernel and how it changes those of the maps."""
    if isinstance(module, ResidualBlock):
        return "Residual 3×3, 1×1"
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        arrow = "↑" if isinstance(module, nn.ConvTranspose2d) else "↓"
        stride = module.stride[0]
        return f"Conv {'×'.join(map(str, module.kernel_size))}{f' {arrow}{stride}' * (stride > 1)}"
    return type(module).__name__


def heads(mu: Tensor, sigma: Tensor) -> Iterator[Layer]:
    """Mean and deviation of a Gaussian, which a linear layer gives together."""
    yield Layer("μ Linear", mu, "mu")
    yield Layer("σ Linear", sigma, "sigma", below=True)
