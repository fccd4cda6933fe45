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
NUMBER = "序号"
"""The heading of rows' numbers on a sheet."""
ANSWER, SIGNED, TICK = "答", "日期、签名", "□"
"""The headings of what is filled in; the last is the cell of what is not ticked, too."""
VISIT = "上门核实"
"""The sheet in which answers are filled in; where it is too long there is a second, with a number behind."""

_FORM = "fupin-1"
_DIGITS = 8
_PART = ":"
"""What parts sealed ids from what the row is of: then the household has no cell of its own."""
LINES_ABOVE = 2
"""Lines of that sheet above those of rows."""


@dataclass(frozen=True, slots=True)
class RowKey:
    """Of what a row is: the household, which member, and what of them, such as a fact to be asked.

    Where numbers of persons are hidden both ids are `sealed`, and only who has the result can read it back.
    """

    household: str
    subject: str = ""
    member: str = ""
    sealed: bool = False

    @property
    def text(self) -> str:
        """The subject with whose it is, as a result says it: `m1.残疾等级`."""
        return f"{self.member}.{self.subject}" if self.member else self.subject


@dataclass(frozen=True, slots=True)
class BookIdentity:
    """Of which rules, which day and which office a workbook is; `mark` tells of which result, where ids are sealed."""

    ruleset: str
    digest: str
    as_of: date
    office: str
    mark: str = ""

    def lines(self) -> list[list[str]]:
        """What stands on top of the hidden sheet."""
        said = [_FORM, self.ruleset, self.digest, self.as_of.isoformat(), self.office, self.mark]
        return [said, [CODE, "工作表", "户编号", "事项", "看到的"]]

    def line(self, number: int, sheet: str, key: RowKey, shown: Sequence[tuple[str, str]]) -> list[str]:
        """The line of a row; `shown` are its headings and cells by which people know it."""
        told = ("", _PART.join((key.household, key.member, key.subject))) if key.sealed else (key.household, key.text)
        cells = [sheet, *told, *(text for pair in shown for text in pair)]
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
        return BookIdentity(line[1], line[2], date.fromisoformat(line[3]), line[4], "".join(line[5:6]))
    except ValueError:
        return None


def key_of(line: Sequence[str]) -> tuple[str, RowKey, list[tuple[str, str]]]:
    """The sheet, whose the row is, and by which headings and cells people know it.

    Of ids that are not sealed the member's stands within the subject.
    """
    _, sheet, household, subject, *shown = [*line, "", "", ""]
    known = list(zip(shown[::2], shown[1::2], strict=False))
    if household:
        return sheet, RowKey(household, subject), known
    # lists that were written before ids could be sealed say nothing here
    sealed, member, rest = [*subject.split(_PART, 2), "", ""][:3]
    return sheet, RowKey(sealed, rest, member, sealed=True), known
