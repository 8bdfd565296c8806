"""Handlers of the VQ-VAE-2 tab over the shipped checkpoint: two levels, and sampling a few codes at a time."""

import numpy as np
import pytest
import torch

from explorer import checkpoint
from explorer.answers import vq_vae_2, vq_vae_2_sampling
from explorer.data import sample_sheets
from explorer.models.vq_vae_2 import Levels
from explorer.serve.question import Refused
from explorer.tabs import vq_vae_2 as tab
from tests.conftest import FACES
from train import face_judge

NAME = "vq_vae_2/emoji-64"
EMPTY = {"top": [-1] * 4 * 64, "bottom": [-1] * 4 * 256}
SETTINGS = {"label": 1, "seed": 5, "temperature": 1.0, "top_k": 256, "guidance": 1.0}


@pytest.fixture
def codes(shipped):
    """Of two shipped emoji, as the page sends them."""
    pictures = sample_sheets.load("emoji").pictures
    grids = [vq_vae_2.encode(shipped, NAME, pictures[index].ravel().tolist()) for index in (0, 40)]
    return [{level: part.ravel().tolist() for level, part in grid.items()} for grid in grids]


def advance(shipped, grids, count, **changes):
    sent = {level: np.ravel(grids[level]).tolist() for level in ("top", "bottom")}
    return vq_vae_2_sampling.advance(shipped, **{"checkpoint": NAME, **sent, "count": count, **SETTINGS, **changes})


def filled(shipped, grids, count, **changes):
    """Grids filled to the end, that many codes for each question."""
    while (np.ravel(grids["top"]) < 0).any() or (np.ravel(grids["bottom"]) < 0).any():
        grids = advance(shipped, grids, count, **changes)
    return grids


def test_two_levels_together_are_nearer_to_the_picture_than_any_other_decoding(shipped, codes):
    x, other = codes
    decoded = vq_vae_2.decode(shipped, NAME, **x)["decoded"]
    exchanged = vq_vae_2.exchange(shipped, NAME, x["top"], x["bottom"], other["top"], other["bottom"])["exchanged"]
    pictures = np.concatenate([decoded, exchanged]).astype(float)
    errors = np.square(pictures - sample_sheets.load("emoji").pictures[0]).mean((1, 2, 3))
    assert errors.shape == (5,)
    assert errors[0] == errors.min()


def test_each_exchange_is_the_picture_of_one_level_of_each(shipped, codes):
    x, other = codes
    exchanged = vq_vae_2.exchange(shipped, NAME, x["top"], x["bottom"], other["top"], other["bottom"])["exchanged"]
    model = checkpoint.load_model(shipped.root / NAME)
    for place, (top, bottom) in ((2, (x, other)), (3, (other, x))):
        grids = torch.tensor(top["top"]).long().view(1, 8, 8), torch.tensor(bottom["bottom"]).long().view(1, 16, 16)
        np.testing.assert_allclose(exchanged[place], (model.decode(grids)[0] * 255).round(), atol=1)


def test_any_number_of_codes_for_each_question_gives_the_same_pictures(shipped):
    many, few = (filled(shipped, EMPTY, count) for count in (32, 23))
    np.testing.assert_array_equal(many["top"], few["top"])
    np.testing.assert_array_equal(many["bottom"], few["bottom"])
    np.testing.assert_array_equal(many["pictures"], few["pictures"])
    np.testing.assert_allclose(many["nats"], few["nats"], rtol=1e-4)
    assert (filled(shipped, EMPTY, 32, seed=6)["bottom"] != many["bottom"]).any()


def test_nats_are_those_that_the_priors_give_the_whole_grids(shipped):
    answer = filled(shipped, EMPTY, 32)
    model = checkpoint.load_model(shipped.root / NAME)
    grids = Levels(*(torch.tensor(answer[level]).long() for level in ("top", "bottom")))
    top, bottom = model.prior_nll(grids, torch.full((4,), SETTINGS["label"]))
    torch.testing.assert_close(torch.tensor(answer["nats"]), (64 * top + 256 * bottom) / 320, rtol=1e-3, atol=1e-3)


def test_probabilities_are_those_of_the_prior_at_the_next_place(shipped):
    answer = advance(shipped, EMPTY, 10)
    assert (answer["top_next"], answer["bottom_next"]) == (10, -1)
    model = checkpoint.load_model(shipped.root / NAME)
    top = torch.tensor(answer["top"]).long().clamp(min=0)
    expected = 100 * model.top_prior(top, torch.full((4,), SETTINGS["label"])).softmax(-1)[:, 1, 2]
    likeliest = torch.tensor(answer["likeliest"]).long()
    np.testing.assert_allclose(answer["probabilities"], expected.gather(1, likeliest), rtol=1e-2, atol=1e-2)
    assert (np.diff(answer["probabilities"]) <= 0).all()


def test_of_the_likeliest_code_alone_there_is_nothing_to_draw(shipped):
    one, other = (advance(shipped, EMPTY, 32, top_k=1, seed=seed) for seed in (1, 2))
    np.testing.assert_array_equal(one["top"], other["top"])
    np.testing.assert_allclose(one["probabilities"][:, 0], 100, rtol=1e-5)


def test_a_forced_code_stays_and_changes_what_comes_after_it(shipped):
    before = advance(shipped, EMPTY, 20)
    forced = {level: before[level].copy() for level in ("top", "bottom")}
    forced["top"][2].flat[20] = before["likeliest"][2, 15]
    after, plain = advance(shipped, forced, 1), advance(shipped, before, 1)
    assert after["top"][2].flat[20] == before["likeliest"][2, 15]
    np.testing.assert_array_equal(after["top"][[0, 1, 3]], plain["top"][[0, 1, 3]])
    assert (after["probabilities"][2] != plain["probabilities"][2]).any()


