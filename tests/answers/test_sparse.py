"""The sparse tab answers with what the weights themselves give."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from scipy.stats import entropy

from explorer.answers import sparse
from explorer.data import sample_sheets
from explorer.serve.pool import Pool
from explorer.serve.question import Refused
from explorer.tabs import sparse_scenes

NAME = "sparse/mnist-rho10"
BLANK, WHITE = [0] * 784, [255] * 784


@pytest.fixture
def four():
    """The digit the tab begins with, as the page sends it."""
    return sample_sheets.load("mnist").pictures[sparse_scenes.FIRST_PICTURE].ravel().tolist()


@pytest.fixture
def weights(shipped):
    """The layer by its shipped weights, without the model's own code."""
    return load_file(shipped.root / NAME / "model.safetensors")


def activations(weights, x) -> np.ndarray:
    return sigmoid(np.array(x) / 255 @ weights["encoders.0.weight"].T + weights["encoders.0.bias"])


def picture_of(weights, z) -> np.ndarray:
    return sigmoid(z @ weights["decoders.0.weight"].T + weights["decoders.0.bias"]).reshape(1, 28, 28)


def sigmoid(a: np.ndarray) -> np.ndarray:
    return torch.sigmoid(torch.as_tensor(a)).numpy()


@pytest.mark.parametrize("factor", [0, 0.3, 1, 5])
def test_a_changed_unit_changes_the_picture_as_its_entry_of_the_code_does(shipped, weights, four, factor):
    answer = sparse.respond(shipped, NAME, four, 55, factor)
    z = activations(weights, four)
    changed = np.where(np.arange(200) == 55, factor * z, z)
    x_hat, x_changed = picture_of(weights, z), picture_of(weights, changed)
    np.testing.assert_allclose(answer["pictures"][0], x_hat * 255, atol=1)
    np.testing.assert_allclose(answer["pictures"][1], x_changed * 255, atol=1)
    expected = np.clip(127.5 + 255 * (x_changed - x_hat), 0, 255)
    np.testing.assert_allclose(answer["pictures"][2], expected, atol=1)
    errors = [np.square(picture - np.reshape(four, (1, 28, 28)) / 255).sum() for picture in (x_hat, x_changed)]
    np.testing.assert_allclose(answer["errors"], errors, rtol=1e-4)
    assert answer["change"] == pytest.approx(np.square(x_changed - x_hat).sum(), rel=1e-3, abs=1e-6)


def test_activations_are_counted_and_shown_as_cells_in_the_order_of_the_units(shipped, weights, four):
    answer = sparse.respond(shipped, NAME, four, 0, 1)
    z = activations(weights, four)
    np.testing.assert_allclose(answer["z"], z, atol=1e-5)
    assert answer["active"] == sum(value > 0.5 for value in z)
    assert answer["mean"] == pytest.approx(z.mean(), rel=1e-4)
    np.testing.assert_allclose(answer["cells"][:, 0, 4, 4], z * 255, atol=1)
    assert answer["strongest"].tolist() == sorted(range(200), key=lambda unit: -z[unit])[: sparse_scenes.STRONGEST]


@pytest.mark.parametrize("x", [BLANK, WHITE])
def test_an_empty_drawing_and_a_white_picture_give_finite_numbers(shipped, x):
    answer = sparse.respond(shipped, NAME, x, 3, 5)
    assert all(np.isfinite(array).all() for array in answer.values())
    assert answer["pictures"].shape == (3, 1, 28, 28)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"unit": 200}, "The unit must be from 0 to 199."),
        ({"unit": -1}, "The unit must be from 0 to 199."),
        ({"unit": 1.5}, "The unit must be a whole number."),
        ({"unit": None}, "The unit must be a whole number."),
        ({"factor": float("nan")}, "The factor must be a finite number."),
        ({"factor": "2"}, "The factor must be a finite number."),
        ({"x": [0] * 783}, "The picture must be 784 numbers, but 783 came."),
        ({"x": [float("inf")] * 784}, "The picture holds a value that is not a finite number."),
        ({"checkpoint": "vae/mnist-2d"}, "vae/mnist-2d is not a sparse autoencoder of one layer."),
        ({"checkpoint": "sparse/none"}, "There is no checkpoint named 'sparse/none'."),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_sentence(shipped, change, sentence):
    question = {"checkpoint": NAME, "x": BLANK, "unit": 0, "factor": 1.0} | change
    with pytest.raises(Refused) as refusal:
        sparse.respond(shipped, **question)
    assert str(refusal.value) == sentence


