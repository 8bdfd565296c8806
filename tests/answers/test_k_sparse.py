"""The k-sparse tab answers with what the weights in the file give, worked out here by NumPy and by Python's sets."""

from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from explorer import checkpoint
from explorer.answers import k_sparse, units
from explorer.checkpoint.keywords import WIDEST
from explorer.data import sample_sheets
from explorer.serve.pool import Pool
from explorer.serve.question import Refused
from explorer.tabs.k_sparse_scenes import figures_table, published_table

NAME, UNITS = "k_sparse/small", 16
PICTURES = {"seven": sample_sheets.load("mnist").pictures[0].ravel().tolist(), "empty": [0] * 784, "white": [255] * 784}


@pytest.fixture(params=PICTURES)
def x(request):
    """A picture as the page sends it; nothing drawn and all white are pictures too."""
    return PICTURES[request.param]


@pytest.fixture
def pool(make_checkpoint):
    """One model of 16 units of which 4 speak."""
    return Pool(moved_from_zero(make_checkpoint("k_sparse")).parent.parent)


@pytest.fixture
def several(make_checkpoint):
    """Three models whose folders are not in the order of k."""
    for variant, k in (("a", 9), ("b", 2), ("c", 5)):
        torch.manual_seed(k)
        folder = moved_from_zero(make_checkpoint("k_sparse", variant, k=k))
    return Pool(folder.parent.parent)


def moved_from_zero(folder: Path) -> Path:
    """The checkpoint with biases and a centre, as after training; with none, units tie where nothing is drawn."""
    model = checkpoint.load_model(folder)
    torch.nn.init.normal_(model.bias, std=0.3)
    torch.nn.init.uniform_(model.centre, 0, 0.5)
    checkpoint.save(folder, model, checkpoint.read_config(folder))
    return folder


