"""The β-VAE's tab opens on the most disentangled of the models whose pictures one recognises."""

from dataclasses import dataclass, field

import pytest

from explorer.tabs.beta_vae import opening


@dataclass
class Measured:
    name: str
    test: dict = field(default_factory=dict)


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
