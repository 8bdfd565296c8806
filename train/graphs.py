"""Writes a checkpoint's networks as graphs that the page computes by itself: networks.safetensors.

A graph is an ONNX model of some kB whose weights are those of the model.safetensors beside it, named by where they lie
in that file. Halves become floats when a graph is read.
"""

import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnx import ModelProto, TensorProto, helper, numpy_helper
from onnxscript import optimizer
from torch import Tensor, nn

from explorer import checkpoint
from explorer.models import Autoencoder
from explorer.nn import transposed
from explorer.nn.network import Network, networks, run

OPSET, IR_VERSION = 18, 9
LARGEST_FOLDED = 64  # numbers: larger constants are left to be computed, or weights would be copied into the graph
OF_FILTERS = ("units", "filters_of", "sensitivity", "stretch")
MANY = "BN"  # letters of axes of any length
COUNT = 2  # their length in the example that a graph is traced with
TYPES = {"F16": TensorProto.FLOAT16, "F32": TensorProto.FLOAT}

# The exporter reads the source of all its operators for each graph, which takes longer than the graph itself. Another
# version of torch may have its list of them elsewhere, and is slower then.
with suppress(ImportError, AttributeError):
    from torch.onnx._internal.exporter._registration import ONNXRegistry

    ONNXRegistry.from_torchlib = staticmethod(cache(ONNXRegistry.from_torchlib))  # type: ignore[method-assign]


def write(folder: Path) -> dict[str, int]:
    """Write the graphs of all networks that the page may compute; returns the bytes of each.

    Raises:
        ValueError: If a graph would carry weights of its own.
    """
    model, stored = checkpoint.load_model(folder), Stored(folder / checkpoint.WEIGHTS)
    graphs = {name: stored.link(traced(model, name, network), name) for name, network in of_page(model).items()}
    checkpoint.save_networks(folder, graphs)
    return {name: len(graph) for name, graph in graphs.items()}


def of_page(model: Autoencoder) -> dict[str, Network]:
    """The networks of a model that the page may compute; without filters it has none that look at them."""
    missing = () if getattr(model, "has_filters", True) else OF_FILTERS
    return {name: one for name, one in networks(type(model)).items() if one.in_page and name not in missing}


class Call(nn.Module):
    """A network of a model as a module; whole numbers go in and come out as int32, which the page has."""

    def __init__(self, model: Autoencoder, name: str, inputs: list[str]):
        super().__init__()
        self.model, self.name, self.inputs = model, name, inputs

    def forward(self, *values: Tensor) -> tuple[Tensor, ...]:
        wide = [value.long() if value.dtype == torch.int32 else value for value in values]
        outputs = run(self.model, self.name, dict(zip(self.inputs, wide, strict=True)))
        return tuple(part.int() if part.dtype == torch.int64 else part for part in outputs.values())


def traced(model: Autoencoder, name: str, network: Network) -> ModelProto:
    """The graph of a network, with weights of its own that have the names of the model's."""
    sizes = model.axes() | dict.fromkeys(MANY, COUNT)
    inputs = {key: example(shape, sizes) for key, shape in network.inputs.items()}
    with quiet(), torch.inference_mode():
        outputs = run(model, name, {key: value.long() if whole(value) else value for key, value in inputs.items()})
        program = torch.onnx.export(
            Call(model, name, list(inputs)),
            tuple(inputs.values()),
            dynamo=True,
            dynamic_shapes=(tuple(map(dynamic, network.inputs.values())),),
            input_names=list(inputs),
            output_names=list(outputs),
            optimize=False,
            opset_version=OPSET,
            verbose=False,
        )
        assert program is not None
        weights = {f"model.{key}" for key in model.state_dict()}
        keep = partial(may_fold, weights)
        optimizer.optimize_ir(program.model, should_fold=lambda node: None if all(map(keep, node.inputs)) else False)
        return program.model_proto


def whole(value: Tensor) -> bool:
    return value.dtype == torch.int32


def may_fold(weights: set[str], value: Any) -> bool:
    """Whether a value in a graph is no constant, or one that may become part of others: a small one, and no weight."""
    if value is None or value.const_value is None:
        return True
    return value.name not in weights and value.const_value.size <= LARGEST_FOLDED


@contextmanager
def quiet() -> Iterator[None]:
    """Without the exporter's notes, and with transposed convolutions as such: torch is faster with a product."""
    few, transposed.FEW = transposed.FEW, 0
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        transposed.FEW = few
        logging.disable(logging.NOTSET)


