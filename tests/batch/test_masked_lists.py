"""Lists in which ids are masked, as they are numbers of persons: read back with the result, and with nothing else."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from asked_facts import Question, fill, job, questions, registry, rules

from fupin_policy import InputError, Ruleset
from fupin_policy.batch.readback import read_back
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import run
from fupin_policy.cli.main import main
from fupin_policy.reports.masking import mask
from fupin_policy.reports.worklist import write_worklists

ALIKE = "4105021978{:04}1234"
"""Numbers of persons that look the same when they are masked."""


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return rules(tmp_path_factory.mktemp("rules"))


def lists(ruleset: Ruleset, folder: Path, count: int, show_ids: bool = False, output: str = "out.parquet") -> Path:
    """A workbook of the town of so many households, whose ids are alike when they are masked."""
    tables = registry(count, 3, ALIKE)
    tables["h"] = [tables["h"][0], *([row[0], "东镇", *row[2:]] for row in tables["h"][1:])]
    run(job(ruleset, tables, folder / "tables", folder / output))
    write_worklists(open_result(folder / output, ruleset), ruleset, folder / "lists", not show_ids)
    (book,) = (folder / "lists").rglob("*.xlsx")
    return book


@pytest.fixture(scope="module")
def book(ruleset: Ruleset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lists(ruleset, tmp_path_factory.mktemp("lists"), 3)


def result(book: Path) -> Path:
    return book.parents[2] / "out.parquet"


def asked(book: Path, word: str) -> list[tuple[Question, int]]:
    return [(question, row) for question, row in questions(book) if question.asked == word]


def test_each_answer_goes_to_its_own_household(ruleset: Ruleset, book: Path, tmp_path: Path) -> None:
    """Rows that look alike are told apart by their codes, of members too."""
    rows = asked(book, "收入")
    assert len({question.household for question, _ in rows}) == 1 < len(rows)
    members = asked(book, "残疾等级")
    given: dict[int, object] = {row: 100 + number for number, (_, row) in enumerate(rows)}
    saved = fill(book, given | {members[0][1]: "一级"}, tmp_path / "a.xlsx")
    found = read_back([saved], ruleset.program, result(book))
    told = {(one.household, one.asked.member or "", one.asked.label): one.text for one in found.answers}
    incomes = {key[0]: text for key, text in told.items() if key[2] == "收入"}
    assert found.refused == () and len(incomes) == len(rows)
    # the lists of a county that shows its ids stand in the same order
    shown = lists(ruleset, tmp_path, 3, show_ids=True)
    assert incomes == {one.household: str(100 + number) for number, (one, _) in enumerate(asked(shown, "收入"))}
    whose = asked(shown, "残疾等级")[0][0]
    assert told[whose.household, whose.member, "残疾等级"] == "一级"


def test_no_id_stands_in_the_workbook(ruleset: Ruleset, book: Path) -> None:
    """Nor can one be tried out: what is sealed by another result is sealed otherwise."""
    with zipfile.ZipFile(book) as parts:
        texts = b"".join(parts.read(name) for name in parts.namelist()).decode(errors="replace")
    ids = [ALIKE.format(at) for at in range(3)]
    assert all(mask(one) in texts and one not in texts for one in ids)


def test_without_the_result_what_is_filled_in_is_refused(ruleset: Ruleset, book: Path, tmp_path: Path) -> None:
    (_, row), *_ = asked(book, "收入")
    found = read_back([fill(book, {row: 800}, tmp_path / "a.xlsx")], ruleset.program)
    assert [one.fault.code for one in found.refused] == ["B227"] and found.answers == ()


def test_another_result_is_told_at_once(ruleset: Ruleset, book: Path, tmp_path: Path) -> None:
    """Be it of the same day and the same households: only the very file has the key."""
    other = registry(2, 4, ALIKE)
    run(job(ruleset, other, tmp_path / "t", tmp_path / "other.parquet"))
    with pytest.raises(InputError, match="B237"):
        read_back([book], ruleset.program, tmp_path / "other.parquet")


@pytest.mark.parametrize("output", ["out.csv", "out"])
def test_a_result_of_another_form_has_a_key_as_well(output: str, ruleset: Ruleset, tmp_path: Path) -> None:
    """A result for people, and a folder of files."""
    own = lists(ruleset, tmp_path, 2, output=output)
    (_, row), *_ = asked(own, "收入")
    found = read_back([fill(own, {row: 800}, tmp_path / "a.xlsx")], ruleset.program, tmp_path / output)
    assert len(found.answers) == 1 and found.refused == ()


def test_rows_that_look_alike_and_were_moved_without_their_codes_are_refused(
    ruleset: Ruleset, book: Path, tmp_path: Path
) -> None:
    """Two rows of one look change places but for the hidden code: their numbers tell."""
    (one, first), (other, second), *_ = asked(book, "收入")
    assert replace(one) == other
    moved = openpyxl.load_workbook(fill(book, {first: 800}, tmp_path / "a.xlsx"))
    swap(moved["上门核实"], first, second)
    moved.save(tmp_path / "b.xlsx")
    found = read_back([tmp_path / "b.xlsx"], ruleset.program, result(book))
    assert found.answers == () and [one.fault.code for one in found.refused] == ["B225", "B225"]
    assert {dict(one.fault.args)["name"] for one in found.refused} == {"序号"}


def swap(sheet: Any, first: int, second: int) -> None:
    last = [cell.value for cell in sheet[3]].index("回读码")
    for at in range(1, last + 1):
        one, other = sheet.cell(first, at), sheet.cell(second, at)
        one.value, other.value = other.value, one.value


def test_the_sheet_says_how_it_is_read_back(ruleset: Ruleset, book: Path, tmp_path: Path) -> None:
    shown = lists(ruleset, tmp_path, 1, show_ids=True)
    told = [openpyxl.load_workbook(one)["上门核实"].cell(2, 1).value for one in (book, shown)]
    assert ["--result" in one for one in told] == [True, False]


def test_the_command_takes_the_result(
    ruleset: Ruleset, book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (_, row), *_ = asked(book, "收入")
    saved = fill(book, {row: 800}, tmp_path / "a.xlsx")
    rules(tmp_path / "rules")
    command = ["readback", str(saved), "--ruleset", str(tmp_path / "rules"), "-o", str(tmp_path / "b.csv")]
    assert main([*command, "--result", str(result(book))]) == 0
    assert "读回 1 项事实" in capsys.readouterr().out
    assert (tmp_path / "b.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith('"410502197800')
