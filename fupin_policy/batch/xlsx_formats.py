"""What the number formats of an Excel file say of the numbers shown in them: days, months, shares, digits.

In: an opened archive, or a format's number and code. Out: `NumberFormat`s. Called by `xlsx`.
"""

from __future__ import annotations

import re
import zipfile
from typing import Any, Literal

from fupin_policy.batch.xlsx_parts import FORMATS, elements, whole_number

NumberFormat = Literal["general", "day", "month", "year", "percent", "padded"]
"""What a cell's format says of its number. `padded`: digits with zeros in front."""

_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


_DATES = {14: "day", 15: "day", 16: "day", 17: "month", 22: "day", 27: "month", 28: "day", 29: "day", 30: "day"} | {
    31: "day", 36: "month", 50: "month", 51: "day", 52: "month", 53: "day", 54: "day", 55: "month", 56: "day",
    57: "month", 58: "day",
}  # fmt: skip
"""What numbers of formats that are in no list mean, in Chinese editions too."""


def styled_formats(archive: zipfile.ZipFile) -> list[tuple[NumberFormat, int]]:
    """For each number of a cell's style: what it says of a number."""
    codes: dict[int, str] = {}
    styles: list[int] = []
    if "xl/styles.xml" not in archive.namelist():
        return []
    for name, given, around in elements(archive, "xl/styles.xml", FORMATS):
        if name == "numFmt" and around == "numFmts":
            codes[whole_number(given.get("numFmtId"))] = given.get("formatCode", "")[:300]
        elif name == "xf" and around == "cellXfs":
            styles.append(whole_number(given.get("numFmtId")))
    return [number_format(number, codes.get(number)) for number in styles]


def number_format(number: int, code: str | None) -> tuple[NumberFormat, int]:
    """What a format says of a number: one of the known numbers, or a code such as `yyyy"年"m"月"`."""
    if code is None:
        form: Any = _DATES.get(number, "percent" if number in (9, 10) else "general")
        return form, 0
    signs = _NOT_SHOWN.sub("", code.split(";")[0]).lower()
    if "general" in signs or not signs:
        return "general", 0
    if "%" in signs:
        return "percent", 0
    if re.fullmatch("0{2,}", signs):
        return "padded", len(signs)
    if "y" in signs or "d" in signs or "h" in signs or "s" in signs or "m" in signs:
        dayless = "d" not in signs and "h" not in signs and "s" not in signs and "y" in signs
        return (("month" if "m" in signs else "year") if dayless else "day"), 0
    return "general", 0
