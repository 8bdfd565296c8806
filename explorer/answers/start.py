"""What the first tab asks: one digit, spoilt, through a model of every family."""

from explorer.answers import as_python, common, lineup
from explorer.answers.common import Answer, Handlers
from explorer.page.kinds import gives
from explorer.serve.pool import Pool


@gives(bytes="text")
def python(pool: Pool, x: list, kind: str, level: float, seed: int, x_tilde: list) -> Answer:
    """The scene as Python."""
    return as_python.spoilt(pool, lineup.names(pool), x, kind, level, seed, x_tilde)


HANDLERS: Handlers = {"python": python, "corrupt": common.corrupt, "through": lineup.reconstruct}
