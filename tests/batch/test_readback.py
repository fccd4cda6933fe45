"""Lists that were filled in by hand are read back: exactly what was filled in changes, and nothing in silence."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from asked_facts import Question, Tables, fill, job, questions, registry, rules
from reject_rows import reject_rows

from fupin_policy import InputError, Ruleset
from fupin_policy.batch.readback import ReadBack, ReadBackFiles, read_back
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Report, run
from fupin_policy.reports.worklist import write_worklists

Row = tuple[str, str, str]


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return rules(tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="module")
def tables() -> Tables:
    return registry(8, 3)


@pytest.fixture(scope="module")
def books(ruleset: Ruleset, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The workbooks of both towns, as they are written."""
    folder = tmp_path_factory.mktemp("lists")
    run(job(ruleset, tables, folder / "tables", folder / "out.parquet"))
    write_worklists(open_result(folder / "out.parquet", ruleset), ruleset, folder / "lists")
    return sorted((folder / "lists" / "民政局").glob("*.xlsx"))


def decided(path: Path) -> set[tuple[Any, ...]]:
    names = ("household", "member", "policy", "status", "missing")
    rows = pq.read_table(path).select(names).to_pylist()
    return {(*(row[name] for name in names[:-1]), tuple(row["missing"] or ())) for row in rows}


def answered(found: ReadBack) -> dict[Row, str]:
    return {(one.household, one.asked.member or "", one.asked.label): one.text for one in found.answers}


def codes(found: ReadBack) -> list[tuple[str, str]]:
    return sorted((one.fault.code, f"{one.place.column}{one.place.row}") for one in found.refused)


def with_answers(ruleset: Ruleset, tables: Tables, folder: Path, answers: Path) -> tuple[set[tuple[Any, ...]], Report]:
    report = run(job(ruleset, tables, folder / "t", folder / "with.parquet", answers=answers))
    return decided(folder / "with.parquet"), report


def test_every_kind_of_fact_is_asked(books: list[Path]) -> None:
    asked = {question.asked for book in books for question, _ in questions(book)}
    words = (
        "甲",
        "收入",
        "比例",
        "资产",
        "残疾等级",
        "病种",
        "出生日期",
        "工资 2019-05",
        "赡养人第1项的月收入",
        "就医记录第1项的就医地",
    )
    assert set(words) <= asked


@pytest.fixture(scope="module")
def soffice() -> str:
    found = shutil.which("soffice")
    if found is None:
        pytest.skip("LibreOffice is not installed")
    return found


def converted(soffice: str, path: Path, folder: Path) -> Path:
    """The workbook as LibreOffice opens and saves it."""
    home = f"-env:UserInstallation=file://{folder}/profile"
    command = [soffice, "--headless", home, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder / "saved"]
    subprocess.run([*map(str, command), str(path)], check=True, capture_output=True, timeout=240)
    return folder / "saved" / path.name


def rows_asked(book: Path, word: str) -> list[tuple[Question, int]]:
    return [(question, row) for question, row in questions(book) if question.asked.endswith(word)]


def test_what_another_program_saved_is_read_as_well(
    soffice: str, ruleset: Ruleset, books: list[Path], tmp_path: Path
) -> None:
    """LibreOffice writes numbers as floats, days as numbers with a format, and texts in its own order."""
    values: dict[str, object] = {
        "收入": 1200,
        "出生日期": date(1950, 1, 2),
        "甲": "是",
        "比例": "３０",
        "残疾等级": "二级",
    }
    wanted: dict[Row, str] = {}
    given: dict[int, object] = {}
    for word, value in values.items():
        question, row = rows_asked(books[0], word)[-1]
        given[row] = value
        told = value.isoformat() if isinstance(value, date) else str(value)
        wanted[question.household, question.member, question.asked] = told
    saved = fill(books[0], given, tmp_path / "filled.xlsx")
    for path in (saved, converted(soffice, saved, tmp_path)):
        found = read_back([path], ruleset.program)
        assert answered(found) == wanted and found.refused == ()


def test_nothing_filled_in_is_nothing(ruleset: Ruleset, books: list[Path]) -> None:
    found = read_back(books, ruleset.program)
    assert (found.answers, found.ticks, found.refused) == ((), (), ())


def changed(path: Path, to: Path, change: Callable[[Any], None], sheet: str = "上门核实") -> Path:
    book = openpyxl.load_workbook(path)
    change(book[sheet])
    book.save(to)
    return to


