"""Models of one's own are shown in their family's tab and on the map, whatever the size of their pictures and codes."""

import json

import httpx
import numpy as np
import pytest
import torch
from starlette.applications import Starlette
from starlette.testclient import TestClient

import app
from explorer import checkpoint
from explorer.answers import HANDLERS
from explorer.data import own_samples
from explorer.data.own_samples import OwnSamples
from explorer.data.picture_set import PictureSet
from explorer.models import MODELS
from explorer.serve import maps
from explorer.serve.pool import Pool
from explorer.serve.server import launch_options
from tests.conftest import ROOT, SMALL

SHAPES = {"autoencoder": (1, 16, 16), "vae": (3, 32, 32), "beta_vae": (3, 32, 32), "vq_vae": (1, 32, 32)}
COUNT = 30


@pytest.fixture
def make_own(tmp_path):
    """Saves an untrained model of one's own pictures with what training puts beside it."""

    def make_own(family: str, title: str = "my pets", **changes) -> Pool:
        shape, rng = SHAPES[family], np.random.default_rng(0)
        model = MODELS[family](picture_shape=shape, **SMALL[family] | changes).eval()
        pictures = rng.integers(0, 256, (COUNT, *shape), dtype=np.uint8)
        folder = tmp_path / "mine" / family / "pets"
        set_of = PictureSet(pictures, np.arange(COUNT) // 15, ("cats", "dogs"))
        said = checkpoint.save_pictures(folder, OwnSamples(title, set_of))
        keywords = {"picture_shape": list(shape)} | SMALL[family] | changes
        profile = {"kl_per_dimension": [1.0] * model.latent_dim} if "vae" in family and family != "vq_vae" else {}
        if family == "vq_vae":
            profile = {"use": [1] * 8, "by_similarity": list(range(8))}
            with torch.inference_mode():
                grids = model.encode(torch.tensor(pictures) / 255).numpy().astype(np.uint16)
            checkpoint.save_codes(folder, {"tiles": np.zeros((8, shape[0], 8, 8), np.uint8), "shipped": grids})
        else:
            with torch.inference_mode():
                z = model.encode(torch.tensor(pictures) / 255).numpy().astype(np.float16)
            codes = {"test_codes": z, "test_labels": set_of.labels.astype(np.uint8), "train_codes": z}
            checkpoint.save_codes(folder, codes)
            checkpoint.save_map(folder, {"umap": z[:, :2].astype(float), "error": np.ones(COUNT)})
        config = {"family": family, "variant": "pets", "model": keywords, "profile": profile, **said}
        checkpoint.save(folder, model, config)
        return Pool(ROOT / "checkpoints", tmp_path / "mine")

    return make_own


def client_of(pool: Pool) -> httpx.Client:
    return TestClient(Starlette(**launch_options(pool, HANDLERS)["app_kwargs"]))


@pytest.mark.parametrize("family", SHAPES)
def test_it_stands_beside_the_shipped_ones_grouped_by_its_set(make_own, family):
    pool = make_own(family)
    assert pool.problems == []
    choices = [
        item
        for block in app.build(pool).blocks.values()
        if getattr(block, "script", "") == "controls" and block.props["tab"] == family
        for item in block.props["items"]
        if item.get("key") == "checkpoint"
    ]
    assert len(choices) == 1
    assert choices[0]["groups"][f"{family}/pets"] == "my pets"
    assert len(choices[0]["options"]) > 1


def test_a_smaller_codebook_begins_with_a_code_of_its_own(make_own):
    pool = make_own("vq_vae")
    (facts,) = (
        block.props["facts"]
        for block in app.build(pool).blocks.values()
        if getattr(block, "script", "") == "tab_setup" and block.props["tab"] == "vq_vae"
    )
    assert {name for name, fact in facts.items() if "code" in fact} == {"vq_vae/pets"}
    assert 0 <= facts["vq_vae/pets"]["code"] < 8


@pytest.mark.parametrize("family", SHAPES)
def test_its_pictures_are_served_as_a_sheet_and_encoded(make_own, family):
    pool = make_own(family)
    client, data = client_of(pool), pool.config(f"{family}/pets").data
    notes = client.get(f"/samples/{data}.json").json()
    assert (notes["channels"], notes["side"]) == SHAPES[family][:2]
    assert notes["class_names"] == ["cats", "dogs"]
    assert client.get(f"/samples/{data}.png").content.startswith(b"\x89PNG")
    x = own_samples.SETS[data].pictures.pictures[3].ravel().tolist()
    question = {"checkpoint": f"{family}/pets", "x": x} | ({"seed": 0} if family == "vae" else {})
    answer = client.post(f"/ask/{family}/encode", content=json.dumps(question))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("family", ["autoencoder", "vae", "beta_vae"])
def test_its_map_shows_its_own_pictures(make_own, family):
    pool = make_own(family)
    name = f"{family}/pets"
    assert name in maps.names(pool)
    client, data = client_of(pool), pool.config(name).data
    assert client.get(f"/samples/{data}-atlas.webp").headers["content-type"] == "image/png"
    for question in ({"index": 29}, {"index": 0}):
        answer = client.post("/ask/map/near", content=json.dumps({"checkpoint": name} | question))
        assert answer.status_code == 200, answer.text
    refused = client.post("/ask/map/point", content=json.dumps({"checkpoint": name, "index": COUNT}))
    assert refused.text == "The picture must be from 0 to 29."


def test_a_code_of_a_hundred_numbers_is_traversed(make_own):
    pool = make_own("vae", latent_dim=100)
    question = {"checkpoint": "vae/pets", "z": [0.0] * 100, "dimensions": list(range(100))}
    assert client_of(pool).post("/ask/vae/traversals", content=json.dumps(question)).status_code == 200


def test_of_a_model_whose_factors_nobody_knows_there_is_nothing_to_know(make_own):
    client = client_of(make_own("beta_vae"))
    for name, more in (("knowledge", {}), ("means", {"dimension": 0})):
        answer = client.post(f"/ask/beta_vae/{name}", content=json.dumps({"checkpoint": "beta_vae/pets"} | more))
        assert answer.status_code == 200, answer.text


def change_config(pool: Pool, **changes) -> None:
    path = pool.folder("vae/pets") / checkpoint.CONFIG
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"data": "other_01234567"}, "not another."),
        ({"pictures": {}}, "pictures must have a title"),
        ({"pictures": {"title": "my pets", "class_names": ["a"], "sha256": "x"}}, "sha256 of pictures must be"),
        ({"pictures": {"title": "my pets", "class_names": ["a"] * 999, "sha256": "0" * 64}}, "class_names of at most"),
    ],
)
def test_what_is_wrong_with_its_pictures_is_said_in_one_sentence(make_own, changes, sentence):
    pool = make_own("vae")
    change_config(pool, **changes)
    (problem,) = Pool(pool.roots[1]).problems
    assert sentence in problem


def test_damaged_pictures_cost_their_model_alone(make_own):
    pool = make_own("vae")
    (pool.folder("vae/pets") / checkpoint.PICTURES).write_bytes(b"damaged")
    again = Pool(*pool.roots)
    assert again.problems == ["vae/pets/pictures.safetensors is damaged: its SHA-256 is not the one in config.json."]
    assert "vae/mnist-2d" in again.configs


def test_of_two_of_one_name_the_later_folder_is_shown_and_that_is_said(make_own, tmp_path):
    pool = make_own("vae")
    twice = Pool(pool.roots[1], pool.roots[1])
    assert twice.problems == [f"vae/pets is there twice: the one in {pool.roots[1]} is shown."]


def test_folders_are_taken_once_each_and_the_apps_own_unless_only_others_are_asked_for(tmp_path):
    assert app.roots([tmp_path, tmp_path], only=False) == [app.SHIPPED, tmp_path]
    assert app.roots([tmp_path], only=True) == [tmp_path]
    assert app.roots([app.SHIPPED], only=True) == [app.SHIPPED]
