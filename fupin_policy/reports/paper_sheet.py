"""A sheet that is printed, ticked off and filed: A4 across, one page wide, headings on every page, filters.

In: columns, rows of cells, and what stands above them. Out: a sheet of a workbook. Called by `office_book`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from fupin_policy.batch.row_codes import CODE, REGISTER, BookIdentity, RowKey
from fupin_policy.batch.table_files import EXCEL_ROWS, check_cells
from fupin_policy.diagnostics.showing import width_of

ROWS_ABOVE = 3
"""What it is, what is to be known of it, and the headings."""
_FONT, _LINE = 7.5, 10
"""Points of the letters, and from line to line."""
_HALF_WIDTHS = 1.35
"""Letters of half width, of that font, in the width of a digit by which columns are measured."""
_FEWEST = 175
"""Digits across a page, if the columns are as wide: with fewer of them, larger, a list would take more pages."""
_HIGHEST = 400.0
"""Points that a row may take."""
_IN_HEADER = 100
"""Letters in the header of a page, of which the form holds 255, the signs of its own included."""
CHOICES = "选项"
"""The hidden sheet in which the choices of cells stand."""


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column: its heading, its width in digits, the form of its numbers ("" for texts), whether it is added up.

    By what stands in `known` ones people know the row, so that it can be told whether that was changed.
    """

    heading: str
    width: int
    numbers: str = ""
    total: bool = False
    known: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet: its title, what stands on top of it and of each page, what is to be known of it, its columns."""

    title: str
    heading: str
    notes: Sequence[str]
    columns: Sequence[PaperColumn]
    always: bool = False
    """It is shown without rows, too."""


@dataclass(frozen=True, slots=True)
class PaperRow:
    """Cells of a row. `group` parts rows by a line; one of `choices`, or another if `open`, is for the cell `at`.

    `key` says of what it is, where what is filled in can be read back.
    """

    cells: Sequence[Any]
    group: str = ""
    choices: tuple[str, ...] = ()
    open: bool = False
    at: int = 0
    key: RowKey | None = None


def money_form(decimals: int) -> str:
    """How a cell with an amount is shown."""
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def on_paper(sheet: Any) -> None:
    """Have a sheet printed on A4 across, one page wide."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


@dataclass(frozen=True, slots=True)
class PaperBook:
    """A workbook of such sheets while it is written. `choices` are those that cells have so far, `lines` of rows."""

    book: Any
    origin: BookIdentity
    lines: list[list[str]] = field(default_factory=list)
    choices: dict[tuple[str, ...], int] = field(default_factory=dict)

    def write(self, paper: Paper, rows: Iterable[PaperRow]) -> int:
        """Write a sheet, and further ones where one is full; rows are numbered in a column before. How many there were.

        Raises InputError for a text that a cell cannot hold.
        """
        count, left = 0, iter(rows)
        while True:
            part = list(islice(left, EXCEL_ROWS))
            if not part and count:
                return count
            title = paper.title if not count else f"{paper.title}{count // EXCEL_ROWS + 1}"
            _PaperSheet(self, paper, title, count).write(part)
            count += len(part)
            if len(part) < EXCEL_ROWS:
                return count

    def finish(self) -> None:
        """Write the choices of all sheets."""
        if self.choices:
            sheet = self.book.add_worksheet(CHOICES)
            sheet.hide()
            for choices, at in self.choices.items():
                sheet.write_column(0, at, choices)
        if self.lines:
            sheet = self.book.add_worksheet(REGISTER)
            sheet.hide()
            for number, line in enumerate([*self.origin.lines(), *self.lines]):
                for at, cell in enumerate(line):
                    sheet.write_string(number, at, cell)

    def code(self, title: str, columns: Sequence[PaperColumn], row: PaperRow) -> str | None:
        """The code of a row, which is told of in the hidden sheet."""
        if row.key is None:
            return None
        shown = [
            (column.heading, "" if cell is None else str(cell))
            for column, cell in zip(columns, row.cells, strict=True)
            if column.known
        ]
        self.lines.append(self.origin.line(len(self.lines), title, row.key, shown))
        return self.lines[-1][0]

    def of_choices(self, choices: tuple[str, ...]) -> str:
        """Where choices stand, as a formula."""
        from xlsxwriter.utility import xl_range_abs

        at = self.choices.setdefault(choices, len(self.choices))
        return f"='{CHOICES}'!{xl_range_abs(0, at, len(choices) - 1, at)}"


