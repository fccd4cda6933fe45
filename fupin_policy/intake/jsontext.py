"""JSON as people give it: exact numbers, no repeated names, no NaN, and never an exception.

In: a text or bytes. Out: plain data with `Decimal` for fractions, or None and diagnostics. Called by `cli`.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from fupin_policy.diagnostics import Reporter, Source, Span
from fupin_policy.intake.scalars import shown

LARGEST = 64_000_000
LONGEST_INT = 400

_STRING_OR_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*+"|(-?Infinity|NaN)', re.DOTALL)


class _Refused(Exception):
    """A number that no reader takes; reported already."""


def parse_json(text: str | bytes, reporter: Reporter) -> object | None:
    """The value of a JSON text (UTF-8, with or without a byte order mark); None if it was reported as wrong."""
    decoded = _decode(text, reporter)
    if decoded is None:
        return None
    source = Source("<json>", decoded)
    clean = True

    def pairs(found: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal clean
        value = dict(found)
        if len(value) != len(found):
            clean = False
            _report_repeated(found, reporter)
        return value

    def constant(word: str) -> NoReturn:
        spans = (m.span(1) for m in _STRING_OR_CONSTANT.finditer(decoded) if m[1])
        reporter.report("H051", Span(source, *next(spans, (0, 0))), given=word)
        raise _Refused

    def fraction(digits: str) -> Decimal:
        try:
            return Decimal(digits)
        except InvalidOperation:
            at = decoded.find(digits)
            reporter.report("H056", Span(source, at, at + len(digits)), given=shown(digits))
            raise _Refused from None

    try:
        value: object = json.loads(
            decoded, object_pairs_hook=pairs, parse_constant=constant, parse_float=fraction, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        reporter.report("H050", Span(source, error.pos, min(error.pos + 1, len(decoded))))
    except RecursionError:
        reporter.report("H053", Span(source, 0, min(1, len(decoded))))
    except _Refused:
        pass
    else:
        return value if clean else None
    return None


def _decode(text: object, reporter: Reporter) -> str | None:
    if not isinstance(text, str | bytes):
        reporter.report("H111", "<json>", given=shown(text))
        return None
    if len(text) > LARGEST:
        reporter.report("H054", "<json>", limit=LARGEST)
        return None
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError:
        reporter.report("H055", "<json>")
        return None


def _whole(digits: str) -> int | Decimal:
    """An integer; one of very many digits as a Decimal, which every range refuses."""
    return int(digits) if len(digits) <= LONGEST_INT else Decimal(digits)


def _report_repeated(found: list[tuple[str, object]], reporter: Reporter) -> None:
    seen: set[str] = set()
    for name, _ in found:
        if name in seen:
            reporter.report("H052", shown(name), name=shown(name))
        seen.add(name)
