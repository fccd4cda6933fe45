"""The law of reading back: what is filled in in a workbook changes exactly the facts that were filled in.

It is as if somebody had written them into the registry, whichever cells are filled in with whatever people write, and
in whichever order the rows stand then. What cannot be taken changes nothing, and is told.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from asked_facts import (
    AS_OF,
    NOTHING,
    PERSONS,
    REFUSED,
    Cell,
    Question,
    Tables,
    filled_tables,
    job,
    questions,
    registry,
    rules,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy import Ruleset
from fupin_policy.batch.asked_facts import named_fact, read_answer
from fupin_policy.batch.readback import ReadBack, ReadBackFiles, read_back
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import run
from fupin_policy.reports.masking import mask
from fupin_policy.reports.worklist import write_worklists

SIGNED = ("张三", "2019-07-02", date(2019, 7, 2), "=TODAY()")
Facts = dict[tuple[str, str, str], tuple[int, int, int] | None]


@dataclass(frozen=True)
class Town:
    """A registry, and the lists that were written of it."""

    ruleset: Ruleset
    tables: Tables
    books: tuple[Path, ...]
    result: Path
    """That with which lists are read back in which ids are masked."""

    def told(self, shown: Question) -> Question:
        """Of whom a row is in which ids may be masked."""
        households, members = ([row[at] for row in self.tables[name][1:]] for name, at in (("h", 0), ("m", 1)))
        ids = {mask(one): one for one in (*households, *members, "")}
        return replace(shown, household=ids[shown.household], member=ids[shown.member])


@dataclass(frozen=True)
class Filled:
    """What a clerk does: by numbers of rows among all those with questions which of their cells is filled in, who is
    signed for and ticked, and whether the rows are in another order then."""

    cells: dict[int, int]
    signed: dict[int, int]
    order: int | None


def town(ruleset: Ruleset, folder: Path, households: int, seed: int) -> Town:
    """Of every second household the id is the number of a person, which is masked."""
    tables = registry(households, seed, "H{:03}", PERSONS)
    run(job(ruleset, tables, folder / "tables", folder / "out.parquet"))
    write_worklists(open_result(folder / "out.parquet", ruleset), ruleset, folder / "lists")
    books = tuple(sorted((folder / "lists" / "民政局").glob("*.xlsx")))
    return Town(ruleset, tables, books, folder / "out.parquet")


def filled() -> st.SearchStrategy[Filled]:
    rows = st.integers(0, 99)
    some = st.dictionaries(rows, st.integers(0, 99), max_size=25)
    return st.builds(Filled, some, st.dictionaries(rows, st.integers(0, 99), max_size=3), st.none() | st.integers(0, 9))


def fill_in(town: Town, wanted: Filled, folder: Path) -> tuple[list[Path], dict[Question, Cell]]:
    """The lists filled in, and what was: of each question at most once, of whichever list."""
    saved, said, at = list[Path](), dict[Question, Cell](), 0
    for book in town.books:
        asked, lists = list(questions(book)), openpyxl.load_workbook(book)
        sheet = lists["上门核实"]
        heads = [cell.value for cell in sheet[3]]
        answer, tick, signed = (heads.index(name) + 1 for name in ("答", "□", "日期、签名"))
        for number, (question, row) in enumerate(asked, at):
            if number in wanted.cells and "共有哪些" not in question.asked:
                choices = [*question.cells(), *NOTHING]
                chosen = choices[wanted.cells[number] % len(choices)]
                said[town.told(question)], sheet.cell(row, answer).value = chosen, chosen[0]
            if number in wanted.signed:
                sheet.cell(row, tick).value = "√"
                sheet.cell(row, signed).value = SIGNED[wanted.signed[number] % len(SIGNED)]
        at += len(asked)
        if wanted.order is not None:
            in_another_order(sheet, [row for _, row in asked], wanted.order)
        lists.save(folder / book.name)
        saved.append(folder / book.name)
    return saved, said


def in_another_order(sheet: Any, rows: list[int], seed: int) -> None:
    """Rows as somebody sorts them, the hidden cells going along; those of other rows stay where they are."""
    cells = [[(cell.value, cell.number_format) for cell in sheet[row]] for row in rows]
    Random(seed).shuffle(cells)
    for row, line in zip(rows, cells, strict=True):
        for cell, (value, form) in zip(sheet[row], line, strict=True):
            cell.value, cell.number_format = value, form


def facts_of(found: ReadBack) -> Facts:
    return {(one.household, one.asked.member or "", one.asked.label): one.value for one in found.answers}


def decided(path: Path) -> set[tuple[Any, ...]]:
    names = ("household", "member", "policy", "status", "missing")
    rows = pq.read_table(path).select(names).to_pylist()
    return {(*(row[name] for name in names[:-1]), tuple(row["missing"] or ())) for row in rows}


def law(town: Town, wanted: Filled, folder: Path) -> None:
    """What is read back is what was filled in; a run with it decides as one of tables in which it stands."""
    saved, said = fill_in(town, wanted, folder)
    found, program = read_back(saved, town.ruleset.program, town.result), town.ruleset.program
    meant = {question: text for question, (_, text) in said.items() if text not in ("", REFUSED)}
    told: Facts = {}
    for one, text in meant.items():
        asked = named_fact(one.member or None, one.asked, program)
        assert asked is not None
        told[one.household, one.member, one.asked] = read_answer(asked, text, program).value
    assert facts_of(found) == told and found.as_of == date.fromisoformat(AS_OF)
    refused = sorted(question.household for question, (_, text) in said.items() if text == REFUSED)
    assert sorted(one.household for one in found.refused) == refused
    files = ReadBackFiles(folder / "back.csv")
    files.check()
    files.write(found)
    report = run(job(town.ruleset, town.tables, folder / "t", folder / "with.parquet", answers=files.facts))
    run(job(town.ruleset, filled_tables(town.tables, meant), folder / "hand", folder / "by_hand.parquet"))
    assert decided(folder / "with.parquet") == decided(folder / "by_hand.parquet")
    assert sum(report.counts.answered.values()) == len(meant) == report.counts.rows["back.csv"]
    assert report.counts.rows_rejected.get("back.csv", 0) == 0 and not report.counts.replaced


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return rules(tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="module")
def small(ruleset: Ruleset, tmp_path_factory: pytest.TempPathFactory) -> Town:
    return town(ruleset, tmp_path_factory.mktemp("small"), 4, 3)


@settings(deadline=None, max_examples=6)
@given(filled())
def test_exactly_what_is_filled_in_changes(small: Town, wanted: Filled) -> None:
    with tempfile.TemporaryDirectory() as folder:
        law(small, wanted, Path(folder))


@pytest.mark.long
@settings(deadline=None, max_examples=60)
@given(st.integers(1, 6), st.integers(0, 99), filled())
def test_exactly_what_is_filled_in_changes_in_any_town(
    ruleset: Ruleset, households: int, seed: int, wanted: Filled
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        law(town(ruleset, Path(folder), households, seed), wanted, Path(folder))


@pytest.mark.parametrize("meaning", ["said", "nothing", "refused"])
def test_every_way_to_fill_in_a_cell(meaning: str, small: Town, tmp_path: Path) -> None:
    """Each cell of each kind of fact once; of many kinds in one workbook."""
    whose = {"nothing": ("",), "refused": (REFUSED,)}.get(meaning)
    asked = [question for book in small.books for question, _ in questions(book)]
    ways = {}
    for number, question in enumerate(asked):
        if "共有哪些" in question.asked:
            continue
        choices = [*question.cells(), *NOTHING]
        some = [at for at, (_, text) in enumerate(choices) if (text in whose if whose else text not in ("", REFUSED))]
        ways[number] = some[number % len(some)]
    law(small, Filled(ways, {}, None), tmp_path)
