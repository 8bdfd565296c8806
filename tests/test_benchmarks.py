"""The benchmark runs recipes as they are trained; its figures are not judged here."""

import re

from benchmarks import training


def test_a_line_for_each_part_has_pictures_and_arithmetic_per_second(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["training", "vae/mnist-2d", "--seconds", "0.2"])
    training.main()
    *_, line = capsys.readouterr().out.splitlines()
    name, batch, rate, _, share = line.split()
    assert (name, batch) == ("vae/mnist-2d", "100")
    assert float(rate.replace(",", "")) > 0
    assert re.fullmatch(r"\d+%", share)


def test_a_network_and_its_priors_are_timed_apart():
    recipe = training.RECIPES["vq_vae_2/faces-64"]
    assert training.parts(recipe) == {"network": 0.0, "priors": 0.17}
    assert training.parts(training.RECIPES["sparse/mnist-stack"]) == {"": 0.0}
