"""Readers of one scalar: numbers, dates, truths, codes, ids.

In: a raw value as given. Out: integers and intervals, or `Unreadable`. Called by `partial` and `household_reader`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from re import Match

from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.declarations import CodeList
from fupin_policy.core.possible import FALSE, TRUE, Interval
from fupin_policy.core.types import Day, Number
from fupin_policy.intake.notation import (
    DATES,
    EARLIEST_WHOLE_DATE,
    HALF_WIDTH,
    LATEST_WHOLE_DATE,
    LIMITS,
    NUMBER,
    TRUTHS,
    TWO_READINGS,
)

SHOWN = LIMITS["shown"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a value: the message's code and words; `below` is the place within the value."""

    code: str
    args: tuple[tuple[str, object], ...] = ()
    suggestion: str | None = None
    below: str = ""


class Unreadable(Exception):
    """A value cannot be read; `faults` says why."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__()
        self.faults = faults


def refuse(code: str, suggestion: str | None = None, **args: object) -> Unreadable:
    """One fault as an exception to raise."""
    return Unreadable(Fault(code, tuple(args.items()), suggestion))


def shown(raw: object) -> str:
    """A value as it may be quoted in a message: short, printable, never deep."""
    match raw:
        case None:
            return "null"
        case bool():
            return "true" if raw else "false"
        case int():
            bits = raw.bit_length()
            return str(raw) if bits <= LIMITS["whole_bits"] else f"{'-' if raw < 0 else ''}…({bits} bit)"
        case str():
            text = raw[: SHOWN + 1]
        case Mapping():
            return "{…}"
        case list() | tuple():
            return "[…]"
        case Decimal() | float() | date():
            text = str(raw)
        case _:
            return type(raw).__name__
    text = "".join(char if char.isprintable() else "�" for char in text)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def number_text(value: int, scale: int) -> str:
    """An integer in units of `10**-scale` as people write it."""
    digits = str(abs(value)).rjust(scale + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}" if scale else f"{sign}{digits}"


def read_number(raw: object, type_: Number) -> int:
    """A number in units of the type, inside its range. Raises Unreadable."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return _ranged(raw * 10**type_.scale, raw, type_)
    value = _decimal(raw)
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise refuse("H022", given=shown(raw))
    power = int(exponent) if value else min(int(exponent), 0)
    if -power > type_.scale:
        raise refuse("H023", given=shown(raw), decimals=type_.scale)
    if value and value.adjusted() > LIMITS["exponent"]:
        raise _out_of_range(raw, type_)
    size = int("".join(map(str, digits))) * 10 ** (type_.scale + power) if value else 0
    return _ranged(-size if sign else size, raw, type_)


def _decimal(raw: object) -> Decimal:
    if isinstance(raw, Decimal):
        return raw
    if isinstance(raw, float):
        text = repr(float(raw))
        return Decimal(text[:-2] if text.endswith(".0") else text)
    if isinstance(raw, str):
        text = raw.strip().translate(HALF_WIDTH)
        if NUMBER.fullmatch(text):
            try:
                return Decimal(text.replace(",", ""))
            except InvalidOperation:
                pass
    raise refuse("H021", given=shown(raw))


def _ranged(value: int, raw: object, type_: Number) -> int:
    if type_.low <= value <= type_.high:
        return value
    raise _out_of_range(raw, type_)


def _out_of_range(raw: object, type_: Number) -> Unreadable:
    low, high = (number_text(end, type_.scale) for end in (type_.low, type_.high))
    return refuse("H024", given=shown(raw), low=low, high=high)


def read_days(raw: object, type_: Day) -> Interval:
    """The days that a date, perhaps of reduced precision, may be, inside the type's range. Raises Unreadable."""
    first, last = _days(raw)
    low, high = max(first, type_.low), min(last, type_.high)
    if low > high:
        raise refuse("H027", given=shown(raw), low=to_date(type_.low), high=to_date(type_.high))
    return (low, high)


def _days(raw: object) -> Interval:
    if isinstance(raw, datetime) and raw.time() != time():
        raise refuse("H025", given=shown(raw))
    if isinstance(raw, date):
        day = raw.toordinal() - date(1970, 1, 1).toordinal()
        return (day, day)
    if isinstance(raw, int) and not isinstance(raw, bool) and EARLIEST_WHOLE_DATE <= raw <= LATEST_WHOLE_DATE:
        return _days_of_text(str(raw), raw)
    if isinstance(raw, str):
        return _days_of_text(raw.strip().translate(HALF_WIDTH), raw)
    raise refuse("H025", given=shown(raw))


def _days_of_text(text: str, raw: object) -> Interval:
    matches = (pattern.fullmatch(text) for pattern in DATES)
    match = next((found for found in matches if found), None)
    if match is None:
        raise refuse("H025", given=shown(raw))
    days = _days_of_match(match, raw)
    for pattern, other in TWO_READINGS:
        if second := pattern.fullmatch(text):
            raise refuse("H110", given=shown(raw), first=to_date(days[0]).isoformat()[:7], other=second.expand(other))
    return days


def _days_of_match(match: Match[str], raw: object) -> Interval:
    year, month, day = int(match[1]), int(match[3] or 0), int(match[4] or 0)
    first_month, last_month = (month, month) if match[3] else (1, 12)
    try:
        first = date(year, first_month, day if match[4] else 1)
        last = date(year, last_month, day if match[4] else monthrange(year, last_month)[1])
    except ValueError:
        raise refuse("H026", given=shown(raw)) from None
    return (to_day(first), to_day(last))


def read_truth(raw: object) -> int:
    """A truth: a bool or one of 是 否 true false yes no. Raises Unreadable."""
    if isinstance(raw, bool):
        return TRUE if raw else FALSE
    truth = TRUTHS.get(raw.strip().lower()) if isinstance(raw, str) and len(raw) <= SHOWN else None
    if truth is None:
        raise refuse("H020", given=shown(raw))
    return TRUE if truth else FALSE


def code_masks(code_list: CodeList) -> dict[str, int]:
    """The mask of every word that stands for a code: the registry's code before the name before the label."""
    masks: dict[str, int] = {}
    for words in zip(*((code.code, code.name, code.label) for code in code_list.codes), strict=True):
        for index, word in enumerate(words):
            masks.setdefault(word, 1 << index)
    return masks


def read_code(raw: object, masks: Mapping[str, int], known: tuple[str, ...]) -> int:
    """The mask of one code. Raises Unreadable."""
    word = shown(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
    found = masks.get(word.strip()) if isinstance(word, str) else None
    if found is None:
        raise refuse("H029", nearest(word, masks) if isinstance(word, str) else None, given=shown(raw), known=known)
    return found


def nearest(word: str, known: Mapping[str, object]) -> str | None:
    """The known word that is nearest to a mistaken one; none for a very long word."""
    from fupin_policy.diagnostics import suggest

    return suggest(word, known) if 0 < len(word) <= SHOWN else None


def read_id(raw: object) -> str:
    """An id: text or a whole number. Raises Unreadable."""
    if isinstance(raw, int) and not isinstance(raw, bool) and raw.bit_length() <= LIMITS["whole_bits"]:
        return str(raw)
    if isinstance(raw, str) and len(raw) <= LIMITS["id"] and raw.isprintable():
        return raw.strip()
    raise refuse("H003", given=shown(raw))
