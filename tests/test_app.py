"""The app through its routes: questions, files, and what is closed."""

import json

import pytest
from safetensors.numpy import load
from starlette.applications import Starlette
from starlette.testclient import TestClient

import app
from explorer.answers import HANDLERS
from explorer.data import sample_sheets
from explorer.serve.pool import Pool
from explorer.serve.server import OF_A_NUMBER, launch_options

X = sample_sheets.load("mnist").pictures[0].ravel().tolist()
GOOD = {"checkpoint": "autoencoder/mnist-2d", "z": [0, 0]}


@pytest.fixture(scope="module")
def client(shipped):
    """The server's routes behind its middleware, without Gradio's own."""
    options = launch_options(shipped, HANDLERS)["app_kwargs"]
    return TestClient(Starlette(**options))


def ask(client, question, body):
    return client.post(f"/ask/{question}", content=body if isinstance(body, str | bytes) else json.dumps(body))


def test_a_question_is_answered_with_arrays(client):
    response = ask(client, "autoencoder/encode", {"checkpoint": "autoencoder/mnist-2d", "x": X})
    assert response.status_code == 200
    assert load(response.content)["z"].shape == (2,)


def test_only_an_app_with_models_of_ones_own_looks_for_others(client, shipped):
    refusal = client.post("/ask/reload")
    assert (refusal.status_code, refusal.text) == (400, "This app shows the models that it was started with.")
    looks = iter([True, False])
    own = TestClient(Starlette(**launch_options(shipped, HANDLERS, renew=lambda: next(looks))["app_kwargs"]))
    assert [own.post("/ask/reload").text for _ in range(2)] == ["changed", "same"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("{", "The question must be a JSON object with checkpoint, z."),
        ("[]", "The question must be a JSON object with checkpoint, z."),
        ({"checkpoint": "vae/mnist-2d"}, "The question must be a JSON object with checkpoint, z."),
        ({"checkpoint": "autoencoder/none", "z": [0, 0]}, "There is no checkpoint named 'autoencoder/none'."),
        ({"checkpoint": "autoencoder/mnist-2d", "z": [0, 0, 0]}, "z must be 2 numbers, but 3 came."),
        (
            {"checkpoint": "autoencoder/mnist-2d", "z": [0, float("nan")]},
            "z holds a value that is not a finite number.",
        ),
        ("[" * 100_000, "The question must be a JSON object with checkpoint, z."),
        (b"\xff\xfe", "The question must be a JSON object with checkpoint, z."),
        (json.dumps(GOOD).encode("utf-16"), "The question must be a JSON object with checkpoint, z."),
        (json.dumps(GOOD)[:-1] + ', "z": [1, 1]}', "The question must be a JSON object with checkpoint, z."),
        (GOOD | {"checkpoint": "\ud800"}, "The question must be a JSON object with checkpoint, z."),
        (GOOD | {"z": [0, True]}, "z must be a list of numbers."),
        (GOOD | {"z": [0, "1"]}, "z must be a list of numbers."),
        (
            GOOD | {"checkpoint": "vq_vae/cifar10-k512"},
            "vq_vae/cifar10-k512 is not a model whose code is a point of a space.",
        ),
        ("0" * (OF_A_NUMBER * 3 * 64 * 64 + 1), "The question is too large."),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_question_gets_one_sentence_and_the_next_one_its_answer(client, body, sentence):
    response = ask(client, "autoencoder/decode", body)
    assert (response.status_code, response.text) == (400, sentence)
    assert ask(client, "autoencoder/decode", GOOD).status_code == 200


@pytest.mark.parametrize("key", ["func", "data", "pool", "self"])
def test_an_argument_that_there_is_not_is_refused_whatever_its_name(client, key):
    response = ask(client, "beta_vae/place_dsprites", {key: 1})
    assert (response.status_code, response.text[:33]) == (400, "A picture of dsprites is made fro")


@pytest.mark.parametrize("question", ["autoencoder/none", "none/decode", "autoencoder/__class__"])
def test_an_unknown_question_is_not_found(client, question):
    assert ask(client, question, {}).status_code == 404


def test_a_handler_that_breaks_says_so_without_its_insides(shipped):
    def broken(pool):
        raise RuntimeError("secret")

    client = TestClient(Starlette(**launch_options(shipped, {"tab": {"broken": broken}})["app_kwargs"]))
    response = ask(client, "tab/broken", {})
    assert response.status_code == 500
    assert "secret" not in response.text


def test_scripts_and_sheets_are_served_and_sources_are_not(client):
    assert client.get("/widgets/kit.js").headers["content-type"].startswith("text/javascript")
    assert client.get("/samples/mnist.png").status_code == 200
    for path in ("/widgets/component.py", "/widgets/../pool.py", "/widgets/%2e%2e/pool.py", "/widgets/kit.css"):
        assert client.get(path).status_code in (403, 404)


FILES = ["file=http://example.org", "file/http://example.org", "proxy=http://example.org", "deep_link"]
CALLS = [
    "upload",
    "queue/join",
    "queue/data",
    "run/predict",
    "api/predict",
    "call/predict",
    "dev/reload",
    "openapi.json",
]


@pytest.mark.parametrize(
    "path", [*FILES, *CALLS, "queue/status", "component_server", "reset", "cancel", "runs", "user"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "PUT"])
def test_what_gradio_opens_and_the_app_does_not_use_is_blocked(client, path, method):
    opened = {"queue/join": "POST", "queue/data": "GET"}  # for programs, and there is no Gradio behind this client
    assert client.request(method, f"/gradio_api/{path}").status_code == (404 if opened.get(path) == method else 403)


def test_what_the_page_asks_for_and_does_without_is_empty(client):
    assert client.get("/gradio_api/heartbeat/abc").status_code == 204


def test_every_answer_carries_the_security_headers(client):
    headers = client.get("/widgets/kit.js").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-cache"


def test_the_app_builds_without_any_checkpoint_and_says_what_is_missing(tmp_path):
    texts = json.dumps(app.build(Pool(tmp_path)).get_config_file(), default=str)
    assert "There is no autoencoder checkpoint in" in texts
    assert "python -m train vae/mnist-2d" in texts


def test_the_app_names_a_damaged_checkpoint_and_shows_the_others(make_checkpoint):
    folder = make_checkpoint("vae")
    (folder / "config.json").write_text("{")
    pool = Pool(folder.parent.parent)
    texts = json.dumps(app.build(pool).get_config_file(), default=str)
    assert "vae/small/config.json is not valid JSON." in texts