def test_sorted_activations_are_cut_at_k(pool, x):
    for k in (0, 1, 7, UNITS):
        answer = k_sparse.cut(pool, NAME, x, k)
        expected = k or 4
        _, amounts, atoms, centre = speaking(pool, NAME, x, UNITS)
        np.testing.assert_allclose(answer["kept"][:expected], amounts[:expected], rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(answer["cut"][expected:], amounts[expected:], rtol=1e-4, atol=1e-5)
        assert not answer["kept"][expected:].any()
        assert not answer["cut"][:expected].any()
        assert answer["k"] == expected
        for name, last in (("kept", expected), ("all", UNITS)):
            x_hat = (centre + amounts[:last] @ atoms[:last]).clip(0, 1)
            np.testing.assert_allclose(answer[f"{name}_x_hat"].ravel(), 255 * x_hat, atol=1)
            error = np.square(x_hat - np.array(x) / 255).sum()
            np.testing.assert_allclose(answer[f"{name}_error"], error, rtol=1e-3, atol=1e-3)


def speaking(pool: Pool, name: str, x: list, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Units, amounts, atoms and centre from the weights' file: the k largest signed values, strongest first."""
    weights = load_file(pool.root / name / checkpoint.WEIGHTS)
    pixels = np.array(x, np.float64) / 255
    z = weights["weight"] @ (pixels - weights["centre"]) + weights["bias"]
    chosen = np.argsort(-z)[:k]
    return chosen, z[chosen], weights["weight"][chosen], weights["centre"]


def error(pixels: np.ndarray, x: list) -> float:
    return float(np.square(pixels - np.array(x) / 255).sum())


@pytest.mark.parametrize("k", [1, 4, 11, UNITS])
def test_the_units_with_the_largest_signed_values_speak_strongest_first(pool, x, k):
    answer = k_sparse.atoms(pool, NAME, x, k, 0)
    chosen, amounts, _, _ = speaking(pool, NAME, x, k)
    np.testing.assert_array_equal(answer["units"], chosen)
    np.testing.assert_allclose(answer["amounts"], amounts, atol=1e-4)
    assert answer["count"] == k


@pytest.mark.parametrize("n", [0, 1, 3, 7])
def test_a_partial_reconstruction_is_the_centre_and_the_sum_of_its_atoms(pool, x, n):
    answer = k_sparse.atoms(pool, NAME, x, 7, n)
    _, amounts, atoms, centre = speaking(pool, NAME, x, 7)
    expected = np.clip(centre + sum(amount * atom for amount, atom in zip(amounts[:n], atoms[:n], strict=True)), 0, 1)
    np.testing.assert_allclose(answer["partial"].ravel(), expected * 255, atol=0.51)
    assert answer["error"] == pytest.approx(error(expected, x), rel=1e-3)
    assert answer["errors"][n] == answer["error"]
    assert len(answer["errors"]) == len(answer["axis"]) == 8


def test_the_atom_just_added_is_the_last_of_the_first_n(pool, x):
    answer = k_sparse.atoms(pool, NAME, x, 7, 3)
    chosen, amounts, atoms, _ = speaking(pool, NAME, x, 7)
    grey = 127.5 + 127.5 * atoms[2] / np.abs(atoms[2]).max()
    np.testing.assert_allclose(answer["added"].ravel(), grey, atol=0.51)
    np.testing.assert_array_equal(answer["added"][0], answer["strip"][2])
    assert answer["added_unit"].tolist() == [chosen[2]]
    assert answer["amount"] == pytest.approx(amounts[2], abs=1e-4)


def test_before_the_first_atom_there_is_the_centre_and_a_grey_picture(pool, x):
    answer = k_sparse.atoms(pool, NAME, x, 7, 0)
    assert np.unique(answer["added"]).tolist() == [128]
    assert answer["amount"] == 0


def test_the_last_partial_is_what_the_model_decodes_and_beyond_k_nothing_changes(pool, x):
    model = checkpoint.load_model(pool.root / NAME)
    x_hat = model.decode(model.encode_with(torch.tensor(x).reshape(1, 1, 28, 28) / 255, 7))
    for n in (7, 8, UNITS):
        answer = k_sparse.atoms(pool, NAME, x, 7, n)
        np.testing.assert_allclose(answer["partial"], (x_hat[0] * 255).numpy(), atol=0.51)
        assert answer["n"] == 7


def test_all_models_answer_in_the_order_of_their_k_with_what_each_decodes(several, x):
    answer = k_sparse.compare(several, x, 0)
    assert answer["count"].tolist() == [2, 5, 9]
    tensor = torch.tensor(x).reshape(1, 1, 28, 28) / 255
    for row, variant in enumerate("bca"):
        model = checkpoint.load_model(several.root / "k_sparse" / variant)
        x_hat = model.decode(model.encode(tensor))[0].numpy()
        np.testing.assert_allclose(answer["x_hat"][row], x_hat * 255, atol=0.51)
        assert answer["error"][row] == pytest.approx(error(x_hat.ravel(), x), rel=1e-3)


def test_one_k_at_test_is_for_all_models(several, x):
    answer = k_sparse.compare(several, x, 3)
    assert answer["count"].tolist() == [3, 3, 3]
    chosen, _, atoms, _ = speaking(several, "k_sparse/c", x, 3)
    first = answer["strongest"][1][0, :, :28]
    np.testing.assert_allclose(first.ravel(), 127.5 + 127.5 * atoms[0] / np.abs(atoms[0]).max(), atol=0.51)
    assert answer["strongest"][1][0, :, 3 * 28 :].max() == 0
    assert set(np.flatnonzero(answer["maps"][1].ravel())) <= set(chosen.tolist())


def test_a_code_map_is_as_bright_as_each_unit_is_strong_beside_the_strongest(pool):
    x = PICTURES["seven"]
    cells = k_sparse.compare(pool, x, 0)["maps"].ravel()
    chosen, amounts, _, _ = speaking(pool, NAME, x, 4)
    expected = np.zeros(len(cells))
    expected[chosen] = 255 * np.maximum(amounts, 0) / amounts[0]
    np.testing.assert_allclose(cells, expected, atol=0.51)


def test_overlap_is_the_mean_jaccard_index_over_pairs_of_different_pictures(pool):
    shipped = sample_sheets.load("mnist")
    speak = [set(speaking(pool, NAME, x.ravel().tolist(), 4)[0].tolist()) for x in shipped.pictures]
    sums, counts = np.zeros((10, 10)), np.zeros((10, 10))
    for i, j in combinations(range(500), 2):
        a, b = shipped.labels[i], shipped.labels[j]
        for row, column in {(a, b), (b, a)}:
            sums[row, column] += 100 * len(speak[i] & speak[j]) / len(speak[i] | speak[j])
            counts[row, column] += 1
    np.testing.assert_allclose(k_sparse.overlap(pool, NAME)["overlap"], sums / counts, rtol=1e-3)


def test_atlases_hold_the_filters_of_each_model_in_the_order_of_k(several):
    answer = k_sparse.atlases(several, 0)
    for slot, variant in enumerate("bca"):
        filters = units.filters(several, f"k_sparse/{variant}", 0)["filters"]
        np.testing.assert_array_equal(answer[f"filters_{slot}"], filters)
        assert answer[f"units_{slot}"].tolist() == list(range(UNITS))


@pytest.mark.parametrize("k", [-1, WIDEST + 1, 2.5, None, "4", True, float("nan")])
def test_a_k_the_models_do_not_have_is_refused_in_one_sentence(pool, k):
    for ask in (lambda x: k_sparse.compare(pool, x, k), lambda x: k_sparse.atoms(pool, NAME, x, k, 1)):
        with pytest.raises(Refused, match=r"^k must be .*\.$"):
            ask(PICTURES["seven"])


def test_of_a_model_with_fewer_units_all_are_active(pool):
    x = PICTURES["seven"]
    assert k_sparse.compare(pool, x, UNITS + 5)["count"].max() <= UNITS
    assert k_sparse.cut(pool, NAME, x, UNITS + 5)["k"] == UNITS
    assert k_sparse.atoms(pool, NAME, x, UNITS + 5, UNITS + 5)["n"] == UNITS


@pytest.mark.parametrize("n", [-1, WIDEST + 1, 0.5, None])
def test_a_number_of_atoms_that_cannot_be_is_refused(pool, n):
    with pytest.raises(Refused, match="The number of atoms must be"):
        k_sparse.atoms(pool, NAME, PICTURES["seven"], 4, n)


@pytest.mark.parametrize("x", [[0] * 783, [[0] * 28] * 28, "seven", None, [float("nan")] * 784])
def test_a_picture_of_another_size_is_refused(pool, x):
    for ask in (lambda: k_sparse.compare(pool, x, 0), lambda: k_sparse.atoms(pool, NAME, x, 0, 1)):
        with pytest.raises(Refused, match=r"^The picture .*\.$"):
            ask()


def test_without_a_model_there_is_a_sentence(tmp_path):
    with pytest.raises(Refused, match="no k_sparse checkpoint"):
        k_sparse.compare(Pool(tmp_path), PICTURES["seven"], 0)


def test_the_tables_show_a_dash_where_a_figure_is_missing():
    measured = SimpleNamespace(
        name="", data="mnist", model={"k": 25}, test={"probe_error": 1.4321, "pixel_error": 7.6, "alpha": 3.0}
    )
    bare = SimpleNamespace(name="", data="mnist", model={"k": 70}, test={})
    rows = published_table([measured, bare]).split("\n")
    assert "| k = 25 | 1.35 | 1.43 |" in rows
    assert "| raw pixels | 7.20 | 7.60 |" in rows
    assert "| k = 10 | 2.10 | — |" in rows
    assert "| k = 70 | — | — |" in rows
    figures = figures_table([measured, bare]).split("\n")
    assert figures[0] == "| k | 25 | 70 |"
    assert "| α chosen | 3.0 | — |" in figures
    assert {row.count("|") for row in figures} == {4}
