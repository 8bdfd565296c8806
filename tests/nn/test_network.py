"""Every network of every family takes and gives what it says, and none but what it says."""

import re
from math import prod

import pytest
import torch

from explorer.models import MODELS
from explorer.nn.network import networks, run
from tests.conftest import SMALL

DIGITS, COLOUR = (1, 28, 28), (3, 32, 32)
NUMBERS = {
    "k": 3,
    "dim": 2,
    "depth": 1,
    "length": 2,
    "steps": 5,
    "lengths": [2, 2],
    "temperature": 1.0,
    "top_k": 4,
    "guidance": 2.0,
    "index": 1,
}
BATCH, FRAMES, DRAWS = 2, 4, 3


@pytest.fixture
def model(family):
    torch.manual_seed(0)
    return MODELS[family](COLOUR if family.startswith("vq_vae") else DIGITS, **SMALL[family]).eval()


def size(axis: str, sizes: dict[str, int]) -> int:
    """Of one axis: a word, or a product of numbers and letters, and what is added."""
    product, _, more = axis.partition("+")
    parts = [product] if product in sizes else re.findall(r"\d+|[A-Za-z]", product)
    return prod(int(part) if part.isdigit() else sizes[part] for part in parts) + int(more or 0)


def given(name: str, shape: str, sizes: dict[str, int]):
    """An input of that shape."""
    if not shape:
        return NUMBERS[name]
    axes, _, below = shape.partition(" < ")
    lengths = [size(axis, sizes) for axis in axes.split()]
    return torch.randint(1 if below == "L" else 2, lengths) if below else torch.rand(lengths)  # small ones lack classes


def with_inputs(model, family):
    """Each network's name and declaration, what it is given, and what its letters stand for."""
    for name, declared in networks(type(model)).items():
        own = model.axes() | {"B": BATCH, "T": FRAMES, "S": DRAWS, "N": 3, "places": 3}
        if name == "foresee_steps":
            own["N"] = 2 + NUMBERS["steps"] // NUMBERS["length"]
        yield name, declared, {key: given(key, shape, own) for key, shape in declared.inputs.items()}, own


def test_networks_give_the_shapes_that_they_declare(model, family):
    for name, declared, inputs, own in with_inputs(model, family):
        with torch.inference_mode():
            outputs = run(model, name, inputs)
        own |= {"M": min(own["P"], own["U"])} if "U" in own else {}
        own |= {"L": len(getattr(model, "layers", getattr(model, "encoders", [])))}
        own |= {"k": NUMBERS["k"], "F": NUMBERS["steps"]} | ({"T": NUMBERS["steps"]} if name == "foresee_steps" else {})
        if any(key.endswith("*") for key in declared.outputs):
            (stem,) = (key[:-1] for key in declared.outputs)
            assert list(outputs) == [f"{stem}_{number}" for number in range(1, len(outputs) + 1)]
            continue
        assert outputs.keys() == declared.outputs.keys()
        for key, shape in declared.outputs.items():
            expected = [size(letter, own) for letter in shape.split()]
            assert list(outputs[key].shape) == expected, (name, key)


def test_networks_draw_nothing_themselves_and_leave_the_model_as_it_was(model, family):
    before = {key: value.clone() for key, value in model.state_dict().items()}
    for name, _, inputs, _ in with_inputs(model, family):
        chance = torch.get_rng_state()
        with torch.inference_mode():
            first, second = (run(model, name, inputs) for _ in range(2))
        assert torch.equal(torch.get_rng_state(), chance), name
        for key in first:
            assert torch.equal(first[key], second[key]), (name, key)
    for key, value in model.state_dict().items():
        assert torch.equal(value, before[key])


def test_what_a_network_is_not_named_or_given_is_an_error():
    model = MODELS["vae"](DIGITS, **SMALL["vae"]).eval()
    with pytest.raises(KeyError, match="quantize"):
        run(model, "quantize", {"x": torch.zeros(1, *DIGITS)})
    with pytest.raises(TypeError, match="decode takes z, and not x"):
        run(model, "decode", {"x": torch.zeros(1, *DIGITS)})
