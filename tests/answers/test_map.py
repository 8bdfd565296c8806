"""The map's handlers say what the model's codes say, and refuse what is no question about them."""

import numpy as np
import pytest
import torch
from scipy.spatial import cKDTree

from explorer import checkpoint
from explorer.answers import map
from explorer.data import atlas, sample_sheets
from explorer.serve import maps, turns
from explorer.serve.question import Refused
from explorer.serve.umap_jobs import Jobs
from tests.conftest import ROOT

AE, VAE, WORLD, LARGE = "autoencoder/mnist-30d", "vae/mnist-50d", "beta_vae/dsprites-beta4", "k_sparse/mnist-k25"


@pytest.fixture(scope="module")
def load():
    return lambda name: checkpoint.load_model(ROOT / "checkpoints" / name)


@pytest.fixture(scope="module")
def codes(load):
    """Codes of the shipped atlas, encoded here."""
    x = torch.tensor(atlas.load("mnist")) / 255
    with torch.inference_mode():
        return load(AE).encode(x).numpy()


def test_a_point_is_the_test_picture_and_its_reconstruction(shipped, load):
    answer, model = map.point(shipped, AE, 1234), load(AE)
    x = torch.tensor(atlas.load("mnist")[1234:1235]) / 255
    np.testing.assert_array_equal(answer["x"], atlas.load("mnist")[1234])
    x_hat = model.decode(model.encode(x))[0]
    np.testing.assert_allclose(answer["x_hat"], (x_hat * 255).round(), atol=1)
    assert answer["error"] == pytest.approx((x_hat - x[0]).square().sum().item(), rel=1e-3)
    assert answer["error"] == pytest.approx(shipped.map(AE)["error"][1234], rel=2e-2)
    assert answer["label"] == atlas.labels("mnist")[1234]


def test_near_a_point_are_the_pictures_of_its_nearest_codes(shipped, codes):
    answer = map.near(shipped, AE, 1234)
    _, expected = cKDTree(codes).query(codes[1234], 9)
    np.testing.assert_array_equal(answer["neighbours"], expected[1:])
    np.testing.assert_array_equal(answer["near"], atlas.load("mnist")[expected[1:]])


def test_a_point_of_a_model_whose_codes_are_not_made_yet_makes_none(shipped, monkeypatch, tmp_path):
    monkeypatch.setattr(maps, "cache_folder", lambda: tmp_path)
    assert map.point(shipped, LARGE, 5)["z"].shape == (1000,)
    assert list(tmp_path.iterdir()) == []
    assert not turns.is_dear(map.point, shipped, {"checkpoint": LARGE, "index": 5})
    assert turns.is_dear(map.near, shipped, {"checkpoint": LARGE, "index": 5})


def test_a_lasso_shows_the_mean_picture_and_what_the_mean_code_stands_for(shipped, load, codes):
    chosen = [5, 700, 9999]
    answer = map.group(shipped, AE, chosen)
    np.testing.assert_allclose(answer["means"][0], atlas.load("mnist")[chosen].mean(0), atol=1)
    expected = load(AE).decode(torch.tensor(codes[chosen].mean(0, keepdims=True)))[0] * 255
    np.testing.assert_allclose(answer["means"][1], expected.round(), atol=1)
    np.testing.assert_array_equal(answer["members"], atlas.load("mnist")[chosen])
    assert answer["count"] == 3


def test_a_class_or_values_of_a_factor_are_a_lasso_too(shipped):
    answer = map.group(shipped, AE, "class 3-3")
    np.testing.assert_array_equal(answer["inside"], np.flatnonzero(atlas.labels("mnist") == 3))
    large = atlas.factors("dsprites")[:, 1] >= 4
    answer = map.group(shipped, WORLD, "factor 1 4-5")
    assert answer["count"] == large.sum()
    direction = map.direction(shipped, WORLD, "factor 1 0-3", "factor 1 4-5")["direction"]
    model_codes = maps.codes(shipped, WORLD)
    np.testing.assert_allclose(direction, model_codes[large].mean(0) - model_codes[~large].mean(0), atol=1e-4)


