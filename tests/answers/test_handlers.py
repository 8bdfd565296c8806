"""Handlers answer with what the model itself gives, without Gradio and without a browser."""

import contextlib

import numpy as np
import pytest
import torch

from explorer import checkpoint
from explorer.answers import HANDLERS, autoencoder, common, vae
from explorer.data import sample_sheets
from explorer.nn.objectives import bernoulli_nll, gaussian_kl
from explorer.serve.question import Refused, number, whole
from tests.conftest import ROOT

AE, VAE = "autoencoder/mnist-2d", "vae/mnist-2d"


@pytest.fixture
def seven():
    """The first shipped digit as the page sends it, and as the model takes it."""
    pixels = sample_sheets.load("mnist").pictures[0]
    return pixels.ravel().tolist(), torch.tensor(pixels[None]) / 255


@pytest.fixture
def load(shipped):
    return lambda name: checkpoint.load_model(shipped.root / name)


def test_encoding_and_decoding_give_the_models_own_picture(shipped, seven, load):
    x, tensor = seven
    model = load(AE)
    z = common.encode(shipped, AE, x)["z"]
    answer = common.decode(shipped, AE, z.tolist()) | common.judge(shipped, AE, z.tolist(), x)
    x_hat = model.decode(model.encode(tensor))
    np.testing.assert_allclose(answer["x_hat"], (x_hat * 255).round(), atol=1)
    assert answer["error"] == pytest.approx((x_hat - tensor).square().sum().item(), rel=1e-4)


def test_distance_is_below_one_at_a_real_code_and_above_it_far_away(shipped, seven):
    x, _ = seven
    code = shipped.codes(AE)["train_codes"][5]
    assert common.judge(shipped, AE, code.tolist(), x)["distance"] == pytest.approx(0, abs=1e-3)
    assert common.judge(shipped, AE, [500.0, 500.0], x)["distance"] > 1


def test_the_plane_holds_five_thousand_labelled_codes_of_a_flat_model_and_none_of_another(shipped):
    flat = common.plane(shipped, AE)
    assert (flat["codes"].shape, flat["labels"].shape) == ((5000, 2), (5000,))
    assert common.plane(shipped, "autoencoder/mnist-30d")["codes"].shape == (0, 2)


def test_a_traversal_shows_what_the_model_makes_of_each_value(shipped, load):
    name, z = "vae/mnist-50d", [0.1] * 50
    answer = common.traversals(shipped, name, z, [7, 3])
    assert answer["strips"].shape == (2 * common.STEPS, 1, 28, 28)
    moved = torch.tensor([z])
    moved[0, 3] = float(answer["high"][3])
    np.testing.assert_allclose(answer["strips"][-1], (load(name).decode(moved)[0] * 255).round(), atol=1)


def test_pca_answers_with_the_projection_of_as_many_components(shipped, seven, load):
    x, tensor = seven
    answer = autoencoder.pca(shipped, AE, x, 5)
    expected = load(AE).pca_reconstruction(tensor, 5)
    assert answer["error"] == pytest.approx((expected - tensor).square().sum().item(), rel=1e-4)


@pytest.mark.parametrize("dimensions", [0, 65, 1.5, None, "2"])
def test_pca_refuses_a_number_of_components_it_does_not_have(shipped, seven, dimensions):
    with pytest.raises(Refused, match="The number of components must be"):
        autoencoder.pca(shipped, AE, seven[0], dimensions)


def test_seed_zero_is_the_mean_and_every_other_seed_the_same_draw_each_time(shipped, seven):
    x, _ = seven
    mean, first, again = (vae.encode(shipped, VAE, x, seed) for seed in (0, 3, 3))
    np.testing.assert_array_equal(mean["z"], mean["mu"])
    np.testing.assert_array_equal(first["z"], again["z"])
    assert (first["z"] != mean["z"]).all()


def test_epsilon_is_what_was_drawn(shipped, seven):
    x, _ = seven
    q = vae.encode(shipped, VAE, x, 5)
    answer = vae.epsilon(shipped, VAE, *(q[part].tolist() for part in ("z", "mu", "sigma")))
    np.testing.assert_allclose(answer["epsilon"], np.random.default_rng(5).standard_normal(2, np.float32), atol=1e-3)


