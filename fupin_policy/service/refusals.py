"""What is answered where something is wrong: a status and diagnostics, as JSON.

In: diagnostics and errors. Out: a status of HTTP and a body. Called by every file of this room that answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from fupin_policy.diagnostics import Diagnostic, words_of

JSON = "application/json"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


class RefusedRequest(Exception):
    """A request that is not answered; `status` is that of HTTP, and `diagnostics` say why."""

    def __init__(self, status: int, *diagnostics: Diagnostic, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.diagnostics = diagnostics
        self.headers = dict(headers or {})


def refused(
    status: int,
    code: str,
    where: str | None = None,
    headers: Mapping[str, str] | None = None,
    **words: str | int | float,
) -> RefusedRequest:
    """One fault, to be raised."""
    return RefusedRequest(status, Diagnostic(code, words_of(words.items()), path=where), headers=headers)


def json_bytes(value: object) -> bytes:
    """A value as JSON in UTF-8."""
    return _ENCODER.encode(value).encode("utf-8", "backslashreplace")


def problems_bytes(diagnostics: Iterable[Diagnostic]) -> bytes:
    """All that is wrong, as a body."""
    return json_bytes({"problems": [one.as_json() for one in diagnostics]})
