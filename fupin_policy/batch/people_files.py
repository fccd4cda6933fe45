"""Results for people as files: a CSV that spreadsheets open rightly, a workbook whose amounts add up.

In: tables of decisions and a `PeopleForm`. Out: a file. Called by `destinations`; `people_reading` reads it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv

from fupin_policy.batch.people_cells import EXACT, IN_CSV, IN_SHEETS, MONEY, POLICY
from fupin_policy.batch.people_form import PeopleForm, PeopleLayout
from fupin_policy.batch.people_reading import NOTES_SHEET, RESULT_SHEET
from fupin_policy.batch.table_files import BOM, EXCEL_ROWS, check_cells, open_workbook


def write_people(form: PeopleForm, suffix: str, path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    """A result as a file of one of PEOPLE_FORMS, wherever it is to stand. Raises InputError for a text too long."""
    layout = form.layout(schema)
    if suffix == ".csv":
        _write_csv(layout, path, tables)
    else:
        _write_workbook(layout, path, tables)


def _write_csv(layout: PeopleLayout, path: Path, tables: Iterable[pa.Table]) -> None:
    head = [heading for _, heading in layout.shown]
    width, rows = max(len(head), 5), 0
    with path.open("wb") as file:
        file.write(BOM + _line(head, width))
        for table in tables:
            found = layout.table(table, IN_CSV)
            for at in range(len(head), width):
                found = found.append_column(f"_{at}", pa.nulls(found.num_rows, pa.string()))
            pyarrow.csv.write_csv(found, file, pyarrow.csv.WriteOptions(include_header=False))
            rows += table.num_rows
        file.write(_line([], width))
        for row in layout.notes(rows):
            file.write(_line(map(IN_CSV.written, row), width))


def _line(given: Iterable[str], width: int) -> bytes:
    """A line in which each cell that has a text is quoted."""
    quoted = ['"' + cell.replace('"', '""') + '"' if cell else "" for cell in given]
    return (",".join([*quoted, *[""] * (width - len(quoted))]) + "\n").encode()


def _write_workbook(layout: PeopleLayout, path: Path, tables: Iterable[pa.Table]) -> None:
    rows = (
        row
        for table in tables
        for row in zip(*(one.to_pylist() for one in layout.table(table, IN_SHEETS).columns), strict=True)
    )
    count = 0
    with open_workbook(path, constant_memory=True) as book:
        forms = _forms(book, layout)
        while (part := list(islice(rows, 1))) or not count:
            sheet = _sheet(book, layout, count // EXCEL_ROWS + 1, forms)
            for number, row in enumerate(chain(part, islice(rows, EXCEL_ROWS - 1)), 1):
                check_cells(RESULT_SHEET, count + 1, row)
                sheet.write_row(number, 0, list(map(_cell, row)))
                count += 1
            if not part:
                break
        notes = book.add_worksheet(NOTES_SHEET)
        notes.set_column(0, 4, 24)
        for number, texts in enumerate(layout.notes(count)):
            notes.write_row(number, 0, list(map(IN_SHEETS.written, texts)))


def _forms(book: Any, layout: PeopleLayout) -> dict[str, Any]:
    """How cells of columns are shown: amounts with all their decimals."""
    zeros = "0" * layout.form.ruleset.program.decimals
    money = book.add_format({"num_format": f"#,##0.{zeros}" if zeros else "#,##0"})
    kinds = {column.name: column.kind for column in layout.columns}
    head = {"head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})}
    return head | {name: money for name, kind in kinds.items() if kind.startswith(f"{MONEY}.")}


def _sheet(book: Any, layout: PeopleLayout, number: int, forms: dict[str, Any]) -> Any:
    sheet = book.add_worksheet(RESULT_SHEET if number == 1 else f"{RESULT_SHEET}{number}")
    sheet.freeze_panes(1, 0)
    for at, (name, heading) in enumerate(layout.shown):
        sheet.set_column(at, at, 24 if name in (POLICY, "missing") else 14, forms.get(name))
        sheet.write_string(0, at, heading, forms["head"])
    return sheet


def _cell(value: Any) -> Any:
    """A number as one where a spreadsheet keeps all its digits, else as a text."""
    if not isinstance(value, int | Decimal):
        return value
    exact = Decimal(value)
    return value if EXACT.create_decimal(exact) == exact else f"{exact:f}"
