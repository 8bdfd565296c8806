"""The denoising tab's answers, against the models themselves."""

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio

from explorer import checkpoint
from explorer.answers import common, denoising, units
from explorer.compute.corruption import LABELS
from explorer.data import sample_sheets
from explorer.serve.pool import Pool
from explorer.serve.question import Refused
from explorer.tabs import denoising as tab
from explorer.tabs import denoising_families


@pytest.fixture
def pool(make_checkpoint):
    """Three untrained models of digits, one of garments, and a stack."""
    make_checkpoint("denoising", "clean", level=0.0)
    make_checkpoint("denoising", "masked", level=0.5)
    make_checkpoint("denoising", "noisy", corruption="gaussian", level=0.3)
    folder = make_checkpoint("denoising", "stack", hidden=[16, 12, 8], level=0.25)
    return Pool(folder.parent.parent)


@pytest.fixture
def seven():
    return sample_sheets.load("mnist").pictures[0].ravel().tolist()


def corrupted(pool, x, kind="masking", level=0.5, seed=3):
    return common.corrupt(pool, x, kind, level, seed)["x_tilde"]


def kind(config) -> str:
    """The first line of a label: the second one is the name of a model that is not the app's."""
    return tab.label(config).split("\n")[0]


def test_models_stand_in_the_order_clean_first_and_the_stack_last(pool):
    assert denoising.models(pool, "mnist") == [f"denoising/{name}" for name in ("clean", "masked", "noisy", "stack")]
    labels = [kind(pool.configs[name]) for name in denoising.models(pool, "mnist")]
    assert labels == ["trained clean", "masking 50 %", "Gaussian .3", "stack of 3"]


def test_the_one_for_any_noise_stands_behind_the_single_layers_and_before_the_stack(pool, make_checkpoint):
    make_checkpoint(
        "denoising", "any", hidden=(), channels=[4, 4], blocks=1, code_channels=2, corruption="any", level=1
    )
    labels = [kind(config) for config in map(Pool(pool.root).config, denoising.models(Pool(pool.root), "mnist"))]
    assert labels == ["trained clean", "masking 50 %", "Gaussian .3", "any noise", "stack of 3"]
    assert denoising.single_layers(Pool(pool.root)) == denoising.models(pool, "mnist")[:3]


def test_curves_and_table_are_what_was_measured_beside_the_other_families(shipped):
    name = denoising_families.find(shipped)
    measured = shipped.configs[name]["profile"]["families"]
    for kind in LABELS:
        answer = denoising.HANDLERS["families"](shipped, name, kind)
        for number, row in enumerate(measured["errors"][kind].values()):
            np.testing.assert_allclose(answer["errors"][number], row, rtol=1e-6)
            np.testing.assert_array_equal(answer[f"error_{number}"], answer["errors"][number])


def test_a_model_that_was_not_measured_beside_others_is_refused(pool):
    assert denoising_families.find(pool) is None
    with pytest.raises(Refused, match="was not measured beside other families"):
        denoising.HANDLERS["families"](pool, "denoising/clean", "masking")


def test_every_model_answers_with_its_own_reconstruction_of_the_spoilt_picture(pool, seven):
    x_tilde = corrupted(pool, seven)
    answer = denoising.denoise(pool, "mnist", seven, x_tilde.ravel().tolist(), 1, 0)
    for i, name in enumerate(denoising.models(pool, "mnist")):
        model = checkpoint.load_model(pool.root / name)
        x_hat = model.decode(model.encode(torch.tensor(x_tilde)[None] / 255))[0]
        np.testing.assert_allclose(answer["x_hat"][i], 255 * x_hat, atol=1)
        clean = np.reshape(seven, (28, 28)) / 255
        expected = peak_signal_noise_ratio(clean, x_hat[0].numpy().astype(float), data_range=1)
        assert answer["psnr"][i] == pytest.approx(expected, abs=1e-3)


