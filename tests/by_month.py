"""A small ruleset of facts by month and year, and households as they are given, right and wrong.

In: a folder. Out: a loaded ruleset, households. Called by the tests of several rooms and of hosts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checked_ruleset import BASE, policy, written

from fupin_policy import Ruleset, load

FACTS = (
    BASE["facts.yaml"]
    + """\
  - {name: wage, label: 工资, aliases: [月工资], for: household, type: number, unit: 元, range: 0..100000,
     each: month, back: 13}
  - {name: aided, label: 享受低保, for: household, type: truth, each: month, back: 6}
  - {name: pension, label: 养老金, for: member, type: number, unit: 元, range: 0..9000, each: month, back: 12}
  - {name: kind_of, label: 所在乡镇, for: member, type: code, codes: town, each: month, back: 2}
  - {name: yearly, label: 年收入, for: household, type: number, unit: 元, range: 0..100000, each: year, back: 3}
"""
)
TERMS = """kind: terms
terms:
  - {name: last12, label: 近一年工资, for: household, output: true, value: "合计(工资, 近12个月)"}
  - {name: before12, label: 前一年工资, for: household, output: true, value: "total(wage, previous 12 months)"}
  - {name: this_year, label: 今年工资, for: household, output: true, value: "合计(工资, 本年)"}
  - {name: mean, label: 平均工资, for: household, output: true, value: "平均(工资, 近3个月) 四舍五入到 分"}
  - {name: mean_of_year, label: 今年平均, for: household, output: true, value: "平均(工资, 本年) 四舍五入到 分"}
  - {name: last, label: 上月工资, for: household, output: true, value: "工资(上月)"}
  - {name: six, label: 连续六个月, for: household, output: true, value: "各月都(享受低保, 近6个月)"}
  - {name: own, label: 成员养老金, for: household, output: true, value: "合计(成员合计(养老金), 近2个月)"}
  - {name: years, label: 三年收入, for: household, output: true, value: "合计(年收入, 近3年)"}
  - {name: year_before, label: 上年收入, for: household, output: true, value: "年收入(上年)"}
  - {name: at_its_end, label: 上年末工资, for: household, output: true, value: "合计(工资, 前1年)"}
  - {name: old, label: 各月有老人, for: household, output: true,
     value: "各月都(有成员满足(周岁数(出生日期) >= 60), 近3个月)"}
  - {name: moved, label: 换过乡镇, for: member, output: true, value: "所在乡镇(上月) ≠ 所在乡镇"}
"""
POLICY = policy("工资(上月) < 1000元 且 年收入 < 5000元", amount="'较小(100元, 工资)'").replace(
    "lead:", "starts: next_month, lead:"
)


def rules(folder: Path) -> Ruleset:
    """The ruleset."""
    return load(written(folder, TERMS, POLICY, facts=FACTS), cache=False)


ODD: tuple[Any, ...] = (
    1200,
    "1200",
    [],
    {},
    "不详",
    None,
    {"each": "1200"},
    {"每月": 5, "2019-05": {"min": 1, "max": 20}},
    {"each": "不详", "2019-05": 3},
    {"each": 4, "2019-05": "不详", "2019-04": None, "2019-03": " "},
    {"2019-5": 1, "2019年6月": 2, " 2019-04 ": 3},
    {"2019-05": 1, "2019-5": 2},
    {"2019-05": 1, "2019-13": 2},
    {"2019-05": 1, "5月": 2},
    {"1990-01": "x"},
    {"1990-01": 200000},
    {"2030-01": "7.50"},
    {"2019-05": {"one_of": [1, "a"]}},
    {"min": 1, "max": 2},
)
"""What may stand for a number by month."""


def households() -> list[dict[str, Any]]:
    """Households with each of these, of the household and of a member, and of years and truths."""
    member = {"id": "m", "出生日期": "1959-03-15"}
    found = [{"id": "h", "工资": one, "members": [{**member, "养老金": one}]} for one in ODD]
    years: list[Any] = [
        {"2019": 1, "2018": "2.5"},
        {"2019年": 1},
        {"2019": 1, "2019年": 1},
        {"2019-05": 1},
        {"each": 9},
    ]
    found += [{"id": "h", "年收入": one, "members": [member]} for one in years]
    truths: list[Any] = [{"each": "是", "2019-03": False}, {"2019-05": "x"}, True, {"each": {"one_of": [True, False]}}]
    found += [{"id": "h", "享受低保": one, "members": [member]} for one in truths]
    codes: list[Any] = [
        {"each": "东镇"},
        {"2019-06": "west", "2019-05": {"one_of": ["东镇", "西镇"]}},
        {"each": "x"},
        "东镇",
    ]
    found += [{"id": "h", "members": [{**member, "所在乡镇": one}]} for one in codes]
    return [*found, {"id": "h", "工资": {"each": 1}, "月工资": {"each": 1}, "members": [member]}]