def column(sheet: Any, heading: str) -> int:
    return [cell.value for cell in sheet[3]].index(heading) + 1


def test_rows_may_be_sorted(ruleset: Ruleset, books: list[Path], tmp_path: Path) -> None:
    def backwards(sheet: Any) -> None:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
        for number, row in enumerate(reversed(rows), 4):
            for at, value in enumerate(row, 1):
                sheet.cell(number, at).value = value

    question, row = rows_asked(books[0], "甲")[0]
    saved = fill(books[0], {row: "否"}, tmp_path / "a.xlsx")
    found = read_back([changed(saved, tmp_path / "b.xlsx", backwards)], ruleset.program)
    assert answered(found) == {(question.household, "", "甲"): "否"} and found.refused == ()


def visible(sheet: Any) -> int:
    """How many columns people see, which stand before the code's."""
    return column(sheet, "回读码") - 1


def test_rows_sorted_without_their_codes_are_refused(ruleset: Ruleset, books: list[Path], tmp_path: Path) -> None:
    """Who sorts the columns that are seen leaves the hidden codes where they were: nothing goes to another's fact."""

    def backwards(sheet: Any) -> None:
        rows = [[cell.value for cell in row[: visible(sheet)]] for row in sheet.iter_rows(min_row=4)]
        for number, row in enumerate(reversed(rows), 4):
            for at, value in enumerate(row, 1):
                sheet.cell(number, at).value = value

    asked = list(questions(books[0]))
    given: dict[int, object] = {
        row: question.cells()[0][0] for question, row in asked if "共有哪些" not in question.asked
    }
    saved = fill(books[0], given, tmp_path / "a.xlsx")
    found = read_back([changed(saved, tmp_path / "b.xlsx", backwards)], ruleset.program)
    stays = len(asked) % 2
    assert len(found.answers) <= stays and len(found.refused) == len(asked) - stays
    assert {one.fault.code for one in found.refused} == {"B225"}


def test_rows_that_are_put_between_move_no_answer(ruleset: Ruleset, books: list[Path], tmp_path: Path) -> None:
    """A blank row, a row that somebody wrote, a row that was copied: which item of a list is meant stays the same."""
    (first, row), *_ = rows_asked(books[0], "第1项的月收入")
    (other, further) = next(one for one in rows_asked(books[0], "的月收入") if one[0] != first)

    def between(sheet: Any) -> None:
        sheet.cell(row, column(sheet, "答")).value = 900
        sheet.cell(further, column(sheet, "答")).value = 800
        sheet.insert_rows(row, 2)
        for heading, value in (("户编号", first.household), ("要问的事项", first.asked), ("答", 700)):
            sheet.cell(row + 1, column(sheet, heading)).value = value

    found = read_back([changed(books[0], tmp_path / "a.xlsx", between)], ruleset.program)
    wanted = {(first.household, "", first.asked): "900", (other.household, "", other.asked): "800"}
    assert answered(found) == wanted and [code for code, _ in codes(found)] == ["B224"]


@pytest.mark.parametrize(
    ("item", "value", "told"), [("第1项", 900, []), ("第1项", 700, ["B229"] * 2), ("第2项", 900, ["B225"])]
)
def test_a_row_that_is_copied(
    item: str, value: int, told: list[str], ruleset: Ruleset, books: list[Path], tmp_path: Path
) -> None:
    """It is read once if it says the same; not at all if it says otherwise, or was made one of another item."""
    question, row = rows_asked(books[0], "第1项的月收入")[0]

    def copied(sheet: Any) -> None:
        sheet.cell(row, column(sheet, "答")).value = 900
        cells = [cell.value for cell in sheet[row]]
        at = sheet.max_row + 1
        for number, cell in enumerate(cells, 1):
            sheet.cell(at, number).value = cell
        sheet.cell(at, column(sheet, "答")).value = value
        sheet.cell(at, column(sheet, "要问的事项")).value = question.asked.replace("第1项", item)

    found = read_back([changed(books[0], tmp_path / "a.xlsx", copied)], ruleset.program)
    assert [code for code, _ in codes(found)] == told
    assert len(found.answers) == (0 if "B229" in told else 1)


REFUSED: list[tuple[str, str, object, str]] = [
    ("甲", "答", "也许", "H020"),
    ("收入", "答", "三千", "H021"),
    ("收入", "答", 99999999, "H024"),
    ("收入", "答", "=1+1", "B148"),
    ("残疾等级", "答", "四级", "H029"),
    ("出生日期", "答", 1950.1, "B146"),
    ("比例", "答", "半", "H021"),
    ("甲", "□", "大概", "B228"),
]


