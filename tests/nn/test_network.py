"""Every network of every family takes and gives what it says, and none but what it says."""

import re

import pytest
import torch

from explorer.models import MODELS
from explorer.nn.network import networks, run
from tests.conftest import SMALL

DIGITS, COLOUR = (1, 28, 28), (3, 32, 32)
NUMBERS = {"k": 3, "dim": 2, "depth": 1, "length": 2, "steps": 5, "lengths": [2, 2], "temperature": 1.0, "top_k": 4}
BATCH, FRAMES, DRAWS = 2, 4, 3


@pytest.fixture
def model(family):
    torch.manual_seed(0)
    return MODELS[family](COLOUR if family.startswith("vq_vae") else DIGITS, **SMALL[family]).eval()


def sizes_of(model) -> dict[str, int]:
    """What the letters stand for in a model, told by its attributes."""
    channels, height, width = model.picture_shape
    sizes = {"B": BATCH, "T": FRAMES, "S": DRAWS, "C": channels, "H": height, "W": width, "P": model.num_pixels}
    if hasattr(model, "filters"):
        sizes["U"] = len(model.filters)
    if hasattr(model, "num_codes"):
        sizes |= {"h": height // 8, "w": width // 8, "K": model.num_codes, "d": SMALL["vq_vae_2"]["code_dim"]}
    if hasattr(model, "jump_codes"):
        return sizes | {"D": SMALL["td_vae"]["belief_dim"], "Z": model.latent_dim, "N": 3}
    return sizes | {"D": model.latent_dim}


def size(letter: str, sizes: dict[str, int]) -> int:
    """Of one axis: a number, a letter, a letter and what is added, or how many times the letter."""
    times, name, more = re.fullmatch(r"(\d*)([A-Za-z]*)(?:\+(\d+))?", letter).groups()
    return int(times or 1) * (sizes[name] if name else 1) + int(more or 0)


def given(name: str, shape: str, sizes: dict[str, int], model):
    """An input of that shape."""
    if not shape:
        return NUMBERS[name]
    axes = [size(letter, sizes) for letter in shape.split()]
    if name in ("top", "bottom") or (name == "z" and shape == "B h w"):
        return torch.randint(model.num_codes, axes)
    if name == "labels":
        return torch.zeros(axes, dtype=torch.long)
    return torch.rand(axes)


def with_inputs(model, family):
    """Each network's name and declaration, what it is given, and what its letters stand for."""
    for name, declared in networks(type(model)).items():
        own = sizes_of(model) | {"places": 3}
        if name == "foresee_steps":
            own["N"] = 2 + NUMBERS["steps"] // NUMBERS["length"]
        if family == "vq_vae":
            own |= {"h": model.picture_shape[1] // 4, "w": model.picture_shape[2] // 4}
        yield name, declared, {key: given(key, shape, own, model) for key, shape in declared.inputs.items()}, own


def test_networks_give_the_shapes_that_they_declare(model, family):
    for name, declared, inputs, own in with_inputs(model, family):
        with torch.inference_mode():
            outputs = run(model, name, inputs)
        own |= {"k": NUMBERS["k"], "F": NUMBERS["steps"]} | ({"T": NUMBERS["steps"]} if name == "foresee_steps" else {})
        if any(key.endswith("*") for key in declared.outputs):
            assert list(outputs) == [f"code_{number}" for number in range(1, len(outputs) + 1)]
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
