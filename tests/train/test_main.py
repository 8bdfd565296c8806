"""python -m train: train, verify, list, and say what is wrong."""

import json
from dataclasses import replace

import numpy as np
import pytest
from accelerate.state import AcceleratorState
from PIL import Image

from explorer import checkpoint
from explorer.serve.pool import Pool
from tests.conftest import SMALL
from train.__main__ import main
from train.recipes import RECIPES


@pytest.fixture(autouse=True)
def _fresh_accelerator() -> None:
    """Runs of one process share their precision, which is another one in the next test."""
    AcceleratorState._reset_state(reset_partial_state=True)


@pytest.fixture(scope="module")
def trained(tmp_path_factory, data_root):
    """The folder of a small VAE that was trained for 20 steps, and the options of its run."""
    out = tmp_path_factory.mktemp("out")
    options = ["--data", str(data_root), "--out", str(out / "checkpoints"), "--state", str(out / "runs")]
    recipe = RECIPES["vae/mnist-2d"]
    small = replace(recipe, model=recipe.model | {"hidden": [16, 8]}, importance_samples=20)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(RECIPES, "vae/mnist-2d", small)
        patch.setattr("train.evaluate.SHIPPED_IMPORTANCE_SAMPLES", 20)
        assert main(["vae/mnist-2d", "--steps", "20", *options]) == 0
        yield out / "checkpoints" / "vae" / "mnist-2d", options


def test_a_run_leaves_weights_codes_config_and_card(trained):
    folder, _ = trained
    assert {path.name for path in folder.iterdir()} == {
        checkpoint.CONFIG, checkpoint.WEIGHTS, checkpoint.CODES, checkpoint.MAP, checkpoint.CARD, checkpoint.NETWORKS
    }  # fmt: skip
    config = checkpoint.read_config(folder)
    assert config["recipe"]["steps"] == 20
    assert config["training"]["history"][-1]["step"] == 20
    assert len(config["profile"]["kl_per_dimension"]) == 2
    assert checkpoint.load_codes(folder)["test_codes"].shape == (500, 2)
    # The app itself refuses this map: MNIST's test set has 10,000 digits, and this one 500.
    assert {name: array.shape for name, array in checkpoint.read_arrays(folder / checkpoint.MAP).items()} == {
        "error": (500,), "umap": (500, 2)
    }  # fmt: skip
    assert "another run" in (folder / checkpoint.CARD).read_text()


def test_a_fresh_checkpoint_is_verified(trained, capsys):
    assert main(["vae/mnist-2d", "--verify", *trained[1]]) == 0
    assert "every figure of its card" in capsys.readouterr().out


def test_a_figure_that_was_tampered_with_is_found(trained, capsys):
    folder, options = trained
    original = (folder / checkpoint.CONFIG).read_text()
    config = json.loads(original)
    config["figures"]["test"]["negative_elbo"] -= 0.5
    (folder / checkpoint.CONFIG).write_text(json.dumps(config))
    assert main(["vae/mnist-2d", "--verify", *options]) == 1
    assert "−ELBO of binarised pictures, nats on the test pictures is" in capsys.readouterr().out
    (folder / checkpoint.CONFIG).write_text(original)


def test_the_list_names_every_recipe_with_its_cost(capsys):
    assert main(["--list"]) == 0
    listed = capsys.readouterr().out
    assert "vae/mnist-50d" in listed
    assert "minutes" in listed or " min on " in listed


@pytest.mark.parametrize("name", ["vae/none", "nonsense"])
def test_an_unknown_name_gives_one_sentence_with_the_known_ones(name, capsys):
    assert main([name]) == 2
    assert f"{name} is not a recipe; there are autoencoder/mnist-2d" in capsys.readouterr().err


def test_verifying_a_checkpoint_that_is_not_there_gives_one_sentence(tmp_path, capsys):
    assert main(["vae/mnist-2d", "--verify", "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err.strip() == "vae/mnist-2d/config.json is missing."


def test_measuring_again_writes_the_figures_the_weights_give(trained):
    folder, options = trained
    original = (folder / checkpoint.CONFIG).read_text()
    config = json.loads(original)
    config["figures"]["test"]["negative_elbo"] = 0.0
    (folder / checkpoint.CONFIG).write_text(json.dumps(config))
    assert main(["vae/mnist-2d", "--measure", *options]) == 0
    assert json.loads((folder / checkpoint.CONFIG).read_text()) == json.loads(original)


@pytest.fixture
def own_pictures(tmp_path, monkeypatch):
    """A folder of 60 pictures in two classes, and recipes small enough to be trained on it."""
    folder, rng = tmp_path / "pets", np.random.default_rng(0)
    for number in range(60):
        path = folder / ("cats" if number % 2 else "dogs") / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)).save(path)
    for name in ("vq_vae/cifar10-k512", "vq_vae_2/emoji-64"):
        recipe = RECIPES[name]
        monkeypatch.setitem(RECIPES, name, replace(recipe, batch_size=4, model=recipe.model | SMALL[recipe.family]))
    return folder


@pytest.mark.parametrize("name", ["vq_vae/cifar10-k512", "vq_vae_2/emoji-64"])
def test_a_run_on_a_folder_of_pictures_is_named_after_it_and_measured(own_pictures, tmp_path, name):
    options = ["--data", f"folder:{own_pictures}", "--out", str(tmp_path / "out"), "--state", str(tmp_path / "runs")]
    assert main([name, "--steps", "8", *options]) == 0
    assert main([name, "--verify", *options]) == 0
    folder = tmp_path / "out" / name.split("/")[0] / "pets"
    config = checkpoint.read_config(folder)
    assert config["figures"]["test"]
    assert config["figures"]["shipped"] == {}
    assert "training set" not in (folder / checkpoint.CARD).read_text()
    assert Pool(tmp_path / "out").problems == [
        f"{name.split('/')[0]}/pets is not shown: none of the pictures that it was trained on come with it; "
        "`--ship-samples N` of the training puts some there."
    ]


def test_a_folder_with_the_name_of_a_recipe_is_refused(own_pictures, tmp_path, capsys):
    folder = own_pictures.rename(tmp_path / "emoji-64")
    assert main(["vq_vae_2/emoji-64", "--data", f"folder:{folder}", "--out", str(tmp_path)]) == 2
    assert "vq_vae_2/emoji-64 would overwrite the checkpoint of the recipe of that name" in capsys.readouterr().err


def test_a_folder_without_pictures_gives_one_sentence(tmp_path, capsys):
    assert main(["vq_vae/cifar10-k512", "--data", f"folder:{tmp_path}", "--out", str(tmp_path)]) == 2
    assert f"{tmp_path} holds no pictures: it is empty." in capsys.readouterr().err
