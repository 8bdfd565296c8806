"""The prior sees nothing that comes later, and place by place it is the same as all at once."""

import numpy as np
import pytest
import torch

from explorer.nn.pixel_prior import AttentionBlock, PixelPrior, walk
from explorer.nn.prior_view import Gather


@pytest.fixture(params=[0, 2], ids=["convolutions", "with attention"])
def prior(request):
    torch.manual_seed(0)
    return PixelPrior((6, 6), 9, 8, 2, 2, heads=request.param, num_classes=3, num_conditions=9).eval()


@pytest.fixture
def codes():
    return torch.randint(9, (2, 6, 6), generator=torch.Generator().manual_seed(1))


ABOVE = (torch.arange(18).square() // 2 % 9).view(2, 3, 3)


@torch.inference_mode()
def test_changing_a_code_leaves_every_logit_up_to_its_place_as_it_was(prior, codes):
    before = prior(codes, above=ABOVE).flatten(1, 2)
    for index in range(36):
        changed = codes.clone().flatten(1)
        changed[:, index] = (changed[:, index] + 1) % 9
        after = prior(changed.view_as(codes), above=ABOVE).flatten(1, 2)
        assert torch.equal(after[:, : index + 1], before[:, : index + 1])
        if index < 35:
            assert not torch.equal(after[:, index + 1], before[:, index + 1])


@torch.inference_mode()
def test_place_by_place_it_is_the_same_as_all_at_once(prior, codes):
    labels = torch.tensor([0, 2])
    whole = prior(codes, labels, ABOVE).log_softmax(-1).flatten(1, 2)
    begun = codes.clone()
    begun.flatten(1)[:, 7:] = -1
    for index, (here, log_probabilities, _) in enumerate(walk(prior, begun, labels, ABOVE)):
        torch.testing.assert_close(log_probabilities, whole[:, index], rtol=1e-4, atol=1e-4)
        here.copy_(codes.flatten(1)[:, index])
    assert torch.equal(begun, codes)


@torch.inference_mode()
def test_guidance_goes_from_no_class_to_the_class_and_beyond(prior, codes):
    labels = torch.tensor([0, 2])
    told = prior(codes, labels, ABOVE).log_softmax(-1).flatten(1, 2)
    untold = prior(codes, None, ABOVE).log_softmax(-1).flatten(1, 2)
    for guidance in (0.0, 1.0, 2.5):
        expected = (told * guidance + untold * (1 - guidance)).softmax(-1)
        begun = torch.full_like(codes, -1)
        for index, (here, own, guided) in enumerate(walk(prior, begun, labels, ABOVE, guidance)):
            torch.testing.assert_close(own, told[:, index], rtol=1e-4, atol=1e-4)
            torch.testing.assert_close(guided.exp(), expected[:, index], rtol=1e-4, atol=1e-4)
            here.copy_(codes.flatten(1)[:, index])


@torch.inference_mode()
def test_a_class_that_a_prior_is_not_told_is_none_in_particular(codes):
    prior = PixelPrior((6, 6), 9, 8, 2, 2).eval()
    assert torch.equal(prior(codes, torch.tensor([0, 2])), prior(codes))


@torch.inference_mode()
def test_what_lies_behind_a_gap_is_not_looked_at(prior, codes):
    one, other = codes.clone(), codes.clone()
    other.flatten(1)[:, 11:] = 0
    seen = []
    for grid in (one, other):
        grid.flatten(1)[:, 10] = -1
        steps = walk(prior, grid, above=ABOVE)
        seen.append([next(steps)[1] for _ in range(11)])
    assert all(map(torch.equal, *seen))


def test_class_and_codes_above_change_what_is_likely(prior, codes):
    plain = prior(codes, torch.tensor([0, 0]), ABOVE)
    assert not torch.allclose(plain, prior(codes, torch.tensor([1, 1]), ABOVE))
    assert not torch.allclose(plain, prior(codes, torch.tensor([0, 0]), ABOVE.flip(0)))


def test_nats_of_a_code_are_the_mean_over_places(prior, codes):
    log_probabilities = prior(codes, above=ABOVE).log_softmax(-1)
    picked = torch.stack(
        [log_probabilities[b, i, j, codes[b, i, j]] for b in range(2) for i in range(6) for j in range(6)]
    )
    torch.testing.assert_close(prior.nll(codes, above=ABOVE), -picked.view(2, 36).mean(1))


def test_attention_is_what_queries_and_keys_say_and_nothing_of_later_places(codes):
    torch.manual_seed(0)
    prior = PixelPrior((6, 6), 9, 8, 2, 2, heads=2, num_classes=3).eval()
    projected = []
    for layer in prior.layers:
        if isinstance(layer, AttentionBlock):
            layer.project.register_forward_hook(lambda module, inputs, output: projected.append(output))
    with torch.no_grad():
        weights = prior.attention(codes).numpy()
    assert weights.shape == (2, len(projected), 2, 36, 36)
    for layer, parts in enumerate(projected):
        q, k, _ = parts[0].flatten(0, 1).unflatten(-1, (2, -1)).chunk(3, -1)  # of the first grid: (places, heads, C)
        for head in range(2):
            for place in (0, 1, 20, 35):
                scores = (k[: place + 1, head] @ q[place, head]).detach().numpy() / q.shape[-1] ** 0.5
                mine = np.exp(scores) / np.exp(scores).sum()
                np.testing.assert_allclose(weights[0, layer, head, place, : place + 1], mine, rtol=1e-3, atol=1e-5)
                assert not weights[0, layer, head, place, place + 1 :].any()


def test_the_gradient_of_neighbours_is_that_of_finite_differences():
    padded = torch.randn(2, 3, 5, 2, dtype=torch.float64, requires_grad=True)  # grids of 2 × 2 places
    assert torch.autograd.gradcheck(Gather.apply, padded)
