"""What the numbers beside a model have to look like: those of its profile, its codes, its planes.

Others may have made them, with another version or by hand; what is checked here need not be doubted anywhere else.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from explorer.checkpoint.regular_file import CheckpointError
from explorer.data import atlas, oscillator, sample_sheets
from explorer.data.picture_set import MOST_CLASSES
from explorer.data.rendered_sets import WORLDS
from explorer.nn.corruption import BLOCKS, KINDS

NOISES = (*KINDS, BLOCKS)
LARGEST = 1e6  # of codes and planes: their squares can be added up in single precision


class Expected(NamedTuple):
    """An array.

    Arguments:
        shape: Sizes; None is any, but not 0.
        below: Whole numbers from 0 to below it; None is for finite numbers of any kind.
    """

    shape: tuple[int | None, ...]
    below: int | None = None

    def admits(self, array: np.ndarray) -> bool:
        shape = len(array.shape) == len(self.shape) and all(
            size == wanted if wanted is not None else size > 0
            for size, wanted in zip(array.shape, self.shape, strict=True)
        )
        if not shape or array.dtype.kind not in "iuf":
            return False
        if not array.size:
            return True
        low, high = float(array.min()), float(array.max())  # NaN if there is one
        if self.below is None:
            return low >= -LARGEST and high <= LARGEST
        return array.dtype.kind in "iu" and low >= 0 and high < self.below

    def as_read(self, array: np.ndarray) -> np.ndarray:
        """The array as the page and the answers take it: single precision, or bytes, or longer whole numbers."""
        return array.astype(np.float32 if self.below is None else np.uint8 if self.below <= 256 else np.int64)

    def __str__(self) -> str:
        kind = "finite number" if self.below is None else f"whole number from 0 to {self.below - 1}"
        sizes = " × ".join("N" if size is None else str(size) for size in self.shape)
        return f"{sizes} {kind.replace('number', 'numbers')}" if self.shape else f"a single {kind}"


def check(arrays: Mapping[str, np.ndarray], wanted: dict[str, Expected], where: str) -> None:
    """Refuse arrays of which one is missing, of another size, or holds what cannot be drawn."""
    if missing := [name for name in wanted if name not in arrays]:
        raise CheckpointError(f"{where} lacks {', '.join(missing)}.")
    for name, each in wanted.items():
        if not each.admits(arrays[name]):
            raise CheckpointError(f"{where}: {name} must be {each}.")


# ---- The profile ------------------------------------------------------------------------------------------------


def check_profile(said: dict[str, Any], family: str, data: str, model: Mapping[str, Any], where: str) -> None:
    """Refuse a profile that holds something of another kind; what is not there is missed where it would be drawn."""
    wanted, arrays = profile(family, data, model), flat(said)
    needed = {key: each for key, each in wanted.items() if key.split()[0] in said}
    check(arrays, needed, f"{where}, profile")
    for key in needed:
        if key.endswith("by_similarity") and len(set(arrays[key].tolist())) < len(arrays[key]):
            raise CheckpointError(f"{where}, profile: {key} must name each code once.")
        if key == "code_distance" and arrays[key] <= 0:
            raise CheckpointError(f"{where}, profile: code_distance must be above 0.")
        if key.endswith("use") and (arrays[key].min() < 0 or arrays[key].sum() <= 0):
            raise CheckpointError(f"{where}, profile: {key} must hold no number below 0, and not only 0.")
    check_noises(said, where)
    curves = [len(said[key]) for key in ("pca_dims", "pca_squared_error") if key in needed and key in said]
    if len(set(curves)) > 1:
        raise CheckpointError(f"{where}, profile: pca_dims and pca_squared_error must be of one length.")


def check_noises(said: dict[str, Any], where: str) -> None:
    """Refuse a matrix of training and test noise whose noises are no triples, or not as many as its figures."""
    if "noises" not in said:
        return
    noises = said["noises"]
    triples = isinstance(noises, list) and all(isinstance(one, list) and len(one) == 3 for one in noises)
    if not triples or not all(isinstance(name, str) and kind in NOISES for name, kind, _ in noises):
        raise CheckpointError(f"{where}, profile: noises must be triples of a name, a kind and a level.")
    if not Expected((len(noises),)).admits(as_array([level for *_, level in noises])):
        raise CheckpointError(f"{where}, profile: each level of the noises must be a finite number.")
    if any(len(said[key]) != len(noises) for key in ("psnr", "ssim") if key in said):
        raise CheckpointError(f"{where}, profile: psnr and ssim must have a figure for each of the noises.")


def profile(family: str, data: str, model: Mapping[str, Any]) -> dict[str, Expected]:
    """The arrays that the app reads of a family's profile."""
    latents, num_codes = (model.get("latent_dim"),), model.get("num_codes")
    units = model["hidden"][:1] if family == "sparse" else ()
    curves = {name: Expected((None,)) for name in ("pca_dims", "pca_squared_error", "psnr", "ssim")}
    of_family = {
        "autoencoder": curves,
        "denoising": curves | {"code_distance": Expected(())},
        "contractive": {"code_distance": Expected(())},
        "sparse": {"mean_activations": Expected(units)},
        "k_sparse": {"use": Expected(latents)},
        "vae": {"kl_per_dimension": Expected(latents)},
        "beta_vae": {"kl_per_dimension": Expected(latents)},
        "vq_vae": of_codebook("", num_codes),
        "vq_vae_2": of_codebook("top_", num_codes) | of_codebook("bottom_", num_codes),
        "td_vae": {f"{way}_milliseconds": Expected((len(oscillator.AHEAD),)) for way in ("one", "many")},
    }.get(family, {})
    if family == "beta_vae" and data in WORLDS:
        sizes = WORLDS[data].FACTORS.sizes
        of_family |= {"mutual_information": Expected((*latents, len(sizes)))}
        of_family |= {f"mean_by_factor {i}": Expected((size, *latents)) for i, size in enumerate(sizes)}
    return of_family


