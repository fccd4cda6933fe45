"""What stands before every address: who may ask, what went wrong said in JSON, counts, a line in the log.

In: an ASGI application. Out: one. Called by `application`.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fupin_policy.diagnostics import Diagnostic, FupinError
from fupin_policy.service.bodies import CLOSE, ClientGone, header
from fupin_policy.service.logs import log_event
from fupin_policy.service.metrics import ServiceMetrics
from fupin_policy.service.refusals import JSON, RefusedRequest, problems_bytes, refused
from fupin_policy.service.token import Access

NOTES = "fupin.notes"
"""The key of a scope under which the notes on a request stand."""
_HEADERS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
_GONE = 499
"""Counted for a client that did not wait; nothing is sent with it."""


@dataclass(slots=True)
class RequestNotes:
    """What is told of a request in the log and in the metrics: words and numbers of ours alone."""

    id: str
    route: str = "other"
    status: int = 0
    ruleset: str | None = None
    digest: str | None = None
    codes: Sequence[str] = ()
    sent: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)


def notes_of(scope: Scope) -> RequestNotes:
    """The notes on a request, for its endpoint to fill."""
    found: RequestNotes = scope[NOTES]
    return found


@dataclass(frozen=True, slots=True)
class Gate:
    """An application behind the gate."""

    inner: ASGIApp
    access: Access
    metrics: ServiceMetrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            # no address takes a WebSocket, and the server is told to speak none
            await self.inner(scope, receive, send)
            return
        notes, start = RequestNotes(secrets.token_hex(8)), time.perf_counter()
        scope[NOTES], scope["app"] = notes, self

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                notes.status = message["status"]
                own = [*_HEADERS, (b"x-request-id", notes.id.encode())]
                message = {**message, "headers": [*message.get("headers", ()), *own]}
            else:
                notes.sent += len(message.get("body", b""))
            try:
                await send(message)
            except (OSError, RuntimeError) as error:
                # loops differ in what they raise where the connection was broken off meanwhile
                raise ClientGone from error

        self.metrics.in_hand += 1
        try:
            await self._answered(scope, receive, noted, notes)
        finally:
            self.metrics.in_hand -= 1
            self._tell(notes, time.perf_counter() - start, scope["method"])

    async def _answered(self, scope: Scope, receive: Receive, send: Send, notes: RequestNotes) -> None:
        try:
            self._admit(scope)
            await self.inner(scope, receive, send)
        except ClientGone:
            notes.status = notes.status or _GONE
        except RefusedRequest as error:
            await _refuse(send, notes, error.status, error.diagnostics, error.headers)
        except HTTPException as error:
            headers = dict(error.headers or {})
            if error.status_code == 405:
                found = refused(405, "W012", allowed=headers.get("Allow", headers.get("allow", "-")))
            else:
                found = refused(error.status_code if error.status_code < 500 else 404, "W011")
            await _refuse(send, notes, found.status, found.diagnostics, headers)
        except FupinError as error:
            await _refuse(send, notes, 422, error.diagnostics)
        except Exception as error:
            log_event("failed", {"request": notes.id, "route": notes.route}, logging.ERROR, error)
            if notes.status:
                raise
            await _refuse(send, notes, 500, refused(500, "W026").diagnostics, CLOSE)

    def _admit(self, scope: Scope) -> None:
        """Raise RefusedRequest for who may not ask."""
        if self.access.token is None:
            if not self.access.is_own_host(header(scope, b"host")):
                raise refused(421, "W018", "Host", CLOSE)
            return
        path = scope["path"]
        # whether the service is there may be asked by anybody, and the pages of the site are for everybody
        closed = path == "/metrics" or path == "/api" or path.startswith("/api/")
        if closed and not self.access.has_token(header(scope, b"authorization")):
            raise refused(401, "W010", "Authorization", {"WWW-Authenticate": "Bearer", **CLOSE})

    def _tell(self, notes: RequestNotes, seconds: float, method: str) -> None:
        self.metrics.answered(notes.route, notes.status, seconds)
        said: dict[str, object] = {
            "request": notes.id,
            "method": method if method in ("GET", "HEAD", "POST") else "other",
            "route": notes.route,
            "status": notes.status,
            "ms": round(seconds * 1000, 3),
            "bytes": notes.sent,
        }
        more = {"ruleset": notes.ruleset, "digest": notes.digest, "codes": list(notes.codes)}
        log_event("request", {**said, **{key: value for key, value in more.items() if value}})


async def _refuse(
    send: Send,
    notes: RequestNotes,
    status: int,
    diagnostics: Iterable[Diagnostic],
    headers: dict[str, str] | None = None,
) -> None:
    """Answer with what is wrong, where nothing has been sent yet; else the connection is broken off."""
    found = list(diagnostics)
    notes.codes = sorted({one.code for one in found})
    if notes.status:
        raise ConnectionAbortedError("an answer that had begun could not be finished")
    await respond(send, status, problems_bytes(found), JSON, headers)


async def respond(
    send: Send, status: int, body: bytes, content_type: str, headers: dict[str, str] | None = None
) -> None:
    """Send a whole answer."""
    said = {"content-type": content_type, "content-length": str(len(body)), **(headers or {})}
    pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in said.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
