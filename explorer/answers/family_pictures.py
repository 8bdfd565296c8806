"""Writes a picture of each family for the README, into explorer/style/families; after training, run with python -m."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from explorer.answers import autoencoder, beta_vae, common, contractive, k_sparse, td_vae_digits, units, vae
from explorer.answers.vq_vae_2_sampling import MOST, SAMPLES, advance
from explorer.compute.pictures import to_bytes
from explorer.data import sample_sheets
from explorer.data.contact_sheet import paste
from explorer.serve.pool import Pool

FOLDER = Path(__file__).parents[1] / "style" / "families"
TILES = 8  # in a row, where there is no other number of them
SIDE = 56  # least side of a tile in pixels: a whole multiple of its picture's
FACE = {"hair": 3, "glasses": 1, "mouth": 1, "hair colour": 8, "skin": 16, "clothes": 9, "size": 12, "place": 12}
HAIR_TO_MOUTH = [1, 2, 5, 9]  # dimensions of faces-turned4: hair, clothes, glasses, mouth
SEEN = 6  # frames that the TD-VAE was shown
START = 18  # pixels to the right in the first of them, so that what follows is in the middle
HAIRS, GUIDANCE = (3, 5), 2.0  # of the faces that a VQ-VAE-2 makes up: half with a bob, half with curls

Rows = list[np.ndarray]  # pictures of each row, uint8 with shape (N, C, H, W)


def of_autoencoders(pool: Pool) -> Rows:
    x, name = one_of_each("mnist"), "autoencoder/mnist-30d"
    pca = [autoencoder.pca(pool, name, sent(one), 30)["x_pca"] for one in x]
    return [x, rebuilt(pool, name, x), np.concatenate(pca)]


def of_denoising(pool: Pool) -> Rows:
    corrupt = [common.corrupt(pool, sent(one), "salt_and_pepper", 0.3, 1)["x_tilde"] for one in one_of_each("mnist")]
    spoilt = np.stack(corrupt).astype(np.uint8)
    return [spoilt, rebuilt(pool, "denoising/mnist-any", spoilt)]


def of_sparse(pool: Pool) -> Rows:
    filters = np.asarray(units.filters(pool, "sparse/mnist-rho05", 0)["filters"])
    return [filters[:TILES], filters[TILES : 2 * TILES]]


def of_k_sparse(pool: Pool) -> Rows:
    x, name = sent(one_of_each("mnist")[3]), "k_sparse/mnist-k25"
    atoms = k_sparse.atoms(pool, name, x, 25, 0)["strip"]
    sums = [k_sparse.atoms(pool, name, x, 25, n)["partial"] for n in range(1, TILES + 1)]
    return [np.asarray(atoms)[:TILES], np.stack(sums)]


def of_contractive(pool: Pool) -> Rows:
    x = sent(one_of_each("mnist")[7])
    names = "contractive/mnist-lambda03", "contractive/mnist-lambda0"
    return [
        np.stack([contractive.direction(pool, name, x, index)["picture"] for index in range(1, TILES + 1)])
        for name in names
    ]


def of_vaes(pool: Pool) -> Rows:
    faces = sample_sheets.load("faces").pictures
    ends = [(faces[0], faces[13]), (faces[40], faces[100])]
    every = np.linspace(0, vae.PATH_STEPS - 1, TILES).round().astype(int)
    return [
        np.asarray(vae.interpolate(pool, "vae/faces-32d", sent(one), sent(other))["linear"])[every]
        for one, other in ends
    ]


def of_beta_vaes(pool: Pool) -> Rows:
    name, x = "beta_vae/faces-turned4", beta_vae.render("faces", pool, **FACE)["x"]
    z = np.asarray(beta_vae.encode(pool, name, sent(np.asarray(x)))["z"]).tolist()
    strips = np.asarray(beta_vae.traversals(pool, name, z, HAIR_TO_MOUTH, "three")["strips"])
    return np.split(strips, len(HAIR_TO_MOUTH))


def of_vq_vaes(pool: Pool) -> Rows:
    x, name = one_of_each("cifar10"), "vq_vae/cifar10-k512"
    return [x, rebuilt(pool, name, x)]


def of_vq_vae_2s(pool: Pool) -> Rows:
    name, row = "vq_vae_2/faces-64", []
    for label in HAIRS:
        side = pool.config(name).model["picture_shape"][-1] // 8
        codes = {"top": [-1] * SAMPLES * side**2, "bottom": [-1] * SAMPLES * 4 * side**2}
        while -1 in codes["bottom"]:
            step = advance(
                pool, name, **codes, count=MOST, label=label, seed=1, temperature=1.0, top_k=256, guidance=GUIDANCE
            )
            codes = {level: np.asarray(step[level]).astype(int).ravel().tolist() for level in codes}
        row.append(np.asarray(step["pictures"]))
    return [np.concatenate(row)]


def of_td_vaes(pool: Pool) -> Rows:
    x = sent(one_of_each("mnist")[3])
    drawn = td_vae_digits.futures(pool, "td_vae/moving-mnist", x, START, 1, 0, SEEN, 1, TILES - 1, 0)
    return [np.asarray(drawn["truth"]), np.asarray(drawn["futures"])[0], np.asarray(drawn["predicted"])]


FAMILIES: dict[str, Callable[[Pool], Rows]] = {
    "autoencoder": of_autoencoders,
    "denoising": of_denoising,
    "sparse": of_sparse,
    "k_sparse": of_k_sparse,
    "contractive": of_contractive,
    "vae": of_vaes,
    "beta_vae": of_beta_vaes,
    "vq_vae": of_vq_vaes,
    "vq_vae_2": of_vq_vae_2s,
    "td_vae": of_td_vaes,
}


def one_of_each(name: str) -> np.ndarray:
    """A picture of each of the first TILES classes of a set."""
    sheet = sample_sheets.load(name)
    return sheet.pictures[[int(np.flatnonzero(sheet.labels == label)[0]) for label in range(TILES)]]


def sent(picture: np.ndarray) -> list:
    """A picture as the page sends it."""
    return picture.ravel().tolist()


def rebuilt(pool: Pool, name: str, pictures: np.ndarray) -> np.ndarray:
    """What a model makes of pictures (N, C, H, W)."""
    z = pool.run(name, "encode", x=pictures.astype(np.float32) / 255)["z"]
    return to_bytes(common.decode_all(pool, name, z))


def sheet(rows: Rows) -> Image.Image:
    """Rows of pictures below each other, each as large as SIDE asks for."""
    tiles = np.concatenate(rows)
    size = -(-SIDE // tiles.shape[-1])
    return Image.fromarray(paste(tiles.repeat(size, 2).repeat(size, 3), len(rows[0])).squeeze())


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    pool = Pool(Path("checkpoints"))
    for family, pictures in FAMILIES.items():
        sheet(pictures(pool)).save(FOLDER / f"{family}.png", optimize=True)


if __name__ == "__main__":
    main()
