"""Cartoon faces with the factors of the article: hair and its colour, skin, glasses, mouth, clothes, size and place.

A face is put together from the layers of face_parts. Hair, glasses and mouth are one of a few; the other factors are
continuous in the pictures that are trained on, and cut into LEVELS where pictures have numbers.
"""

import colorsys
from functools import cache

import numpy as np

from explorer.data import face_parts
from explorer.data.factors import FactorSet

SIDE = 64
TRAIN = 40_000
LEVELS = 25
STEPS = tuple(np.linspace(0, 1, LEVELS))
HAIRS = ("bald", "buzz cut", "comb-over", "bob", "long", "curly")  # by how much there is of it
NAMED = {"hair": HAIRS, "glasses": ("none", "clear", "dark"), "mouth": ("frown", "smile", "laugh")}
CHOICES = len(NAMED)
FACTORS = FactorSet(
    names=(*NAMED, "hair colour", "skin", "clothes", "size", "place"),
    values=(*(tuple(range(len(names))) for names in NAMED.values()), STEPS, STEPS, STEPS, STEPS, STEPS),
)
SCORED = (6, 3, 3, 3, 3, 4, 3, 4)  # values of each factor that scores look at: no more than can all be encoded

# Along each continuous factor, from 0 to 1.
HAIR_COLOURS = ("#2a1a16", "#6b3a22", "#b0552c", "#e0a14e", "#f4dc9a")  # black, brown, red, blond, fair
SKINS = ("#6b4030", "#a5694a", "#d69a76", "#f6d3bc")
HUES = (0.0, 0.75)  # of clothes, from red to violet: a whole circle has no end, and fits no single number
SIZES = (0.85, 1.2)
PLACES = (-8.0, 8.0)  # pixels to the right
GROUND = "#dfe6ee"  # neither clothes nor hair nor skin is like it

HELD_OUT = 10  # one in so many combinations of all but size and place
CELLS = SCORED[:-2]


def render(indices: np.ndarray) -> np.ndarray:
    """Faces of these numbers (N,): uint8 with shape (N, 3, 64, 64)."""
    return draw(FACTORS.to_values(FACTORS.to_factors(indices)))


def draw(values: np.ndarray) -> np.ndarray:
    """Faces with these values (N, 8) of the factors, choices as their index: uint8 with shape (N, 3, 64, 64)."""
    return np.stack([face(row) for row in np.asarray(values, float)])


def face(values: np.ndarray) -> np.ndarray:
    """One face: layers in its colours, then made larger or smaller and moved, with shape (3, 64, 64)."""
    planes = layers(*values[:CHOICES].astype(int).tolist())
    hair_colour, skin, clothes, size, place = values[CHOICES:]
    hue = colorsys.hsv_to_rgb(HUES[0] + clothes * (HUES[1] - HUES[0]), 0.72, 0.88)
    colours = np.stack([between(SKINS, skin), between(HAIR_COLOURS, hair_colour), hue, rgb(GROUND)], axis=1)
    picture = np.tensordot(colours.astype(np.float32), planes[:4], 1) + planes[4:]  # (3, 128, 128)
    ground = rgb(GROUND)[:, None, None].astype(np.float32)
    scale = SIZES[0] + size * (SIZES[1] - SIZES[0])
    moved = SIDE / 2 + PLACES[0] + place * (PLACES[1] - PLACES[0])
    across, down = cover(scale, SIDE / 2, moved), cover(scale, SIDE, SIDE)  # shoulders stay on the lower edge
    pixels = down @ (picture - ground) @ across.T + ground
    return (255 * pixels + 0.5).clip(0, 255).astype(np.uint8)


@cache
def layers(hair: int, glasses: int, mouth: int) -> np.ndarray:
    """All layers laid over each other, float32 (7, 128, 128): what a pixel takes from skin, hair, clothes and ground,
    and the red, green and blue that come on top."""
    parts = face_parts.load()
    chosen = {"hair": hair, "eyes": glasses, "mouth": mouth}
    planes = np.zeros((7, face_parts.SIDE, face_parts.SIDE), np.float32)
    planes[3] = 1
    for part, variants in parts.items():
        opacity, *over = variants[chosen.get(part, 0)]
        planes *= 1 - opacity
        planes[[0, 1, 2, 4, 5, 6]] += over
    return planes


def cover(scale: float, centre: float, place: float) -> np.ndarray:
    """Share of each pixel of a line (64, 128) that the pixels of a line of layers cover.

    Arguments:
        scale: How much larger the line is drawn.
        centre: The point, in pixels of the picture, that is drawn at place.
        place: Where that is.
    """
    edges = (np.arange(face_parts.SIDE + 1) * SIDE / face_parts.SIDE - centre) * scale + place
    pixels = np.arange(SIDE)[:, None]
    ends = np.clip(edges, pixels, pixels + 1)
    return np.diff(ends).astype(np.float32)


def between(colours: tuple[str, ...], share: float) -> np.ndarray:
    """The colour (3,) at a share of the way through some colours."""
    stops = np.array([rgb(colour) for colour in colours])
    return np.array([np.interp(share * (len(stops) - 1), range(len(stops)), channel) for channel in stops.T])


def rgb(colour: str) -> np.ndarray:
    """Red, green and blue (3,) in [0, 1] of #rrggbb."""
    return np.frombuffer(bytes.fromhex(colour[1:]), np.uint8) / 255


@cache
def training() -> np.ndarray:
    """Values (40000, 8) of the faces that are trained on, none of a combination that is held out."""
    rng = np.random.default_rng(0)
    drawn = np.concatenate(
        [rng.integers(FACTORS.sizes[:CHOICES], size=(2 * TRAIN, CHOICES)), rng.random((2 * TRAIN, 5))], axis=1
    )
    return drawn[~held_out(drawn)][:TRAIN]


def test_numbers(count: int) -> np.ndarray:
    """Numbers of faces to test with, all of combinations that are held out."""
    drawn = np.random.default_rng(1).integers(len(FACTORS), size=2 * HELD_OUT * count)
    return drawn[held_out(FACTORS.to_values(FACTORS.to_factors(drawn)))][:count]


def scored_numbers() -> np.ndarray:
    """Numbers of the faces that scores look at: every combination of SCORED values, spread evenly, the last fastest."""
    levels = [np.linspace(0, size - 1, few).astype(int) for size, few in zip(FACTORS.sizes, SCORED, strict=True)]
    return FACTORS.to_indices(np.stack(np.meshgrid(*levels, indexing="ij"), -1).reshape(-1, len(levels)))


def held_out(values: np.ndarray) -> np.ndarray:
    """Whether these values (N, 8) of the factors are a combination that is not trained on, whatever size and place."""
    cells = values[:, : len(CELLS)].copy()
    cells[:, CHOICES:] = (cells[:, CHOICES:] * CELLS[CHOICES:]).clip(max=np.array(CELLS[CHOICES:]) - 1)
    number = np.ravel_multi_index(tuple(cells.astype(int).T), CELLS)
    return np.random.default_rng(2).permutation(np.prod(CELLS))[number] % HELD_OUT == 0
