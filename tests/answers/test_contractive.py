"""The contractive tab's answers against autograd, NumPy and the models themselves."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer import checkpoint
from explorer.answers import contractive
from explorer.answers.contractive import DENOISING, PIXELS, compared
from explorer.data import sample_sheets
from explorer.serve.pool import Pool
from explorer.serve.question import Refused
from explorer.tabs.contractive_models import label, table

PLAIN, STRONG = "contractive/mnist-lambda0", "contractive/mnist-lambda03"
UNITS = 16
STILL = {"dx": 0, "dy": 0, "degrees": 0, "noise": 0, "seed": 1}


@pytest.fixture
def pool(make_checkpoint) -> Pool:
    """Two contractive models and the denoising one."""
    folders = [
        make_checkpoint("contractive", "mnist-lambda03", contraction=0.3),
        make_checkpoint("contractive", "mnist-lambda0", contraction=0.0),
        make_checkpoint(*DENOISING.split("/")),
    ]
    for folder, distance in zip(folders, (2.0, 4.0, 5.0), strict=True):
        config = json.loads((folder / checkpoint.CONFIG).read_text())
        checkpoint.write_config(folder, config | {"profile": {"code_distance": distance}})
    return Pool(folders[0].parent.parent)


@pytest.fixture
def seven() -> list[int]:
    return sample_sheets.load("mnist").pictures[0].ravel().tolist()


@pytest.fixture
def models(pool) -> dict[str, torch.nn.Module]:
    return {name: checkpoint.load_model(pool.root / name) for name in compared(pool, "mnist")}


def tensor(x: list) -> torch.Tensor:
    return torch.tensor(x, dtype=torch.float32).reshape(1, 1, 28, 28) / 255


def autograd_jacobian(model: torch.nn.Module, x: list) -> np.ndarray:
    """Derivatives (units, pixels) of the first layer's units, by automatic differentiation."""
    return torch.autograd.functional.jacobian(model.units, tensor(x)).reshape(UNITS, PIXELS).numpy()


def blank(value: int) -> list[int]:
    return [value] * PIXELS


def test_models_stand_in_the_order_of_their_penalty_and_the_denoising_one_last(pool):
    assert compared(pool, "mnist") == [PLAIN, STRONG, DENOISING]
    assert [label(name, pool.configs[name]) for name in compared(pool, "mnist")] == [
        "AE (λ = 0)",
        "CAE λ = .3",
        "DAE 25 %",
    ]


def test_a_map_shows_the_norms_of_the_jacobians_columns_on_one_scale(pool, models, seven):
    norms = np.stack([np.linalg.norm(autograd_jacobian(model, seven), axis=0) for model in models.values()])
    answer = contractive.sensitivity(pool, seven, "common")
    expected = (255 * norms / norms.max()).reshape(-1, 1, 28, 28)
    np.testing.assert_allclose(answer["maps"], expected, atol=1)
    own = contractive.sensitivity(pool, seven, "own")["maps"]
    assert own.max(axis=(1, 2, 3)).tolist() == [255, 255, 255]


def test_the_figures_below_a_map_are_those_of_autograd_and_of_the_units(pool, models, seven):
    answer = contractive.sensitivity(pool, seven, "common")
    for i, model in enumerate(models.values()):
        jacobian = autograd_jacobian(model, seven)
        assert answer["jacobian"][i] == pytest.approx(1e4 * np.square(jacobian).sum() / (UNITS * PIXELS), rel=1e-4)
        z = model.units(tensor(seven)).numpy()
        assert answer["saturation"][i] == pytest.approx(100 * ((z < 0.05) | (z > 0.95)).mean())
        x_hat = (255 * model.decode(model.encode(tensor(seven)))).round()
        np.testing.assert_allclose(answer["x_hats"][i : i + 1], x_hat, atol=1)


def test_spectra_are_the_singular_values_of_autograds_jacobian(pool, models, seven):
    answer = contractive.spectra(pool, seven)
    assert answer["index"].tolist() == list(range(1, PIXELS + 1))
    for i, model in enumerate(models.values()):
        expected = torch.linalg.svd(torch.tensor(autograd_jacobian(model, seven))).S.numpy()
        np.testing.assert_allclose(answer[f"line_{i}"][:UNITS], expected, rtol=1e-3)
        assert answer[f"line_{i}"][UNITS:].max() < 0.01 * expected[0]  # 16 units have no more than 16 of them


