"""What happens inside, as records of the standard library's logging: counts, codes and digests.

In: a room's name; what has happened, with its numbers. Out: log records. Called by rooms that load, compile, decide.
Nothing of a household is ever in a record: no id, no value, no name of anybody.
"""

from __future__ import annotations

import logging


def events_of(room: str) -> logging.Logger:
    """The log of a room, `fupin_policy.ROOM`. Of itself it shows nothing."""
    found = logging.getLogger(f"fupin_policy.{room}")
    if not found.handlers:
        found.addHandler(logging.NullHandler())
    return found


def record_event(log: logging.Logger, level: int, event: str, **fields: object) -> None:
    """A record called `event`, with these fields as its attributes and in its message as `name=value`."""
    if log.isEnabledFor(level):
        told = " ".join(f"{name}={value}" for name, value in fields.items())
        log.log(level, "%s %s", event, told, extra={"event": event, **fields}, stacklevel=2)
