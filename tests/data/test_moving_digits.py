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


def test_an_oscillator_repeats_after_its_period():
    wave = oscillator.signal(np.array([2 * np.pi / 50]), np.array([1.3]), np.array([0.4]), 200)[0]
    np.testing.assert_allclose(wave[:150], wave[50:], atol=1e-9)
    assert wave.max() == pytest.approx(1.3, abs=0.01)
    assert wave[0] == pytest.approx(1.3 * np.cos(0.4))


def test_splits_differ_and_are_the_same_every_time():
    shipped = oscillator.load("shipped")
    assert shipped.pictures.shape == (500, 200, 1, 1, 1)
    np.testing.assert_array_equal(shipped.pictures, oscillator.load("shipped").pictures)
    assert not np.array_equal(shipped.pictures, oscillator.load("test").pictures[:500])
