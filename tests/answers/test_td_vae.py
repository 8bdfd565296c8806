"""Handlers of the TD-VAE tab over small untrained models: what they say must be true of any weights."""

import numpy as np
import pytest
import torch

from explorer.answers import td_vae
from explorer.answers.td_vae_digits import FRAMES, GROUPS, WAYS
from explorer.compute import sequences
from explorer.data import moving_digits, sample_sheets
from explorer.metrics import kalman
from explorer.serve.pool import Pool
from explorer.serve.question import Refused
from explorer.tabs.td_vae_figures import digit_table, oscillator_table
from train.recipes.td_vae import FIGURES

DIGITS, OSCILLATOR = "td_vae/small", "td_vae/wave"
ASKED = {
    "futures": {"t": 10, "jump": 2, "jumps": 5, "draw": 0},
    "ways": {"t": 10, "draw": 0},
    "blind": {"t": 10, "marks": [0] * FRAMES, "later": 3, "draw": 0},
}
WAVE = {"frequency": 0.1, "amplitude": 1.0, "phase": 0.5, "noise": 0.3, "noise_seed": 1, "t": 50}


@pytest.fixture
def pool(make_checkpoint):
    make_checkpoint("td_vae", "wave", picture_shape=[1, 1, 1], longest_jump=120, frequencies=4, noise=0.3)
    return Pool(make_checkpoint("td_vae").parent.parent)


@pytest.fixture
def seven():
    return sample_sheets.load("mnist").pictures[0]


@pytest.fixture
def ask(pool, seven):
    """Asks one handler about the seven that moves to the right, with some arguments changed."""

    def ask(handler: str, **changes):
        world = {"checkpoint": DIGITS, "x": seven.ravel().tolist(), "start": 3, "speed": 1, "vertical": 0}
        return td_vae.HANDLERS[handler](pool, **{**world, **ASKED.get(handler, {}), **changes})

    return ask


@pytest.fixture
def listen(pool):
    def listen(handler: str, **changes):
        return td_vae.HANDLERS[handler](pool, **{"checkpoint": OSCILLATOR, **WAVE, **changes})

    return listen


def same(one: dict, other: dict, but: tuple = ()) -> None:
    """Two answers hold the same arrays, besides some."""
    assert one.keys() == other.keys()
    for name in one.keys() - set(but):
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@pytest.mark.parametrize("vertical", [0, 1])
def test_frames_are_the_rolled_black_or_white_digit(ask, seven, vertical):
    frames = ask("frames", speed=-2, vertical=vertical)["frames"]
    assert frames.shape == (FRAMES, 1, 28, 28)
    expected = np.roll(np.where(seven[0] > 127, 255, 0), 3 - 2 * 7, axis=0 if vertical else 1)
    np.testing.assert_array_equal(frames[7, 0], expected)


@pytest.mark.parametrize("handler", ASKED)
def test_the_same_seed_gives_the_same_answer_and_another_draw_others(ask, handler):
    one = ask(handler)
    same(one, ask(handler))
    other = ask(handler, draw=1)
    assert any((one[name] != other[name]).any() for name in one)


def test_futures_are_what_the_models_own_parts_give_for_their_seeds(ask, pool, seven):
    answer = ask("futures", t=4, jump=3, jumps=2)
    model = pool._models[DIGITS]
    x = moving_digits.move(torch.tensor(seven[None]) / 255, torch.tensor([3]), torch.tensor([1]), 10)
    with torch.inference_mode():
        belief, lengths = model.encode(x[:, :4])[:, -1], torch.tensor([3])
        for row, seed in enumerate(answer["seeds"]):
            noise = torch.tensor(np.random.default_rng(int(seed)).standard_normal((3, 1, 4), np.float32))
            states = [model.belief.draw(belief, noise[0])]
            for part in noise[1:]:
                states.append(model.jump(states[-1], lengths, part))
            expected = (torch.cat([model.decode(z) for z in states]) * 255).round()
            np.testing.assert_allclose(answer["futures"][row], expected, atol=1)
        predicted = (model.predict(x[:, :4], 6)[0, [2, 5]] * 255).round()
    np.testing.assert_allclose(answer["predicted"][1:], predicted, atol=1)
    np.testing.assert_array_equal(answer["predicted"][0], answer["truth"][0])
    np.testing.assert_array_equal(answer["truth"], 255 * x[0, [3, 6, 9]])
    assert answer["times"].tolist() == [4, 7, 10]


def test_showing_more_frames_changes_futures_but_neither_seeds_nor_what_happens(ask):
    one, more = ask("futures", t=5), ask("futures", t=6)
    assert (one["futures"] != more["futures"]).any()
    np.testing.assert_array_equal(one["seeds"], more["seeds"])
    np.testing.assert_array_equal(
        one["truth"][:, 0, :, :-1], more["truth"][:, 0, :, 1:]
    )  # a pixel further to the right
    same(ask("frames"), ask("frames"))


