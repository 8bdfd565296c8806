"""Gradio's theme for a projector: system fonts, large text."""

import json
import re
from pathlib import Path

import gradio as gr

HERE = Path(__file__).parent

# One colour for a symbol, in formula, slider, plot and code: after Okabe and Ito, whose palette the colour-blind tell
# apart. On white and on black each has the lightness that text needs there, on a button too (WCAG AA, 4.5 : 1).
BLUE, VERMILION, CYAN = ("#1a69a7", "#2a8fde"), ("#ab4608", "#e85f0b"), ("#096e8a", "#0c96bc")
GREEN, PURPLE, OCHRE = ("#087355", "#0b9e75"), ("#a34180", "#c56ea6"), ("#7d6200", "#ab8600")
SYMBOLS = {
    "x": BLUE,
    "x-tilde": PURPLE,
    "z": VERMILION,
    "mu": GREEN,
    "sigma": GREEN,
    "rho": GREEN,
    "epsilon": PURPLE,
    "x-hat": CYAN,
    "pca": OCHRE,
    # The four distributions of TD-VAE.
    "belief": GREEN,
    "smoothing": OCHRE,
    "transition": VERMILION,
    "decoder": CYAN,
}
# How each is written, and what it means.
MEANINGS = {
    "x": ("x", "the input picture"),
    "x-tilde": ("x̃", "the corrupted input"),
    "z": ("z", "the code, a point of the latent space"),
    "mu": ("μ", "the mean of q(z|x), the codes that are likely for x"),
    "sigma": ("σ", "the standard deviation of q(z|x)"),
    "rho": ("ρ", "the share of pictures a unit should be active for; ρ̂ is what it is active for"),
    "epsilon": ("ε", "noise drawn from a standard Gaussian; z = μ + σ ε"),
    "x-hat": ("x̂", "the reconstruction; the article writes x′"),
    "pca": ("PCA", "principal component analysis, the best linear code of as many numbers"),
    "belief": ("p_B", "what the model believes of the state, given all frames so far"),
    "smoothing": ("q_S", "what it believes of the earlier state once it knows the later one"),
    "transition": ("p_T", "the jump, from the earlier state to the later one"),
    "decoder": ("p_D", "the frame that a state looks like"),
}
PAIRS = (BLUE, VERMILION, CYAN, GREEN, PURPLE, OCHRE)


def stylesheet() -> str:
    """The symbols' colours as custom properties and classes, then the style of everything else."""
    light, dark = ("".join(f"--{name}: {pair[i]}; " for name, pair in SYMBOLS.items()) for i in (0, 1))
    rules = [f":root {{ {light}}}", f".dark {{ {dark}}}"]
    rules += [f".le-symbol-{name} {{ color: var(--{name}); }}" for name in SYMBOLS]
    # TeX knows no custom properties: a formula is written for white.
    rules += [f'.dark .katex [style*="{on_white}"] {{ color: {on_black} !important; }}' for on_white, on_black in PAIRS]
    return "\n".join([*rules, (HERE / "explorer.css").read_text(encoding="utf-8")])


def head() -> str:
    """What the page's head has to hold: the style for phones, and what symbols mean."""
    meanings = json.dumps({name: ": ".join(meaning) for name, meaning in MEANINGS.items()})
    style = (HERE / "phone.css").read_text(encoding="utf-8")
    return f'<style>{style}</style><script type="application/json" id="le-meanings">{meanings}</script>'


def coloured(maths: str) -> str:
    r"""TeX in which \x, \z, \mu, … written as @x, @z, @mu are replaced by the symbol in its colour."""
    greek = {name: rf"\{name}" for name in ("mu", "sigma", "rho", "epsilon")}
    distributions = {"belief": "p_B", "smoothing": "q_S", "transition": "p_T", "decoder": "p_D"}
    signs = {"x-hat": r"\hat x", "x-tilde": r"\tilde x", **greek, **distributions}
    for name in sorted(SYMBOLS, key=len, reverse=True):
        maths = maths.replace(f"@{name}", rf"\textcolor{{{SYMBOLS[name][0]}}}{{{signs.get(name, name)}}}")
    return maths


def glossary(maths: str) -> str:
    """What the symbols of such a text mean, as a list written as it is."""
    longest_first = "|".join(sorted(SYMBOLS, key=len, reverse=True))
    found = set(re.findall(f"@({longest_first})", maths))
    return "\n".join(["", "Symbols:", "", *(f"- $@{name}$: {MEANINGS[name][1]}" for name in SYMBOLS if name in found)])


def theme() -> gr.themes.Base:
    fonts = ["system-ui", "sans-serif"]
    base = gr.themes.Base(text_size="lg", spacing_size="sm", font=fonts, font_mono=["ui-monospace", "monospace"])
    return base.set(
        color_accent="var(--x)",  # of the tab that is open, and of links
        link_text_color="var(--x)",
        link_text_color_dark="var(--x)",
        link_text_color_hover="var(--x)",
        link_text_color_hover_dark="var(--x)",
        link_text_color_visited="var(--x)",
        link_text_color_visited_dark="var(--x)",
        link_text_color_active="var(--x)",
        link_text_color_active_dark="var(--x)",
        body_text_color_subdued="*neutral_500",
    )
