"""Figures that stand still can be read."""

from types import SimpleNamespace

from explorer.style.plots import cheapest, name_places


def model(kl: float, reconstruction: float, capacity: float | None = None) -> SimpleNamespace:
    return SimpleNamespace(test={"kl": kl, "reconstruction": reconstruction}, model={"capacity": capacity})


def test_names_of_near_points_stand_on_two_sides():
    models = [model(6.6, 111), model(7.3, 111), model(8.5, 104), model(9.3, 79), model(25, 97, capacity=25)]
    assert name_places(models, width=9, height=6) == ["bottom left", "top right", *["bottom left"] * 2, "top right"]


def test_a_name_as_high_but_far_away_is_met_by_none():
    assert name_places([model(5, 100), model(20, 100)], width=9, height=6) == ["bottom left"] * 2


def test_a_name_does_not_cover_a_point():
    assert name_places([model(13.6, 39), model(15.5, 45)], width=8, height=5) == ["bottom left", "top right"]


def test_a_capacity_that_rebuilds_best_is_named_below_and_another_above():
    models = [model(16, 33), model(18, 25, capacity=20), model(21, 29, capacity=25)]
    assert name_places(models, width=2, height=5) == ["bottom left", "bottom left", "top right"]


def test_the_line_leads_through_models_that_none_of_fewer_nats_rebuilds_as_well_as():
    models = [model(7, 111), model(9, 79), model(15.5, 49), model(15.6, 33), model(19, 39), model(27, 24)]
    assert cheapest(models) == [models[0], models[1], models[2], models[3], models[5]]