def test_more_jumps_leave_the_earlier_frames_of_each_future_as_they_were(ask):
    few, many = ask("futures", jumps=2), ask("futures", jumps=4)
    np.testing.assert_array_equal(few["futures"], many["futures"][:, :3])


def test_no_belief_depends_on_frames_that_are_not_shown(ask, monkeypatch):
    futures, beliefs = ask("futures"), ask("blind", later=2)
    world = sequences.world

    def disturbed(*arguments):
        frames = world(*arguments)
        frames[10:] = 1 - frames[10:]  # all that come after t
        return frames

    monkeypatch.setattr(sequences, "world", disturbed)
    same(futures, ask("futures"), but=("truth", "within"))
    after = ask("blind", later=2)
    same(beliefs, after, but=[name for name in after if name.startswith(("seen", "smoothed"))])
    assert (after["smoothed_samples"] != beliefs["smoothed_samples"]).any()  # which later frames are shown to


def test_marks_spoil_their_frames_and_only_the_blinded_groups(ask):
    clear = ask("blind")
    spoilt = ask("blind", marks=[0] * 5 + [1, 2, 3] + [0] * 12)
    assert (spoilt["seen"][5] == 0).all()
    assert 0.3 < (spoilt["seen"][6] == 255).mean() < 0.7
    np.testing.assert_array_equal(np.delete(spoilt["seen"], [5, 6], 0), np.delete(clear["seen"], [5, 6], 0))
    same(clear, spoilt, but=[name for name in clear if name.startswith(("seen", "blind", "smoothed"))])
    assert (spoilt["blind_samples"] != clear["blind_samples"]).any()
    np.testing.assert_array_equal(clear["blind_samples"], clear["clear_samples"])


def test_marks_beyond_t_change_nothing_that_is_believed(ask):
    same(ask("blind"), ask("blind", marks=[0] * 10 + [2] * 10), but=("seen",))


def test_a_skipped_frame_is_one_the_model_never_had(ask, pool, seven):
    skipped = ask("blind", t=3, marks=[0, 3] + [0] * 18)
    x = moving_digits.move(torch.tensor(seven[None]) / 255, torch.tensor([3]), torch.tensor([1]), 3)[:, [0, 2]]
    noise = torch.tensor(np.random.default_rng(0).standard_normal((1, 4), np.float32))
    model = pool._models[DIGITS]
    with torch.inference_mode():
        expected = model.decode(model.belief.draw(model.encode(x)[:, -1], noise))
    np.testing.assert_allclose(skipped["blind_samples"][0], (expected[0] * 255).round(), atol=1)


def test_the_ways_start_from_one_belief_and_arrive_at_one_time(ask):
    answer = ask("ways", t=8)
    assert answer["times"].tolist() == list(range(8, 15))
    for name, lengths in WAYS.items():
        assert sum(lengths) == 6
        assert len(answer[f"{name}_film"]) == 1 + len(lengths)
        np.testing.assert_array_equal(answer[f"{name}_film"][0], answer["one_film"][0])
        np.testing.assert_array_equal(answer[f"{name}_film"][-1], answer[f"{name}_samples"][0])