def example(shape: str, sizes: dict[str, int]) -> Tensor:
    """An input of a declared shape: whole numbers that every model has, where it is of these, else floats in [0, 1]."""
    if not shape:
        return torch.tensor(1, dtype=torch.int32)
    axes, _, below = shape.partition(" < ")
    side = [length(axis, sizes) for axis in axes.split()]
    return torch.randint(1 if below == "L" else 2, side, dtype=torch.int32) if below else torch.rand(side)


def length(axis: str, sizes: dict[str, int]) -> int:
    """Of an axis: a product of numbers and letters, as "2h" or "hw", and what is added."""
    product, _, more = axis.partition("+")
    return prod(int(part) if part.isdigit() else sizes[part] for part in product) + int(more or 0)


def dynamic(shape: str) -> dict[int, Any] | None:
    """Which axes of a declared shape may have any length."""
    axes = shape.partition(" < ")[0].split()
    return {i: torch.export.Dim.DYNAMIC for i, axis in enumerate(axes) if axis in MANY} or None


class Stored:
    """The weights of a file by name: where each lies, and what it is."""

    def __init__(self, path: Path):
        raw = path.read_bytes()
        end = 8 + int.from_bytes(raw[:8], "little")
        self.file, self.raw, self.start = path.name, raw, end
        self.entries = {key: part for key, part in json.loads(raw[8:end]).items() if key != "__metadata__"}

    def link(self, model: ModelProto, name: str) -> bytes:
        """The graph, with its weights left to this file.

        Raises:
            ValueError: If some lie nowhere in it.
        """
        weights, halves = [], []
        for tensor in model.graph.initializer:
            key = tensor.name.removeprefix("model.")
            if key in self.entries and self.holds(key, numpy_helper.to_array(tensor)):
                linked = self.linked(tensor, key)
                halves += [cast(linked.name, tensor.name)] if linked.name != tensor.name else []
                weights.append(linked)
            elif np.prod(tensor.dims) > LARGEST_FOLDED and not self.is_made(key):
                raise ValueError(f"The graph of {name} carries {key} {list(tensor.dims)} itself.")
            else:
                weights.append(tensor)
        replace(model.graph.initializer, weights)
        replace(model.graph.node, [*halves, *model.graph.node])
        return stripped(model).SerializeToString()

    def is_made(self, key: str) -> bool:
        """Whether an array is no weight of the model, but is made with it, as the codes of a jump's length."""
        return key not in self.entries and not key.endswith(("weight", "bias"))

    def holds(self, key: str, values: np.ndarray) -> bool:
        """Whether a weight of the file has these values."""
        entry = self.entries[key]
        (start, end), kind = entry["data_offsets"], {"F16": np.float16, "F32": np.float32}[entry["dtype"]]
        stored = np.frombuffer(self.raw[self.start + start : self.start + end], kind)
        return list(values.shape) == entry["shape"] and np.array_equal(stored.astype(np.float32), values.ravel())

    def linked(self, tensor: TensorProto, key: str) -> TensorProto:
        """A weight that lies in the file; one of halves has a name of its own, as it is not yet what nodes take."""
        entry = self.entries[key]
        start, end = entry["data_offsets"]
        name = f"{tensor.name}.half" if entry["dtype"] == "F16" else tensor.name
        it = TensorProto(name=name, data_type=TYPES[entry["dtype"]], dims=tensor.dims)
        it.data_location = TensorProto.EXTERNAL
        for field, value in (("location", self.file), ("offset", self.start + start), ("length", end - start)):
            it.external_data.add(key=field, value=str(value))
        return it


def cast(half: str, name: str) -> Any:
    return helper.make_node("Cast", [half], [name], to=TensorProto.FLOAT)


def replace(field: Any, values: list) -> None:
    """Put other values into a repeated field of a message."""
    del field[:]
    field.extend(values)


def stripped(model: ModelProto) -> ModelProto:
    """The model without names and notes that nothing needs: a third of its size."""
    graph = model.graph
    for node in graph.node:
        del node.metadata_props[:]
        node.doc_string = node.name = ""
    for value in (*graph.initializer, *graph.input, *graph.output):
        del value.metadata_props[:]
        value.doc_string = ""
    for field in (graph.value_info, graph.metadata_props, model.metadata_props, model.functions):
        del field[:]
    model.ir_version = IR_VERSION
    return model
