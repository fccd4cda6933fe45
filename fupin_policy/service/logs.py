"""Logs as lines of JSON, without anything of a household.

In: what happened, in words and numbers of ours. Out: a line on the error stream. Called by every file of this room that
logs. Of an exception its kind and where it was raised are told, never its text, as that may quote what was sent.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from collections.abc import Mapping

LOG = logging.getLogger("fupin_policy.service")
_KEY = "fupin_fields"
_ENCODER = json.JSONEncoder(ensure_ascii=False)


def log_event(
    event: str, fields: Mapping[str, object] | None = None, level: int = logging.INFO, error: Exception | None = None
) -> None:
    """One line: what happened, with numbers and words of ours."""
    if LOG.isEnabledFor(level):
        LOG.log(level, event, extra={_KEY: fields or {}}, exc_info=error)


class JsonLines(logging.Formatter):
    """Records as JSON: the time in UTC, the level, what happened, and the fields that were given with it."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        found: dict[str, object] = {
            "time": f"{moment}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "event": _event(record),
        }
        fields = getattr(record, _KEY, {})
        if isinstance(fields, Mapping):
            found |= fields
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            found["error"] = type(error).__name__
            frames = traceback.extract_tb(error.__traceback__)
            found["at"] = [f"{frame.name}:{frame.lineno}" for frame in frames[-8:]]
        return _ENCODER.encode(found)


def _event(record: logging.LogRecord) -> str:
    """Of our own records the event; of the server's only the template, as what fills it comes from outside."""
    return record.getMessage() if record.name == LOG.name else f"{record.name}: {record.msg}"


def log_to_stderr() -> None:
    """Send our records, and those of the server, to the error stream."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in (LOG.name, "uvicorn.error", "fupin_policy", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler] if name != LOG.name else []
        logger.setLevel(logging.INFO if name in (LOG.name, "fupin_policy") else logging.WARNING)
        logger.propagate = name == LOG.name
