"""Workbooks as a county's office makes them. Hostile ones are `test_excel_damaged`'s."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from demo_tables import RULESET, demo, job, rejects_in, write
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles.numbers import BUILTIN_FORMATS
from workbooks import HEADER, USES, rows_of, workbook

from fupin_policy import InputError
from fupin_policy.batch.run import Job, run
from fupin_policy.batch.sources import FileTable, open_table
from fupin_policy.batch.sql import FAULTS, ROW
from fupin_policy.batch.worksheets import Sheets
from fupin_policy.batch.xlsx_formats import number_format


def one(tmp_path: Path, column: str, value: object, number_format: str = "General") -> dict[str, Any]:
    """The row that a sheet gives in which one cell is set."""

    def fill(sheet: Any) -> None:
        sheet.append(HEADER)
        sheet.append(["1", None, None, None, None])
        cell = sheet.cell(2, HEADER.index(column) + 1, value)
        cell.number_format = number_format

    (row,) = rows_of(workbook(tmp_path / "t.xlsx", fill))
    return row


def code_of(row: dict[str, Any]) -> str | None:
    return json.loads(row[FAULTS])[0][2] if row[FAULTS] else None


@pytest.mark.fault("B3", "B12")
@pytest.mark.parametrize(
    ("value", "number_format", "said", "code"),
    [
        (1959.10, "0.00", None, "B146"),
        (1959.1, "General", None, "B146"),
        (1959.12, "General", None, "B146"),
        (195910.5, "General", None, "B146"),
        (190612, "General", "190612", None),
        (195910, "General", "195910", None),
        (1959, "General", "1959", None),
        (19591003, "General", "19591003", None),
        (21826, "General", "1959-10-03", None),
        (datetime(1959, 10, 3), "yyyy-mm-dd", "1959-10-03", None),
        (date(1959, 10, 3), 'yyyy"年"m"月"d"日"', "1959-10-03", None),
        (date(1959, 10, 1), 'yyyy"年"m"月"', "1959-10", None),
        (date(1959, 10, 1), "mmm-yy", "1959-10", None),
        (date(1959, 1, 1), "yyyy", "1959", None),
        (60, "yyyy-mm-dd", None, "H025"),
        ("1959年10月", "General", "1959年10月", None),
        (0.3, "0%", None, "B144"),
    ],
)
def test_dates(tmp_path: Path, value: object, number_format: str, said: str | None, code: str | None) -> None:
    row = one(tmp_path, "出生日期", value, number_format)
    assert (row["出生日期"], code_of(row)) == (said, code)


@pytest.mark.fault("B4", "B5")
@pytest.mark.parametrize(
    ("column", "value", "number_format", "said", "code"),
    [
        ("姓名", 370784195801011234, "0", None, "B142"),
        ("姓名", 123456789012345, "0", "123456789012345", None),
        ("姓名", 12, "0000", "0012", None),
        ("费用", 1e15, "General", None, "B142"),
        ("费用", 0.1 + 0.2, "General", "0.3", None),
        ("费用", 1234.5, "#,##0.00", "1234.5", None),
        ("费用", 0.3, "0%", None, "B144"),
        ("比例", 0.3, "0%", "30", None),
        ("比例", 0.125, "0.0%", "12.5", None),
        ("比例", 30, "General", "30", None),
        ("姓名", True, "General", "是", None),
        ("费用", "#N/A", "General", None, "B148"),
        ("费用", "=1+1", "General", None, "B148"),
    ],
)
def test_numbers(
    tmp_path: Path, column: str, value: object, number_format: str, said: str | None, code: str | None
) -> None:
    row = one(tmp_path, column, value, number_format)
    assert (row[column], code_of(row)) == (said, code)


@pytest.mark.fault("B4")
def test_an_id_that_has_lost_its_digits_stops_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"B142.*3\.70784195801011E?\+?|B142") as raised:
        one(tmp_path, "户编号", 370784195801011234, "0")
    assert [problem.place for problem in raised.value.diagnostics] == ["t.xlsx:Sheet!A2"]


def test_every_builtin_format_of_a_date_is_one() -> None:
    from openpyxl.styles.numbers import is_date_format

    for number, code in BUILTIN_FORMATS.items():
        if number not in (18, 19, 20, 21, 45, 46, 47):
            assert (number_format(number, None)[0] in ("day", "month")) == bool(is_date_format(code)), code
            assert number_format(number, None)[0] == number_format(number, code)[0] or number in (17,), code


@pytest.mark.fault("B6")
class TestMergedCells:
    def test_they_stand_in_each_row(self, tmp_path: Path) -> None:
        def fill(sheet: Any) -> None:
            sheet.append(HEADER)
            for at, name in enumerate("甲乙丙丁"):
                sheet.append([f"00{1 + at // 2}" if at % 2 == 0 else None, name])
            sheet.merge_cells("A2:A3")
            sheet.merge_cells("A4:A5")

        rows = rows_of(workbook(tmp_path / "t.xlsx", fill))
        assert [(row["户编号"], row["姓名"]) for row in rows] == [
            ("001", "甲"),
            ("001", "乙"),
            ("002", "丙"),
            ("002", "丁"),
        ]

    def test_an_amount_over_several_rows_is_refused(self, tmp_path: Path) -> None:
        def fill(sheet: Any) -> None:
            sheet.append(HEADER)
            sheet.append(["1", "甲", None, None, 500])
            sheet.append(["1", "乙"])
            sheet.merge_cells("E2:E3")

        assert [code_of(row) for row in rows_of(workbook(tmp_path / "t.xlsx", fill))] == ["B149", "B149"]

    def test_the_demonstration_with_merged_ids(self, tmp_path: Path) -> None:
        own, inner = demo(1)
        inner = [inner[0], *sorted(inner[1:], key=lambda row: row[0])]

        def fill(sheet: Any) -> None:
            for row in inner:
                sheet.append([cell or None for cell in row])
            start = 1
            for at in range(1, len(inner) + 1):
                if at == len(inner) or inner[at][0] != inner[start][0]:
                    if at - start > 1:
                        sheet.merge_cells(start_row=start + 1, end_row=at, start_column=1, end_column=1)
                    start = at

        members = workbook(tmp_path / "m.xlsx", fill)
        report = run(job(tmp_path, write(tmp_path / "h.csv", own), str(members)))
        assert (report.counts.members, report.counts.members_rejected) == (len(inner) - 1, 0)
        assert [note.code for note in report.notes] == ["B159"]


@pytest.mark.fault("B7")
class TestSheets:
    def book(self, path: Path, *names: str, hidden: str = "", other: str = "") -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name in names:
            sheet = book.create_sheet(name)
            sheet.append([*HEADER, "备注"] if name == other else HEADER)
            sheet.append([name, "甲"])
            sheet.append([f"{name}2", "乙"])
            if name == hidden:
                sheet.sheet_state = "hidden"
        book.save(path)
        return path

    def test_a_hidden_one_is_not_read_and_that_is_told(self, tmp_path: Path) -> None:
        path = self.book(tmp_path / "t.xlsx", "旧", "新", hidden="旧")
        assert [row["户编号"] for row in rows_of(path)] == ["新", "新2"]
        found = open_table(str(path))
        assert [(note.code, dict(note.args)["sheets"]) for note in found.notes] == [("B157", ("旧",))]

    def test_one_of_several_must_be_named(self, tmp_path: Path) -> None:
        path = self.book(tmp_path / "t.xlsx", "甲镇", "乙镇")
        with pytest.raises(InputError, match=r"B151.*甲镇、乙镇"):
            open_table(str(path))
        assert [row["户编号"] for row in rows_of(path, ("乙镇",))] == ["乙镇", "乙镇2"]
        assert open_table(str(path), ("乙镇",)).name == open_table(f"{path}:乙镇").name == "t.xlsx:乙镇"

    def test_several_of_one_header_are_read_as_one(self, tmp_path: Path) -> None:
        path = self.book(tmp_path / "t.xlsx", "甲镇", "乙镇", "丙镇", other="丙镇")
        found = open_table(str(path), ("甲镇", "乙镇"))
        rows = rows_of(path, ("甲镇", "乙镇"))
        assert [row["户编号"] for row in rows] == ["甲镇", "甲镇2", "乙镇", "乙镇2"]
        assert [found.place(row[ROW]) for row in rows[1:3]] == [("t.xlsx:甲镇", 3), ("t.xlsx:乙镇", 2)]
        with pytest.raises(InputError, match="B153"):
            open_table(str(path), ("甲镇", "丙镇"))

    def test_rejects_name_the_sheet(self, tmp_path: Path) -> None:
        own, inner = demo(1)
        book = openpyxl.Workbook()
        for name, rows in (("一", own[1:20]), ("二", [*own[20:], ["坏", *own[1][1:7], "很多", *own[1][8:]]])):
            sheet = book.create_sheet(name)
            for row in [own[0], *rows]:
                sheet.append([cell or None for cell in row])
        book.save(tmp_path / "h.xlsx")
        given = Job(
            RULESET, str(tmp_path / "h.xlsx"), write(tmp_path / "m.csv", inner), "2019-06-30",
            tmp_path / "out.parquet", sheets=("一", "二"),
        )  # fmt: skip
        report = run(given)
        assert report.counts.households == len(own)
        assert {(row["file"], row["row"]) for row in rejects_in(tmp_path)} == {("h.xlsx:二", str(len(own) - 20 + 2))}

    def test_a_wrong_name_has_a_suggestion(self, tmp_path: Path) -> None:
        path = self.book(tmp_path / "t.xlsx", "甲乙镇", "丙")
        with pytest.raises(InputError) as raised:
            open_table(str(path), ("甲乙",))
        assert [(one.code, one.suggestion) for one in raised.value.diagnostics] == [("B152", "甲乙镇")]

    def test_a_csv_has_none(self, tmp_path: Path) -> None:
        path = write(tmp_path / "h.csv", demo(1)[0])
        with pytest.raises(InputError, match="B155"):
            open_table(path, ("一",))

    def test_cells_right_of_the_header_reject_the_row(self, tmp_path: Path) -> None:
        def fill(sheet: Any) -> None:
            sheet.append(HEADER)
            sheet.append(["1", "甲", None, None, None, None, "多"])

        (row,) = rows_of(workbook(tmp_path / "t.xlsx", fill))
        assert code_of(row) == "B111"

    def test_hidden_rows_are_read_and_that_is_told(self, tmp_path: Path) -> None:
        def fill(sheet: Any) -> None:
            sheet.append(HEADER)
            sheet.append(["1", "甲"])
            sheet.row_dimensions[2].hidden = True

        path = workbook(tmp_path / "t.xlsx", fill)
        found = open_table(str(path))
        assert isinstance(found, FileTable) and isinstance(found.content, Sheets)
        assert [row["姓名"] for batch in found.content.batches(USES) for row in batch.to_pylist()] == ["甲"]
        assert [note.code for note in found.notes] == ["B158"]


@pytest.mark.fault("B8")
def test_titles_and_headers_of_two_rows(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["某县登记表"])
        sheet.merge_cells("A1:E1")
        sheet.append(["填报单位：某镇", None, None, None, "2019年"])
        sheet.append(["户编号", "基本情况", None, "费用", None])
        sheet.append([None, "姓名", "出生日期", "自付", "报销"])
        sheet.merge_cells("A3:A4")
        sheet.merge_cells("B3:C3")
        sheet.merge_cells("D3:E3")
        sheet.append(["1", "甲", "1959-10-03", 1, 2])

    path = workbook(tmp_path / "t.xlsx", fill)
    found = open_table(str(path))
    assert found.headers == ("户编号", "姓名", "出生日期", "自付", "报销")
    assert [(note.code, dict(note.args)["row"]) for note in found.notes] == [("B156", 3)]
    assert [row["姓名"] for row in rows_of(path, uses={})] == ["甲"]


VALUES = st.one_of(
    st.none(),
    st.text(st.sampled_from('甲a<&"]] \u3000'), min_size=1, max_size=5).filter(lambda text: bool(text.strip())),
    st.integers(-(10**12), 10**12),
    st.decimals(-1000, 1000, places=2).map(float),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2100, 1, 1)),
)


@pytest.mark.fault("B7")
@given(st.lists(st.lists(VALUES, min_size=5, max_size=5), max_size=8))
@settings(max_examples=25, deadline=None)
def test_what_another_library_writes_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]]) -> None:
    """Every cell and every row, as openpyxl wrote it."""

    def fill(sheet: Any) -> None:
        sheet.append(["户", "姓", "生", "比", "费"])
        for row in rows:
            sheet.append(row)

    def said(value: Any) -> str | None:
        match value:
            case None:
                return None
            case bool():
                return "是" if value else "否"
            case float():
                return f"{value:.2f}".rstrip("0").rstrip(".").replace("-0", "-0") if value else "0"
            case date():
                return value.isoformat()
            case _:
                return str(value).strip()

    path = workbook(tmp_path_factory.mktemp("xlsx") / "t.xlsx", fill)
    wanted = [[said(value) for value in row] for row in rows]
    found = [[row[name] for name in ("户", "姓", "生", "比", "费")] for row in rows_of(path, uses={})]
    assert found == [row for row in wanted if any(cell is not None for cell in row)]
