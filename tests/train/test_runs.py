"""Runs on what people have: nothing of theirs is mixed up or lost, and what is wrong is said before the first step."""

import errno
import os
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from filelock import FileLock
from PIL import Image

from explorer import checkpoint
from tests.conftest import SMALL
from tests.train.test_loop import NOISY
from train import commands, loop, state
from train.__main__ import main
from train.recipes import RECIPES

NAME = "vq_vae/cifar10-k512"


@pytest.fixture(autouse=True)
def _small(monkeypatch) -> None:
    """A recipe that takes a second, and runs that do not inherit each other's precision."""
    AcceleratorState._reset_state(reset_partial_state=True)
    recipe = RECIPES[NAME]
    small = replace(recipe, batch_size=4, steps=6, bf16=False, model=recipe.model | SMALL["vq_vae"])
    monkeypatch.setitem(RECIPES, NAME, small)


@pytest.fixture
def start(tmp_path, capsys):
    """Runs python -m train on a folder of pictures; returns the exit status and what it says went wrong."""

    def start(pictures: Path, *options: str, out: str = "out", name: str = NAME) -> tuple[int, str]:
        places = ["--out", str(tmp_path / out), "--state", str(tmp_path / "runs")]
        status = main([name, "--data", f"folder:{pictures}", *places, *options])
        return status, capsys.readouterr().err.strip().splitlines()[-1] if status else ""

    return start


