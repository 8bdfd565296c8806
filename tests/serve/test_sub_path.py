"""The app's own routes below a path, with proxies that keep the prefix and proxies that take it off."""

import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from explorer.answers import HANDLERS
from explorer.data import sample_sheets
from explorer.serve.server import launch_options

X = sample_sheets.load("mnist").pictures[0].ravel().tolist()


@pytest.fixture(scope="module")
def app(shipped):
    return Starlette(**launch_options(shipped, HANDLERS)["app_kwargs"])


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        ("", ""),
        ("/lab", ""),
        ("/lab", "/lab"),
        ("/lab/", "/lab"),
        ("https://example.org/lab", ""),
        ("https://example.org/lab", "/lab"),
        ("/user/ann%40example.org/proxy", "/user/ann%40example.org/proxy"),
    ],
)
def test_everything_is_found_and_what_is_closed_stays_closed(app, told, sent):
    client = TestClient(app, root_path=told)
    for path in ("widgets/kit.js", "samples/mnist.json", "samples/mnist.png"):
        answer = client.get(f"{sent}/{path}")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache"), path
    question = json.dumps({"checkpoint": "autoencoder/mnist-2d", "x": X})
    assert client.post(f"{sent}/ask/autoencoder/encode", content=question).status_code == 200
    assert client.post(f"{sent}/animation/gif?shape=1,1,1,1", content=b"\0").status_code == 200
    assert client.get(f"{sent}/gradio_api/upload").status_code == 403
    assert client.get(f"{sent}/widgets/kit.py").status_code == 404


def test_the_prefix_alone_leads_to_the_page(app):
    answer = TestClient(app, root_path="/lab", follow_redirects=False).get("/lab?v=1&tab=vae")
    assert (answer.status_code, answer.headers["location"]) == (307, "/lab/?v=1&tab=vae")
