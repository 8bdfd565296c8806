"""Handlers of the VQ-VAE tab over the shipped checkpoint."""

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from explorer import checkpoint
from explorer.answers import vq_vae
from explorer.data import sample_sheets
from explorer.serve.pool import Pool
from explorer.serve.question import Refused
from tests.conftest import ROOT

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


def encoded(model, pictures: np.ndarray) -> np.ndarray:
    """What the encoder gives for uint8 pictures: (cells, D)."""
    with torch.inference_mode():
        z_e = model.z_e(torch.tensor(pictures) / 255)
    return z_e.movedim(1, -1).flatten(0, -2).numpy().astype(float)


def distances(vectors: np.ndarray, codes: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vectors[:, None] - codes, axis=-1)


def assert_that_codes_are_nearest(distance: np.ndarray, codes: np.ndarray) -> None:
    """Of two codes that are equally near in single precision, either is the nearest."""
    found = np.take_along_axis(distance, codes.astype(int).reshape(-1, 1), 1)[:, 0]
    np.testing.assert_allclose(found, distance.min(1), rtol=1e-4, atol=1e-4)


def test_codes_and_outputs_lie_in_one_plane_that_of_the_codebooks_singular_vectors(shipped):
    codebook = load_file(ROOT / "checkpoints" / ONE / "model.safetensors")["quantizer.codebook"].astype(float)
    centre = codebook.mean(0)
    left, strengths, right = np.linalg.svd(codebook - centre, full_matrices=False)
    plane, around = vq_vae.plane(shipped, ONE), vq_vae.outputs(shipped, ONE, pixels("cifar10"))
    signs = np.sign((left[:, :2] * plane["places"]).sum(0))
    np.testing.assert_allclose(plane["places"], left[:, :2] * strengths[:2] * signs, atol=1e-3)
    z_e = encoded(checkpoint.load_model(ROOT / "checkpoints" / ONE), sample_sheets.load("cifar10").pictures[:1])
    np.testing.assert_allclose(around["outputs"], (z_e - centre) @ right[:2].T * signs, atol=1e-2)
    assert plane["plane_share"] == pytest.approx(100 * np.square(strengths[:2]).sum() / np.square(strengths).sum())


def test_an_output_is_given_the_code_that_is_nearest_in_all_dimensions(shipped):
    codebook = load_file(ROOT / "checkpoints" / ONE / "model.safetensors")["quantizer.codebook"].astype(float)
    z_e = encoded(checkpoint.load_model(ROOT / "checkpoints" / ONE), sample_sheets.load("cifar10").pictures[:1])
    plane, around = vq_vae.plane(shipped, ONE), vq_vae.outputs(shipped, ONE, pixels("cifar10"))
    codes = around["output_codes"]
    assert_that_codes_are_nearest(distances(z_e, codebook), codes)
    np.testing.assert_array_equal(codes, vq_vae.encode(shipped, ONE, pixels("cifar10"))["codes"])
    same = distances(around["outputs"], plane["places"]).argmin(1) == codes.ravel()
    assert around["same_in_plane"] == pytest.approx(100 * same.mean())
    assert 0 < same.mean() < 0.5  # most would be given another one in the plane


def test_outputs_of_other_pictures_have_the_codes_that_were_kept_of_them(shipped):
    plane, kept = vq_vae.plane(shipped, ONE), shipped.codes(ONE)["shipped"]
    pictures = np.linspace(0, len(kept) - 1, len(plane["others"]) // 64).astype(int)
    assert len(plane["others"]) == len(plane["other_codes"]) == 31 * 64
    assert (plane["other_codes"] == kept[pictures].ravel()).mean() > 0.98


@pytest.mark.parametrize("sizes", [{"num_codes": 4, "code_dim": 1}, {"num_codes": 1, "code_dim": 3}])
def test_a_small_codebook_has_a_plane_too(make_checkpoint, sizes):
    folder = make_checkpoint("vq_vae", **sizes)
    pool, name = Pool(folder.parent.parent), "/".join(folder.parts[-2:])
    config = pool.config(name)
    _, height, width = config.model["picture_shape"]
    x = sample_sheets.load(config.data).pictures[:1]
    plane, around = vq_vae.plane(pool, name), vq_vae.outputs(pool, name, x.ravel().tolist())
    assert plane["places"].shape == (sizes["num_codes"], 2)
    assert around["outputs"].shape == (height * width // 16, 2)
    assert plane["plane_share"] == 100  # of a line, and of a point
    for array in (plane | around).values():
        assert np.isfinite(array).all()
    if sizes["code_dim"] == 1:  # where the plane is all there is
        assert (plane["places"][:, 1] == 0).all()
        assert around["same_in_plane"] == 100


def test_the_map_of_another_family_is_refused(shipped):
    with pytest.raises(Refused, match="is no VQ-VAE"):
        vq_vae.plane(shipped, "vae/mnist-2d")
    with pytest.raises(Refused, match="must be 3072 numbers"):
        vq_vae.outputs(shipped, ONE, [0.5])


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
