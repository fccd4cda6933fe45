"""What a county's sheet writes where a form would have a plain value, read where it has one meaning only.

In: a text that the fact's own reader refused, and the fact. Out: the text as that reader takes it.
Called by `column_readers`.
`¥3,000` and `1.2万元` are amounts, `√` is yes, `1级` is 一级; a dash says that nothing is given.
"""

from __future__ import annotations

import re
from decimal import Decimal

from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.types import Number

NOTHING = ""
"""In place of a value: none is given."""

MAX_LENGTH = 40

_DASHES = re.compile(r"[-—–－―_/／\s]+")
_TICKS = dict.fromkeys("√✓✔☑", "是") | dict.fromkeys("×✗✘☒", "否")
_AMOUNT = re.compile(
    r"(?P<sign>[¥￥])?\s*(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(?P<many>[万亿])?\s*(?P<unit>[元圆])?(?P<share>%)?"
)
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，－＋％", "0123456789.,-+%")
_MANY = {None: 0, "万": 4, "亿": 8}
_NUMERALS, _DIGITS = "一二三四五六七八九", "123456789"
_PERCENT = -2


def as_meant(text: str, fact: FactDecl) -> str | None:
    """The text as the fact's reader takes it; None where it has no meaning, or more than one."""
    plain = text.strip()
    if len(plain) > MAX_LENGTH:
        return None
    if _DASHES.fullmatch(plain):
        return NOTHING
    match fact.kind:
        case "truth":
            return _TICKS.get(plain)
        case "number" if isinstance(fact.type, Number):
            return _amount(plain.translate(_HALF_WIDTH), fact, fact.type)
        case "code":
            return _grade(plain)
        case _:
            return None


def _amount(text: str, fact: FactDecl, type_: Number) -> str | None:
    """A number with the fact's own unit beside it, in the fact's unit."""
    found = _AMOUNT.fullmatch(text)
    money = found is not None and (found["sign"] or found["unit"])
    if found is None or not (money or found["many"] or found["share"]):
        return None  # a bare number is the fact's own reader's to judge
    if found["share"]:
        fits = fact.power == _PERCENT and not money and not found["many"]
    elif money:
        fits = type_.unit == (("yuan", 1),)
    else:
        fits = fact.power == 0
    if not fits:
        return None
    power = _MANY[found["many"]] - (fact.power if money else 0)
    value = f"{Decimal(found['number'].replace(',', '')).scaleb(power):f}"
    return value.rstrip("0").rstrip(".") if "." in value else value


def _grade(text: str) -> str | None:
    """A word with a digit in it with the numeral instead; one with blanks inside without; one with a numeral."""
    closed = "".join(text.translate(_HALF_WIDTH).split())
    if re.search(r"(?<![0-9])[1-9](?![0-9])", closed):
        closed = closed.translate(str.maketrans(_DIGITS, _NUMERALS))
    elif closed == text:
        closed = closed.translate(str.maketrans(_NUMERALS, _DIGITS))
    return closed if closed != text else None
