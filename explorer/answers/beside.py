"""Which models are asked side by side, where an answer is of several: the page, which may answer itself, is told."""

from collections.abc import Callable
from functools import partial

from explorer.answers import contractive, denoising, k_sparse, lineup
from explorer.serve.pool import Pool
from explorer.serve.question import Refused


def beside(pool: Pool) -> dict[str, list[str]]:
    """Checkpoints in the order of the answer's arrays, by a name that the page's own answers know."""
    data_sets = {pool.configs[name].data for name in pool.names("denoising")}
    found: dict[str, Callable[[Pool], list[str]]] = {
        "start": lineup.names,
        "k_sparse": k_sparse.models,
        "contractive": contractive.compared,
        **{f"denoising {data}": partial(denoising.models, data=data) for data in sorted(data_sets)},
    }
    return {name: models for name, choose in found.items() if (models := none_if_refused(pool, choose))}


def none_if_refused(pool: Pool, choose: Callable[[Pool], list[str]]) -> list[str]:
    try:
        return choose(pool)
    except Refused:
        return []
