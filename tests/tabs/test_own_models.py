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
from explorer.answers import HANDLERS, contractive, denoising, k_sparse, lineup
from explorer.data import own_samples, sample_sheets
from explorer.metrics.noise_table import NAMES
from explorer.serve import maps
from explorer.serve.pool import Pool
from explorer.serve.server import launch_options
from explorer.tabs.k_sparse_scenes import label
from tests.answers import honest
from tests.conftest import ROOT
from tests.own_models import COUNT, save_own, save_own_digits

SHAPES = {"autoencoder": (1, 16, 16), "vae": (3, 32, 32), "beta_vae": (3, 32, 32), "vq_vae": (1, 32, 32)}
BESIDE_OTHERS = {"denoising": (3, 32, 32), "k_sparse": (1, 16, 16), "contractive": (3, 16, 16)}


@pytest.fixture
def make_own(tmp_path):
    """Saves an untrained model of one's own pictures with what training puts beside it."""

    def make_own(family: str, title: str = "my pets", **changes) -> Pool:
        shape = (SHAPES | BESIDE_OTHERS | {"sparse": (1, 8, 8)})[family]
        save_own(tmp_path / "mine", family, shape, title, **changes)
        return Pool(ROOT / "checkpoints", tmp_path / "mine")

    return make_own


@pytest.fixture
def make_own_digits(tmp_path):
    """Saves an untrained model of the app's digits, as a run with other settings would."""

    def make(family: str, variant: str = "mine", **changes) -> Pool:
        save_own_digits(tmp_path / "mine", family, variant, **changes)
        return Pool(ROOT / "checkpoints", tmp_path / "mine")

    return make


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
        if item["kind"] == "choice" and item["key"] == "checkpoint"
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


def own_picture(pool: Pool, family: str) -> tuple[str, np.ndarray, torch.nn.Module]:
    """The name of the set of an own model, one of its pictures (1, C, H, W), and the model."""
    data = pool.config(f"{family}/pets").data
    return data, own_samples.SETS[data].pictures.pictures[3:4], checkpoint.load_model(pool.folder(f"{family}/pets"))


def asked(pool: Pool, question: str, **values) -> dict[str, np.ndarray]:
    """What the server's answer holds, by the handler itself, after the server has answered the same."""
    stem, name = question.split("/")
    answer = client_of(pool).post(f"/ask/{question}", content=json.dumps(values))
    assert answer.status_code == 200, answer.text
    return HANDLERS[stem][name](pool, **values)


@torch.inference_mode()
def rebuilt(model, x: np.ndarray) -> np.ndarray:
    return (255 * model.decode(model.encode(torch.tensor(x) / 255))).round().byte().numpy()


def test_own_pictures_are_spoilt_and_denoised_by_their_own_models(make_own):
    pool = make_own("denoising")
    data, x, model = own_picture(pool, "denoising")
    pixels = x.ravel().tolist()
    spoilt = asked(pool, "denoising/corrupt", x=pixels, kind="masking", level=0.5, seed=1, data=data)["x_tilde"]
    assert spoilt.shape == (3, 32, 32)
    left = spoilt > 0
    assert 0.4 < left.mean() < 0.6
    np.testing.assert_array_equal(spoilt[left].round(), x[0][left])
    question = {"data": data, "x": pixels, "x_tilde": spoilt.ravel().tolist(), "times": 1, "focus": 0}
    answer = asked(pool, "denoising/denoise", **question)
    np.testing.assert_allclose(answer["x_hat"].astype(int), rebuilt(model, spoilt[None].round()).astype(int), atol=1)
    assert asked(pool, "denoising/judge", **question)["ssim"].shape == (1,)
    assert (
        "denoising/pets"
        in bytes(asked(pool, "denoising/python", **spoilt_scene(data, pixels, spoilt))["text"]).decode()
    )


def test_two_pictures_of_the_size_that_folders_are_cut_to_fit_into_a_question(make_own, monkeypatch):
    monkeypatch.setitem(BESIDE_OTHERS, "denoising", (3, 64, 64))
    pool = make_own("denoising")
    data, x, _ = own_picture(pool, "denoising")
    noise = {"kind": "gaussian", "level": 0.5, "seed": 1}
    spoilt = asked(pool, "denoising/corrupt", x=x.ravel().tolist(), data=data, **noise)["x_tilde"].ravel().tolist()
    asked(pool, "denoising/denoise", data=data, x=x.ravel().tolist(), x_tilde=spoilt, times=1, focus=0)


