"""Figures that stand still, as plotly figures that read on light and on dark."""

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from explorer.checkpoint.config import Config
from explorer.data import BLUE, DATASETS, ORANGE, VIOLET

GREY, GRID = "#8a8a8a", "rgba(138, 138, 138, 0.35)"
COLOURS = (ORANGE, BLUE, VIOLET, "#3a923a")  # of codebooks


def colour_of(data: str) -> str:
    """Of a picture set's lines; grey of one that the app does not know."""
    return DATASETS[data].colour if data in DATASETS else GREY


def error_by_dimensions(configs: list[Config]) -> go.Figure:
    """Squared error of PCA and of autoencoders against the number of dimensions, a colour for each picture set.

    Arguments:
        configs: Of autoencoder checkpoints; those without measured figures are left out.
    """
    figure = go.Figure()
    curve = {"pca_dims", "pca_squared_error"}
    configs = [config for config in configs if "squared_error" in config.test and curve <= config.profile.keys()]
    for data in dict.fromkeys(config.data for config in configs):
        ours = [config for config in configs if config.data == data]
        profile = ours[0].profile
        colour = colour_of(data)
        figure.add_scatter(
            x=profile["pca_dims"],
            y=profile["pca_squared_error"],
            name=f"PCA, {data}",
            mode="lines+markers",
            line={"color": colour, "dash": "dot"},
        )
        figure.add_scatter(
            x=[config.model["latent_dim"] for config in ours],
            y=[config.test["squared_error"] for config in ours],
            name=f"autoencoder, {data}",
            mode="markers",
            marker={"color": colour, "size": 16, "symbol": "star"},
        )
    return laid_out(
        figure,
        {"title": "dimensions", "type": "log", "tickvals": [1, 2, 4, 8, 16, 32, 64]},
        {"title": "squared error per picture", "type": "log", "tickvals": [2, 5, 10, 20, 50]},
    )


def cost_of_information(configs: list[Config]) -> go.Figure:
    """Reconstruction against KL in nats, a point for each model; what its β trades is a slope.

    Where a model of a β is trained to its end, a nat more of KL would save β nats of reconstruction: the slope of the
    line through its point. A model held at a capacity was allowed the nats of the upright line that leads to it.

    Arguments:
        configs: Of β-VAE checkpoints of one picture set; those without measured figures are left out.
    """
    measured = [config for config in configs if {"kl", "reconstruction", "mig"} <= config.test.keys()]
    measured.sort(key=lambda config: config.test["kl"])
    cheap = cheapest(measured)
    colour = colour_of(measured[0].data) if measured else GREY
    heights = [config.test["reconstruction"] for config in measured]
    xs, ys = with_room([config.test["kl"] for config in measured], 0.5, 0.5), with_room(heights, 0.25, 0.2)
    figure = go.Figure()
    for config in measured:
        kl, reconstruction, capacity = config.test["kl"], config.test["reconstruction"], config.model["capacity"]
        if capacity is None:
            reach = tangent(config.model["beta"], xs, ys)
            name = f"a nat more saves β = {config.model['beta']:g}"
            x, y = [kl - reach, kl + reach], [reconstruction + config.model["beta"] * reach * way for way in (1, -1)]
        else:
            name, x, y = (f"C = {capacity:g} nats allowed", [capacity, capacity, kl], [ys[0], *[reconstruction] * 2])
        line = {"color": colour, "width": 3 if capacity is None else 1}
        figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="name", name=name, showlegend=False)
    figure.add_scatter(
        x=[config.test["kl"] for config in cheap],
        y=[config.test["reconstruction"] for config in cheap],
        mode="lines",
        line={"color": colour, "dash": "dot"},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=[config.test["kl"] for config in measured],
        y=heights,
        text=[config.variant.removeprefix(f"{config.data}-") for config in measured],
        mode="markers+text",
        textposition=name_places(measured, 0.2 * (xs[1] - xs[0]), 0.045 * (ys[1] - ys[0])),
        textfont={"size": 15},
        cliponaxis=False,
        marker={"color": colour, "size": 14, "symbol": "star"},
        showlegend=False,
    )
    return laid_out(figure, {"title": "KL, nats", "range": xs}, {"title": "−log p(x|z), nats", "range": ys})