@pytest.mark.parametrize("chosen", [None, [], "factor 1 0-0", "class 77-99"])
def test_of_no_pictures_there_is_no_mean(shipped, chosen):
    answer = map.group(shipped, AE, chosen)
    assert answer["count"] == 0
    assert all(len(answer[name]) == 0 for name in ("means", "members", "inside"))


def test_named_values_of_a_factor_are_classes(shipped):
    answer = map.colouring(shipped, "vae/faces-32d", "factor 1")
    assert answer["classes"] == len(atlas.value_names("faces")[1]) == 3
    np.testing.assert_array_equal(answer["values"], atlas.factors("faces")[:, 1])
    assert map.colouring(shipped, "vae/faces-32d", "factor 7")["classes"] == 0


def test_the_mean_of_rendered_pictures_is_close_to_that_of_the_pictures_themselves(shipped):
    chosen = list(range(0, 10_000, 700))
    mean = map.group(shipped, WORLD, chosen)["means"][0].astype(float)
    expected = atlas.pictures("dsprites", np.array(chosen)).mean(0)
    assert np.corrcoef(mean.ravel(), expected.ravel())[0, 1] > 0.95


def test_the_attribute_vector_leads_from_one_mean_code_to_the_other(shipped, load, codes):
    a, b = [1, 2, 3], [10, 20]
    direction = map.direction(shipped, AE, a, b)["direction"]
    np.testing.assert_allclose(direction, codes[b].mean(0) - codes[a].mean(0), atol=1e-3)
    z = codes[7]
    answer = map.steer(shipped, AE, z.tolist(), direction.tolist(), 0.5)["x_hat"]
    expected = load(AE).decode(torch.tensor(z[None] + 0.5 * direction))[0] * 255
    np.testing.assert_allclose(answer[0], expected.round(), atol=1)


def test_a_plane_beside_is_moved_and_never_distorted(shipped):
    first, before = (maps.plane(shipped, name, "umap") for name in (AE, VAE))
    after = map.beside(shipped, AE, VAE, "umap")["points"]
    pairs = np.random.default_rng(0).integers(0, 10_000, (100, 2))

    def lengths(plane):
        return np.linalg.norm(plane[pairs[:, 0]] - plane[pairs[:, 1]], axis=1)

    ratios = lengths(after) / lengths(before)
    np.testing.assert_allclose(ratios, ratios.mean(), rtol=1e-3)
    assert np.square(after - first).sum() < np.square(before - first).sum()


def test_a_two_dimensional_code_is_its_own_flat_plane(shipped, load):
    x = torch.tensor(atlas.load("mnist")[:5]) / 255
    plane = map.points(shipped, "autoencoder/mnist-2d", "flat")["points"]
    np.testing.assert_allclose(plane[:5], load("autoencoder/mnist-2d").encode(x), rtol=2e-3, atol=2e-2)


def test_a_shipped_picture_of_ones_own_lands_amid_its_nearest_codes(shipped, codes):
    sheet = sample_sheets.load("mnist").pictures[3]
    answer = map.locate(shipped, AE, "umap", sheet.ravel().tolist())
    chosen = int(answer["neighbours"][0])
    np.testing.assert_array_equal(atlas.load("mnist")[chosen], sheet)  # it is one of the test pictures
    _, near = cKDTree(codes).query(codes[chosen], 8)
    np.testing.assert_allclose(answer["place"], maps.plane(shipped, AE, "umap")[near].mean(0), rtol=1e-3)


def test_colours_are_classes_errors_factors_and_latents(shipped):
    classes = map.colouring(shipped, AE, "class")
    np.testing.assert_array_equal(classes["values"], atlas.labels("mnist"))
    assert classes["classes"] == 10
    assert map.colouring(shipped, AE, "error")["classes"] == 0
    scale = map.colouring(shipped, WORLD, "factor 1")["values"]
    np.testing.assert_array_equal(scale, atlas.factors("dsprites")[:, 1])
    np.testing.assert_array_equal(map.colouring(shipped, AE, "latent 4")["values"], maps.codes(shipped, AE)[:, 4])
    assert "latent 0" not in map.colours(shipped, LARGE)


