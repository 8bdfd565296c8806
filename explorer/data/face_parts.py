"""The parts that faces are put together from, as layers that are linear in the colours of skin, hair and clothes.

python -m explorer.data.face_parts draws them once from the paths of DiceBear's style "personas"; it needs
dicebear-styles and resvg-py, and the app needs neither.
"""

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from explorer.data.contact_sheet import FOLDER, cut, paste

FILE = FOLDER / "face-parts.png"
SIDE = 128  # of a layer, twice that of a picture: it is then made smaller or hardly larger
CANVAS = 64  # units of the style's own drawing
COLOURED = ("skin", "hair", "clothing")  # the style's names of the colours that vary
PLANES = 7  # of a layer: its opacity, the weights of the three colours, and red, green and blue that are always there
# Each part and its place, in the order in which they cover each other.
PLACES = {"head": (0, 0), "eyes": (20, 24), "hair": (9.5, 4.5), "clothes": (11, 46.2), "mouth": (27, 37.46)}
PLACES |= {"nose": (25, 32.25)}
VARIANTS = {
    "head": ("canvas",),
    "eyes": ("open", "glasses", "sunglasses"),
    "hair": ("bald", "buzzcut", "shortCombover", "bobCut", "extraLong", "curly"),
    "clothes": ("squared",),
    "mouth": ("frown", "smile", "bigSmile"),
    "nose": ("smallRound",),
}
# What differs from the style. Its whites are blended by "overlay", which leaves a dark face paler than its neck and is
# not linear in the colours; here they are laid over thinly. A mouth of five pixels is too small to be learnt.
LIGHT = 0.25  # of the opacity of those whites
SHADE = 0.7  # opacity of the buzz cut, which was multiplied with the skin
MOUTH, MOUTH_CENTRE = 1.35, (5, 3.5)  # how much larger it is, and the point that stays


@cache
def load() -> dict[str, np.ndarray]:
    """Layers (variants, PLANES, SIDE, SIDE) of each part, float32 in [0, 1], in the order in which they are drawn."""
    with Image.open(FILE) as sheet:
        tiles = cut(np.asarray(sheet)[:, :, None], SIDE)[:, 0].astype(np.float32) / 255
    layers, parts, start = tiles.reshape(-1, PLANES, SIDE, SIDE), {}, 0
    for part in PLACES:
        parts[part] = layers[start : start + len(VARIANTS[part])]
        start += len(VARIANTS[part])
    return parts


def write() -> None:
    """Draw all parts and write them as one grey sheet: a row for each layer, a tile for each of its planes."""
    style = json.loads(definition().read_text())
    layers = [layer(style, part, variant) for part in PLACES for variant in VARIANTS[part]]
    tiles = np.concatenate(layers)[:, None]  # (layers * PLANES, 1, SIDE, SIDE)
    Image.fromarray(paste(tiles, PLANES)[:, :, 0]).save(FILE, optimize=True)


def definition() -> Path:
    """The file of the style, whose licence and creator samples/README.md names."""
    import dicebear_styles

    return Path(next(iter(dicebear_styles.__path__))) / "personas.json"


def layer(style: dict[str, Any], part: str, variant: str) -> np.ndarray:
    """Planes uint8 (PLANES, SIDE, SIDE) of one part: what white in place of one colour adds is that colour's weight."""
    if part == "head":
        elements = [element for element in style["canvas"]["elements"] if element["type"] == "element"]
    else:
        elements = style["components"][part]["variants"][variant]["elements"]
    black = dict.fromkeys(COLOURED, "#000000")
    fixed = drawn(elements, part, black)  # (4, SIDE, SIDE)
    weights = [drawn(elements, part, black | {name: "#ffffff"})[0] - fixed[0] for name in COLOURED]
    planes = np.stack([fixed[3], *weights, *fixed[:3]])
    return (255 * planes.clip(0, 1)).round().astype(np.uint8)


def drawn(elements: list[dict[str, Any]], part: str, colours: dict[str, str]) -> np.ndarray:
    """Red, green and blue times opacity, and the opacity, float (4, SIDE, SIDE), of a part in these colours."""
    import resvg_py

    x, y = PLACES[part]
    place = f"translate({x} {y})"
    if part == "mouth":
        (u, v), rest = MOUTH_CENTRE, 1 - MOUTH
        place += f" translate({rest * u} {rest * v}) scale({MOUTH})"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {CANVAS} {CANVAS}" width="{SIDE}" height="{SIDE}">'
        f'<g transform="{place}">{"".join(markup(element, colours) for element in elements)}</g></svg>'
    )
    with Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg)))) as picture:
        pixels = np.asarray(picture.convert("RGBA")).transpose(2, 0, 1) / 255.0
    return np.concatenate([pixels[:3] * pixels[3:], pixels[3:]])


def markup(element: dict[str, Any], colours: dict[str, str]) -> str:
    """SVG of an element of a style, without its blend modes."""
    attributes = {
        name: colours[value["name"]] if isinstance(value, dict) else value
        for name, value in element.get("attributes", {}).items()
    }
    blend = attributes.pop("style", "")
    if "overlay" in blend:
        attributes["opacity"] = LIGHT * float(attributes["opacity"])
    elif "multiply" in blend:
        attributes["opacity"] = SHADE
    inner = "".join(markup(child, colours) for child in element.get("children", []))
    listed = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<{element['name']}{listed}>{inner}</{element['name']}>"


if __name__ == "__main__":
    write()
