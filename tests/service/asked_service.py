"""The application asked without a network: one request, one answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Scope

HOST = "localhost:8000"
JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """The codes with their places."""
        return [(one["code"], one["place"]) for one in self.data["problems"]]


def asked(
    app: ASGIApp,
    path: str,
    body: object = None,
    method: str | None = None,
    headers: Mapping[str, str] | None = None,
    pieces: Iterable[bytes] | None = None,
) -> Answered:
    """One request. `body` is bytes as they are, or what becomes JSON; `pieces` are the body in parts."""
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    parts = [raw] if pieces is None else list(pieces)
    how = method or ("GET" if body is None and pieces is None else "POST")
    return asyncio.run(_asked(app, path, how, {"host": HOST, "content-type": JSON_TYPE, **(headers or {})}, parts))


async def _asked(app: ASGIApp, path: str, method: str, headers: Mapping[str, str], parts: list[bytes]) -> Answered:
    path, _, query = path.partition("?")
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(key.lower().encode(), value.encode("latin-1")) for key, value in headers.items()],
        "scheme": "http",
        "client": None,
        "server": None,
    }
    left = list(parts)
    sent: list[Message] = []

    async def receive() -> Message:
        if not left:
            return {"type": "http.disconnect"}
        piece = left.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(left)}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = sent[0]
    said = {key.decode(): value.decode() for key, value in start["headers"]}
    return Answered(start["status"], said, b"".join(one.get("body", b"") for one in sent[1:]))
