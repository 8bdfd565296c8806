"""What the autoencoder's tab asks: a picture from the first principal components."""

from typing import Annotated

from explorer.answers import as_python, common
from explorer.answers.common import Answer, Handlers
from explorer.compute.pictures import to_bytes
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import Of, picture, whole

WithPCA = Annotated[str, Of(("autoencoder",), "an autoencoder with PCA beside it")]


@gives(pictures="x_pca", number="error")
def pca(pool: Pool, checkpoint: WithPCA, x: list, dimensions: int) -> Answer:
    """What the first principal components keep of a picture."""
    pixels = picture(x, pool.config(checkpoint).model["picture_shape"])
    dim = whole(dimensions, 1, pool.config(checkpoint).model["pca_dim"], "The number of components")
    x_pca = pool.run(checkpoint, "pca_reconstruction", x=pixels, dim=dim)["x_pca"]
    return {"x_pca": to_bytes(x_pca), "error": common.squared_error(x_pca, pixels)}


HANDLERS: Handlers = {
    "python": as_python.decoded,
    "encode": common.encode,
    "decode": common.decode,
    "judge": common.judge,
    "plane": common.plane,
    "traversals": common.traversals,
    "pca": pca,
}
