"""What holds on which day, against a plain reading of the dates: day by day, nothing but the text of the ruleset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from dated_rulesets import BODY, COVER, DAYS, FIRST, SOURCES, checked, sound
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy.core.days import ALWAYS, Validity, to_day
from fupin_policy.core.expressions import Const, Unknown
from fupin_policy.core.household import Household
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import breakpoints, snapshot, stretch, value_on, written
from fupin_policy.decisions.responsibility import in_being, name_on, names_of, organisations
from fupin_policy.decisions.rule_metadata import metadata_of
from fupin_policy.evaluators import interpreter


@dataclass(frozen=True)
class Stretch:
    """Days of the cover, by position, or open."""

    start: int | None
    end: int | None

    def holds(self, at: int) -> bool:
        """Whether a day, by its position, lies within."""
        return (self.start is None or self.start <= at) and (self.end is None or at <= self.end)

    @property
    def first(self) -> int:
        """The first day, one before the cover where it is open."""
        return -1 if self.start is None else self.start

    @property
    def last(self) -> int:
        """The last day, one after the cover where it is open."""
        return DAYS if self.end is None else self.end

    def text(self) -> str:
        """As a file says it."""
        first = "" if self.start is None else str(COVER[self.start])
        return f"{first}..{'' if self.end is None else COVER[self.end]}"


edges = st.integers(0, DAYS - 1)
stretches = st.one_of(
    st.builds(lambda a, b: Stretch(min(a, b), max(a, b)), edges, edges),
    st.builds(lambda a: Stretch(a, None), edges),
    st.builds(lambda a: Stretch(None, a), edges),
    st.just(Stretch(None, None)),
)


def outcome(
    program: Program, at: int, policy: str, given_: tuple[Any, ...] = ((0, 9), 3)
) -> tuple[int, tuple[int, int]]:
    """Whether a policy surely applies on a day, and its amount."""
    day = to_day(COVER[at])
    names = [column.name for column in program.household_inputs]
    facts = tuple(dict(zip(("x", "t"), given_, strict=True))[name] for name in names)
    traces = interpreter.trace(snapshot(program, day), Household("h", facts, ()), day)
    outcome, amount = traces[DefinitionId("outcome", policy)][0].value, traces[DefinitionId("payable", policy)][0].value
    assert isinstance(outcome, int) and isinstance(amount, tuple)
    return outcome, amount


# -- versions, and which source prevails ------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(stretches, st.integers(0, 2)), min_size=1, max_size=3),
    st.sets(st.sampled_from([(0, 1), (0, 2), (1, 2)])),
)
def test_the_version_of_the_source_that_prevails_is_in_force(
    versions: list[tuple[Stretch, int]], over: set[tuple[int, int]]
) -> None:
    """Source 1 prevails over source 0 where (0, 1) is drawn, and so on; chains of it count too."""
    prevails = over | {(0, 2)} if {(0, 1), (1, 2)} <= over else over
    below = {one: ", ".join(f"s{low}" for low, high in sorted(over) if high == one) for one in range(3)}
    sources = SOURCES + "".join(
        f"- {{id: s{one}, title: {{zh: 来源{one}, en: S{one}}}{f', prevails_over: [{names}]' if names else ''}}}\n"
        for one, names in below.items()
    )
    policy = (
        "kind: policies\npolicies:\n- id: p\n  title: {zh: 政策, en: P}\n  for: household\n  versions:\n"
        + "".join(
            f"  - {{valid: {dates.text()}, when: 是, benefit: {{kind: cash, amount: {at + 1}元, per: once}}, "
            f"lead: [d], basis: [s{source}]}}\n"
            for at, (dates, source) in enumerate(versions)
        )
    )
    program, said = checked(sources=sources, departments=BODY, policies=policy)
    expected: dict[int, int | None] = {}
    clashes = set()
    for at in range(DAYS):
        here = [index for index, (dates, _) in enumerate(versions) if dates.holds(at)]
        for one in here:
            for other in here:
                if one < other:
                    a, b = versions[one][1], versions[other][1]
                    if a == b:
                        clashes.add("D101")
                    elif (a, b) not in prevails and (b, a) not in prevails:
                        clashes.add("D104")
        winners = [
            one
            for one in here
            if not any((versions[one][1], versions[other][1]) in prevails for other in here if other != one)
        ]
        expected[at] = winners[0] if len(winners) == 1 else None
    assert set(said) == clashes
    if program is None:
        return
    for at in range(DAYS):
        rule = snapshot(program, to_day(COVER[at])).rules[0]
        holds, amount = outcome(program, at, "p")
        if expected[at] is None:
            assert rule.version is None and holds == 0 and amount == (0, 0)
        else:
            wanted = expected[at]
            assert wanted is not None and rule.version is not None
            assert rule.version.basis[0].source == f"s{versions[wanted][1]}"
            assert holds == 3 and amount == (100 * (wanted + 1), 100 * (wanted + 1))
    held = [version.validity for version in program.policies[0].versions]
    assert held == sorted(held, key=lambda one: one.start)
    assert all(one.end <= two.start for one, two in pairwise(held))


def test_a_later_source_of_the_same_issuer_prevails_over_earlier_ones() -> None:
    issuer = "issuer: {zh: 某县, en: County}"
    sources = SOURCES + (
        f"- {{id: a, title: {{zh: 甲, en: A}}, issued: 2018-01-01, {issuer}, prevails_over: [earlier]}}\n"
        f"- {{id: b, title: {{zh: 乙, en: B}}, issued: 2018-06-01, {issuer}, prevails_over: [earlier]}}\n"
        f"- {{id: c, title: {{zh: 丙, en: C}}, issued: 2018-06-01, {issuer}, prevails_over: [earlier]}}\n"
        "- {id: d, title: {zh: 丁, en: D}, issued: 2017-01-01, issuer: {zh: 他县, en: Other}}\n"
        f"- {{id: e, title: {{zh: 戊, en: E}}, {issuer}}}\n"
    )
    found = sound(sources=sources).sources
    over = {name: set(source.prevails_over) for name, source in found.items()}
    assert over == {"a": set(), "b": {"a"}, "c": {"a"}, "d": set(), "e": set()}


# -- groups: only one of their policies is drawn ----------------------------------------------------------------------


@pytest.mark.parametrize("keep", ["first", "highest"])
def test_of_a_group_one_policy_is_drawn(keep: str) -> None:
    """Three policies: 2 yuan from 3 on, x yuan where 属实, 4 yuan up to 6; over all that the two facts can be."""
    parts = [("数 >= 3元", "2元"), ("属实", "数"), ("数 <= 6元", "4元")]
    oracle: list[tuple[Callable[[int, bool], bool], Callable[[int], int]]] = [
        (lambda x, t: x >= 3, lambda x: 2),
        (lambda x, t: t, lambda x: x),
        (lambda x, t: x <= 6, lambda x: 4),
    ]
    policies = "kind: policies\npolicies:\n" + "".join(
        f"- id: p{at}\n  title: {{zh: 政{at}, en: P{at}}}\n  for: household\n  versions:\n"
        f"  - {{valid: .., when: {when}, benefit: {{kind: cash, amount: {amount}, per: once}}, "
        "lead: [d], basis: [s]}\n"
        for at, (when, amount) in enumerate(parts)
    )
    group = f"groups:\n- {{id: g, title: {{zh: 组, en: G}}, keep: {keep}, policies: [p0, p1, p2]}}\n"
    sources = SOURCES + "- {id: s, title: {zh: 来源, en: S}}\n"
    program = sound(sources=sources, departments=BODY, policies=policies + group)
    for x in range(10):
        for t in (False, True):
            fulfilled = [at for at, (when, _) in enumerate(oracle) if when(x, t)]
            worth_of = [one(x) for _, one in oracle]
            highest = max(worth_of[at] for at in fulfilled)
            drawn = next(at for at in fulfilled if keep == "first" or worth_of[at] == highest)
            for at in range(3):
                holds, amount = outcome(program, 0, f"p{at}", ((100 * x, 100 * x), 3 if t else 0))
                worth = 100 * worth_of[at] if at == drawn else 0
                assert (holds, amount) == (3 if at == drawn else 0, (worth, worth)), (x, t, at)


# -- parameters -------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(st.lists(stretches, min_size=1, max_size=3), st.booleans())
def test_a_parameter_has_the_value_of_its_day(dates: list[Stretch], ranged: bool) -> None:
    parameter = "kind: parameters\nparameters:\n- name: p\n  label: 标准\n  unit: 元\n"
    parameter += ("  range: 0..50\n" if ranged else "") + "  values:\n"
    parameter += "".join(
        f"  - {{valid: {one.text()}, value: {at + 1}, status: {('example', 'enacted')[at % 2]}, source: s 1}}\n"
        for at, one in enumerate(dates)
    )
    sources = SOURCES + "- {id: s, title: {zh: 来源, en: S}}\n"
    policy = (
        "kind: policies\npolicies:\n- {id: q, title: {zh: 政策, en: Q}, for: household, versions: [{valid: .., "
        "when: 是, benefit: {kind: cash, amount: 参数.标准, per: once}, lead: [d], basis: [s]}]}\n"
    )
    program, said = checked(sources=sources, departments=BODY, parameters=parameter, policies=policy)
    here = {at: [index for index, one in enumerate(dates) if one.holds(at)] for at in range(DAYS)}
    clash = any(max(a.first, b.first) <= min(a.last, b.last) for i, a in enumerate(dates) for b in dates[:i])
    gap = any(not found for found in here.values())
    assert set(said) == ({"D101"} if clash else set()) | ({"D102"} if gap and not ranged else set())
    if program is None:
        return
    for at, found in here.items():
        day = to_day(COVER[at])
        dated = value_on(program, "p", None, day)
        rule = snapshot(program, day).rules[0]
        amount = outcome(program, at, "q")[1]
        if not found:
            assert dated is None and amount == (0, 5000) and rule.provisional_amount == frozenset()
        else:
            (index,) = found
            worth = 100 * (index + 1)
            assert dated is not None and dated.values == {None: worth} and amount == (worth, worth)
            assert rule.provisional_amount == ({"p"} if index % 2 == 0 else set())
            assert rule.provisional_outcome == frozenset()
        stated = {one.id: one.expr for one in snapshot(program, day).definitions}[DefinitionId("stated", "q")]
        assert isinstance(stated, Const | Unknown) and written(stated) == stated.source
        assert stated.source is not None and stated.source.name == "p"


# -- who answers ------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_a_body_is_called_by_the_name_of_its_day_and_functions_follow(data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, DAYS - 1), min_size=2, max_size=2)))
    moves = {
        "a": ("b", data.draw(stretches)),
        "b": (data.draw(st.sampled_from(["a", "c"])), data.draw(stretches)),
    }
    names = [Stretch(None, cuts[0] - 1), Stretch(cuts[0], cuts[1] - 1), Stretch(cuts[1], None)]
    departments = "kind: departments\ndepartments:\n- id: a\n  names:\n" + "".join(
        f"  - {{valid: {one.text()}, zh: 局{at}, en: A{at}}}\n" for at, one in enumerate(names)
    )
    departments += f"  moved: [{{function: 助学, to: {moves['a'][0]}, valid: {moves['a'][1].text()}}}]\n"
    departments += "- id: b\n  names: [{valid: .., zh: 乙局, en: B}]\n"
    departments += f"  moved: [{{function: 助学, to: {moves['b'][0]}, valid: {moves['b'][1].text()}}}]\n"
    departments += "- id: c\n  names: [{valid: .., zh: 丙局, en: C}]\n"
    sources = SOURCES + "- {id: s, title: {zh: 来源, en: S}}\n"
    policy = (
        "kind: policies\npolicies:\n- {id: q, title: {zh: 政策, en: Q}, for: household, versions: [{valid: .., "
        "when: 属实, benefit: {kind: waiver}, lead: [a], cooperating: [c], function: 助学, basis: [s]}]}\n"
    )
    program = sound(sources=sources, departments=departments, policies=policy)
    for at in range(DAYS):
        day = to_day(COVER[at])
        who = "a"
        passed = {"a"}
        while who in moves and moves[who][1].holds(at) and moves[who][0] not in passed:
            who = moves[who][0]
            passed.add(who)
        # where the function goes round, it stays with the last body before it would come back
        assert in_being(program, "a", "助学", day).id == who
        assert in_being(program, "a", None, day).id == in_being(program, "a", "别的", day).id == "a"
        called = next(index for index, one in enumerate(names) if one.holds(at))
        assert name_on(program.departments["a"], day).zh == f"局{called}"
        said = {"a": f"局{called}", "b": "乙局", "c": "丙局"}[who]
        frame = metadata_of(snapshot(program, day), snapshot(program, day).rules[0])
        assert [body.name.zh for body in frame.lead] == [said]
        assert [body.name.zh for body in frame.cooperating] == ["丙局"]
        every = names_of(organisations(program, ["a", "c", "a"], "助学", day))
        assert [words.zh for words in every] == list(dict.fromkeys([said, "丙局"]))


def test_a_body_without_a_name_on_a_day_is_called_by_its_last() -> None:
    departments = (
        "kind: departments\ndepartments:\n- {id: a, names: [{valid: ..2019-01-03, zh: 旧局, en: Old}, "
        "{valid: 2019-01-05..2019-01-06, zh: 新局, en: New}]}\n"
    )
    program = sound(departments=departments)
    called = [name_on(program.departments["a"], to_day(COVER[at])).zh for at in range(8)]
    assert called == ["旧局"] * 3 + ["新局"] * 5


# -- stretches and breakpoints ----------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(st.lists(stretches, min_size=1, max_size=2), st.integers(1, DAYS - 2), st.integers(1, DAYS - 2))
def test_nothing_changes_but_on_breakpoints(values: list[Stretch], renamed: int, moved: int) -> None:
    parameter = "kind: parameters\nparameters:\n" + "".join(
        f"- {{name: p{at}, label: 标准{at}, unit: 元, range: 0..50, "
        f"values: [{{valid: {one.text()}, value: {at}, status: example, source: s}}]}}\n"
        for at, one in enumerate(values)
    )
    departments = (
        f"kind: departments\ndepartments:\n- {{id: a, names: [{{valid: ..{COVER[renamed - 1]}, zh: 旧局, en: Old}}, "
        f"{{valid: {COVER[renamed]}.., zh: 新局, en: New}}], "
        f"moved: [{{function: 助学, to: b, valid: {COVER[moved]}..}}]}}\n"
        "- {id: b, names: [{valid: .., zh: 乙局, en: B}]}\n"
    )
    program = sound(
        sources=SOURCES + "- {id: s, title: {zh: 来源, en: S}}\n", departments=departments, parameters=parameter
    )

    def state(at: int) -> tuple[object, ...]:
        """All that the text says of a day."""
        return (*(one.holds(at) for one in values), renamed <= at, moved <= at)

    wanted = [0, *(at for at in range(1, DAYS) if state(at) != state(at - 1))]
    days = [to_day(COVER[at]) for at in wanted]
    # a stretch may begin and another end on the same day without any change of state
    assert set(days) <= set(breakpoints(program)) and list(breakpoints(program)) == sorted(set(breakpoints(program)))
    ends = [*breakpoints(program)[1:], to_day(COVER[-1]) + 1]
    for at in range(DAYS):
        day = to_day(COVER[at])
        found = stretch(program, day)
        assert found.covers(day) and (found.start, found.end) in zip(breakpoints(program), ends, strict=True)
        assert snapshot(program, day).validity == found
        assert {state(other - to_day(FIRST)) for other in range(found.start, found.end)} == {state(at)}


def test_a_validity_is_half_open() -> None:
    one = Validity(3, 5)
    assert [one.covers(day) for day in range(2, 7)] == [False, True, True, False, False]
    assert ALWAYS.covers(to_day(date.min)) and ALWAYS.covers(to_day(date.max))
    assert (ALWAYS.start, ALWAYS.end) == (to_day(date.min), to_day(date.max) + 1)
