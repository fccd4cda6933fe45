"""Parameters as they stood on the last 1 July, against what plain Python finds in a list of dated values."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from checked_ruleset import checked, loaded, policy, told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_policy import Ruleset, load
from fupin_policy.core.decision import Decision

HOUSEHOLD = {"id": "h", "甲": True, "收入": "100", "乡镇": "东镇", "members": [{"id": "m"}]}
FIRST, LAST = date(2018, 1, 1), date(2020, 12, 31)
CLAUSES = "kind: clauses\nsource: s\nclauses: [{id: '1', summary: {zh: 一, en: One}}]\n"


def parameter(name: str, label: str, values: str, more: str = "range: 0..1000") -> str:
    return f"  - {{name: {name}, label: {label}, unit: 元, {more}, values: [{values}]}}\n"


def parameters(*given: str) -> str:
    return "kind: parameters\nparameters:\n" + "".join(given)


def line(values: str, more: str = "range: 0..1000") -> str:
    return parameter("line", "标准", values, more)


def value(valid: str, said: object, status: str = "enacted") -> str:
    return f"{{valid: {valid}, value: {said}, status: {status}, source: s 1}}"


YEARS = ", ".join(
    (value("2017-01-01..2018-12-31", 80), value("2019-01-01..2019-12-31", 90, "example"), value("2020-01-01..", 100))
)
USE = "参数.标准(截至 07-01)"


def ruled(tmp_path: Path, params: str, amount: str = USE) -> Ruleset:
    return loaded(tmp_path, params, policy("甲", f"'{amount}'"), CLAUSES)


def decided(ruleset: Ruleset, day: date | str, household: Any = HOUSEHOLD) -> Decision:
    found = ruleset.evaluate(household, str(day))["p"]
    assert found == ruleset.interpret(household, str(day))["p"]
    return found


def cash(found: Decision) -> tuple[int, int]:
    assert found.amount is not None
    return found.amount.low, found.amount.high


def last(anchor: date, day: date) -> date:
    """The last such month and day on or before a day, by trying the years."""
    return max(one for one in (date(day.year - back, anchor.month, anchor.day) for back in (0, 1)) if one <= day)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.dates(date(2016, 1, 1), LAST), min_size=1, max_size=5, unique=True).map(sorted),
    st.dates(date(2019, 1, 1), date(2019, 12, 31)),
    st.dates(date(2019, 1, 1), date(2019, 12, 31)),
    st.lists(st.dates(FIRST, LAST), min_size=3, max_size=3),
)
def test_it_is_what_it_was_on_that_day(
    tmp_path: Path, starts: list[date], anchor: date, other: date, days: list[date]
) -> None:
    """Of a number, and of one worked out from a number that is itself as of another day."""
    ends = [*(str(one - timedelta(days=1)) for one in starts[1:]), ""]
    dated = {start: 10 * (at + 1) for at, start in enumerate(starts)}
    values = ", ".join(value(f"{start}..{end}", dated[start]) for start, end in zip(starts, ends, strict=True))
    third = parameter("third", "三倍", value("..", f"参数.标准(截至 {other:%m-%d}) × 3"), "range: 0..3000")
    use = f"(截至 {anchor:%m-%d})"
    ruleset = ruled(tmp_path, parameters(line(values), third), f"参数.标准{use} + 参数.三倍{use}")

    def on(day: date) -> tuple[int, int]:
        held = [dated[start] * 100 for start in starts if start <= day]
        return (held[-1], held[-1]) if held else (0, 100000)

    edges = [last(anchor, day) for day in days]
    near = [*days, *edges, *(edge - timedelta(days=1) for edge in edges)]
    for day in {one for one in near if FIRST <= one <= LAST}:
        own, below = on(last(anchor, day)), on(last(other, last(anchor, day)))
        assert cash(decided(ruleset, day)) == (own[0] + 3 * below[0], own[1] + 3 * below[1])


def test_it_is_provisional_where_the_value_of_that_day_is(tmp_path: Path) -> None:
    ruleset = ruled(tmp_path, parameters(line(YEARS)))
    days = ("2019-06-30", "2019-07-01", "2020-06-30", "2020-07-01")
    found = [decided(ruleset, day) for day in days]
    assert [(cash(one)[0], one.provisional) for one in found] == [
        (8000, False),
        (9000, True),
        (9000, True),
        (10000, False),
    ]
    explanation = ruleset.explain(HOUSEHOLD, days[2], "p")[0]
    (use,) = explanation.parameters
    assert use.line("zh") == "标准：90.00 元（截至 2019-07-01，2019-01-01 起，示例数值，s 1）"
    assert (use.name, use.as_json()["as_of"]) == ("line", "2019-07-01")


def test_without_a_value_on_that_day_it_is_missing(tmp_path: Path) -> None:
    ruleset = ruled(tmp_path, parameters(line(value("2018-03-01..", 80))))
    found = decided(ruleset, "2019-06-30")
    assert cash(found) == (8000, 8000)
    found = decided(ruleset, "2018-06-30")
    assert cash(found) == (0, 100000)
    assert [one.fact for one in found.missing] == ["parameter.line(as of 07-01)"]


def test_days_without_a_value_are_said_as_of_others(tmp_path: Path) -> None:
    given = parameters(parameter("line", "标准", value("2018-01-01..", 80), "decimals: 2"))
    _, found = checked(tmp_path, given, policy("甲", f"'{USE}'"), CLAUSES)
    assert [code for code, _, _ in told(found)] == ["D102"]
    assert "标准(截至 07-01)" in found[0].sentence("zh") and "2018-06-30" in found[0].sentence("zh")


def test_by_keys_and_scales(tmp_path: Path) -> None:
    rows = "{{valid: {0}, value: {{东镇: {1}, 西镇: 5}}, status: enacted, source: s 1}}"
    keyed = line(f"{rows.format('..2019-03-31', 7)}, {rows.format('2019-04-01..', 8)}", "by: 乡镇, range: 0..1000")
    scale = "  - {{name: tax, label: 税率表, type: scale, range: 0%..90%, values: [{0}]}}\n"
    bracket = "{{valid: {0}, rows: [[0元..参数.界, {1}%], [参数.界.., 0%]], status: enacted, source: s 1}}"
    cut = parameter("cut", "界", ", ".join((value("..2018-12-31", 50), value("2019-01-01..", 60))))
    table = scale.format(", ".join((bracket.format("..2019-05-31", 10), bracket.format("2019-06-01..", 20))))
    amount = f"{USE} + 分段(收入, 参数.税率表(截至 07-01)) 四舍五入到 分"
    ruleset = ruled(tmp_path, parameters(keyed, cut, table), amount)
    days = ("2018-07-01", "2019-06-30", "2019-07-01")
    assert [cash(decided(ruleset, day))[0] for day in days] == [700 + 500, 700 + 500, 800 + 1200]
    west = {**HOUSEHOLD, "乡镇": "西镇"}
    assert cash(decided(ruleset, days[2], west))[0] == 500 + 1200


def test_a_value_that_is_tried_holds_on_all_days(tmp_path: Path) -> None:
    ruled(tmp_path, parameters(line(YEARS)))
    ruleset = load(tmp_path, cache=False, settings=["参数.标准=33"])
    assert {cash(decided(ruleset, day))[0] for day in ("2018-01-01", "2019-06-30", "2020-12-31")} == {3300}


def test_a_window_may_be_between_such_dates(tmp_path: Path) -> None:
    dates = (
        "  - {{name: {0}, label: {1}, type: date, values: [{{valid: {2}, value: {3}, status: enacted, source: s 1}},"
    )
    dates += " {{valid: {4}, value: {5}, status: enacted, source: s 1}}]}}\n"
    one = dates.format("begin", "起", "..2018-12-31", "2018-08-01", "2019-01-01..", "2019-08-01")
    two = dates.format("finish", "止", "..2018-12-31", "2018-08-31", "2019-01-01..", "2019-08-31")
    once = policy("甲", "5元").replace("per: month", "per: once, window: 参数.起(截至 07-01)..参数.止(截至 07-01)")
    ruleset = loaded(tmp_path, parameters(one, two), once, CLAUSES)
    days = ("2018-08-15", "2019-08-15", "2019-06-15", "2019-09-01")
    assert [decided(ruleset, day).status.value for day in days] == ["eligible", "eligible", "ineligible", "ineligible"]


def test_a_circle_is_said_as_one(tmp_path: Path) -> None:
    _, found = checked(tmp_path, parameters(line(value("..", USE))), policy("甲", "参数.标准"), CLAUSES)
    assert "N114" in {one.code for one in found}
