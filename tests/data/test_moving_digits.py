"""Digits that wander come back in on the other side; oscillators are what their parameters say."""

import numpy as np
import pytest
import torch
from torch import Generator

from explorer.data import moving_digits, oscillator


@pytest.fixture
def some(digits):
    return digits[:20] / 255


@pytest.mark.parametrize(("vertical", "side"), [(False, -1), (True, -2)])
def test_each_frame_is_the_digit_rolled_by_as_many_pixels(some, vertical, side):
    starts, speeds = torch.arange(20), torch.tensor([-1, 1, 2, 0] * 5)
    frames = moving_digits.move(some, starts, speeds, 30, vertical)
    binary = (some > 0.5).float()
    for digit, frame in ((0, 0), (1, 1), (2, 29), (3, 12)):
        expected = binary[digit].roll(int(starts[digit] + speeds[digit] * frame), side)
        assert torch.equal(frames[digit, frame], expected)


def test_drawn_starts_and_directions_are_those_of_the_frames(some):
    frames, starts, directions = moving_digits.draw(some, 4, Generator().manual_seed(0))
    assert set(directions.tolist()) == {-1, 1}
    assert torch.equal(frames, moving_digits.move(some, starts, directions, 4))
    assert frames.shape == (20, 4, 1, 28, 28)


def test_starts_lie_everywhere_and_directions_are_even(digits):
    _, starts, directions = moving_digits.draw(digits / 255, 1, Generator().manual_seed(0))
    assert set(starts.tolist()) == set(range(28))
    assert abs(directions.float().mean()) < 0.15


def test_an_oscillator_that_nothing_pushes_turns_and_shrinks():
    start, frequency = np.array([1.3 * np.exp(0.4j)]), np.array([2 * np.pi / 50])
    path = oscillator.positions(frequency, start, np.zeros((1, 200), complex))[0]
    time = np.arange(200)
    wave = 1.3 * oscillator.DECAY**time * np.cos(2 * np.pi / 50 * time + 0.4)
    np.testing.assert_allclose(path, wave, atol=1e-9)


def test_oscillators_are_as_wide_at_the_end_as_at_the_beginning_and_correlated_by_a_damped_cosine():
    drawn = oscillator.draw(20_000, 60, np.random.default_rng(0))
    np.testing.assert_allclose(drawn.signal.var(0), oscillator.VARIANCE, rtol=0.05)
    expected = oscillator.VARIANCE * oscillator.DECAY**40 * np.cos(40 * drawn.frequency).mean()
    assert (drawn.signal[:, 10] * drawn.signal[:, 50]).mean() == pytest.approx(expected, abs=0.02)
    assert (drawn.seen - drawn.signal).std() == pytest.approx(oscillator.NOISE, rel=0.01)


def test_splits_differ_and_are_the_same_every_time():
    shipped = oscillator.load("oscillator", "shipped")
    assert shipped.pictures.shape == (500, 200, 1, 1, 1)
    np.testing.assert_array_equal(shipped.pictures, oscillator.load("oscillator", "shipped").pictures)
    assert not np.array_equal(shipped.pictures, oscillator.load("oscillator", "test").pictures[:500])
