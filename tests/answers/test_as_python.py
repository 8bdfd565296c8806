"""The program that a scene is copied as makes the pixels that the page shows."""

import ast
from pathlib import Path

import numpy as np
import pytest

from explorer.answers import (
    as_python,
    autoencoder,
    beta_vae,
    common,
    contractive,
    denoising,
    k_sparse,
    sparse,
    start,
    td_vae,
    vae,
    vq_vae,
    vq_vae_2,
)
from explorer.data import sample_sheets
from explorer.serve.pool import Pool
from explorer.serve.question import Refused
from explorer.tabs.frame import PROGRAMS

AE, VAE, SPARSE = "autoencoder/mnist-2d", "vae/mnist-50d", "sparse/mnist-rho10"
WORLD = "beta_vae/shapes3d-beta24"
VQ, VQ2, TD = "vq_vae/cifar10-k512", "vq_vae_2/emoji-64", "td_vae/moving-mnist"


@pytest.fixture
def run(run_program):
    """Runs the program of an answer."""
    return lambda answer: run_program(answer["text"].tobytes().decode())


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
    expected = common.decode(shipped, AE, z)["x_hat"]
    np.testing.assert_array_equal(run(program), side_by_side(expected))


def test_a_drawn_digits_scene(shipped, run, drawn):
    z = common.encode(shipped, AE, drawn)["z"].tolist()
    program = autoencoder.HANDLERS["python"](shipped, AE, drawn, z)
    assert b"model.encode(x)" in program["text"].tobytes()
    np.testing.assert_array_equal(run(program), side_by_side(common.decode(shipped, AE, z)["x_hat"]))


def test_a_draw_from_a_vaes_posterior(shipped, run, digit):
    encoded = vae.encode(shipped, VAE, digit, 5)
    z = encoded["z"].tolist()
    expected = common.decode(shipped, VAE, z)["x_hat"]
    np.testing.assert_array_equal(run(vae.HANDLERS["python"](shipped, VAE, digit, z)), side_by_side(expected))


@pytest.mark.parametrize(("kind", "brushed"), [("salt_and_pepper", False), ("gaussian", False), ("masking", True)])
def test_a_spoilt_picture_through_every_denoising_model(shipped, run, digit, kind, brushed):
    noise = {"kind": kind, "level": 0.3, "seed": 7}
    x_tilde = common.corrupt(shipped, digit, **noise)["x_tilde"].ravel()
    if brushed:
        x_tilde[300:340] = 99.5
    sent = x_tilde.tolist()
    expected = denoising.denoise(shipped, "mnist", digit, sent, 2, 0)["x_hat"]
    program = denoising.HANDLERS["python"](shipped, data="mnist", x=digit, x_tilde=sent, times=2, **noise)
    np.testing.assert_array_equal(run(program), side_by_side(expected))


def test_the_line_up_through_a_model_of_each_family(shipped, run, digit):
    noise = {"kind": "masking", "level": 0.5, "seed": 3}
    x_tilde = common.corrupt(shipped, digit, **noise)["x_tilde"].ravel().tolist()
    expected = start.HANDLERS["through"](shipped, digit, x_tilde)["x_hats"]
    program = start.HANDLERS["python"](shipped, x=digit, x_tilde=x_tilde, **noise)
    np.testing.assert_array_equal(run(program), side_by_side(expected))


@pytest.mark.parametrize("k", [0, 7])
def test_a_picture_by_all_k_sparse_models(shipped, run, digit, k):
    expected = k_sparse.HANDLERS["compare"](shipped, digit, k)["x_hat"]
    # The page's pictures are sums of k atoms, the program's come from the decoder: a value may round the other way.
    off = run(k_sparse.HANDLERS["python"](shipped, digit, k)).astype(int) - side_by_side(expected)
    assert np.abs(off).max() <= 1


def test_a_picture_with_one_sparse_unit_turned_up(shipped, run, digit):
    turned = {"unit": 17, "factor": 2.5}
    expected = sparse.HANDLERS["respond"](shipped, SPARSE, digit, **turned)["pictures"]
    np.testing.assert_array_equal(
        run(sparse.HANDLERS["python"](shipped, SPARSE, digit, **turned)), side_by_side(expected)
    )


@pytest.mark.parametrize("painted", [False, True])
def test_a_picture_of_codes(shipped, run, painted):
    x = sample_sheets.load("cifar10").pictures[5].ravel().tolist()
    codes = vq_vae.encode(shipped, VQ, x)["codes"].ravel()
    if painted:
        codes[:9] = 100
    expected = vq_vae.decode(shipped, VQ, codes.tolist())["x_hat"]
    np.testing.assert_array_equal(
        run(vq_vae.HANDLERS["python"](shipped, VQ, x, codes.tolist())), expected.transpose(1, 2, 0)
    )


