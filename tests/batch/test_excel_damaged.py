"""Workbooks as somebody hostile would make them, damaged ones, and files that are none."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from workbooks import HEADER, rows_of, workbook

from fupin_policy import InputError
from fupin_policy.batch.sources import open_table
from fupin_policy.batch.sql import ROW


def parts(path: Path, **changed: bytes | None) -> Path:
    """A good workbook with some of its parts changed or left out."""
    good = path.with_name("good.xlsx")
    with xlsxwriter.Workbook(good) as book:
        sheet = book.add_worksheet("表")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["1", "甲"])
    names = {"sheet": "xl/worksheets/sheet1.xml", "texts": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
    names |= {"book": "xl/workbook.xml", "related": "xl/_rels/workbook.xml.rels"}
    given = {names[key]: value for key, value in changed.items()}
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = given.get(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return path


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_of(cells: bytes) -> bytes:
    return b"<worksheet " + MAIN + b"><sheetData>" + cells + b"</sheetData></worksheet>"


@pytest.mark.fault("C2")
@pytest.mark.parametrize(
    "changed",
    [
        {"texts": b"<sst " + MAIN + b"><si><t>" + b"a" * 60_000_000 + b"</t></si></sst>"},
        {"texts": b"<sst " + MAIN + b"><si><t>" + b"a" * 40_000 + b"</t></si></sst>"},
        {"styles": b"<styleSheet " + MAIN + b"><fonts>" + b"<font/>" * 10_000_000 + b"</fonts></styleSheet>"},
        {"sheet": sheet_of(b"<row/>" * 5_000_000)},
        {"sheet": sheet_of(b"<row>" + b"<c/>" * 1_000_000 + b"</row>")},
        {"book": b'<!DOCTYPE a [<!ENTITY b "c">]><workbook/>'},
    ],
    ids=["one text", "a long text", "fonts", "rows", "cells", "definitions"],
)
def test_bombs_are_refused_at_once(tmp_path: Path, changed: dict[str, bytes]) -> None:
    path = parts(tmp_path / "bomb.xlsx", **changed)
    begun = time.process_time()
    with pytest.raises(InputError, match="B162"):
        rows_of(path)
    assert time.process_time() - begun < 2


def test_the_last_column_of_excel_is_read_and_none_beyond(tmp_path: Path) -> None:
    def sheet(column: str) -> dict[str, bytes]:
        rows = (f'<row><c r="A{row}"><v>{row}</v></c><c r="{column}{row}"><v>7{row}</v></c></row>' for row in (1, 2))
        return {"sheet": sheet_of("".join(rows).encode())}

    (row,) = rows_of(parts(tmp_path / "last.xlsx", **sheet("XFD")), uses={})
    assert {row["1"], row["71"]} == {"2", "72"}
    with pytest.raises(InputError, match="B162"):
        rows_of(parts(tmp_path / "beyond.xlsx", **sheet("XFE")), uses={})


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize("at", [0, 1])
def test_the_longest_text_of_excel_is_read_and_none_beyond(tmp_path: Path, inline: bool, at: int) -> None:
    """A cell of Excel holds 32,767 characters."""

    def sheet(length: int) -> dict[str, bytes]:
        texts = ["甲", "乙"]
        texts[at] = "丙" * length
        parts = [f"<t>{text}</t>" for text in texts]
        kinds = [f't="inlineStr"><is>{part}</is>' for part in parts] if inline else ['t="s"><v>0</v>', 't="s"><v>1</v>']
        rows = "".join(f'<row><c r="A{row}" {kind}</c></row>' for row, kind in enumerate(kinds, 1))
        shared = "".join(f"<si>{part}</si>" for part in parts).encode()
        return {"sheet": sheet_of(rows.encode()), "texts": b"<sst " + MAIN + b">" + shared + b"</sst>"}

    def read(length: int) -> list[str]:
        (row,) = rows_of(parts(tmp_path / f"{length}.xlsx", **sheet(length)), uses={})
        header = next(iter(row))
        return [header, row[header]]

    assert len(read(32_767)[at]) == 32_767
    with pytest.raises(InputError, match="B162"):
        read(32_768)


@pytest.mark.fault("C6")
@pytest.mark.parametrize(
    "changed",
    [
        {"sheet": None},
        {"book": None},
        {"related": None},
        {"texts": None},
        {"sheet": b"<worksheet"},
        {"sheet": sheet_of(b'<row r="1"><c r="1A"><v>1</v></c></row>')},
        {"sheet": sheet_of(b'<row r="1"><c r="ZZZZ1"><v>1</v></c></row>')},
        {"sheet": sheet_of(b'<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>')},
        {"sheet": sheet_of(b'<row r="1"><c r="A2"><v>1</v></c></row>')},
        {"sheet": sheet_of(b'<row r="2"/><row r="1"/>')},
        {"sheet": sheet_of(b'<row r="9999999"/>')},
        {"sheet": sheet_of(b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>')},
        {"book": b"<workbook " + MAIN + b"><sheets/></workbook>"},
    ],
)
def test_damaged_workbooks_are_refused(tmp_path: Path, changed: dict[str, bytes | None]) -> None:
    with pytest.raises(InputError, match=r"B162|B154"):
        rows_of(parts(tmp_path / "bad.xlsx", **changed))


@pytest.mark.fault("C6")
class TestNoWorkbooks:
    @pytest.mark.parametrize("raw", [b"", b"a,b\n1,2\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100, b"PK\x03\x04"])
    def test_text_and_others(self, tmp_path: Path, raw: bytes) -> None:
        path = tmp_path / "t.xlsx"
        path.write_bytes(raw)
        with pytest.raises(InputError, match="B162"):
            open_table(str(path))

    def test_cut_short_anywhere(self, tmp_path: Path) -> None:
        whole = parts(tmp_path / "t.xlsx").read_bytes()
        for end in range(0, len(whole), 97):
            (tmp_path / "cut.xlsx").write_bytes(whole[:end])
            with pytest.raises(InputError, match="B162"):
                open_table(str(tmp_path / "cut.xlsx"))

    def test_the_whole_one(self, tmp_path: Path) -> None:
        (row,) = rows_of(parts(tmp_path / "t.xlsx"))
        assert (row["户编号"], row["姓名"], row[ROW]) == ("1", "甲", 2)

    def test_one_byte_changed_anywhere(self, tmp_path: Path) -> None:
        whole = parts(tmp_path / "t.xlsx").read_bytes()
        for at in range(0, len(whole), 41):
            (tmp_path / "bad.xlsx").write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
            try:
                rows_of(tmp_path / "bad.xlsx")
            except InputError as error:
                assert all(problem.code.startswith("B") for problem in error.diagnostics)

    def test_a_chart_sheet_first(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        chart = book.create_chartsheet("图", 0)
        chart.add_chart(openpyxl.chart.BarChart())
        book.worksheets[0].append(HEADER)
        book.worksheets[0].append(["1", "甲"])
        book.save(tmp_path / "t.xlsx")
        assert [row["姓名"] for row in rows_of(tmp_path / "t.xlsx")] == ["甲"]

    def test_all_sheets_empty(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="B154"):
            open_table(str(workbook(tmp_path / "t.xlsx", lambda sheet: None)))