def test_an_own_model_leaves_the_shipped_ones_their_places(make_own_digits):
    pool = make_own_digits("k_sparse")
    make_own_digits("contractive", contraction=0.001)
    pool = Pool(*pool.roots)
    assert [pool.configs[name].model["k"] for name in k_sparse.models(pool, "mnist")] == [10, 25, 40, 70, 4]
    assert contractive.compared(pool, "mnist")[-2:] == ["contractive/mine", contractive.DENOISING]
    state = opening(pool, "k_sparse")
    assert state["checkpoint"] == "k_sparse/mnist-k25"
    labels = [label(pool.configs[name]) for name in k_sparse.models(pool, "mnist")]
    assert labels == ["k = 10", "k = 25", "k = 40", "k = 70", "k = 4\nmine"]


def opening(pool: Pool, stem: str) -> dict:
    (setup,) = (
        block
        for block in app.build(pool).blocks.values()
        if getattr(block, "script", "") == "tab_setup" and block.props["tab"] == stem
    )
    return setup.props["state"]


def test_a_denoising_model_is_opened_by_its_set_and_its_place_there(make_own):
    pool = make_own("denoising")
    data = pool.config("denoising/pets").data
    assert denoising.place(pool, "denoising/pets") == {"data": data, "focus": 0}
    (lineup_widget,) = (block for block in app.build(pool).blocks.values() if getattr(block, "script", "") == "lineup")
    (row,) = (row for row in lineup_widget.props["rows"] if row["stem"] == "denoising")
    place = row["chooses"]["focus"]
    assert denoising.models(pool, "mnist")[place] == "denoising/mnist-any"


@pytest.mark.parametrize("data", [7, None, ["mnist"], {"a": 1}, "../mnist", "x" * 10_000, "oscillator", True])
@pytest.mark.parametrize(
    "question", ["denoising/corrupt", "denoising/denoise", "k_sparse/compare", "contractive/moved"]
)
def test_another_set_is_refused_with_one_sentence(question, data):
    pool = Pool(ROOT / "checkpoints")
    values = honest.ask(question, pool, "denoising/mnist-any") | {"data": data}
    answer = client_of(pool).post(f"/ask/{question}", content=json.dumps(values))
    assert answer.status_code == 400
    assert len(answer.text) < 200
    assert answer.text.endswith(".")


def spoilt_scene(data: str, pixels: list, spoilt: np.ndarray) -> dict:
    noise = {"kind": "masking", "level": 0.5, "seed": 1}
    return {"data": data, "x": pixels, "x_tilde": spoilt.ravel().tolist(), "times": 1, **noise}


def test_digits_models_say_nothing_of_own_pictures_of_another_size(make_own):
    pool = make_own("denoising")
    _, x, _ = own_picture(pool, "denoising")
    layers = asked(pool, "denoising/layers", checkpoint="denoising/mnist-stack", x_tilde=x.ravel().tolist())
    assert layers["depths"].shape == (0, 1, 28, 28)
    question = {"checkpoint": "denoising/mnist-mask50", "x": x.ravel().tolist(), "dropped": 0.5, "seed": 1}
    assert asked(pool, "denoising/dropout", **question)["masked_x"].shape == (0, 1, 28, 28)


def test_an_own_stack_shows_its_layers_of_its_own_pictures(make_own):
    pool = make_own("denoising", hidden=[12, 8])
    _, x, model = own_picture(pool, "denoising")
    assert denoising.stacks(pool) == ["denoising/mnist-stack", "denoising/pets"]
    answer = asked(pool, "denoising/layers", checkpoint="denoising/pets", x_tilde=x.ravel().tolist())
    with torch.inference_mode():
        expected = model.decode_layers(torch.tensor(x) / 255)
    np.testing.assert_allclose(answer["depths"], 255 * expected, atol=0.51)
    assert [answer[code].size for code in denoising.CODES[2:]] == [0, 0, 0]


