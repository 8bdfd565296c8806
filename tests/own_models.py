"""Checkpoints as people make them of their own pictures, small and untrained, with all that training puts beside."""

from pathlib import Path

import numpy as np
import torch

from explorer import checkpoint
from explorer.data.own_samples import OwnSamples
from explorer.data.picture_set import PictureSet
from explorer.models import MODELS
from tests.conftest import SMALL

COUNT = 30  # pictures that come with a model


def save_own(root: Path, family: str, shape: tuple[int, int, int], title: str = "my pets", **changes) -> None:
    """Save FAMILY/pets of random pictures of two classes; changes: keywords other than those of a small model."""
    model, rng = MODELS[family](picture_shape=shape, **SMALL[family] | changes).eval(), np.random.default_rng(0)
    pictures = rng.integers(0, 256, (COUNT, *shape), dtype=np.uint8)
    folder = root / family / "pets"
    set_of = PictureSet(pictures, np.arange(COUNT) // 15, ("cats", "dogs"))
    said = checkpoint.save_pictures(folder, OwnSamples(title, set_of))
    profile: dict = {"kl_per_dimension": [1.0] * model.latent_dim} if family in ("vae", "beta_vae") else {}
    with torch.inference_mode():
        z = model.encode(torch.tensor(pictures) / 255).numpy()
    if family == "vq_vae":
        profile = {"use": [1] * 8, "by_similarity": list(range(8))}
        tiles = np.zeros((8, shape[0], 8, 8), np.uint8)
        checkpoint.save_codes(folder, {"tiles": tiles, "shipped": z.astype(np.uint16)})
    else:
        codes = {"test_codes": z, "test_labels": set_of.labels, "train_codes": z}
        kinds = {"test_codes": np.float16, "test_labels": np.uint8, "train_codes": np.float16}
        checkpoint.save_codes(folder, {name: array.astype(kinds[name]) for name, array in codes.items()})
        checkpoint.save_map(folder, {"umap": z[:, :2].astype(float), "error": np.ones(COUNT)})
    keywords = {"picture_shape": list(shape)} | SMALL[family] | changes
    checkpoint.save(folder, model, {"family": family, "variant": "pets", "model": keywords, "profile": profile, **said})


def save_own_digits(root: Path, family: str, variant: str, **changes) -> None:
    """Save a model of the app's digits, as a run with other settings would."""
    keywords = {"picture_shape": [1, 28, 28]} | SMALL[family] | changes
    config = {"family": family, "variant": variant, "data": "mnist", "model": keywords}
    checkpoint.save(root / family / variant, MODELS[family](**keywords).eval(), config)
