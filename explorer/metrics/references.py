"""What each disentanglement score gives for codes that are known: the factors themselves, and rotations of them.

python -m explorer.metrics.references measures them and writes references.json, which tables print beside a model: below
the rotated factors, which hold everything and align with nothing, a score says nothing for a model.
"""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from explorer.data.rendered_sets import WORLDS, scored_sizes
from explorer.metrics import disentanglement
from explorer.metrics.disentanglement import Encoder

FILE = Path(__file__).with_suffix(".json")
LATENT_DIM = 10
NOISE = 0.01  # deviation of the dimensions that stand for nothing
ROTATIONS = {"mig": 100, "sap": 4, "beta_vae_score": 4, "factor_vae_score": 4, "dci_disentanglement": 1}  # by cost
SCORES = {  # by the names of the cards' figures; DCI besides, which gives three numbers
    "mig": disentanglement.mutual_information_gap,
    "sap": disentanglement.separated_attribute_predictability,
    "beta_vae_score": disentanglement.beta_vae_score,
    "factor_vae_score": disentanglement.factor_vae_score,
}


def scores(encode: Encoder, sizes: tuple[int, ...], seed: int) -> dict[str, float]:
    """Every score of an encoder but DCI, each from the same seed."""
    return {name: score(encode, sizes, np.random.default_rng(seed)) for name, score in SCORES.items()}


def standardised(sizes: tuple[int, ...], rotation: np.ndarray, seed: int = 0) -> Encoder:
    """Codes made of factors at mean 0 and variance 1, turned by a matrix (K, K), and dimensions of little noise."""
    rng = np.random.default_rng(seed)
    centre = (np.array(sizes) - 1) / 2
    deviation = np.sqrt((np.square(sizes) - 1) / 12)

    def encode(factors: np.ndarray) -> np.ndarray:
        noise = rng.normal(0, NOISE, (len(factors), LATENT_DIM - len(sizes)))
        return np.concatenate([(factors - centre) / deviation @ rotation, noise], axis=1)

    return encode


def rotation(size: int, seed: int) -> np.ndarray:
    """An orthogonal matrix drawn at random."""
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((size, size)))[0]


def measure(sizes: tuple[int, ...]) -> dict[str, dict]:
    """For each score the value of the factors themselves, and those of some rotations of them in ascending order."""
    size, known = len(sizes), {}
    for name, score in (SCORES | {"dci_disentanglement": dci_disentanglement}).items():
        rotated = sorted(of_turned(score, sizes, rotation(size, seed), seed) for seed in range(ROTATIONS[name]))
        known[name] = {"perfect": of_turned(score, sizes, np.eye(size), 0), "rotated": rotated}
    return known


def dci_disentanglement(encode: Encoder, sizes: tuple[int, ...], rng: np.random.Generator) -> float:
    return disentanglement.dci(encode, sizes, rng).disentanglement


def of_turned(score: Callable, sizes: tuple[int, ...], turn: np.ndarray, seed: int) -> float:
    """A score of the factors turned by a matrix, as the file holds it."""
    return round(score(standardised(sizes, turn), sizes, np.random.default_rng(seed)), 3)


def load(name: str) -> dict[str, dict]:
    """The references for a rendered set, as measure gives them."""
    return json.loads(FILE.read_text())[name]


def floor(known: dict) -> str:
    """What rotated factors reach of one score, as printed: from 5 % of the rotations to 95 %."""
    low, high = np.quantile(known["rotated"], 0.05), ceiling(known)
    return f"{low:.2f}–{high:.2f}" if low < high else f"{low:.2f}"


def ceiling(known: dict) -> float:
    """What 95 % of the rotations stay below."""
    return float(np.quantile(known["rotated"], 0.95))


def main() -> None:
    found = {name: measure(scored_sizes(name)) for name in WORLDS}
    FILE.write_text(json.dumps(found) + "\n")
    print(FILE.read_text())


if __name__ == "__main__":
    main()
