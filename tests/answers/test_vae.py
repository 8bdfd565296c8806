"""The bound of a picture is as tight as the likelihood summed over the plane says."""

from pathlib import Path

import numpy as np
import pytest
import torch

from explorer import checkpoint
from explorer.answers import vae
from explorer.data import sample_sheets
from tests.conftest import ROOT

NAME = "vae/mnist-2d"


@pytest.fixture(scope="module")
def digit():
    return sample_sheets.load("mnist").pictures[180]


def likelihoods(z, x):
    """log p(x|z) (N,) of codes (N, 2), pixel by pixel."""
    model = checkpoint.load_model(Path(ROOT / "checkpoints" / NAME))
    with torch.inference_mode():
        white = model.decode(torch.tensor(z, dtype=torch.float32)).double().clamp(1e-12, 1 - 1e-12)
    grey = torch.tensor(x / 255.0)
    return (grey * white.log() + (1 - grey) * (1 - white).log()).sum((1, 2, 3)).numpy()


def test_the_likelihood_is_the_integral_over_the_plane(shipped, digit):
    answer = vae.evidence(shipped, NAME, digit.ravel().tolist())
    mu, sigma = (np.array(part) for part in list(vae.encode(shipped, NAME, digit.ravel().tolist(), 0).values())[:2])
    # Beyond eight standard deviations of q(z|x) there is nothing of p(z|x) either: this picture's gap is small.
    axes = [
        np.linspace(mean - 8 * deviation, mean + 8 * deviation, 101) for mean, deviation in zip(mu, sigma, strict=True)
    ]
    z = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 2)
    cell = np.prod([axis[1] - axis[0] for axis in axes])
    joint = likelihoods(z, digit) - 0.5 * (z**2).sum(1) - np.log(2 * np.pi)
    assert answer["negative_log_p"] == pytest.approx(-np.logaddexp.reduce(joint) - np.log(cell), abs=0.1)


def test_bound_and_gap_make_up_the_likelihood_and_the_gap_is_a_divergence(shipped, digit):
    for name in ("vae/mnist-2d", "vae/mnist-50d"):
        answer = vae.evidence(shipped, name, digit.ravel().tolist())
        assert answer["negative_elbo"] == pytest.approx(answer["reconstruction"] + answer["kl"])
        assert answer["negative_elbo"] == pytest.approx(answer["negative_log_p"] + answer["gap"])
        assert answer["gap"] > 0
        assert answer["negative_elbo"] == pytest.approx(
            vae.bound(shipped, name, digit.ravel().tolist())["negative_elbo"], abs=1.5
        )


def test_a_code_is_judged_by_the_likelihood_it_gives_the_picture(shipped, digit):
    answer = vae.judge(shipped, NAME, [0.5, -1.0], digit.ravel().tolist())
    assert answer["reconstruction"] == pytest.approx(-likelihoods([[0.5, -1.0]], digit)[0], rel=1e-4)
