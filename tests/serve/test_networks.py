"""What the page is handed to compute networks itself: files under addresses that hold their hash, and nothing else."""

import gzip
import hashlib
import re
import shutil

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from explorer.answers import HANDLERS
from explorer.answers.beside import beside
from explorer.serve.networks import RUNTIME
from explorer.serve.pool import Pool
from explorer.serve.server import launch_options
from tests.conftest import ROOT

MODEL = "vae/mnist-2d"


def client(root) -> TestClient:
    pool = Pool(root)
    return TestClient(Starlette(**launch_options(pool, HANDLERS, beside)["app_kwargs"]))


@pytest.fixture
def root(tmp_path):
    shutil.copytree(ROOT / "checkpoints" / MODEL, tmp_path / MODEL)
    return tmp_path


def test_the_list_names_models_with_graphs_their_files_and_their_order(shipped):
    index = client(shipped.root).get("/networks/index.json").json()
    assert index["models"].keys() == shipped.configs.keys()
    told = index["models"][MODEL]
    assert told["model"]["latent_dim"] == 2
    assert told["family"] == "vae"
    weights = (ROOT / "checkpoints" / MODEL / "model.safetensors").read_bytes()
    assert told["weights"] == hashlib.sha256(weights).hexdigest()[:16]
    assert index["beside"]["k_sparse mnist"][0] == "k_sparse/mnist-k10"
    assert len(index["beside"]["start"]) == 7


def test_weights_come_unchanged_and_are_kept_for_ever(root):
    answer = client(root).get(f"/networks/{MODEL}/model.safetensors?v=1")
    assert answer.content == (root / MODEL / "model.safetensors").read_bytes()
    assert "immutable" in answer.headers["cache-control"]


def test_a_file_that_has_changed_since_the_start_is_not_handed_out(root):
    open_app = client(root)
    for file in ("model.safetensors", "networks.safetensors"):
        data = bytearray((root / MODEL / file).read_bytes())
        data[-1] ^= 1
        (root / MODEL / file).write_bytes(data)
        answer = open_app.get(f"/networks/{MODEL}/{file}")
        assert answer.status_code == 404
        assert answer.text == f"{MODEL}/{file} has changed since the app looked at it."


@pytest.mark.parametrize(
    "path",
    [
        f"/networks/{MODEL}/config.json",
        f"/networks/{MODEL}/codes.safetensors",
        "/networks/vae/none/model.safetensors",
        "/networks/vae/../vae/model.safetensors",
        "/networks/..%2f..%2fapp.py/x/model.safetensors",
    ],
)
def test_nothing_else_of_a_folder_is_handed_out(root, path):
    assert client(root).get(path).status_code in (403, 404)


def test_a_model_without_graphs_is_not_in_the_list(root):
    (root / MODEL / "networks.safetensors").unlink()
    assert client(root).get("/networks/index.json").json()["models"] == {}


def test_the_runtime_is_what_its_note_says(root):
    note = (RUNTIME.parent / "README.md").read_text()
    hashes = dict(re.findall(r"^\| (\S+) \| ([0-9a-f]{64}) \|", note, re.M))
    assert len(hashes) == 3
    for name, expected in hashes.items():
        file = RUNTIME.parent / name
        data = file.read_bytes() if file.exists() else gzip.decompress(file.with_name(f"{name}.gz").read_bytes())
        assert hashlib.sha256(data).hexdigest() == expected
    answer = client(root).get("/networks/runtime")
    assert answer.headers["content-encoding"] == "gzip"
    assert hashlib.sha256(answer.content).hexdigest() == hashes["ort-wasm-simd-threaded.wasm"]
