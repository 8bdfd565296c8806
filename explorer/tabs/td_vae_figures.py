"""What was measured of TD-VAE's roll-outs, as tables under its scenes."""

from collections.abc import Mapping

Figures = Mapping[str, float]
TERMS = {"negative_j": "−J", "reconstruction": "the later frame", "jump": "the jump", "smoothing": "the past"}
ROLLED = {
    "direction_{}": "right direction",
    "within_{}_1": "within one pixel after one jump",
    "within_{}_2": "after two jumps",
    "within_{}_3": "after three jumps",
}
SEEN = {"one": "after one frame, when it could go either way", "context": "after ten frames"}
ERRORS = {"phase": "phase error, radians", "amplitude": "amplitude error", "value": "error of the value"}
WHOSE = {"": "TD-VAE", "predictor_": "predictor, step by step"}


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


def oscillator_table(figures: Figures) -> str:
    """Markdown over new oscillators: errors by the length of the jump, beside the predictor and the bound."""
    if "kalman_phase" not in figures:
        return ""
    lines = ["| after 100 noisy steps, a jump of | 1 | 20 | 60 | 120 | filter that knows ω |", "|---" * 6 + "|"]
    for what, name in ERRORS.items():
        for who, whose in WHOSE.items():
            cells = " | ".join(cell(figures, f"{who}{what}_{length}", 2) for length in (1, 20, 60, 120))
            lines.append(f"| {name}: {whose} | {cells} | {cell(figures, f'kalman_{what}', 2)} |")
    return "\n".join(lines)
