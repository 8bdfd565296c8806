"""What the linear tab asks."""

from explorer.answers import as_python, common
from explorer.answers.common import Handlers

HANDLERS: Handlers = {
    "python": as_python.decoded,
    "encode": common.encode,
    "decode": common.decode,
    "judge": common.judge,
    "traversals": common.traversals,
}
