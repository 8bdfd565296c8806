"""Measuring shows how far it is and how much time is left, on stderr, and only where a person waits for it."""

import re

import pytest
from accelerate.state import AcceleratorState

from explorer.metrics.watched import watched
from train import commands, progress
from train.__main__ import main

LEFT = r"{title}: +\d+%\|.*\| \d+/{count} \[\d\d:\d\d<\d\d:\d\d"


@pytest.fixture
def at_once(monkeypatch):
    """Bars come with the first round of a loop and show each, however quick it is."""
    monkeypatch.setattr(progress, "DELAY", 0.0)
    monkeypatch.setattr(progress, "SECONDS", 0.0)
    monkeypatch.setattr(progress.Parts, "tick", lambda _: None)  # which would not rest at all


def test_a_loop_within_a_measurement_says_how_much_time_is_left(at_once, capsys):
    with progress.Parts("measuring", 1) as part:
        part("figures")
        assert list(watched([3, 1, 2], "trees")) == [3, 1, 2]
        assert list(watched(["alone"], "nothing to tell")) == ["alone"]
    said = capsys.readouterr().err
    assert "measuring: part 1 of 1" in said
    assert re.search(LEFT.format(title="trees", count=3), said)
    assert "nothing to tell" not in said


def test_nothing_is_shown_of_a_loop_that_nobody_watches(at_once, capsys):
    with progress.Parts("measuring", 1):
        pass
    capsys.readouterr()
    assert list(watched(range(3), "trees")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


def test_measuring_shows_the_time_left_as_training_does(at_once, data_root, tmp_path, capsys, monkeypatch):
    for other in ("planes", "graphs_of"):  # parts that take long, and show no more than the clock
        monkeypatch.setattr(commands, other, lambda *_: {})
    AcceleratorState._reset_state(reset_partial_state=True)  # an earlier test's may have another precision
    name = "contractive/mnist-lambda0"
    options = ["--data", str(data_root), "--out", str(tmp_path / "out"), "--state", str(tmp_path / "runs")]
    fine_tuning = LEFT.format(title="fine-tuning", count=50)  # 25 times over 500 digits, 200 in a batch
    assert main([name, "--steps", "4", *options]) == 0
    said = capsys.readouterr().err
    assert re.search(LEFT.format(title=name, count=4), said)
    assert re.search(fine_tuning, said)
    assert main([name, "--verify", *options]) == 0
    assert re.search(fine_tuning, capsys.readouterr().err)