def test_two_levels_of_codes_and_what_each_says_alone(shipped, run):
    one, other = (sample_sheets.load("emoji").pictures[number].ravel().tolist() for number in (3, 44))
    grids = {name: values.ravel().tolist() for name, values in vq_vae_2.encode(shipped, VQ2, one).items()}
    other_grids = vq_vae_2.encode(shipped, VQ2, other)
    grids |= {f"other_{name}": values.ravel().tolist() for name, values in other_grids.items()}
    both = {level: grids[level] for level in ("top", "bottom")}
    pictures = vq_vae_2.decode(shipped, VQ2, **both)["decoded"], vq_vae_2.exchange(shipped, VQ2, **grids)["exchanged"]
    program = vq_vae_2.HANDLERS["python"](shipped, VQ2, **grids)
    expected = np.concatenate(pictures).transpose(0, 2, 3, 1)
    shown = np.concatenate([*expected], axis=1).astype(int)
    np.testing.assert_allclose(run(program), shown, atol=1)  # five at once round otherwise than one and four


def test_futures_of_a_digit_that_moves(shipped, run, digit):
    asked = {"start": 4, "speed": -1, "vertical": 0, "t": 7, "jump": 3, "jumps": 4, "draw": 2}
    expected = td_vae.HANDLERS["futures"](shipped, TD, digit, **asked)["futures"]  # (futures, times, 1, H, W)
    rows = [np.concatenate([*row[:, 0]], axis=1) for row in expected]
    np.testing.assert_array_equal(run(td_vae.HANDLERS["python"](shipped, TD, digit, **asked)), np.concatenate(rows))


@pytest.mark.parametrize("scale", ["common", "own"])
def test_what_every_contractive_model_is_sensitive_to(shipped, run, digit, scale):
    answer = contractive.HANDLERS["sensitivity"](shipped, digit, scale)
    expected = side_by_side(np.concatenate([answer["maps"], answer["x_hats"]])).astype(int)
    off = run(contractive.HANDLERS["python"](shipped, digit, scale)) - expected
    assert np.abs(off).max() <= 1  # norms are summed in another order


def test_a_world_in_colour(shipped, run):
    x = sample_sheets.load("shapes3d").pictures[4].ravel().tolist()
    z = common.encode(shipped, WORLD, x)["z"]
    z[2] += 1
    expected = common.decode_all(shipped, WORLD, z[None])[0]
    program = beta_vae.HANDLERS["python"](shipped, WORLD, x, z.tolist())
    np.testing.assert_array_equal(run(program), (255 * expected).round().transpose(1, 2, 0))


def test_a_program_loads_the_checkpoints_of_the_app_that_wrote_it(make_checkpoint, run, digit):
    """Of a folder of one's own, whose models have the names of shipped ones."""
    folder = make_checkpoint("autoencoder", "mnist-2d")
    mine = Pool(folder.parent.parent)
    z = [0.5, -1.0]
    program = autoencoder.HANDLERS["python"](mine, AE, digit, z)
    np.testing.assert_array_equal(run(program), side_by_side(common.decode(mine, AE, z)["x_hat"]))


def test_a_snippet_takes_the_folder_of_the_app_and_the_shipped_one_for_what_is_not_there(make_checkpoint):
    root = make_checkpoint("vae", "mnist-50d").parent.parent
    snippet = as_python.stand_alone(Pool(root), (PROGRAMS / "vae.py").read_text())
    assert f"load_model(Path({str(root / 'vae' / 'mnist-50d')!r}))" in snippet
    snippet = as_python.stand_alone(Pool(root), (PROGRAMS / "contractive.py").read_text())
    assert f"Path({str(as_python.SHIPPED / 'contractive')!r}) / variant" in snippet


NAME_OF_CODE = """vae/x")); print('"""


def test_a_folders_name_stays_a_name():
    line = f"model = load_model({as_python.path_of(Path(NAME_OF_CODE))})"
    assert isinstance(ast.parse(line).body[0].value.args[0].args[0], ast.Constant)


def test_names_that_could_be_code_are_refused(shipped, digit):
    with pytest.raises(Refused):
        autoencoder.HANDLERS["python"](shipped, '"); import os', digit)
    noise = {"level": 0.3, "seed": 7, "x_tilde": digit, "times": 1}
    with pytest.raises(Refused):
        denoising.HANDLERS["python"](shipped, data="mnist", x=digit, kind='"); import os', **noise)
