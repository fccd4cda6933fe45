"""Law 14: what a household pays counts below zero, and a loan not at all, wherever money is added up.

What each household alone is given is added up here by signs written out once more, and held against the totals of a
run, of two runs compared, of the demonstration, of worklists, of the chart and of what is due month by month.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_registry import Registry, registry
from rules_as_run import loaded

from fupin_policy import Evaluation, Ruleset
from fupin_policy.analysis.payments import payments, total
from fupin_policy.analysis.sensitivity.cliffs import SPANS, Money
from fupin_policy.analysis.sensitivity.segments import over_values
from fupin_policy.analysis.sensitivity.sweep_variable import SweepVariable, rules_of
from fupin_policy.analysis.timeline import timeline
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import run
from fupin_policy.cli.demo import totals_text
from fupin_policy.core.benefits import PER
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.types import Number
from fupin_policy.reports.comparison import Side, compare
from fupin_policy.reports.summary import PeriodTotals, summarize
from fupin_policy.reports.worklist import write_worklists
from fupin_policy.testing import as_of_dates, households, rulesets

Ends = tuple[int, int]
SLOW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
SIGNS = {"cash": 1, "in_kind": 1, "service": 1, "contribution": -1, "loan": 0}
A_YEAR = {"day": 365, "month": 12, "quarter": 4, "term": 2, "half_year": 2, "year": 1, "once": 1}


def way(ruleset: Ruleset, policy: str, as_of: date) -> int:
    """The sign of a policy's money on a day."""
    (found,) = (one for one in ruleset.policies if one.id == policy)
    version = found.version_on(to_day(as_of))
    return 0 if version is None else SIGNS[version.benefit.kind]


def net(decisions: Iterable[Decision], ruleset: Ruleset, as_of: date) -> dict[str, Ends]:
    """By period what is surely granted, benefits less contributions, least and most."""
    sums: dict[str, Ends] = {}
    for one in decisions:
        sign = way(ruleset, one.policy, as_of)
        if one.status is Status.ELIGIBLE and one.amount is not None and sign:
            low, high = sums.get(one.amount.per, (0, 0))
            ends = (one.amount.low, one.amount.high) if sign > 0 else (-one.amount.high, -one.amount.low)
            sums[one.amount.per] = low + ends[0], high + ends[1]
    return sums


def both(sums: Iterable[PeriodTotals]) -> dict[str, Ends]:
    """A line of a summary by period, whatever the force; what is given less what is paid is the net."""
    found: dict[str, Ends] = {}
    for one in sums:
        assert (one.given[0] - one.paid_high, one.given[1] - one.paid_low) == (one.low, one.high)
        assert one.paid_low <= one.paid_high and one.given[0] <= one.given[1]
        low, high = found.get(one.per, (0, 0))
        found[one.per] = low + one.low, high + one.high
    return found


def ran(found: Registry, folder: Path, as_of: date) -> Side:
    """The registry decided in a run."""
    output = folder / f"{as_of}.parquet"
    run(replace(found.job(folder, output), as_of=str(as_of)))
    return Side(open_result(output, found.ruleset), found.ruleset)


