"""A sheet that is printed, ticked off and filed: A4 across, one page wide, headings on every page, filters.

In: columns, rows of cells, and what stands above them. Out: a sheet of a workbook. Called by `office_book`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from fupin_policy.batch.row_codes import CODE, NUMBER, REGISTER, BookIdentity, RowKey
from fupin_policy.batch.table_files import EXCEL_ROWS, check_cells
from fupin_policy.reports.paper_widths import FONT, PaperColumn, height, page_width, page_widths

ROWS_ABOVE = 3
"""What it is, what is to be known of it, and the headings."""
_IN_HEADER = 100
"""Letters in the header of a page, of which the form holds 255, the signs of its own included."""
CHOICES = "选项"
"""The hidden sheet in which the choices of cells stand."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet: its title, what stands on top of it and of each page, what is to be known of it, its columns."""

    title: str
    heading: str
    notes: Sequence[str]
    columns: Sequence[PaperColumn]
    always: bool = False
    """It is shown without rows, too."""
    legend: bool = False
    """It is long: printed a little smaller, with letters for words, and the notes that tell of them on every page."""


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
    sheet.set_margins(left=0.25, right=0.25, top=0.4, bottom=0.35)
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

    def code(self, title: str, shown: Sequence[tuple[str, str]], row: PaperRow) -> str | None:
        """The code of a row, which is told of in the hidden sheet with what people know it by."""
        if row.key is None:
            return None
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
        book, columns = self.within.book, _numbered(self.paper.columns)
        sheet = book.add_worksheet(self.title)
        last = len(columns) - 1
        self._pages(sheet)
        forms = _Forms(book)
        sheet.write_string(0, 0, self.paper.heading, book.add_format({"bold": True, "font_size": 12}))
        widths = page_widths(columns, [[None, *row.cells] for row in rows], self.paper.legend)
        self._notes(sheet, widths)
        for at, (column, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(ROWS_ABOVE - 1, at, column.heading, forms.heading())
        sheet.set_row(ROWS_ABOVE - 1, height(widths, [column.heading for column in columns]))
        group: str | None = None
        known = [_known(self.paper.columns, row) for row in rows]
        alike = Counter(known)
        for number, row in enumerate(rows):
            at, cells = ROWS_ABOVE + number, [self.before + number + 1, *row.cells]
            check_cells(self.title, self.before + number + 1, cells)
            sheet.set_row(at, height(widths, cells, self.paper.legend))
            for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
                sheet.write(at, place, cell, forms.cell(column, group not in (None, row.group)))
            # where ids are masked, or people of a household have one name, rows are told apart by their numbers only
            numbered = ((NUMBER, str(cells[0])),) if alike[known[number]] > 1 else ()
            if code := self.within.code(self.title, (*known[number], *numbered), row):
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

    def _notes(self, sheet: Any, widths: Sequence[float]) -> None:
        """What is to be known, in one cell across the sheet."""
        told = "；".join(self.paper.notes)
        sheet.set_row(1, height([page_width(widths)], [told]))
        form = self.within.book.add_format({"font_size": FONT, "text_wrap": True, "valign": "top"})
        sheet.merge_range(1, 0, 1, len(widths) - 1, "", form)
        sheet.write_string(1, 0, told, form)

    def _pages(self, sheet: Any) -> None:
        on_paper(sheet)
        head = self.paper.heading[:_IN_HEADER].replace("&", "&&")
        sheet.set_header(f"&L&9{head}", {"margin": 0.2})
        sheet.set_footer("&C&9第 &P 页，共 &N 页", {"margin": 0.2})
        sheet.repeat_rows(1 if self.paper.legend else ROWS_ABOVE - 1, ROWS_ABOVE - 1)
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
            own = {"font_size": FONT, "text_wrap": True, "valign": "vcenter", "border": 1}
            self.made[key] = self.book.add_format({**own, **given})
        return self.made[key]


def _numbered(columns: Sequence[PaperColumn]) -> list[PaperColumn]:
    return [PaperColumn(NUMBER, 3.6), *columns]


def _known(columns: Sequence[PaperColumn], row: PaperRow) -> tuple[tuple[str, str], ...]:
    """By which headings and cells people know a row."""
    cells = zip(columns, row.cells, strict=True)
    return tuple((column.heading, "" if cell is None else str(cell)) for column, cell in cells if column.known)