def cheapest(configs: list[Config]) -> list[Config]:
    """Of models by their KL, those that rebuild better than each with fewer nats: below the line through them lies
    nothing."""
    found: list[Config] = []
    for config in configs:
        if not found or config.test["reconstruction"] < found[-1].test["reconstruction"]:
            found.append(config)
    return found


def name_places(configs: list[Config], width: float, height: float) -> list[str]:
    """Where the name of each model stands, which come by their KL.

    It is below its point, but above where below is another's name or point, or where a model that was held at a
    capacity rebuilds no better than one with fewer nats.
    """
    below: list[Config] = []
    places, cheap = [], cheapest(configs)
    for config in configs:
        kl, reconstruction = config.test["kl"], config.test["reconstruction"]
        meets = any(
            abs(kl - other.test["kl"]) < width and abs(reconstruction - other.test["reconstruction"]) < height
            for other in below
        )
        covers = any(
            0 < kl - other.test["kl"] < width and 0 < reconstruction - other.test["reconstruction"] < 2 * height
            for other in configs
        )
        if meets or covers or (config.model["capacity"] is not None and config not in cheap):
            places.append("top right")
        else:
            places.append("bottom left")
            below.append(config)
    return places


def codebook_in_training(configs: list[Config]) -> go.Figure:
    """Perplexity of a batch's codes over the course of training, a line for each model.

    Arguments:
        configs: Of trained VQ-VAEs.
    """
    figure = go.Figure()
    for place, config in enumerate(configs):
        history = config.history
        line = {"color": ORANGE if place == 0 else BLUE, "width": 4}
        figure.add_scatter(
            x=[entry["step"] for entry in history],
            y=[entry.get("perplexity") for entry in history],
            name=config.variant,
            mode="lines",
            line=line,
        )
    figure = laid_out(figure, {"title": "step"}, {"title": "perplexity<br>of a batch of 32", "rangemode": "tozero"})
    return figure.update_layout(legend={"x": 0.98, "y": 0.05, "xanchor": "right"})


def use_of_codes(counts: dict[str, list[int]]) -> go.Figure:
    """How often each code occurs, the most frequent first, on a logarithmic axis; unused ones lie in a grey band.

    Arguments:
        counts: Over a test set, by codebook.
    """
    figure = go.Figure()
    for place, (name, use) in enumerate(counts.items()):
        used = sorted((count for count in use if count), reverse=True)
        figure.add_scatter(
            x=list(range(1, len(used) + 1)),
            y=used,
            mode="lines",
            name=f"{name}: {len(used)} of {len(use)} used",
            line={"color": COLOURS[place % len(COLOURS)], "width": 3, "shape": "hv"},
        )
        if len(used) < len(use):
            band = {"fillcolor": GREY, "opacity": 0.4, "line_width": 0}
            figure.add_vrect(len(used) + 0.5, len(use) + 0.5, **band)
    figure = laid_out(
        figure, {"title": "codes, the most used first"}, {"title": "times used", "type": "log", "dtick": 1}
    )
    legend = {"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"}  # long names on a phone
    return figure.update_layout(legend=legend)


def with_room(values: Sequence[float], below: float, above: float) -> list[float]:
    """Ends of an axis over values, with shares of their range more below and above."""
    least, most = min(values, default=0), max(values, default=1)
    size = most - least or 1
    return [least - below * size, most + above * size]


def tangent(slope: float, xs: list[float], ys: list[float]) -> float:
    """Half the width of a line of that slope that is a twelfth of the picture long, whose axes have these ends."""
    (left, right), (low, high) = xs, ys
    return 1 / (12 * math.hypot(1 / (right - left), slope / (high - low)))


def laid_out(figure: go.Figure, xaxis: dict[str, Any], yaxis: dict[str, Any]) -> go.Figure:
    """The figure with its axes; the page's style gives its texts the page's colour, light or dark."""
    return figure.update_layout(
        xaxis={"gridcolor": GRID, "zeroline": False, "automargin": True} | xaxis,
        yaxis={"gridcolor": GRID, "zeroline": False, "automargin": True} | yaxis,
        font={"size": 18, "family": "system-ui, sans-serif"},
        paper_bgcolor="rgba(0, 0, 0, 0)",
        plot_bgcolor="rgba(0, 0, 0, 0)",
        margin={"l": 70, "r": 20, "t": 20, "b": 60},
        height=420,
    )
