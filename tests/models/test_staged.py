"""A β-VAE trained in stages: whose dimensions come first, what the others begin with, and what the KL weighs."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
import torch

from explorer.models.beta_vae import BetaVAE
from explorer.models.staged import AWAKE, FEATURES, HOLD, RELEASE, RISE, SPEAK, WAKE, Stages, degree, polynomials
from explorer.models.vae import GaussianVAE

ACTIVE = [3, 0]  # dimensions of the teacher that tell of a picture


def network(seed, **keywords):
    torch.manual_seed(seed)
    return BetaVAE((1, 28, 28), latent_dim=5, channels=(8, 8), hidden=64, **keywords).eval()


@pytest.fixture
def teacher():
    model = network(1)
    with torch.no_grad():
        model.inner[-1].weight[[1, 2, 4]] = 0  # three of five say nothing
        model.inner[-1].weight[5:] = 0
        model.inner[-1].weight[3] *= 3
        model.inner[-1].bias[5:] = torch.tensor([-1.0, 0, 0, -2.0, 0])
    return model.requires_grad_(False)


@pytest.fixture
def model(teacher, digits):
    model = network(2, beta=4.0)
    model.learn_from(teacher, digits)
    return model


def advance(model, digits, progress):
    model.progress = progress
    return model.loss(digits[:20] / 255, torch.Generator().manual_seed(0))


def test_the_active_dimensions_of_the_teacher_are_found_without_being_told(teacher, digits):
    assert Stages(teacher, digits).dimensions == ACTIVE


def test_it_begins_as_a_plain_vae(model, digits):
    terms = advance(model, digits, 0.0)
    plain = GaussianVAE.loss(model, digits[:20] / 255, torch.Generator().manual_seed(0))
    assert terms.pop("kl_weight") == 1
    torch.testing.assert_close(terms, plain)


def test_the_first_dimensions_become_the_teachers_and_the_others_close(model, teacher, digits):
    terms = advance(model, digits, FEATURES)
    taught = teacher.encode(digits / 255)[:, ACTIVE]
    taught = (taught - taught.mean(0)) / taught.std(0)
    features = model.features(digits.flatten(1) / 255).detach()
    features = torch.cat([features, torch.ones(len(features), 1)], 1)
    own, told = model.encode(digits / 255).detach(), features @ torch.linalg.lstsq(features, taught).solution
    for d in (0, 1):  # as far as its features tell them
        assert np.corrcoef(own[:, d], told[:, d])[0, 1] > 0.99
    assert not own[:, 2:].any()
    first = (own[:20, :2] - taught[:20]).square().sum(1).mean()
    torch.testing.assert_close(terms["distance"], first)
    torch.testing.assert_close(terms["loss"], terms["reconstruction"] + terms["kl"] + HOLD * first)


def test_closed_dimensions_learn_nothing(model, digits):
    advance(model, digits, FEATURES)["loss"].backward()
    assert not model.inner[-1].weight.grad[2:5].any()
    assert not model.outer[0].weight.grad[:, 2:].any()


def test_what_wakes_is_uncorrelated_with_every_polynomial_of_the_teachers_dimensions(model, digits):
    advance(model, digits, FEATURES)
    advance(model, digits, WAKE)
    z = model.encode(digits / 255).detach().double().numpy()
    for order in range(1, 5):
        for chosen in combinations_with_replacement(range(2), order):
            term = z[:, list(chosen)].prod(1)
            for d in (2, 3, 4):
                assert abs(np.corrcoef(term, z[:, d])[0, 1]) < 0.02
    np.testing.assert_allclose(z[:, 2:].std(0), AWAKE["spread"], rtol=0.05)
    assert model.outer[0].weight[:, 2:].any(0).all()


@pytest.mark.parametrize(("columns", "most"), [(1, 9), (2, 5), (3, 128), (5, 96), (6, 27), (10, 8)])
def test_the_degree_is_the_highest_whose_polynomials_leave_features_over(columns, most):
    def count(degree):  # as the products themselves are counted
        return polynomials(torch.randn(9, columns), degree).shape[1]

    chosen = degree(columns, most)
    assert count(chosen) <= most or chosen == 1
    assert count(chosen + 1) > most or chosen == 4


@pytest.mark.parametrize(("progress", "weight"), [(WAKE, 1.0), ((WAKE + RISE) / 2, 2.0), (RISE, 4.0), (1.0, 4.0)])
def test_beta_rises_from_the_vaes_to_its_own(model, digits, progress, weight):
    for earlier in (FEATURES, WAKE):
        advance(model, digits, earlier)
    model.progress = progress
    assert model.course.kl_weight(model, 10.0) == pytest.approx(weight)


def test_at_the_end_the_objective_stands_alone(model, digits):
    for earlier in (FEATURES, WAKE):
        advance(model, digits, earlier)
    terms = advance(model, digits, RELEASE)
    assert terms.keys() == {"loss", "reconstruction", "kl", "kl_weight"}
    torch.testing.assert_close(terms["loss"], terms["reconstruction"] + 4 * terms["kl"])


def test_with_a_capacity_the_weight_follows_what_the_kl_is_above_its_target(teacher, digits):
    model = network(2, capacity=20.0)
    model.learn_from(teacher, digits)
    for earlier in (FEATURES, WAKE):
        advance(model, digits, earlier)
    model.progress = 1.0
    weights = [model.course.kl_weight(model, 40.0) for _ in range(400)]
    assert weights == sorted(weights)
    assert weights[-1] > 1.2
    assert [model.course.kl_weight(model, 5.0) for _ in range(2000)][-1] == 1.0  # never lighter than in the VAE


def test_dimensions_that_woke_say_what_they_can_before_a_capacity_holds_them(teacher, digits):
    model = network(2, capacity=20.0)
    model.learn_from(teacher, digits)
    for earlier in (FEATURES, WAKE):
        advance(model, digits, earlier)
    model.progress = (WAKE + SPEAK) / 2
    assert {model.course.kl_weight(model, 30.0) for _ in range(400)} == {1.0}
    assert model.course.first_kl == pytest.approx(30.0, rel=0.01)
    model.progress = SPEAK + 0.01
    assert model.course.kl_weight(model, 30.0) > 1  # the target has begun to fall towards 20


def test_what_a_resumed_run_needs_is_saved(model, teacher, digits):
    for progress in (FEATURES, WAKE):
        advance(model, digits, progress)
    again = network(2, beta=4.0)
    again.learn_from(teacher, digits)
    again.load_state_dict(model.state_dict())
    again.course.load_state_dict(model.course.state_dict())
    torch.testing.assert_close(advance(again, digits, 0.6), advance(model, digits, 0.6))
