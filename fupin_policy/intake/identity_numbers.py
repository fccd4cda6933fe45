"""Numbers of identity, read: what they tell, and whether they can be right. Their text goes no further than this.

In: a number as given. Out: `NumberReading`. Called by `number_facts` and by batches; hosts in other languages read the
same, held to `tests/intake/identity_numbers.json`.

GB 11643-1999: six digits of an area, eight of the day of birth, three of an order that is odd for men, and the check
character by ISO 7064, MOD 11-2. The numbers of 15 digits that went before have no check character and have not been
valid since 2013: nothing is taken from them but whose they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from fupin_policy.core.days import to_day
from fupin_policy.core.declarations import FormatKind
from fupin_policy.intake.notation import HALF_WIDTH, NONE_WORDS, UNKNOWN_WORDS

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
"""The check character by the remainder modulo 11 of the digits times their weights."""

LONGEST = 64
"""Characters of a text that may still name somebody."""

_WHOLE = re.compile(r"[1-9][0-9]{16}[0-9X]")
_OLD = re.compile(r"[1-9][0-9]{14}")
_MASKS = re.compile(r"[*•●█■?]")
_NOTHING = {word.upper() for word in (*UNKNOWN_WORDS, *NONE_WORDS)}
_BLANKS = re.compile(r"[\s\ufeff]+")


@dataclass(frozen=True, slots=True)
class NumberReading:
    """What a number tells: whether it stands there in full, whether it can be right (None: that cannot be seen); where
    it is right the day of birth, as days since 1970, and whether it is a man's; what is the same for the same person.
    """

    legible: bool
    valid: bool | None = None
    birth: int | None = None
    male: bool | None = None
    person: str | None = None


def read_identity(kind: FormatKind | None, raw: object) -> NumberReading | None:
    """What a number as given tells; None where nothing is given or there is none. Without a kind any text will do."""
    if raw is None or isinstance(raw, bool | float):
        return None if raw is None else NumberReading(False)
    text = written(str(raw))
    if not text or text in _NOTHING:
        return None
    if kind is None:
        named = len(text) <= LONGEST and not _MASKS.search(text)
        return NumberReading(named, person=text if named else None)
    if _OLD.fullmatch(text):
        return NumberReading(False, person=renewed(text))
    if not _WHOLE.fullmatch(text):
        return NumberReading(False)
    day = _day(text[6:14])
    if day is None or check_character(text) != text[17]:
        return NumberReading(True, False)
    return NumberReading(True, True, day, int(text[16]) % 2 == 1, text)


def written(text: str) -> str:
    """A number without what people and sheets write around its digits: blanks, an apostrophe before it, wide digits."""
    wide = text.translate(HALF_WIDTH).replace("Ｘ", "X").replace("ｘ", "X")
    return _BLANKS.sub("", wide).lstrip("'’‘`").upper()


def check_character(digits: str) -> str:
    """The last character of a number by its first 17 digits."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=False)) % 11]


def renewed(old: str) -> str:
    """The number of 18 characters that a number of 15 digits became: the year is of the twentieth century."""
    digits = f"{old[:6]}19{old[6:]}"
    return digits + check_character(digits)


def _day(digits: str) -> int | None:
    try:
        return to_day(date(int(digits[:4]), int(digits[4:6]), int(digits[6:])))
    except ValueError:
        return None