@dataclass(frozen=True, slots=True)
class _PaperSheet:
    """One sheet while it is written, after `before` rows on others."""

    within: PaperBook
    paper: Paper
    title: str
    before: int

    def write(self, rows: Sequence[PaperRow]) -> None:
        book, columns = self.within.book, _fitting(_numbered(self.paper.columns), rows)
        sheet = book.add_worksheet(self.title)
        last = len(columns) - 1
        self._pages(sheet, last)
        forms = _Forms(book)
        sheet.write_string(0, 0, self.paper.heading, book.add_format({"bold": True, "font_size": 12}))
        sheet.write_string(1, 0, "；".join(self.paper.notes), book.add_format({"font_size": _FONT}))
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(ROWS_ABOVE - 1, at, column.heading, forms.heading())
        sheet.set_row(ROWS_ABOVE - 1, _height(columns, [column.heading for column in columns]))
        group: str | None = None
        for number, row in enumerate(rows):
            at, cells = ROWS_ABOVE + number, [self.before + number + 1, *row.cells]
            check_cells(self.title, self.before + number + 1, cells)
            sheet.set_row(at, _height(columns, cells))
            for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
                sheet.write(at, place, cell, forms.cell(column, group not in (None, row.group)))
            if code := self.within.code(self.title, self.paper.columns, row):
                sheet.write_string(at, last + 1, code)
            group = row.group
        end, coded = ROWS_ABOVE + len(rows), any(row.key is not None for row in rows)
        if coded:
            sheet.write_string(ROWS_ABOVE - 1, last + 1, CODE)
            sheet.set_column(last + 1, last + 1, 12, None, {"hidden": True})
        # codes go along when rows are sorted
        sheet.autofilter(ROWS_ABOVE - 1, 0, max(end - 1, ROWS_ABOVE - 1), last + coded)
        self._choices(sheet, rows)
        if not rows and not self.paper.always:
            sheet.hide()
        if rows and any(column.total for column in columns):
            self._totals(sheet, columns, rows, end, forms)

    def _pages(self, sheet: Any, last: int) -> None:
        on_paper(sheet)
        sheet.set_margins(left=0.3, right=0.3, top=0.5, bottom=0.45)
        head = self.paper.heading[:_IN_HEADER].replace("&", "&&")
        sheet.set_header(f"&L&9{head}", {"margin": 0.2})
        sheet.set_footer("&C&9第 &P 页，共 &N 页", {"margin": 0.2})
        sheet.repeat_rows(ROWS_ABOVE - 1)
        sheet.freeze_panes(ROWS_ABOVE, 0)

    def _choices(self, sheet: Any, rows: Sequence[PaperRow]) -> None:
        """Cells in which one of some choices is to be filled in show them when they are entered."""
        cells: dict[tuple[tuple[str, ...], bool, int], list[int]] = {}
        for number, row in enumerate(rows):
            if row.choices:
                cells.setdefault((row.choices, row.open, row.at + 1), []).append(ROWS_ABOVE + number)
        for (choices, may, column), at in cells.items():
            others = [[row, column, row, column] for row in at]
            said = {"validate": "list", "source": self.within.of_choices(choices), "other_cells": others[1:]}
            told = {"error_type": "information" if may else "stop", "error_message": "请从列出的各项中选"}
            sheet.data_validation(*others[0], {**said, **told})

    def _totals(
        self, sheet: Any, columns: Sequence[PaperColumn], rows: Sequence[PaperRow], end: int, forms: _Forms
    ) -> None:
        """Sums of what the filters show."""
        from xlsxwriter.utility import xl_col_to_name

        sheet.write_string(end, 0, "合计", forms.heading())
        for at, column in enumerate(columns[1:], 1):
            if not column.total:
                sheet.write_blank(end, at, None, forms.heading())
                continue
            total = sum(row.cells[at - 1] for row in rows if row.cells[at - 1] is not None)
            name = xl_col_to_name(at)
            formula = f"=SUBTOTAL(109,{name}{ROWS_ABOVE + 1}:{name}{end})"
            sheet.write_formula(end, at, formula, forms.total(column), total)


@dataclass(frozen=True, slots=True)
class _Forms:
    """How cells look, each form made once."""

    book: Any
    made: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def heading(self) -> Any:
        """Of headings, and of what is no sum in the line of sums."""
        return self._of(bold=True, bg_color="#E8E8E8")

    def total(self, column: PaperColumn) -> Any:
        """Of a sum."""
        return self._of(bold=True, bg_color="#E8E8E8", num_format=column.numbers)

    def cell(self, column: PaperColumn, parted: bool) -> Any:
        """Of a cell, with a thick line above where another group begins."""
        numbers = {"num_format": column.numbers} if column.numbers else {}
        return self._of(**numbers, **({"top": 2} if parted else {}))

    def _of(self, **given: Any) -> Any:
        key = tuple(given.items())
        if key not in self.made:
            own = {"font_size": _FONT, "text_wrap": True, "valign": "vcenter", "border": 1}
            self.made[key] = self.book.add_format({**own, **given})
        return self.made[key]


def _numbered(columns: Sequence[PaperColumn]) -> list[PaperColumn]:
    return [PaperColumn("序号", 5), *columns]


def _fitting(columns: Sequence[PaperColumn], rows: Sequence[PaperRow]) -> list[PaperColumn]:
    """No column is wider than its texts; those to be filled in get what is left of `_FEWEST` in all.

    So letters are as large on paper as may be.
    """
    fitting = [columns[0]]
    for at, column in enumerate(columns[1:]):
        texts = [cell for row in rows if isinstance(cell := row.cells[at], str) and cell]
        widest = max(width_of(text) for text in [column.heading, *texts])
        fitting.append(replace(column, width=min(column.width, int(widest / _HALF_WIDTHS) + 2)) if texts else column)
    filled = [at for at, column in enumerate(columns) if at and all(row.cells[at - 1] is None for row in rows)]
    whole = min(_FEWEST, sum(column.width for column in columns))
    left = max(0, whole - sum(column.width for column in fitting)) // max(1, len(filled))
    return [replace(one, width=one.width + left) if at in filled else one for at, one in enumerate(fitting)]


def _height(columns: Sequence[PaperColumn], cells: Sequence[Any]) -> float:
    """Points that a row takes with its texts wrapped."""
    lines = max(
        (
            -(-width_of(cell) // max(1, int(column.width * _HALF_WIDTHS)))
            for column, cell in zip(columns, cells, strict=True)
            if isinstance(cell, str) and cell
        ),
        default=1,
    )
    return min(max(lines, 1) * _LINE + 2, _HIGHEST)