@SLOW
@given(st.data())
def test_of_registries(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """A summary in all its lines, two days compared, the demonstration, and worklists row by row."""
    folder = tmp_path_factory.mktemp("signed")
    found = registry(data, folder / "rules")
    ruleset, days = found.ruleset, [found.as_of, data.draw(as_of_dates(found.ruleset))]
    alone = [found.alone(day) for day in days]
    sides = [ran(found, folder, day) for day in dict.fromkeys(days)]
    granted = net((d for one in alone[0].values() for d in one.decisions), ruleset, found.as_of)
    summary = summarize([sides[0].result], ruleset)
    assert both(summary.total.money) == granted
    amounts = (one.amount for each in alone[0].values() for one in each.decisions if one.amount is not None)
    if all(amount.low >= 0 for amount in amounts):  # what may be below zero is only warned of
        assert all(one.paid_low >= 0 and one.given[0] >= 0 for one in summary.total.money)
    for groups in (summary.departments, summary.places, summary.months):
        for per, ends in granted.items():
            parts = [both(group.money).get(per, (0, 0)) for group in groups]
            assert (sum(low for low, _ in parts), sum(high for _, high in parts)) == ends
    check_comparison(found, sides, alone, days)
    check_demonstration(ruleset, alone[0].values(), found.as_of)


def check_comparison(found: Registry, sides: list[Side], alone: list[dict[str, Evaluation]], days: list[date]) -> None:
    """Of the households that neither run refuses, what they are surely better off by before and after."""
    compared = compare(sides[0], sides[-1])
    kept = alone[0].keys() & alone[-1].keys()
    sums = [
        net((d for key in kept for d in own[key].decisions), found.ruleset, day)
        for own, day in zip(alone, days, strict=True)
    ]
    told: dict[str, Ends] = {per: (before, after) for per, before, after in compared.total.money}
    if compared.total.changed:
        pers = {per for one in sums for per in one}
        assert {per: told.get(per, (0, 0)) for per in pers} == {
            per: tuple(one.get(per, (0, 0))[0] for one in sums) for per in pers
        }
    else:
        assert {per: low for per, (low, _) in sums[0].items()} == {per: low for per, (low, _) in sums[1].items()}


def check_demonstration(ruleset: Ruleset, evaluations: Iterable[Evaluation], as_of: date) -> None:
    """The lines of money under each leading department."""
    every = list(evaluations)
    lines = totals_text(every, ruleset, "zh").splitlines()
    by_body: dict[str, list[Decision]] = {}
    for decision in (d for one in every for d in one.decisions if d.status is not Status.INELIGIBLE):
        by_body.setdefault((decision.lead or decision.possible_lead)[0].zh, []).append(decision)
    for body, decisions in by_body.items():
        (line,) = (line for line in lines if line.startswith(f"  {body}  "))
        told = [text.partition("（")[0] for text in re.split("  +", line)[-1].split("，") if not text.isdigit()]
        sums = net(decisions, ruleset, as_of)
        unit = ruleset.program.unit_labels[ruleset.program.money[0][0]].zh
        assert told == [f"{PER[per].zh} {money(*sums[per])} {unit}" for per in PER if per in sums]


def money(low: int, high: int) -> str:
    """Two ends in smallest units as they are told."""
    least, most = (f"{'-' if end < 0 else ''}{abs(end) // 100}.{abs(end) % 100:02}" for end in (low, high))
    return least if low == high else f"{least}–{most}"


@settings(SLOW, max_examples=4)
@given(st.data())
def test_of_worklists(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Each row of a sheet: what is paid stands below zero; of a loan what is lent is told."""
    folder = tmp_path_factory.mktemp("signed")
    found = registry(data, folder / "rules")
    own, titles = found.alone(found.as_of), {one.title.zh: one.id for one in found.ruleset.policies}
    write_worklists(ran(found, folder, found.as_of).result, found.ruleset, folder / "lists", every=True)
    for book in (folder / "lists").rglob("*.xlsx"):
        for sheet in openpyxl.load_workbook(book):
            rows = list(sheet.iter_rows(min_row=2, values_only=True))
            if rows[0][:5] != ("户编号", "成员编号", "政策", "金额", "金额至"):
                continue
            for household, member, title, *ends, _ in (row[:6] for row in rows[1:]):
                decision = own[str(household)][titles[str(title)]]
                check_ends(decision, member, ends, way(found.ruleset, decision.policy, found.as_of))


def check_ends(decision: Decision, member: object, told: list[Any], sign: int) -> None:
    """A row's two amounts are those of the decision, or of its member."""
    (amount,) = (one.amount for one in (decision.members if member else [decision]) if member in (None, member_of(one)))
    if amount is None:
        assert told == [None, None]
    else:
        low, high = (-amount.high, -amount.low) if sign < 0 else (amount.low, amount.high)
        assert [round(Decimal(str(end)) * 100) for end in told] == [low, high]


def member_of(one: object) -> object:
    """Whose part of a decision it is."""
    return getattr(one, "member", None)


def given_to_all(files: dict[str, str]) -> dict[str, str]:
    """The same rules, in which whatever is paid or lent is given instead."""
    text = files["policies.yaml"]
    return {
        **files,
        "policies.yaml": text.replace("kind: contribution", "kind: cash").replace("kind: loan", "kind: cash"),
    }


def signed(ends: Ends, sign: int) -> Ends:
    """Both ends with a sign."""
    return ends if sign > 0 else (-ends[1], -ends[0]) if sign < 0 else (0, 0)


@SLOW
@given(st.data())
def test_of_one_household(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Dues and the chart's totals: the sums of the same rules in which all is given, each with its sign."""
    folder, files = tmp_path_factory.mktemp("signed"), data.draw(rulesets())
    ruleset, plain = loaded(folder / "own", (files, [])), loaded(folder / "plain", (given_to_all(files), []))
    as_of = data.draw(as_of_dates(ruleset))
    one = data.draw(households(ruleset, as_of, known=data.draw(st.booleans())))
    check_dues(ruleset, plain, one, as_of, data.draw(st.integers(0, 100)))
    household, day = ruleset.read(one, as_of)
    snapshots = ruleset.snapshot(as_of), plain.snapshot(as_of)
    for fact in ruleset.facts:
        if isinstance(fact.type, Number) and fact.series is None and rules_of(snapshots[0], fact):
            whose = [person.id for person in household.members] if fact.level == "member" else [None]
            for varied in (SweepVariable(fact, person) for person in whose[:1]):
                lines = [over_values(rules, household, day, varied, (1, 1)) for rules in (ruleset, plain)]
                own, other = (Money.of(line, at) for line, at in zip(lines, snapshots, strict=True))
                check_totals(own, other, ruleset, as_of)


def check_dues(ruleset: Ruleset, plain: Ruleset, one: dict[str, Any], as_of: date, days: int) -> None:
    """What is due month by month, and its sum."""
    first = to_day(as_of)
    last = min(first + days, to_day(date(2020, 12, 31)))
    rows, given = (
        payments(timeline(rules, rules.read(one, as_of)[0], first, last), rules.program) for rules in (ruleset, plain)
    )
    ways = {one.id: {SIGNS[version.benefit.kind] for version in one.versions} for one in ruleset.policies}
    due = []
    for row in given:
        (sign,) = ways[row.policy]
        due += [(row.month, row.policy, signed((row.low, row.high), sign), signed(row.adds, sign))] if sign else []
    assert [(row.month, row.policy, (row.low, row.high), row.adds) for row in rows] == due
    assert total(rows) == tuple(sum(row[3][end] for row in due) for end in (0, 1))


def check_totals(own: Money, other: Money, ruleset: Ruleset, as_of: date) -> None:
    """The chart's two totals at one value of a fact."""
    (segment,), (same,) = own.found.segments, other.found.segments
    for span in SPANS:
        parts = []
        for index, decision in enumerate(segment.begins.decisions):
            parts.append(signed(other.part(same.begins, index, span), way(ruleset, decision.policy, as_of)))
            assert own.part(segment.begins, index, span) == parts[-1]
        assert own.total(segment.begins, span) == tuple(sum(part[end] for part in parts) for end in (0, 1))
    if not own.left_out():
        whole = {span: [0, 0] for span in SPANS}
        for decision in segment.begins.decisions:
            if (amount := decision.amount) is not None:
                ends = signed((amount.low, amount.high), way(ruleset, decision.policy, as_of))
                for at, end in enumerate(ends):
                    whole["once" if amount.per == "once" else "year"][at] += end * A_YEAR[amount.per]
        assert {span: [*own.total(segment.begins, span)] for span in SPANS} == whole
