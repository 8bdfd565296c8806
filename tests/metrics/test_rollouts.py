"""The evaluation of roll-outs, on models whose answers are known."""

import math

import pytest
import torch

from explorer.data import moving_digits
from explorer.metrics import rollouts
from explorer.models.td_vae import TDVAE


class Knowing:
    """Knows digit, place and direction when it has seen more than one frame; from one it guesses the direction."""

    latent_dim = 1
    rollout = TDVAE.rollout

    def __init__(self, world: rollouts.World, error: int = 0):
        self.world, self.error, self.belief = world, error, self
        self.white = (world.digits > 0.5).float()

    def encode(self, x):
        repeat = len(x) // len(self.world.digits)
        position = self.world.position(x.shape[1] - 1).repeat_interleave(repeat)
        direction = self.world.directions if x.shape[1] > 1 else torch.zeros_like(self.world.directions)
        belief = torch.stack([position, direction.repeat_interleave(repeat), torch.arange(len(x))], 1)
        return belief[:, None].float()

    def draw(self, belief, noise):
        guess = torch.where(noise[:, 0] > 0, 1.0, -1.0)
        return torch.stack([belief[:, 0], torch.where(belief[:, 1] == 0, guess, belief[:, 1]), belief[:, 2]], 1)

    def jump(self, z, lengths, noise):
        return torch.stack([z[:, 0] + z[:, 1] * lengths + self.error, z[:, 1], z[:, 2]], 1)

    def decode(self, z):
        every = len(z) // len(self.white)
        digits = self.white.repeat_interleave(every, 0)
        return moving_digits.shift(digits[:, None], z[:, :1].long())[:, 0]

    def predict(self, x, steps):
        return torch.full((len(x), steps, 1, 28, 28), 0.5)


@pytest.fixture
def world(digits):
    return rollouts.make_world(digits[:100] / 255, 0)


def test_who_knows_where_a_digit_goes_is_right_everywhere(world):
    figures = rollouts.from_context(Knowing(world), world, 0)
    assert set(figures.values()) == {100.0}
    assert len(figures) == len(rollouts.JUMPS) * (1 + rollouts.TIMES)


def test_an_error_of_one_pixel_a_jump_is_counted_from_the_second_jump_on(world):
    figures = rollouts.from_context(Knowing(world, error=1), world, 0)
    assert [figures[f"within_4_{times}"] for times in (1, 2, 3)] == [100.0, 0.0, 0.0]


def test_from_one_frame_a_guess_splits_and_is_kept(world):
    figures = rollouts.from_one_frame(Knowing(world), world, 0)
    assert figures["one_right"] == pytest.approx(50, abs=5)
    assert figures["one_kept"] == 100.0
    assert figures["one_both"] > 95


def test_hidden_frames_leave_a_place_to_who_knows_the_way_and_two_to_who_does_not(world):
    class Counting(Knowing):
        """Has counted the frames but not seen where the digit goes."""

        def draw(self, belief, noise):
            repeat = len(belief) // len(self.world.digits)
            start = self.world.starts.repeat_interleave(repeat)
            side = torch.where(noise[:, 0] > 0, 9, -9)
            return torch.stack([start + side, side, belief[:, 2]], 1)

    class Noting(Knowing):
        """Notes what it is shown."""

        def encode(self, x):
            noted.append(x)
            return super().encode(x)

    noted = []
    knowing = rollouts.from_hidden_frames(Noting(world), world, 0)
    for x, kept in zip(noted, (rollouts.KEPT, 1), strict=True):
        clear = world.shown(rollouts.CONTEXT)
        assert torch.equal(x[:, :kept], clear[:, :kept])
        assert x[:, kept:].mean().item() == pytest.approx(0.5, abs=0.01)
    assert knowing == {"hidden_within": 100.0, "hidden_either": 100.0, "hidden_both": 0.0}
    counting = rollouts.from_hidden_frames(Counting(world), world, 0)
    assert counting["hidden_within"] == pytest.approx(50, abs=8)
    assert counting["hidden_either"] == 100.0
    assert counting["hidden_both"] > 95


def test_position_is_the_roll_of_the_digit(digits):
    some, shifts = digits[:50] / 255, torch.arange(50) % 28
    frames = moving_digits.move(some, shifts, torch.zeros(50, dtype=torch.long), 1)[:, 0]
    assert torch.equal(rollouts.position(frames, some), shifts)


def test_who_guesses_a_direction_pays_one_bit_and_who_says_nothing_pays_every_pixel(world):
    figures = rollouts.against_predictor(Knowing(world), world, 0)
    assert figures["ahead_context"] == pytest.approx(0, abs=0.01)
    assert figures["ahead_one"] == pytest.approx(math.log(2), abs=0.1)
    assert figures["predictor_ahead_one"] == pytest.approx(784 * math.log(2), rel=1e-4)


def test_straightened_frames_of_who_knows_are_the_digits(world):
    straight = rollouts.straightened(Knowing(world), world, 0)
    assert torch.equal(straight, (world.digits > 0.5).float())
