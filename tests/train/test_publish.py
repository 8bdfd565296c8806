"""Checkpoints pushed to a stand-in of the Hub: what arrives there, what its card says, and what never leaves."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml

from explorer import checkpoint
from explorer.checkpoint import load_model
from explorer.data.own_samples import OwnSamples
from explorer.data.picture_set import PictureSet
from explorer.models import MODELS
from tests.conftest import SMALL
from tests.hub_stand_in import TOKEN, Repository
from train import hub_card
from train.publish import main

# The Hub's library hands files to httpx2 in a way that this calls old.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
NAME = "owner/models"
FIGURES = {"negative_elbo": 136.0768, "kl": 6.9281}


@pytest.fixture
def token(monkeypatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)


@pytest.fixture
def folder(make_checkpoint, tmp_path) -> Path:
    """A folder of two checkpoints, one of them measured, with files beside them that are none of theirs."""
    make_checkpoint("sparse")
    measured = make_checkpoint("vae")
    said = checkpoint.read_config(measured)
    checkpoint.write_config(measured, said | {"figures": {"test": FIGURES, "shipped": {}}})
    (measured / checkpoint.CARD).write_text("# vae/small\n")
    (measured / "notes.txt").write_text("not for others")
    return tmp_path


@pytest.fixture
def own(tmp_path) -> Path:
    """A model of one's own pictures, six of which lie beside it."""
    model = MODELS["vae"](picture_shape=(1, 28, 28), **SMALL["vae"]).eval()
    pictures = np.random.default_rng(0).integers(0, 256, (6, 1, 28, 28), dtype=np.uint8)
    folder = tmp_path / "mine" / "vae" / "pets"
    said = checkpoint.save_pictures(folder, OwnSamples("my pets", PictureSet(pictures, np.zeros(6, int), ("pet",))))
    keywords = {"picture_shape": [1, 28, 28], **SMALL["vae"]}
    recipe = {"data": "folder:/home/somebody/pets@28-grey"}
    checkpoint.save(folder, model, {"family": "vae", "variant": "pets", "model": keywords, "recipe": recipe, **said})
    return folder


def files_of(stand_in) -> dict[str, bytes]:
    return stand_in.repositories[NAME].files


def card_of(stand_in) -> tuple[dict, str]:
    """Metadata and text of the card."""
    _, front, text = files_of(stand_in)["README.md"].decode().split("---\n", 2)
    return yaml.safe_load(front), text


def test_what_is_published_is_fetched_again_with_identical_weights(hub_stand_in, token, folder, capsys):
    assert main([str(folder), NAME]) == 0
    assert capsys.readouterr().out.startswith(f"hf://{NAME}@{hub_stand_in.repositories[NAME].head}: 2 checkpoints, ")
    for name in ("vae/small", "sparse/small"):
        there, here = (load_model(one).state_dict() for one in (f"hf://{NAME}/{name}", folder / name))
        assert there.keys() == here.keys()
        assert all(torch.equal(there[key], here[key]) for key in here)


def test_only_files_of_checkpoints_are_pushed_in_one_commit(hub_stand_in, token, folder):
    assert main([str(folder), NAME]) == 0
    files = {"config.json", "model.safetensors", "codes.safetensors"}
    expected = {f"{name}/{file}" for name in ("vae/small", "sparse/small") for file in files}
    assert set(files_of(hub_stand_in)) == expected | {"vae/small/README.md", "README.md", ".gitattributes"}
    assert len(hub_stand_in.repositories[NAME].commits) == 2  # the first one makes the repository


def test_the_card_tells_the_hub_licence_sets_and_figures(hub_stand_in, token, folder):
    assert main([str(folder), NAME, "--license", "cc-by-4.0"]) == 0
    metadata, text = card_of(hub_stand_in)
    assert metadata["license"] == "cc-by-4.0"
    assert metadata["library_name"] == "latent-explorer"
    assert metadata["pipeline_tag"] == "image-feature-extraction"
    assert metadata["tags"] == ["autoencoder", "sparse", "vae"]
    assert metadata["datasets"] == ["ylecun/mnist"]
    (model,) = metadata["model-index"]  # the other one has no figures
    (result,) = model["results"]
    assert model["name"] == "vae/small"
    assert result["dataset"] == {"name": "MNIST", "type": "ylecun/mnist", "split": "test"}
    assert {metric["type"]: metric["value"] for metric in result["metrics"]} == FIGURES
    assert "| [vae/small](vae/small/README.md) | MNIST | −ELBO of binarised pictures, nats: 136.08 |" in text
    assert "| [sparse/small](sparse/small/README.md) | MNIST | nothing yet |" in text
    assert f"app.py --checkpoints hf://{NAME}\n" in text


def test_a_figure_names_as_many_pixels_as_the_pictures_have(make_checkpoint):
    folder = make_checkpoint("autoencoder")
    said = checkpoint.read_config(folder)
    figures = {"test": {"squared_error": 28.59}, "shipped": {}}
    checkpoint.write_config(folder, said | {"figures": figures})
    known = checkpoint.config.load(folder)
    larger = replace(known, model={**known.model, "picture_shape": (3, 32, 32)})
    assert "summed over 784 pixels in [0, 1]: 28.59 |" in hub_card.text(NAME, [known])
    assert "summed over 3072 pixels in [0, 1]: 28.59 |" in hub_card.text(NAME, [larger])


