"""JSON as people give it: exact numbers, no repeated names, no NaN, and never an exception.

In: a text or bytes. Out: plain data with `Decimal` for fractions, or None and diagnostics. Called by `cli`.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from fupin_policy.diagnostics import Reporter, Source, Span
from fupin_policy.intake.notation import LIMITS
from fupin_policy.intake.scalars import shown

_STRING_OR_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*+"|(-?Infinity|NaN)', re.DOTALL)

_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"|([\[{])|([\]}])', re.DOTALL)


class _Refused(Exception):
    """A number that no reader takes; reported already."""


def parse_json(text: str | bytes, reporter: Reporter, path: str = "<json>", line: int = 1) -> object | None:
    """The value of a JSON text (UTF-8, with or without a byte order mark); None if it was reported as wrong.

    `path` and `line` say where it stands, for those who read what is wrong.
    """
    decoded = _decode(text, reporter, path, line)
    if decoded is None:
        return None
    source = Source(path, decoded, line)
    clean, deep = True, _too_deep(decoded)

    def pairs(found: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal clean
        value = dict(found)
        if len(value) != len(found):
            clean = False
            _report_repeated(found, reporter)
        return value

    def constant(word: str) -> NoReturn:
        start, end = next(found.span(1) for found in _STRING_OR_CONSTANT.finditer(decoded) if found[1])
        reporter.report("H051", Span(source, start, end), given=word)
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
            decoded if deep is None else decoded[: deep + 1],
            object_pairs_hook=pairs,
            parse_constant=constant,
            parse_float=fraction,
            parse_int=_whole,
        )
    except (json.JSONDecodeError, RecursionError) as error:
        # where little is left of Python's own stack, less deep texts are too deep for it
        if isinstance(error, RecursionError) or (deep is not None and error.pos > deep):
            reporter.report("H053", Span(source, 0, min(1, len(decoded))))
        else:
            reporter.report("H050", Span(source, error.pos, min(error.pos + 1, len(decoded))))
    except _Refused:
        pass
    else:
        return value if clean else None
    return None


def _too_deep(text: str) -> int | None:
    """Where a bracket opens that is nested too deeply, however deep Python itself may go; None where none does."""
    depth, most = 0, LIMITS["json_depth"]
    for found in _STRING_OR_BRACKET.finditer(text) if text.count("[") + text.count("{") > most else ():
        if found[1]:
            if depth == most:
                return found.start()
            depth += 1
        elif found[2]:
            depth -= 1
    return None


def _decode(text: object, reporter: Reporter, path: str, line: int) -> str | None:
    if not isinstance(text, str | bytes):
        reporter.report("H111", path, given=shown(text))
        return None
    if len(text) > LIMITS["json"]:
        reporter.report("H054", path, limit=LIMITS["json"])
        return None
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = len(error.object[: error.start].decode("utf-8"))
        source = Source(path, text.decode("utf-8-sig", "replace"), line)
        reporter.report("H055", Span(source, at, at + 1))
        return None


def _whole(digits: str) -> int | Decimal:
    """An integer; one of very many digits as a Decimal, which every range refuses."""
    return int(digits) if len(digits) <= LIMITS["json_digits"] else Decimal(digits)


def _report_repeated(found: list[tuple[str, object]], reporter: Reporter) -> None:
    seen: set[str] = set()
    for name, _ in found:
        if name in seen:
            reporter.report("H052", shown(name), name=shown(name))
        seen.add(name)
