"""A checkpoint comes back as it was saved, and a bad folder gives one clear sentence."""

import json

import numpy as np
import pytest
from safetensors import safe_open

from explorer import checkpoint
from explorer.checkpoint import CheckpointError, loaded


def edit_config(folder, **changes):
    path = folder / checkpoint.CONFIG
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.mark.parametrize(("units", "stored"), [(200, "F32"), (500, "F16")])  # 0.6 and 1.6 MB of float32
def test_large_weights_are_stored_in_half_precision_and_load_as_floats(make_checkpoint, units, stored):
    folder = make_checkpoint("contractive", latent_dim=units)
    with safe_open(folder / checkpoint.WEIGHTS, "np") as file:
        assert {file.get_slice(name).get_dtype() for name in file.keys()} == {stored}  # noqa: SIM118
    assert {str(parameter.dtype) for parameter in checkpoint.load_model(folder).parameters()} == {"torch.float32"}


def test_a_loaded_model_is_frozen_and_in_evaluation_mode(make_checkpoint):
    model = checkpoint.load_model(make_checkpoint("autoencoder"))
    assert not model.training
    assert not any(parameter.requires_grad for parameter in model.parameters())


def test_codes_come_back_as_floats(make_checkpoint):
    codes = checkpoint.load_codes(make_checkpoint("vae"))
    assert codes["test_codes"].dtype == "float32"
    assert codes["test_labels"].dtype == "uint8"


def test_truncated_weights_are_damaged(make_checkpoint):
    folder = make_checkpoint("vae")
    weights = folder / checkpoint.WEIGHTS
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(CheckpointError, match=r"vae/small/model.safetensors is damaged"):
        checkpoint.load_model(folder)


def test_truncated_codes_are_damaged(make_checkpoint):
    folder = make_checkpoint("vae")
    codes = folder / checkpoint.CODES
    codes.write_bytes(codes.read_bytes()[:-100])
    with pytest.raises(CheckpointError, match=r"codes.safetensors is damaged"):
        checkpoint.load_codes(folder)


def test_missing_weights_are_named(make_checkpoint):
    folder = make_checkpoint("vae")
    (folder / checkpoint.WEIGHTS).unlink()
    with pytest.raises(CheckpointError, match=r"vae/small/model.safetensors is missing"):
        checkpoint.load_model(folder)


def test_a_config_that_names_another_family_is_refused(make_checkpoint):
    folder = make_checkpoint("vae")
    edit_config(folder, family="autoencoder")
    with pytest.raises(CheckpointError, match="names another model, autoencoder/small"):
        checkpoint.read_config(folder)


def test_a_family_of_another_version_is_refused(make_checkpoint):
    folder = make_checkpoint("vae")
    unknown = folder.parent.parent / "flow" / "small"
    unknown.parent.mkdir()
    folder.rename(unknown)
    edit_config(unknown, family="flow")
    with pytest.raises(CheckpointError, match="a family this version does not know"):
        checkpoint.load_model(unknown)


@pytest.mark.parametrize("changes", [{"latent_dim": 3}, {"hidden": [16, 9]}, {"hidden": [16, 8, 8]}, {"hidden": []}])
def test_weights_that_do_not_fit_the_config_are_refused(make_checkpoint, changes):
    folder = make_checkpoint("vae")
    model = checkpoint.read_config(folder)["model"]
    edit_config(folder, model=model | changes)
    with pytest.raises(CheckpointError, match="do not fit the model"):
        checkpoint.load_model(folder)


@pytest.mark.parametrize(
    ("text", "sentence"), [("{", "not valid JSON"), ("[]", "lacks family"), ("{}", "lacks family")]
)
def test_a_broken_config_says_what_is_wrong(make_checkpoint, text, sentence):
    folder = make_checkpoint("vae")
    (folder / checkpoint.CONFIG).write_text(text)
    with pytest.raises(CheckpointError, match=sentence):
        checkpoint.read_config(folder)


def test_a_map_comes_back_but_for_its_rounding(tmp_path):
    rng = np.random.default_rng(0)
    codes, plane = rng.normal(3, 5, (200, 4)), rng.standard_normal((200, 2))
    codes[:, 2] = 7.0  # a dimension that says nothing
    checkpoint.save_map(tmp_path, {"codes": codes, "umap": plane})
    kept = loaded.unpacked(checkpoint.read_arrays(tmp_path / checkpoint.MAP), "map")
    assert kept.keys() == {"codes", "umap"}
    assert (np.abs(kept["codes"] - codes) <= 0.51 * np.ptp(codes, axis=0) / 255 + 1e-6).all()
    np.testing.assert_allclose(kept["umap"], plane, rtol=1e-3)


def test_no_map_is_written_of_nothing(tmp_path):
    checkpoint.save_map(tmp_path, {})
    assert not (tmp_path / checkpoint.MAP).exists()
