"""A worklist in which something was filled in by hand, read back: answers, ticks, and what cannot be taken.

In: the path of a workbook, the program, the seals of a result. Out: `FilledWorkbook`. Called by `readback`.
A row is known by its code, wherever it stands now; what people know it by must be as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fupin_policy.batch.asked_facts import NamedFact, asked_fact, read_answer, use_of
from fupin_policy.batch.row_codes import (
    ANSWER,
    CODE,
    LINES_ABOVE,
    REGISTER,
    SIGNED,
    TICK,
    VISIT,
    BookIdentity,
    RowKey,
    book_of,
    key_of,
)
from fupin_policy.batch.row_seals import OpenedSeals
from fupin_policy.batch.sql import Use
from fupin_policy.batch.worksheets import cell_text, reading_workbook
from fupin_policy.batch.xlsx import Epoch, SheetCell, SheetRow, Workbook, column_letters, open_workbook
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.scalars import Fault, shown

_TICKED = frozenset("√✓✔☑■✅是已１1")
_NOT_TICKED = frozenset(f"{TICK}☐×✗✘☒否")
_APOSTROPHES = "'＇’"


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """Where in a workbook something stands: its sheet, the row, the column's letters and heading."""

    file: str
    sheet: str
    row: int
    column: str = ""
    heading: str = ""

    @property
    def text(self) -> str:
        """`工作簿.xlsx:上门核实!F12`; without the row where that is gone."""
        return f"{self.file}:{self.sheet}" + (f"!{self.column}{self.row}" if self.row else "")


@dataclass(frozen=True, slots=True)
class FilledAnswer:
    """The value that was filled in for a household's fact, as it is written, and who signed for it when."""

    household: str
    asked: NamedFact
    text: str
    value: tuple[int, int, int]
    signed: str
    place: SheetPlace


@dataclass(frozen=True, slots=True)
class FilledTick:
    """A row that was ticked, or signed for."""

    household: str
    subject: str
    ticked: bool
    signed: str
    place: SheetPlace


@dataclass(frozen=True, slots=True)
class FilledRefusal:
    """What cannot be taken: where it stands, of which household, what was filled in, and what is wrong."""

    place: SheetPlace
    household: str
    given: str
    fault: Fault


@dataclass(slots=True)
class FilledWorkbook:
    """All that was filled in in a workbook."""

    origin: BookIdentity
    answers: list[FilledAnswer] = field(default_factory=list)
    ticks: list[FilledTick] = field(default_factory=list)
    refused: list[FilledRefusal] = field(default_factory=list)


def read_filled(
    path: Path, program: Program, reporter: Reporter, seals: OpenedSeals | None = None
) -> FilledWorkbook | None:
    """What was filled in; None, with what is wrong reported, where it is no worklist, or one of other rules or another
    result than that of the `seals`.

    Raises InputError where it is no workbook, and OSError.
    """
    with reading_workbook(path), open_workbook(path) as book:
        lines = _register(book)
        origin = book_of(lines[0]) if lines else None
        if origin is None:
            reporter.report("B220", path.name, file=path.name)
            return None
        if (origin.ruleset, origin.digest) != (program.id, program.digest):
            reporter.report("B222", path.name, file=path.name, found=origin.ruleset, wanted=program.id)
            return None
        if seals is not None and origin.mark and origin.mark != seals.seal.mark:
            reporter.report("B237", path.name, file=path.name, result=seals.name)
            return None
        return _Reader(path.name, book, program, lines[LINES_ABOVE:], FilledWorkbook(origin), seals).read()


def _register(book: Workbook) -> list[list[str]]:
    """The lines of the hidden sheet; a row that is gone is an empty one."""
    sheet = next((one for one in book.sheets if one.name == REGISTER), None)
    lines: list[list[str]] = []
    for row in () if sheet is None else book.rows(sheet):
        lines += [[] for _ in range(row.number - 1 - len(lines))]
        cells = {cell.column: cell.text.strip() for cell in row.cells}
        lines.append([cells.get(at, "") for at in range(max(cells, default=-1) + 1)])
    return lines


@dataclass(frozen=True, slots=True)
class _Line:
    """A row as it was written: whose, by what people know it; None where the hidden sheet was changed there."""

    sheet: str
    key: RowKey
    shown: Sequence[tuple[str, str]]

    @property
    def household(self) -> str:
        """Whose it is; "" where that is sealed."""
        return "" if self.key.sealed else self.key.household


def _opened(key: RowKey, seals: OpenedSeals | None) -> RowKey:
    """Of what a row is, where its ids are sealed and the result has them."""
    household = None if seals is None or not key.sealed else seals.households.get(key.household)
    member = "" if seals is None or not key.member else seals.members.get(key.member)
    if household is None or member is None:
        return key
    return RowKey(household, key.subject, member)


