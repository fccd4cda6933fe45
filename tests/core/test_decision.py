"""What goes into an evaluator and comes out of it, as data; and which facts an open value rests on."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from whole_program import whole

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import STATUS_OF_TRUTH, Amount, Decision, MemberDecision, Status
from fupin_policy.core.declarations import Input
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.core.expressions import Add
from fupin_policy.core.figures import Figure, FigureValue
from fupin_policy.core.household import Household, Person, changed
from fupin_policy.core.identifiers import FactNeed, ParameterNeed
from fupin_policy.core.missing import Missing
from fupin_policy.core.outputs import FigureDecl
from fupin_policy.core.registers import ClauseRef
from fupin_policy.core.snapshot import snapshot
from fupin_policy.core.types import Code, Day, Number, Truth
from fupin_policy.decisions.missing import unsettled
from fupin_policy.evaluators import interpreter


@pytest.mark.parametrize(
    ("smallest", "decimals", "text"),
    [(8000, 2, "80.00"), (-5, 2, "-0.05"), (0, 2, "0.00"), (7, 0, "7"), (1234, 3, "1.234"), (100, 2, "1.00")],
)
def test_an_amount_as_text(smallest: int, decimals: int, text: str) -> None:
    assert Amount(smallest, smallest, "CNY", decimals, "month").text(smallest) == text


def test_an_amount_as_data() -> None:
    exact, open_ = Amount(8000, 8000, "CNY", 2, "month"), Amount(0, 8000, "CNY", 2, "once")
    assert exact.exact and not open_.exact
    assert exact.as_json() == {"value": "80.00", "min": "80.00", "max": "80.00", "unit": "CNY", "per": "month"}
    assert open_.as_json() == {"value": None, "min": "0.00", "max": "80.00", "unit": "CNY", "per": "once"}


def test_what_is_missing_as_text() -> None:
    assert Missing("grade", "残疾等级", "m1").text == "m1.残疾等级"
    assert Missing("income", "收入", None).text == "收入"


def decision(policy: str, status: Status) -> Decision:
    """A decision with something in each of its parts."""
    amount = Amount(1, 2, "CNY", 2, "month")
    return Decision(
        policy,
        Bilingual("津贴", "Allowance"),
        status,
        amount,
        ("m",),
        (Bilingual("局", "Bureau"),),
        (Bilingual("镇", "Town"),),
        (ClauseRef("law", "1.2"),),
        (Missing("a", "甲", "m"), Missing("b", "乙", None)),
        True,
        (MemberDecision("m", Status.UNKNOWN, amount), MemberDecision("n", Status.INELIGIBLE, None)),
    )


def test_decisions_as_data() -> None:
    amount = {"value": None, "min": "0.01", "max": "0.02", "unit": "CNY", "per": "month"}
    said = decision("p", Status.UNKNOWN).as_json()
    assert said == {
        "policy": "p",
        "title": {"zh": "津贴", "en": "Allowance"},
        "status": "unknown",
        "force": "entitlement",
        "amount": amount,
        "beneficiaries": ["m"],
        "possible_beneficiaries": [],
        "departments": {"lead": [{"zh": "局", "en": "Bureau"}], "cooperating": [{"zh": "镇", "en": "Town"}]},
        "obtain": None,
        "basis": [{"source": "law", "clause": "1.2"}],
        "missing": [{"fact": "a", "label": "甲", "member": "m"}, {"fact": "b", "label": "乙"}],
        "assumed": [],
        "provisional": True,
        "members": [
            {"member": "m", "status": "unknown", "amount": amount},
            {"member": "n", "status": "ineligible", "amount": None},
        ],
    }
    assert decision("p", Status.INELIGIBLE)._replace(amount=None).as_json()["amount"] is None


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ([possible.TRUE, possible.TRUE], "holds"),
        ([], "holds"),
        ([possible.TRUE, possible.UNKNOWN], "not_checkable"),
        ([possible.UNKNOWN, possible.FALSE, possible.TRUE], "violated"),
    ],
)
def test_a_check_is_violated_where_it_surely_is_for_anybody(values: list[int], status: str) -> None:
    declared = FigureDecl("checked", Bilingual("核对", "checked"), "member", Truth())
    told = tuple(FigureValue(f"m{n}", value, ()) for n, value in enumerate(values))
    assert Figure(declared, told, (), False).status == status


def test_an_evaluation_is_asked_by_policy() -> None:
    decisions = (decision("p", Status.ELIGIBLE), decision("q", Status.UNKNOWN), decision("r", Status.INELIGIBLE))
    found = Evaluation("h", date(2019, 6, 30), "base", "sha256:0", decisions)
    assert found["q"] is decisions[1] and found.eligible == decisions[:1]
    with pytest.raises(KeyError):
        found["s"]
    said = found.as_json()
    assert (said["household"], said["as_of"]) == ("h", "2019-06-30")
    assert said["ruleset"] == {"id": "base", "digest": "sha256:0"}
    assert [one["policy"] for one in said["decisions"]] == ["p", "q", "r"]
    assert {bits: status.value for bits, status in STATUS_OF_TRUTH.items()} == {
        possible.FALSE: "ineligible",
        possible.UNKNOWN: "unknown",
        possible.TRUE: "eligible",
    }


def test_a_household_with_other_values() -> None:
    before = Household("h", (1, 2), (Person("m", (3, 4)), Person("n", (5, 6))))
    after = changed(before, [(None, 1, 20), (1, 0, 50), (1, 1, 60)])
    assert after == Household("h", (1, 20), (Person("m", (3, 4)), Person("n", (50, 60))))
    assert before == Household("h", (1, 2), (Person("m", (3, 4)), Person("n", (5, 6))))
    assert after.members[0] is before.members[0]
    assert changed(before, []) == before


# -- which facts must be known ----------------------------------------------------------------------------------------


def some_value(column: Input, rng: random.Random) -> Any:
    """An exact value of a column."""
    match column.type:
        case Truth():
            return rng.choice([possible.TRUE, possible.FALSE])
        case Number(_, _, low, high) | Day(low, high):
            at = rng.randint(low, high)
            return (at, at)
        case Code(_, size):
            return 1 << rng.randrange(size)
        case _:
            raise AssertionError(column)


def test_knowing_what_a_value_rests_on_settles_it() -> None:
    """For every term, and households of which anything may be unknown: what is asked is enough, and none in vain."""
    program, rng = whole(), random.Random(1)
    day = to_day(date(2019, 1, 6))  # a day on which the parameter is known
    dated = snapshot(program, day)
    asked = 0
    for _ in range(150):
        full = Household(
            "h",
            tuple(some_value(one, rng) for one in program.household_inputs),
            tuple(
                Person(f"m{at}", tuple(some_value(one, rng) for one in program.member_inputs))
                for at in range(rng.randint(0, 1))
            ),
        )
        places: list[tuple[int | None, int]] = [(None, at) for at in range(len(full.facts))]
        places += [(m, at) for m, person in enumerate(full.members) for at in range(len(person.facts))]
        columns = {None: program.household_inputs, 0: program.member_inputs}
        unknown = [place for place in places if rng.random() < 0.6]
        partly = changed(full, [(m, at, possible.top(columns[m][at].type)) for m, at in unknown])
        traces = interpreter.trace(dated, partly, day)
        for definition in program.definitions:
            (trace,) = traces[definition.id]
            needed = unsettled(traces, tuple(person.id for person in full.members), definition.id, 0)
            settled = possible.is_singleton(definition.type, trace.value)
            assert bool(needed) == (not settled), definition.name
            if settled:
                continue
            asked += 1
            given = [
                (m, at, (full.facts if m is None else full.members[m].facts)[at])
                for m, at in unknown
                if FactNeed(columns[m][at].id, None if m is None else f"m{m}") in needed
            ]
            assert len(given) == len(needed), (definition.name, needed)
            again = interpreter.trace(dated, changed(partly, given), day)[definition.id][0]
            assert possible.is_singleton(definition.type, again.value), (definition.name, needed)
            assert possible.leq(definition.type, again.value, trace.value)
    assert asked > 200


def test_a_parameter_without_a_value_is_named() -> None:
    program = whole()
    day = to_day(date(2019, 1, 1))
    full = Household("h", tuple(some_value(one, random.Random(2)) for one in program.household_inputs), ())
    traces = interpreter.trace(snapshot(program, day), full, day)
    (added,) = (one.id for one in program.definitions for _, expr in one.versions if isinstance(expr, Add))
    needs = tuple(unsettled(traces, (), added, 0))
    assert needs == (ParameterNeed("p"),)
