"""A batch as JSON Lines: a household a line in, its decisions or its problems a line out.

In: lines with their numbers. Out: bytes, and how many were decided. Called by `batches`, in threads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fupin_policy.diagnostics import InputError, Reporter
from fupin_policy.intake import ReadAs, parse_json
from fupin_policy.ruleset import Ruleset
from fupin_policy.service.refusals import json_bytes

AT_ONCE = 50
"""Lines that one thread decides before another request may have it."""
ROW = "row"


def cut_lines(rest: bytearray, limit: int) -> Iterator[bytes]:
    """The whole lines that came so far, which are taken out of it. Raises InputError for a long one."""
    start = 0
    while (end := rest.find(b"\n", start)) >= 0:
        if end - start > limit:
            raise too_long(limit)
        yield bytes(rest[start:end])
        start = end + 1
    del rest[:start]
    if len(rest) > limit:
        raise too_long(limit)


def too_long(limit: int) -> InputError:
    """What is said of a line that is too long; where the next one begins is not known then."""
    return InputError.of("W001", "row", limit=limit)


def answered_lines(
    ruleset: Ruleset, as_of: str, how: ReadAs, lines: Sequence[tuple[int, bytes]]
) -> tuple[bytes, int, int]:
    """A line for each, how many were decided, and how many were not."""
    told = [{ROW: number, **_answered(ruleset, as_of, how, number, raw)} for number, raw in lines]
    decided = sum("evaluation" in one for one in told)
    return b"".join(json_bytes(one) + b"\n" for one in told), decided, len(told) - decided


def _answered(ruleset: Ruleset, as_of: str, how: ReadAs, number: int, raw: bytes) -> Mapping[str, Any]:
    reporter = Reporter()
    found = parse_json(raw, reporter, ROW, number)
    try:
        reporter.raise_errors(InputError)
        if not isinstance(found, Mapping):
            raise InputError.of("H001", ROW)
        return {"evaluation": ruleset.evaluate(found, as_of, **how).as_json()}
    except InputError as error:
        return {"problems": [one.as_json() for one in error.diagnostics]}