def test_the_folder_of_a_single_checkpoint_is_published_under_its_name(hub_stand_in, token, folder):
    assert main([str(folder / "vae" / "small"), NAME]) == 0
    assert {path.rpartition("/")[0] for path in files_of(hub_stand_in)} == {"", "vae/small"}


def test_a_checkpoint_is_replaced_whole_and_others_stay(hub_stand_in, token, folder):
    assert main([str(folder), NAME]) == 0
    (folder / "vae" / "small" / checkpoint.CODES).unlink()
    assert main([str(folder / "vae" / "small"), NAME]) == 0
    there = files_of(hub_stand_in)
    assert "vae/small/codes.safetensors" not in there
    assert "sparse/small/codes.safetensors" in there


def test_own_pictures_stay_here_unless_a_person_publishes_them(hub_stand_in, token, own, capsys):
    assert main([str(own), NAME]) == 2
    said = "vae/pets brings 6 of your own pictures: publish them as well with --with-pictures, or leave the model out."
    assert capsys.readouterr().err.strip() == said
    assert hub_stand_in.asked == []
    assert main([str(own), NAME, "--with-pictures"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "vae/pets: 6 of your own pictures are published with it."
    assert said[1] == "vae/pets: its config and card name where its pictures lay, /home/somebody/pets."
    assert files_of(hub_stand_in)["vae/pets/pictures.safetensors"] == (own / checkpoint.PICTURES).read_bytes()
    assert "/home/somebody" not in files_of(hub_stand_in)["README.md"].decode()


def test_pictures_that_a_config_does_not_speak_of_are_not_published(hub_stand_in, token, folder):
    (folder / "vae" / "small" / checkpoint.PICTURES).write_bytes(b"of an earlier run")
    assert main([str(folder), NAME]) == 0
    assert not any("pictures" in path for path in files_of(hub_stand_in))


def test_a_dry_run_tells_files_and_card_and_asks_nothing(hub_stand_in, folder, capsys):
    assert main([str(folder), NAME, "--dry-run"]) == 0
    said = capsys.readouterr().out
    size = (folder / "vae" / "small" / checkpoint.WEIGHTS).stat().st_size
    assert f"vae/small/model.safetensors: {size:,} bytes\n" in said
    assert "library_name: latent-explorer" in said
    assert said.endswith("Nothing was pushed.\n")
    assert hub_stand_in.asked == []


def test_a_repository_is_private_if_that_is_asked_for(hub_stand_in, token, folder, capsys):
    assert main([str(folder), NAME, "--private"]) == 0
    assert hub_stand_in.repositories[NAME].private
    hub_stand_in.repositories["owner/open"] = seen = Repository()
    capsys.readouterr()
    assert main([str(folder), "owner/open", "--private"]) == 2
    said = capsys.readouterr().err.strip()
    assert said == "hf://owner/open is there already, and everybody sees it: choose another name."
    assert len(seen.commits) == 1


def damage(folder: Path) -> None:
    (folder / "vae" / "small" / checkpoint.CODES).write_bytes(b"damaged")


def rename(folder: Path) -> None:
    (folder / "vae" / "small").rename(folder / "vae" / "other")


def enlarge(folder: Path) -> None:
    (folder / "vae" / "small" / checkpoint.CARD).write_bytes(b"#" * 1_000_001)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (damage, "vae/small/codes.safetensors is damaged."),
        (rename, "vae/other/config.json names another model, vae/small."),
        (enlarge, " is too large, 1.0 MB: 1.0 MB are the most."),
    ],
)
def test_a_damaged_checkpoint_is_refused_before_anything_is_asked(
    hub_stand_in, token, folder, capsys, change, sentence
):
    change(folder)
    assert main([str(folder), NAME]) == 2
    (said,) = capsys.readouterr().err.strip().splitlines()
    assert said.endswith(sentence)
    assert hub_stand_in.asked == []


def test_a_folder_without_checkpoints_is_refused(tmp_path, capsys):
    assert main([str(tmp_path), NAME]) == 2
    said = f"{tmp_path} holds no checkpoint: neither config.json nor FAMILY/VARIANT/config.json."
    assert capsys.readouterr().err.strip() == said


@pytest.mark.parametrize("name", ["models", "owner/models@main", "owner/models/vae", "hf://owner/models", "ow ner/x"])
def test_a_name_that_no_repository_can_have_is_refused(tmp_path, capsys, name):
    with pytest.raises(SystemExit, match="2"):
        main([str(tmp_path), name])
    assert capsys.readouterr().err.strip().endswith(f"argument OWNER/NAME: {name} is no name such as OWNER/NAME")


def test_without_a_token_a_right_or_a_network_it_says_so(hub_stand_in, folder, capsys, monkeypatch):
    assert main([str(folder), NAME]) == 2
    said = "To publish needs a token that may write: `hf auth login` asks for it, or HF_TOKEN holds it."
    assert capsys.readouterr().err.strip() == said
    assert hub_stand_in.asked == []
    monkeypatch.setenv("HF_TOKEN", "hf_of_somebody_else")
    assert main([str(folder), NAME]) == 2
    said = f"hf://{NAME} cannot be published: the Hub answers 401 Unauthorized."
    assert capsys.readouterr().err.strip() == said
    hub_stand_in.close()
    assert main([str(folder), NAME]) == 2
    assert capsys.readouterr().err.strip() == f"hf://{NAME} cannot be published: the Hub cannot be reached."