def test_a_factor_beyond_the_sliders_end_is_its_end(shipped, four):
    np.testing.assert_array_equal(
        sparse.respond(shipped, NAME, four, 55, 99)["pictures"], sparse.respond(shipped, NAME, four, 55, 5)["pictures"]
    )


@pytest.mark.parametrize("rho", ["01", "05", "10", "20"])
def test_the_layers_counts_are_those_of_its_mean_activations(shipped, rho):
    name, target = f"sparse/mnist-rho{rho}", int(rho) / 100
    answer = sparse.layer(shipped, name)
    means = shipped.config(name)["profile"]["mean_activations"]
    assert answer["target"] == pytest.approx(target)
    assert answer["units"] == answer["counts"].sum() == len(means) == 200
    assert answer["near"] == sum(0.8 * target <= mean <= 1.2 * target for mean in means)
    assert answer["dead"] == sum(mean < 0.001 for mean in means)
    assert answer["always_on"] == sum(mean > 0.5 for mean in means)
    assert (answer["at"] * answer["counts"]).sum() / 200 == pytest.approx(np.mean(means), abs=np.diff(answer["at"])[0])


def test_dead_and_always_on_units_are_counted(shipped, monkeypatch):
    config = replace(shipped.config(NAME), profile={"mean_activations": [0.0, 0.0005, 0.1, 0.7, 0.3]})
    monkeypatch.setitem(shipped.configs, NAME, config)
    answer = sparse.layer(shipped, NAME)
    assert [answer[key] for key in ("units", "near", "dead", "always_on")] == [5, 1, 2, 1]


def test_a_checkpoint_without_mean_activations_says_so(shipped, monkeypatch):
    monkeypatch.setitem(shipped.configs, NAME, replace(shipped.config(NAME), profile={}))
    with pytest.raises(Refused, match="has no mean_activations in its profile"):
        sparse.layer(shipped, NAME)


@pytest.mark.parametrize("rho", [0.01, 0.1, 0.5])
def test_the_penalty_is_the_divergence_of_two_coins_and_least_at_the_target(shipped, rho):
    answer = sparse.penalty(shipped, NAME, rho)
    inner = slice(1, -1)
    rho_hat = answer["rho_hat"][inner]
    expected = entropy([[rho], [1 - rho]] * np.ones_like(rho_hat), [rho_hat, 1 - rho_hat])
    np.testing.assert_allclose(answer["kl"][inner], expected, atol=1e-9)
    assert answer["rho_hat"][np.argmin(answer["kl"])] == pytest.approx(rho, abs=0.0026)
    assert np.isfinite(answer["kl"]).all()


def test_the_layers_penalty_is_least_near_the_target_it_was_trained_for(shipped):
    for name, target in (("sparse/mnist-rho05", 0.05), ("sparse/mnist-rho20", 0.2)):
        sums = {rho: sparse.penalty(shipped, name, rho)["sum"] for rho in np.arange(1, 51) / 100}
        assert min(sums, key=sums.get) == pytest.approx(target, abs=0.01)


@pytest.mark.parametrize("rho", [None, float("nan"), [0.1]])
def test_a_target_that_is_no_number_is_refused(shipped, rho):
    with pytest.raises(Refused, match="ρ must be a finite number"):
        sparse.penalty(shipped, NAME, rho)


def test_a_stack_is_refused_where_one_layer_is_asked_for(make_pool):
    pool = make_pool({"mnist-rho10": [200], "mnist-stack": [200, 200]})
    sparse.one_layer(pool, "sparse/mnist-rho10")
    with pytest.raises(Refused, match="mnist-stack is not a sparse autoencoder of one layer"):
        sparse.respond(pool, "sparse/mnist-stack", BLANK, 0, 1)


@pytest.fixture
def make_pool(make_checkpoint):
    """A pool of sparse checkpoints with those layers."""

    def make(variants: dict[str, list[int]]) -> Pool:
        folders = [make_checkpoint("sparse", variant, hidden=hidden) for variant, hidden in variants.items()]
        return Pool(folders[0].parent.parent)

    return make
