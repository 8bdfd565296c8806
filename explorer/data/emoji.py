"""Noto Color Emoji as a picture set: every emoji of Unicode 15 that the font has, 64 pixels wide."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from explorer.data.picture_set import PictureSet, split_by

LIST = Path(__file__).parent / "emoji.tsv"  # code points, group and name, from Unicode's emoji-test.txt
FONT = "NotoColorEmoji.ttf"
FONT_SIZE, GLYPH = 109, 136  # the only size of the font's bitmaps, and how many pixels they are wide
SIDE = 64
EARLIER = {"train": (), "validation": ("train",), "test": ("train", "validation")}
SETS: dict[str, dict[str, int]] = {  # name of a set -> how it is rendered
    "emoji": {},
    "emoji-untoned": {"skin_tones": False},
    "emoji-on-black": {"background": 0},
}

TONES = set(range(0x1F3FB, 0x1F400))
HAIR = set(range(0x1F9B0, 0x1F9B4))
SIGNS = {0xFE0F, 0x200D, 0x2640, 0x2642}  # as a picture, joined, female, male
PERSON, PERSONS = 0x1F9D1, {0x1F468, 0x1F469}  # man and woman


class Emoji(NamedTuple):
    """One line of the list."""

    code_points: tuple[int, ...]
    group: str
    name: str

    @property
    def text(self) -> str:
        return "".join(map(chr, self.code_points))

    @property
    def family(self) -> str:
        """What its variants in skin tone, hair and gender have in common."""
        neutral = (PERSON if point in PERSONS else point for point in self.code_points)
        return "".join(chr(point) for point in neutral if point not in TONES | HAIR | SIGNS)

    @property
    def split(self) -> str:
        """Decided by the family, so that no variant of a training picture is tested on."""
        return split_by(self.family)


def load(name: str, split: str, root: Path) -> PictureSet:
    """All pictures of one split, labelled by group.

    Some flags look exactly alike, as those of Spain and of Ceuta and Melilla: what looks the same as a training picture
    is not validated or tested on.

    Arguments:
        name: A key of SETS.
        split: "train", "validation" (one in twenty) or "test" (one in ten).
        root: Folder that holds the font, NotoColorEmoji.ttf.

    Returns:
        Colour pictures with shape (N, 3, 64, 64), in the order of Unicode.

    Raises:
        FileNotFoundError: If the font is not there; the message says where it is to be had.
    """
    path = Path(root) / FONT
    if not path.is_file():
        raise FileNotFoundError(
            f"{FONT} is not in {root}: it is in Debian's package fonts-noto-color-emoji, and at "
            "https://github.com/googlefonts/noto-emoji."
        )
    chosen, pictures = drawn(name, split, path)
    earlier = {picture.tobytes() for other in EARLIER[split] for picture in drawn(name, other, path)[1]}
    new = [place for place, picture in enumerate(pictures) if picture.tobytes() not in earlier]
    groups = tuple(dict.fromkeys(one.group for one in read_list()))
    return PictureSet(
        pictures[new],
        np.array([groups.index(chosen[place].group) for place in new]),
        groups,
        tuple(chosen[place].name for place in new),
    )


@cache
def drawn(name: str, split: str, path: Path) -> tuple[list[Emoji], np.ndarray]:
    """The emoji of a split that the font has, and their pictures; some look the same as one of another split."""
    settings = {"skin_tones": True, "background": 255} | SETS[name]
    emoji = [one for one in read_list() if one.split == split]
    if not settings["skin_tones"]:
        emoji = [one for one in emoji if not TONES & set(one.code_points)]
    font = ImageFont.truetype(path, FONT_SIZE, layout_engine=ImageFont.Layout.RAQM)
    emoji = [one for one in emoji if font.getlength(one.text) <= GLYPH]  # one that it lacks falls apart into several
    return emoji, np.stack([render(one.text, font, settings["background"]) for one in emoji])


@cache
def read_list() -> tuple[Emoji, ...]:
    """Every emoji of the list, in the order of Unicode."""
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t")
        return tuple(
            Emoji(tuple(int(point, 16) for point in points.split()), group, name) for points, group, name in rows
        )


def render(text: str, font: ImageFont.FreeTypeFont, background: int) -> np.ndarray:
    """One emoji as uint8 (3, 64, 64), centred on grey from 0 to 255."""
    sheet = Image.new("RGB", (GLYPH, GLYPH), (background,) * 3)
    left, top, right, bottom = font.getbbox(text)
    place = ((GLYPH - left - right) / 2, (GLYPH - top - bottom) / 2)
    ImageDraw.Draw(sheet).text(place, text, font=font, embedded_color=True)
    return np.asarray(sheet.resize((SIDE, SIDE), Image.Resampling.BOX)).transpose(2, 0, 1)
