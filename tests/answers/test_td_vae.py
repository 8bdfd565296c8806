"""Handlers of the TD-VAE tab over small untrained models: what they say must be true of any weights."""

import numpy as np
import pytest
import torch

from explorer import checkpoint
from explorer.answers import td_vae, td_vae_oscillator
from explorer.answers.td_vae_digits import FRAMES, GROUPS, WAYS
from explorer.checkpoint import config
from explorer.compute import sequences
from explorer.data import moving_digits, oscillator, sample_sheets
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
WAVE = {"frequency": 0.1, "amplitude": 1.0, "phase": 0.5, "pushes": 0.05, "noise": 0.3, "noise_seed": 1, "t": 50}


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
        ({"pushes": float("nan")}, "deviation of a push must be a finite number"),
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
    answer = listen("oscillation", pushes=0) | listen("fan", pushes=0, jump=20, draw=0)
    time = answer["axis"]
    ahead = (time >= 50) & (time < 170)
    np.testing.assert_array_equal(np.isfinite(answer["context"]), time < 50)
    np.testing.assert_array_equal(np.isfinite(answer["predicted"]), ahead)
    for name, rows in (("kalman_band", 2), ("band", 2), ("others", td_vae_oscillator.OTHERS)):
        np.testing.assert_array_equal(np.isfinite(answer[name]), np.tile(ahead, (rows, 1)))
    signal = oscillator.DECAY**time * np.cos(0.1 * time + 0.5)
    np.testing.assert_allclose(answer["signal"][time < 170], signal[time < 170], atol=1e-5)
    for other in answer["others"]:  # where nothing pushes there is a single future
        np.testing.assert_allclose(other[ahead], signal[ahead], atol=1e-5)
    error = np.abs(answer["predicted"] - signal)[ahead].mean()
    assert answer["predicted_score"] == pytest.approx(error, abs=1e-5)


def test_what_could_have_come_begins_where_what_is_was_last_and_leaves_it_by_the_pushes(pool):
    firsts = []
    for seed in range(40):
        coming = td_vae_oscillator.listen(pool, OSCILLATOR, **{**WAVE, "noise_seed": seed}).coming
        assert len(np.unique(coming, axis=0)) == 1 + td_vae_oscillator.OTHERS
        firsts.append(coming[:, 0] - coming[:, 0].mean())
    independent = td_vae_oscillator.OTHERS / (1 + td_vae_oscillator.OTHERS)  # of the variance is left about the mean
    assert np.var(firsts) == pytest.approx(independent * WAVE["pushes"] ** 2, rel=0.15)


def test_the_filter_holds_95_of_100_courses_and_the_share_inside_is_that_of_all_of_them(listen):
    answers = [listen("oscillation", amplitude=0.8, t=150, noise_seed=seed) for seed in range(60)]
    shares = [answer["kalman_inside"] for answer in answers]
    assert np.mean(shares) == pytest.approx(95, abs=2.5)
    one = answers[0]
    ahead = np.isfinite(one["kalman_band"][0])
    coming = np.stack([one["signal"], *one["others"]])[:, ahead]
    low, high = one["kalman_band"][:, ahead]
    assert one["kalman_inside"] == pytest.approx(100 * np.mean((low <= coming) & (coming <= high)), abs=0.1)


def test_a_jump_reaches_the_last_step_by_one_call_and_shorter_ones_by_more(listen):
    calls = [listen("fan", jump=jump, draw=0)["calls"] for jump in (120, 60, 59, 1)]
    assert calls == [1, 2, 3, 120]


def test_the_band_of_one_jump_is_that_of_its_futures(listen, pool):
    answer = listen("fan", jump=120, draw=0)
    heard = td_vae_oscillator.listen(pool, OSCILLATOR, **WAVE)
    noise = sequences.noise(np.arange(td_vae_oscillator.DRAWS), 2, 4)
    belief = pool.run(OSCILLATOR, "encode", x=heard.context)["z"][0, -1]
    z = pool.run(OSCILLATOR, "foresee", belief=belief, noise=noise, lengths=[40])["z"][-1]
    landed = pool.run(OSCILLATOR, "decode", z=z)["x_hat"].ravel()
    assert answer["band"][:, 50 + 39] == pytest.approx(np.quantile(landed, (0.025, 0.975), method="weibull"), abs=1e-5)


def test_hidden_steps_of_an_oscillator_tell_nothing(listen, monkeypatch):
    def bands():
        answer = listen("oscillation") | listen("fan", jump=7, draw=0)
        return {name: answer[name] for name in ("context", "kalman_band", "predicted", "band")}

    seen, heard = bands(), td_vae_oscillator.listen

    def disturbed(*arguments):
        told = heard(*arguments)
        told.seen[told.t :] = 99
        return told

    monkeypatch.setattr(td_vae_oscillator, "listen", disturbed)
    same(seen, bands())


def test_jumps_with_a_shorter_one_for_the_rest_reach_every_step(pool):
    noise = sequences.noise(np.arange(3), 2 + 12 // 5, 4)

    belief = np.ones(8, np.float32)
    every = pool.run(OSCILLATOR, "foresee_steps", belief=belief, noise=noise, length=5, steps=12)["z"]
    tenth = pool.run(OSCILLATOR, "foresee", belief=belief, noise=noise[:3], lengths=[5, 5])["z"][-1]
    twelfth = pool.run(OSCILLATOR, "foresee", belief=belief, noise=noise, lengths=[5, 5, 2])["z"][-1]
    assert every.shape == (12, 3, 4)
    np.testing.assert_allclose(every[11], twelfth, atol=1e-6)
    np.testing.assert_allclose(every[9], tenth, atol=1e-6)


def test_the_table_of_digits_holds_what_was_measured_and_is_empty_without():
    assert digit_table({}) == ""
    figures = {key: float(number) for number, key in enumerate(FIGURES)}
    assert f"**{figures['negative_j']:.1f}**" in digit_table(figures)
    assert f"| {figures['within_4_3']:.1f} | {figures['within_6_3']:.1f} |" in digit_table(figures)


def test_the_table_of_oscillators_holds_what_was_measured_and_is_empty_without(make_checkpoint):
    folder = make_checkpoint("td_vae", "wave", picture_shape=[1, 1, 1])
    said = checkpoint.read_config(folder)
    assert oscillator_table(config.load(folder)) == ""
    figures = {key: float(number) for number, key in enumerate(FIGURES)}
    times = {"one_milliseconds": [1, 1, 1, 2], "many_milliseconds": [1, 20, 60, 121]}
    checkpoint.write_config(folder, {**said, "figures": {"test": figures}, "profile": times})
    table = oscillator_table(config.load(folder))
    assert f"| {figures['one_crps_60']:.3f} | {figures['one_crps_120']:.3f} |" in table
    assert f"| {figures['one_68_120']:.0f} and {figures['one_95_120']:.0f} |" in table
    assert "| 1, 60 | 1, 120 |" in table
    assert "| 1.0, 60.0 | 2.0, 121.0 |" in table


def test_groups_say_how_far_apart_their_samples_are(ask):
    answer = ask("blind")
    for group in GROUPS:
        assert answer[f"{group}_samples"].shape == (8, 1, 28, 28)
        assert answer[f"{group}_summary"].shape == (2, 1, 28, 28)
        assert 0 <= answer[f"{group}_deviation"] <= 14  # two places on opposite sides
        assert 1 <= answer[f"{group}_places"] <= 28
