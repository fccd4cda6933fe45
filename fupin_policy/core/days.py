"""A day as people write it in rules and questions: `2019-06-30`, `2019-6-30`, `2019年6月30日`.

In: text. Out: a date, or what is wrong with it. Called by whoever reads a whole day; half-known ones are for `intake`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９－−", "0123456789--")


def day_of(text: str) -> date | None:
    """The day that a text names; None where it has no such form, or names a day that does not exist."""
    parts = _parts(text)
    if parts is None or no_such_day(text) is not None:
        return None
    return date(*parts)


def no_such_day(text: str) -> tuple[str, str] | None:
    """Why a text in the form of a day names none (in Chinese and English); None where it does, or has another form."""
    parts = _parts(text)
    if parts is None:
        return None
    year, month, day = parts
    if not year >= 1:
        return "没有公元 0 年", "there is no year 0"
    if not 1 <= month <= 12:
        return f"没有 {month} 月", f"there is no month {month}"
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        return f"{year} 年 {month} 月只有 1 日至 {last} 日", f"month {month} of {year} has the days 1 to {last}"
    return None


def _parts(text: str) -> tuple[int, int, int] | None:
    found = _DAY.fullmatch(text.translate(_HALF_WIDTH).strip())
    if found is None:
        return None
    year, *rest = (int(part) for part in found.groups() if part is not None)
    return year, rest[0], rest[1]
