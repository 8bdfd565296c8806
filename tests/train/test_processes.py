"""The documented command on two processes: they work together, whatever the recipe, and say so where they cannot."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer import checkpoint
from tests.conftest import ROOT, SMALL
from tests.train import two_processes


def launch(*command: str, flags: tuple[str, ...] = ("--multi_gpu",)) -> subprocess.CompletedProcess:
    """accelerate launch FLAGS --num_processes 2 -m COMMAND, as the README has it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = str(listener.getsockname()[1])
    ours = [sys.executable, "-m", "accelerate.commands.launch", *flags, "--num_processes", "2"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    environment.pop("ACCELERATE_USE_CPU", None)
    return subprocess.run(
        [*ours, "--main_process_port", port, "-m", *command],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
    )


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> dict:
    """What two processes made of small recipes."""
    run = launch("tests.train.two_processes", str(tmp_path_factory.mktemp("two")))
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.strip().splitlines()[-1])


def test_two_processes_get_the_loss_of_one_on_the_same_global_batch(two, tmp_path):
    assert two["processes"] == 2
    one = two_processes.history(tmp_path)
    assert [entry["step"] for entry in two["history"]] == [entry["step"] for entry in one]
    np.testing.assert_allclose([entry["loss"] for entry in two["history"]], [entry["loss"] for entry in one], rtol=1e-4)


def test_each_process_is_given_its_own_part_of_the_batch(two):
    assert two["shared"]


@pytest.mark.parametrize("family", SMALL)
def test_two_processes_end_with_the_same_weights(two, family):
    first, second = two["digests"][family]
    assert first == second


def test_the_documented_command_trains_measures_and_writes_once(tmp_path):
    rng = np.random.default_rng(0)
    (tmp_path / "pets").mkdir()
    for number in range(30):
        Image.fromarray(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)).save(tmp_path / "pets" / f"{number}.png")
    places = ["--data", f"folder:{tmp_path}/pets", "--out", f"{tmp_path}/out", "--state", f"{tmp_path}/runs"]
    run = launch("train", "vq_vae/cifar10-k512", "--steps", "2", *places)
    assert run.returncode == 0, run.stderr
    folder = tmp_path / "out" / "vq_vae" / "pets"
    config = checkpoint.read_config(folder)
    assert config["training"]["machine"].startswith("2 processes, each on 1 CPU thread")
    assert config["figures"]["test"]
    assert run.stdout.count("# vq_vae/pets") == 1


def test_one_process_where_two_were_asked_for_is_refused(tmp_path):
    run = launch("train", "vae/mnist-2d", "--out", str(tmp_path), "--state", str(tmp_path / "runs"), flags=("--cpu",))
    assert run.returncode != 0
    assert "accelerate launch has started one process where several were asked for" in run.stderr
    assert list(Path(tmp_path).iterdir()) == []
