"""12: the order of a list's items changes nothing; a list of exactly the members gives what the members give."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from small_rulesets import policy, written
from text_files import write_files

from fupin_policy import Ruleset, load
from fupin_policy.testing import households, rulesets

FACTS = "".join(
    f"- {{name: {prefix}pay, label: {word}收入, for: {level}, type: number, range: -3..9}}\n"
    f"- {{name: {prefix}ill, label: {word}病, for: {level}, type: truth}}\n"
    f"- {{name: {prefix}born, label: {word}出生, for: {level}, type: date, past: true}}\n"
    for prefix, word, level in (("", "", "member"), ("other_", "另", "others"))
)
LISTS = "lists:\n- {name: others, label: 其他人, of: household, most: 5}\n"
ASKED = [
    "有({of}：{p}病)",
    "个数({of}：{p}收入 > 3)",
    "合计({of}：{p}收入 × 2, 非 {p}病)",
    "最小({of}：{p}收入, {p}病 否则 4)",
    "最大({of}：{p}出生, {p}收入 < 0 否则 基准日)",
    "合计({of}：个数({of}：{p}出生 < 本项.{p}出生 或 本项.{p}病))",
    "有({of}：最大({of}：{p}收入, {p}病 = 本项.{p}病 否则 -9) > {p}收入)",
]
TERMS = "".join(
    f"- {{name: {name}{at}, label: 值{name}{at}, for: household, output: true, value: '{text.format(of=of, p=p)}'}}\n"
    for name, of, p in (("m", "成员", ""), ("l", "其他人", "另"))
    for at, text in enumerate(ASKED)
)
SLOW = settings(max_examples=settings().max_examples // 8, deadline=None, suppress_health_check=list(HealthCheck))
DAY = date(2019, 6, 30)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return written(tmp_path_factory.mktemp("twice"), FACTS, policy("是"), TERMS, LISTS)


@SLOW
@given(data=st.data())
def test_a_list_of_exactly_the_members_gives_what_these_give(twice: Ruleset, data: st.DataObject) -> None:
    drawn = data.draw(households(twice, DAY))
    others = [{f"other_{k}": v for k, v in one.items() if k != "id"} for one in drawn["members"][:5]]
    told = twice.evaluate({"id": "h", "members": drawn["members"][:5], "others": others}, DAY)
    for at, _ in enumerate(ASKED):
        of_members, of_items = ([one.value for one in told.figure(f"{name}{at}").values] for name in "ml")
        assert of_members == of_items, ASKED[at]


@SLOW
@given(data=st.data())
def test_the_order_of_items_changes_nothing(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    files = data.draw(rulesets(lists=True))
    assume("lists.yaml" in files)
    folder: Path = tmp_path_factory.mktemp("random")
    write_files(folder, files)
    ruleset = load(folder, cache=False)
    household = data.draw(households(ruleset, DAY))
    first, second = (ruleset.evaluate(one, DAY) for one in (household, turned(household)))
    for one, other in zip(first.decisions, second.decisions, strict=True):
        assert (one.status, one.amount, one.beneficiaries) == (other.status, other.amount, other.beneficiaries)
        assert len(one.missing) == len(other.missing)
    assert [one.values for one in first.figures] == [one.values for one in second.figures]


def turned(given_: Any) -> Any:
    """The same with the items of each list in the contrary order."""
    if not isinstance(given_, dict):
        return given_
    lists = {name: backwards(value) for name, value in given_.items() if name in ("helpers", "visits")}
    return {**given_, **lists, **({"members": list(map(turned, given_["members"]))} if "members" in given_ else {})}


def backwards(listed: Any) -> Any:
    if isinstance(listed, dict):
        return {"at_least": listed["at_least"][::-1]}
    return listed[::-1] if isinstance(listed, list) else listed
