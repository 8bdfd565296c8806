"""The server under visitors who ask for too much, leave, or never finish what they ask."""

import logging
import socket
import threading
import time

import httpx
import numpy as np
import pytest
import uvicorn
from starlette.applications import Starlette

from explorer.serve.pool import Pool
from explorer.serve.server import DEAR, launch_options
from explorer.serve.turns import dear, stop_if_gone

ANSWER = {"one": np.float32(1)}


def cheap(pool):
    return ANSWER


@pytest.fixture
def serve(tmp_path):
    """Starts a server with some handlers of one tab, and gives its address."""
    servers = []

    def serve(**handlers) -> str:
        app = Starlette(**launch_options(Pool(tmp_path), {"tab": handlers})["app_kwargs"])
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/ask/tab"

    yield serve
    for server, thread in servers:
        server.should_exit = True
        thread.join(20)


def test_who_asks_for_too_much_is_turned_away_with_a_time_and_others_are_answered(serve):
    begin = threading.Event()

    @dear("waits")
    def slow(pool):
        begin.wait(30)
        return ANSWER

    address, answers = serve(slow=slow, cheap=cheap), []

    def ask():
        answers.append(httpx.post(f"{address}/slow", content="{}", timeout=60))

    threads = [threading.Thread(target=ask) for _ in range(DEAR["most_each"] + 3)]
    for thread in threads:
        thread.start()
    while len(answers) < 3:
        time.sleep(0.01)
    assert httpx.post(f"{address}/cheap", content="{}", timeout=30).status_code == 200
    another = {"X-Forwarded-For": "203.0.113.7"}  # by a proxy on this machine
    waits = threading.Thread(target=httpx.post, args=(f"{address}/slow",), kwargs={"content": "{}", "headers": another})
    waits.start()
    begin.set()
    for thread in (*threads, waits):
        thread.join(60)
    assert sorted(answer.status_code for answer in answers) == [200] * DEAR["most_each"] + [503] * 3
    turned_away = next(answer for answer in answers if answer.status_code == 503)
    assert int(turned_away.headers["retry-after"]) > 0
    assert turned_away.text.endswith(".")


def test_a_handler_stops_when_its_asker_has_left(serve):
    begun, ended = threading.Event(), threading.Event()

    @dear("never ends")
    def endless(pool):
        begun.set()
        try:
            while True:
                stop_if_gone()
                time.sleep(0.01)
        finally:
            ended.set()

    address = serve(endless=endless)
    with socket.create_connection(("127.0.0.1", int(address.split(":")[2].split("/")[0]))) as connection:
        connection.sendall(b"POST /ask/tab/endless HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")
        assert begun.wait(20)
    assert ended.wait(20)


def test_bodies_that_break_off_are_not_worth_a_word(serve, caplog):
    address = serve(cheap=cheap)
    with caplog.at_level(logging.INFO):
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", int(address.split(":")[2].split("/")[0]))) as connection:
                connection.sendall(b"POST /ask/tab/cheap HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
        assert httpx.post(f"{address}/cheap", content="{}").status_code == 200
    assert [record.message for record in caplog.records if record.name != "httpx"] == []


def test_a_body_that_drips_is_told_that_it_took_too_long(serve, monkeypatch):
    monkeypatch.setattr("explorer.serve.server.LONGEST_BODY", 0.2)
    address = serve(cheap=cheap)

    def drip():
        while True:
            yield b" "
            time.sleep(0.05)

    assert httpx.post(f"{address}/cheap", content=drip(), timeout=20).status_code == 408
