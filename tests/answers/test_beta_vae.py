"""The β-VAE tab answers with what the weights give, worked out here one picture at a time."""

import asyncio
import io
import os
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from explorer import checkpoint
from explorer.answers import beta_vae
from explorer.data import dsprites, faces, shapes3d
from explorer.serve.question import Refused
from explorer.serve.turns import NICE, Turns
from tests.conftest import ROOT

NAME = "beta_vae/dsprites-beta4"
ROOMS = "beta_vae/shapes3d-beta1"
HEART = {"shape": 2, "scale": 5, "orientation": 4, "posX": 16, "posY": 16}
SPANS = {"three": 3.0, "prior": 2.5758}  # half of what the middle 99 % of a standard normal take


@pytest.fixture
def heart(shipped):
    """A picture as the page sends it."""
    return beta_vae.render("dsprites", shipped, **HEART)["x"].ravel().tolist()


@pytest.fixture(scope="module")
def model():
    return checkpoint.load_model(Path(ROOT / "checkpoints" / NAME))


def code_of(model, x):
    with torch.inference_mode():
        return model.encode(torch.tensor(x).reshape(1, 1, 64, 64) / 255)[0].numpy()


def decoded(model, z):
    with torch.inference_mode():
        return np.rint(model.decode(torch.tensor(z, dtype=torch.float32)[None])[0].numpy() * 255)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_a_dear_question_steps_back_with_all_the_threads_that_answer_it(shipped, monkeypatch):
    seen = set()

    def decode_all(pool, checkpoint, z):
        seen.add(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return np.zeros((len(z), 1, 64, 64), np.float32)

    async def ask(nice):
        seen.clear()
        await Turns(1, 1, 1, nice).run("one", lambda: beta_vae.decoded(shipped, NAME, np.zeros((110, 10), np.float32)))
        return set(seen)

    monkeypatch.setattr(beta_vae.common, "decode_all", decode_all)
    before = os.getpriority(os.PRIO_PROCESS, 0)
    assert asyncio.run(ask(0)) == {before}
    assert asyncio.run(ask(NICE)) == {min(19, before + NICE)}


def test_factors_make_the_picture_the_set_has_under_their_number(shipped):
    number = (((2 * 6 + 5) * 40 + 4) * 32 + 16) * 32 + 16
    picture = beta_vae.render("dsprites", shipped, **HEART)["x"]
    np.testing.assert_array_equal(picture, 255 * dsprites.render(np.array([number]))[0])
    assert set(np.unique(picture)) == {0, 255}
    room = dict(zip(shapes3d.FACTORS.names, (1, 2, 3, 4, 0, 5), strict=True))
    number = ((((1 * 10 + 2) * 10 + 3) * 8 + 4) * 4 + 0) * 15 + 5
    picture = beta_vae.render("shapes3d", shipped, **room)["x"]
    np.testing.assert_array_equal(picture, shapes3d.render(np.array([number]))[0])
    face = dict(zip(faces.FACTORS.names, (5, 1, 2, 24, 12, 0, 6, 18), strict=True))
    picture = beta_vae.render("faces", shipped, **face)["x"]
    np.testing.assert_array_equal(picture, faces.draw(np.array([[5, 1, 2, 1, 0.5, 0, 0.25, 0.75]]))[0])


@pytest.mark.parametrize(("factor", "value"), [("shape", 3), ("scale", -1), ("posX", 1.5), ("posY", "1")])
def test_a_factor_without_such_a_value_is_refused_with_one_sentence(shipped, factor, value):
    with pytest.raises(Refused, match=f"{factor} must be"):
        beta_vae.render("dsprites", shipped, **HEART | {factor: value})


def test_factors_of_another_world_are_refused_with_the_names_of_its_own(shipped):
    with pytest.raises(Refused, match="floor hue, wall hue, object hue"):
        beta_vae.render("shapes3d", shipped, **HEART)


def test_encoding_gives_the_posterior_and_the_kl_of_every_dimension(shipped, heart, model):
    answer = beta_vae.encode(shipped, NAME, heart)
    np.testing.assert_allclose(answer["z"], code_of(model, heart), atol=1e-5)
    normal = torch.distributions.Normal
    posterior = normal(torch.tensor(answer["mu"]), torch.tensor(answer["sigma"]))
    expected = torch.distributions.kl_divergence(posterior, normal(torch.zeros(10), torch.ones(10)))
    np.testing.assert_allclose(answer["kl_each"], expected, atol=1e-4)
    assert answer["kl"] == pytest.approx(float(expected.sum()), rel=1e-4)


@pytest.mark.parametrize("span", SPANS)
def test_a_traversal_changes_the_chosen_dimension_alone_and_leaves_z_as_it_was(shipped, heart, model, span):
    z = code_of(model, heart).tolist()
    before = list(z)
    answer = beta_vae.traversals(shipped, NAME, z, [7, 2], span)
    assert z == before
    assert answer["strips"].shape == (2 * beta_vae.STEPS, 1, 64, 64)
    for row, dimension in enumerate((7, 2)):
        for step, value in enumerate(np.linspace(-SPANS[span], SPANS[span], beta_vae.STEPS)):
            moved = [value if d == dimension else old for d, old in enumerate(z)]
            shown = answer["strips"][row * beta_vae.STEPS + step].astype(int)
            assert np.abs(shown - decoded(model, moved)).max() <= 1


def test_the_range_of_real_codes_holds_99_percent_of_them(shipped):
    low, high = beta_vae.ends(shipped, NAME, "posterior")
    codes = shipped.codes(NAME)["test_codes"]
    np.testing.assert_allclose(((codes >= low) & (codes <= high)).mean(0), 0.99, atol=0.002)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"span": "all"}, "The range must be one of"),
        ({"z": [0.0] * 9}, "z must be 10 numbers"),
        ({"z": [float("nan")] * 10}, "not a finite number"),
        ({"dimensions": [10]}, "from 0 to 9"),
        ({"dimensions": [1, 1]}, "twice"),
        ({"checkpoint": "vae/mnist-2d"}, "is not a β-VAE"),
    ],
)
@pytest.mark.parametrize("handler", ["traversals", "grid_file", "gif_file"])
def test_a_wrong_question_is_refused_with_one_sentence(shipped, handler, change, sentence):
    question = {"checkpoint": NAME, "z": [0.0] * 10, "dimensions": [0, 1], "span": "three"} | change
    with pytest.raises(Refused, match=sentence):
        beta_vae.HANDLERS[handler](shipped, **question)


