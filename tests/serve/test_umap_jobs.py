"""UMAPs are made one at a time in processes of their own, and given up when nobody waits for them."""

import json
import subprocess
import sys
import time

import numpy as np
import pytest

from explorer.serve import umap_jobs
from explorer.serve.question import Refused
from explorer.serve.turns import visitor
from explorer.serve.umap_jobs import Jobs
from tests.conftest import ROOT

CODES = np.random.default_rng(0).standard_normal((200, 5)).astype(np.float32)
OPTIONS = {"neighbours": 5, "min_dist": 0.1, "metric": "euclidean", "seed": 0}
SLOW = ("-c", "import time; time.sleep(60)")
BROKEN = ("-c", "raise SystemExit(1)")
QUICK = (
    "-c",
    "import sys, numpy; f = sys.argv[1]; numpy.save(f + '/plane.npy', 2 * numpy.load(f + '/codes.npy')[:, :2])",
)


@pytest.fixture
def make_jobs():
    made = []

    def make(*arguments, **keywords):
        made.append(Jobs(*arguments, **keywords))
        return made[-1]

    yield make
    for jobs in made:
        if jobs._running:
            jobs._running.process.kill()


def ask(jobs, key="one", codes=CODES):
    return jobs.ask(key, lambda: codes, OPTIONS)


def wait(jobs, key="one", seconds=300):
    end = time.monotonic() + seconds
    while (status := ask(jobs, key)).plane is None:
        assert time.monotonic() < end
        time.sleep(0.1)
    return status


def ended(process, seconds=10):
    process.wait(seconds)
    return process.returncode is not None


def test_a_plane_is_made_once_and_then_kept(make_jobs):
    jobs = make_jobs(QUICK)
    np.testing.assert_array_equal(wait(jobs).plane, 2 * CODES[:, :2])
    assert jobs.ask("one", lambda: pytest.fail("it is kept"), OPTIONS).progress == 1


def test_only_one_is_made_at_a_time_and_the_next_one_waits(make_jobs):
    jobs = make_jobs(SLOW)
    assert ask(jobs, "one").progress == 0
    assert ask(jobs, "two").progress == -1
    running = jobs._running.process
    assert ask(jobs, "one").progress == 0
    assert jobs._running.process is running


def test_one_that_nobody_asks_for_any_more_is_ended(make_jobs):
    jobs = make_jobs(SLOW, patience=0.5)
    ask(jobs)
    assert ended(jobs._running.process)


def test_one_that_is_stopped_is_ended_soon_unless_another_visitor_waits_for_it(make_jobs, monkeypatch):
    monkeypatch.setattr(umap_jobs, "GRACE", 0.6)
    jobs = make_jobs(SLOW)
    ask(jobs)
    process = jobs._running.process
    jobs.stop("one")
    ask(jobs)  # the other visitor
    time.sleep(1)
    assert process.poll() is None
    jobs.stop("another one")
    jobs.stop("one")
    assert ended(process)


def test_a_process_that_fails_is_told_once_and_can_be_tried_again(make_jobs):
    jobs = make_jobs(BROKEN)
    with pytest.raises(Refused, match="could not be made"):
        wait(jobs)
    assert ask(jobs).plane is None


def test_only_some_planes_are_kept(make_jobs, monkeypatch):
    monkeypatch.setattr(umap_jobs, "KEPT", 2)
    jobs = make_jobs(QUICK)
    for key in ("one", "two", "three"):
        wait(jobs, key)
    assert list(jobs._planes) == ["two", "three"]


def test_the_worker_makes_the_plane_that_its_options_ask_for(make_jobs):
    from explorer.compute.projection import umap_plane

    jobs = make_jobs()
    np.testing.assert_allclose(wait(jobs).plane, umap_plane(CODES, **OPTIONS), atol=1e-4)


def test_the_worker_ends_when_the_app_does(tmp_path):
    np.save(tmp_path / "codes.npy", np.random.default_rng(0).standard_normal((20_000, 30)))
    (tmp_path / "options.json").write_text(json.dumps(OPTIONS))
    command = [sys.executable, "-m", "explorer.serve.umap_worker", str(tmp_path)]
    worker = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(1)
    worker.stdin.close()  # as the system does it when the app's process is gone
    assert ended(worker)
    assert not tmp_path.exists(), "nobody else would remove its folder"


def ask_as(who, jobs, key):
    token = visitor.set(who)
    try:
        return ask(jobs, key)
    finally:
        visitor.reset(token)


def test_who_polls_for_many_planes_does_not_starve_another_visitor(make_jobs):
    jobs = make_jobs(("-c", "import time; time.sleep(.5)" + QUICK[1].replace("import sys", "; import sys")))
    keys = [f"plane {number}" for number in range(6)]
    ask_as("greedy", jobs, keys[0])
    end, finished = time.monotonic() + 60, set()
    while "other" not in finished and time.monotonic() < end:
        for key in keys:
            if ask_as("greedy", jobs, key).plane is not None:
                finished.add(key)
        if ask_as("modest", jobs, "other").plane is not None:
            finished.add("other")
        time.sleep(0.02)
    assert "other" in finished
    assert len(finished) <= 3


def test_others_may_ask_while_the_codes_of_a_plane_are_made(make_jobs):
    jobs, asked = make_jobs(SLOW), []

    def codes():
        asked.append(jobs.ask("two", lambda: CODES, OPTIONS).progress)
        return CODES

    jobs.ask("one", codes, OPTIONS)
    assert asked == [-1]
