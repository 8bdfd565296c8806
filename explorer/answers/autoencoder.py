"""What the autoencoder's tab asks: a picture from the first principal components, and two losses of one pixel."""

from typing import Annotated

import numpy as np

from explorer.answers import as_python, common
from explorer.answers.common import Answer, Handlers
from explorer.compute.pictures import to_bytes
from explorer.compute.pixel_loss import GRID, pixel_loss
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import Of, number, picture, whole

WithPCA = Annotated[str, Of(("autoencoder",), "an autoencoder with PCA beside it")]


@gives(pictures="x_pca", number="error")
def pca(pool: Pool, checkpoint: WithPCA, x: list, dimensions: int) -> Answer:
    """What the first principal components keep of a picture."""
    pixels = picture(x, pool.config(checkpoint).model["picture_shape"])
    dim = whole(dimensions, 1, pool.config(checkpoint).model["pca_dim"], "The number of components")
    x_pca = pool.run(checkpoint, "pca_reconstruction", x=pixels, dim=dim)["x_pca"]
    return {"x_pca": to_bytes(x_pca), "error": common.squared_error(x_pca, pixels)}


@gives(numbers="shown squared entropy", number="squared_here entropy_here squared_slope entropy_slope")
def losses(pool: Pool, pixel: float, drawn: float) -> Answer:
    """Squared error and cross-entropy of one pixel: over all that could be drawn, and for what is.

    Arguments:
        pool: Not needed.
        pixel: x, in [0, 1].
        drawn: x̂, within the ends of GRID.
    """
    x = number(pixel, 0, 1, "x")
    x_hat = number(drawn, float(GRID[0]), float(GRID[-1]), "x̂")
    curve, here = pixel_loss(x, GRID), pixel_loss(x, np.array(x_hat))
    return {
        "shown": GRID.astype(np.float32),
        "squared": curve.squared.astype(np.float32),
        "entropy": curve.entropy.astype(np.float32),
        "squared_here": here.squared,
        "entropy_here": here.entropy,
        "squared_slope": here.squared_slope,
        "entropy_slope": here.entropy_slope,
    }


HANDLERS: Handlers = {
    "python": as_python.decoded,
    "encode": common.encode,
    "decode": common.decode,
    "judge": common.judge,
    "plane": common.plane,
    "traversals": common.traversals,
    "pca": pca,
    "losses": losses,
}