def test_an_own_k_sparse_model_is_compared_with_those_of_its_set_and_the_shipped_stay(make_own):
    pool = make_own("k_sparse")
    data, x, model = own_picture(pool, "k_sparse")
    answer = asked(pool, "k_sparse/compare", x=x.ravel().tolist(), k=0, data=data)
    np.testing.assert_allclose(answer["x_hat"].astype(int), rebuilt(model, x).astype(int), atol=1)
    assert len(asked(pool, "k_sparse/compare", x=[0] * 784, k=0, data="mnist")["x_hat"]) == 4
    assert asked(pool, "k_sparse/overlap", checkpoint="k_sparse/pets")["overlap"].shape == (2, 2)
    for name, more in (("atoms", {"n": 2}), ("cut", {})):
        asked(pool, f"k_sparse/{name}", checkpoint="k_sparse/pets", x=x.ravel().tolist(), k=0, **more)
    assert asked(pool, "k_sparse/atlases", page=0, data=data)["filters_0"].shape == (16, 1, 16, 16)


def test_what_an_own_contractive_model_notices_is_the_jacobian_of_its_encoder(make_own):
    pool = make_own("contractive")
    data, x, model = own_picture(pool, "contractive")
    pixels = x.ravel().tolist()
    seen = asked(pool, "contractive/sensitivity", x=pixels, scale="own", data=data)
    flat = torch.tensor(x).float().flatten(1) / 255
    slopes = torch.autograd.functional.jacobian(lambda y: model.encode(y.view(1, 3, 16, 16))[0], flat)[:, 0]
    norms = slopes.norm(dim=0).detach().numpy().reshape(x.shape)
    np.testing.assert_allclose(seen["maps"] / 255, norms / norms.max(), atol=0.003)
    spectrum = asked(pool, "contractive/spectra", x=pixels, data=data)["line_0"]
    expected = np.zeros(768)
    expected[:16] = torch.linalg.svdvals(slopes.detach()).numpy()
    np.testing.assert_allclose(spectrum, expected, atol=1e-3)
    first = asked(pool, "contractive/direction", checkpoint="contractive/pets", x=pixels, index=1)
    assert first["value"] == pytest.approx(expected[0], rel=0.01)
    last = asked(pool, "contractive/direction", checkpoint="contractive/pets", x=pixels, index=784)
    assert last["value"] == pytest.approx(0, abs=1e-3)
    direction = {"direction": first["direction"].tolist(), "amount": 2.0}
    push = asked(pool, "contractive/push", checkpoint="contractive/pets", x=pixels, **direction)
    assert push["distance"] == pytest.approx(2, rel=1e-4)


@pytest.mark.parametrize("family", BESIDE_OTHERS)
def test_it_is_named_in_the_first_scene_of_its_tab(make_own, family):
    pool = make_own(family)
    data = pool.config(f"{family}/pets").data
    named = [
        block.props["names"][data]
        for block in app.build(pool).blocks.values()
        if getattr(block, "script", "") == "side_by_side"
        and block.props["tab"] == family
        and block.props["names_by"] == "data"
    ]
    assert named
    assert all(len(names) == 1 for names in named)


@pytest.mark.parametrize("family", BESIDE_OTHERS)
def test_with_nothing_but_it_the_tab_is_built_as_well(make_own, family):
    alone = Pool(make_own(family).roots[1])
    (setup,) = (
        block
        for block in app.build(alone).blocks.values()
        if getattr(block, "script", "") == "tab_setup" and block.props["tab"] == family
    )
    data = alone.config(f"{family}/pets").data
    first = setup.props["state"]
    assert first.get("data") == data or setup.props["facts"][first["checkpoint"]]["data"] == data


def test_an_own_model_of_digits_has_a_row_on_the_first_tab(make_own_digits):
    pool = make_own_digits("sparse")
    assert lineup.names(pool) == [*NAMES, "sparse/mine"]
    x = sample_sheets.load("mnist").pictures[5:6]
    answer = asked(pool, "start/through", x=x.ravel().tolist(), x_tilde=x.ravel().tolist())
    own = checkpoint.load_model(pool.folder("sparse/mine"))
    np.testing.assert_allclose(answer["x_hats"][-1].astype(int), rebuilt(own, x)[0].astype(int), atol=1)


def test_own_models_of_other_pictures_have_no_row_on_the_first_tab(make_own):
    assert lineup.names(make_own("vae")) == [*NAMES]


def test_more_own_models_than_there_is_room_for_are_left_out(make_own_digits):
    for number in range(lineup.MOST_OWN + 2):
        pool = make_own_digits("sparse", f"mine-{number}")
    assert len(lineup.names(pool)) == len(NAMES) + lineup.MOST_OWN
    app.build(pool)


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