def test_a_model_without_active_dimensions_has_an_empty_grid_and_no_file(shipped):
    question = {"checkpoint": NAME, "z": [0.0] * 10, "dimensions": [], "span": "three"}
    assert beta_vae.traversals(shipped, **question)["strips"].shape == (0, 1, 64, 64)
    for handler in (beta_vae.grid_file, beta_vae.HANDLERS["gif_file"]):
        with pytest.raises(Refused, match="no active dimension"):
            handler(shipped, **question)


def test_a_model_is_shown_with_the_input_it_encodes_or_with_the_numbers_it_is_given(shipped, heart, model):
    own = code_of(model, heart)
    for hold, code in (("x", own), ("z", np.arange(10) / 5)):
        answer = beta_vae.compare(shipped, NAME, "dsprites", heart, (np.arange(10) / 5).tolist(), hold)
        assert np.abs(answer["x_hat"].astype(int) - decoded(model, code)).max() <= 1
        assert len(answer["strips"]) == len(answer["kl"]) == beta_vae.STEPS * len(np.unique(answer["kl"]))
        assert (np.diff(answer["kl"]) <= 0).all()
        assert answer["kl"].min() >= 0.01


def test_a_model_of_another_world_has_no_part_in_the_comparison(shipped, heart):
    answer = beta_vae.compare(shipped, ROOMS, "dsprites", heart, [0.0] * 10, "x")
    assert answer["x_hat"].shape == answer["strips"].shape == (0, 3, 64, 64)
    assert len(answer["kl"]) == 0


def test_means_and_information_are_those_of_the_posterior_means_over_pictures(shipped, model):
    """Over 3,000 pictures of another draw: the means agree within their spread, and so do large informations."""
    from sklearn.metrics import mutual_info_score

    rng = np.random.default_rng(5)
    factors = np.stack([rng.integers(0, size, 3000) for size in dsprites.FACTORS.sizes], axis=1)
    x = torch.tensor(dsprites.render(dsprites.FACTORS.to_indices(factors))).float()
    with torch.inference_mode():
        codes = torch.cat([model.encode(block) for block in x.split(500)]).numpy()
    kl = checkpoint.read_config(ROOT / "checkpoints" / NAME)["profile"]["kl_per_dimension"]
    dimension = int(np.argmax(kl))
    answer = beta_vae.means(shipped, NAME, dimension)
    for k, name in enumerate(dsprites.FACTORS.names):
        shown = answer[f"dsprites {name} mean"]
        assert len(shown) == len(answer[f"dsprites {name} value"]) == dsprites.FACTORS.sizes[k]
        for value in range(0, len(shown), 5):
            chosen = codes[factors[:, k] == value, dimension]
            assert abs(chosen.mean() - shown[value]) < 4 * chosen.std() / np.sqrt(len(chosen)) + 0.1
    shown = beta_vae.knowledge(shipped, NAME)["dsprites information"]
    assert shown.shape == (10, 5)
    bins = np.digitize(codes[:, dimension], np.histogram_bin_edges(codes[:, dimension], 20))
    again = [100 * mutual_info_score(bins, factors[:, k]) / np.log(dsprites.FACTORS.sizes[k]) for k in (0, 1)]
    np.testing.assert_allclose(shown[dimension, :2], again, atol=4)  # few values: the estimate's bias is small


def test_the_grid_and_the_animation_are_files_of_the_same_pictures(shipped, heart, model):
    question = {"checkpoint": NAME, "z": code_of(model, heart).tolist(), "dimensions": [1, 4, 5], "span": "three"}
    strips = beta_vae.traversals(shipped, **question)["strips"]
    grid = np.asarray(Image.open(io.BytesIO(beta_vae.grid_file(shipped, **question)["file"].tobytes())))
    assert grid.shape == (3 * 64, beta_vae.STEPS * 64)
    np.testing.assert_array_equal(grid[64:128, 128:192], strips[beta_vae.STEPS + 2, 0])
    animation = Image.open(io.BytesIO(beta_vae.HANDLERS["gif_file"](shipped, **question)["file"].tobytes()))
    assert animation.n_frames == 2 * beta_vae.ANIMATION - 2
    assert animation.size == (4 * 3 * 64, 4 * 64)  # enlarged
    first = np.asarray(animation.convert("L")).astype(int)[::4, ::4]
    assert np.abs(first[:, 64:128] - strips[beta_vae.STEPS, 0]).max() <= 8  # a GIF has a palette
