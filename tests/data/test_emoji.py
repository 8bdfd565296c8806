"""The list of emoji and its splits; the font itself is not needed."""

import numpy as np
import pytest

from explorer.data import emoji


def named(name: str) -> emoji.Emoji:
    return next(one for one in emoji.read_list() if one.name == name)


def test_the_list_is_that_of_unicode_15():
    assert len(emoji.read_list()) == 3655
    assert named("grinning face").text == "😀"


def test_variants_in_tone_hair_and_gender_are_one_family_and_in_one_split():
    variants = [one for one in emoji.read_list() if one.name.startswith(("woman: ", "man: ", "person: "))]
    bare = [one for one in variants if "beard" not in one.name and "blond" not in one.name]
    assert len({one.family for one in bare}) == len({one.split for one in bare}) == 1


def test_no_family_is_in_two_splits():
    splits = {}
    for one in emoji.read_list():
        assert splits.setdefault(one.family, one.split) == one.split


def test_about_one_family_in_ten_is_for_testing():
    families = {one.family: one.split for one in emoji.read_list()}
    shares = [list(families.values()).count(split) / len(families) for split in ("test", "validation", "train")]
    assert shares == pytest.approx([0.1, 0.05, 0.85], abs=0.02)


def test_without_the_font_one_sentence_says_where_it_is_to_be_had(tmp_path):
    with pytest.raises(FileNotFoundError, match="fonts-noto-color-emoji"):
        emoji.load("emoji", "train", tmp_path)


def test_no_picture_is_in_two_splits_even_where_emoji_look_alike(tmp_path, monkeypatch):
    (tmp_path / emoji.FONT).touch()
    monkeypatch.setattr(emoji.ImageFont, "truetype", lambda *_, **__: NoFont())
    monkeypatch.setattr(emoji, "render", lambda text, *_: np.full((3, 64, 64), len(text.encode()), np.uint8))
    loaded = {split: emoji.load("emoji", split, tmp_path) for split in emoji.EARLIER}
    looks = {split: {picture.tobytes() for picture in one.pictures} for split, one in loaded.items()}
    assert len(loaded["train"].pictures) > 2500
    assert not looks["train"] & looks["test"]
    assert not looks["train"] & looks["validation"]
    assert not looks["validation"] & looks["test"]


class NoFont:
    def getlength(self, text: str) -> float:
        return 0.0
