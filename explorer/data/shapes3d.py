"""Shapes3D-like pictures: the factors of 3D Shapes, ray-cast anew, so that the pixels are not the published ones.

The geometry was fitted to sample frames of the published set. A picture is linear in the colours of its surfaces: what
depends on the scale, shape and orientation alone is cast once and kept, and a picture is then a small matrix product.
"""

import colorsys
from collections.abc import Sequence
from functools import cache

import numpy as np

from explorer.data.factors import FactorSet

SIDE = 64
SAMPLES = 4  # rays a pixel along each side
BLOCK = 256  # pictures at a time: 38 MB of layers
HUES = tuple(np.arange(10) / 10)
FACTORS = FactorSet(
    names=("floor hue", "wall hue", "object hue", "scale", "shape", "orientation"),
    values=(HUES, HUES, HUES, tuple(np.linspace(0.75, 1.25, 8)), (0.0, 1.0, 2.0, 3.0), tuple(np.linspace(-30, 30, 15))),
)
SHAPES = ("cube", "cylinder", "sphere", "capsule")
NAMED = {"shape": SHAPES}
Span = tuple[np.ndarray, np.ndarray]  # how far along each ray enters and leaves a body; none where it enters later
SKY_INDEX, SKY = 2, np.array([153, 226, 249], np.float32)
COLOURS = np.array([colorsys.hsv_to_rgb(hue, 1, 1) for hue in HUES], np.float32) * 255

# The object stands on the origin of a square room; x goes right, y to the back wall, z up.
ROOM, WALL = 3.52, 2.04  # half the room's side, and its height
EYE, DISTANCE = 0.784, 2.559  # height of the camera, which looks level, and its distance from the object's axis
FOCAL = 67.8  # pixels
RADII = (0.3626, 0.371, 0.424, 0.338)  # of each shape at scale 1, the cube's half its side

# Light: some from everywhere, some from the camera, most from a lamp to the upper left that casts the shadow.
LAMP = np.array([-2.7, 0.3, 10.0], np.float32)
AMBIENT, HEADLIGHT, LAMPLIGHT = 0.247, 0.712, 0.967
AIM, SPOT = np.array([-1.43, 1.05, 0], np.float32), 25.0  # where its cone meets the floor, and how narrow it is
GLOSS, SHARPNESS = 0.16, 10.0


def render(indices: np.ndarray) -> np.ndarray:
    """Shapes3D-like pictures of these numbers (N,): uint8 with shape (N, 3, 64, 64)."""
    factors = FACTORS.to_factors(indices)
    pictures = np.empty((len(factors), 3, SIDE, SIDE), np.uint8)
    for start in range(0, len(factors), BLOCK):
        block = factors[start : start + BLOCK]
        layers = np.stack([cast(*geometry) for geometry in block[:, 3:].tolist()])  # (B, 6, 4096)
        colours = COLOURS[block[:, :3]].transpose(0, 2, 1)  # (B, 3 channels, 3 surfaces)
        pixels = np.matmul(colours, layers[:, :3]) + layers[:, 3:]
        pictures[start : start + BLOCK] = (pixels + 0.5).clip(0, 255).reshape(-1, 3, SIDE, SIDE)
    return pictures


@cache
def cast(scale: int, shape: int, orientation: int) -> np.ndarray:
    """What a pixel takes from the colours of floor, wall and object, and the sky and gloss that come on top.

    Arguments:
        scale: Index of the object's scale.
        shape: Index of its shape.
        orientation: Index of the camera's angle.

    Returns:
        float32 with shape (6, 4096): the weights of the three surfaces' colours, then red, green and blue.
    """
    eye, rays, points, surface, brightness, lit = room(orientation)
    size = float(FACTORS.values[3][scale])  # one of NumPy's would make all that follows float64
    layers = np.zeros((6, len(rays)), np.float32)

    inside, near = hit(shape, size, eye, rays)
    shaded = brightness + np.where(hit(shape, size, points, LAMP - points)[0], 0, lit)
    for index in (0, 1):
        layers[index] = np.where((surface == index) & ~inside, shaded.clip(0, 1), 0)
    layers[3:] = np.where((surface == SKY_INDEX) & ~inside, SKY[:, None], 0)

    points = eye + near[inside, None] * rays[inside]
    normals = normal(shape, size, points)
    ambient, lamp = light(points, normals, eye)
    layers[2, inside] = (ambient + lamp).clip(0, 1)
    layers[3:, inside] = 255 * gloss(points, normals, eye)
    return np.ascontiguousarray(box_filter(layers))


@cache
def room(orientation: int) -> tuple[np.ndarray, ...]:
    """The empty room from one angle: the camera's place, and of each ray what it meets.

    Returns:
        The camera (3,); rays (R, 3); the points they meet (R, 3); the surface there, 0 floor, 1 wall, 2 sky (R,);
        its brightness in the shadow (R,) and what the lamp adds (R,).
    """
    angle = np.radians(FACTORS.values[5][orientation])
    cos, sin = np.cos(angle), np.sin(angle)
    across, down = np.meshgrid(*[(np.arange(SIDE * SAMPLES) + 0.5) / SAMPLES - SIDE / 2] * 2)
    sideways, ahead = across.ravel() / FOCAL, np.ones(across.size)
    rays = np.stack([cos * sideways - sin * ahead, sin * sideways + cos * ahead, -down.ravel() / FOCAL], -1)
    rays = rays.astype(np.float32)
    eye = np.array([sin * DISTANCE, -cos * DISTANCE, EYE], np.float32)

    with np.errstate(divide="ignore"):
        walls = (np.copysign(ROOM, rays[:, :2]) - eye[:2]) / rays[:, :2]  # distances along the rays
        floor = np.where(rays[:, 2] < 0, -EYE / rays[:, 2], np.inf)
    wall = walls.min(1)
    points = eye + np.minimum(wall, floor)[:, None] * rays
    surface = np.where(floor < wall, 0, np.where(points[:, 2] < WALL, 1, SKY_INDEX))

    normals = np.zeros_like(rays)
    normals[surface == 0, 2] = 1
    for axis in (0, 1):
        chosen = (surface == 1) & (walls.argmin(1) == axis)
        normals[chosen, axis] = -np.sign(rays[chosen, axis])
    return eye, rays, points, surface, *light(points, normals, eye)


