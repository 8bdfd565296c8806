"""Connections that keep the server waiting are closed: it has room for a few hundred at a time, and no more."""

import asyncio
from typing import Any

MOST = 600  # connections; a process may have 1,024 files open on most systems
PATIENCE = 15.0  # seconds for a whole question to arrive, or the next one to begin
LONGEST = 120.0  # seconds for an answer to be made and taken
LOOK = 2.0  # seconds between two looks at a connection


def limit(config: Any) -> None:
    """Make a running uvicorn server, whose config this is, close connections that keep it waiting."""
    config.http_protocol_class = type("Punctual", (Punctual, config.http_protocol_class), {})


class Punctual(asyncio.Protocol):
    """To be mixed into a protocol of uvicorn, which itself waits for ever for a question to be complete."""

    transport: asyncio.Transport
    connections: set
    loop: asyncio.AbstractEventLoop
    cycle: Any  # the request that came last, or None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._of, self._owed, self._since = None, True, self.loop.time()
        self._timer = self.loop.call_later(LOOK, self._look)
        if len(self.connections) > MOST:
            waiting = [one for one in self.connections if isinstance(one, Punctual) and one.is_owed()]
            min(waiting or [self], key=lambda one: one._since).transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self._timer.cancel()
        super().connection_lost(error)

    def is_owed(self) -> bool:
        """Whether it is the other side's turn: to ask, or to go on with what it asks."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def _look(self) -> None:
        now, state = self.loop.time(), (self.cycle, self.is_owed())
        if state != (self._of, self._owed):
            (self._of, self._owed), self._since = state, now
        if now - self._since > (PATIENCE if self._owed else LONGEST):
            self.transport.abort()
        else:
            self._timer = self.loop.call_later(LOOK, self._look)
