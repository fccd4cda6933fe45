"""What makes a list readable that was filled in by hand: a code in each row, and a hidden sheet that says of which.

In: whose rows of a sheet are. Out: their codes and the lines of that sheet. Written by `reports/paper_sheet`, read by
`filled_workbooks`.
Rows may be sorted and filtered, and codes go with them. A code is made of what it stands for, so that one of another
workbook, or one that was changed, is not taken for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

REGISTER = "回读"
"""The hidden sheet that says of what rows are."""
CODE = "回读码"
"""The heading of the hidden column with the codes."""
ANSWER, SIGNED, TICK = "答", "日期、签名", "□"
"""The headings of what is filled in; the last is the cell of what is not ticked, too."""
VISIT = "上门核实"
"""The sheet in which answers are filled in; where it is too long there is a second, with a number behind."""

_FORM = "fupin-1"
_DIGITS = 8
LINES_ABOVE = 2
"""Lines of that sheet above those of rows."""


@dataclass(frozen=True, slots=True)
class RowKey:
    """Of what a row is: the household, and what of it, such as a fact to be asked, `m1.残疾等级`.

    Where numbers of persons are hidden it has none of its own, and cannot be read back.
    """

    household: str
    subject: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class BookIdentity:
    """Of which rules, which day and which office a workbook is."""

    ruleset: str
    digest: str
    as_of: date
    office: str

    def lines(self) -> list[list[str]]:
        """What stands on top of the hidden sheet."""
        said = [_FORM, self.ruleset, self.digest, self.as_of.isoformat(), self.office]
        return [said, [CODE, "工作表", "户编号", "事项", "看到的"]]

    def line(self, number: int, sheet: str, key: RowKey, shown: Sequence[tuple[str, str]]) -> list[str]:
        """The line of a row; `shown` are its headings and cells by which people know it."""
        told = RowKey("", "") if key.hidden else key
        cells = [sheet, told.household, told.subject, *(text for pair in shown for text in pair)]
        return [self._code(number, cells), *cells]

    def line_is_own(self, number: int, line: Sequence[str]) -> bool:
        """Whether a line is as it was written."""
        return bool(line) and line[0] == self._code(number, list(line[1:]))

    def _code(self, number: int, cells: Sequence[str]) -> str:
        # what is blank at the end is no cell, and what stands around a text is not kept
        told = "\0".join(cell.strip() for cell in cells).rstrip("\0")
        said = "\0".join([_FORM, self.digest, self.as_of.isoformat(), self.office, told])
        return f"{number + 1}-{hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]}"


def book_of(line: Sequence[str]) -> BookIdentity | None:
    """What the first line of such a sheet says; None where it is none."""
    if len(line) < 5 or line[0] != _FORM:
        return None
    try:
        return BookIdentity(line[1], line[2], date.fromisoformat(line[3]), line[4])
    except ValueError:
        return None


def key_of(line: Sequence[str]) -> tuple[str, RowKey, list[tuple[str, str]]]:
    """The sheet, whose the row is, and by which headings and cells people know it."""
    _, sheet, household, subject, *shown = [*line, "", "", ""]
    return sheet, RowKey(household, subject, not household), list(zip(shown[::2], shown[1::2], strict=False))
