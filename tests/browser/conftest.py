"""A running app and a real Chromium; every page fails its test on a console error or a request to another host."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import httpx
import pytest

from tests.browser.hand import started
from tests.conftest import ROOT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-device-scale-factor=1"]
FLAGS.append("--host-resolver-rules=MAP explorer.lan 127.0.0.1")  # a page without https that is not of this machine
# The browser's own lines for a refused question and a forbidden copy; tests look at the sentence shown.
HARMLESS = ("Failed to load resource", "Permissions policy violation: The Clipboard API")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    journeys = [item for item in items if "browser" in item.path.parts]
    for item in journeys:
        # Another program may hold the processor while a page waits; the summary counts what passed the second time.
        item.add_marker(pytest.mark.flaky(reruns=1))
        if CHROMIUM is None and "CI" not in os.environ:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine: install Debian's chromium package"))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start_app(checkpoints: Path, *options: str, **settings: str) -> tuple[subprocess.Popen, str]:
    """The app in a process of its own, once it answers; settings are environment variables, options the app's own."""
    port = free_port()
    command = [sys.executable, "app.py", "--port", str(port), "--checkpoints", str(checkpoints), "--only", *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, **pipes)
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"The app ended: {server.stdout.read()}")
        try:
            httpx.get(address, timeout=2)
            return server, address
        except httpx.TransportError:
            time.sleep(0.1)
    server.kill()
    raise RuntimeError("The app did not answer within 30 seconds.")


def stop_app(server: subprocess.Popen) -> None:
    server.terminate()
    server.communicate(timeout=20)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    server, address = start_app(ROOT / "checkpoints")
    yield address
    stop_app(server)


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.fail("Chromium is required here and was not found.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, address):
    """Opens the app in a fresh browser profile; at the end no page may have complained or left the app's address."""
    complaints, contexts = [], []

    def open_page(at: str = address, **options):
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 720}} | options))
        contexts.append(context)
        if "net=" not in at:  # most journeys look at what widgets do, and need not wait for 4 MB
            context.add_init_script("sessionStorage.setItem('net', 'server')")
        page = context.new_page()
        page.set_default_timeout(60_000)  # on a machine that does other work beside
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on(
            "console",
            lambda message: (
                message.type == "error"
                and not message.text.startswith(HARMLESS)
                and complaints.append(f"console: {message.text}")
            ),
        )
        page.on(
            "request", lambda request: complaints.append(f"left: {request.url}") if leaves(request.url, at) else None
        )
        page.goto(at)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page):
    """The app with its first picture drawn."""
    page = open_page()
    started(page)
    return page


def leaves(url: str, address: str) -> bool:
    parts = urlparse(url)
    return parts.scheme not in ("data", "blob") and parts.netloc != urlparse(address).netloc
