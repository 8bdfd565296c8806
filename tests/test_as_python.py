"""The program that a scene is copied as makes the pixels that the page shows."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from explorer import answers
from explorer.data import sample_sheets
from explorer.question import Refused
from explorer.tabs import TABS, autoencoder, denoising, vae
from tests.conftest import ROOT

AE, VAE = "autoencoder/mnist-2d", "vae/mnist-50d"


@pytest.fixture
def run(tmp_path):
    """Runs a program as a visitor would, and returns the picture it saves."""

    def run(answer: dict) -> np.ndarray:
        (tmp_path / "checkpoints").symlink_to(ROOT / "checkpoints")
        code = answer["text"].tobytes().decode()
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert done.returncode == 0, done.stderr
        return np.asarray(Image.open(tmp_path / "scene.png"))

    return run


@pytest.fixture
def digit():
    return sample_sheets.load("mnist").pictures[12].ravel().tolist()


@pytest.fixture
def drawn(digit):
    """A digit that does not ship with the app."""
    return [255 - value for value in digit]


def side_by_side(pictures: np.ndarray) -> np.ndarray:
    return np.concatenate(list(pictures[:, 0]), axis=1)


def test_an_autoencoders_scene_with_a_code_set_by_hand(shipped, run, digit):
    z = [1.2345678, -3.3]
    program = autoencoder.HANDLERS["python"](shipped, AE, digit, z)
    expected = answers.decode(shipped, AE, z, digit)["x_hat"]
    np.testing.assert_array_equal(run(program), side_by_side(expected))


def test_a_drawn_digits_scene(shipped, run, drawn):
    z = answers.encode(shipped, AE, drawn)["z"].tolist()
    program = autoencoder.HANDLERS["python"](shipped, AE, drawn, z)
    assert b"model.encode(x)" in program["text"].tobytes()
    np.testing.assert_array_equal(run(program), side_by_side(answers.decode(shipped, AE, z, drawn)["x_hat"]))


def test_a_draw_from_a_vaes_posterior(shipped, run, digit):
    encoded = vae.encode(shipped, VAE, digit, 5)
    z, mu, sigma = (encoded[name].tolist() for name in ("z", "mu", "sigma"))
    expected = vae.decode(shipped, VAE, z, digit, mu, sigma)["x_hat"]
    np.testing.assert_array_equal(run(vae.HANDLERS["python"](shipped, VAE, digit, z)), side_by_side(expected))


@pytest.mark.parametrize(("kind", "brushed"), [("salt_and_pepper", False), ("gaussian", False), ("masking", True)])
def test_a_spoilt_picture_through_every_denoising_model(shipped, run, digit, kind, brushed):
    noise = {"kind": kind, "level": 0.3, "seed": 7}
    x_tilde = answers.corrupt(shipped, digit, **noise)["x_tilde"].ravel()
    if brushed:
        x_tilde[300:340] = 99.5
    sent = x_tilde.tolist()
    expected = denoising.denoise(shipped, "mnist", digit, sent, 2, 0)["x_hat"]
    program = denoising.HANDLERS["python"](shipped, data="mnist", x=digit, x_tilde=sent, times=2, **noise)
    np.testing.assert_array_equal(run(program), side_by_side(expected))


def test_names_that_could_be_code_are_refused(shipped, digit):
    with pytest.raises(Refused):
        autoencoder.HANDLERS["python"](shipped, '"); import os', digit)
    noise = {"level": 0.3, "seed": 7, "x_tilde": digit, "times": 1}
    with pytest.raises(Refused):
        denoising.HANDLERS["python"](shipped, data="mnist", x=digit, kind='"); import os', **noise)


@pytest.mark.parametrize("stem", [stem for stem, tab in TABS.items() if "python" in tab.HANDLERS])
def test_every_tab_that_can_be_copied_writes_a_program(shipped, stem):
    name = next(iter(shipped.names(stem)))
    config = shipped.config(name)
    x = sample_sheets.load(config["data"]).pictures[0].ravel().tolist()
    if stem == "denoising":
        noise = {"kind": "masking", "level": 0.3, "seed": 7, "x_tilde": x, "times": 1}
        answer = TABS[stem].HANDLERS["python"](shipped, data="mnist", x=x, **noise)
    else:
        answer = TABS[stem].HANDLERS["python"](shipped, name, x)
    compile(answer["text"].tobytes().decode(), "scene.py", "exec")
