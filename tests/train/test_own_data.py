"""Every family is trained on pictures of one's own, with values of one's own; what does not fit is said beforehand."""

import csv
from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer import checkpoint
from explorer.compute import projection
from explorer.data import own_set
from explorer.serve import maps
from explorer.serve.pool import Pool
from tests.conftest import SMALL
from train import own_data
from train.__main__ import main
from train.loop import rate
from train.recipes import RECIPES

# Of each family a recipe, and the pictures that it is tried on: channels and side.
TRIED = {
    "autoencoder/mnist-2d": (1, 16),
    "denoising/mnist-mask25": (3, 16),
    "sparse/mnist-rho05": (1, 16),
    "k_sparse/mnist-k25": (3, 16),
    "contractive/mnist-lambda03": (1, 16),
    "vae/mnist-2d": (3, 16),
    "beta_vae/dsprites-beta4": (3, 32),
    "vq_vae/cifar10-k512": (1, 16),
}


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    """Recipes that take a second, and planes without UMAP, which takes ten to be compiled."""
    monkeypatch.setattr(projection, "umap_plane", lambda codes: codes[:, :2].astype(np.float32))
    for name in TRIED:
        recipe = RECIPES[name]
        model = {key: value for key, value in recipe.model.items() if key != "first_k"} | SMALL[recipe.family]
        monkeypatch.setitem(RECIPES, name, replace(recipe, steps=4, batch_size=4, importance_samples=2, model=model))


@pytest.fixture
def make_set(tmp_path):
    """Writes a file of 200 pictures in two classes."""

    def make_set(channels: int, side: int, labelled: bool = True) -> str:
        rng = np.random.default_rng(0)
        arrays = {"x": rng.integers(0, 256, (200, channels, side, side), dtype=np.uint8)}
        if labelled:
            arrays |= {"y": np.arange(200) // 100, "class_names": np.array(["cats", "dogs"])}
        np.savez(tmp_path / "pets.npz", **arrays)
        return str(tmp_path / "pets.npz")

    return make_set


@pytest.fixture
def start(tmp_path, capsys):
    """Runs python -m train; returns the exit status and the last line of what it says went wrong."""

    def start(name: str, *options: str) -> tuple[int, str]:
        places = ["--out", str(tmp_path / "out"), "--state", str(tmp_path / "runs")]
        status = main([name, *options, *places])
        return status, capsys.readouterr().err.strip().splitlines()[-1] if status else ""

    return start


@pytest.mark.parametrize("name", TRIED)
def test_every_family_is_trained_on_an_array_measured_and_brings_what_the_app_needs(name, make_set, start, tmp_path):
    channels, side = TRIED[name]
    data = make_set(channels, side)
    assert start(name, "--data", data, "--ship-samples", "18", "--set", "seed=3") == (0, "")
    family = name.split("/")[0]
    pool = Pool(tmp_path / "out")
    assert pool.problems == []
    config = pool.config(f"{family}/pets")
    assert config.data.startswith("pets_")
    assert config.model["picture_shape"] == (channels, side, side)
    assert config.figures["test"].keys() >= config.figures["shipped"].keys() != set()
    assert config["recipe"]["seed"] == 3
    samples = checkpoint.load_pictures(tmp_path / "out" / family / "pets")
    assert (samples.title, samples.pictures.class_names) == ("pets", ("cats", "dogs"))
    assert samples.pictures.labels.tolist() == [0] * 9 + [1] * 9
    assert maps.names(pool) == ([] if family in maps.NO_POINTS else [f"{family}/pets"])
    card = (tmp_path / "out" / family / "pets" / checkpoint.CARD).read_text()
    assert "784 pixels" not in card
    assert start(f"{family}/pets", "--verify") == (0, "")


@pytest.mark.parametrize("name", ["denoising/mnist-mask25", "autoencoder/mnist-2d", "beta_vae/dsprites-beta4"])
def test_pictures_without_classes_are_no_special_case(name, make_set, start, tmp_path):
    data = make_set(1, 16, labelled=False)
    settings = ["--set", "channels=[4,4]"] if name.startswith("beta") else []
    assert start(name, "--data", data, "--ship-samples", "20", *settings) == (0, "")
    config = Pool(tmp_path / "out").config(f"{name.split('/')[0]}/pets")
    assert "probe_error" not in config.test
    assert config["pictures"]["class_names"] == ["pets"]


def test_without_consent_no_picture_is_written_and_the_app_says_what_is_missing(make_set, start, tmp_path):
    data = make_set(1, 16)
    assert start("vae/mnist-2d", "--data", data) == (0, "")
    folder = tmp_path / "out" / "vae" / "pets"
    assert not (folder / checkpoint.PICTURES).exists()
    (problem,) = Pool(tmp_path / "out").problems
    assert "`--ship-samples N`" in problem
    assert start("vae/pets", "--measure", "--ship-samples", "20") == (0, "")
    assert Pool(tmp_path / "out").problems == []


def test_a_hundred_dimensions_keep_their_codes(make_set, start, tmp_path):
    data = make_set(1, 16)
    assert start("vae/mnist-2d", "--data", data, "--ship-samples", "20", "--set", "latent_dim=100") == (0, "")
    pool = Pool(tmp_path / "out")
    assert pool.codes("vae/pets")["train_codes"].shape == (170, 100)
    assert pool.map("vae/pets")["umap"].shape == (20, 2)


def test_the_table_has_a_row_for_each_test_picture_with_what_the_model_gives(make_set, start, tmp_path):
    data = make_set(1, 16)
    assert start("vae/mnist-2d", "--data", data) == (0, "")
    assert start("vae/pets", "--table", str(tmp_path / "codes.csv")) == (0, "")
    rows = list(csv.DictReader((tmp_path / "codes.csv").open()))
    test, model = own_set.load(f"file:{data}@0", "test"), checkpoint.load_model(tmp_path / "out" / "vae" / "pets")
    x = torch.tensor(test.pictures) / 255
    z = model.encode(x)
    errors = (model.decode(z) - x).square().sum((1, 2, 3))
    assert [row["class"] for row in rows] == [("cats", "dogs")[label] for label in test.labels]
    np.testing.assert_allclose([[float(row["z0"]), float(row["z1"])] for row in rows], z, rtol=1e-5)
    np.testing.assert_allclose([float(row["squared_error"]) for row in rows], errors, rtol=1e-5)
    assert start("vae/pets", "--table", "codes.txt") == (2, "codes.txt must end in .csv or .parquet.")


def test_values_are_set_by_name_and_the_result_has_a_name_of_its_own():
    recipe = RECIPES["beta_vae/dsprites-beta4"]
    changed = own_data.with_values(recipe, ["beta=16", "latent_dim=3", "steps=10", "learning_rate=0.01", "flip=true"])
    assert changed.model == recipe.model | {"beta": 16, "latent_dim": 3}
    assert (changed.steps, changed.learning_rate, changed.flip) == (10, 0.01, True)
    assert own_data.named(changed, "mine").name == "beta_vae/mine"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--set", "gamma=3"], "vae has no gamma; there are latent_dim, hidden, activation, channels, patch, steps, "),
        (["--set", "latent_dim"], "--set takes KEY=VALUE"),
        (["--set", "latent_dim=0"], "latent_dim must be a whole number from 1 to"),
        (["--set", "activation=sine"], "activation must be one of"),
        (["--set", "steps=many"], "steps must be a whole number from 1 on"),
        (["--set", "ema_decay=1"], "ema_decay must be a number from 0 on, below 1"),
        (["--set", "binarize=2"], "binarize must be true or false"),
        (["--name", "a/b"], "Give another one with --name"),
        (["--name", "mnist-2d"], "would overwrite the checkpoint of the recipe of that name"),
    ],
)
def test_what_cannot_be_set_is_refused_in_one_sentence(make_set, start, options, sentence):
    status, said = start("vae/mnist-2d", "--data", make_set(1, 16), *options)
    assert status == 2
    assert sentence in said


