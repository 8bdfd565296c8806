"""One bad folder does not disturb the others."""

import sys
import threading

import numpy as np
import pytest
import torch

from explorer import checkpoint
from explorer.serve import turns
from explorer.serve.pool import Pool
from explorer.serve.question import Refused


def test_a_damaged_folder_is_reported_and_the_others_load(make_checkpoint):
    good, bad = make_checkpoint("vae"), make_checkpoint("autoencoder")
    (bad / checkpoint.CONFIG).write_text("{")
    pool = Pool(good.parent.parent)
    assert pool.problems == ["autoencoder/small/config.json is not valid JSON."]
    assert pool.run("vae/small", "decode", z=np.zeros((1, 2), np.float32))["x_hat"].shape == (1, 1, 28, 28)


def test_an_empty_or_missing_root_has_no_checkpoints(tmp_path):
    for root in (tmp_path, tmp_path / "nowhere"):
        pool = Pool(root)
        assert (pool.configs, pool.problems, pool.names("vae")) == ({}, [], [])


def test_what_has_come_gone_or_changed_is_seen_at_the_next_look(make_checkpoint):
    good, root = make_checkpoint("vae"), make_checkpoint("vae").parent.parent
    pool = Pool(root)
    assert not pool.look_again()
    make_checkpoint("autoencoder")
    assert pool.look_again()
    assert pool.configs.keys() == {"vae/small", "autoencoder/small"}
    (good / checkpoint.CONFIG).write_text("{")
    assert pool.look_again()
    assert (pool.configs.keys(), len(pool.problems)) == ({"autoencoder/small"}, 1)
    assert pool.run("autoencoder/small", "decode", z=np.zeros((1, 2), np.float32))["x_hat"].shape == (1, 1, 28, 28)
    assert not pool.look_again()


@pytest.mark.parametrize("name", ["vae/other", "../../etc", None, 7, ["vae/small"], "x" * 10_000])
def test_an_unknown_name_is_refused_with_a_short_sentence(make_checkpoint, name):
    pool = Pool(make_checkpoint("vae").parent.parent)
    with pytest.raises(Refused, match="There is no checkpoint named") as refusal:
        pool.codes(name)
    assert len(str(refusal.value)) < 120


@pytest.mark.parametrize("marked", [True, False])
def test_what_becomes_of_files_after_the_start_changes_no_answer(make_checkpoint, marked):
    folder = make_checkpoint("vae")
    if not marked:
        said = checkpoint.read_config(folder)
        del said["fits_sha256"]
        checkpoint.write_config(folder, said)
    z = np.ones((1, 2), np.float32)
    expected = checkpoint.load_model(folder).decode(torch.from_numpy(z)).numpy()
    pool = Pool(folder.parent.parent)
    (folder / checkpoint.WEIGHTS).write_bytes(b"short")
    (folder / checkpoint.CONFIG).unlink()
    for _ in range(2):
        np.testing.assert_array_equal(pool.run("vae/small", "decode", z=z)["x_hat"], expected)


def test_codes_damaged_after_the_start_refuse_what_needs_them(make_checkpoint):
    folder = make_checkpoint("vae")
    pool = Pool(folder.parent.parent)
    (folder / checkpoint.CODES).write_bytes(b"short")
    with pytest.raises(Refused, match=r"vae/small/codes\.safetensors is damaged"):
        pool.codes("vae/small")


def test_checkpoints_are_listed_by_the_size_of_their_code(make_checkpoint):
    make_checkpoint("vae", "a", latent_dim=5)
    folder = make_checkpoint("vae", "b", latent_dim=3)
    assert Pool(folder.parent.parent).names("vae") == ["vae/b", "vae/a"]


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_nobody_waits_for_work_that_has_stepped_back(make_checkpoint, monkeypatch):
    pool = Pool(make_checkpoint("vae").parent.parent)
    begun, end = threading.Semaphore(0), threading.Event()

    def dear():
        turns.step_back()
        pool.run("vae/small", "slow")

    def run(model, network, inputs):
        if network == "slow":
            begun.release()
            end.wait(20)
        return {"z": torch.zeros(1)}

    monkeypatch.setattr("explorer.serve.pool.run", run)
    threads = [threading.Thread(target=dear) for _ in range(5)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert begun.acquire(timeout=20)
    answered = threading.Thread(target=lambda: pool.run("vae/small", "quick"))
    answered.start()
    answered.join(20)
    assert not answered.is_alive()
    end.set()
    for thread in threads:
        thread.join()


def test_many_visitors_get_the_answers_a_single_one_gets(make_checkpoint):
    pool = Pool(make_checkpoint("vae").parent.parent)
    points = np.random.default_rng(0).standard_normal((32, 1, 2)).astype(np.float32)
    decode = lambda z: pool.run("vae/small", "decode", z=z)["x_hat"]  # noqa: E731
    expected = [decode(z) for z in points]
    found = [None] * len(points)
    threads = [threading.Thread(target=lambda i=i: found.__setitem__(i, decode(points[i]))) for i in range(len(points))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(found, expected)