@pytest.mark.parametrize("part", ["lower", "right"])
def test_half_a_picture_keeps_its_codes_while_the_rest_is_filled(shipped, codes, part):
    start = vq_vae_2_sampling.start(shipped, NAME, **codes[0], part=part)
    gaps = {level: start[level] < 0 for level in ("top", "bottom")}
    assert [gap.mean() for gap in gaps.values()] == [0.5, 0.5]
    answer = filled(shipped, {level: np.stack([start[level]] * 4) for level in start}, 32)
    for level, gap in gaps.items():
        np.testing.assert_array_equal(answer[level][:, ~gap], np.stack([start[level][~gap]] * 4))
        assert (answer[level] >= 0).all()


def test_cells_marked_anywhere_are_filled_and_no_others(shipped, codes):
    grids = {level: np.stack([values] * 4) for level, values in codes[0].items()}
    grids["top"][:, [3, 60]] = grids["bottom"][:, [0, 100, 255]] = -1
    answer = filled(shipped, grids, 2)
    for level in ("top", "bottom"):
        kept = grids[level] >= 0
        np.testing.assert_array_equal(answer[level].reshape(4, -1)[kept], grids[level][kept])


def test_where_everything_is_there_the_pictures_are_the_decoded_codes(shipped, codes):
    grids = {level: np.stack([values] * 4) for level, values in codes[0].items()}
    answer = advance(shipped, grids, 0)
    assert (answer["top_next"], answer["bottom_next"]) == (-1, -1)
    decoded = vq_vae_2.decode(shipped, NAME, **codes[0])["decoded"]
    np.testing.assert_allclose(answer["pictures"][3].astype(int), decoded[0], atol=1)


def test_the_nearest_training_picture_of_a_training_picture_is_itself(shipped):
    kept = shipped.codes(NAME)
    grids = [kept[f"{level}_train"][[7, 70, 700, 1700]].ravel().tolist() for level in ("top", "bottom")]
    np.testing.assert_array_equal(vq_vae_2_sampling.nearest(shipped, NAME, *grids)["shared"], 100)


def test_every_class_of_a_model_can_be_asked_for_in_words_and_none_in_particular(shipped):
    for name in shipped.names("vq_vae_2"):
        config = shipped.config(name)
        facts = tab.of_set(config)
        assert list(facts["kinds"]) == [str(label) for label in range(config.model["num_classes"] + 1)]
        assert len(set(facts["kinds"].values())) == len(facts["kinds"])
        assert str(facts["label"]) in facts["kinds"]
        for label in map(int, facts["kinds"]):
            vq_vae_2_sampling.advance(shipped, name, **EMPTY, count=1, **SETTINGS | {"label": label})


def test_a_hair_has_the_words_of_its_own_number():
    for name, said in zip(sample_sheets.class_names("faces"), tab.CLASSES["faces"], strict=True):
        assert name in said


def test_sampled_faces_are_faces_and_have_the_hair_that_was_asked_for_more_often_than_by_chance(shipped):
    faces, obeyed = 0, 0
    for label in range(6):
        pictures = filled(shipped, EMPTY, 32, checkpoint=FACES, label=label)["pictures"]
        is_face, hair = face_judge.judge(torch.tensor(pictures) / 255)
        faces, obeyed = faces + int(is_face.sum()), obeyed + int((hair == label).sum())
    assert faces >= 14  # of 24; 19 are what the card says
    assert obeyed >= 10  # by chance 4, and 15 by the card


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"temperature": 0}, "temperature"),
        ({"temperature": float("nan")}, "temperature"),
        ({"top_k": 0}, "likeliest"),
        ({"guidance": float("nan")}, "guidance"),
        ({"label": 10}, "class"),
        ({"seed": -1}, "seed"),
        ({"count": 33}, "number of places"),
        ({"checkpoint": "vq_vae/cifar10-k512"}, "no VQ-VAE-2"),
        ({"top": [-1] * 255}, "must be 256 codes: 4 × 8 × 8"),
        ({"bottom": [256] * 1024}, "from −1 to 255"),
        ({"bottom": [float("nan")] * 1024}, "whole numbers"),
        ({"top": [0] * 256, "bottom": [0] * 1024}, "No cell is left to be filled"),
    ],
)
def test_a_wild_question_to_the_prior_is_refused_with_one_sentence(shipped, changes, sentence):
    question = {"checkpoint": NAME, **EMPTY, "count": 1, **SETTINGS} | changes
    with pytest.raises(Refused, match=sentence):
        vq_vae_2_sampling.advance(shipped, **question)


@pytest.mark.parametrize(("changes", "sentence"), [({"part": "upper"}, "The part"), ({"top": [0] * 63}, "64 codes")])
def test_a_start_from_what_is_no_picture_is_refused(shipped, codes, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        vq_vae_2_sampling.start(shipped, NAME, **{**codes[0], "part": "all"} | changes)


@pytest.mark.parametrize("name", ["vq_vae_2/emoji-64", "vq_vae_2/faces-64"])
def test_every_head_of_the_prior_shares_its_look_among_the_places_up_to_its_own(shipped, name):
    model = shipped.configs[name].model
    weights = vq_vae_2_sampling.attention(shipped, name, list(range(64)))["weights"]
    assert weights.shape[1:] == (model["prior_heads"], 64, 64)
    np.testing.assert_allclose(weights.sum(-1), 1, atol=1e-5)
    assert not np.triu(weights, 1).any()