def test_values_of_a_recipe_on_its_own_set_ask_for_a_name(start):
    status, said = start("vae/mnist-2d", "--set", "latent_dim=3")
    assert (status, said) == (
        2,
        "vae/mnist-2d would overwrite the checkpoint of the recipe of that name: give a --name.",
    )


@pytest.mark.parametrize("options", [["--side", "8"], ["--grey"], ["--ship-samples", "3"]])
def test_what_is_for_own_pictures_alone_is_refused_beside_a_set(start, options):
    status, said = start("vae/mnist-2d", *options)
    assert status == 2
    assert "are for pictures of your own" in said


def test_a_size_that_a_network_does_not_take_is_refused_before_training(make_set, start, tmp_path):
    status, said = start("vq_vae/cifar10-k512", "--data", make_set(1, 15))
    assert status == 2
    assert "vq_vae with these settings takes no pictures of 1 × 15 × 15" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["td_vae/moving-mnist", "beta_vae/dsprites-staged4", "beta_vae/dsprites-warm8"])
def test_recipes_for_their_own_sets_alone_say_so(make_set, start, name):
    status, said = start(name, "--data", make_set(1, 16))
    assert status == 2
    assert "choose another recipe for pictures of your own" in said


@pytest.mark.parametrize(("shape", "changes"), [((1, 28, 28), {}), ((3, 64, 64), {}), ((1, 64, 64), {"latent_dim": 6})])
def test_weights_of_another_network_are_no_start(shape, changes):
    recipe = RECIPES["beta_vae/dsprites-warm8"]
    with pytest.raises(ValueError, match=r"takes no pictures|cannot begin with beta_vae/dsprites-staged4"):
        own_data.check_model(replace(recipe, model=recipe.model | changes), shape)
    own_data.check_model(recipe, (1, 64, 64))


@pytest.mark.parametrize(
    ("name", "hidden", "stages"),
    [
        ("denoising/mnist-mask25", "[16,8]", 2),
        ("denoising/mnist-stack", "[16,12,8,6,4]", 5),
        ("denoising/mnist-stack", "[16]", 1),
        ("sparse/mnist-stack", "[16,12,8]", 3),
    ],
)
def test_every_layer_of_a_stack_has_a_course_of_the_learning_rate(name, hidden, stages):
    recipe = own_data.with_values(RECIPES[name], [f"hidden={hidden}"])
    assert recipe.stages == stages
    run = replace(recipe, steps=1000, warmup_steps=10)
    peaks = [rate(int((part + 0.2) * 1000 / stages), run) for part in range(stages)]
    assert min(peaks) > 0.8


def test_what_is_set_besides_layers_leaves_the_stages_as_they_are():
    assert own_data.with_values(RECIPES["denoising/mnist-stack"], ["level=0.5"]).stages == 3
    assert own_data.with_values(RECIPES["vae/mnist-2d"], ["latent_dim=3"]).stages == RECIPES["vae/mnist-2d"].stages
