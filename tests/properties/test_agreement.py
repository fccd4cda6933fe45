"""Random rules and random households: what design.md §6 says must hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from text_files import write_files

from fupin_policy import Ruleset, load
from fupin_policy.core import possible
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.expressions import Never
from fupin_policy.core.snapshot import snapshot
from fupin_policy.core.types import Day, ErrorType
from fupin_policy.decisions.judgements import TargetProgress
from fupin_policy.evaluators import interpreter
from fupin_policy.testing import as_of_dates, completions, households, rulesets

SLOW = settings(max_examples=settings().max_examples // 4, deadline=None, suppress_health_check=list(HealthCheck))
SHIPPED = load()


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    write_files(folder, files)
    return folder


@st.composite
def random_rulesets(draw: st.DrawFn, root: Path) -> Ruleset:
    files = draw(rulesets(lists=True))
    folder = root / str(abs(hash(tuple(sorted(files.items())))))
    return load(written(folder, files), cache=False)


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("random")


def asked(data: st.DataObject, ruleset: Ruleset, *, known: bool = False) -> tuple[dict[str, Any], date]:
    as_of = data.draw(as_of_dates(ruleset))
    return data.draw(households(ruleset, as_of, known=known)), as_of


class TestAgreement:
    """1: the interpreter and the compiled artifact give equal evaluations."""

    @SLOW
    @given(st.data())
    def test_on_random_rules(self, root: Path, data: st.DataObject) -> None:
        ruleset = data.draw(random_rulesets(root))
        for _ in range(5):
            household, as_of = asked(data, ruleset)
            assert ruleset.evaluate(household, as_of) == ruleset.interpret(household, as_of)

    @settings(max_examples=settings().max_examples // 4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_on_the_shipped_ruleset(self, data: st.DataObject) -> None:
        household, as_of = asked(data, SHIPPED)
        assert SHIPPED.evaluate(household, as_of) == SHIPPED.interpret(household, as_of)

    @settings(max_examples=40, deadline=None)
    @given(st.data())
    def test_on_places(self, data: st.DataObject) -> None:
        places = SHIPPED.of(data.draw(st.sampled_from(sorted(SHIPPED.program.by_place))))
        place, as_of = asked(data, places)
        assert places.evaluate(place, as_of) == places.interpret(place, as_of)


class TestNarrowing:
    """11: what is kept within what its conditions leave is no wider than plain intervals, and exact where these are."""

    @SLOW
    @given(st.data())
    def test_on_random_rules(self, root: Path, data: st.DataObject) -> None:
        ruleset = data.draw(random_rulesets(root))
        for known in (True, False, False):
            household, as_of = asked(data, ruleset, known=known)
            read, day = ruleset.read(household, as_of)
            with patch("fupin_policy.core.snapshot.narrowed", lambda exprs, names: exprs.items()):
                as_written = interpreter.trace(snapshot(ruleset.program, day), read, day)
            told = interpreter.trace(ruleset.snapshot(as_of), read, day)
            for definition, traces in told.items():
                for one, plain in zip(traces, as_written[definition], strict=True):
                    assert possible.leq(one.expr.type, one.value, plain.value), definition
                    assert one.value == plain.value or not known, definition


ORDER = {TargetProgress.NOT_APPLICABLE: 0, TargetProgress.PENDING: 1, TargetProgress.MISSED: 2, TargetProgress.MET: 2}


class TestTargets:
    """A target that has been decided stays so by learning more, and a goal once met or missed by a later day too."""

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_learning_more_changes_nothing_decided(self, data: st.DataObject) -> None:
        places = SHIPPED.of(data.draw(st.sampled_from(sorted(SHIPPED.program.by_place))))
        place, as_of = asked(data, places)
        full = data.draw(completions(places, place, as_of))
        for before, after in zip(places.judge(place, as_of), places.judge(full, as_of), strict=True):
            assert after.status is not TargetProgress.UNKNOWN
            assert before.status in (TargetProgress.UNKNOWN, after.status)
            assert bool(before.missing) == (before.status is TargetProgress.UNKNOWN)

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_with_the_same_figures_a_later_day_only_settles_more(self, data: st.DataObject) -> None:
        places = SHIPPED.of(data.draw(st.sampled_from(sorted(SHIPPED.program.by_place))))
        place, as_of = asked(data, places, known=True)
        later = min(date.fromordinal(as_of.toordinal() + data.draw(st.integers(0, 400))), date(2022, 12, 31))
        if later < as_of:
            return
        recurring = {target.id for target in places.program.targets if target.each is not None}
        for first, second in zip(places.judge(place, as_of), places.judge(place, later), strict=True):
            if first.target not in recurring:
                assert ORDER[first.status] <= ORDER[second.status]


def lies_inside(narrow: Decision, wide: Decision) -> bool:
    """Whether a decision taken with all facts known is among those that the wider one allows."""
    status = wide.status in (Status.UNKNOWN, narrow.status)
    known = 0 if narrow.amount is None else narrow.amount.low
    low, high = (0, 0) if wide.amount is None else (wide.amount.low, wide.amount.high)
    return status and low <= known <= high and set(wide.beneficiaries) <= set(narrow.beneficiaries)


class TestSoundness:
    """2: every completion lies inside what was answered; 7 of the words: what is missing is sufficient."""

    @staticmethod
    def check(ruleset: Ruleset, data: st.DataObject) -> None:
        household, as_of = asked(data, ruleset)
        wide = ruleset.evaluate(household, as_of)
        narrow = ruleset.evaluate(data.draw(completions(ruleset, household, as_of)), as_of)
        for one, other in zip(narrow.decisions, wide.decisions, strict=True):
            assert lies_inside(one, other), (one, other)
        for told, open_ in zip(narrow.figures, wide.figures, strict=True):
            if told.missing:  # a parameter that has no value cannot be filled in
                assert all(one.parameter is not None for one in told.missing)
                continue
            for known, value in zip(told.values, open_.values, strict=True):
                assert possible.is_singleton(told.figure.type, known.value), told
                assert possible.leq(told.figure.type, known.value, value.value), (told, open_)

    @SLOW
    @given(st.data())
    def test_on_random_rules(self, root: Path, data: st.DataObject) -> None:
        self.check(data.draw(random_rulesets(root)), data)

    @settings(max_examples=settings().max_examples // 4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_on_the_shipped_ruleset(self, data: st.DataObject) -> None:
        self.check(SHIPPED, data)


class TestMissing:
    """Filling in only the facts named as missing settles the decision, by the shorter list of an explanation too."""

    @staticmethod
    def check(ruleset: Ruleset, data: st.DataObject) -> None:
        household, as_of = asked(data, ruleset)
        evaluation = ruleset.evaluate(household, as_of)
        full = data.draw(completions(ruleset, household, as_of))
        open_ones = [decision for decision in evaluation.decisions if decision.missing]
        for decision in data.draw(st.lists(st.sampled_from(open_ones), max_size=6, unique=True)) if open_ones else ():
            (explained,) = ruleset.explain(household, as_of, decision.policy)
            for missing in (decision.missing, explained.decision.missing):
                asked_for = {(need.member, need.fact) for need in missing}
                if any(fact.startswith("parameter.") for _, fact in asked_for):
                    continue
                again = ruleset.evaluate(_filled(household, full, asked_for), as_of)[decision.policy]
                assert again.status is not Status.UNKNOWN
                assert again.amount is None or again.amount.exact
                assert not again.missing
        for figure in evaluation.figures:
            asked_for = {(need.member, need.fact) for need in figure.missing}
            if not any(fact.startswith("parameter.") for _, fact in asked_for):
                told = ruleset.evaluate(_filled(household, full, asked_for), as_of).figure(figure.name)
                assert not told.missing and all(len(value.told) == 1 for value in told.values)

    @settings(max_examples=settings().max_examples // 4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_on_the_shipped_ruleset(self, data: st.DataObject) -> None:
        self.check(SHIPPED, data)

    @SLOW
    @given(st.data())
    def test_on_random_rules(self, root: Path, data: st.DataObject) -> None:
        self.check(data.draw(random_rulesets(root)), data)


def _filled(given_: dict[str, Any], full: dict[str, Any], wanted: set[tuple[str | None, str]]) -> dict[str, Any]:
    def of(old: dict[str, Any], new: dict[str, Any], whose: str | None) -> dict[str, Any]:
        return _answers(old, new, sorted(fact for member, fact in wanted if member == whose))

    own = of(given_, {**full.get("village", {}), **full}, None)
    village = {**given_.get("village", {}), **{k: v for k, v in own.items() if k in full.get("village", {})}}
    pairs = zip(given_["members"], full["members"], strict=True)
    members = [{**old, **of(old, new, old["id"])} for old, new in pairs]
    plain = {k: v for k, v in own.items() if k not in full.get("village", {})}
    return {**given_, **plain, **({"village": village} if village else {}), "members": members}


def _answers(given_: dict[str, Any], full: dict[str, Any], facts: list[str]) -> dict[str, Any]:
    """What is said of some facts; of one by month or year (`aided 2018-12`) beside what is given of the others."""
    found: dict[str, Any] = {}
    for fact in facts:
        name, _, period = fact.partition(" ")
        listed, _, item = fact.partition("[")
        if item:
            number, _, own = item.partition("].")
            found[listed] = _with_item(found.get(listed, given_[listed]), full[listed], int(number) - 1, own)
        elif isinstance(full.get(fact), list) and all(isinstance(one, dict) for one in full[fact]):
            items = _items(found.get(fact, given_.get(fact)))
            found[fact] = [*items, *full[fact][len(items) :]]
        elif period:
            known = found.get(name, given_.get(name))
            found[name] = {**(known if isinstance(known, dict) else {}), period: full[name][period]}
        else:
            found[fact] = _answer(full, fact)
    return found


def _with_item(given_: Any, full: list[dict[str, Any]], number: int, fact: str) -> Any:
    """A list of which one fact of one item is said."""
    items = [dict(one) for one in _items(given_)]
    items[number][fact] = full[number][fact]
    return {"at_least": items} if isinstance(given_, dict) else items


def _items(given_: Any) -> list[dict[str, Any]]:
    """The items that there surely are."""
    return given_["at_least"] if isinstance(given_, dict) else given_ if isinstance(given_, list) else []


def _answer(full: dict[str, Any], fact: str) -> Any:
    """What is said of a fact; whether there is a day that may be none is said by the day itself."""
    day = fact.removesuffix(".given")
    return full[day] != "无" if fact not in full and day in full else full[fact]


class TestRanges:
    """4: every intermediate value lies in its inferred range."""

    @SLOW
    @given(st.data())
    def test_on_random_rules(self, root: Path, data: st.DataObject) -> None:
        ruleset = data.draw(random_rulesets(root))
        household, as_of = asked(data, ruleset)
        read, day = ruleset.read(household, as_of)
        traces = interpreter.trace(ruleset.snapshot(as_of), read, day)
        waiting = [trace for found in traces.values() for trace in found]
        while waiting:
            trace = waiting.pop()
            assert not isinstance(trace.expr.type, ErrorType)
            if not isinstance(trace.expr, Never):
                assert possible.leq(trace.expr.type, trace.value, possible.top(trace.expr.type)), trace
            waiting.extend(trace.children)


class TestOrder:
    """6: the order of members and of files changes nothing."""

    @SLOW
    @given(st.data())
    def test_of_members(self, root: Path, data: st.DataObject) -> None:
        ruleset = data.draw(random_rulesets(root))
        household, as_of = asked(data, ruleset)
        turned = {**household, "members": household["members"][::-1]}
        first, second = ruleset.evaluate(household, as_of), ruleset.evaluate(turned, as_of)
        assert [unordered(d) for d in first.decisions] == [unordered(d) for d in second.decisions]

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_of_files(self, root: Path, data: st.DataObject) -> None:
        files = data.draw(rulesets(lists=True))
        folder = written(root / f"a{abs(hash(tuple(sorted(files.items()))))}", files)
        other = written(
            root / f"b{folder.name}", {f"z{9 - i}_{name}": text for i, (name, text) in enumerate(files.items())}
        )
        first, second = load(folder, cache=False), load(other, cache=False)
        household, as_of = asked(data, first)
        assert first.evaluate(household, as_of).decisions == second.evaluate(household, as_of).decisions


def unordered(decision: Decision) -> tuple[object, ...]:
    return (
        decision.policy,
        decision.status,
        decision.amount,
        sorted(decision.beneficiaries),
        sorted((m.member or "", m.fact) for m in decision.missing),
        sorted(decision.members, key=lambda m: m.member),
    )


class TestDates:
    """7: between two breakpoints the outcome is constant for the same ages."""

    @settings(max_examples=settings().max_examples // 4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_only_what_reads_the_date_can_change_between_breakpoints(self, data: st.DataObject) -> None:
        first = data.draw(as_of_dates(SHIPPED))
        household = data.draw(households(SHIPPED, first))
        validity = SHIPPED.snapshot(first).validity
        later = date.fromordinal(first.toordinal() + data.draw(st.integers(0, 40)))
        if not validity.covers(to_day(later)):
            return
        if dated_values(SHIPPED, household, first) == dated_values(SHIPPED, household, later):
            assert SHIPPED.evaluate(household, first).decisions == SHIPPED.evaluate(household, later).decisions


def dated_values(ruleset: Ruleset, household: dict[str, Any], as_of: date) -> list[object]:
    """The values, in order, of all parts of the rules that look at the date or at a fact bounded by it."""
    read, day = ruleset.read(household, as_of)
    traces = interpreter.trace(ruleset.snapshot(as_of), read, day)
    found: list[object] = []
    waiting = [trace for parts in traces.values() for trace in parts]
    while waiting:
        trace = waiting.pop()
        waiting.extend(trace.children)
        if any(isinstance(child.expr.type, Day) for child in trace.children):
            found.append(trace.value)
    return found