def test_two_passes_feed_the_first_ones_picture_again(pool, seven):
    x_tilde = corrupted(pool, seven).ravel().tolist()
    model = checkpoint.load_model(pool.root / "denoising/masked")
    once = model.decode(model.encode(torch.tensor(x_tilde).reshape(1, 1, 28, 28) / 255))
    twice = model.decode(model.encode(once))
    answer = denoising.denoise(pool, "mnist", seven, x_tilde, 2, 1)
    np.testing.assert_allclose(answer["x_hat"][1], 255 * twice[0], atol=1)
    assert answer["moved"][1] == pytest.approx((twice - once).norm().item(), rel=1e-3)


def test_the_pair_holds_the_clean_the_spoilt_and_the_chosen_models_picture(pool, seven):
    x_tilde = corrupted(pool, seven)
    answer = denoising.denoise(pool, "mnist", seven, x_tilde.ravel().tolist(), 1, 2)
    np.testing.assert_allclose(answer["pair"][0].ravel(), seven)
    np.testing.assert_allclose(answer["pair"][1], x_tilde.clip(0, 255), atol=1)
    np.testing.assert_array_equal(answer["pair"][2], answer["x_hat"][2])
    assert np.isinf(answer["pair_psnr"][0])


def test_gaussian_noise_reaches_the_model_unclipped(pool, seven):
    x_tilde = corrupted(pool, seven, "gaussian", 0.8)
    assert x_tilde.min() < 0
    assert x_tilde.max() > 255


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("value", [0, 255])
def test_empty_and_full_pictures_at_both_ends_of_the_level_give_numbers(pool, kind, level, value):
    x = [value] * 784
    x_tilde = common.corrupt(pool, x, kind, level, 1)["x_tilde"].ravel().tolist()
    answer = denoising.denoise(pool, "mnist", x, x_tilde, 20, 0)
    assert not any(np.isnan(array).any() for array in answer.values())


def test_the_stack_shows_every_layer(pool, seven):
    answer = denoising.layers(pool, "denoising/stack", seven)
    model = checkpoint.load_model(pool.root / "denoising/stack")
    codes = model.encode_layers(torch.tensor(seven).reshape(1, 1, 28, 28) / 255)
    assert answer["code_1"].shape == (1, 1, 40)  # 16 units in one row of 40 cells
    np.testing.assert_allclose(answer["code_2"].ravel()[:12], 255 * codes[1][0], atol=1)
    np.testing.assert_allclose(answer["depths"][1], 255 * model.decode_from(codes[1], 2)[0], atol=1)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ({"x": [0] * 783}, "The picture must be 784 numbers"),
        ({"x_tilde": [float("nan")] * 784}, "not a finite number"),
        ({"times": 0}, "The number of iterations must be from 1 to 50"),
        ({"times": 1.5}, "whole number"),
        ({"focus": -1}, "The model must be from 0"),
        ({"data": "cats"}, "no pictures of 'cats'"),
    ],
)
def test_a_wrong_question_is_refused_with_one_sentence(pool, question, sentence):
    good = {"data": "mnist", "x": [0] * 784, "x_tilde": [0] * 784, "times": 1, "focus": 0}
    with pytest.raises(Refused, match=sentence):
        denoising.denoise(pool, **(good | question))


@pytest.mark.parametrize("level", [float("nan"), "much", None])
def test_a_level_that_is_no_number_is_refused(pool, level):
    with pytest.raises(Refused, match="The level must be a finite number"):
        common.corrupt(pool, [0] * 784, "masking", level, 1)


@pytest.mark.parametrize("hidden", [[16, 8], [20, 16, 12, 8, 4]])
def test_stacks_of_ones_own_may_be_lower_or_higher(pool, make_checkpoint, seven, hidden):
    folder = make_checkpoint("denoising", "mine", hidden=hidden, level=0.25)
    answer = denoising.layers(Pool(pool.root), "denoising/mine", seven)
    shown = [answer[name].shape[0] > 0 for name in denoising.CODES]
    assert shown == [layer < len(hidden) for layer in range(5)]
    x = torch.tensor(seven).reshape(1, 1, 28, 28) / 255
    with torch.inference_mode():
        expected = checkpoint.load_model(folder).decode_layers(x)
    np.testing.assert_allclose(answer["depths"], 255 * expected, atol=0.51)


