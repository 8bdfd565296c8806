"""One digit through every family: what ships ready-made is what the models give, and bad pictures are refused."""

import numpy as np
import pytest
import torch

from explorer import checkpoint
from explorer.answers import common, lineup
from explorer.data import sample_sheets
from explorer.serve.pool import Pool
from explorer.serve.question import Refused


@pytest.fixture
def sent():
    """The first digit and how it is first spoilt, as the page sends them."""
    x = sample_sheets.load("mnist").pictures[0].ravel().tolist()
    return x, common.corrupt(None, x, **lineup.FIRST)["x_tilde"].ravel().tolist()


def test_the_first_scene_that_ships_is_what_the_weights_give(shipped):
    weights = tuple(shipped.configs[name]["weights_sha256"] for name in lineup.names(shipped))
    ready = lineup.first_scene(shipped.root, weights)
    computed = lineup.compute(shipped, *lineup.first_pictures())
    assert ready.keys() == computed.keys() | {"x", "x_tilde"}
    for key, array in computed.items():
        assert ready[key].shape == np.shape(array), key
        np.testing.assert_allclose(ready[key].astype(float), array, atol=1 if key == "x_hats" else 1e-3, err_msg=key)


def test_the_denoiser_wins_under_every_noise_and_is_near_the_best_where_there_is_little(shipped):
    own = "denoising/mnist-any"
    measured = shipped.configs[own]["profile"]["families"]
    assert set(measured["errors"]["masking"]) == set(lineup.NAMES)
    for kind, rows in measured["errors"].items():
        for level, *errors in zip(measured["levels"], *rows.values(), strict=True):
            best, ours = min(errors), rows[own][measured["levels"].index(level)]
            assert ours <= best * (1 if level >= 0.2 else 1.3), (kind, level)


def test_the_denoiser_wins_in_the_first_scene(shipped):
    errors = lineup.compute(shipped, *lineup.first_pictures())["errors"]
    assert errors[lineup.NAMES.index("denoising/mnist-any")] < 0.6 * np.sort(errors)[1]


def test_the_first_scene_needs_no_weights(shipped, sent):
    fresh = Pool(shipped.root)
    answer = lineup.reconstruct(fresh, *sent)
    assert answer["x_hats"].shape == (len(lineup.NAMES), 1, 28, 28)
    assert fresh._models == {}


def test_a_first_scene_made_by_other_weights_is_not_used(shipped):
    assert lineup.first_scene(shipped.root, ("0" * 64,) * len(lineup.NAMES)) is None


def test_another_picture_goes_through_each_model_itself(shipped):
    pixels = sample_sheets.load("mnist").pictures[7]
    x = pixels.ravel().tolist()
    answer = lineup.reconstruct(shipped, x, x)
    for number, name in enumerate(lineup.NAMES):
        model = checkpoint.load_model(shipped.root / name)
        with torch.inference_mode():
            x_hat = model.decode(model.encode(torch.tensor(pixels[None]) / 255))
        np.testing.assert_allclose(answer["x_hats"][number], (x_hat[0] * 255).round(), atol=1, err_msg=name)
        error = (x_hat - torch.tensor(pixels[None]) / 255).square().sum().item()
        assert answer["errors"][number] == pytest.approx(error, rel=1e-3)


def test_the_vae_shows_its_active_dimensions_by_falling_divergence(shipped, sent):
    kl = shipped.configs["vae/mnist-50d"]["profile"]["kl_per_dimension"]
    place = lineup.NAMES.index("vae/mnist-50d")
    answer = lineup.compute(shipped, *lineup.first_pictures())
    assert len(answer[f"code_{place}"]) == sum(value >= lineup.ACTIVE for value in kl)
    assert (answer[f"spread_{place}"] > 0).all()


@pytest.mark.parametrize("bad", [[], [0] * 783, ["a"] * 784, [float("nan")] * 784, None, {"data": 1}])
def test_what_is_no_picture_is_refused(shipped, sent, bad):
    x, x_tilde = sent
    with pytest.raises(Refused):
        lineup.reconstruct(shipped, bad, x_tilde)
    with pytest.raises(Refused):
        lineup.reconstruct(shipped, x, bad)


@pytest.mark.parametrize(
    ("kind", "level", "seed"), [("fog", 0.1, 1), ("masking", float("nan"), 1), ("masking", 0.1, -1), (None, 0.1, 1)]
)
def test_what_is_no_corruption_is_refused(sent, kind, level, seed):
    with pytest.raises(Refused):
        common.corrupt(None, sent[0], kind, level, seed)