@pytest.mark.parametrize(
    ("handler", "changes", "sentence"),
    [
        ("futures", {"t": 0}, "number of frames shown must be from 1 to 20"),
        ("futures", {"t": 21}, "number of frames shown must be from 1 to 20"),
        ("futures", {"t": float("nan")}, "number of frames shown must be a whole number"),
        ("futures", {"jump": 7}, "length of a jump must be from 1 to 6"),
        ("futures", {"jumps": 0}, "number of jumps must be from 1 to 8"),
        ("futures", {"speed": 4}, "speed must be from -3 to 3"),
        ("futures", {"x": [0] * 783}, "picture must be 784 numbers"),
        ("futures", {"x": [float("nan")] * 784}, "not a finite number"),
        ("futures", {"checkpoint": OSCILLATOR}, "is no TD-VAE of moving digits"),
        ("blind", {"marks": []}, "marks must be 20 numbers, one for each frame, but 0 came"),
        ("blind", {"marks": [0] * 21}, "but 21 came"),
        ("blind", {"marks": [float("nan")] * 20}, "Each mark must be"),
        ("blind", {"marks": [3] * 20}, "must be shown at least one frame"),
        ("blind", {"later": 0}, "How much later it is must be from 1 to 6"),
        ("ways", {"draw": -1}, "draw must be from 0"),
    ],
)
def test_a_bad_question_about_digits_is_refused_with_one_sentence(ask, handler, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        ask(handler, **changes)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"t": 0}, "number of steps shown must be from 1 to 200"),
        ({"t": 201}, "number of steps shown must be from 1 to 200"),
        ({"frequency": float("nan")}, "frequency must be a finite number"),
        ({"noise": "loud"}, "noise must be a finite number"),
        ({"checkpoint": DIGITS}, "is no TD-VAE of oscillators"),
    ],
)
def test_a_bad_question_about_an_oscillator_is_refused_with_one_sentence(listen, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        listen("oscillation", **changes)


def test_a_model_with_short_jumps_cannot_be_compared_over_long_ones(make_checkpoint, seven):
    short = Pool(make_checkpoint("td_vae", longest_jump=3).parent.parent)
    with pytest.raises(Refused, match="jumps by 3 frames at most"):
        td_vae.HANDLERS["ways"](short, DIGITS, seven.ravel().tolist(), 0, 1, 0, 5, 0)


def test_curves_stand_where_they_belong_and_nowhere_else(listen):
    answer = listen("oscillation") | listen("fan", jump=20, draw=0)
    time = answer["axis"]
    ahead = (time >= 50) & (time < 170)
    np.testing.assert_array_equal(np.isfinite(answer["context"]), time < 50)
    for name in ("kalman", "predicted", "fan_mean"):
        np.testing.assert_array_equal(np.isfinite(answer[name]), ahead)
    for name, rows in (("kalman_band", 2), ("fan", 32)):
        np.testing.assert_array_equal(np.isfinite(answer[name]), np.tile(ahead, (rows, 1)))
    signal = np.cos(0.1 * time + 0.5)
    np.testing.assert_allclose(answer["signal"][time < 170], signal[time < 170], atol=1e-5)
    assert answer["kalman_error"] == pytest.approx(np.sqrt(np.mean((answer["kalman"] - signal)[ahead] ** 2)), abs=1e-5)


def test_hidden_steps_of_an_oscillator_tell_nothing(listen, monkeypatch):
    seen = listen("oscillation"), listen("fan", jump=7, draw=0)
    from explorer.answers import td_vae_oscillator

    heard = td_vae_oscillator.listen

    def disturbed(*arguments):
        t, signal, x, *rest = heard(*arguments)
        x[t:] = 99
        return t, signal, x, *rest

    monkeypatch.setattr(td_vae_oscillator, "listen", disturbed)
    same(seen[0], listen("oscillation"))
    same(seen[1], listen("fan", jump=7, draw=0))


def test_jumps_with_a_shorter_one_for_the_rest_reach_every_step(pool):
    noise = sequences.noise(np.arange(3), 2 + 12 // 5, 4)

    belief = np.ones(8, np.float32)
    every = pool.run(OSCILLATOR, "foresee_steps", belief=belief, noise=noise, length=5, steps=12)["z"]
    tenth = pool.run(OSCILLATOR, "foresee", belief=belief, noise=noise[:3], lengths=[5, 5])["z"][-1]
    twelfth = pool.run(OSCILLATOR, "foresee", belief=belief, noise=noise, lengths=[5, 5, 2])["z"][-1]
    assert every.shape == (12, 3, 4)
    np.testing.assert_allclose(every[11], twelfth, atol=1e-6)
    np.testing.assert_allclose(every[9], tenth, atol=1e-6)


def test_a_forecast_is_that_of_bayesian_regression_on_both_waves():
    rng = np.random.default_rng(0)
    x, frequency, noise, variance = rng.normal(size=30), 0.13, 0.4, 0.5
    means, deviations = kalman.forecast(
        *kalman.filtered(x[None], np.array([frequency]), noise, variance), np.array([frequency]), 20
    )
    waves = np.stack([np.cos(frequency * np.arange(50)), np.sin(frequency * np.arange(50))], axis=1)
    covariance = np.linalg.inv(np.eye(2) / variance + waves[:30].T @ waves[:30] / noise**2)
    np.testing.assert_allclose(means[0], waves[30:] @ covariance @ waves[:30].T @ x / noise**2)
    np.testing.assert_allclose(deviations[0], np.sqrt(np.diag(waves[30:] @ covariance @ waves[30:].T)))


def test_the_table_holds_what_was_measured_and_is_empty_without():
    assert digit_table({}) == oscillator_table({}) == ""
    figures = {key: float(number) for number, key in enumerate(FIGURES)}
    assert f"**{figures['negative_j']:.1f}**" in digit_table(figures)
    assert f"| {figures['within_4_3']:.1f} | {figures['within_6_3']:.1f} |" in digit_table(figures)
    assert f"| {figures['phase_120']:.2f} | {figures['kalman_phase']:.2f} |" in oscillator_table(figures)


def test_groups_say_how_far_apart_their_samples_are(ask):
    answer = ask("blind")
    for group in GROUPS:
        assert answer[f"{group}_samples"].shape == (8, 1, 28, 28)
        assert answer[f"{group}_summary"].shape == (2, 1, 28, 28)
        assert 0 <= answer[f"{group}_deviation"] <= 14  # two places on opposite sides
        assert 1 <= answer[f"{group}_places"] <= 28
