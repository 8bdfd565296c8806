"""Figures that stand still, as plotly figures that read on light and on dark."""

from typing import Any

import plotly.graph_objects as go

GREY = "#8a8a8a"
COLOURS = {"mnist": "#d4570a", "fashion": "#1f7fc9"}


def error_by_dimensions(configs: list[dict[str, Any]]) -> go.Figure:
    """Squared error of PCA and of autoencoders against the number of dimensions, a colour for each picture set.

    Arguments:
        configs: Of autoencoder checkpoints; those without measured figures are left out.
    """
    figure = go.Figure()
    configs = [config for config in configs if "profile" in config and "figures" in config]
    for data in dict.fromkeys(config["data"] for config in configs):
        ours = [config for config in configs if config["data"] == data]
        profile = ours[0]["profile"]
        colour = COLOURS.get(data, GREY)
        figure.add_scatter(
            x=profile["pca_dims"],
            y=profile["pca_squared_error"],
            name=f"PCA, {data}",
            mode="lines+markers",
            line={"color": colour, "dash": "dot"},
        )
        figure.add_scatter(
            x=[config["model"]["latent_dim"] for config in ours],
            y=[config["figures"]["test"]["squared_error"] for config in ours],
            name=f"autoencoder, {data}",
            mode="markers",
            marker={"color": colour, "size": 16, "symbol": "star"},
        )
    figure.update_layout(
        xaxis={"title": "dimensions", "type": "log", "gridcolor": GREY, "tickvals": [1, 2, 4, 8, 16, 32, 64]},
        yaxis={"title": "squared error per picture", "type": "log", "gridcolor": GREY, "tickvals": [2, 5, 10, 20, 50]},
        font={"size": 18, "color": GREY},
        paper_bgcolor="rgba(0, 0, 0, 0)",
        plot_bgcolor="rgba(0, 0, 0, 0)",
        margin={"l": 70, "r": 20, "t": 20, "b": 60},
        height=420,
    )
    return figure