class _Reader:
    """Reads the sheets of one workbook."""

    def __init__(
        self,
        file: str,
        book: Workbook,
        program: Program,
        lines: Sequence[Sequence[str]],
        found: FilledWorkbook,
        seals: OpenedSeals | None,
    ) -> None:
        self._file, self._book, self._program, self._found = file, book, program, found
        self._lines: dict[str, _Line] = {}
        for number, line in enumerate(lines):
            if found.origin.line_is_own(number, line):
                sheet, key, known = key_of(line)
                self._lines[line[0]] = _Line(sheet, _opened(key, seals), known)
        self._seen: set[str] = set()

    def read(self) -> FilledWorkbook:
        """All sheets that the hidden one tells of."""
        there = {sheet.name: sheet for sheet in self._book.sheets}
        for name in dict.fromkeys(line.sheet for line in self._lines.values()):
            rows = iter(()) if name not in there else self._book.rows(there[name])
            columns = self._headings(rows)
            needed = (CODE, SIGNED, TICK, *([ANSWER] if name.startswith(VISIT) else []))
            if lost := [heading for heading in needed if heading not in columns]:
                count = sum(line.sheet == name for line in self._lines.values())
                words = (("sheet", name), ("lost", lost if name in there else [name]), ("count", count))
                self._refuse(SheetPlace(self._file, name, 1), "", "", Fault("B223", words))
                self._seen |= {code for code, line in self._lines.items() if line.sheet == name}
                continue
            for row in rows:
                self._row(_Row(SheetPlace(self._file, name, row.number), row, columns, self._book.epoch))
        for code, line in self._lines.items():
            if code not in self._seen:
                known = "，".join(text for _, text in line.shown)
                self._refuse(SheetPlace(self._file, line.sheet, 0), line.household, known, Fault("B226"))
        return self._found

    def _headings(self, rows: Iterator[SheetRow]) -> dict[str, int]:
        """Where the columns stand by their headings, which stand in one row with that of the codes."""
        for row in rows:
            found = {cell.text.strip(): cell.column for cell in row.cells}
            if CODE in found:
                return found
        return {}

    def _row(self, row: _Row) -> None:
        code = row.text(CODE)
        line = self._lines.get(code)
        filled = row.is_filled(ANSWER) or row.is_filled(SIGNED) or row.text(TICK) not in ("", TICK)
        if line is None or line.sheet != row.place.sheet:
            if filled:
                self._refuse(row.at(CODE), "", row.text(ANSWER), Fault("B224"))
            return
        self._seen.add(code)
        for heading, was in line.shown:
            given = row.text(heading)
            if given != was:
                words = (("name", heading), ("given", shown(given)), ("was", shown(was)))
                self._refuse(row.at(heading), line.household, given, Fault("B225", words))
                return
        if not filled:
            return
        if line.key.sealed:
            self._refuse(row.at(ANSWER), "", row.text(ANSWER), Fault("B227"))
            return
        signed = row.said(SIGNED, "other")
        signed_text = row.text(SIGNED) if isinstance(signed, Fault) else signed or ""
        self._tick(row, line.key, signed_text)
        if ANSWER in row.columns:
            self._answer(row, line.key, signed_text)

    def _tick(self, row: _Row, key: RowKey, signed: str) -> None:
        given = row.text(TICK)
        ticked = given in _TICKED
        if given and not ticked and given not in _NOT_TICKED:
            self._refuse(row.at(TICK), key.household, given, Fault("B228", (("given", shown(given)),)))
        elif ticked or signed:
            self._found.ticks.append(FilledTick(key.household, key.text, ticked, signed, row.at(TICK)))

    def _answer(self, row: _Row, key: RowKey, signed: str) -> None:
        asked, place = asked_fact(key.text, self._program), row.at(ANSWER)
        said = row.said(ANSWER, "other" if asked is None else use_of(asked.fact))
        if said is None:
            return
        given = row.text(ANSWER)
        if isinstance(said, Fault):
            self._refuse(place, key.household, given, said)
            return
        if asked is None:
            self._refuse(place, key.household, given, Fault("B221", (("name", key.text),)))
            return
        text = said.lstrip(_APOSTROPHES).strip()
        read = read_answer(asked, text, self._program)
        if read.fault is not None:
            self._refuse(place, key.household, given, read.fault)
        elif read.value is not None:
            self._found.answers.append(FilledAnswer(key.household, asked, text, read.value, signed, place))

    def _refuse(self, place: SheetPlace, household: str, given: str, fault: Fault) -> None:
        self._found.refused.append(FilledRefusal(place, household, given, fault))


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a sheet with the columns of that by their headings."""

    place: SheetPlace
    row: SheetRow
    columns: Mapping[str, int]
    epoch: Epoch

    def cell(self, heading: str) -> SheetCell | None:
        """The cell under a heading."""
        at = self.columns.get(heading)
        return None if at is None else next((cell for cell in self.row.cells if cell.column == at), None)

    def text(self, heading: str) -> str:
        """What stands in the file under a heading."""
        found = self.cell(heading)
        return "" if found is None else found.text.strip()

    def is_filled(self, heading: str) -> bool:
        """Whether anything stands under a heading, be it a formula without a value."""
        found = self.cell(heading)
        return found is not None and (bool(found.text.strip()) or found.kind == "f")

    def said(self, heading: str, use: Use) -> str | Fault | None:
        """What a cell says, as it would be typed."""
        found = self.cell(heading)
        return None if found is None else cell_text(found, use, self.epoch)

    def at(self, heading: str) -> SheetPlace:
        """Where that is."""
        letters = column_letters(self.columns[heading]) if heading in self.columns else ""
        return SheetPlace(self.place.file, self.place.sheet, self.place.row, letters, heading)
