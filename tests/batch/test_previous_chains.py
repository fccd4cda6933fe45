"""Random rules of which some ask what was decided last time, run month after month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import by_month
import numpy as np
import pyarrow as pa
from household_batches import batch_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from text_files import write_files

from fupin_policy import Ruleset, load
from fupin_policy.analysis.timeline import outcome, timeline
from fupin_policy.batch.evaluate import BatchEvaluator, BatchRequest
from fupin_policy.batch.previous_values import PreviousDecisions
from fupin_policy.batch.table_files import plain_schema
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import Status
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.testing import completions, households, rulesets

FEW = settings(
    max_examples=max(4, settings().max_examples // 25), deadline=None, suppress_health_check=list(HealthCheck)
)
TOLD = ("had_first", "first_began")
MONTHS = [date(2019, month, 20) for month in range(1, 13)]
EVERY = BatchRequest(statuses=frozenset(Status))


def loaded(folder: Path, files: dict[str, str]) -> Ruleset:
    write_files(folder, files)
    return load(folder, cache=False)


def bare(household: dict[str, Any]) -> dict[str, Any]:
    """Without what an earlier result tells."""
    return {key: value for key, value in household.items() if key not in TOLD}


@FEW
@given(st.data())
def test_a_chain_of_what_is_known_allows_the_chain_of_what_is(tmp_path_factory: Any, data: st.DataObject) -> None:
    rules = loaded(tmp_path_factory.mktemp("rules"), data.draw(rulesets()))
    wide = data.draw(households(rules, MONTHS[0]))
    narrow = {"id": "h1", **data.draw(completions(rules, wide, MONTHS[0]))}
    before: tuple[Evaluation | None, Evaluation | None] = (None, None)
    for day in (MONTHS[0], MONTHS[1], MONTHS[7]):
        now = []
        for one, last in zip((wide, narrow), before, strict=True):
            asked = one if last is None else bare(one)
            now.append(rules.evaluate(asked, day, previous=last))
            assert now[-1] == rules.interpret(asked, day, previous=last.as_json() if last else None)
        check_within(*now)
        before = (now[0], now[1])


def test_what_holds_for_each_month_holds_on_a_later_day_in_a_completion_too(tmp_path: Path) -> None:
    rules = by_month.rules(tmp_path)
    wage = {"each": "900", "2019-05": {"min": "1", "max": "20"}, "2019-09": 7}
    wide = {"id": "h1", "wage": wage, "members": [{"id": "m1"}]}

    @settings(max_examples=5, deadline=None)
    @given(completions(rules, wide, date(2019, 6, 30)))
    def check(narrow: dict[str, Any]) -> None:
        for day, others in ((date(2019, 6, 30), 11 * 900), (date(2019, 10, 31), 10 * 900 + 7)):
            ends = [rules.evaluate(one, day).figure("last12").values[0].told for one in (wide, narrow)]
            assert ends[0] == (f"{others + 1}.00", f"{others + 20}.00")
            assert len(ends[1]) == 1 and others + 1 <= Decimal(ends[1][0]) <= others + 20

    check()


def check_within(wide: Evaluation, narrow: Evaluation) -> None:
    for one, other in zip(wide.decisions, narrow.decisions, strict=True):
        assert one.status in (other.status, Status.UNKNOWN)
        if one.amount is not None and other.amount is not None:
            assert one.amount.low <= other.amount.low <= other.amount.high <= one.amount.high
        if one.first_day is not None and other.first_day is not None:
            assert one.first_day.low <= other.first_day.low <= other.first_day.high <= one.first_day.high


@FEW
@given(st.data())
def test_a_batch_goes_on_as_each_household_does(tmp_path_factory: Any, data: st.DataObject) -> None:
    rules = loaded(tmp_path_factory.mktemp("rules"), data.draw(rulesets()))
    drawn = data.draw(st.lists(households(rules, MONTHS[0]), min_size=1, max_size=4))
    named = [{**bare(one), "id": f"h{at}"} for at, one in enumerate(drawn)]
    ids = [[member["id"] for member in one["members"]] for one in named]
    evaluator, batch = BatchEvaluator(rules), batch_of(rules, named)
    batch_before, before = None, dict[str, Evaluation]()
    for day in (MONTHS[0], MONTHS[3]):
        values = None
        if batch_before is not None:
            owners = [at for at, members in enumerate(ids) for _ in members]
            whose = np.array(owners, np.int64)
            members = pa.array([name for some in ids for name in some], pa.string())
            values = batch_before.values(rules.program, pa.array([one["id"] for one in named]), whose, members)
        found = evaluator.decide(batch, day, EVERY, values)
        alone = {one["id"]: rules.evaluate(one, day, previous=before.get(one["id"])) for one in named}
        for row in found.decisions.to_pylist():
            decision = alone[row["household"]][row["policy"]]
            if row["member"] is None:
                assert row["status"] == decision.status.value
                ends = (None, None) if decision.amount is None else (decision.amount.low, decision.amount.high)
                assert (row["amount_min"], row["amount_max"]) == ends
                days = (None, None) if decision.first_day is None else tuple(decision.first_day.as_json().values())
                told = tuple(row.get(name) for name in ("first_day_min", "first_day_max"))
                assert tuple(None if one is None else one.isoformat() for one in told) == days
                assert row["assumed"] == [one.text for one in decision.assumed]
        before = alone
        policies = frozenset(policy.id for policy in rules.policies)
        rows = found.decisions.cast(plain_schema(found.decisions.schema, lists=True))
        batch_before = PreviousDecisions(to_day(day), rows, policies, frozenset())


@FEW
@given(st.data())
def test_a_year_of_months_in_a_row_reproduces_the_timeline(tmp_path_factory: Any, data: st.DataObject) -> None:
    rules = loaded(tmp_path_factory.mktemp("rules"), data.draw(rulesets()))
    household = data.draw(households(rules, MONTHS[0], known=True))
    found, last = list[Evaluation](), None
    for (
        day
    ) in MONTHS:  # what an earlier result tells is given by hand, as the timeline has it: it is the same throughout
        last = rules.evaluate(household, day, previous=last)
        found.append(last)
    read, _ = rules.read(household, MONTHS[0])
    line = timeline(rules, read, to_day(MONTHS[0]), to_day(MONTHS[-1]))
    told = [next(one.evaluation for one in line.stretches if one.first <= day <= one.last) for day in MONTHS]
    assert [changed(*pair) for pair in pairwise(found)] == [changed(*pair) for pair in pairwise(told)]
    for one, other in zip(found, told, strict=True):
        assert list(map(outcome, one.decisions)) == list(map(outcome, other.decisions))


def changed(was: Evaluation, becomes: Evaluation) -> list[str]:
    pairs = zip(was.decisions, becomes.decisions, strict=True)
    return [one.policy for one, other in pairs if outcome(one) != outcome(other)]
