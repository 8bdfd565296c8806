"""The course of a training is what its config noted; what was scheduled is what the model itself trains with."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from explorer.answers import training
from explorer.models import MODELS
from explorer.serve.question import Refused
from tests.conftest import ROOT, SMALL

FOLDERS = sorted(path.parent for path in (ROOT / "checkpoints").glob("*/*/config.json"))
NAMES = ["/".join(folder.parts[-2:]) for folder in FOLDERS]
DIGITS = (1, 28, 28)


def noted(name: str) -> list[dict]:
    """The history as the file has it."""
    return json.loads((ROOT / "checkpoints" / name / "config.json").read_text())["training"]["history"]


@pytest.mark.parametrize("name", NAMES)
def test_every_number_that_was_noted_is_sent_in_the_row_of_its_term(shipped, name):
    answer, terms = training.training(shipped, name, ""), training.terms(shipped.config(name))
    history = noted(name)
    np.testing.assert_array_equal(answer["steps"], [entry["step"] for entry in history])
    for term in {term for entry in history for term in entry} - {"step"} - ({"loss"} - set(terms)):
        expected = np.array([entry.get(term, np.nan) for entry in history], np.float32)
        np.testing.assert_array_equal(answer["values"][terms.index(term)].astype(np.float32), expected)
    assert answer["beside_steps"].size == answer["beside_values"].size == 0


@pytest.mark.parametrize("name", NAMES)
def test_every_term_of_every_shipped_history_has_a_name(shipped, name):
    config = shipped.config(name)
    assert training.terms(config)
    for term in training.terms(config):
        assert term in training.NAMES or f"{config.family}/{term}" in training.NAMES, term
    names = [one["name"] for one in training.described(config)]
    assert len(set(names)) == len(names)


def test_a_loss_of_one_term_is_drawn_once(shipped):
    assert training.terms(shipped.config("autoencoder/mnist-2d")) == ["reconstruction"]
    assert training.terms(shipped.config("vae/mnist-2d"))[:1] == ["loss"]


def test_another_model_comes_beside_and_an_unknown_one_is_refused(shipped):
    both = training.training(shipped, "vae/mnist-2d", "vae/mnist-50d")
    alone = training.training(shipped, "vae/mnist-50d", "")
    np.testing.assert_array_equal(both["beside_values"], alone["values"])
    for beside in ("vae/none", None, 3):
        with pytest.raises(Refused):
            training.training(shipped, "vae/mnist-2d", beside)


def scheduled(family: str, progress: float, **keywords) -> dict:
    """What the answer says of a model with these keywords at one step of a run of 10,000."""
    model = vars(MODELS[family](DIGITS, **SMALL[family] | keywords))
    step = 1 + round(progress * 10_000)
    said = {"recipe": {"steps": 10_000}}
    config = SimpleNamespace(family=family, model=model | keywords, history=[{"step": step, "kl": 1.0}], said=said)
    return training.scheduled(config)[0]


@pytest.mark.parametrize("progress", [0.0, 0.1, 0.25, 0.6, 0.9999])
def test_what_was_scheduled_is_what_the_loss_of_the_model_is_made_of(digits, progress):
    x = digits[:8] / 255

    def loss(family: str, **keywords) -> tuple[dict, dict]:
        model = MODELS[family](DIGITS, **SMALL[family] | keywords)
        model.progress = progress
        terms = model.loss(x)
        return scheduled(family, progress, **keywords), {name: float(term.detach()) for name, term in terms.items()}

    asked, terms = loss("beta_vae", beta=4.0, first_beta=60.0, capacity=None)
    pressure = terms["loss"] - terms["reconstruction"]
    assert pressure / terms["kl"] == pytest.approx(asked["beta"], rel=1e-3)
    asked, terms = loss("beta_vae", beta=1.0, first_beta=None, capacity=25.0, gamma=1000.0)
    pressure = (terms["loss"] - terms["reconstruction"]) / 1000
    assert pressure == pytest.approx(abs(terms["kl"] - asked["capacity"]), rel=1e-3, abs=1e-3)


def test_the_ends_of_each_schedule_are_those_of_the_model(shipped):
    def row(name: str, term: str) -> np.ndarray:
        return training.course(shipped.config(name))["values"][training.terms(shipped.config(name)).index(term)]

    capacity = row("beta_vae/dsprites-capacity25", "capacity")
    assert capacity[0] == pytest.approx(25 * 299 / 20_000)
    assert capacity[-1] == capacity[70] == 25
    assert (row("beta_vae/dsprites-beta1", "beta") == 1).all()
    falling = row("beta_vae/faces-beta4", "beta")
    assert falling[0] == pytest.approx(60 * (4 / 60) ** (119 / 3000))
    assert falling[-1] == falling[30] == 4
    assert row("k_sparse/mnist-k25", "k")[-1] == 25
    assert set(row("denoising/mnist-stack", "layer")) == {1, 2, 3}
    jumps = row("td_vae/oscillator", "longest_jump")
    assert (jumps[0], jumps[-1]) == (int(4 + 116 * 79 / 3200), 120)


def test_a_weight_that_followed_the_kl_is_the_one_that_was_noted(shipped):
    terms = training.terms(shipped.config("beta_vae/dsprites-staged4"))
    assert "kl_weight" in terms
    assert "beta" not in terms
