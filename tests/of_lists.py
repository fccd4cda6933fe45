"""A small ruleset of lists: supporters of a household, bills of its members; and households as they are given.

In: a folder. Out: a loaded ruleset, households. Called by the tests of several rooms.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from checked_ruleset import BASE, policy, written

from fupin_policy import Ruleset, load

LAST = date(2019, 6, 1)
FACTS = (
    BASE["facts.yaml"]
    + """\
  - {name: monthly, label: 月收入, for: supporters, type: number, unit: 元, range: 0..100000}
  - {name: alive, label: 健在, for: 赡养人, type: truth, absent: 是, why: {zh: 通常, en: usually}}
  - {name: cost, label: 额, for: bills, type: number, unit: 元, range: 0..1000000}
  - {name: on, label: 日期, for: bills, type: date, past: true}
  - {name: number, label: 序号, for: bills, type: number, range: 0..99}
lists:
  - {name: supporters, label: 赡养人, of: household, most: 3}
  - {name: bills, label: 就医记录, of: member, most: 4, absent: empty, order: [日期, 序号],
     why: {zh: 未就医的不填, en: no bill is left out}}
"""
)
GRADES = """
  - name: grade
    codes:
      - {code: "1", name: one, label: 一级}
      - {code: "2", name: two, label: 二级}
      - {code: "3", name: three, label: 三级}
facts:
"""
"""What stands in place of the beginning of facts, where some are of these codes."""
TERMS = """kind: terms
terms:
  - {name: support, label: 赡养费, for: household, output: true,
     value: "合计(赡养人：较大(0元, 月收入 - 1500元) × 50% 四舍五入到 分, 健在)"}
  - {name: several, label: 赡养人数, for: household, output: true, value: "个数(赡养人)"}
  - {name: rich, label: 有富裕赡养人, for: household, output: true, value: "有(赡养人：月收入 > 3000元)"}
  - {name: poorest, label: 最低收入, for: household, output: true, value: "最小(赡养人：月收入 否则 0元)"}
  - {name: most_cost, label: 最高费用, for: member, output: true, value: "greatest(bills:cost else 0 yuan)"}
  - {name: before, label: 此前, for: bills, value: "合计(就医记录：额, 日期 < 本项.日期)"}
  - {name: paid, label: 实付, for: 就医记录, value: "较小(5000元, 此前 + 额) - 较小(5000元, 此前)"}
  - {name: all_paid, label: 已付, for: member, output: true, value: "合计(就医记录：实付)"}
  - {name: whole, label: 家庭费用, for: household, output: true, value: "合计(成员：合计(就医记录：额, 额 >= 100元))"}
  - {name: alike, label: 同龄人, for: member, output: true, value: "个数(成员：出生日期 = 本项.出生日期)"}
"""
POLICY = policy("有(赡养人：月收入 < 3000元)", amount="'较小(1000元, 赡养费)'")


def rules(folder: Path) -> Ruleset:
    """The ruleset."""
    return load(written(folder, TERMS, POLICY, facts=FACTS), cache=False)


def bill(cost: object, on: str, number: object = 1) -> dict[str, Any]:
    """A bill as it is given."""
    return {"额": cost, "日期": on, "序号": number}