def draw(folder: Path, seed: int, count: int = 30) -> Path:
    """A folder of random pictures."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    for number in range(count):
        Image.fromarray(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def pets(tmp_path) -> Path:
    return draw(tmp_path / "a" / "pets", seed=0)


def weights(folder: Path) -> bytes:
    return (folder / checkpoint.WEIGHTS).read_bytes()


def test_two_folders_of_one_name_never_share_a_state(start, pets, tmp_path):
    others = draw(tmp_path / "b" / "pets", seed=1)
    assert start(pets, "--resume") == (0, "")
    assert start(others, "--resume", out="out-b") == (0, "")
    first, second = (tmp_path / out / "vq_vae" / "pets" for out in ("out", "out-b"))
    assert weights(first) != weights(second)
    history = checkpoint.read_config(second)["training"]["history"]
    assert [entry["step"] for entry in history] == [1, 2, 3, 4, 5, 6]
    assert history != checkpoint.read_config(first)["training"]["history"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"steps": 50}, "steps 60, not 50"),
        ({"learning_rate": 0.5}, "learning_rate 0.01, not 0.5"),
        ({"model": {"latent_dim": 3, "hidden": [16]}}, "latent_dim 2, not 3"),
        ({"data": "folder:/b/pets"}, "data mnist, not folder:/b/pets"),
        (None, "other pictures in mnist than now"),
    ],
    ids=["steps", "rate", "model", "data", "pictures"],
)
def test_a_state_of_another_run_is_refused_and_what_differs_is_named(tmp_path, digits, change, named):
    loop.train(NOISY, digits, tmp_path)
    changed = digits if change else digits.flip(0)
    with pytest.raises(state.StateError) as refused:
        loop.train(replace(NOISY, **(change or {})), changed, tmp_path, resume=True)
    assert named in str(refused.value)
    assert state.step_of(state.latest_state(tmp_path)) == 60


def test_a_state_does_not_depend_on_words_or_on_fields_that_recipes_have_got_since():
    now = state.identity(NOISY, torch.zeros(2, 1, 2, 2))
    older = {key: value for key, value in now.items() if key != "frames"}
    assert state.differences(older | {"purpose": "put another way"}, now) == []


def test_a_finished_run_is_only_replaced_when_asked(start, pets, tmp_path):
    folder = tmp_path / "out" / "vq_vae" / "pets"
    assert start(pets)[0] == 0
    before = weights(folder)
    for options in ([], ["--resume"], ["--seed", "1"]):
        status, said = start(pets, *options)
        assert status == 2
        assert "holds a finished run" in said
    assert weights(folder) == before
    assert start(pets, "--seed", "1", "--overwrite")[0] == 0
    assert weights(folder) != before


def test_a_stopped_run_is_not_lost_by_starting_anew(start, pets, tmp_path, monkeypatch):
    stop_after(3, monkeypatch)
    status, said = start(pets)
    assert (status, said) == (130, "Stopped; --resume goes on after step 3.")
    status, said = start(pets)
    assert status == 2
    assert "holds a run of 6 steps that was stopped after 3: go on with --resume" in said
    status, said = start(pets, "--resume", "--steps", "4")
    assert status == 2
    assert "steps 6, not 4" in said
    monkeypatch.undo()
    assert not (tmp_path / "out" / "vq_vae" / "pets").exists()


def stop_after(steps: int, monkeypatch) -> None:
    """Ctrl-C after so many steps, each of which is saved."""
    monkeypatch.setattr(loop, "SAVE_SECONDS", 0.0)
    draw_batch, drawn = loop.draw_batch, []

    def drawing(*arguments):
        drawn.append(1)
        if len(drawn) > steps:
            raise KeyboardInterrupt
        return draw_batch(*arguments)

    monkeypatch.setattr(loop, "draw_batch", drawing)


@pytest.mark.parametrize("option", ["--measure", "--resume"])
def test_a_run_that_was_cut_off_while_measuring_is_completed(start, pets, tmp_path, monkeypatch, option):
    folder = tmp_path / "out" / "vq_vae" / "pets"

    def cut_off(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(commands.evaluate, "measure", cut_off)
        status, said = start(pets)
    assert (status, said) == (130, f"Stopped while measuring {folder}: --measure completes it.")
    assert "not measured yet" in (folder / checkpoint.CARD).read_text()
    before = weights(folder)
    assert start(pets, "--verify") == (2, f"{folder} has not been measured yet: complete it with --measure.")
    assert start(pets)[0] == 2
    shutil.rmtree(tmp_path / "runs")  # what is measured is the folder's
    assert start(pets, option)[0] == 0
    assert weights(folder) == before
    assert checkpoint.read_config(folder)["figures"]["test"]
    assert "not measured yet" not in (folder / checkpoint.CARD).read_text()


def test_a_full_disk_ends_a_run_in_one_sentence_and_leaves_the_last_state(start, pets, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "SAVE_SECONDS", 0.0)
    save_state, saved = Accelerator.save_state, []

    def full(accelerator, folder, **options):
        saved.append(1)
        if len(saved) == 3:
            (Path(folder) / "half").write_bytes(b"half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), folder)
        return save_state(accelerator, folder, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Accelerator, "save_state", full)
        status, said = start(pets)
    assert status == 2
    assert said.startswith("The state after step 3 could not be written into")
    assert said.endswith("(no space left on device); --resume goes on after step 2.")
    assert not list(tmp_path.rglob("half"))
    assert start(pets, "--resume")[0] == 0


def test_a_disk_with_too_little_room_is_found_before_the_first_step(start, pets, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 1000))
    status, said = start(pets)
    assert status == 2
    assert "is too full: " in said
    assert "0.0 MB are free of" in said
    assert not list(tmp_path.rglob("step-*"))


@pytest.mark.parametrize("place", ["out", "runs"])
def test_a_folder_that_cannot_be_written_is_named_before_the_first_step(start, pets, tmp_path, place, monkeypatch):
    (tmp_path / place).write_text("a file, and no folder")
    monkeypatch.setattr(commands, "train", lambda *_: pytest.fail("a step was taken"))
    status, said = start(pets)
    assert status == 2
    assert str(tmp_path / place) in said
    assert "Traceback" not in said


@pytest.mark.parametrize("damage", ["cut", "flipped", "manifest"])
def test_a_damaged_state_is_named(tmp_path, digits, damage):
    loop.train(NOISY, digits, tmp_path)
    path = state.latest_state(tmp_path) / (state.MANIFEST if damage == "manifest" else "optimizer.bin")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content if damage == "flipped" else content[: len(content) // 2])
    with pytest.raises(state.StateError, match="is damaged: start anew with --overwrite"):
        loop.train(NOISY, digits, tmp_path, resume=True)


def test_of_two_runs_into_one_folder_the_second_is_refused(start, pets, tmp_path):
    lock = tmp_path / "out" / "vq_vae" / ".pets.lock"
    lock.parent.mkdir(parents=True)
    with FileLock(lock, is_singleton=False):
        assert start(pets) == (
            2, f"Another run is writing into {tmp_path}/out/vq_vae/pets: wait for it, or name another folder."
        )  # fmt: skip
    lock.touch()  # as a killed run leaves it
    assert start(pets)[0] == 0
    assert not lock.exists()


@pytest.mark.parametrize("count", [0, 3])
def test_too_few_pictures_are_found_before_the_first_step(start, tmp_path, count):
    status, said = start(draw(tmp_path / "few", seed=0, count=count))
    assert status == 2
    assert str(tmp_path / "few") in said
    assert not (tmp_path / "runs").exists()


def test_a_missing_folder_is_named(start, tmp_path):
    status, said = start(tmp_path / "nowhere")
    assert status == 2
    assert str(tmp_path / "nowhere") in said


def test_the_home_folder_may_be_written_as_a_tilde(start, pets, monkeypatch):
    monkeypatch.setenv("HOME", str(pets.parent))
    assert start(Path("~/pets"))[0] == 0


def test_all_files_of_a_run_can_be_read_like_any_other(start, pets, tmp_path):
    before = os.umask(0o022)
    assert start(pets)[0] == 0
    os.umask(before)
    files = [path for place in ("out", "runs") for path in (tmp_path / place).rglob("*") if path.is_file()]
    assert len(files) > 5
    assert {stat.filemode(path.stat().st_mode) for path in files} == {"-rw-r--r--"}


def test_a_run_of_one_step_has_a_card(start, pets, tmp_path):
    assert start(pets, "--steps", "1")[0] == 0
    assert "mean of the first 1 steps" in (tmp_path / "out" / "vq_vae" / "pets" / checkpoint.CARD).read_text()


@pytest.mark.parametrize("steps", ["0", "-5", "many"])
def test_a_number_of_steps_that_makes_no_run_is_refused(start, pets, steps, capsys):
    with pytest.raises(SystemExit):
        start(pets, "--steps", steps)
    assert "is not a whole number from 1 on" in capsys.readouterr().err


def test_a_checkpoint_is_not_measured_on_another_folder_of_its_name(start, pets, tmp_path):
    others = draw(tmp_path / "b" / "pets", seed=1)
    assert start(pets)[0] == 0
    status, said = start(others, "--measure")
    assert status == 2
    assert f"was trained on folder:{pets}@64, and not on folder:{others}@64" in said