def test_another_umap_is_laid_over_the_shipped_one_once_it_is_made(shipped, monkeypatch):
    mirrored = "p[:, 0] = -p[:, 0]"
    path = str(ROOT / "checkpoints" / AE / "map.safetensors")
    code = (
        f"import sys, numpy; from safetensors.numpy import load_file; p = load_file({path!r})['umap'].astype('f4'); "
        f"{mirrored}; numpy.save(sys.argv[1] + '/plane.npy', p)"
    )
    monkeypatch.setattr(map, "JOBS", Jobs(("-c", code)))
    question = {"checkpoint": AE, "neighbours": 9, "min_dist": 0.2, "metric": "cosine", "seed": 5}
    for _ in range(600):
        answer = map.another(shipped, **question)
        if "points" in answer:
            break
        import time

        time.sleep(0.1)
    np.testing.assert_allclose(answer["points"], maps.plane(shipped, AE, "umap"), atol=1e-2)
    assert map.stop(shipped, **question)["stopped"]


def test_without_a_lasso_there_is_nothing_to_show_and_nowhere_to_go(shipped):
    nothing = map.group(shipped, AE, [])
    assert (len(nothing["means"]), len(nothing["members"]), nothing["count"]) == (0, 0, 0)
    assert map.direction(shipped, AE, [1, 2], [])["direction"].shape == (0,)
    assert len(map.steer(shipped, AE, [0.0] * 30, [], 1)["x_hat"]) == 0


@pytest.mark.parametrize(
    ("handler", "rest", "sentence"),
    [
        ("points", {"plane": "tsne"}, "The plane must be one of umap, flat."),
        ("colouring", {"colour": "latent 30"}, "The colour must be one of"),
        ("colouring", {"colour": 3}, "The colour must be one of"),
        ("point", {"index": 10_000}, "The picture must be from 0 to 9999."),
        ("point", {"index": 1.5}, "The picture must be a whole number."),
        ("near", {"index": -1}, "The picture must be from 0 to 9999."),
        ("group", {"chosen": [1, 1]}, "The lasso names one of them twice."),
        ("group", {"chosen": 3}, "The lasso must be a list"),
        ("group", {"chosen": 0}, "The lasso must be a list"),
        ("group", {"chosen": False}, "The lasso must be a list"),
        ("group", {"chosen": "all"}, "The lasso must be numbers of pictures, or values like “class 3-3”."),
        ("group", {"chosen": "latent 3-3"}, "The lasso must be numbers of pictures, or values like"),
        ("direction", {"a": [1], "b": [-1]}, "Each of Lasso B must be from 0 to 9999."),
        (
            "steer",
            {"z": [0] * 30, "direction": [0] * 29, "amount": 1},
            "The direction must be 30 numbers, but 29 came.",
        ),
        ("steer", {"z": [0] * 30, "direction": [0] * 30, "amount": None}, "The amount must be a finite number."),
        ("beside", {"other": "vae/fashion-16d", "plane": "umap"}, "Only models of the same pictures"),
        ("beside", {"other": "vq_vae/cifar10-k512", "plane": "umap"}, "The model must be one of"),
        ("place", {"plane": "umap", "x": [0] * 9}, "The picture must be 784 numbers, but 9 came."),
        (
            "another",
            {"neighbours": 1, "min_dist": 0, "metric": "cosine", "seed": 0},
            "The number of neighbours must be",
        ),
        ("another", {"neighbours": 5, "min_dist": 0, "metric": "ruler", "seed": 0}, "The metric must be one of"),
        ("stop", {"neighbours": 5, "min_dist": "x", "metric": "cosine", "seed": 0}, "The least distance must be"),
    ],
)
def test_what_is_no_question_about_the_map_is_refused(shipped, handler, rest, sentence):
    with pytest.raises(Refused, match=sentence):
        map.HANDLERS[handler](shipped, checkpoint=AE, **rest)


@pytest.mark.parametrize("handler", ["points", "point", "near"])
def test_a_model_without_a_map_is_refused(shipped, handler):
    rest = {"plane": "umap"} if handler == "points" else {"index": 0}
    for name in ("vq_vae_2/emoji-64", "none/none", None, 3):
        with pytest.raises(Refused, match="The model must be one of"):
            map.HANDLERS[handler](shipped, checkpoint=name, **rest)
