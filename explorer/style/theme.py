"""Gradio's theme for a projector: system fonts, large text."""

from pathlib import Path

import gradio as gr

HERE = Path(__file__).parent

# One colour for a symbol, in formula, slider, plot and code: after Okabe and Ito, whose palette the colour-blind tell
# apart, each at a lightness that reads on white and on black.
SYMBOLS = {
    "x": "#1f7fc9",
    "x-tilde": "#bb5597",
    "z": "#d4570a",
    "mu": "#0a8a66",
    "sigma": "#0a8a66",
    "rho": "#0a8a66",
    "epsilon": "#bb5597",
    "x-hat": "#0b8bae",
    "pca": "#8f7000",
    # The four distributions of TD-VAE.
    "belief": "#0a8a66",
    "smoothing": "#8f7000",
    "transition": "#d4570a",
    "decoder": "#0b8bae",
}


def stylesheet() -> str:
    """The symbols' colours as custom properties and classes, then the style of everything else."""
    colours = "".join(f"--{name}: {colour}; " for name, colour in SYMBOLS.items())
    classes = "".join(f".le-symbol-{name} {{ color: {colour}; }}\n" for name, colour in SYMBOLS.items())
    return f":root {{ {colours}}}\n{classes}{(HERE / 'explorer.css').read_text(encoding='utf-8')}"


def head() -> str:
    """What the page's head has to hold: the style for phones."""
    return f"<style>{(HERE / 'phone.css').read_text(encoding='utf-8')}</style>"


def coloured(maths: str) -> str:
    r"""TeX in which \x, \z, \mu, … written as @x, @z, @mu are replaced by the symbol in its colour."""
    greek = {name: rf"\{name}" for name in ("mu", "sigma", "rho", "epsilon")}
    distributions = {"belief": "p_B", "smoothing": "q_S", "transition": "p_T", "decoder": "p_D"}
    signs = {"x-hat": r"\hat x", "x-tilde": r"\tilde x", **greek, **distributions}
    for name in sorted(SYMBOLS, key=len, reverse=True):
        maths = maths.replace(f"@{name}", rf"\textcolor{{{SYMBOLS[name]}}}{{{signs.get(name, name)}}}")
    return maths


def theme() -> gr.themes.Base:
    fonts = ["system-ui", "sans-serif"]
    return gr.themes.Base(text_size="lg", spacing_size="sm", font=fonts, font_mono=["ui-monospace", "monospace"])
