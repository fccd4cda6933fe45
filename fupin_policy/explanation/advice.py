"""What would make a policy apply, in words and as data.

In: worksheets of a household and a policy that does not apply to it, on several dates. Out: `Advice`, shown by
`explanation`. Called by `ruleset`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual, pick, plain
from fupin_policy.core.days import Validity, to_date
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.household import Household
from fupin_policy.core.item_facts import name_in_list, words_in_list
from fupin_policy.core.json_data import json_of, json_parts
from fupin_policy.core.missing import Missing
from fupin_policy.core.periods import named_on, of_series
from fupin_policy.core.policies import Policy
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Number, Truth
from fupin_policy.diagnostics import Lang
from fupin_policy.evaluators.incremental import Worksheet
from fupin_policy.explanation.counterfactuals import (
    Altered,
    Counterfactuals,
    FactChange,
    SearchVerdict,
    nearest,
    places_of,
)
from fupin_policy.explanation.first_day import first_day
from fupin_policy.explanation.search_domains import Position, SearchDomain
from fupin_policy.explanation.wished_directions import Wishes
from fupin_policy.prose.expressions import show_value
from fupin_policy.prose.sentences import sentence


@dataclass(frozen=True, slots=True)
class Alternative:
    """A fact as it would have to be: whose it is (a member's id, or None), what it is now, what would do.

    `by` is how much less or more that is, for a number.
    """

    fact: str
    label: str
    member: str | None
    now: Bilingual
    needed: Bilingual
    text: Bilingual

    def as_json(self) -> dict[str, Any]:
        """The fact as plain data."""
        return json_parts(self, "fact", "label", "member", "now", "needed")


@dataclass(frozen=True, slots=True)
class JointAlternative:
    """Facts that must all be otherwise. `open` is what is then still missing to tell."""

    facts: tuple[Alternative, ...]
    open: tuple[Bilingual, ...]

    def as_json(self) -> dict[str, Any]:
        """The way as plain data."""
        return json_parts(self, "facts", "open")


@dataclass(frozen=True, slots=True)
class Advice:
    """The nearest ways to become eligible. With `from_day` they would do only from then on.

    `since` is the first later day on which the policy applies if nothing changes. Without ways `verdict` says what is
    proven. `unless` are the changes without which nothing would do, though they are not advised.
    """

    ways: tuple[JointAlternative, ...]
    from_day: date | None
    since: date | None
    verdict: SearchVerdict
    unless: tuple[Bilingual, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found that would do. Only some verdicts say that it is impossible."""
        return not self.ways and self.since is None

    def as_json(self) -> dict[str, Any]:
        """The advice as plain data."""
        beginning = {"ways": json_of(self.ways), "from": json_of(self.from_day)}
        return {**beginning, **json_parts(self, "since", "verdict", "unless")}

    def lines(self, lang: Lang) -> list[str]:
        """A line for each change, and one for the day."""
        zh = lang == "zh"
        lines = []
        if self.since is not None:
            day = self.since.isoformat()
            lines.append(f"其他情况不变，从 {day} 起符合" if zh else f"if nothing else changes, from {day} on")
        start = "若" if zh else "if "
        if self.from_day is not None:
            day = self.from_day.isoformat()
            start = f"最早从 {day} 起，若" if zh else f"from {day} on at the earliest, if "
        for texts, still_open in self._texts():
            spoken = [_gap(t.zh) + t.zh for t in texts]
            line = start + ("，并且".join(spoken) if zh else ", and ".join(t.en for t in texts))
            if still_open:
                rest = "、".join(w.zh for w in still_open) if zh else ", ".join(w.en for w in still_open)
                line += f"；是否符合还要看{_gap(rest)}{rest}" if zh else f"; it then depends on {rest}"
            lines.append(line)
        if self.is_empty:
            said = _VERDICTS[self.verdict]
            unless = (" 或 " if zh else " or ").join(pick(words, lang) for words in self.unless)
            lines.append(said.zh.format(_gap(unless), unless) if zh else said.en.format(unless))
        return lines

    def _texts(self) -> list[tuple[list[Bilingual], tuple[Bilingual, ...]]]:
        """For each way the texts of its facts and what is open; the same one of several members is said once."""
        merged: dict[tuple[Bilingual, tuple[Bilingual, ...]], list[str]] = {}
        several = []
        for way in self.ways:
            if len(way.facts) == 1 and way.facts[0].member is not None:
                merged.setdefault((way.facts[0].text, way.open), []).append(way.facts[0].member)
            else:
                several.append(([_of(one.member, one.text) for one in way.facts], way.open))
        alike = [([_of_any(members, text)], still_open) for (text, still_open), members in merged.items()]
        return [*alike, *several]


_VERDICTS = {
    SearchVerdict.IMPOSSIBLE: Bilingual("改变任何可变的情况都不会符合", "no change of what can change would do"),
    SearchVerdict.UNWANTED: Bilingual(
        "除非{}{}，否则怎样改变都不会符合；这样的改变不作建议", "no change would do unless {}, which is not advised"
    ),
    SearchVerdict.NO_SINGLE_CHANGE: Bilingual(
        "只改变一项情况都不会符合；几项同时改变是否可行，没有查到底",
        "no single change would do; changes of several facts at once were not searched to the end",
    ),
    SearchVerdict.NOT_SETTLED: Bilingual(
        "在查过的范围内没有找到会使其符合的改变；没有查到底",
        "no change was found that would do; not everything was searched",
    ),
}


def _of(member: str | None, text: Bilingual) -> Bilingual:
    return text if member is None else sentence("of_member", member=member, text=text)


def _of_any(members: list[str], text: Bilingual) -> Bilingual:
    return Bilingual(f"{' 或 '.join(members)} 的{text.zh}", f"{' or '.join(members)}'s {text.en}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A policy that does not apply to a household on a day."""

    policy: Policy
    sheet: Worksheet
    """Of the household on that day."""
    day: int
    stretches: Sequence[Validity]
    """Of the days after it: in each the policy stays as it is."""
    sheet_of: Callable[[int], Worksheet]
    """Of the household, by the rules of another day."""
    wishes: Wishes
    missing: Callable[[Household, int], tuple[Missing, ...]]
    """What keeps the policy open for a household on a day."""

    def advice(self) -> Advice:
        """What would have to be otherwise."""
        since, found, day = self._first({}, surely=True), self._nearest(self.sheet, self.wishes.reach), None
        if found.verdict in (SearchVerdict.IMPOSSIBLE, SearchVerdict.UNWANTED) and since is None:
            day, found = self._later(found)
        ways = tuple(self._way(change, self.day if day is None else day) for change in found.changes)
        unless = (
            self.wishes.unwanted(places_of(self.sheet, self.policy.outcome))
            if found.verdict is SearchVerdict.UNWANTED
            else ()
        )
        return Advice(ways, _date(day), _date(since), found.verdict, unless)

    def _nearest(self, sheet: Worksheet, reach: Callable[[Position], Value]) -> Counterfactuals:
        return nearest(sheet, self.policy.outcome, reach)

    def _later_reach(self, place: Position) -> Value:
        """What an input may be on a later day: that of a month's value is another month's then."""
        other = of_series(place.column.id.fact) is not None
        return possible.top(place.column.type) if other else self.wishes.reach(place)

    def _first(self, box: SearchDomain, surely: bool) -> int | None:
        return first_day(self.stretches, self.sheet_of, self.policy.outcome, box, surely=surely)

    def _later(self, now: Counterfactuals) -> tuple[int | None, Counterfactuals]:
        """The first later day on which changes would do, with these; else what was found for now, if it holds then."""
        places = tuple(places_of(self.sheet, self.policy.outcome))
        day = self._first({place: self._later_reach(place) for place in places}, surely=False)
        if day is not None:
            found = self._nearest(self.sheet_of(day).supposing((), (day, day)), self._later_reach)
            return (day if found.changes else None), found
        open_day = self._first({place: possible.top(place.column.type) for place in places}, surely=False)
        return None, now if open_day is None else Counterfactuals((), SearchVerdict.UNWANTED)

    def _way(self, change: FactChange, day: int) -> JointAlternative:
        program = self.sheet.net.snapshot.program
        facts = tuple(_otherwise(program, change.household, one) for one in change.altered)
        return JointAlternative(facts, () if change.surely else tuple(map(said, self.missing(change.household, day))))


def _date(day: int | None) -> date | None:
    return None if day is None else to_date(day)


def said(missing: Missing) -> Bilingual:
    """What is missing, in words."""
    if missing.reading:
        return sentence("which_option", name=Bilingual(missing.label, missing.english))
    if missing.parameter is not None:
        return sentence("value_of", name=missing.parameter)
    name = Bilingual(missing.label, missing.english or plain(missing.fact))
    return _of(missing.member, sentence("quoted", name=name))


def _otherwise(program: Program, household: Household, one: Altered) -> Alternative:
    base, code = one.column.id
    fact = next(fact for fact in program.facts if fact.name == base)
    member = None if one.place.member is None else household.members[one.place.member].id
    now, needed = (_shown(program, one, value) for value in (one.before, one.after))
    known, words = named_on(fact, household.as_of)
    name, item = words if code is None else _name(program, fact, code), one.place.item
    if item is not None and item.number is not None:
        of = next(declared for declared in program.lists if declared.name == item.list)
        known = name_in_list(of.name, item.number, known)
        words, name = (words_in_list(of.words, item.number, said) for said in (words, name))
    return Alternative(known, words.zh, member, now, needed, _text(program, one, name, now, needed))


def _shown(program: Program, one: Altered, value: Value) -> Bilingual:
    return Bilingual(
        show_value(one.column.type, value, program, "zh"), show_value(one.column.type, value, program, "en")
    )


def _name(program: Program, fact: FactDecl, code: str | None) -> Bilingual:
    """What the input is called; one code of a fact that holds several by both names."""
    if code is None or not isinstance(fact.type, Code):
        return fact.words
    item = next(item for item in program.code_lists[fact.type.code_list].codes if item.name == code)
    return Bilingual(f"{fact.label}包含{item.label}", f"{fact.words.en} contains {item.words.en}")


def _text(program: Program, one: Altered, name: Bilingual, now: Bilingual, needed: Bilingual) -> Bilingual:
    if isinstance(one.column.type, Truth):
        return Bilingual(f"「{name.zh}」为「{needed.zh}」", f'"{name.en}" is {needed.en}')
    before = Bilingual(f"现在是{_gap(now.zh)}{now.zh}", f"now {now.en}")
    if now.zh == "未知":
        before = Bilingual("现在不知道", "not known now")
    step = _step(program, one)
    if step is not None:
        before = Bilingual(f"{before.zh}，{step.zh}", f"{before.en}, {step.en}")
    return Bilingual(
        f"{name.zh}是{_gap(needed.zh)}{needed.zh}（{before.zh}）", f"{name.en} is {needed.en} ({before.en})"
    )


def _gap(text: str) -> str:
    return " " if text[:1].isascii() else ""


def _step(program: Program, one: Altered) -> Bilingual | None:
    """How much less or more a number would have to be."""
    if not isinstance(one.column.type, Number) or not possible.is_singleton(one.column.type, one.before):
        return None
    by = cast(Interval, one.after)[0] - cast(Interval, one.before)[0]
    size = abs(by)
    zh, en = (show_value(one.column.type, (size, size), program, lang) for lang in ("zh", "en"))
    return Bilingual(f"要多 {zh}", f"{en} more") if by > 0 else Bilingual(f"要少 {zh}", f"{en} less")
