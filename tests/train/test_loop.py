"""Training: a killed run ends where an unbroken one ends, and each step is what its recipe says."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer import checkpoint
from explorer.data import dsprites
from explorer.models import MODELS
from tests.train import two_processes
from train import loop
from train.recipe import Recipe
from train.recipes import RECIPES

NOISY = replace(
    two_processes.RECIPE, family="vae", model={"latent_dim": 2, "hidden": [16]}, max_shift=1, binarize=True, steps=60
)


def test_a_killed_run_goes_on_to_the_same_weights(tmp_path, digits, monkeypatch):
    whole = loop.train(NOISY, digits, tmp_path / "whole").model.state_dict()

    monkeypatch.setattr(loop, "SAVE_SECONDS", 0.0)
    draw = loop.draw_batch
    calls = []

    def killed(*arguments):
        calls.append(1)
        if len(calls) > 35:
            raise KeyboardInterrupt
        return draw(*arguments)

    monkeypatch.setattr(loop, "draw_batch", killed)
    with pytest.raises(KeyboardInterrupt):
        loop.train(NOISY, digits, tmp_path / "killed")
    monkeypatch.setattr(loop, "draw_batch", draw)
    resumed = loop.train(NOISY, digits, tmp_path / "killed", resume=True)
    assert [entry["step"] for entry in resumed.history] == list(range(1, 61))
    for name, weights in resumed.model.state_dict().items():
        torch.testing.assert_close(weights, whole[name], msg=name)


def test_an_unfinished_save_is_not_gone_on_from(tmp_path):
    (tmp_path / "step-00000010").mkdir()
    (tmp_path / "step-00000020").mkdir()
    (tmp_path / "partial").mkdir()
    assert loop.latest_state(tmp_path).name == "step-00000020"
    assert loop.latest_state(tmp_path / "nowhere") is None


def test_the_saved_weights_are_the_average_and_not_the_last_ones(tmp_path, digits):
    last = loop.train(replace(NOISY, ema_decay=0.0), digits, tmp_path / "last").model
    average = loop.train(replace(NOISY, ema_decay=0.99), digits, tmp_path / "average").model
    assert not torch.allclose(last.decoder[0].weight, average.decoder[0].weight, atol=1e-4)


def test_a_short_run_ships_weights_as_good_as_the_live_ones(tmp_path, digits):
    recipe = replace(NOISY, family="autoencoder", model={"latent_dim": 8, "hidden": [64]}, steps=300)
    recipe = replace(recipe, binarize=False, max_shift=0, ema_decay=0.999, warmup_steps=500)

    def error(decay):
        model = loop.train(replace(recipe, ema_decay=decay), digits, tmp_path / str(decay)).model
        with torch.inference_mode():
            return model.loss(digits.float() / 255)["loss"].item()

    assert error(0.999) < 1.02 * error(0.0) < 30  # of 53 that the mean picture gives


def test_the_average_forgets_where_each_stage_began_and_is_the_recipes_own_in_the_end():
    recipe = replace(NOISY, steps=40_000, stages=[0.75, 0.25], ema_decay=0.999)
    begun = [loop.average_decay(step, recipe) for step in (10, 30_010)]
    assert begun[0] == begun[1] < 0.01
    assert loop.average_decay(30_000, recipe) == loop.average_decay(40_000, recipe) == 0.999**loop.AVERAGE_EVERY
    left = 1.0  # of the first weights, after a stage of 400 steps
    for step in range(10, 401, 10):
        left *= loop.average_decay(step, replace(recipe, steps=400, stages=1))
    assert left < 1e-6


def test_a_short_stage_reaches_the_peak_of_its_learning_rate():
    recipe = replace(NOISY, steps=100, stages=[0.75, 0.25], warmup_steps=500)
    rates = [loop.rate(step, recipe) for step in range(100)]
    assert max(rates[:75]) > 0.45
    assert max(rates[75:]) > 0.45


def test_the_learning_rate_rises_to_its_peak_and_falls_to_zero():
    recipe = replace(NOISY, steps=1000, warmup_steps=100)
    rates = [loop.rate(step, recipe) for step in range(1001)]
    assert 0 < rates[0] < 0.02
    assert max(rates) == pytest.approx(rates[99], abs=0.01)
    assert rates[-1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("changes", "values"), [({"binarize": True}, {0.0, 1.0}), ({"binarize": False}, None)])
def test_a_batch_is_binarised_only_where_the_recipe_says_so(digits, changes, values):
    recipe = replace(NOISY, max_shift=0, **changes)
    (x,) = loop.draw_batch(digits, recipe, torch.Generator().manual_seed(0))
    assert x.shape == (64, 1, 28, 28)
    found = set(x.unique().tolist())
    assert found == values if values else len(found) > 100


def test_shifting_moves_the_ink_and_keeps_all_of_it(digits):
    generator = torch.Generator().manual_seed(0)
    (plain,) = loop.draw_batch(digits, replace(NOISY, max_shift=0, binarize=False), torch.Generator().manual_seed(0))
    (shifted,) = loop.draw_batch(digits, replace(NOISY, max_shift=1, binarize=False), generator)
    torch.testing.assert_close(plain.sum(), shifted.sum())


def test_every_step_and_source_of_randomness_has_a_seed_of_its_own():
    seeds = {loop.stream(seed, step, source) for seed in range(3) for step in range(500) for source in range(3)}
    assert len(seeds) == 3 * 500 * 3


def test_a_run_goes_on_from_one_in_its_own_folder_before_the_shipped_one_of_that_name(tmp_path):
    start = "beta_vae/dsprites-staged4"
    other = checkpoint.load_model(loop.SHIPPED / start)
    model = MODELS["beta_vae"]((1, 64, 64), latent_dim=10, patch=4, channels=[32, 64, 64])
    loop.begin(model, start, tmp_path)
    torch.testing.assert_close(model.state_dict(), other.state_dict())
    other.inner[0].bias.data.zero_()
    checkpoint.save(tmp_path / start, other, checkpoint.read_config(loop.SHIPPED / start))
    loop.begin(model, start, tmp_path)
    torch.testing.assert_close(model.state_dict(), other.state_dict())


def test_a_turned_run_begins_with_the_same_pictures_from_other_dimensions(tmp_path):
    pictures = torch.from_numpy(dsprites.render(np.random.default_rng(0).integers(0, 737_280, 500))) * 255
    recipe = RECIPES["beta_vae/dsprites-warm16"]
    same, turned = (loop.made(replace(recipe, turned=turn), pictures, tmp_path) for turn in (False, True))
    shipped, x = checkpoint.load_model(loop.SHIPPED / recipe.start), pictures / 255
    torch.testing.assert_close(same.encode(x), shipped.encode(x))
    assert not torch.allclose(turned.encode(x), shipped.encode(x), atol=0.05)
    expected = shipped.decode(shipped.encode(x))
    torch.testing.assert_close(turned.decode(turned.encode(x)), expected, atol=1e-3, rtol=0)


def test_recipes_cannot_be_changed_by_accident():
    with pytest.raises(AttributeError):
        NOISY.steps = 1
    assert isinstance(NOISY, Recipe)


def test_each_stage_has_its_own_course_of_the_learning_rate():
    recipe = replace(NOISY, steps=1000, stages=[0.75, 0.25], warmup_steps=10)
    rates = [loop.rate(step, recipe) for step in range(1001)]
    assert rates[9] > 0.99
    assert rates[749] < 1e-4
    assert rates[759] > 0.99
    assert rates[999] < 1e-3
    assert rates[1000] == 0


def test_what_did_best_on_other_pictures_is_what_is_kept(digits):
    model = torch.nn.Module()
    model.part = torch.nn.Linear(1, 1)
    losses = iter([3.0, 1.0, 2.0])
    model.held_out = lambda x, labels: {"part": next(losses)}
    best = loop.Best()
    for weight in (0.0, 1.0, 2.0):
        torch.nn.init.constant_(model.part.weight, weight)
        best.judge(model, digits[:2], torch.zeros(2))
    best.restore(model)
    assert model.part.weight.item() == 1.0


def test_half_of_a_batch_is_mirrored_where_the_recipe_says_so(digits):
    def draw(**changes):
        recipe = replace(NOISY, max_shift=0, binarize=False, **changes)
        return loop.draw_batch(digits, recipe, torch.Generator().manual_seed(0), torch.arange(len(digits)))

    (plain, labels), (flipped, same_labels) = draw(), draw(flip=True)
    assert torch.equal(labels, same_labels)
    mirrored = [torch.equal(one, other.flip(-1)) for one, other in zip(plain, flipped, strict=True)]
    kept = [torch.equal(one, other) for one, other in zip(plain, flipped, strict=True)]
    assert all(one or other for one, other in zip(mirrored, kept, strict=True))
    assert 16 < sum(mirrored) < 48
