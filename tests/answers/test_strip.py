"""A strip begins and ends with the picture and holds the code; what a layer gives is what the network computes."""

import json
from math import prod

import numpy as np
import pytest
import torch
from torch import nn

from explorer import checkpoint
from explorer.answers.strip import MOST_MAPS, strip
from explorer.data import oscillator, sample_sheets
from explorer.models import MODELS
from explorer.nn.residual import ResidualBlock
from explorer.serve.question import Refused
from tests.answers.test_training import NAMES
from tests.conftest import SMALL

ALL = 10**4


def picture(shipped, name: str) -> list:
    """A picture, or two frames, of the set that a model was trained on, as the page sends it."""
    config = shipped.config(name)
    if config.data == oscillator.NAME:
        return [0.5, -0.25]
    pixels = sample_sheets.load(config.data).pictures[3].ravel().tolist()
    return 2 * pixels if config.family == "td_vae" else pixels


def ask(shipped, name: str, layer: int = 0) -> tuple[list[dict], np.ndarray]:
    answer = strip(shipped, name, picture(shipped, name), layer)
    return json.loads(answer["boxes"].tobytes()), answer["maps"]


def code_size(config) -> list[int]:
    """Numbers in each code, by the keywords of the model alone."""
    model, (_, height, width) = config.model, config.model["picture_shape"]
    if config.family in ("vq_vae", "vq_vae_2"):
        return [height * width // 16] if config.family == "vq_vae" else [height * width // 64, height * width // 16]
    if model.get("channels") and config.family == "denoising":
        return [(model["code_channels"] or model["channels"][-1]) * height * width // 4 ** len(model["channels"])]
    return [model["hidden"][-1] if config.family in ("denoising", "sparse") else model["latent_dim"]]


@pytest.mark.parametrize("name", NAMES)
def test_a_strip_begins_and_ends_with_the_picture_and_holds_its_code(shipped, name):
    config = shipped.config(name)
    boxes, maps = ask(shipped, name)
    shape = list(config.model["picture_shape"])
    assert boxes[0]["shape"] == boxes[-1]["shape"] == shape
    assert (boxes[0]["symbol"], boxes[-1]["symbol"]) == ("x", "x-hat")
    codes = [prod(box["shape"]) for box in boxes if box["symbol"] == "z" and not box["label"].startswith("log p")]
    assert set(codes) == set(code_size(config))
    scale = 1 if config.data == oscillator.NAME else 255
    last = np.array(picture(shipped, name)[-prod(shape) :], np.float32).reshape(shape)[:, None] / scale
    np.testing.assert_allclose(maps, last, atol=1e-6)
    assert json.loads(json.dumps(boxes))[0]["most"] == pytest.approx(last.max())


@pytest.mark.parametrize("side", [16, 32, 64])
def test_networks_of_any_size_have_a_strip_that_ends_with_what_they_rebuild(family, side):
    model = MODELS[family]((3, side, side), **SMALL[family]).eval()
    x = torch.rand(1, 3, side, side)
    with torch.inference_mode():
        layers = list(model.strip(x))
        assert [layer.output.shape for layer in (layers[0], layers[-1])] == [x.shape, x.shape]
        if family != "td_vae":
            torch.testing.assert_close(layers[-1].output, model.decode(model.encode(x)))
    assert all(layer.label for layer in layers)
    assert [box["label"] for box in model.boxes()] == [layer.label for layer in layers]


def hooked(model: nn.Module, x: torch.Tensor) -> list[torch.Tensor]:
    """What every layer gives on the way to the code and back, in the order in which they are computed."""
    outputs: list[torch.Tensor] = []
    leaves = [part for part in model.modules() if isinstance(part, ResidualBlock) or not list(part.children())]
    for part in leaves:
        part.register_forward_hook(lambda module, inputs, output: outputs.append(output))
    with torch.inference_mode():
        model.decode(model.encode(x))
    return outputs


@pytest.mark.parametrize(
    "name",
    [
        "autoencoder/mnist-30d",
        "vae/fashion-16d",
        "beta_vae/dsprites-beta4",
        "beta_vae/faces-beta4",
        "vq_vae/cifar10-k512",
        "denoising/fashion-conv",
    ],
)
def test_what_a_layer_gives_is_what_a_hook_on_it_sees(shipped, name):
    x = np.array(picture(shipped, name), np.float32).reshape(1, *shipped.config(name).model["picture_shape"]) / 255
    seen = iter(hooked(checkpoint.load_model(shipped.root / name), torch.from_numpy(x)))
    boxes, _ = ask(shipped, name)
    compared = 0
    for layer, box in enumerate(boxes):
        if box["label"].startswith(("Conv", "Linear", "Residual")) and not box["symbol"]:
            _, maps = ask(shipped, name, layer)
            assert any(matches(maps, output, box) for output in seen), box  # in this order: none is looked at twice
            compared += 1
    assert compared >= 2


def matches(maps: np.ndarray, output: torch.Tensor, box: dict) -> bool:
    """Whether maps are an output, or what a ReLU without a module of its own makes of it."""
    if list(output.shape[1:]) != box["shape"]:
        return False
    flat = output[0].clamp(min=0) if box["label"].endswith("ReLU") else output[0]
    flat = flat if flat.ndim == 3 else flat[None, None]
    return np.allclose(maps[:, 0], flat[:MOST_MAPS], atol=1e-4)


@pytest.mark.parametrize("name", ["contractive/mnist-lambda03", "denoising/mnist-mask25"])
def test_sigmoid_units_are_the_weights_times_the_picture(shipped, name):
    model = checkpoint.load_model(shipped.root / name).state_dict()
    prefix = "layer" if name.startswith("contractive") else "layers.0"
    weight, bias = (model[f"{prefix}.{part}"].double().numpy() for part in ("weight", "bias"))
    x = np.array(picture(shipped, name)) / 255
    _, maps = ask(shipped, name, 1)
    np.testing.assert_allclose(maps[0, 0, 0], 1 / (1 + np.exp(-(weight @ x + bias))), atol=1e-5)


def test_of_a_k_sparse_code_so_many_numbers_are_not_0(shipped):
    boxes, maps = ask(shipped, "k_sparse/mnist-k25", 2)
    assert boxes[2]["active"] == pytest.approx(25 / 1000)
    assert (maps != 0).sum() == 25


def test_a_quantizers_strip_holds_the_codes_and_the_vectors_they_stand_for(shipped):
    name = "vq_vae/cifar10-k512"
    boxes, _ = ask(shipped, name)
    place = next(i for i, box in enumerate(boxes) if box["symbol"] == "z")
    _, codes = ask(shipped, name, place)
    _, vectors = ask(shipped, name, place + 1)
    codebook = checkpoint.load_model(shipped.root / name).quantizer.codebook.numpy()
    expected = codebook[codes[0, 0].astype(int)].transpose(2, 0, 1)[:MOST_MAPS]
    np.testing.assert_allclose(vectors[:, 0], expected, atol=1e-6)


def test_only_so_many_frames_as_are_shown_are_looked_at(shipped):
    name, size = "td_vae/moving-mnist", 784
    frames = [255.0] * size + [0.0] * size
    first = strip(shipped, name, frames, 0, 1)["maps"]
    assert (first == 1).all()
    boxes = [json.loads(strip(shipped, name, frames, 0, t)["boxes"].tobytes()) for t in (0, 1)]
    belief = next(i for i, box in enumerate(boxes[0]) if box["label"].startswith("b LSTM"))
    assert boxes[0][belief]["most"] != boxes[1][belief]["most"]


def test_a_number_behind_the_last_layer_is_the_last_one(shipped):
    name = "autoencoder/mnist-2d"
    boxes, maps = ask(shipped, name, ALL)
    np.testing.assert_array_equal(maps, ask(shipped, name, len(boxes) - 1)[1])


@pytest.mark.parametrize(
    ("name", "x", "layer", "t"),
    [
        ("vae/mnist-2d", [0] * 783, 0, 0),
        ("vae/mnist-2d", None, 0, 0),
        ("vae/mnist-2d", [0] * 784, -1, 0),
        ("vae/mnist-2d", [0] * 784, 0.5, 0),
        ("td_vae/moving-mnist", [0] * 785, 0, 0),
        ("td_vae/moving-mnist", [], 0, 0),
        ("td_vae/oscillator", [0] * 201, 0, 0),
        ("td_vae/oscillator", [0] * 5, 0, -1),
        ("td_vae/oscillator", "signal", 0, 1),
    ],
)
def test_what_does_not_fit_is_refused(shipped, name, x, layer, t):
    with pytest.raises(Refused):
        strip(shipped, name, x, layer, t)