def test_a_direction_is_the_singular_vector_with_its_largest_entry_positive(pool, models, seven):
    _, values, vectors = np.linalg.svd(autograd_jacobian(models[STRONG], seven))
    for index in (1, 2, UNITS):
        answer = contractive.direction(pool, STRONG, seven, index)
        v = vectors[index - 1] * np.sign(vectors[index - 1][np.abs(vectors[index - 1]).argmax()])
        np.testing.assert_allclose(answer["direction"], v, atol=2e-3)
        assert answer["value"] == pytest.approx(values[index - 1], rel=1e-3)
    assert contractive.direction(pool, STRONG, seven, PIXELS)["value"] < 1e-3 * values[0]


@pytest.mark.parametrize("amount", [-6, -0.3, 2.5])
def test_a_push_moves_the_picture_by_exactly_the_amount_and_codes_as_the_models_say(pool, models, seven, amount):
    v = contractive.direction(pool, STRONG, seven, 1)["direction"]
    answer = contractive.push(pool, STRONG, seven, v.tolist(), amount)
    assert answer["distance"] == pytest.approx(abs(amount), rel=1e-4)
    pushed = tensor(seven) + amount * torch.tensor(v).reshape(1, 1, 28, 28)
    ways = [(model.units(pushed) - model.units(tensor(seven))).norm().item() for model in models.values()]
    assert [answer[f"travel_{i}"] for i in range(3)] == pytest.approx(ways, rel=1e-3)
    assert answer["travelled"] == answer["travel_1"]
    assert answer["ratio"] == pytest.approx(ways[1] / abs(amount), rel=1e-3)
    np.testing.assert_array_equal(answer["code"].ravel()[:UNITS], (255 * models[STRONG].units(pushed))[0].round())
    np.testing.assert_allclose(answer["x_hat"], (255 * models[STRONG].decode(models[STRONG].encode(pushed)))[0], atol=1)


def test_without_a_push_nothing_moves_and_the_ratio_is_its_limit(pool, seven):
    found = contractive.direction(pool, PLAIN, seven, 1)
    answer = contractive.push(pool, PLAIN, seven, found["direction"].tolist(), 0)
    assert answer["distance"] == answer["travelled"] == 0
    assert answer["ratio"] == pytest.approx(found["value"], rel=1e-5)
    np.testing.assert_array_equal(answer["pushed"].ravel(), seven)


def test_the_least_contracted_direction_moves_the_code_more_than_the_most_contracted(pool, seven):
    first, last = (
        contractive.push(pool, PLAIN, seven, contractive.direction(pool, PLAIN, seven, i)["direction"].tolist(), 1)
        for i in (1, PIXELS)
    )
    assert first["travelled"] > 10 * last["travelled"]


def test_a_movement_is_measured_in_mean_distances_between_codes(pool, models, seven):
    answer = contractive.moved(pool, seven, **STILL | {"dx": 3})
    there = tensor(seven).roll(3, dims=3)  # its right margin is black
    np.testing.assert_array_equal(answer["moved"], (255 * there[0]).numpy())
    ways = [(model.units(there) - model.units(tensor(seven))).norm().item() for model in models.values()]
    assert [answer[f"travel_{i}"] for i in range(3)] == pytest.approx([ways[0] / 4, ways[1] / 2, ways[2] / 5], rel=1e-3)


