"""Modules of rules that ask about lists: what they answer, and say is missing, is what the interpreter does.

In: rules with lists of every kind, drawn households. Out: pass or fail. Called by pytest.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import of_lists
import pytest
import wasmtime
from checked_ruleset import policy, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from module_host import Host

from fupin_policy import Ruleset, load
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import Need
from fupin_policy.decisions.missing import needs_of_questions
from fupin_policy.evaluators import interpreter
from fupin_policy.testing import households

NUMBER = "  - {name: number, label: 序号"
FACTS = of_lists.FACTS.replace(NUMBER, f"  - {{name: major, label: 大额, for: bills, type: truth}}\n{NUMBER}")
VALUES = {
    "household": [
        "合计(成员：合计(就医记录：额, 大额) + 收入 × 0)",
        "个数(成员：有(就医记录：额 > 500元 且 大额))",
        "最大(成员：最小(就医记录：额, 大额 否则 收入) 否则 7元)",
        "个数(赡养人：有(赡养人：月收入 < 本项.月收入 且 本项.健在))",
        "合计(赡养人：最大(赡养人：月收入, 健在 且 月收入 < 本项.月收入 否则 收入))",
        "个数(成员：有成员满足(出生日期 < 本项.出生日期))",
        "个数(成员：有(就医记录：有(就医记录：日期 < 本项.日期 且 大额)))",
        "有(赡养人：个数(成员：有(就医记录：额 > 3元)) > 1)",
        "合计(赡养人：若 健在 则 月收入 否则 -5元)",
        "若 个数(赡养人) > 0 则 最小(赡养人：月收入 × 2, 非 健在 否则 3元) 否则 9元",
        "个数(成员：有(成员：合计(就医记录：额) < 本项.费用 且 最高 > 9元))",
    ],
    "member": [
        "个数(就医记录：次序 > 1)",
        "最大(就医记录：次序 否则 -1)",
        "有(就医记录：此前大额)",
        "合计(就医记录：若 序号 > 3 则 额 否则 -1元, 出生日期 < 日期)",
        "个数(成员：费用 < 本项.费用)",
        "有(赡养人：月收入 > 700元)",
        "最小(就医记录：日期, 大额 否则 出生日期)",
    ],
}
OWN = [
    "  - {name: rank, label: 次序, for: bills, value: '个数(就医记录：日期 <= 本项.日期)'}\n",
    "  - {name: kinds, label: 此前大额, for: bills, versions: [{valid: ..2018-12-31, value: '大额'},"
    " {valid: 2019-01-01.., value: '有(就医记录：日期 < 本项.日期 且 (本项.次序 > 次序 或 大额))'}]}\n",
    "  - {name: costs, label: 费用, for: member, value: '合计(就医记录：额, 大额 或 次序 > 1)'}\n",
    "  - {name: top, label: 最高, for: member, value: '最大(就医记录：额, 大额 否则 1元)'}\n",
]
TERMS = (
    "kind: terms\nterms:\n"
    + "".join(OWN)
    + "".join(
        f"  - {{name: {level}{at}, label: 值{level}{at}, for: {level}, output: true, value: '{value}'}}\n"
        for level, values in VALUES.items()
        for at, value in enumerate(values)
    )
)
POLICIES = policy("有(赡养人：月收入 < 3000元) 或 有成员满足(有(就医记录：大额))")


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return load(written(tmp_path_factory.mktemp("rules"), TERMS, POLICIES, facts=FACTS), cache=False)


@pytest.fixture(scope="module")
def listy(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return of_lists.rules(tmp_path_factory.mktemp("listy"))


@pytest.fixture(scope="module")
def host(rules: Ruleset) -> Host:
    return Host(rules.compile())


def agrees(ruleset: Ruleset, household: Household, day: int) -> None:
    snapshot = ruleset.snapshot(of_lists.LAST)
    traces = interpreter.trace(snapshot, household, day)
    told, known = ruleset.findings(household, day), interpreter.findings(snapshot, traces)
    named = [one.id for one in ruleset.program.further]
    assert dict(zip(named, told.further, strict=True)) == dict(zip(named, known.further, strict=True))
    assert told == known
    needs = needs_of_questions(ruleset.program, traces, household.ids)
    found = ruleset._evaluator.needs(household, day)
    for asked, one, other in zip(ruleset.program.questions, found, needs, strict=True):
        assert sorted_needs(one) == sorted_needs(other), asked[0].id


def alone_and_together(ruleset: Ruleset, host: Host, given: list[dict[str, Any]], exact: bool) -> None:
    """Households one after the other in one memory get what each gets alone."""
    pairs = [ruleset.read(one, of_lists.LAST) for one in given]
    read, day = [one for one, _ in pairs], pairs[0][1]
    host.place_all(read, day, exact)
    host.call("check")
    assert host.fault() == (0, 0)
    host.call("run")
    found = [ruleset.findings(one, day).further for one in read]
    for number, output in enumerate(ruleset.program.further):
        people = len(read) if output.level == "household" else sum(len(one.members) for one in read)
        columns = host.values(output.role, output.id, people)
        told = columns[0] if len(columns) == 1 else tuple(zip(*columns, strict=True))
        assert told == tuple(value for one in found for value in one[number]), output.id
    for at, one in enumerate(read):
        host.write(host.manifest["header"]["asked"], "i", at)
        host.call("missing")
        for number, needs in enumerate(ruleset._evaluator.needs(one, day)):
            assert host.missing(number, one) == set(needs)


@pytest.mark.parametrize("exact", [False, True])
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_many_households_in_one_memory(rules: Ruleset, host: Host, exact: bool, data: st.DataObject) -> None:
    drawn = st.lists(households(rules, of_lists.LAST, known=exact), min_size=1, max_size=3)
    alone_and_together(rules, host, data.draw(drawn), exact)


@pytest.mark.parametrize("wrong", ["items", "more", "offsets"])
def test_more_items_than_there_may_be_are_a_trap(listy: Ruleset, wrong: str) -> None:
    read, day = listy.read({"id": "h", "members": [{"id": "m"}], "赡养人": [{}, {}, {}]}, of_lists.LAST)
    host = Host(listy.compile())
    placed = {name: at for name, at, _ in host.place(read, day)}
    match wrong:
        case "items":
            host.write(placed["supporters.offsets"], "2i", 0, 4)
        case "more":
            host.write(placed["supporters.more"], "i", 1)
        case _:
            host.write(placed["supporters.offsets"], "2i", 3, 0)
    for entry in ("run", "missing"):
        with pytest.raises(wasmtime.Trap):
            host.call(entry)


def test_too_many_items_are_refused_where_a_household_is_evaluated(listy: Ruleset) -> None:
    read, day = listy.read({"id": "h", "members": [{"id": "m"}], "赡养人": [{}, {}, {}]}, of_lists.LAST)
    (known,) = read.lists
    with pytest.raises(ValueError, match="4 items; the ruleset allows 3"):
        listy.findings(replace(read, lists=(replace(known, more=1),)), day)


def test_pairs_of_members_without_any_list(tmp_path: Path) -> None:
    terms = (
        "kind: terms\nterms:\n  - {name: elder, label: 更年长的, for: member, output: true,"
        " value: '个数(成员：出生日期 < 本项.出生日期)'}\n"
    )
    ruleset = load(written(tmp_path, terms, policy("有成员满足(更年长的 > 1)")), cache=False)
    born = ["1950-01-01", None, "1960-01-01"]
    given = {"id": "h", "members": [{"id": f"m{at}", "出生日期": day} for at, day in enumerate(born)]}
    read, day = ruleset.read(given, of_lists.LAST)
    agrees(ruleset, read, day)
    # who is not known to be older than himself is not known not to be, either
    assert ruleset.findings(read, day).further[0] == ((0, 1), (0, 3), (1, 2))


def test_a_figure_that_is_the_first_of_the_facts_is_named_as_missing(tmp_path: Path) -> None:
    """The byte of the first node stands at the beginning of all, and a walk may start with it."""
    terms = (
        "kind: terms\nterms:\n"
        "  - {name: first, label: 头一个, for: member, output: true, value: 出生日期}\n"
        "  - {name: second, label: 第二个, for: member, output: true, value: 头一个 + 1天}\n"
    )
    ruleset = load(written(tmp_path, terms, policy("有(赡养人：月收入 < 3000元)"), facts=FACTS), cache=False)
    agrees(ruleset, *ruleset.read({"id": "h", "members": [{"id": "m1"}, {"id": "m2"}]}, of_lists.LAST))


def sorted_needs(needs: tuple[Need, ...]) -> list[Need]:
    return sorted(needs, key=str)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_kind_of_question(rules: Ruleset, data: st.DataObject) -> None:
    agrees(rules, *rules.read(data.draw(households(rules, of_lists.LAST)), of_lists.LAST))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_supporters_and_bills(listy: Ruleset, data: st.DataObject) -> None:
    agrees(listy, *listy.read(data.draw(households(listy, of_lists.LAST)), of_lists.LAST))
