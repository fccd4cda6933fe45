"""A small ruleset with lists of households and of members, and registries with tables of their items.

In: a folder, a seed. Out: a loaded ruleset; households as they are given, and the rows of tables that say the same.
Called by the tests of runs.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checked_ruleset import BASE, policy, written

from fupin_policy import Ruleset, load

FACTS = (
    BASE["facts.yaml"].replace(
        "facts:\n",
        """lists:
  - {name: supporters, label: 赡养人, of: household, most: 4}
  - {name: bills, label: 就医记录, of: member, most: 5, order: [就医日期, 序号]}
  - {name: plots, label: 承包地, of: household, most: 9, absent: empty, why: {zh: 没登记的没有, en: none if none given}}
facts:
""",
    )
    + """\
  - {name: monthly, label: 月收入, aliases: [月薪], for: supporters, type: number, unit: 元, range: 0..100000}
  - {name: near, label: 同村, for: supporters, type: truth}
  - {name: called, label: 姓名, for: supporters, type: text}
  - {name: cost, label: 医疗费用, for: bills, type: number, unit: 元, range: 0..1000000}
  - {name: treated, label: 就医日期, for: bills, type: date, range: 2000-01-01.., past: true, required: true}
  - {name: serial, label: 序号, for: bills, type: number, unit: 元, decimals: 0, range: 1..9}
  - {name: where, label: 就医地, for: bills, type: code, codes: town}
  - {name: area, label: 面积, for: plots, type: number, unit: 元, decimals: 0, range: 0..99}
"""
)
TERMS = """kind: terms
terms:
  - {name: support, label: 赡养费, for: household, output: true,
     value: "合计(赡养人：较大(0元, 月收入 − 1000元) × 50% 四舍五入到 分)"}
  - {name: no_support, label: 没有赡养能力, for: household, value: 非 有(赡养人：月收入 > 3000元 且 同村)}
  - {name: earlier, label: 此前, for: bills, value: '合计(就医记录：医疗费用, 就医日期 < 本项.就医日期)'}
  - {name: paid, label: 实付, for: bills, value: '较小(5000元, 此前 + 医疗费用) − 较小(5000元, 此前)'}
  - {name: aid, label: 补助, for: member, output: true, value: 合计(就医记录：实付)}
  - {name: visits, label: 次数, for: member, output: true, value: 个数(就医记录：就医地 = 东镇)}
  - {name: land, label: 地, for: household, output: true, value: 合计(承包地：面积)}
"""
POLICIES = (
    policy("没有赡养能力 且 收入 < 5000元", amount="'较小(100元, 赡养费)'")
    + """\
  - id: bills
    title: {zh: 就医补助, en: Bills}
    for: member
    versions:
      - {valid: .., when: 补助 > 0元 且 地 < 50元, benefit: {kind: cash, amount: 补助, per: once},
         lead: [民政局], basis: [s]}
"""
)
Rows = list[list[str]]
HEADERS = {
    "赡养人": ["户编号", "月薪", "同村", "姓名"],
    "就医记录": ["户编号", "人编号", "医疗费用", "就医日期", "序号", "就医地"],
    "承包地": ["户编号", "面积"],
}


def rules(folder: Path, **other: Any) -> Ruleset:
    """The ruleset."""
    return load(written(folder, TERMS, POLICIES, facts=FACTS), cache=False, **other)


@dataclass(frozen=True)
class Registry:
    """Households, and the same as rows of tables, headers first: of households, members and each list."""

    given: list[dict[str, Any]]
    own: Rows
    inner: Rows
    lists: dict[str, Rows]

    def files(self, folder: Path) -> tuple[str, str]:
        """The tables of households and members."""
        folder.mkdir(exist_ok=True)
        return write(folder / "households.csv", self.own), write(folder / "members.csv", self.inner)

    def tables(self, folder: Path) -> tuple[tuple[str, str], ...]:
        """Each list with its table."""
        folder.mkdir(exist_ok=True)
        return tuple((name, write(folder / f"{name}.csv", rows)) for name, rows in self.lists.items())


def write(path: Path, rows: Iterable[Sequence[str]]) -> str:
    """The path of a CSV file with these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def registry(count: int, seed: int) -> Registry:
    """Households with items of every list, whose rows stand in any order."""
    chance = random.Random(seed)
    given = []
    own: Rows = [["户编号", "收入"]]
    inner: Rows = [["户编号", "人编号", "出生日期"]]
    lists = {name: [headers] for name, headers in HEADERS.items()}
    for at in range(count):
        income = chance.choice(["", "100", "4000", "9000"])
        own.append([f"h{at}", income])
        one: dict[str, Any] = {"id": f"h{at}", "收入": income, "members": []}
        one["赡养人"] = [_supporter(chance) for _ in range(chance.randrange(5))]
        one["承包地"] = [{"面积": chance.choice(["", "3", "40"])} for _ in range(chance.randrange(3))]
        for name in ("赡养人", "承包地"):
            lists[name] += [[f"h{at}", *item.values()] for item in one[name]]
        for number in range(chance.randrange(1, 4)):
            person = {"id": f"m{number}", "出生日期": f"19{chance.randrange(30, 99)}-01-01"}
            inner.append([f"h{at}", *person.values()])
            bills = [_bill(chance, serial) for serial in range(1, chance.randrange(1, 6))]
            lists["就医记录"] += [[f"h{at}", f"m{number}", *item.values()] for item in bills]
            one["members"].append({**person, "就医记录": bills})
        given.append(one)
    return Registry(given, own, inner, {name: _mixed(chance, rows) for name, rows in lists.items()})


def _supporter(chance: random.Random) -> dict[str, str]:
    return {
        "月收入": chance.choice(["", "0", "2500", "4000.50"]),
        "同村": chance.choice(["", "是", "否"]),
        "姓名": chance.choice(["", "甲", "乙"]),
    }


def _bill(chance: random.Random, serial: int) -> dict[str, str]:
    return {
        "医疗费用": chance.choice(["", "100", "900.25", "4000"]),
        "就医日期": f"2019-0{chance.randrange(1, 5)}-01",
        "序号": str(serial),
        "就医地": chance.choice(["", "东镇", "西镇"]),
    }


def _mixed(chance: random.Random, rows: Rows) -> Rows:
    """The rows of owners mixed up, those of one owner in their order: what is missing is named by places in a list."""
    places = sorted(range(1, len(rows)), key=lambda _: chance.random())
    by_owner: dict[tuple[str, ...], list[int]] = {}
    for at in sorted(places):
        by_owner.setdefault(_owner(rows, at), []).append(at)
    return [rows[0], *(rows[by_owner[_owner(rows, at)].pop(0)] for at in places)]


def _owner(rows: Rows, at: int) -> tuple[str, ...]:
    return tuple(rows[at][: rows[0].index("医疗费用") if "医疗费用" in rows[0] else 1])
