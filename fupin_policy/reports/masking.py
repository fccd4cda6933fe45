"""Numbers of identity cards and telephones in any text, shown by their ends only.

In: a text, however the numbers in it are written. Out: the text with them masked. Called by `worklist`.
"""

from __future__ import annotations

import re
import unicodedata

_BETWEEN = r"[\s\-\u2010-\u2015\u2212－._·/]{0,2}"
"""What people write between digits."""


def _digits(count: int) -> str:
    return rf"[0-9](?:{_BETWEEN}[0-9]){{{count - 1}}}"


_LETTER = {"Ｘ": "X", "ｘ": "X", "×": "X"}
_PERSON = re.compile(rf"(?<![0-9])(?:{_digits(17)}{_BETWEEN}[0-9X](?![0-9])|{_digits(15)}(?![0-9]))", re.IGNORECASE)
_PHONE = re.compile(rf"(?<![0-9])(?:(?:00)?86{_BETWEEN})?(?P<own>1{_BETWEEN}{_digits(10)})(?![0-9])")
_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_LIKELY = re.compile(rf"[0-9]{{6}}(?:(?:1[89]|20)[0-9]{{2}}{_DAY}[0-9]{{3}}[0-9Xx]|[0-9]{{2}}{_DAY}[0-9]{{3}})")


def mask(value: str) -> str:
    """A text in which numbers of identity cards and mobile telephones show their ends only.

    A number is known by its digits, full-width or not, with blanks, hyphens or points between them or without. What has
    anything between its digits is masked where it can be such a number, what is written in one by its length alone.
    """
    plain = "".join(str(unicodedata.decimal(char, _LETTER.get(char, char))) for char in value)
    masked = _PHONE.sub(_phone, _PERSON.sub(_person, plain))
    return value if masked == plain else masked


def _person(found: re.Match[str]) -> str:
    digits = _joined(found[0])
    if digits != found[0] and not _LIKELY.fullmatch(digits):
        return found[0]
    return _ends(digits, 6, 4 if len(digits) == 18 else 3)


def _phone(found: re.Match[str]) -> str:
    digits = _joined(found["own"])
    if digits != found["own"] and digits[1] in "012":
        return found[0]
    return found[0][: found.start("own") - found.start()] + _ends(digits, 3, 4)


def _joined(written: str) -> str:
    return re.sub("[^0-9Xx]", "", written)


def _ends(digits: str, first: int, last: int) -> str:
    return digits[:first] + "*" * (len(digits) - first - last) + digits[-last:]
