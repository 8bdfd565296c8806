"""Visitors take turns, too many are turned away, and nothing is done for one who has left."""

import asyncio
import os
import subprocess
import sys
import threading
from functools import partial

import pytest

from explorer.serve.turns import Busy, Gone, Turns, dear, is_dear, stop_if_gone
from tests.conftest import ROOT


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 30))


async def others() -> None:
    """Lets everything that can go on go on."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_no_more_is_worked_on_at_a_time_than_there_are_places():
    at_work, most = set(), []

    def work(number):
        at_work.add(number)
        most.append(len(at_work))
        threading.Event().wait(0.01)
        at_work.remove(number)

    async def main():
        turns = Turns(2, 100, 100)
        await asyncio.gather(*(turns.run("one", partial(work, number)) for number in range(12)))

    run(main())
    assert max(most) == 2


def test_who_asks_once_is_next_however_much_another_has_asked_for():
    order = []

    async def main():
        turns, begin = Turns(1, 100, 100), threading.Event()
        asked = [asyncio.create_task(turns.run("many", begin.wait))]
        await others()
        for number in range(5):
            asked.append(asyncio.create_task(turns.run("many", partial(order.append, f"many {number}"))))
        await others()
        asked.append(asyncio.create_task(turns.run("one", partial(order.append, "one"))))
        await others()
        begin.set()
        await asyncio.gather(*asked)

    run(main())
    assert order.index("one") == 1


def test_too_many_and_too_many_of_one_visitor_are_turned_away_with_a_sentence():
    async def main():
        turns, begin = Turns(1, 3, 2), threading.Event()
        asked = [asyncio.create_task(turns.run("one", begin.wait)) for _ in range(2)]
        await others()
        with pytest.raises(Busy, match=r"asked again in \d seconds\."):
            await turns.run("one", begin.wait)
        asked.append(asyncio.create_task(turns.run("two", begin.wait)))
        await others()
        with pytest.raises(Busy):
            await turns.run("three", begin.wait)
        begin.set()
        await asyncio.gather(*asked)
        assert await turns.run("one", lambda: 7) == 7

    run(main())


def test_work_of_one_who_has_left_ends_at_its_next_part_and_frees_its_place():
    begun, parts = threading.Event(), []

    def work():
        for part in range(10_000):
            stop_if_gone()
            parts.append(part)
            begun.set()
            threading.Event().wait(0.001)

    async def main():
        turns = Turns(1, 10, 10)
        asked = asyncio.create_task(turns.run("one", work))
        await asyncio.to_thread(begun.wait)
        asked.cancel()
        assert await turns.run("two", lambda: 7) == 7
        assert asked.done()

    run(main())
    assert len(parts) < 10_000


def test_work_of_one_who_left_while_waiting_never_begins():
    async def main():
        turns, begin = Turns(1, 10, 10), threading.Event()
        first = asyncio.create_task(turns.run("one", begin.wait))
        await others()
        second = asyncio.create_task(turns.run("two", lambda: pytest.fail("nobody waits for it")))
        await others()
        second.cancel()
        begin.set()
        await first
        assert await turns.run("one", lambda: 7) == 7

    run(main())


def test_outside_a_turn_nobody_leaves():
    stop_if_gone()


def test_a_place_is_free_again_after_work_that_fails():
    def fail():
        raise Gone

    async def main():
        turns = Turns(1, 10, 10)
        for _ in range(3):
            with pytest.raises(Gone):
                await turns.run("one", fail)

    run(main())


def test_a_handler_may_be_dear_for_some_questions_only():
    @dear("counting", when=lambda pool, count: count > 5)
    def handler(pool, count):
        return {}

    assert is_dear(handler, None, {"count": 6})
    assert is_dear(partial(handler), None, {"count": 6})
    for count in (5, "6", None):
        assert not is_dear(handler, None, {"count": count})
    assert not is_dear(print, None, {})


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_threads_of_dear_work_step_back_alone():
    def priority():
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    async def main():
        before = priority()
        assert await Turns(1, 10, 10, nice=5).run("one", priority) == min(19, before + 5)
        assert await Turns(1, 10, 10).run("one", priority) == priority() == before

    run(main())


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_dear_work_of_an_app_that_has_itself_stepped_back_steps_back_further():
    code = (
        "import asyncio, os, threading; from explorer.serve.turns import Turns; os.nice(15 - os.nice(0));"
        "priority = lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id());"
        "print(asyncio.run(Turns(1, 1, 1, nice=10).run('one', priority)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "19", done.stderr
