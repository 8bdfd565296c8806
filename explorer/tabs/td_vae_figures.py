"""What was measured of TD-VAE's roll-outs, as tables under its scenes."""

from collections.abc import Mapping

from explorer.checkpoint.config import Config
from explorer.data.oscillator import AHEAD

Figures = Mapping[str, float]
TERMS = {"negative_j": "−J", "reconstruction": "the later frame", "jump": "the jump", "smoothing": "the past"}
ROLLED = {
    "direction_{}": "right direction",
    "within_{}_1": "within one pixel after one jump",
    "within_{}_2": "after two jumps",
    "within_{}_3": "after three jumps",
}
SEEN = {"one": "after one frame, when it could go either way", "context": "after ten frames"}
WHOSE = ("", "predictor_")
WAYS = {
    "one": "one jump",
    "many": "jumps of one step",
    "predictor": "plain predictor",
    "kalman": "filter that knows the world",
}


def cell(figures: Figures, key: str, digits: int) -> str:
    """A figure as it is printed, a dash where it was not measured."""
    return f"{figures[key]:.{digits}f}" if key in figures else "—"


def digit_table(figures: Figures) -> str:
    """Markdown over test digits: the bound, where roll-outs are, and what the plain predictor needs; empty without."""
    if "negative_j" not in figures:
        return ""
    bound = ", ".join(f"{name} **{cell(figures, key, 1)}**" for key, name in TERMS.items())
    lines = [f"On test digits, in nats: {bound}.", ""]
    lines += ["| after 10 frames, % | 1 frame a jump | 2 | 4 | 6 |", "|---" * 5 + "|"]
    for key, name in ROLLED.items():
        cells = " | ".join(cell(figures, key.format(length), 1) for length in (1, 2, 4, 6))
        lines.append(f"| {name} | {cells} |")
    lines += ["", "| a frame 4 ahead, nats | TD-VAE | next-frame predictor |", "|---" * 3 + "|"]
    for key, name in SEEN.items():
        lines.append(f"| {name} | {' | '.join(cell(figures, f'{who}ahead_{key}', 0) for who in WHOSE)} |")
    return "\n".join(lines)


def oscillator_table(config: Config) -> str:
    """Markdown over new oscillators: scores, coverage, calls and time by the number of steps ahead; empty without."""
    figures = config.test
    if "kalman_crps_1" not in figures:
        return ""
    lines = ["| after 100 noisy steps, ahead by | 1 | 20 | 60 | 120 |", "|---" * 5 + "|"]

    def row(name: str, cells: list[str]) -> None:
        lines.append(f"| {name} | {' | '.join(cells)} |")

    for way, name in WAYS.items():
        row(f"CRPS: {name}", [cell(figures, f"{way}_crps_{length}", 3) for length in AHEAD])
    for way in ("one", "many", "kalman"):
        inside = [[cell(figures, f"{way}_{share}_{length}", 0) for share in (68, 95)] for length in AHEAD]
        row(f"% within its 68 and 95 %: {WAYS[way]}", [" and ".join(pair) for pair in inside])
    times = [config.profile.get(f"{way}_milliseconds") for way in ("one", "many")]
    if all(times):
        row("calls: one jump, jumps of one step", [f"1, {length}" for length in AHEAD])
        row("milliseconds for 199 futures", [f"{one:.1f}, {many:.1f}" for one, many in zip(*times, strict=True)])
    return "\n".join(lines)
