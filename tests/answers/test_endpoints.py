"""What programs ask by name is what the models themselves give, for every family, and refused in one sentence."""

import inspect
import json

import numpy as np
import pytest
import torch

from explorer import checkpoint
from explorer.answers import endpoints
from explorer.answers.endpoints import ENDPOINTS
from explorer.data import sample_sheets
from explorer.serve.question import Refused

SEVEN = sample_sheets.load("mnist").pictures[0]
NAMES = ["vae/mnist-2d", "k_sparse/mnist-k25", "vq_vae/cifar10-k512", "vq_vae_2/emoji-64", "beta_vae/faces-beta4"]
NAMES += ["denoising/mnist-stack", "denoising/mnist-any", "sparse/mnist-rho05"]  # whose keywords tell no size of code


def first_of(pool, name: str) -> np.ndarray:
    return sample_sheets.load(pool.config(name).data).pictures[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_code_of_any_family_goes_out_and_comes_back_as_the_same_picture(shipped, name):
    x = first_of(shipped, name)
    z = json.loads(json.dumps(endpoints.encode(shipped, name, x.tolist())))["z"]
    x_hat = np.array(endpoints.decode(shipped, name, z)["x_hat"])
    assert x_hat.shape == x.shape
    again = endpoints.reconstruct(shipped, name, x.ravel().tolist())
    np.testing.assert_allclose(x_hat, again["x_hat"], atol=1)
    expected = np.square((x_hat - x.astype(float)) / 255).sum()
    assert again["squared_error"] == pytest.approx(expected, rel=0.05)
    np.testing.assert_array_equal(again["x_tilde"], x)


def test_a_traversal_moves_one_dimension_of_the_model(shipped):
    model = checkpoint.load_model(shipped.folder("vae/mnist-2d"))
    answer = endpoints.traverse(shipped, "vae/mnist-2d", [0.5, 0], 1, -1, 1, 3)
    expected = model.decode(torch.tensor([[0.5, -1], [0.5, 0], [0.5, 1]])).mul(255).numpy()
    assert answer["values"] == [-1, 0, 1]
    np.testing.assert_allclose(answer["pictures"], expected, atol=1)


def test_samples_are_the_pictures_of_their_codes_and_the_seed_decides_them(shipped):
    first, same = (endpoints.sample(shipped, "vae/mnist-2d", 3, seed=4) for _ in range(2))
    assert first == same
    decoded = endpoints.decode(shipped, "vae/mnist-2d", first["z"][2])["x_hat"]
    np.testing.assert_allclose(decoded, first["pictures"][2], atol=1)


@pytest.mark.parametrize(("name", "level"), [("vq_vae/cifar10-k512", "bottom"), ("vq_vae_2/emoji-64", "top")])
def test_a_cell_is_repainted_and_no_other(shipped, name, level):
    x = first_of(shipped, name).tolist()
    before, after = (
        endpoints.encode(shipped, name, x)["z"],
        endpoints.repaint(shipped, name, x, [[1, 2, 7]], level)["z"],
    )
    one, other = (np.array(z[0] if level == "top" else z) for z in (before, after))
    assert other[1, 2] == 7
    other[1, 2] = one[1, 2]
    np.testing.assert_array_equal(one, other)


def test_futures_of_a_digit_have_as_many_frames_as_jumps(shipped):
    answer = endpoints.roll_out(shipped, "td_vae/moving-mnist", SEVEN.tolist(), shown=4, jump=2, jumps=3)
    assert np.array(answer["futures"]).shape[1:] == (4, 1, 28, 28)
    assert answer["times"] == [4, 6, 8, 10]


def test_every_model_is_listed_with_what_was_measured(shipped):
    listed = {entry["model"]: entry for entry in json.loads(json.dumps(endpoints.models(shipped)))}
    assert listed.keys() == shipped.configs.keys()
    assert listed["vae/mnist-2d"]["latent_dim"] == 2
    assert listed["vae/mnist-2d"]["figures"]["kl"] == shipped.config("vae/mnist-2d").test["kl"]


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("encode", ["nothing", []], "There is no checkpoint named 'nothing'."),
        ("encode", ["vae/mnist-2d", [[1, 2], [3]]], "The picture must be 784 numbers"),
        ("encode", ["vae/mnist-2d", ["a"] * 784], "The picture must be a list of numbers."),
        ("encode", ["td_vae/moving-mnist", []], "takes sequences, not pictures: roll_out asks it."),
        ("decode", ["vae/mnist-2d", [float("nan"), 0]], "z holds a value that is not a finite number."),
        ("decode", ["vq_vae/cifar10-k512", [0.5] * 64], "must hold whole numbers"),
        ("decode", ["vq_vae_2/emoji-64", [[1]]], "z must be the 2 grids of"),
        ("reconstruct", ["vae/mnist-2d", SEVEN.tolist(), "fog"], "corruption_kind must be one of masking"),
        ("traverse", ["vae/mnist-2d", [0, 0], 2], "The dimension must be from 0 to 1."),
        ("traverse", ["vae/mnist-2d", [0, 0], 0, -3, 3, 1000], "The number of steps must be from 1 to 64."),
        ("sample", ["autoencoder/mnist-2d"], "has no Gaussian prior to draw from."),
        ("sample", ["vae/mnist-2d", 65], "The count must be from 1 to 64."),
        ("repaint", ["vae/mnist-2d", SEVEN.tolist(), []], "has no grid of codes to paint on."),
        ("roll_out", ["vae/mnist-2d", SEVEN.tolist()], "vae/mnist-2d"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_sentence(shipped, name, arguments, sentence):
    with pytest.raises(Refused) as refused:
        ENDPOINTS[name](shipped, *arguments)
    assert sentence in str(refused.value)


def test_lists_nested_without_end_are_refused(shipped):
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(Refused, match="nested too deep"):
        endpoints.encode(shipped, "vae/mnist-2d", deep)


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_argument_has_a_type_and_a_word(name):
    parameters = list(inspect.signature(ENDPOINTS[name]).parameters.values())[1:]
    assert all(one.annotation is not inspect.Parameter.empty for one in parameters)
    assert all(f"{one.name}: " in ENDPOINTS[name].__doc__ for one in parameters)