def hit(shape: int, size: float, origins: np.ndarray, rays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether rays meet the object ahead of their origins, and how far along they do, both with shape (R,).

    A convex body is what its slabs and pillars share: a ray is within from the last entry to the first exit.
    """
    radius = RADII[shape] * size
    if SHAPES[shape] == "cube":
        spans = [slab(origins, rays, axis, -radius, radius) for axis in (0, 1)]
        spans += [slab(origins, rays, 2, 0, 2 * radius)]
    elif SHAPES[shape] == "cylinder":
        spans = [pillar(origins, rays, radius), slab(origins, rays, 2, 0, 2 * radius)]
    elif SHAPES[shape] == "sphere":
        spans = [ball(origins, rays, radius, radius)]
    else:
        tube = (pillar(origins, rays, radius), slab(origins, rays, 2, radius, 3 * radius))
        parts = [shared(tube), ball(origins, rays, radius, radius), ball(origins, rays, 3 * radius, radius)]
        parts = [(np.where(enter < leave, enter, np.inf), leave) for enter, leave in parts]
        enter = np.minimum.reduce([enter for enter, _ in parts])
        return (enter < np.inf) & (enter > 1e-4), enter
    enter, leave = shared(spans)
    return (enter < leave) & (enter > 1e-4), enter


def shared(spans: Sequence[Span]) -> Span:
    """What rays have in common with all of several bodies."""
    return np.maximum.reduce([enter for enter, _ in spans]), np.minimum.reduce([leave for _, leave in spans])


def slab(origins: np.ndarray, rays: np.ndarray, axis: int, low: float, high: float) -> Span:
    """Between two planes across an axis."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = (low - origins[..., axis]) / rays[:, axis], (high - origins[..., axis]) / rays[:, axis]
    return np.minimum(*ends), np.maximum(*ends)


def pillar(origins: np.ndarray, rays: np.ndarray, radius: float) -> Span:
    """Within an endless upright cylinder round the origin."""
    return quadratic(origins[..., :2], rays[:, :2], radius)


def ball(origins: np.ndarray, rays: np.ndarray, height: float, radius: float) -> Span:
    """Within a sphere over the origin."""
    return quadratic(origins - np.array([0, 0, height], np.float32), rays, radius)


def quadratic(offsets: np.ndarray, rays: np.ndarray, radius: float) -> Span:
    """Where |offset + t ray| = radius."""
    a, b = (rays * rays).sum(-1), (offsets * rays).sum(-1)
    discriminant = b * b - a * ((offsets * offsets).sum(-1) - radius * radius)
    root = np.sqrt(discriminant.clip(0))
    return np.where(discriminant > 0, (-b - root) / a, np.inf), np.where(discriminant > 0, (-b + root) / a, -np.inf)


def normal(shape: int, size: float, points: np.ndarray) -> np.ndarray:
    """Outward unit normals (P, 3) at points (P, 3) of the object's surface."""
    radius = RADII[shape] * size
    outward = points - [0, 0, radius]
    if SHAPES[shape] == "cube":
        outward *= np.abs(outward) == np.abs(outward).max(-1, keepdims=True)
    elif SHAPES[shape] == "cylinder":
        top = outward[:, 2] > radius * (1 - 1e-4)
        outward = np.where(top[:, None], [0, 0, 1], outward * [1, 1, 0])
    elif SHAPES[shape] == "capsule":  # away from the nearest point of its axis
        outward[:, 2] = points[:, 2] - points[:, 2].clip(radius, 3 * radius)
    return outward / np.linalg.norm(outward, axis=-1, keepdims=True)


def light(points: np.ndarray, normals: np.ndarray, eye: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Brightness (P,) without the lamp, and what the lamp adds where nothing is in its way."""
    lamp = unit(LAMP - points)
    spot = (lamp @ unit(LAMP - AIM)).clip(0) ** SPOT
    headlight = HEADLIGHT * dot(unit(eye - points), normals).clip(0)
    return AMBIENT + headlight, LAMPLIGHT * spot * dot(lamp, normals).clip(0)


def gloss(points: np.ndarray, normals: np.ndarray, eye: np.ndarray) -> np.ndarray:
    """White (P,) that the lamp's reflection adds, after Blinn."""
    halfway = unit(unit(LAMP - points) + unit(eye - points))
    return GLOSS * dot(halfway, normals).clip(0) ** SHARPNESS


def unit(vectors: np.ndarray) -> np.ndarray:
    """Vectors (P, 3) at length 1."""
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Inner products (P,)."""
    return (a * b).sum(-1)


def box_filter(layers: np.ndarray) -> np.ndarray:
    """Layers (6, R) of samples averaged over their pixels, with shape (6, 4096)."""
    return layers.reshape(6, SIDE, SAMPLES, SIDE, SAMPLES).mean((2, 4)).reshape(6, -1)
