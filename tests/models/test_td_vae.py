"""TD-VAE: beliefs are of the past alone, the bound is what its four distributions give, lengths of jumps are told."""

import math

import numpy as np
import pytest
import torch
from torch import Generator
from torch.distributions import Normal, kl_divergence

from explorer.metrics import forecast
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


GAUSSIAN = SMALL["td_vae"] | {"noise": 0.3, "foresight": 0.5}


def test_what_is_foreseen_is_told_nothing_of_what_was_seen_in_between():
    torch.manual_seed(1)
    model, frames = TDVAE((1, 2, 2), **GAUSSIAN, futures=3), torch.randn(6, 8, 1, 2, 2)
    belief, lengths, x = model.encode(frames)[:, 2], torch.full((6,), 3), frames[:, 5].flatten(1)
    score = model.foresight_score(belief, x, lengths, Generator().manual_seed(3))
    generator = Generator().manual_seed(3)
    noise = torch.randn(2, 18, 4, generator=generator)
    code = torch.zeros(18, 6)
    code[:, 2] = 1  # of a jump of three
    z1 = model.belief.draw(belief.repeat_interleave(3, 0), noise[0])
    z2 = model.transition.draw(torch.cat([z1, code], 1), noise[1])
    drawn = model.decode(z2).flatten(1) + 0.3 * torch.randn(18, 4, generator=generator)
    expected = 0
    for i, own in enumerate(drawn.split(3)):
        pairs = [(own[0] - own[1]).norm(), (own[0] - own[2]).norm(), (own[1] - own[2]).norm()]
        expected += (sum((frame - x[i]).norm() for frame in own) / 3 - sum(pairs) / 6) / 6
    torch.testing.assert_close(score, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("futures", [2, 7])
def test_foresight_is_the_crps_of_what_is_seen_and_best_with_the_true_spread(monkeypatch, futures):
    lengths = torch.tensor([3, 5]).repeat(20_000)
    model = TDVAE((1, 1, 1), **GAUSSIAN, futures=futures)
    model.decoder = torch.nn.Linear(4, 1)
    model.decoder.weight.data, model.decoder.bias.data = torch.eye(4)[:1], torch.zeros(1)
    mean = 0.1 * lengths.double().numpy()
    x = mean + math.hypot(0.3, 0.5) * np.random.default_rng(0).standard_normal(len(mean))

    def foreseen(spread: float) -> float:
        monkeypatch.setattr(model, "jump", lambda z, lengths, noise: 0.1 * lengths[:, None] + spread * noise)
        seen = torch.tensor(x[:, None], dtype=torch.float32)
        return model.foresight_score(torch.zeros(len(x), 8), seen, lengths, Generator().manual_seed(0)).item()

    scores = {spread: foreseen(spread) for spread in (0.2, 0.5, 0.9)}
    for spread, score in scores.items():
        exact = forecast.gaussian_crps(mean, np.full(len(x), math.hypot(0.3, spread)), x).mean()
        assert score == pytest.approx(exact, abs=0.005)
    assert min(scores, key=scores.get) == 0.5


def test_foresight_is_trained_only_where_it_is_asked_for_and_can_be():
    frames = torch.randn(6, 8, 1, 2, 2)
    assert "foresight" not in TDVAE((1, 2, 2), **GAUSSIAN | {"foresight": 0.0}).loss(frames)
    terms = TDVAE((1, 2, 2), **GAUSSIAN).loss(frames)
    others = sum(term for name, term in terms.items() if name not in ("loss", "foresight"))
    torch.testing.assert_close(terms["loss"], others + 0.5 * terms["foresight"])
    for changed in ({"noise": None}, {"futures": 1}):
        with pytest.raises(ValueError, match="Gaussian frames, whose noise is given, and at least two futures"):
            TDVAE((1, 2, 2), **GAUSSIAN | changed)


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
