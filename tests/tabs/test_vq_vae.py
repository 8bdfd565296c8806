"""Handlers of the VQ-VAE and VQ-VAE-2 tabs over the shipped checkpoints."""

import numpy as np
import pytest

from explorer.data import sample_sheets
from explorer.question import Refused
from explorer.tabs import vq_vae, vq_vae_2

ONE, TWO = "vq_vae/cifar10-k512", "vq_vae_2/emoji-64"


def pixels(name: str, index: int = 0) -> list:
    return sample_sheets.load(name).pictures[index].ravel().tolist()


def test_a_photograph_becomes_a_grid_of_codes_and_comes_back(shipped):
    codes = vq_vae.encode(shipped, ONE, pixels("cifar10"))["codes"]
    assert codes.shape == (8, 8)
    x_hat = vq_vae.decode(shipped, ONE, codes.ravel().tolist())["x_hat"].astype(float)
    x = sample_sheets.load("cifar10").pictures[0]
    assert np.square((x_hat - x) / 255).mean() < 0.01


def test_painting_a_cell_changes_the_picture_there_and_not_far_away(shipped):
    codes = vq_vae.encode(shipped, ONE, pixels("cifar10"))["codes"].ravel()
    before = vq_vae.decode(shipped, ONE, codes.tolist())["x_hat"].astype(int)
    codes[0] = (codes[0] + 100) % 512
    moved = np.abs(vq_vae.decode(shipped, ONE, codes.tolist())["x_hat"] - before).sum(0)
    assert moved[:4, :4].sum() > 0
    assert moved[:, 31].sum() == 0


def test_the_codebook_in_any_order_holds_every_code_once(shipped):
    for order in ("use", "similarity", "index"):
        answer = vq_vae.atlas(shipped, ONE, order)
        assert sorted(answer["numbers"]) == list(range(512))
        assert answer["shares"].sum() == pytest.approx(100, abs=0.01)


def test_the_places_of_a_code_are_those_where_the_encoder_puts_it(shipped):
    codes = vq_vae.encode(shipped, ONE, pixels("cifar10"))["codes"]
    kept = shipped.codes(ONE)["shipped"]
    assert (codes == kept[0]).mean() > 0.98
    answer = vq_vae.homes(shipped, ONE, int(codes[0, 0]))
    assert answer["home_count"] == (kept == codes[0, 0]).sum() > 0


def test_two_levels_together_are_nearer_to_the_picture_than_either_alone(shipped):
    x, other = (vq_vae_2.encode(shipped, TWO, pixels("emoji", index)) for index in (0, 40))
    grids = [part.ravel().tolist() for part in (x["top"], x["bottom"], other["bottom"])]
    decoded = vq_vae_2.decode(shipped, TWO, *grids)["decoded"].astype(float)
    errors = np.square(decoded - sample_sheets.load("emoji").pictures[0]).mean((1, 2, 3))
    assert errors[0] == errors.min()


def test_a_sample_is_the_same_for_the_same_seed_and_another_for_another(shipped):
    one, again, other = (vq_vae_2.sample(shipped, TWO, 1, seed, 1.0, 256) for seed in (5, 5, 6))
    np.testing.assert_array_equal(one["samples"], again["samples"])
    assert (one["samples"] != other["samples"]).any()
    assert one["frames"].shape == (16, 3, 64, 64)
    np.testing.assert_array_equal(one["frames"][-1], one["samples"][0])
    assert (one["shared"] <= 100).all()


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        ([0] * 63, "must be 64 codes"),
        ([512] + [0] * 63, "from 0 to 511"),
        ([-1] + [0] * 63, "from 0 to 511"),
        ([0.5] + [0] * 63, "whole numbers"),
        ([float("nan")] + [0] * 63, "whole numbers"),
        ("codes", "must be a list"),
    ],
)
def test_codes_out_of_range_are_refused_with_one_sentence(shipped, codes, sentence):
    with pytest.raises(Refused, match=sentence):
        vq_vae.decode(shipped, ONE, codes)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"temperature": 0}, "temperature"),
        ({"temperature": float("nan")}, "temperature"),
        ({"top_k": 0}, "likeliest"),
        ({"label": 10}, "class"),
        ({"seed": -1}, "seed"),
        ({"checkpoint": ONE}, "no VQ-VAE-2"),
    ],
)
def test_a_wild_question_to_the_prior_is_refused_with_one_sentence(shipped, changes, sentence):
    question = {"checkpoint": TWO, "label": 0, "seed": 1, "temperature": 1.0, "top_k": 256} | changes
    with pytest.raises(Refused, match=sentence):
        vq_vae_2.sample(shipped, **question)
