"""Why decisions are not as the last time: which facts have changed, or which rules.

In: what was known of a bucket's households then and now. Out: sentences. Called by `changes`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.known_facts import IDS, kept_inputs
from fupin_policy.core.bilingual import Bilingual, counted
from fupin_policy.core.declarations import FactDecl, ListDecl
from fupin_policy.core.dependencies import each_once
from fupin_policy.core.expressions import Items, children
from fupin_policy.core.policies import Policy
from fupin_policy.core.program import Program

Known = Mapping[str | None, Mapping[str, str | None]]
"""By member (None: the household's own) what is known of each fact."""

LEFT = Bilingual("本期登记册里没有", "no longer in the register")
NEW = Bilingual("上期登记册里没有", "not in the register the last time")
REFUSED = Bilingual("本期资料被退回", "its data were rejected this time")
CHANGED = Bilingual("规则集的内容有改动", "the ruleset has been edited")
BY_DATE = Bilingual("日期推移，或上一次的结果", "the date, or the result before")
BY_MONTH = Bilingual(
    "日期推移，或逐月的事实（不逐月对比），或上一次的结果",
    "the date, facts by month (not compared), or the result before",
)
NOT_KEPT = Bilingual("上期没有留下资料，不能逐项对比", "what was known the last time was not kept")
NOTHING = Bilingual("未知", "unknown")


@dataclass(frozen=True)  # without slots, for the cached property
class ChangeReasons:
    """What was known of households on the day `before`, by rules of a digest, and what is known on `day`: tables.

    `then` is None where that was not kept. Those `rejected` now are not decided.
    """

    program: Program
    before: int
    digest: str
    day: int
    then: pa.Table | None
    now: pa.Table
    rejected: frozenset[str]

    def known(self, households: pa.Array) -> ChangedHouseholds:
        """What is known of some of them."""
        then = None if self.then is None else known_by_household(self.then, households)
        return ChangedHouseholds(self, then, known_by_household(self.now, households))

    @cached_property
    def rules(self) -> Mapping[str, tuple[Bilingual, ...]]:
        """By policy what in its rules is not as it was."""
        return {policy.id: tuple(self._rules(policy)) for policy in self.program.policies}

    @cached_property
    def facts(self) -> Mapping[str, tuple[FactDecl, ...]]:
        """By policy the facts that it rests on."""
        names = {one.id: self.program.dependencies.facts(one.told) for one in self.program.policies}
        used = {policy: {one.fact for one in some} for policy, some in names.items()}
        kept = kept_inputs(self.program)
        return {id_: tuple(fact for fact in kept if fact.name in some) for id_, some in used.items()}

    @cached_property
    def lists(self) -> Mapping[str, tuple[ListDecl, ...]]:
        """By policy the lists that it rests on."""
        return {policy.id: tuple(self._lists(policy)) for policy in self.program.policies if self.program.lists}

    def _lists(self, policy: Policy) -> Iterable[ListDecl]:
        program = self.program
        closure = program.dependencies.closure(policy.told)
        exprs = [expr for one in program.definitions if one.id in closure for _, expr in one.versions]
        asked = {node.list for node in each_once(exprs, children) if isinstance(node, Items)}
        return (one for one in program.lists if one.name in asked)

    def _rules(self, policy: Policy) -> Iterable[Bilingual]:
        """The definitions and parameters of which another version holds."""
        program, seen = self.program, set[str]()
        if self.digest != program.digest:
            yield CHANGED
        closure = program.dependencies.closure(policy.told)
        dated = [(one.name, [days for days, _ in one.versions]) for one in program.definitions if one.id in closure]
        for name in sorted(program.dependencies.parameters(policy.told)):
            known = program.parameters[name]
            dated.append((known.called, [value.validity for value in known.values]))
        for words, stretches in dated:
            edges = {edge for days in stretches for edge in (days.start, days.end)}
            if words.zh not in seen and any(self.before < edge <= self.day for edge in edges):
                seen.add(words.zh)
                yield Bilingual(f"规则“{words.zh}”有变", f'the rule "{words.en}" has changed')


@dataclass(frozen=True, slots=True)
class ChangedHouseholds:
    """What was known, and is known, of the households of which something is decided otherwise."""

    reasons: ChangeReasons
    then: Mapping[str, Known] | None
    now: Mapping[str, Known]

    def of(self, household: str, member: str | None, policy: str) -> Bilingual:
        """Why a policy's decision on a household or a member changed."""
        lists = self.reasons.lists.get(policy, ())
        found = list(self._of_data(household, member, self.reasons.facts[policy], lists))
        found += self.reasons.rules[policy]
        if not found:
            by_month = any(fact.series is not None for fact in self.reasons.facts[policy])
            found = [NOT_KEPT if self.then is None else BY_MONTH if by_month else BY_DATE]
        return Bilingual("；".join(one.zh for one in found), "; ".join(one.en for one in found))

    def _of_data(
        self, household: str, member: str | None, facts: Iterable[FactDecl], lists: Iterable[ListDecl]
    ) -> Iterable[Bilingual]:
        if household in self.reasons.rejected:
            yield REFUSED
            return
        now, then = self.now.get(household), None if self.then is None else self.then.get(household)
        if now is None or (member is not None and member not in now):
            yield LEFT
        elif self.then is not None and (then is None or (member is not None and member not in then)):
            yield NEW
        elif then is not None:
            others = [*_differences(then, now, member, facts), *_list_differences(then, now, member, lists)]
            if member is None and (not others or any(fact.level == "member" for fact in facts)):
                yield from _comings(then, now)
            yield from others


def _comings(then: Known, now: Known) -> Iterable[Bilingual]:
    """The members who came or left."""
    for one in dict.fromkeys([*then, *now]):
        if one not in now or one not in then:
            zh, en = ("新登记", "came") if one not in then else ("不再登记", "left")
            yield Bilingual(f"成员 {one} {zh}", f"member {one} {en}")


def _differences(then: Known, now: Known, member: str | None, facts: Iterable[FactDecl]) -> Iterable[Bilingual]:
    """The facts that are not as they were: of a member's policy the household's and the member's own, else all."""
    for one in [one for one in then if one in now] if member is None else (None, member):
        for fact in facts:
            was, becomes = then[one].get(fact.name), now[one].get(fact.name)
            if (fact.level == "member") == (one is not None) and was != becomes:
                whose = "" if one is None else f"{one}."
                zh = f"{whose}{fact.words.zh} {was or NOTHING.zh} → {becomes or NOTHING.zh}"
                yield Bilingual(zh, f"{whose}{fact.words.en} {was or NOTHING.en} → {becomes or NOTHING.en}")


def _list_differences(then: Known, now: Known, member: str | None, lists: Iterable[ListDecl]) -> Iterable[Bilingual]:
    """The lists that are not as they were: of a member's policy the household's and the member's own, else all."""
    for one in [one for one in then if one in now] if member is None else (None, member):
        whose = "" if one is None else f"{one}."
        for listed in lists:
            was, becomes = then[one].get(listed.name), now[one].get(listed.name)
            if (listed.of == "member") != (one is not None) or was == becomes:
                continue
            words = Bilingual(f"{whose}{listed.words.zh}", f"{whose}{listed.words.en}")
            if was is None or becomes is None:
                before, after = _length(was), _length(becomes)
                yield Bilingual(f"{words.zh} {before.zh} → {after.zh}", f"{words.en} {before.en} → {after.en}")
            else:
                yield from _exchanged(words, Counter(_lines(was)), Counter(_lines(becomes)))


def _exchanged(words: Bilingual, was: Counter[str], becomes: Counter[str]) -> Iterable[Bilingual]:
    """How many items there are that were not, and the other way round; the first of each is shown."""
    for items, (zh, en) in ((becomes - was, ("多了", "more")), (was - becomes, ("少了", "fewer"))):
        if items:
            first = f"{next(iter(items))}{'…' if items.total() > 1 else ''}"
            yield Bilingual(
                f"{words.zh} {zh} {items.total()} 项（{first}）", f"{words.en}: {items.total()} {en} ({first})"
            )


def _length(items: str | None) -> Bilingual:
    count = None if items is None else len(_lines(items))
    return NOTHING if count is None else Bilingual(f"{count} 项", counted(count, "item"))


def _lines(items: str) -> list[str]:
    """The items of a list of which lines are kept."""
    return items.split("\n") if items else []


def known_by_household(facts: pa.Table, households: pa.Array) -> dict[str, dict[str | None, dict[str, str | None]]]:
    """What is known of some households and their members."""
    found: dict[str, dict[str | None, dict[str, str | None]]] = {}
    for row in facts.filter(pc.is_in(facts["household"], value_set=households)).to_pylist():
        household, member = (row.pop(name) for name in IDS)
        found.setdefault(household, {})[member] = row
    return found
