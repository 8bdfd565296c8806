"""Networks: pure functions of a model that are asked for by their name, with names and shapes of what goes in and out.

An answer reaches a model through these alone, so that whoever computes them may change: here, or in the page.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

Method = TypeVar("Method", bound=Callable[..., Any])


@dataclass(frozen=True)
class Network:
    """What a network takes and gives.

    Arguments:
        inputs: Shape by name, as "B C H W": sizes of the same letter are equal, a number is a size, and "" is no tensor
            but a number or a list of them. Letters of the model: C H W of its pictures, P their pixels, D its code, U
            its units, M the smaller of P and U, K its codebook, E the length of that one's vectors. "B < K" is of
            whole numbers, from 0 to below K.
        outputs: The same of what it gives; a name with a star is that of any number of outputs: code* of code_1, ….
        in_page: Whether the page can compute it as well; it then takes no lists, and its numbers are whole.
    """

    inputs: dict[str, str]
    outputs: dict[str, str]
    in_page: bool = False


def network(inputs: dict[str, str], outputs: dict[str, str], in_page: bool = False) -> Callable[[Method], Method]:
    """Declare a method of a model a network; it takes tensors by name and returns one, or as many as it has outputs."""

    def declare(method: Method) -> Method:
        method.network = Network(inputs, outputs, in_page)  # type: ignore[attr-defined]
        return method

    return declare


def no_network(method: Method) -> Method:
    """Declare a method no network that is one of other families: here it does not take tensors by name."""
    method.network = None  # type: ignore[attr-defined]
    return method


def networks(model: type) -> dict[str, Network]:
    """Those of a family by name; what a subclass writes anew has the names and shapes it had before."""
    names = [name for ancestor in model.__mro__ for name, part in vars(ancestor).items() if hasattr(part, "network")]
    return {name: found for name in reversed(names) if (found := declared(model, name))}


def declared(model: type, name: str) -> Network | None:
    """The network of that name, as its nearest ancestor declares it; None if it has none."""
    parts: Iterator[Any] = (vars(ancestor).get(name) for ancestor in model.__mro__)
    return next((part.network for part in parts if hasattr(part, "network")), None)


def run(model: Any, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Outputs of a model's network by name.

    Raises:
        KeyError: If the model has no such network.
        TypeError: If an input is missing, or is none of this network's.
    """
    asked = declared(type(model), name)
    if asked is None:
        raise KeyError(name)
    if inputs.keys() != asked.inputs.keys():
        raise TypeError(f"{name} takes {', '.join(asked.inputs)}, and not {', '.join(inputs)}.")
    result = getattr(model, name)(**inputs)
    parts = result if isinstance(result, tuple | list) else (result,)
    (first, *_) = asked.outputs
    if first.endswith("*"):
        return {f"{first[:-1]}_{number}": part for number, part in enumerate(parts, 1)}
    return dict(zip(asked.outputs, parts, strict=True))
