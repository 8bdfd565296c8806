"""Models that went on from each other stand on one path, and no folder can break it."""

from types import SimpleNamespace

import pytest

from explorer.tabs.beta_vae import facts
from explorer.tabs.beta_vae_paths import labels, paths


def model(start, beta=1.0, data="dsprites", **keywords) -> SimpleNamespace:
    """A config, as far as paths look at it."""
    keywords = {"picture_shape": (1, 64, 64), "latent_dim": 10, "capacity": None, "beta": beta} | keywords
    return SimpleNamespace(data=data, model=keywords, get={"recipe": {"start": start}}.get, variant=f"beta{beta:g}")


def test_models_that_go_back_to_one_stand_together_with_it_by_rising_beta():
    configs = {
        "alone": model(""),
        "eight": model("four", 8.0),
        "four": model("", 4.0),
        "sixteen": model("eight", 16.0),
        "two": model("four", 2.0),
        "lost": model("not here", 3.0),
    }
    assert paths(configs) == {"four": ["two", "four", "eight", "sixteen"]}
    assert labels(["two", "four"], configs) == ["2", "4"]


def test_one_whose_beta_fell_again_comes_last_and_says_from_where():
    configs = {"four": model("", 4.0), "again": model("sixteen", 4.0, first_beta=16.0), "sixteen": model("four", 16.0)}
    assert paths(configs) == {"four": ["four", "sixteen", "again"]}
    assert labels(["four", "sixteen", "again"], configs) == ["4", "16", "4 after 16"]


@pytest.mark.parametrize("start", ["gone", "", ["one"], None, 7, {}])
def test_a_start_that_names_no_model_makes_no_path(start):
    assert paths({"one": model(start), "two": model(start)}) == {}


def test_one_that_begins_with_itself_stands_alone():
    assert paths({"one": model("one"), "two": model("")}) == {}


def test_two_models_that_begin_with_each_other_stand_on_no_path():
    assert paths({"one": model("two"), "two": model("one")}) == {}


@pytest.mark.parametrize(
    "other", [{"data": "shapes3d"}, {"latent_dim": 6}, {"picture_shape": (3, 64, 64)}, {"capacity": 25.0}]
)
def test_one_of_another_kind_stands_alone(other):
    assert paths({"four": model(""), "mine": model("four", **other)}) == {}


def test_one_that_was_turned_to_other_dimensions_stands_alone():
    turned = SimpleNamespace(**vars(model("")) | {"get": {"recipe": {"start": "four", "turned": True}}.get})
    assert paths({"four": model(""), "turned": turned}) == {}


def test_two_of_one_beta_are_called_by_their_names():
    configs = {"four": model("", 4.0), "again": SimpleNamespace(**vars(model("four", 4.0)) | {"variant": "again"})}
    assert labels(["four", "again"], configs) == ["beta4", "again"]


def test_rows_of_a_path_have_one_order_also_where_a_model_was_not_measured():
    kl = {"two": [3.0, 0.0, 1.0], "four": [2.0, 0.5, 0.0], "mine": None, "alone": [1.0, 2.0, 3.0]}
    looks = {"data": "dsprites", "model": {"latent_dim": 3}}
    models = {name: SimpleNamespace(**looks, profile={"kl_per_dimension": each}) for name, each in kl.items()}
    pool = SimpleNamespace(config=models.get)
    known = facts(pool, list(models), [["two", "four", "mine"]])
    assert [known[name]["kl"] for name in models] == [[3.0, 0.5, 1.0]] * 3 + [[1.0, 2.0, 3.0]]
    assert facts(pool, ["mine"], [["mine"]])["mine"]["kl"] is None
