"""A config is read once, checked, and never changed; what it leaves out is what the model's class says."""

import gc
import inspect
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError

import pytest

from explorer import checkpoint
from explorer.checkpoint import config, keywords
from explorer.models import MODELS
from tests.conftest import SMALL


def test_the_families_are_those_of_the_registry():
    assert keywords.families() == {family: model.__name__ for family, model in MODELS.items()}


def test_keywords_and_their_defaults_are_those_of_the_models_class(family):
    signature = inspect.signature(MODELS[family])
    known = keywords.of_family(family)
    assert list(known) == list(signature.parameters)
    for name, parameter in signature.parameters.items():
        default = keywords.REQUIRED if parameter.default is parameter.empty else parameter.default
        assert known[name].default == default


def test_every_keyword_is_of_a_kind_that_is_checked(family):
    kinds = {"int", "int | None", "float", "float | None", "bool", "Sequence[int]"}
    for name, keyword in keywords.of_family(family).items():
        assert keyword.kind in kinds or (keyword.kind == "str" and name in keywords.WORDS), name


def test_every_word_and_every_range_is_of_a_keyword_that_there_is():
    known = {name for family in MODELS for name in keywords.of_family(family)}
    assert {*keywords.RANGES, *keywords.WORDS, *keywords.SHARES} <= known


def test_a_config_holds_the_keywords_that_it_leaves_out(make_checkpoint):
    known = config.load(make_checkpoint("vae"))
    assert "activation" not in json.loads((make_checkpoint("vae") / config.CONFIG).read_text())["model"]
    assert known.model["activation"] == known["model"]["activation"] == "tanh"


def test_a_config_cannot_be_changed(make_checkpoint):
    known = config.load(make_checkpoint("vae"))
    with pytest.raises(FrozenInstanceError):
        known.data = "fashion"
    with pytest.raises(TypeError):
        known.model["latent_dim"] = 3


def test_a_byte_order_mark_does_no_harm(make_checkpoint):
    path = make_checkpoint("vae") / config.CONFIG
    path.write_bytes("\ufeff".encode() + path.read_bytes())
    assert config.load(path.parent).family == "vae"


def test_what_is_saved_bears_the_mark_that_it_fits_and_loses_it_with_any_change(make_checkpoint, family):
    shape = [1, 32, 32] if family == "vq_vae_2" else [1, 28, 28]
    said = {"family": family, "variant": "x", "model": {"picture_shape": shape, **SMALL[family]}, "weights_sha256": "0"}
    mark = config.fits_sha256(said)
    for changes in ({"model": said["model"] | {"picture_shape": [1, 28, 29]}}, {"weights_sha256": "1"}):
        assert config.fits_sha256(said | changes) != mark
    assert config.load(make_checkpoint("vae")).fits


def test_without_its_mark_a_checkpoint_is_loaded_all_the_same_and_can_be_marked(make_checkpoint):
    folder = make_checkpoint("vae")
    path = folder / config.CONFIG
    said = json.loads(path.read_text())
    path.write_text(json.dumps({key: value for key, value in said.items() if key != "fits_sha256"}))
    assert not config.load(folder).fits
    assert checkpoint.load_model(folder).latent_dim == 2
    checkpoint.mark(folder)
    assert config.load(folder).fits


@pytest.fixture
def threads_change_often():
    """Between any two lines of Python, which the garbage collector now runs within whatever allocates."""
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()

    def collected(phase, info):
        for _ in range(50):
            pass

    gc.callbacks.append(collected)
    sys.setswitchinterval(1e-6)
    gc.set_threshold(20, 1, 1)
    yield
    gc.set_threshold(*threshold)
    sys.setswitchinterval(interval)
    gc.callbacks.remove(collected)


def test_several_threads_read_configs_at_once(threads_change_often):
    keywords.of_family.cache_clear()
    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(keywords.of_family, 2 * list(MODELS)))
