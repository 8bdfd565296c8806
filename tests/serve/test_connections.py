"""Who connects and keeps the server waiting is cut off; who asks is answered meanwhile."""

import contextlib
import socket
import threading
import time

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from explorer.serve import connections


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(await request.body())


@pytest.fixture
def port(monkeypatch):
    """Of a server with little patience."""
    monkeypatch.setattr(connections, "PATIENCE", 0.5)
    monkeypatch.setattr(connections, "LOOK", 0.1)
    monkeypatch.setattr(connections, "MOST", 8)
    config = uvicorn.Config(Starlette(routes=[Route("/", echo, methods=["POST"])]), port=0, log_level="error")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    connections.limit(server.config)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


def is_closed(connection: socket.socket, seconds: float = 20) -> bool:
    connection.settimeout(seconds)
    try:
        while connection.recv(1000):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"POST / HTT",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\nPOST / H",
    ],
    ids=["nothing", "half a head", "half a body", "half a second question"],
)
def test_who_does_not_go_on_is_cut_off(port, said):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(said)
        assert is_closed(connection)


def test_who_drips_is_cut_off(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            for _ in range(400):
                connection.sendall(b"x")
                time.sleep(0.05)
            pytest.fail("it could go on for 20 seconds")


def test_there_is_room_for_one_more_while_others_wait(port):
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    assert httpx.post(f"http://127.0.0.1:{port}", content=b"hello").text == "hello"
    for connection in idle:
        connection.close()
