"""TD-VAE: beliefs are of the past alone, the bound is what its four distributions give, lengths of jumps are told."""

import math

import pytest
import torch
from torch import Generator
from torch.distributions import Normal, kl_divergence

from explorer.models.td_vae import TDVAE, hide_frames, jump_codes
from explorer.nn.two_layers import TwoLayers
from tests.conftest import SMALL


@pytest.fixture
def model():
    torch.manual_seed(1)
    return TDVAE((1, 28, 28), **SMALL["td_vae"])


@pytest.fixture
def frames():
    return torch.rand(6, 8, 1, 28, 28, generator=Generator().manual_seed(0)).round()


def normals(layers: TwoLayers, context, z):
    """Both layers as torch's own distributions, the lower one for the upper layer of z."""
    mu, log_var = layers.parameters_at(context, z)
    return Normal(mu, torch.exp(0.5 * log_var))


def test_a_belief_does_not_depend_on_later_frames(model, frames):
    changed = frames.clone()
    changed[:, 5:] = 1 - changed[:, 5:]
    torch.testing.assert_close(model.encode(frames)[:, :5], model.encode(changed)[:, :5])
    assert not torch.allclose(model.encode(frames)[:, 5:], model.encode(changed)[:, 5:])


@pytest.mark.parametrize("depth", [0, 2])
def test_the_lower_layer_is_drawn_for_the_upper_one(depth):
    torch.manual_seed(0)
    layers, context, noise = TwoLayers(5, 3, 7, depth), torch.randn(4, 5), torch.randn(4, 6)
    for d_map in (layers.upper, layers.lower):
        assert sum(isinstance(layer, torch.nn.ReLU) for layer in d_map.modules()) == depth
    z, mu, log_var = layers.sample(context, noise)
    torch.testing.assert_close(z, mu + torch.exp(0.5 * log_var) * noise)
    for ours, again in zip((mu, log_var), layers.parameters_at(context, z), strict=True):
        torch.testing.assert_close(ours, again)
    torch.testing.assert_close(layers.log_density(context, z), normals(layers, context, z).log_prob(z).sum(1))


def test_the_terms_of_the_bound_are_those_of_torchs_distributions(model, frames):
    beliefs, lengths = model.encode(frames), torch.full((6,), 3)
    belief, later, x = beliefs[:, 2], beliefs[:, 5], frames[:, 5].flatten(1)
    terms = model.bound(belief, later, x, lengths, Generator().manual_seed(3))

    noise = torch.randn(2, 6, 4, generator=Generator().manual_seed(3))
    code = torch.zeros(6, 6)
    code[:, 2] = 1  # of a jump of three
    z2 = model.belief.draw(later, noise[0])
    told = torch.cat([belief, later, z2, code], 1)
    z1 = model.smoothing.draw(told, noise[1])
    arrival = normals(model.transition, torch.cat([z1, code], 1), z2).log_prob(z2)
    jump = (normals(model.belief, later, z2).log_prob(z2) - arrival).sum(1)
    past = kl_divergence(normals(model.smoothing, told, z1), normals(model.belief, belief, z1)).sum(1)
    frame = torch.nn.functional.binary_cross_entropy(model.decode(z2).flatten(1), x, reduction="none").sum(1)
    for name, expected in (("jump", jump), ("smoothing", past), ("reconstruction", frame)):
        torch.testing.assert_close(terms[name], expected.mean(), rtol=1e-4, atol=1e-4)


def test_a_run_of_frames_is_hidden_in_a_share_of_the_sequences():
    x = torch.full((400, 20, 30), 0.5)  # which no hidden frame is
    seen = hide_frames(x, 0.25, Generator().manual_seed(0))
    hidden = (seen != 0.5).all(2)
    assert torch.equal(hidden, (seen != 0.5).any(2))
    some = hidden[hidden.any(1)]
    assert len(some) / 400 == pytest.approx(0.25, abs=0.06)
    assert some.sum(1).min() >= 1
    assert some.sum(1).max() <= 10
    assert (some.int().diff(dim=1).abs().sum(1) <= 2).all(), "the hidden frames are one run"
    black = (seen == 0).all(2).sum() / hidden.sum()
    assert black.item() == pytest.approx(0.5, abs=0.15)


