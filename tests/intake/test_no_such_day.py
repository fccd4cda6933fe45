"""A date that may be none: read, decided and written back with what is known of it, in batches too."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rulesets import DAY, policy, written

from fupin_policy import InputError, Ruleset
from fupin_policy.analysis.timeline import timeline
from fupin_policy.batch.evaluate import BatchEvaluator, BatchRequest
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import Status
from fupin_policy.intake.serializer import serialize

FACTS = """
- {name: death_date, label: 去世日期, for: member, type: date, range: 2010-01-01..2030-12-31, past: true, none: 无}
- {name: review, label: 复核日期, for: household, type: date, range: 2010-01-01..2030-12-31, none: 无}
"""
ASSUMED = FACTS.replace("2030-12-31, none: 无}", "2030-12-31, none: 无, absent: 无, why: {zh: 试, en: Trial}}")
DIED = "有(去世日期) 且 若有(去世日期 否则 基准日) + 30天 >= 基准日"
LATE = "if_given(review else 2019-03-01) < 2019-06-01"


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    rules = policy(DIED, "member") + policy(LATE, name="q")
    return written(tmp_path_factory.mktemp("rules"), FACTS, rules)


def days(first: str, last: str) -> list[date | None]:
    """Every third day of a stretch; some days more than the rule tells apart."""
    low, high = date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal()
    return [date.fromordinal(day) for day in (*range(low, high, 3), high)]


EVERY: list[date | None] = [*days("2010-01-01", "2030-12-31"), None]
KNOWN: dict[str, tuple[Any, list[date | None]]] = {
    "none": ("无", [None]),
    "a day": ("2019-06-10", [date(2019, 6, 10)]),
    "a month": ("2019-05", days("2019-05-01", "2019-05-31")),
    "none or a day": ({"one_of": ["none", "2019-06-10"]}, [None, date(2019, 6, 10)]),
    "none or an early day": ({"one_of": ["none", "2019-04-01"]}, [None, date(2019, 4, 1)]),
    "only none": ({"one_of": ["无"]}, [None]),
    "some day": ({"min": "2010-01-01"}, EVERY[:-1]),
    "nobody knows": ("不详", EVERY),
    "blank": ("", EVERY),
    "nothing of it": ({}, EVERY),
}


def died(day: date | None) -> bool:
    return day is not None and day.toordinal() + 30 >= date(2019, 6, 30).toordinal()


def late(day: date | None) -> bool:
    return (day or date(2019, 3, 1)) < date(2019, 6, 1)


def status(found: set[bool]) -> Status:
    return {frozenset([True]): Status.ELIGIBLE, frozenset([False]): Status.INELIGIBLE}.get(
        frozenset(found), Status.UNKNOWN
    )


@pytest.mark.parametrize("name", KNOWN)
def test_all_that_is_possible_and_nothing_else(rules: Ruleset, name: str) -> None:
    raw, possible = KNOWN[name]
    past = [day for day in possible if day is None or day <= date(2019, 6, 30)]
    household = {"id": "h", "复核日期": raw, "members": [{"id": "m", "去世日期": raw}]}
    found = [one.status for one in rules.evaluate(household, DAY).decisions]
    # whether there is a day and which it may be are looked at apart: what asks for both may stay open
    open_ = name == "none or an early day"
    assert found == [Status.UNKNOWN if open_ else status(set(map(died, past))), status(set(map(late, possible)))]
    again, _ = rules.read(serialize(rules.program, rules.read(household, DAY)[0]), DAY)
    exact = len(possible) == 1 or name.startswith("none or")
    assert not exact or [one.status for one in rules.decide(again, to_day(date(2019, 6, 30))).decisions] == found


def rows(raws: list[Any]) -> list[dict[str, Any]]:
    return [{"id": f"h{at}", "复核日期": raw, "members": [{"id": "m", "去世日期": raw}]} for at, raw in enumerate(raws)]


@pytest.mark.parametrize("kind", ["texts", "days", "parts"])
def test_a_batch_reads_as_a_single_household(rules: Ruleset, kind: str) -> None:
    types: dict[str, tuple[pa.DataType, list[Any]]] = {
        "texts": (pa.string(), ["无", " none ", "2019-06-10", "2019-05", "不详", "", None, "—"]),
        "days": (pa.date32(), [date(2019, 6, 10), date(2018, 1, 1), None]),
        "parts": (
            pa.struct({"one_of": pa.list_(pa.string())}),
            [{"one_of": ["无", "2019-04-01"]}, {"one_of": ["none"]}, {"one_of": ["2019", "2018"]}, None],
        ),
    }
    type_, raws = types[kind]
    member = pa.list_(pa.struct({"id": pa.string(), "去世日期": type_}))
    columns = {
        "id": [f"h{at}" for at in range(len(raws))],
        "复核日期": pa.array(raws, type_),
        "members": pa.array([[{"id": "m", "去世日期": raw}] for raw in raws], member),
    }
    batch = pa.RecordBatch.from_pydict(columns)
    found = BatchEvaluator(rules).decide(batch, date(2019, 6, 30), BatchRequest(statuses=frozenset(Status)))
    single = [rules.evaluate(one, DAY) for one in rows([None if raw == "—" else raw for raw in raws])]
    wanted = [(one.household, each.policy, each.status.value) for one in single for each in one.decisions]
    assert [
        tuple(row[key] for key in ("household", "policy", "status")) for row in found.decisions.to_pylist()
    ] == wanted


@settings(max_examples=40)
@given(st.sampled_from([None, "是", "否", "不详"]), st.sampled_from([None, "无", "2019-06-10", "不详"]), st.booleans())
def test_two_entries_that_tell_of_one_day(rules: Ruleset, told: str | None, day: str | None, first: bool) -> None:
    pairs = [("有复核日期", told), ("review", day)]
    household: dict[str, Any] = {"id": "h", **dict(pairs if first else pairs[::-1]), "members": []}
    sides = {"是": True, "否": False, "无": False, "2019-06-10": True}
    known = {sides[raw] for raw in (told, day) if raw in sides}
    if len(known) == 2:
        with pytest.raises(InputError, match="H038"):
            rules.evaluate(household, DAY)
        return
    there = rules.read(household, DAY)[0].facts[1]
    assert there == (2 if not known else 3 if True in known else 0)


def test_none_is_assumed_only_where_nothing_is_said(tmp_path: Path) -> None:
    rules = written(tmp_path, ASSUMED, policy("非 有(复核日期)"))
    for given_, shown in (({}, "有复核日期=否"), ({"复核日期": "不详"}, ""), ({"有复核日期": "不详"}, "")):
        (decision,) = rules.evaluate({"id": "h", **given_, "members": []}, DAY).decisions
        assert decision.status is (Status.ELIGIBLE if shown else Status.UNKNOWN)
        assert [one.text for one in decision.assumed] == ([shown] if shown else [])


def test_required_takes_none(tmp_path: Path) -> None:
    rules = written(tmp_path, FACTS.replace("none: 无}", "none: 无, required: true}"), policy("有(复核日期)"))
    assert rules.evaluate({"id": "h", "复核日期": "无", "members": []}, DAY)["p.p"].status is Status.INELIGIBLE
    for raw, code in ((None, "H016"), ("不详", "H037"), ({"one_of": ["无", "2019-06-10"]}, "H037")):
        with pytest.raises(InputError, match=code):
            rules.evaluate({"id": "h", "复核日期": raw, "members": []}, DAY)


def test_before_the_day_came_nobody_knew_of_it(rules: Ruleset) -> None:
    household, _ = rules.read({"id": "h", "members": [{"id": "m", "去世日期": "2019-06-10"}]}, "2019-12-31")
    found = timeline(rules, household, to_day(date(2019, 6, 1)), to_day(date(2019, 12, 31)))
    assert [(str(one.first), one.evaluation["p.p"].status.value) for one in found.stretches] == [
        ("2019-06-01", "unknown"),
        ("2019-06-10", "eligible"),
        ("2019-07-11", "ineligible"),
    ]
