"""A KL that rises to a capacity from where pressure has left it."""

import pytest
import torch

from explorer.models.beta_vae import BetaVAE
from explorer.models.capacity import CLIMB, HEAVIEST, followed


def small():
    torch.manual_seed(3)
    return BetaVAE((1, 28, 28), latent_dim=3, channels=(4, 4), hidden=16, capacity=18.0, first_beta=16.0)


def weights(model, progress, kl, steps):
    model.progress = progress
    return [model.course.kl_weight(model, kl) for _ in range(steps)]


def test_the_loss_is_the_bound_with_a_weight_that_begins_as_told(digits):
    model, x = small(), digits[:6] / 255
    model.progress = 0.0
    terms = model.loss(x, torch.Generator().manual_seed(0))
    reconstruction, kl = model.bound(x, torch.Generator().manual_seed(0))
    assert float(terms["kl_weight"]) == 16
    torch.testing.assert_close(terms["loss"], reconstruction + 16 * kl)


def test_the_weight_falls_while_the_kl_lags_behind_its_rising_target_but_never_below_one():
    model = small()
    assert weights(model, 0.0, 6.0, 1) == [16.0]
    falling = weights(model, CLIMB / 2, 6.0, 200)
    assert falling == sorted(falling, reverse=True)
    assert falling[-1] < 16
    assert weights(model, 1.0, 6.0, 4000)[-1] == 1.0


def test_the_weight_rises_again_where_the_kl_is_above_the_capacity_and_rests_at_it():
    model = small()
    weights(model, 0.0, 6.0, 1)
    low = weights(model, 1.0, 17.0, 500)[-1]
    assert weights(model, 1.0, 20.0, 500)[-1] > low
    resting = weights(model, 1.0, 18.0, 1000)
    assert resting[-1] == pytest.approx(resting[-2], abs=1e-9)


def test_halfway_up_the_target_is_halfway_between_the_first_kl_and_the_capacity():
    model = small()
    weights(model, 0.0, 6.0, 1)
    weights(model, CLIMB / 2, 12.0, 300)  # what is seen of the KL is an average
    before = model.course.weight
    assert weights(model, CLIMB / 2, 12.0, 1) == [pytest.approx(before)]
    assert weights(model, CLIMB / 2, 12.6, 50)[-1] > before


def test_one_step_of_the_weight_is_small_however_far_the_kl_is():
    assert followed(4.0, 1000.0, 10.0) == pytest.approx(4.0, rel=1.1e-3)
    assert followed(HEAVIEST, 1000.0, 10.0) == HEAVIEST


def test_a_resumed_run_goes_on_with_the_same_weight():
    model, again = small(), small()
    weights(model, 0.4, 9.0, 50)
    again.course.load_state_dict(model.course.state_dict())
    assert weights(again, 0.5, 8.0, 20) == weights(model, 0.5, 8.0, 20)