@pytest.mark.parametrize(("word", "heading", "value", "code"), REFUSED)
def test_what_cannot_be_taken_is_refused_with_its_cell(
    word: str, heading: str, value: object, code: str, ruleset: Ruleset, books: list[Path], tmp_path: Path
) -> None:
    asked = rows_asked(books[0], word)
    saved = fill(books[0], {asked[0][1]: value}, tmp_path / "a.xlsx", heading=heading)
    found = read_back([saved], ruleset.program)
    letters = openpyxl.utils.get_column_letter(column(openpyxl.load_workbook(saved)["上门核实"], heading))
    assert codes(found) == [(code, f"{letters}{asked[0][1]}")] and found.answers == ()
    (one,) = found.refused
    assert (one.household, one.place.sheet) == (asked[0][0].household, "上门核实")
    files = ReadBackFiles(tmp_path / "x.csv")
    files.write(found)
    (row,) = reject_rows(files.rejects)
    assert row["code"] == code and row["zh"] and row["en"] and row["row"] == str(asked[0][1])


def test_a_row_that_is_not_as_it_was_is_refused(ruleset: Ruleset, books: list[Path], tmp_path: Path) -> None:
    """Another id, another fact, no code, another code, a row that is gone, a sheet that is gone."""
    (question, row), *_ = rows_asked(books[0], "甲")
    saved = fill(books[0], {row: "是"}, tmp_path / "a.xlsx")

    def set_cell(heading: str, value: object) -> Callable[[Any], None]:
        def change(sheet: Any) -> None:
            sheet.cell(row, column(sheet, heading)).value = value

        return change

    def read(change: Callable[[Any], None]) -> ReadBack:
        return read_back([changed(saved, tmp_path / "b.xlsx", change)], ruleset.program)

    for heading, value in (("户编号", "H999"), ("要问的事项", "收入"), ("成员", "m")):
        found = read(set_cell(heading, value))
        assert [code for code, _ in codes(found)] == ["B225"] and found.answers == ()
    for code in (None, "1-00000000"):
        found = read(set_cell("回读码", code))
        # the row is none of the list, and one of the list is not there
        assert [one for one, _ in codes(found)] == ["B224", "B226"] and found.answers == ()
    found = read(lambda sheet: sheet.delete_rows(row))
    assert [(one.fault.code, one.household) for one in found.refused] == [("B226", question.household)]
    found = read(lambda sheet: sheet.cell(3, column(sheet, "答")).__setattr__("value", "回答"))
    assert codes(found) == [("B223", "1")] and found.answers == ()
    found = read(lambda sheet: sheet.parent.remove(sheet))
    assert codes(found) == [("B223", "1")]


def test_a_fact_filled_in_twice_must_be_the_same(ruleset: Ruleset, books: list[Path], tmp_path: Path) -> None:
    question, row = rows_asked(books[0], "收入")[0]
    one, other, third = (
        fill(books[0], {row: value}, tmp_path / f"{name}.xlsx")
        for name, value in (("a", 800), ("b", "800.00"), ("c", 900))
    )
    assert answered(read_back([one, other], ruleset.program)) == {(question.household, "", "收入"): "800"}
    found = read_back([one, third], ruleset.program)
    assert [code for code, _ in codes(found)] == ["B229", "B229"] and found.answers == ()


def test_ticks_and_signatures_are_kept(ruleset: Ruleset, books: list[Path], tmp_path: Path) -> None:
    saved = fill(books[0], {4: "√"}, tmp_path / "a.xlsx", "应享待办", "□")
    saved = fill(saved, {5: date(2019, 7, 2)}, saved, "应享待办", "日期、签名")
    found = read_back([saved], ruleset.program)
    assert [(one.ticked, one.signed, one.place.sheet) for one in found.ticks] == [
        (True, "", "应享待办"),
        (False, "2019-07-02", "应享待办"),
    ]
    assert found.answers == () and found.refused == ()


