"""Pictures, checkpoints and a pool that most tests need; nothing here is downloaded."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# One thread a process, as in the app: on a busy machine threads that wait for each other take most of its time.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")  # UMAP's, which OpenMP hands on to torch

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, settings
from PIL import Image

from explorer import checkpoint
from explorer.data import sample_sheets
from explorer.models import MODELS
from explorer.serve.pool import Pool
from tests.programs import Programs

ROOT = Path(__file__).parent.parent
settings.register_profile("short", max_examples=10, derandomize=True, database=None, deadline=None)
settings.register_profile("long", max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("short")
SMALL = {
    "autoencoder": {"latent_dim": 2, "hidden": [16, 8], "pca_dim": 4},
    "denoising": {"corruption": "masking", "level": 0.5, "hidden": [16]},
    "sparse": {"hidden": [16]},
    "k_sparse": {"latent_dim": 16, "k": 4, "first_k": 8},
    "contractive": {"latent_dim": 16},
    "vae": {"latent_dim": 2, "hidden": [16, 8]},
    "beta_vae": {"latent_dim": 2, "channels": [4, 4], "hidden": 16},
    "vq_vae": {"num_codes": 8, "code_dim": 4, "channels": 8, "residual_channels": 4},
    "vq_vae_2": {
        "num_codes": 8,
        "code_dim": 4,
        "channels": 8,
        "residual_channels": 4,
        "prior_channels": 8,
        "prior_groups": 1,
        "prior_heads": 2,
        "prior_dropout": 0.0,
    },
    "td_vae": {"latent_dim": 4, "belief_dim": 8, "hidden": [16], "units": 8, "pairs": 4},
}


FACES = "vq_vae_2/faces-64"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser journeys last: they start a server and a browser."""
    items.sort(key=lambda item: "browser" in item.path.parts)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


@pytest.fixture(params=MODELS)
def family(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def digits() -> torch.Tensor:
    """The 500 shipped digits, uint8, (500, 1, 28, 28)."""
    return torch.tensor(sample_sheets.load("mnist").pictures)


@pytest.fixture(scope="session")
def data_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped digits laid out as MNIST's four files, as training and as test set."""
    root = tmp_path_factory.mktemp("data")
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    shipped = sample_sheets.load("mnist")
    for split in ("train", "t10k"):
        write_idx(raw / f"{split}-images-idx3-ubyte", shipped.pictures[:, 0])
        write_idx(raw / f"{split}-labels-idx1-ubyte", shipped.labels.astype(np.uint8))
    return root


def write_idx(path: Path, array: np.ndarray) -> None:
    """An array of bytes in the format of the MNIST files."""
    header = [0x0800 + array.ndim, *array.shape]
    path.write_bytes(b"".join(number.to_bytes(4, "big") for number in header) + array.tobytes())


@pytest.fixture
def make_checkpoint(tmp_path: Path):
    """Writes an untrained checkpoint of a family below tmp_path and returns its folder."""

    def make(family: str, variant: str = "small", **changes) -> Path:
        keywords = {"picture_shape": [1, 28, 28], **SMALL[family], **changes}
        model = MODELS[family](**keywords)
        rng = np.random.default_rng(0)
        codes = {
            "test_codes": rng.standard_normal((100, model.latent_dim)).astype(np.float16),
            "test_labels": rng.integers(0, 10, 100).astype(np.uint8),
            "train_codes": rng.standard_normal((600, model.latent_dim)).astype(np.float16),
        }
        folder = tmp_path / family / variant
        data = "oscillator" if keywords["picture_shape"] == [1, 1, 1] else "mnist"
        config = {"family": family, "variant": variant, "data": data, "model": keywords}
        checkpoint.save(folder, model.eval(), config)
        checkpoint.save_codes(folder, codes)
        return folder

    return make


@pytest.fixture
def hub_stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A Hub of this machine that the Hub's library talks to, with an empty cache and no token."""
    from huggingface_hub import close_session, constants

    from tests.hub_stand_in import Hub

    hub = Hub()
    monkeypatch.setattr(constants, "ENDPOINT", hub.url)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", hub.url + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)  # which has servers of its own
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    monkeypatch.delenv("HF_TOKEN", raising=False)
    close_session()
    yield hub
    close_session()
    hub.close()


@pytest.fixture(scope="session")
def shipped() -> Pool:
    """The checkpoints that ship with the app."""
    return Pool(ROOT / "checkpoints")


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory):
    programs = Programs(tmp_path_factory.mktemp("programs") / "said.txt")
    yield programs
    programs.close()


@pytest.fixture
def run_program(programs, tmp_path):
    """Runs a copied program as a visitor would, in any folder, and returns the picture it saves."""

    def run_program(code: str) -> np.ndarray:
        status, said = programs.run(code, tmp_path)
        assert status == 0, said
        return np.asarray(Image.open(tmp_path / "scene.png"))

    return run_program


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a copy of the project was installed, without a network."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("installed")
    without = shutil.ignore_patterns("__pycache__", "*.pyc", "*.pyi")
    for folder in ("explorer", "train"):
        shutil.copytree(ROOT / folder, source / folder, ignore=without)
    for name in ("pyproject.toml", "requirements.txt", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    done = subprocess.run([*pip, "--target", target, source], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return target
