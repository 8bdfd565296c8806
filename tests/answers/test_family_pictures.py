"""The README's pictures are what the shipped weights make of their inputs."""

import numpy as np
import pytest
from PIL import Image

from explorer.answers import family_pictures
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("family", family_pictures.FAMILIES)
def test_the_readme_shows_a_picture_of_each_family(family):
    path = family_pictures.FOLDER / f"{family}.png"
    assert path.is_file()
    assert f"({path.relative_to(ROOT)})" in README


# Of sampled faces one code that is drawn otherwise on another processor makes another face.
@pytest.mark.parametrize("family", sorted(family_pictures.FAMILIES.keys() - {"vq_vae_2"}))
def test_a_picture_is_what_the_weights_give(shipped, family):
    with Image.open(family_pictures.FOLDER / f"{family}.png") as picture:
        drawn = np.asarray(picture).astype(int)
    computed = np.asarray(family_pictures.sheet(family_pictures.FAMILIES[family](shipped))).astype(int)
    assert computed.shape == drawn.shape
    assert np.abs(computed - drawn).mean() < 1
