"""Handlers of the VQ-VAE tab over the shipped checkpoint."""

import numpy as np
import pytest

from explorer.answers import vq_vae
from explorer.data import sample_sheets
from explorer.serve.question import Refused

ONE = "vq_vae/cifar10-k512"


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
