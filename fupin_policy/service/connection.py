"""A connection that may not stay silent: in the head of a request, or in taking its answer.

In: what the server reads from a socket. Out: the same, or the connection's end. Called by `server`.
The server itself bounds neither how long a head is, nor how slowly it comes, nor how slowly an answer is taken; that is
where it lets a protocol of one's own be named.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD = 1 << 16
"""Bytes of a request's line and headers."""


def guarded(idle: float) -> type[asyncio.Protocol]:
    """The server's protocol, with these seconds for a head to come, and for some of an answer to be taken."""

    class GuardedConnection(HttpToolsProtocol):
        """One connection."""

        _head_timer: asyncio.TimerHandle | None = None
        _write_timer: asyncio.TimerHandle | None = None
        _head = 0
        _in_head = True

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._head_timer = self._renewed(self._head_timer)

        def connection_lost(self, exc: Exception | None) -> None:
            for timer in (self._head_timer, self._write_timer):
                if timer is not None:
                    timer.cancel()
            super().connection_lost(exc)

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._in_head, self._head = True, 0
            self._head_timer = self._renewed(self._head_timer)

        def on_headers_complete(self) -> None:
            self._in_head = False
            if self._head_timer is not None:
                self._head_timer.cancel()
            super().on_headers_complete()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._head = self._head + len(data) if self._in_head else 0
            if self._head > MOST_HEAD and not self.transport.is_closing():
                self.send_400_response("The head of the request is too long.")

        def pause_writing(self) -> None:
            super().pause_writing()
            self._write_timer = self._renewed(self._write_timer)

        def resume_writing(self) -> None:
            if self._write_timer is not None:
                self._write_timer.cancel()
            super().resume_writing()

        def _renewed(self, timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle:
            if timer is not None:
                timer.cancel()
            # what was not taken is not waited for
            return self.loop.call_later(idle, self.transport.abort)

    return GuardedConnection