def test_a_seed_gives_the_same_noise_again_and_its_deviation_is_the_amount(pool):
    first, again, other = (
        contractive.moved(pool, blank(127), **STILL | {"noise": 0.1, "seed": seed})["moved"] for seed in (4, 4, 5)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert (first / 255).std() == pytest.approx(0.1, rel=0.1)


@pytest.mark.parametrize(("kind", "most"), [("dx", 5), ("dy", 5), ("degrees", 45), ("noise", 1)])
def test_a_course_begins_at_nothing_and_ends_where_the_slider_does(pool, seven, kind, most):
    answer = contractive.course(pool, seven, kind, 1)
    assert (answer["amounts"][0], answer["amounts"][-1]) == (0, most)
    end = contractive.moved(pool, seven, **STILL | {kind: most})
    for i in range(3):
        assert answer[f"line_{i}"][0] == pytest.approx(0, abs=1e-6)  # one picture and many are summed in another order
        assert answer[f"line_{i}"][-1] == pytest.approx(end[f"travel_{i}"], rel=1e-4)


@pytest.mark.parametrize("value", [0, 255])
def test_an_empty_and_an_all_white_picture_have_finite_answers(pool, value):
    x = blank(value)
    found = contractive.direction(pool, STRONG, x, 1)
    answers = [
        contractive.sensitivity(pool, x, "common"),
        contractive.spectra(pool, x),
        found,
        contractive.push(pool, STRONG, x, found["direction"].tolist(), 6),
        contractive.moved(pool, x, 5, -5, 45, 1, 0),
        contractive.course(pool, x, "degrees", 0),
    ]
    assert all(np.isfinite(array).all() for answer in answers for array in answer.values())
    assert answers[0]["maps"].max() == 255


@pytest.mark.parametrize(
    ("handler", "changes", "sentence"),
    [
        ("sensitivity", {"x": [0] * 10}, "The picture must be 784 numbers"),
        ("sensitivity", {"scale": "loud"}, "The scale must be one of"),
        ("sensitivity", {"scale": []}, "The scale must be one of"),
        ("spectra", {"x": "seven"}, "The picture must be a list of numbers"),
        ("direction", {"index": 0}, "The number of the direction must be from 1 to 784"),
        ("direction", {"index": 1.5}, "The number of the direction must be a whole number"),
        ("direction", {"checkpoint": "contractive/none"}, "There is no checkpoint named"),
        ("direction", {"checkpoint": "vae/small"}, "The model must be one of"),
        ("push", {"direction": [0.0] * PIXELS}, "The direction must have length 1"),
        ("push", {"direction": [1.0]}, "The direction must be 784 numbers"),
        ("push", {"amount": float("nan")}, "The amount must be a finite number"),
        ("moved", {"dx": None}, "The shift to the right must be a finite number"),
        ("moved", {"seed": -1}, "The seed must be from 0"),
        ("course", {"kind": "scale"}, "The movement must be one of"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(make_checkpoint, pool, seven, handler, changes, sentence):
    make_checkpoint("vae")
    pool = Pool(pool.root)
    asked = {
        "sensitivity": {"x": seven, "scale": "common"},
        "spectra": {"x": seven},
        "direction": {"checkpoint": PLAIN, "x": seven, "index": 1},
        "push": {"checkpoint": PLAIN, "x": seven, "direction": [1.0] + [0.0] * (PIXELS - 1), "amount": 1},
        "moved": {"x": seven, **STILL},
        "course": {"x": seven, "kind": "dx", "seed": 1},
    }[handler]
    with pytest.raises(Refused, match=sentence):
        contractive.HANDLERS[handler](pool, **asked | changes)


def test_without_a_contractive_checkpoint_every_question_is_refused(tmp_path, seven):
    with pytest.raises(Refused, match="There is no contractive checkpoint"):
        contractive.sensitivity(Pool(tmp_path), seven, "common")


def test_a_model_that_does_not_say_how_far_apart_its_codes_are_is_left_out_and_the_others_move(pool, seven):
    every = contractive.moved(pool, seven, **STILL | {"dx": 2})
    place = compared(pool, "mnist").index(STRONG)
    pool.configs[STRONG] = replace(pool.configs[STRONG], profile={})
    rest = contractive.moved(pool, seven, **STILL | {"dx": 2})
    assert every.keys() - rest.keys() == {f"travel_{place}"}
    assert all(np.array_equal(every[key], value) for key, value in rest.items())


def test_where_no_model_says_how_far_apart_its_codes_are_one_is_named(pool, seven):
    pool.configs |= {name: replace(config, profile={}) for name, config in pool.configs.items()}
    with pytest.raises(Refused, match=f"{PLAIN} has no code_distance in its profile"):
        contractive.moved(pool, seven, **STILL)


def test_the_table_has_published_figures_and_a_dash_where_there_is_none(pool):
    measured = {"test": {"jacobian": 0.714, "saturation": 84.2}}
    pool.configs[STRONG] = replace(pool.configs[STRONG], figures=measured)
    plain, strong, denoising = table(pool).splitlines()[2:]
    assert plain == "| AE (λ = 0) | 17.50 | — | 49.90 | — | 1.78 | — |"
    assert strong == "| CAE λ = .3 | 0.73 | 0.71 | 86.36 | 84.20 | 1.14 | — |"
    assert denoising.startswith("| DAE 25 % | 7.87 |")
