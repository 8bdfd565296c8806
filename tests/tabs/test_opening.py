"""Tabs open where they make their point: what is seen first is measured by the shipped models."""

import json
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pytest

from explorer.answers import codebook, contractive, lineup, td_vae_oscillator, vae
from explorer.data import sample_sheets
from explorer.tabs import td_vae, vae_scenes, vq_vae
from explorer.tabs.beta_vae import clearest, opening
from explorer.tabs.contractive import STATE as CONTRACTIVE
from tests.conftest import ROOT


def pixels(data: str, index: int) -> list:
    return sample_sheets.load(data).pictures[index].ravel().tolist()


def test_start_opens_where_the_denoiser_is_nearest_by_far(shipped):
    errors = lineup.compute(shipped, *lineup.first_pictures())["errors"]
    own = lineup.NAMES.index("denoising/mnist-any")
    assert errors.argmin() == own
    assert errors[own] < 0.5 * np.delete(errors, own).min()


def test_contractive_opens_on_a_change_that_contracted_codes_ignore(shipped):
    asked = {name: CONTRACTIVE[name] for name in (*contractive.MOVES, "seed")}
    moved = contractive.moved(shipped, pixels("mnist", 0), **asked)
    plain, contracted = (
        moved[f"travel_{contractive.compared(shipped, 'mnist').index(f'contractive/mnist-{name}')}"]
        for name in ("lambda0", "lambda1")
    )
    assert plain > 2 * contracted
    assert (plain, contracted) == pytest.approx((0.60, 0.25), abs=0.01)


def test_both_ends_of_the_first_path_are_rebuilt_as_what_they_are(shipped):
    """The nearest of 500 pictures by their own pixels is of the same class; of faces it is the picture itself."""
    for name in shipped.names("vae"):
        kind = shipped.configs[name].data
        sheet = sample_sheets.load(kind)
        data = sheet.pictures.reshape(len(sheet.pictures), -1).astype(float)
        path = vae.interpolate(shipped, name, *(pixels(kind, end) for end in (0, vae_scenes.END)))
        for way in ("linear", "spherical"):
            for end, index in ((0, 0), (-1, vae_scenes.END)):
                made = path[way][end].ravel().astype(float)
                nearest = np.square(data - made).sum(1).argsort()[:5]
                votes = np.bincount(np.asarray(sheet.labels)[nearest], minlength=10)
                found = nearest[0] == index if kind == "faces" else votes.argmax() == sheet.labels[index]
                assert found, (name, way, end)


def test_vq_vae_opens_on_the_sky_of_its_first_picture(shipped):
    ((name, code),) = vq_vae.SKY.items()
    assert (shipped.codes(name)["shipped"][0] == code).any()
    red, _, blue = codebook.homes(shipped, name, code)["patches"].mean((0, 2, 3))
    assert 220 > blue > red + 15, "blue, and not white"


def test_the_oscillator_opens_where_one_jump_is_better_and_cheaper_than_many(shipped):
    state = td_vae.STATE
    asked = {argument: state[key] for argument, key in td_vae.OSCILLATOR.items() if argument != "checkpoint"}
    name = "td_vae/oscillator"
    known = td_vae_oscillator.oscillation(shipped, name, **asked)
    one, many = (
        td_vae_oscillator.fan(shipped, name, **asked, jump=state[key], draw=state["oscillator_draw"])
        for key in ("longest", "oscillator_jump")
    )
    assert known["kalman_score"] < one["score"] < many["score"] < known["predicted_score"]
    assert (one["calls"], many["calls"]) == (1, 120)
    profile = json.loads((ROOT / "checkpoints" / name / "config.json").read_text())["profile"]
    ends = profile["many_milliseconds"][0], profile["many_milliseconds"][-1]
    assert (one["milliseconds"], many["milliseconds"]) == pytest.approx(ends, rel=1e-5)


@dataclass
class Measured:
    name: str
    test: dict = field(default_factory=dict)
    data: str = "dsprites"


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"vae": (24, 0.04), "blurred": (62, 0.29), "sharp": (29, 0.25)}, "sharp"),
        ({"vae": (3581, 0.08), "pressed": (3915, 0.45)}, "pressed"),
        ({"vae": (24, 0.04)}, "vae"),
    ],
)
def test_a_model_that_blurs_its_pictures_is_not_the_first_one(figures, expected):
    configs = [Measured(name, {"reconstruction": nats, "mig": mig}) for name, (nats, mig) in figures.items()]
    assert opening(configs) == expected


def test_models_that_were_not_measured_are_shown_all_the_same():
    assert opening([Measured("first"), Measured("second")]) == "first"
    assert opening([Measured("first"), Measured("second", {"reconstruction": 30, "mig": 0.1})]) == "second"


def test_the_best_of_all_picture_sets_is_the_first_one_each_judged_beside_its_own():
    sprites = [Measured("a", {"reconstruction": 20, "mig": 0.1}), Measured("b", {"reconstruction": 25, "mig": 0.3})]
    shapes = [Measured("c", {"reconstruction": 3900, "mig": 0.4}, "shapes3d")]
    assert opening(sprites + shapes) == "c"


def test_the_shipped_one_is_of_faces_whose_rows_change_one_thing_each(shipped):
    assert opening([shipped.configs[name] for name in shipped.names("beta_vae")]) == "beta_vae/faces-turned4"


def test_the_dimension_shown_first_is_the_one_that_tells_most_of_a_factor():
    config = SimpleNamespace(profile={"mutual_information": [[0.2, 0.3], [0.1, 0.9], [0.4, 0.0]]})
    assert clearest(config) == 1
    assert clearest(SimpleNamespace(profile={})) == 0
