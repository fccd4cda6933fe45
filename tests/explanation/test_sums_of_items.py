"""Sums over the items of a list: each line says of which item it is, and which items do not count.

In: the ruleset of `of_lists`. Out: assertions. Called by pytest.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import of_lists
import pytest
from jsonschema import Draft202012Validator
from of_lists import LAST, bill

from fupin_policy import Ruleset
from fupin_policy.explanation import sums
from fupin_policy.explanation.sums import Calculation, Operand, Operation, SumLine

SCHEMA = json.loads(Path(sums.__file__).with_name("sum.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def listy(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return of_lists.rules(tmp_path_factory.mktemp("listy"))


def sum_of(ruleset: Ruleset, figure: str, household: dict[str, Any]) -> Calculation:
    """How a figure of a household is worked out; what it is as plain data is as the schema says."""
    found = next(one for one in ruleset.explain_figures(household, LAST) if one.figure.name == figure)
    assert found.sum is not None
    Draft202012Validator(SCHEMA).validate(found.sum.as_json())
    return found.sum


def added(line: SumLine) -> list[Operand]:
    assert isinstance(line.working, Operation) and line.working.operator == "add"
    parts = [one for one in line.working.parts if isinstance(one, Operand)]
    assert len(parts) == len(line.working.parts)
    return parts


def numbers(parts: list[Operand]) -> list[int | None]:
    return [None if one.item is None else one.item.number for one in parts]


def test_each_line_says_of_which_item_it_is(listy: Ruleset) -> None:
    bills = [bill(300, "2019-03-01"), bill(200, "2019-02-01"), bill(7000, "2019-04-01")]
    found = sum_of(listy, "all_paid", {"id": "h", "members": [{"id": "m", "就医记录": bills}]})
    lines = {(one.name.zh, one.item.number): one for one in found.lines if one.item is not None}
    assert lines["此前", 1].result.digits == "200.00" and lines["此前", 3].result.digits == "500.00"
    assert [(one.item and one.item.said.zh, one.name and one.name.zh) for one in added(lines["此前", 3])] == [
        ("就医记录第1项", "额"),
        ("就医记录第2项", "额"),
    ]
    assert numbers(added(found.lines[-1])) == [1, 2, 3]


def test_what_does_not_count_is_told_with_its_reason(listy: Ruleset) -> None:
    items = [{"月收入": 2000}, {"月收入": 9000, "健在": "否"}, {"月收入": 3000}]
    found = sum_of(listy, "support", {"id": "h", "赡养人": items, "members": [{"id": "m"}]})
    assert numbers(added(found.lines[-1])) == [1, 3]
    assert [one.zh for one in found.lines[-1].why] == ["赡养人 3 项中 2 项计入", "第2项不计：健在为「否」"]
    assert [one.en for one in found.lines[-1].why] == [
        "of 3 supporters 2 count",
        'item 2 does not count: "alive" is no',
    ]


def test_further_items_add_up_to_the_sum(listy: Ruleset) -> None:
    known = {"at_least": [{"月收入": 2500, "健在": "是"}]}
    found = sum_of(listy, "support", {"id": "h", "赡养人": known, "members": [{"id": "m"}]})
    first, further = added(found.lines[-1])
    assert first.low == first.high == Fraction(500)
    assert further.name is not None and further.name.zh.startswith("其他各项：") and further.item is None
    result = found.lines[-1].result
    assert (first.low + further.low, first.high + further.high) == (result.low, result.high)
    assert result.high == Fraction(500) + 2 * Fraction(49250)
