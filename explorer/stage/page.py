"""What the page's head has to hold for walks: their style and the script that runs them."""

from pathlib import Path

HERE = Path(__file__).parent
LINKS = "[Tour of the article](#tour) · [The same as a talk](#talk) · [A walk of your own](#walk)"


def head() -> str:
    """The style of tour and talk, and the script; it waits for that of the widgets, which knows the app's path."""
    style = (HERE / "stage.css").read_text(encoding="utf-8")
    script = "latentExplorer.fetchScript('stage/stage').catch(() => {});"  # without it there are no walks
    return f'<style>{style}</style><script type="module">{script}</script>'
