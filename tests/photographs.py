"""Photographs of digits as people take them, made from pictures of digits: what they show is known."""

import io
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

INKS = {  # name of a surface -> its colour, and those that are written on it
    "white paper": ((250, 250, 248), [(20, 20, 25), (25, 40, 140), (150, 20, 30)]),
    "cream paper": ((235, 220, 185), [(30, 25, 20), (25, 40, 130)]),
    "grey paper": ((150, 150, 150), [(25, 25, 25), (60, 60, 60)]),
    "pencil": ((245, 245, 240), [(110, 110, 115)]),
    "blackboard": ((28, 30, 32), [(235, 235, 230), (230, 215, 120)]),
    "green board": ((35, 75, 60), [(230, 235, 228)]),
    "dark screen": ((0, 0, 0), [(255, 255, 255), (90, 220, 110)]),
    "light screen": ((255, 255, 255), [(0, 0, 0)]),
}


class Conditions(NamedTuple):
    """How a digit is photographed."""

    surface: str = "white paper"
    size: tuple[int, int] = (640, 480)  # width and height
    share: float = 0.5  # of the shorter side, that the digit's picture takes
    place: tuple[float, float] = (0.5, 0.5)  # of its middle, in the room that there is
    light: float = 1.0  # factor on everything
    slope: float = 0.0  # of the light that is lost from one corner to the other
    vignette: float = 0.0  # of the light that is lost in the corners
    shadow: float = 0.0  # of the light that a hand takes from one side
    ruled: str = ""  # "lines" or "squares"
    blur: float = 0.7  # pixels
    noise: float = 3.0  # levels
    quality: int = 85  # of the JPEG


def draw_conditions(rng: np.random.Generator, surface: str) -> Conditions:
    """Conditions by chance, from good ones to poor ones."""
    sizes = [(640, 480), (480, 640), (800, 450), (450, 800), (500, 500), (1600, 1200)]
    paper = "paper" in surface or surface == "pencil"
    return Conditions(
        surface,
        sizes[rng.integers(len(sizes))],
        rng.uniform(0.2, 0.85),
        tuple(rng.uniform(0.1, 0.9, 2)),
        rng.uniform(0.45, 1.0),
        rng.uniform(0, 0.5),
        rng.uniform(0, 0.4),
        rng.choice([0, 0, 0.35]),
        rng.choice(["", "", "lines", "squares"]) if paper else "",
        rng.uniform(0.3, 1.5),
        rng.uniform(0, 8),
        int(rng.integers(60, 96)),
    )


def photograph(digit: np.ndarray, how: Conditions, seed: int = 0) -> Image.Image:
    """The digit (28, 28), 255 where its ink is fullest, written on a surface and photographed; an RGB picture."""
    rng = np.random.default_rng(seed)
    width, height = how.size
    ground, inks = INKS[how.surface]
    scene = np.ones((height, width, 3)) * np.array(ground)
    rule(scene, how.ruled)
    ink = np.zeros((height, width, 1))
    side = round(how.share * min(how.size))
    left, top = (round(at * (length - side)) for at, length in zip(how.place, how.size, strict=True))
    large = Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC)
    ink[top : top + side, left : left + side, 0] = np.asarray(large) / 255
    scene = scene + ink * (np.array(inks[seed % len(inks)]) - scene)
    lit = scene * illumination(how, rng)[..., None]
    blurred = Image.fromarray(lit.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(how.blur))
    noisy = np.asarray(blurred) + rng.normal(0, how.noise, (height, width, 3))
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def rule(scene: np.ndarray, kind: str) -> None:
    """Print faint lines on a surface."""
    step = max(scene.shape[:2]) // 24
    if kind:
        scene[step // 2 :: step] *= (0.8, 0.85, 0.93)
    if kind == "squares":
        scene[:, step // 2 :: step] *= (0.8, 0.85, 0.93)


def illumination(how: Conditions, rng: np.random.Generator) -> np.ndarray:
    """The light that falls on each pixel, with shape (H, W)."""
    width, height = how.size
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    angle = rng.uniform(0, 2 * np.pi)
    along = x * np.cos(angle) + y * np.sin(angle)
    light = how.light * (1 - how.slope * (along + 1.4) / 2.8) * (1 - how.vignette * (x**2 + y**2) / 2)
    return light * (1 - how.shadow / (1 + np.exp(-40 * (along - 0.3))))


def jpeg(picture: Image.Image, quality: int = 85, **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality, **options)
    return file.getvalue()
