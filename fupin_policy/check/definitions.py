"""Definitions on demand: terms and the parts of policies, typed when they are first referred to.

In: parsed terms and policies. Out: CORE definitions in order of dependency. Called by `program`.
A definition asked for while it is being typed is a cycle, and is reported with the names along the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from fupin_policy.check.amounts import in_money
from fupin_policy.check.answering import answer_type, chosen_answer
from fupin_policy.check.arithmetic import add, minus
from fupin_policy.check.choices import extreme
from fupin_policy.check.common_types import alike, all_same, hull
from fupin_policy.check.context import needs_member
from fupin_policy.check.definition_sources import (
    ASSESSED_ON,
    DatedSource,
    Make,
    PolicySource,
    TargetSource,
    VersionSource,
    has_amount,
    results_of,
)
from fupin_policy.check.group_preferences import Preference
from fupin_policy.check.numbers import number
from fupin_policy.check.scale_uses import DatedExpressions, dated_use
from fupin_policy.check.scope import BROKEN
from fupin_policy.check.typing import Typer
from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import ALWAYS
from fupin_policy.core.dependencies import each_once
from fupin_policy.core.expressions import And, Cases, Const, Expr, Level, Not, Or, Ref, walk
from fupin_policy.core.identifiers import AssessmentDay, DefinitionId, Part
from fupin_policy.core.periods import looks_at_date
from fupin_policy.core.policies import Group
from fupin_policy.core.program import BracketUse, Definition, as_of_days
from fupin_policy.core.types import ErrorType, Number, Truth, Type
from fupin_policy.diagnostics import Reporter, Span

MAX_DEEP, MAX_CLONES = 60, 500
"""How many definitions may refer to one another in a row, and how many there may be as of other days."""
Days = tuple[AssessmentDay, ...]


@dataclass(slots=True)
class DefinitionTyper:
    """Types each definition once. `typers` gives the typer of a level.

    A clone is typed as its original is, with another day in the place of the day asked about; only what looks at the
    date is cloned.
    """

    terms: Mapping[str, DatedSource]
    uses: Mapping[str, DatedSource]
    policies: Mapping[str, PolicySource]
    targets: Mapping[str, TargetSource]
    audiences: Mapping[str, DatedSource]
    money: Number
    typers: Callable[[Level], Typer]
    done: dict[DefinitionId, Definition] = field(default_factory=dict)
    broken: set[DefinitionId] = field(default_factory=set)
    open: list[DefinitionId] = field(default_factory=list)
    clones: int = 0
    bracketed: dict[tuple[BracketUse, Level, Days], DefinitionId] = field(default_factory=dict)
    direct: dict[DefinitionId, tuple[frozenset[DefinitionId], bool]] = field(default_factory=dict)

    def define(self, name: DefinitionId, span: Span | None) -> Definition | None:
        """A definition, typing it first if need be; None where it is broken."""
        if name in self.done:
            return self.done[name]
        if name in self.broken:
            return None
        if name.days:
            original = self.define(name.original, span)
            if original is None or not self._looks(name.original):
                return original
            if self.clones <= MAX_CLONES:
                self._clone_below(name, span)
            if self.clones == MAX_CLONES:
                self._reporter.report("T234", span, limit=MAX_CLONES)
            self.clones += 1
            if self.clones > MAX_CLONES:
                return None
        if name in self.open or len(self.open) > MAX_DEEP:
            self._report(name, span)
            return None
        self.open.append(name)
        made = self._make(name)
        self.open.pop()
        if made is None or isinstance(made.type, ErrorType):
            self.broken.add(name)
            return None
        self.done[name] = made
        return made

    def use(self, use: BracketUse, level: Level, days: Days, span: Span | None) -> Definition | None:
        """The definition of a use of a scale, one for all days unless its rates look at the date; None if broken."""
        key = use, level, days
        if key not in self.bracketed:
            uses = {name for (one, _, _), name in self.bracketed.items() if one.parameter == use.parameter}
            name = self.bracketed[key] = DefinitionId("use", f"{use.parameter}/{len(uses) + 1}")
            self.open.append(name)
            made = dated_use(self._typer(level, days), use, span)
            self.open.pop()
            if made is None:
                self.broken.add(name)
            else:
                found = Definition(name, level, made.type, made.versions, None, made.words, use)
                same = (one for one in uses & self.done.keys() if replace(self.done[one], id=name) == found)
                self.bracketed[key] = next(same, name)
                self.done.setdefault(self.bracketed[key], found)
        return self.define(self.bracketed[key], span)

    def _clone_below(self, name: DefinitionId, span: Span | None) -> None:
        """Clone what a clone rests on before itself, in order of dependency: as deep as its original is it may be.

        Uses of scales are not: what a clone uses is found when it is typed.
        """
        below = self._below(name.original) - {name.original}
        for one in [one for one in self.done if one in below and one.part != "use"]:
            self.define(DefinitionId(one.part, one.name, (*name.days, *one.days)), span)

    def _looks(self, name: DefinitionId) -> bool:
        """Whether a definition looks at the date, itself or through what it refers to."""
        return any(self._direct(one)[1] for one in self._below(name))

    def _below(self, name: DefinitionId) -> frozenset[DefinitionId]:
        """A definition and all that it rests on."""
        return frozenset(each_once([name], lambda one: self._direct(one)[0], lambda one: one))

    def _direct(self, name: DefinitionId) -> tuple[frozenset[DefinitionId], bool]:
        """What a definition refers to itself, and whether it looks at the date itself."""
        if name not in self.direct:
            nodes = [node for _, expr in self.done[name].versions for node in walk(expr)]
            refers = frozenset(node.definition for node in nodes if isinstance(node, Ref))
            self.direct[name] = refers, any(looks_at_date(node) for node in nodes)
        return self.direct[name]

    def define_all(self) -> None:
        """Type everything, in the order of the files."""
        for term in self.terms:
            self.define(DefinitionId("term", term), None)
        for use in list(self.uses):  # what is used as of other days is added on the way
            self.define(DefinitionId("use", use), None)
        for policy in self.policies.values():
            for name in results_of(policy):
                self.define(name, None)
        for audience in self.audiences:
            self.define(DefinitionId("audience", audience), None)
        for target in self.targets:
            self.define(DefinitionId("applies", target), None)
            self.define(DefinitionId("goal", target), None)

    @property
    def _reporter(self) -> Reporter:
        return self.typers("household").scope.reporter

    def _report(self, name: DefinitionId, span: Span | None) -> None:
        if name not in self.open:
            self._reporter.report("N120", span)
            return
        circle = [*self.open[self.open.index(name) :], name]
        words = list(dict.fromkeys(self._words(part).zh for part in circle))
        self._reporter.report("N114", span, cycle=" → ".join([*words, words[0]]))
        self.broken.update(circle)

    def _words(self, name: DefinitionId) -> Bilingual:
        match name.part:
            case "term":
                return self.terms[name.name].words
            case "audience":
                return self.audiences[name.name].words
            case "use":
                scale = self.typers("household").scope.brackets.get(name.name.partition("/")[0])
                return self.uses[name.name].words if scale is None else scale.parameter.words
            case "together":
                return self._group(name.name).title
            case _:
                return self.policies[name.name.partition("/")[0]].words

    def _typer(self, level: Level, days: Days) -> Typer:
        return replace(self.typers(level), assessed=days)

    def _make(self, name: DefinitionId) -> Definition | None:
        kind, rest, days, _ = name
        sources = {"term": self.terms, "use": self.uses, "audience": self.audiences}
        if kind in sources:
            return self._dated(name, sources[kind][rest])
        if kind in ("applies", "goal"):
            target = self.targets[rest]
            make = target.goal if kind == "goal" else target.applies
            test = Const(possible.TRUE, Truth()) if make is None else make(self.typers(target.level))
            return Definition(name, target.level, test.type, ((ALWAYS, test),), None, target.words)
        if kind == "together":
            return self._together(name)
        owner, _, number = rest.partition("/")
        policy = self.policies[owner]
        match kind:
            case "when":
                return self._when(policy, days)
            case "stated":
                return self._stated(policy, days)
            case "outcome":
                return self._outcome(policy, days)
            case "beneficiary":
                return self._beneficiary(policy, days)
            case "lead":
                return self._lead(policy, days)
            case "document":
                return self._document(policy, name, int(number))
            case _:
                return self._payable(policy, days)

    def _dated(self, name: DefinitionId, source: DatedSource) -> Definition | None:
        """A term, or a use of a parameter: what it is on each stretch, all of one kind, unit and scale."""
        typer = replace(self._typer(source.level, name.days), last=source.last)
        exprs = [make(replace(typer, days=(days,))) for days, make in source.versions]
        united = exprs if len(exprs) == 1 else alike(typer, exprs, source.span)
        if united is None:
            return None
        versions = tuple((days, expr) for (days, _), expr in zip(source.versions, united, strict=True))
        shown = as_of_days(source.shown, name.days)
        type_ = hull([expr.type for expr in united])
        return Definition(name, source.level, type_, versions, None, shown, note=source.note)

    def _when(self, policy: PolicySource, days: Days) -> Definition | None:
        typed = [(version.stretches, self._condition(policy, version, days)) for version in policy.versions]
        versions = tuple((stretch, expr) for stretches, expr in typed for stretch in stretches)
        if any(isinstance(expr.type, ErrorType) for _, expr in versions):
            return None
        return self._definition("when", policy, days, Truth(), versions, possible.FALSE)

    def _condition(self, policy: PolicySource, version: VersionSource, days: Days) -> Expr:
        """The version's condition: that of the day that counts, or of either day; and that its window is open."""
        found = [version.when(typer) for typer in self._assessors(policy.level, version, days)]
        within = () if version.window is None else (self._typer(policy.level, days).truth(version.window),)
        if any(isinstance(expr.type, ErrorType) for expr in (*within, *found)):
            return BROKEN
        held = found[0] if all_same(found) else Or(tuple(found), version.span)
        return And((*within, held), version.span) if within else held

    def _assessors(self, level: Level, version: VersionSource, days: Days) -> list[Typer]:
        """A typer for each day whose circumstances count for a version."""
        steps = ASSESSED_ON[version.starts]
        return [self._typer(level, (*days, step)) for step in steps] or [self._typer(level, days)]

    def _on_first_day(self, policy: PolicySource, version: VersionSource, days: Days, values: list[Expr]) -> Expr:
        """Of values, one for each day whose circumstances count, that of the first on which the condition holds."""
        if all_same(values):
            return values[0]
        test = version.when(self._assessors(policy.level, version, days)[0])
        types = [value.type for value in values]
        if any(isinstance(type_, ErrorType) for type_ in (test.type, *types)):
            return BROKEN
        return Cases(((test, values[0]),), values[1], hull(types), version.span)

    def _stated(self, policy: PolicySource, days: Days) -> Definition | None:
        versions = []
        for version in policy.versions:
            if version.amount is not None:
                versions.append((version.stretches, self._amount_of(policy, version, version.amount, days)))
        dated = tuple((stretch, expr) for stretches, expr in versions for stretch in stretches)
        if any(isinstance(expr.type, ErrorType) for _, expr in versions):
            return None
        types = [number(expr) for _, expr in versions]
        low, high = min([0, *(t.low for t in types)]), max([0, *(t.high for t in types)])
        type_ = Number(self.money.unit, self.money.scale, low, high)
        return self._definition("stated", policy, days, type_, dated, 0)

    def _amount_of(self, policy: PolicySource, version: VersionSource, make: Make, days: Days) -> Expr:
        """The version's amount: that of the first day on which its condition holds."""
        typers = [replace(typer, days=version.stretches) for typer in self._assessors(policy.level, version, days)]
        amounts = [in_money(typer, self.money, make(typer), version.span) for typer in typers]
        return self._on_first_day(policy, version, days, amounts)

    def _outcome(self, policy: PolicySource, days: Days) -> Definition | None:
        own = self._part("when", policy, days)
        if own is None:
            return None
        if policy.group is None or policy.group.keep == "capped":
            return self._definition("outcome", policy, days, Truth(), ((ALWAYS, own),))
        versions = []
        for stretch, rivals in self._preference(policy.group, days).rivals(policy):
            if rivals is None:
                return None
            versions.append((stretch, own if not rivals else And((own, *map(Not, rivals)))))
        return self._definition("outcome", policy, days, Truth(), tuple(versions))

    def _preference(self, group: Group, days: Days) -> Preference:
        policies = [self.policies[name] for name in group.policies if name in self.policies]
        return Preference(group, policies, self._typer("household", days), self._refer)

    def _group(self, name: str) -> Group:
        return next(one.group for one in self.policies.values() if one.group is not None and one.group.id == name)

    def _together(self, name: DefinitionId) -> Definition | None:
        """What the members' policies of a group come to."""
        group = self._group(name.name)
        versions = tuple(self._preference(group, name.days).together(self.money))
        if any(isinstance(expr.type, ErrorType) for _, expr in versions):
            return None
        type_ = hull([expr.type for _, expr in versions])
        return Definition(name, "household", type_, versions, None, as_of_days(group.title, name.days))

    def _payable(self, policy: PolicySource, days: Days) -> Definition | None:
        outcome, stated = self._part("outcome", policy, days), self._part("stated", policy, days)
        if outcome is None or stated is None:
            return None
        nothing = Const(0, Number(self.money.unit, self.money.scale, 0, 0))
        kept = stated if policy.most is None else self._capped(policy, policy.most, stated, nothing, days)
        if kept is None or isinstance(kept.type, ErrorType):
            return None
        expr = Cases(((outcome, kept),), nothing, stated.type)
        return self._definition("payable", policy, days, stated.type, ((ALWAYS, expr),))

    def _capped(self, policy: PolicySource, most: Make, stated: Ref, nothing: Const, days: Days) -> Expr | None:
        """What is stated, up to what the policies listed before leave of the most that the group comes to."""
        typer, span = self._typer(policy.level, days), policy.versions[0].span
        listed = () if policy.group is None else policy.group.policies
        before = [self.policies[other] for other in listed[: listed.index(policy.id)] if other in self.policies]
        paid = [self._part("payable", other, days) for other in before if has_amount(other)]
        if None in paid:
            return None
        taken = [minus(one, span) for one in paid if one is not None]
        left = add(typer, [in_money(typer, self.money, most(typer), span), *taken], span)
        return extreme(typer, [stated, extreme(typer, [left, nothing], True, span)], False, span)

    def _beneficiary(self, policy: PolicySource, days: Days) -> Definition | None:
        """Whether the policy applies, and is for the member."""
        outcome = self._part("outcome", policy, days)
        typed = [(version, self._chosen(policy, version, days)) for version in policy.versions]
        if outcome is None or any(isinstance(test.type, ErrorType) for _, test in typed):
            return None
        versions = tuple(
            (stretch, And((outcome, test), test.span)) for version, test in typed for stretch in version.stretches
        )
        return self._definition("beneficiary", policy, days, Truth(), versions, possible.FALSE)

    def _chosen(self, policy: PolicySource, version: VersionSource, days: Days) -> Expr:
        """The version's condition on a member who benefits, on the day that counts; all do where it has none."""
        if version.beneficiaries is None:
            return Const(possible.TRUE, Truth())
        typers = self._assessors("member", version, days)
        tests = [version.beneficiaries(typer) for typer in typers]
        if any(isinstance(test.type, ErrorType) for test in tests):
            return BROKEN
        if not any(map(needs_member, tests)):
            return typers[0].wrong("T271", tests[0].span or version.span)
        return self._on_first_day(policy, version, days, tests)

    def _lead(self, policy: PolicySource, days: Days) -> Definition | None:
        """Which of the policy's answers it is; the first on days on which it is not in force."""
        type_ = answer_type(policy.id, policy.answers)
        typed = []
        for version in policy.versions:
            every = self._assessors(policy.level, version, days)
            found = [chosen_answer(version.answering, policy.answers, type_, typer) for typer in every]
            typed.append((version.stretches, self._on_first_day(policy, version, days, found)))
        if any(isinstance(expr.type, ErrorType) for _, expr in typed):
            return None
        versions = tuple((stretch, expr) for stretches, expr in typed for stretch in stretches)
        return self._definition("lead", policy, days, type_, versions, 1)

    def _document(self, policy: PolicySource, name: DefinitionId, number: int) -> Definition | None:
        """Whether a document must be brought, where a version has so many by condition."""
        asking = [version for version in policy.versions if number < len(version.brought)]
        typed = []
        for version in asking:
            found = [version.brought[number](typer) for typer in self._assessors(policy.level, version, name.days)]
            typed.append((version.stretches, self._on_first_day(policy, version, name.days, found)))
        if any(isinstance(expr.type, ErrorType) for _, expr in typed):
            return None
        versions = tuple((stretch, expr) for stretches, expr in typed for stretch in stretches)
        return Definition(name, policy.level, Truth(), versions, possible.FALSE, policy.words)

    def _definition(
        self,
        part: Part,
        policy: PolicySource,
        days: Days,
        type_: Type,
        versions: DatedExpressions,
        absent: int | None = None,
    ) -> Definition:
        level = "member" if part == "beneficiary" else policy.level
        return Definition(
            DefinitionId(part, policy.id, days), level, type_, versions, absent, as_of_days(policy.words, days)
        )

    def _part(self, kind: Part, policy: PolicySource, days: Days) -> Ref | None:
        return self._refer(DefinitionId(kind, policy.id, days), policy.span)

    def _refer(self, name: DefinitionId, span: Span | None) -> Ref | None:
        known = self.define(name, span)
        return None if known is None else Ref(known.id, known.level, known.type)
