"""Figures that stand still can be read."""

from types import SimpleNamespace

from explorer.style.plots import name_places


def model(kl: float, reconstruction: float, capacity: float | None = None) -> SimpleNamespace:
    return SimpleNamespace(test={"kl": kl, "reconstruction": reconstruction}, model={"capacity": capacity})


def test_names_of_near_points_stand_on_two_sides():
    models = [model(6.6, 111), model(7.3, 111), model(8.5, 104), model(9.3, 79), model(25, 97, capacity=25)]
    assert name_places(models, width=9, height=6) == ["bottom left", "top right", *["bottom left"] * 2, "top right"]


def test_a_name_as_high_but_far_away_is_met_by_none():
    assert name_places([model(5, 100), model(20, 100)], width=9, height=6) == ["bottom left"] * 2