def test_a_stack_says_nothing_of_pictures_of_another_of_the_apps_sets(make_checkpoint):
    make_checkpoint("denoising", "stack", hidden=[16, 12, 8], level=0.25)
    folder = make_checkpoint("denoising", "rooms", picture_shape=[3, 64, 64])
    config = folder / "config.json"
    config.write_text(config.read_text().replace('"mnist"', '"shapes3d"'))
    answer = denoising.layers(Pool(folder.parent.parent), "denoising/stack", [0] * (3 * 64 * 64))
    assert [pictures.shape for pictures in answer.values()] == [(0, 1, 28, 28)] * 6


def test_of_more_layers_than_can_be_shown_there_is_no_stack(pool, make_checkpoint, seven):
    make_checkpoint("denoising", "deep", hidden=[8] * 6, level=0.25)
    assert denoising.stacks(Pool(pool.root)) == ["denoising/stack"]


def test_a_single_layer_is_no_stack(pool):
    with pytest.raises(Refused, match="no stack of 2 to 5 layers"):
        denoising.layers(pool, "denoising/clean", [0] * 784)


def test_a_units_card_shows_the_pictures_that_excite_it_most(pool):
    model = checkpoint.load_model(pool.root / "denoising/masked")
    pictures = torch.tensor(sample_sheets.load("mnist").pictures)
    values = model.units(pictures / 255)[:, 5].numpy()
    card = units.unit(pool, "denoising/masked", 5)
    np.testing.assert_allclose(card["top_activations"], np.sort(values)[::-1][: units.TOP], rtol=1e-5)
    np.testing.assert_array_equal(card["top"][0], pictures[values.argmax()])
    assert card["spread"].sum() == pytest.approx(1)
    assert card["mean"] == pytest.approx(values.mean(), rel=1e-5)


def test_filters_are_weighted_by_their_pixels_deviation_and_begin_again_after_the_last_page(pool):
    first, again = (units.filters(pool, "denoising/masked", page) for page in (0, 7))
    np.testing.assert_array_equal(first["filters"], again["filters"])  # sixteen units fill one page
    weight = checkpoint.load_model(pool.root / "denoising/masked").filters[3].reshape(28, 28).numpy()
    effect = weight * sample_sheets.load("mnist").pictures.std(axis=(0, 1))
    shown = first["filters"][3, 0].astype(float)
    assert np.corrcoef(shown.ravel(), effect.ravel())[0, 1] > 0.999
    assert first["units"][3] == 3


def test_a_unit_that_does_not_exist_is_refused(pool):
    with pytest.raises(Refused, match="The unit must be from 0 to 15"):
        units.unit(pool, "denoising/masked", 16)


def test_dropout_spares_the_input_and_scales_what_is_left_of_the_code(shipped):
    name, x = "denoising/mnist-mask50", sample_sheets.load("mnist").pictures[3]
    answer = denoising.dropout(shipped, name, x.ravel().tolist(), 0.4, 7)
    model = checkpoint.load_model(shipped.root / name)
    uniform = np.random.default_rng(7).random(784, np.float32)
    np.testing.assert_array_equal(answer["clean_x"][0], x)
    np.testing.assert_array_equal(answer["masked_x"].ravel(), np.where(uniform < 0.4, 0, x.ravel()))
    code = model.encode(torch.tensor(x[None] / 255, dtype=torch.float32))
    keeps = np.random.default_rng(7).random(code.shape[1], np.float32) >= 0.4
    left = code * torch.tensor(keeps) / 0.6
    expected = (model.decode(left) * 255).round().numpy()
    assert np.abs(answer["dropped_x_hat"] - expected).max() <= 1
    assert np.abs(answer["dropped_code"].ravel()[: code.shape[1]] - (left * 255).clip(0, 255).numpy()).max() <= 1


def test_without_anything_dropped_both_rows_are_the_same(shipped):
    x = sample_sheets.load("mnist").pictures[3].ravel().tolist()
    answer = denoising.dropout(shipped, "denoising/mnist-mask50", x, 0, 7)
    for masked, dropped in (
        ("masked_x", "clean_x"),
        ("masked_code", "dropped_code"),
        ("masked_x_hat", "dropped_x_hat"),
    ):
        np.testing.assert_array_equal(answer[masked], answer[dropped])
