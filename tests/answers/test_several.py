"""A model that fails while it answers costs itself alone: the others' part of an answer is what it would be anyway."""

from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.answers import HANDLERS, lineup
from explorer.nn.network import networks
from explorer.serve.pool import Damaged, Pool
from explorer.serve.question import Refused
from tests import damaged

X = (np.arange(784) % 256).tolist()
MOVED = {"dx": 1.0, "dy": 0.0, "degrees": 5.0, "noise": 0.1, "seed": 1}
DIRECTION = [1.0] + [0.0] * 783
# Questions that one answer asks several models.
QUESTIONS = {
    "start/through": ("vae", {"x": X, "x_tilde": X}),
    "denoising/denoise": ("denoising", {"data": "mnist", "x": X, "x_tilde": X, "times": 2, "focus": 0}),
    "denoising/atlases": ("denoising", {"page": 0}),
    "k_sparse/compare": ("k_sparse", {"x": X, "k": 0}),
    "k_sparse/atlases": ("k_sparse", {"page": 0}),
    "contractive/sensitivity": ("contractive", {"x": X, "scale": "common"}),
    "contractive/spectra": ("contractive", {"x": X}),
    "contractive/moved": ("contractive", {"x": X, **MOVED}),
    "contractive/course": ("contractive", {"x": X, "kind": "dx", "seed": 1}),
    "contractive/push": (
        "contractive",
        {"checkpoint": "contractive/good", "x": X, "direction": DIRECTION, "amount": 1.0},
    ),
}


def raises(**inputs):
    raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")


def not_finite(network):
    def spoilt(**inputs):
        outputs = network(**inputs)
        first, *rest = outputs if isinstance(outputs, tuple) else (outputs,)
        return (torch.full_like(first, torch.nan), *rest) if rest else torch.full_like(first, torch.nan)

    return spoilt


WAYS = {"its networks raise": lambda network: raises, "they give NaN": not_finite}


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("sound")
    for family in {family for family, _ in QUESTIONS.values()}:
        damaged.make_sound(root / family / "good")
    return root


@pytest.fixture(params=QUESTIONS)
def case(request, sound, tmp_path, monkeypatch):
    """A handler with its question, and a pool of two models: FAMILY/bad, which is still sound, and FAMILY/good."""
    family, question = QUESTIONS[request.param]
    monkeypatch.setattr(lineup, "NAMES", (f"{family}/bad", f"{family}/good"))
    tab, name = request.param.split("/")
    pool = Pool(damaged.copy(sound, family, tmp_path, lambda folder: None))
    return HANDLERS[tab][name], question, pool, family


def spoil(pool: Pool, name: str, way) -> None:
    """From now on each network of a model fails."""
    model = pool._model(name)
    for network in networks(type(model)):
        setattr(model, network, way(getattr(model, network)))


@pytest.mark.parametrize("way", WAYS)
def test_a_model_that_fails_while_it_answers_costs_itself_alone(case, way):
    handler, question, pool, family = case
    before = handler(pool, **question)
    spoil(pool, f"{family}/bad", WAYS[way])
    after = handler(pool, **question)
    sentence = after.pop("problems").tobytes().decode()
    assert sentence.startswith(f"{family}/bad ")
    assert sentence.endswith(".")
    assert after.keys() == before.keys()
    for key, array in before.items():
        assert np.shape(after[key]) == np.shape(array), key
        if key.endswith("_1"):
            np.testing.assert_array_equal(after[key], array, err_msg=key)
        elif key.endswith("_0") or key in ("errors", "psnr", "error", "count"):
            lost = np.atleast_1d(after[key]) if key.endswith("_0") else np.atleast_1d(after[key])[:1]
            assert not np.nan_to_num(lost.astype(float)).any() or key.startswith(("scale", "units")), key
    for key in {"x_hats", "x_hat", "maps", "strongest", "errors", "psnr", "jacobian", "error"} & before.keys():
        np.testing.assert_array_equal(after[key][-1], before[key][-1], err_msg=key)


@pytest.mark.parametrize("way", WAYS)
def test_where_all_fail_one_sentence_is_left(case, way):
    handler, question, pool, family = case
    for variant in ("bad", "good"):
        spoil(pool, f"{family}/{variant}", WAYS[way])
    with pytest.raises(Damaged, match=rf"^{family}/(bad|good) .*\.$"):
        handler(pool, **question)


def test_a_wrong_question_is_refused_as_before(case):
    handler, question, pool, _ = case
    with pytest.raises(Refused) as refused:
        handler(pool, **question | dict.fromkeys({"x", "page"} & question.keys(), "no number"))
    assert not isinstance(refused.value, Damaged)
