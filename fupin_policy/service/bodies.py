"""The body of a request, read within bounds: of bytes, and of seconds in which nothing comes.

In: what ASGI receives. Out: bytes, or a refusal. Called by `application` and `batches`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.types import Receive, Scope

from fupin_policy.service.limits import ServiceLimits
from fupin_policy.service.refusals import refused

CLOSE = {"Connection": "close"}
"""What is not read to its end is not followed by another request."""


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


def header(scope: Scope, name: bytes) -> bytes:
    """The first header of a name, in small letters; an empty one where there is none."""
    return next((value for key, value in scope["headers"] if key == name), b"")


def check_length(scope: Scope, limit: int) -> None:
    """Refuse a body that says that it is longer, before anything of it is read."""
    said = header(scope, b"content-length")
    if said.isdigit() and (len(said) > 15 or int(said) > limit):
        raise too_long(limit)


def too_long(limit: int) -> Exception:
    """The refusal of a body that is longer."""
    return refused(413, "W001", "body", CLOSE, limit=limit)


async def pieces(receive: Receive, limits: ServiceLimits, limit: int) -> AsyncIterator[bytes]:
    """The body as it comes, each piece within the seconds that a client may be idle.

    Raises RefusedRequest, or ClientGone.
    """
    found = _received(receive, limit)
    while True:
        try:
            yield await asyncio.wait_for(anext(found), limits.idle)
        except TimeoutError:
            raise _too_slow(limits) from None
        except StopAsyncIteration:
            return


async def _received(receive: Receive, limit: int) -> AsyncIterator[bytes]:
    total, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece: bytes = message.get("body", b"")
        more = message.get("more_body", False)
        total += len(piece)
        if total > limit:
            raise too_long(limit)
        yield piece


def _too_slow(limits: ServiceLimits) -> Exception:
    return refused(408, "W016", "body", CLOSE, seconds=f"{limits.idle:g}")


async def whole_body(scope: Scope, receive: Receive, limits: ServiceLimits) -> bytes:
    """All of the body of a question, which must come within the seconds that a client may be idle."""
    check_length(scope, limits.body)
    found = bytearray()
    try:
        async with asyncio.timeout(limits.idle):
            async for piece in _received(receive, limits.body):
                found += piece
    except TimeoutError:
        raise _too_slow(limits) from None
    return bytes(found)