def test_frames_are_hidden_in_training_only(frames):
    model = TDVAE((1, 28, 28), **SMALL["td_vae"], hidden_frames=1.0)
    losses = [model.train(mode).loss(frames, Generator().manual_seed(0))["next_frame"] for mode in (False, True)]
    shown = TDVAE((1, 28, 28), **SMALL["td_vae"])
    shown.load_state_dict(model.state_dict())
    assert losses[0] == shown.loss(frames, Generator().manual_seed(0))["next_frame"]
    assert losses[0] != losses[1]


def test_what_is_foreseen_is_told_nothing_of_what_was_seen_in_between(model, frames):
    belief, lengths, x = model.encode(frames)[:, 2], torch.full((6,), 3), frames[:, 5].flatten(1)
    nll = model.foreseen_nll(belief, x, lengths, Generator().manual_seed(3))
    noise = torch.randn(2, 6, 4, generator=Generator().manual_seed(3))
    code = torch.zeros(6, 6)
    code[:, 2] = 1  # of a jump of three
    z = model.transition.draw(torch.cat([model.belief.draw(belief, noise[0]), code], 1), noise[1])
    expected = torch.nn.functional.binary_cross_entropy(model.decode(z).flatten(1), x, reduction="none").sum(1).mean()
    torch.testing.assert_close(nll, expected, rtol=1e-4, atol=1e-4)


def test_foresight_is_trained_only_where_it_is_asked_for(frames):
    plain = TDVAE((1, 28, 28), **SMALL["td_vae"]).loss(frames)
    assert "foresight" not in plain
    terms = TDVAE((1, 28, 28), **SMALL["td_vae"], foresight=0.5).loss(frames)
    others = sum(term for name, term in terms.items() if name not in ("loss", "foresight"))
    torch.testing.assert_close(terms["loss"], others + 0.5 * terms["foresight"])


def test_a_gaussian_frame_costs_what_its_density_says():
    model = TDVAE((1, 1, 1), **SMALL["td_vae"], noise=0.3)
    flat, x = torch.tensor([[0.2], [-1.0]]), torch.tensor([[0.5], [0.0]])
    torch.testing.assert_close(model.frame_nll(flat, x), -Normal(flat, 0.3).log_prob(x).sum(1))


def test_pairs_lie_within_the_sequence_and_every_length_occurs(model):
    first, lengths = model.draw_pairs(torch.zeros(500, 8, 784), Generator().manual_seed(0))
    assert first.min() == 0
    assert (first + lengths).max() == 7
    share = torch.bincount(lengths.flatten(), minlength=7)[1:] / lengths.numel()
    torch.testing.assert_close(share, torch.full((6,), 1 / 6), atol=0.03, rtol=0)


def test_a_share_of_the_jumps_is_of_one_frame():
    model = TDVAE((1, 28, 28), **SMALL["td_vae"] | {"single": 0.5, "pairs": 40})
    _, lengths = model.draw_pairs(torch.zeros(200, 8, 784), Generator().manual_seed(0))
    assert (lengths == 1).float().mean().item() == pytest.approx(0.5 + 0.5 / 6, abs=0.03)


def test_a_jump_depends_on_its_length(model):
    z, noise = torch.randn(1, 4), torch.zeros(1, 4)
    landed = [model.jump(z, torch.tensor([length]), noise) for length in (1, 4)]
    assert not torch.allclose(*landed)


def test_waves_stand_for_long_jumps_and_differ_for_every_length():
    codes = jump_codes(120, 24)
    assert codes.shape == (121, 48)
    assert torch.cdist(codes[1:], codes[1:]).add(10 * torch.eye(120)).min() > 0.1
    assert codes[1, 0].item() == pytest.approx(math.cos(0.03))


def test_prediction_goes_on_from_its_own_frames(model, frames):
    first = model.predict(frames[:, :3], 1)
    both = model.predict(frames[:, :3], 2)
    torch.testing.assert_close(both[:, :1], first)
    torch.testing.assert_close(both[:, 1:], model.predict(torch.cat([frames[:, :3], first], 1), 1))
