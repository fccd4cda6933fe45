"""A small ruleset with facts of every kind to be asked, a registry that lacks most of them, and lists filled in.

In: a folder, a seed. Out: rules, tables, a workbook with answers. Called by the tests of what is read back.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
from checked_ruleset import BASE, written

from fupin_policy import Ruleset, load
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.run import Job

AS_OF = "2019-06-30"
FACTS = BASE["facts.yaml"].replace(
    "facts:\n",
    """  - {name: grade, codes: [{code: "1", name: one, label: 一级}, {code: "2", name: two, label: 二级}]}
  - {name: illness, codes: [{code: "a", name: ca, label: 癌症}, {code: "b", name: tb, label: 结核}]}
lists:
  - {name: supporters, label: 赡养人, of: household, most: 4}
  - {name: bills, label: 就医记录, of: member, most: 5}
facts:
  - {name: called, label: 姓名, for: household, type: text}
  - {name: share, label: 比例, for: household, type: number, unit: "%", decimals: 1, range: 0..100}
  - {name: wealth, label: 资产, for: household, type: number, unit: 万元, decimals: 2, range: 0..1000}
  - {name: grade, label: 残疾等级, for: member, type: code, codes: grade}
  - {name: ill, label: 病种, for: member, type: codes, codes: illness}
  - {name: monthly, label: 月收入, for: supporters, type: number, unit: 元, range: 0..100000}
  - {name: where, label: 就医地, for: bills, type: code, codes: town}
  - {name: wage, label: 工资, for: household, type: number, unit: 元, range: 0..100000, each: month, back: 3}
""",
)
WHEN = {
    "household": ["甲", "收入 < 1000元", "比例 > 30%", "资产 < 1万元", "合计(工资, 近2个月) < 3000元",
                  "合计(赡养人：月收入) > 1000元"],
    "member": ["残疾等级 = 一级", "病种 包含 癌症", "周岁数(出生日期) >= 60", "有(就医记录：就医地 = 东镇)"],
}  # fmt: skip
HEADERS = {
    "h": ["户编号", "乡镇", "姓名", "甲", "收入", "比例", "资产"],
    "m": ["户编号", "人编号", "残疾等级", "病种", "出生日期"],
    "工资": ["户编号", "月份", "工资"],
    "赡养人": ["户编号", "月收入"],
    "就医记录": ["户编号", "人编号", "就医地"],
}
Tables = dict[str, list[list[str]]]
Cell = tuple[object, str]
"""What is filled in, and what it means, as the registry would say it: "" is nothing."""
PERSONS = "41050219780101{:04}"
"""Ids of households that are numbers of persons, whose masked forms are not alike."""
REFUSED = "?"
"""The meaning of what cannot be taken."""


def rules(folder: Path) -> Ruleset:
    """The ruleset: a policy for each fact, which it keeps open."""
    text = "kind: policies\npolicies:\n"
    for level, conditions in WHEN.items():
        for number, when in enumerate(conditions):
            text += f"""  - id: {level}.p{number}
    title: {{zh: 政策{level[0]}{number}, en: P{level[0]}{number}}}
    for: {level}
    versions:
      - {{valid: .., when: '{when}', benefit: {{kind: service}}, lead: [民政局], basis: [s]}}
