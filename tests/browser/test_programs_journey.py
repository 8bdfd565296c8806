"""The app from another process: the README's own examples, the addresses that stay closed, and a page around it."""

import re
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.browser.conftest import start_app, stop_app
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def example(language: str, word: str) -> str:
    """The README's block of code with that word in it."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return next(block for block in blocks if word in block)


def test_the_example_with_the_client_runs(address):
    program = example("python", "gradio_client").replace("http://127.0.0.1:7860", address)
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"^7 \d+\.\d+$", ran.stdout, re.MULTILINE)


def test_the_example_with_curl_runs(address):
    script = example("bash", "v2/sample").replace("http://127.0.0.1:7860", address)
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=300)
    assert "event: complete" in ran.stdout
    assert '"pictures"' in ran.stdout


def test_a_refusal_reaches_a_program_as_its_sentence(address):
    asked = httpx.post(f"{address}/gradio_api/call/decode", json={"data": ["vae/mnist-2d", [0, 0, 0]]}, timeout=60)
    answer = httpx.get(f"{address}/gradio_api/call/decode/{asked.json()['event_id']}", timeout=60).text
    assert "event: error" in answer
    assert "z must be 2 numbers, but 3 came." in answer


def test_only_what_programs_need_is_open(address):
    assert set(httpx.get(f"{address}/gradio_api/info", timeout=60).json()["named_endpoints"]) == {
        *("/models", "/encode", "/decode", "/reconstruct", "/traverse", "/sample", "/repaint", "/roll_out")
    }
    for path in ("run/predict", "api/encode", "call/none", "upload", "openapi.json", "queue/status", "mcp/"):
        assert httpx.post(f"{address}/gradio_api/{path}", json={}, timeout=60).status_code == 403
    large = httpx.post(f"{address}/gradio_api/call/encode", content=b" " * 2_000_001, timeout=60)
    assert (large.status_code, large.text) == (413, "The question is too large.")


@pytest.fixture
def course(tmp_path):
    """A page on another origin with the README's snippet in it, and the app that lets it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://localhost:{server.server_port}"
    started = []

    def course(*options: str) -> str:
        process, address = start_app(ROOT / "checkpoints", *options)
        started.append(process)
        snippet = example("html", "iframe").replace("https://explorer.example", address)
        (tmp_path / "index.html").write_text(f"<!doctype html>{snippet}")
        return origin

    course.origin = origin
    yield course
    server.shutdown()
    for process in started:
        stop_app(process)


def test_a_page_of_another_origin_shows_one_scene_and_is_told_its_height(browser, course):
    page = browser.new_page()
    page.goto(course("--embed", course.origin))
    frame = page.frame_locator("#explorer")
    frame.locator("#vae-input canvas").first.wait_for(timeout=60_000)
    assert not frame.locator("#tabs > .tab-wrapper").is_visible()
    assert not frame.get_by_role("tab", name="Sample the prior").is_visible()
    page.wait_for_function("document.querySelector('#explorer').getBoundingClientRect().height > 300")
    inner = frame.locator("#tabs").evaluate("node => Math.ceil(node.getBoundingClientRect().bottom)")
    page.wait_for_function("h => Math.abs(document.querySelector('#explorer').clientHeight - h) < 40", arg=inner)
    page.close()


def test_no_page_of_another_origin_shows_the_app_unless_it_was_told(browser, course):
    page = browser.new_page()
    page.goto(course())
    page.wait_for_timeout(3000)
    assert all(frame.locator("#tabs").count() == 0 for frame in page.frames)
    page.close()
