"""Symbols have one colour and one meaning, which is read without a pointer too."""

from explorer.style.theme import MEANINGS, SYMBOLS, glossary
from explorer.tabs.frame import TEXTS


def test_every_symbol_with_a_colour_has_a_meaning():
    assert MEANINGS.keys() == SYMBOLS.keys()


def test_below_the_maths_stand_the_symbols_that_it_uses_and_no_others():
    assert glossary("$@x-hat = f(@z)$").splitlines()[-2:] == [
        "- $@z$: the code, a point of the latent space",
        "- $@x-hat$: the reconstruction; the article writes x′",
    ]
    for file in TEXTS.glob("*.md"):
        maths = file.read_text(encoding="utf-8")
        listed = [line.split("$")[1].removeprefix("@") for line in glossary(maths).splitlines() if line.startswith("-")]
        assert listed
        assert all(f"@{name}" in maths for name in listed)
