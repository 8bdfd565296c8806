"""Checkpoints of the Hub, asked of a stand-in of it: what is fetched, what never is, and what is said of each fault."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import app
from explorer import checkpoint
from explorer.answers import as_python
from explorer.checkpoint import hub, load_model
from explorer.checkpoint.regular_file import CheckpointError
from tests.conftest import ROOT
from tests.hub_stand_in import Answer, Repository

ADDRESS = "hf://owner/models"
KNOWN = {"vae/small/config.json", "vae/small/model.safetensors", "vae/small/codes.safetensors"}
WEIGHTS = "vae/small/model.safetensors"


@pytest.fixture
def folder(make_checkpoint) -> Path:
    return make_checkpoint("vae")


@pytest.fixture
def repository(hub_stand_in, folder) -> Repository:
    """owner/models on the stand-in, with one checkpoint."""
    hub_stand_in.repositories["owner/models"] = repository = Repository()
    repository.add(files_of(folder))
    return repository


def files_of(folder: Path) -> dict[str, bytes]:
    return {"/".join(path.parts[-3:]): path.read_bytes() for path in folder.iterdir()}


def weights_of(model) -> list[torch.Tensor]:
    return list(model.state_dict().values())


def refused(address: str, form: str = hub.ALL) -> str:
    with pytest.raises(CheckpointError) as error:
        hub.fetched(address, form)
    return str(error.value)


def test_a_model_of_the_hub_has_the_weights_of_its_folder(repository, folder):
    found = load_model(f"{ADDRESS}/vae/small")
    assert all(map(torch.equal, weights_of(found), weights_of(load_model(str(folder)))))


def test_what_was_fetched_once_is_read_without_the_hub(hub_stand_in, repository, folder, tmp_path):
    hub.fetched(ADDRESS)
    hub_stand_in.close()
    environment = os.environ | {"HF_ENDPOINT": hub_stand_in.url, "HF_HUB_CACHE": str(tmp_path / "cache")}
    program = (
        "from explorer.checkpoint import hub, load_model; print(hub.fetched('hf://owner/models')); "
        "print(load_model('hf://owner/models/vae/small').state_dict()['decoder.0.weight'].sum().item())"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    place, total = done.stdout.split()
    assert Path(place).name == repository.head
    assert float(total) == load_model(folder).state_dict()["decoder.0.weight"].sum().item()


def test_only_known_files_of_checkpoints_are_fetched(hub_stand_in, repository):
    foreign = ["model.pkl", "code.py", "README.md", "config.json", "vae/small/model.pkl", "vae/small/model.py"]
    foreign += ["vae/small/pytorch_model.bin", "vae/small/more/config.json", "strange/small/config.json"]
    foreign += ["vae/../config.json", "vae/.hidden/config.json", "../small/config.json", "vae/a\\b/config.json"]
    repository.add(dict.fromkeys(foreign, b"{}"))
    place = hub.fetched(ADDRESS)
    assert set(hub_stand_in.downloads) == KNOWN
    assert {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()} == KNOWN


def test_a_single_checkpoint_is_fetched_alone(hub_stand_in, repository, make_checkpoint):
    repository.add(files_of(make_checkpoint("vae", "smaller")) | files_of(make_checkpoint("sparse")))
    hub.fetched(f"{ADDRESS}/vae/small", hub.ONE)
    assert set(hub_stand_in.downloads) == KNOWN


def test_all_files_are_of_the_commit_that_the_branch_was_found_at(hub_stand_in, repository, folder, monkeypatch):
    first, answer = repository.head, Answer.info

    def moved(self, *args, **kwargs):
        answer(self, *args, **kwargs)
        repository.add({WEIGHTS: b"of another model", "vae/small/config.json": b"{}"})

    monkeypatch.setattr(Answer, "info", moved)
    place = hub.fetched(ADDRESS)
    assert place.name == first != repository.head
    assert files_of(place / "vae" / "small") == files_of(folder)


def test_a_branch_is_followed_and_a_commit_stays(hub_stand_in, repository):
    first = hub.fetched(ADDRESS)
    repository.add({"vae/small/README.md": b"# New\n"})
    second = hub.fetched(ADDRESS)
    assert (second / "vae" / "small" / "README.md").read_text() == "# New\n"
    asked = len(hub_stand_in.asked)
    assert hub.fetched(f"{ADDRESS}@{first.name}") == first
    assert len(hub_stand_in.asked) == asked  # a commit never changes


FORM = "is not of the form hf://OWNER/NAME, with @REVISION behind NAME or without."


@pytest.mark.parametrize(
    "address",
    [
        "hf://",
        "hf://owner",
        "hf://owner/models/vae/small",
        "hf://datasets/owner/models",
        "hf://owner/models@",
        "hf://owner/models@../../x",
        "hf://owner/models@..%2Fx",
        "hf://ow ner/models",
        "hf://owner/mod--els",
        "hf://../x",
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_asked(hub_stand_in, address):
    assert refused(address) == f"{address} {FORM}"
    assert hub_stand_in.asked == []


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}/vae", f"{ADDRESS}/vae/small/model.safetensors"])
def test_the_address_of_one_model_names_it(hub_stand_in, address):
    with pytest.raises(CheckpointError, match="is not of the form hf://OWNER/NAME/FAMILY/VARIANT, with @REVISION"):
        load_model(address)


def test_a_file_that_is_too_large_is_refused_before_any_is_fetched(hub_stand_in, repository):
    repository.sizes[WEIGHTS] = checkpoint.LARGEST_FILE + 1
    assert refused(ADDRESS) == f"{WEIGHTS} of {ADDRESS} is too large, 512.0 MB: 512.0 MB are the most."
    assert hub_stand_in.downloads == []


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [("MOST_FILES", "holds more than 3 files: so many are not fetched."), ("MOST_BYTES", ": 0.0 MB are the most.")],
)
def test_a_repository_that_is_too_large_is_refused_before_any_file_is_fetched(
    hub_stand_in, repository, monkeypatch, limit, sentence
):
    monkeypatch.setattr(hub, limit, 3)
    assert refused(ADDRESS).endswith(sentence)
    assert hub_stand_in.downloads == []


def test_a_repository_without_a_checkpoint_is_refused(hub_stand_in, repository):
    missing = "holds no checkpoint: FAMILY/VARIANT/config.json with model.safetensors beside it."
    assert refused(f"{ADDRESS}/vae/other", hub.ONE) == f"{ADDRESS}/vae/other {missing}"
    repository.commit({path: content for path, content in repository.files.items() if path != WEIGHTS})
    assert refused(ADDRESS) == f"{ADDRESS} {missing}"
    assert hub_stand_in.downloads == []


NONE = "there is no such repository, or it is private and `hf auth login` comes first"


@pytest.mark.parametrize(
    ("change", "address", "reason"),
    [
        ({}, "hf://owner/other", NONE),
        ({"private": True}, ADDRESS, NONE),
        ({"gated": True}, ADDRESS, "it is gated, so ask for access on its page, then log in with `hf auth login`"),
        ({}, f"{ADDRESS}@none", "it has no such revision"),
        ({"status": 429}, ADDRESS, "the Hub answers 429 Too Many Requests"),
        ({"status": 503}, ADDRESS, "the Hub cannot be reached"),
    ],
)
def test_what_the_hub_does_not_give_is_said_in_one_sentence(hub_stand_in, repository, change, address, reason):
    for name, value in change.items():
        setattr(repository, name, value)
    assert refused(address) == f"{address} cannot be fetched: {reason}."


@pytest.mark.parametrize("revision", ["", f"@{'0' * 40}"])
def test_without_a_network_and_a_copy_it_says_so(hub_stand_in, revision, monkeypatch):
    hub_stand_in.close()
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # the library tries a few times
    assert refused(ADDRESS + revision) == f"{ADDRESS}{revision} cannot be fetched: the Hub cannot be reached."


def test_a_damaged_file_of_the_hub_is_refused_as_one_of_the_disk(repository):
    repository.add({WEIGHTS: repository.files[WEIGHTS][:-1] + b"!"})
    with pytest.raises(CheckpointError, match="is damaged: its SHA-256 is not the one in config"):
        load_model(f"{ADDRESS}/vae/small")


def start(monkeypatch, *arguments: str):
    """The pool that the app would be started with."""
    pools = []
    monkeypatch.setattr(sys, "argv", ["app.py", *arguments])
    monkeypatch.setattr(app, "launch", lambda pool, **_: pools.append(pool) or app.gr.Blocks())
    monkeypatch.setattr(app.gr.Blocks, "block_thread", lambda self: None)
    app.main()
    return pools[0]


def test_the_app_shows_the_models_of_a_repository_and_programs_name_their_copy(repository, monkeypatch):
    pool = start(monkeypatch, "--only", "--checkpoints", ADDRESS)
    assert (list(pool.configs), pool.problems) == (["vae/small"], [])
    scope: dict = {"Path": Path, "load_model": load_model}
    exec(as_python.model_line(pool, "vae/small"), scope)
    assert scope["model"].latent_dim == 2


def test_the_app_says_what_is_wrong_with_an_address_and_ends(hub_stand_in, monkeypatch, capsys):
    with pytest.raises(SystemExit, match="2"):
        start(monkeypatch, "--checkpoints", "hf://owner/other")
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last == f"app.py: error: argument --checkpoints: hf://owner/other cannot be fetched: {NONE}."