def of_codebook(level: str, num_codes: int | None) -> dict[str, Expected]:
    return {f"{level}use": Expected((num_codes,)), f"{level}by_similarity": Expected((num_codes,), num_codes)}


def flat(said: dict[str, Any]) -> dict[str, np.ndarray]:
    """The entries of a profile as arrays; a list of tables of several sizes, mean_by_factor, table by table."""
    tables = said.get("mean_by_factor", [])
    each = {f"mean_by_factor {i}": table for i, table in enumerate(tables)} if isinstance(tables, list) else {}
    return {key: as_array(value) for key, value in (said | each).items()}


def as_array(value: Any) -> np.ndarray:
    """Numbers of a config; what is no regular list of such becomes an array of objects, which nothing admits."""
    try:
        array = np.array(value)
    except (ValueError, OverflowError):
        return np.array(None, object)
    return array if array.dtype.kind in "iuf" else np.array(None, object)


# ---- Codes and planes ---------------------------------------------------------------------------------------------


def codes(family: str, data: str, model: Mapping[str, Any]) -> dict[str, Expected]:
    """The arrays that the app reads of a family's codes."""
    num_codes, (channels, height, width) = model.get("num_codes"), model["picture_shape"]
    tiles = Expected((num_codes, channels, 8, 8), 256)
    if family == "vq_vae":
        return {"tiles": tiles, "shipped": Expected((shipped(data), height // 4, width // 4), num_codes)}
    if family == "vq_vae_2":
        grids = {"top": (height // 8, width // 8), "bottom": (height // 4, width // 4)}
        means = {"top_mean": (model["code_dim"],), "bottom_mean": (model["num_codes"] + 1, 2, 2, model["code_dim"])}
        return {
            **{f"{level}_tiles": tiles for level in grids},
            **{f"{level}_train": Expected((None, *grid), num_codes) for level, grid in grids.items()},
            **{name: Expected(shape) for name, shape in means.items()},
        }
    points = Expected((None, model.get("latent_dim")))
    return {"test_codes": points, "test_labels": Expected((None,), MOST_CLASSES), "train_codes": points}


def own_pictures(shape: tuple[int, ...], classes: int) -> dict[str, Expected]:
    """The pictures that a model of somebody's own brings with it, and their classes."""
    return {"pictures": Expected((None, *shape), 256), "labels": Expected((None,), classes)}


def shipped(data: str) -> int | None:
    """How many pictures of a set ship with the app."""
    return None if sample_sheets.shape(data) is None else len(sample_sheets.load(data).pictures)


def planes(family: str, data: str, model: Mapping[str, Any]) -> dict[str, Expected]:
    """The arrays that the app reads of a model's map: of rendered sets also the codes, for it cannot encode those."""
    count = atlas.size(data)
    wanted = {"umap": Expected((count, 2)), "error": Expected((count,))}
    return wanted | ({"codes": Expected((count, model.get("latent_dim")))} if data in WORLDS else {})


def check_lengths(arrays: Mapping[str, np.ndarray], where: str) -> None:
    """Refuse arrays that belong together and are not equally long, and a single code, which has no neighbour."""
    if "train_codes" in arrays and len(arrays["train_codes"]) < 2:
        raise CheckpointError(f"{where}: train_codes must be at least two.")
    for one, other in (("test_codes", "test_labels"), ("top_train", "bottom_train")):
        if one in arrays and other in arrays and len(arrays[one]) != len(arrays[other]):
            raise CheckpointError(f"{where}: {one} and {other} must be of one length.")