def test_the_bound_is_reconstruction_plus_kl_as_the_objectives_give_them(shipped, seven, load):
    x, tensor = seven
    answer, model = vae.bound(shipped, VAE, x), load(VAE)
    posterior = model.posterior(tensor)
    assert answer["kl"] == pytest.approx(gaussian_kl(*posterior).sum().item(), rel=1e-4)
    z = model.sample_posterior(type(posterior)(*(part.expand(2000, 2) for part in posterior)))
    expected = bernoulli_nll(model.logits(z), tensor.expand(2000, 1, 28, 28)).mean().item()
    assert answer["reconstruction"] == pytest.approx(expected, rel=0.03)
    assert answer["negative_elbo"] == pytest.approx(answer["kl"] + answer["reconstruction"])


def test_samples_are_decoded_draws_of_the_prior_and_repeat_with_their_seed(shipped, load):
    one, other = vae.samples(shipped, VAE, 1), vae.samples(shipped, VAE, 2)
    assert abs(one["z"].mean()) < 0.3
    np.testing.assert_array_equal(one["pictures"], vae.samples(shipped, VAE, 1)["pictures"])
    assert (one["pictures"] != other["pictures"]).any()
    expected = (load(VAE).decode(torch.from_numpy(one["z"][:1])) * 255).round()
    np.testing.assert_allclose(one["pictures"][:1], expected, atol=1)


def test_a_manifold_is_shown_for_two_dimensions_only(shipped):
    assert vae.manifold(shipped, VAE)["pictures"].shape == (400, 1, 28, 28)
    assert vae.manifold(shipped, "vae/mnist-50d")["pictures"].shape == (1, 1, 28, 28)


def test_the_autoencoder_beside_is_given_pictures_of_its_own_size_alone(shipped):
    face = sample_sheets.load("faces").pictures[0].ravel().tolist()
    z = vae.autoencode(shipped, "autoencoder/mnist-2d", face)["z"]
    assert z.shape == (0,)
    assert vae.autodecode(shipped, "autoencoder/mnist-2d", [])["x_hat"].shape == (0, 1, 28, 28)
    assert vae.autoencode(shipped, "autoencoder/mnist-2d", [0] * 784)["z"].shape == (2,)
    with pytest.raises(Refused, match="The picture must be"):
        vae.autoencode(shipped, "autoencoder/mnist-2d", "a face")


def test_an_interpolation_begins_and_ends_at_the_two_codes(shipped, seven):
    x, _ = seven
    end = sample_sheets.load("mnist").pictures[120].ravel().tolist()
    answer = vae.interpolate(shipped, "vae/mnist-50d", x, end)
    distances = vae.judge_path(shipped, "vae/mnist-50d", x, end)
    for path in ("linear", "spherical"):
        assert answer[path].shape == (vae.PATH_STEPS, 1, 28, 28)
        assert distances[f"{path}_distance"].shape == (vae.PATH_STEPS,)
    np.testing.assert_allclose(answer["linear_z"][[0, -1]], answer["spherical_z"][[0, -1]], atol=1e-4)


NAMES = [f"{path.parent.parent.name}/{path.parent.name}" for path in (ROOT / "checkpoints").glob("*/*/config.json")]


@pytest.mark.parametrize(
    ("tab", "handler", "rest"),
    [
        ("denoising", "unit", {"unit": 0}),
        ("sparse", "filters", {"page": 0}),
        ("sparse", "respond", {"x": [0] * 784, "unit": 0, "factor": 1}),
        ("k_sparse", "atoms", {"x": [0] * 784, "k": 3, "n": 1}),
        ("k_sparse", "overlap", {}),
        ("contractive", "direction", {"x": [0] * 784, "index": 1}),
        ("denoising", "layers", {"x_tilde": [0] * 784}),
        ("beta_vae", "encode", {"x": [0] * 4096}),
        ("beta_vae", "means", {"dimension": 3}),
    ],
)
def test_a_model_that_a_question_is_not_for_is_refused_and_never_fails(shipped, tab, handler, rest):
    answered = 0
    for name in NAMES:
        with contextlib.suppress(Refused):
            HANDLERS[tab][handler](shipped, checkpoint=name, **rest)
            answered += 1
    assert 0 < answered < len(NAMES)


@pytest.mark.parametrize("value", [10**400, -(10**400)])
def test_a_number_too_large_for_a_float_is_refused_or_clipped(value):
    with pytest.raises(Refused, match="must be from 0 to 5"):
        whole(value, 0, 5, "k")
    assert number(value, 0, 5, "k") == (5 if value > 0 else 0)


def test_an_unknown_corruption_is_refused_with_the_known_ones(shipped):
    with pytest.raises(Refused, match="must be one of masking, gaussian"):
        common.corrupt(shipped, [0] * 784, "rain", 0.5, 1)
