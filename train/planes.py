"""The planes of a checkpoint's test codes, made once: UMAP takes half a minute, and the app's maps open at once."""

from pathlib import Path

import numpy as np
import torch

from explorer.compute import projection
from explorer.data import atlas, own_set, sources
from explorer.data.picture_set import PictureSet
from explorer.data.rendered_sets import WORLDS
from explorer.metrics.reconstruction import BLOCK, encode_all, pixels
from explorer.models import Autoencoder
from explorer.nn.objectives import squared_error
from train.recipe import Recipe
from train.recipes import FAMILIES

LEAST = 16  # pictures of a map: fewer have no neighbourhoods


@torch.inference_mode()
def planes(model: Autoencoder, recipe: Recipe, root: Path, shipped: PictureSet | None) -> dict[str, np.ndarray]:
    """What the app's map needs of a model; nothing where the pictures of its set are not shipped for maps.

    Of pictures of one's own the map is of those that come with the checkpoint, if there are enough.

    Returns:
        Floats of the test pictures, in their order: "error", the squared error of each summed over its pixels, (N,);
        "umap", the plane of their codes, (N, 2); of pictures that are not shipped whole but rendered, so that the app
        cannot encode them at once, also "codes".
    """
    points = not hasattr(FAMILIES[recipe.family], "app_codes")  # and no grids of codes, or beliefs of a sequence
    own = shipped if own_set.is_own(recipe.data) else None
    if not points or not ((own and len(own.pictures) >= LEAST) or recipe.data in atlas.NAMES):
        return {}
    x = pixels(own or sources.load(recipe.data, "test", root))
    z = encode_all(model, x)
    pairs = zip(z.split(BLOCK), x.split(BLOCK), strict=True)
    error = torch.cat([squared_error(model.decode(z), x) for z, x in pairs]).numpy()
    codes = z.numpy()
    kept = {"codes": codes} if recipe.data in WORLDS else {}
    return {"error": error, "umap": projection.umap_plane(codes)} | kept
