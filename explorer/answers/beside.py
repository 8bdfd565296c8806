"""Which models are asked side by side, where an answer is of several: the page, which may answer itself, is told."""

from explorer.answers import contractive, denoising, k_sparse, lineup
from explorer.answers.several import sets
from explorer.serve.pool import Pool


def beside(pool: Pool) -> dict[str, list[str]]:
    """Checkpoints in the order of the answer's arrays, by a name that the page's own answers know."""
    of_a_set = {"denoising": denoising.models, "k_sparse": k_sparse.models, "contractive": contractive.compared}
    found = {
        f"{family} {data}": models(pool, data) for family, models in of_a_set.items() for data in sets(pool, family)
    }
    return found | ({"start": names} if (names := lineup.names(pool)) else {})