def test_lists_of_other_rules_or_days_are_refused(
    ruleset: Ruleset, tables: Tables, books: list[Path], tmp_path: Path
) -> None:
    other = rules(tmp_path / "rules").program
    assert other.digest == ruleset.program.digest
    with pytest.raises(InputError, match="B222"):
        read_back([books[0]], tmp_rules(tmp_path).program)
    openpyxl.Workbook().save(tmp_path / "x.xlsx")
    with pytest.raises(InputError, match="B220"):
        read_back([tmp_path / "x.xlsx"], ruleset.program)
    book = openpyxl.load_workbook(books[0])
    book["回读"].cell(1, 4).value = "2019-07-31"
    book.save(tmp_path / "july.xlsx")
    with pytest.raises(InputError, match="B236"):
        read_back([books[0], tmp_path / "july.xlsx"], ruleset.program)


def tmp_rules(folder: Path) -> Ruleset:
    (folder / "rules" / "more0.yaml").write_text(
        (folder / "rules" / "more0.yaml").read_text(encoding="utf-8").replace("收入 < 1000元", "收入 < 2000元", 1),
        encoding="utf-8",
    )
    from fupin_policy import load

    return load(folder / "rules", cache=False)


class TestAnswersOfARun:
    HEAD = "户编号,成员编号,明细,项次,事项,值\n"

    def given(self, folder: Path, *rows: str) -> Path:
        path = folder / "answers.csv"
        path.write_text(self.HEAD + "\n".join(rows) + "\n", encoding="utf-8")
        return path

    def test_they_hold_over_the_registry_and_that_is_told(
        self, ruleset: Ruleset, tables: Tables, tmp_path: Path
    ) -> None:
        own = {**tables, "h": [tables["h"][0], ["H000", "东镇", "甲", "是", "5000", "", ""], *tables["h"][2:]]}
        outcome, report = with_answers(ruleset, own, tmp_path, self.given(tmp_path, "H000,,,,收入,800"))
        assert report.counts.answered == {"收入": 1} == report.counts.replaced
        assert ("H000", None, "household.p1", "eligible", ()) in outcome

    def test_what_has_no_place_is_told(self, ruleset: Ruleset, tables: Tables, tmp_path: Path) -> None:
        rows = ["H999,,,,收入,800", "H000,x,,,残疾等级,一级", "H000,,赡养人,9,月收入,800", "H000,,,,工资 2019-05,1"]
        _, report = with_answers(ruleset, tables, tmp_path, self.given(tmp_path, *rows))
        assert report.counts.rows["answers.csv"] == 4 and report.counts.rows_rejected["answers.csv"] == 3
        told = reject_rows(report.rejects)
        assert [(one["file"], one["code"]) for one in told] == [("answers.csv", "B233")] * 3

    def test_an_item_that_has_a_value_may_be_another(self, ruleset: Ruleset, tables: Tables, tmp_path: Path) -> None:
        own = {**tables, "赡养人": [["户编号", "月收入"], ["H000", "900"]]}
        _, report = with_answers(ruleset, own, tmp_path, self.given(tmp_path, "H000,,赡养人,1,月收入,800"))
        (row,) = reject_rows(report.rejects)
        assert row["code"] == "B234" and not report.counts.answered

    def test_those_of_a_household_that_is_refused_are_not_used(
        self, ruleset: Ruleset, tables: Tables, tmp_path: Path
    ) -> None:
        own = {**tables, "h": [tables["h"][0], ["H000", "东镇", "甲", "也许", "5000", "", ""], *tables["h"][2:]]}
        rows = ["H000,,,,收入,800", "H000,,,,工资 2019-06,1"]
        _, report = with_answers(ruleset, own, tmp_path, self.given(tmp_path, *rows))
        told = [one for one in reject_rows(report.rejects) if one["file"] == "answers.csv"]
        assert [one["code"] for one in told] == ["B102", "B102"]
        assert report.counts.rows_rejected["answers.csv"] == 2
        months = sum(row[0] == "H000" for row in tables["工资"][1:])
        assert report.counts.rows_rejected.get("工资.csv", 0) == months

    @pytest.mark.parametrize(
        ("row", "code"),
        [
            ("H000,,,,没有,1", "B230"),
            ("H000,,,,工资,1", "B230"),
            ("H000,,,,残疾等级,一级", "B230"),
            ("H000,,,,收入,三千", "B231"),
            (",,,,收入,3", "H069"),
            ("H000,,,,收入,3\nH000,,,,收入,4", "B232"),
        ],
    )
    def test_a_table_that_is_wrong_stops_the_run(
        self, row: str, code: str, ruleset: Ruleset, tables: Tables, tmp_path: Path
    ) -> None:
        with pytest.raises(InputError, match=code):
            with_answers(ruleset, tables, tmp_path, self.given(tmp_path, row))