"""
    return load(written(folder, text, facts=FACTS), cache=False)


def registry(count: int, seed: int, *ids: str) -> Tables:
    """Tables without most facts; all rows that an answer may go to, and some months that have none.

    Ids of households are made of their numbers from 0; `ids` are how, by turns.
    """
    chance, found = Random(seed), {name: [headers] for name, headers in HEADERS.items()}

    def perhaps(text: str) -> str:
        return text if chance.random() < 0.2 else ""

    for at in range(count):
        house = (ids or ("H{:03}",))[at % max(1, len(ids))].format(at)
        own = [perhaps("是"), perhaps("800"), perhaps("31.5"), perhaps("0.5")]
        found["h"].append([house, chance.choice(["东镇", "西镇"]), f"户主{at}", *own])
        found["工资"] += [[house, "2019-05", perhaps("1000")]] * chance.randrange(2)
        found["赡养人"] += [[house, perhaps("900")] for _ in range(chance.randrange(3))]
        for number in range(1, chance.randrange(2, 4)):
            member = f"{house}.{number}"
            found["m"].append([house, member, perhaps("一级"), perhaps("癌症、结核"), perhaps("1950-01-02")])
            found["就医记录"] += [[house, member, perhaps("东镇")] for _ in range(chance.randrange(3))]
    return found


def job(rules: Ruleset, tables: Tables, folder: Path, output: Path, **how: Any) -> Job:
    """A run of the tables, which are written to a folder."""
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    own, inner, months, *lists = (str(folder / f"{name}.csv") for name in tables)
    named = tuple(zip(("赡养人", "就医记录"), lists, strict=True))
    keep = ("姓名", "乡镇")
    asked = BatchRequest(missing=True)
    return Job(rules, own, inner, AS_OF, output, asked=asked, keep=keep, months=(months,), lists=named, **how)


@dataclass(frozen=True)
class Question:
    """A row to be filled in: household, member (""), what is asked."""

    household: str
    member: str
    asked: str

    def cells(self) -> tuple[Cell, ...]:
        """What people fill in there."""
        return next(some for word, some in CELLS.items() if self.asked.split(" ")[0].endswith(word))


def said(meaning: str, *cells: object) -> list[Cell]:
    """Cells that all say the same."""
    return [(cell, meaning) for cell in cells]


NOTHING = said("", None, "", "  ", "\u3000", "'")
"""What says nothing."""
CELLS: dict[str, tuple[Cell, ...]] = {
    "甲": (*said("是", "是", "√", True, "✓ ", "'是"), *said("否", "否", "×", False), *said(REFUSED, "也许", "=1=1", 2)),
    "月收入": (
        *said("900", 900, "900.00", "９００元"),
        *said("2000.50", 2000.5, "2,000.50"),
        *said(REFUSED, "九百", -1),
    ),
    "收入": (
        *said("1200", 1200.0, "１２００", "1,200", "1200元", " 1200 ", "0.12万"),
        *said("12000", "1.2万", "1.2万元", 12000, "¥12,000"),
        *said(REFUSED, "约1200", 99999999, "=600*2", date(1950, 1, 2), 1200.001),
    ),
    "比例": (*said("31.5", 31.5, "31.5%", "３１．５％"), *said("0.5", 0.5, "0.5%"), *said(REFUSED, "半", 101)),
    "资产": (*said("0.5", 0.5, "0.5", "5000元", "0.5万元"), *said("2", 2, "2.00"), *said(REFUSED, "2000", "不少")),
    "残疾等级": (
        *said("一级", "一级", "1级", "一", "one", 1, "1"),
        *said("二级", "二级", "2级", 2.0),
        *said(REFUSED, "四级", 3),
    ),
    "病种": (
        *said("癌症", "癌症", "ca"),
        *said("结核、癌症", "癌症、结核", "结核，癌症"),
        *said(REFUSED, "感冒", "癌症、感冒"),
    ),
    "出生日期": (
        *said("1950-01-02", "1950-01-02", "1950年1月2日", "1950.1.2", "19500102", 18265, date(1950, 1, 2)),
        *said("1951-03", "1951-03", "1951年3月"),
        *said(REFUSED, "1950-13-01", 1950.1, date(2030, 1, 1), "属牛"),
    ),
    "就医地": (*said("东镇", "东镇", "east"), *said("西镇", "西镇"), *said(REFUSED, "南镇")),
    "工资": (*said("1000", 1000.0, "1000元", "0.1万"), *said("2500", "2500", "２５００"), *said(REFUSED, "一千")),
}  # fmt: skip
"""By what a fact is called, what people fill in; the registry says the same in another way, or cannot say it."""


def questions(path: Path) -> Iterator[tuple[Question, int]]:
    """The rows of a workbook's list of questions, with their numbers."""
    sheet = openpyxl.load_workbook(path)["上门核实"]
    _, _, head, *rows = sheet.iter_rows(values_only=True)
    at = [list(head).index(name) for name in ("户编号", "成员", "要问的事项")]
    for number, row in enumerate(rows, 4):
        household, member, asked = (str(row[one] or "") for one in at)
        yield Question(household, member, asked), number


def fill(path: Path, answers: dict[int, object], to: Path, sheet: str = "上门核实", heading: str = "答") -> Path:
    """The workbook with some rows filled in, saved elsewhere."""
    book = openpyxl.load_workbook(path)
    found = book[sheet]
    column = [cell.value for cell in found[3]].index(heading) + 1
    for row, value in answers.items():
        found.cell(row, column).value = value
    book.save(to)
    return to


def filled_tables(tables: Tables, answers: dict[Question, str]) -> Tables:
    """The tables with the same filled in by hand."""
    found = deepcopy(tables)
    for one, value in answers.items():
        name, _, month = one.asked.partition(" ")
        if month:
            row = next((row for row in found["工资"] if row[:2] == [one.household, month]), None)
            if row is None:
                found["工资"].append(row := [one.household, month, ""])
            row[2] = value
        elif "第" in name:
            listed, _, rest = name.partition("第")
            owner = [one.household, one.member] if one.member else [one.household]
            rows = [row for row in found[listed] if row[: len(owner)] == owner]
            rows[int(rest.partition("项")[0]) - 1][len(owner)] = value
        else:
            table = found["m" if one.member else "h"]
            owner = [one.household, one.member] if one.member else [one.household]
            row = next(row for row in table if row[: len(owner)] == owner)
            row[table[0].index(name)] = value
    return found
