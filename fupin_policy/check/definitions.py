"""Definitions on demand: terms and the parts of policies, typed when they are first referred to.

In: parsed terms and policies. Out: CORE definitions in order of dependency. Called by `program`.
A definition asked for while it is being typed is a cycle, and is reported with the names along the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from fupin_policy.check.common_types import fit
from fupin_policy.check.numbers import at_scale, number
from fupin_policy.check.scope import BROKEN, KnownDefinition
from fupin_policy.check.typing import Typer
from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import ALWAYS, Validity
from fupin_policy.core.expressions import And, Cases, Compare, Const, Expr, Level, Not, Ref
from fupin_policy.core.identifiers import DefinitionId, Part
from fupin_policy.core.policies import Group
from fupin_policy.core.program import Definition
from fupin_policy.core.types import Code, Day, ErrorType, Number, Truth, Type
from fupin_policy.diagnostics import Span

MAX_DEEP = 60
"""How many definitions may refer to one another in a row."""

DECLARED = {
    "truth": Bilingual("是否", "a truth value"),
    "number": Bilingual("数字", "a number"),
    "date": Bilingual("日期", "a date"),
    "code": Bilingual("代码", "a code"),
}
"""What a term may declare to be, in words."""

DatedExpressions = tuple[tuple[Validity, Expr], ...]
"""An expression for each stretch of days."""

Make = Callable[[Typer], Expr]
"""Types what a file says, with a typer of the definition's level."""


@dataclass(frozen=True, slots=True)
class TermSource:
    """A term before it is typed. `words` are what rules call it, `shown` what people read."""

    name: str
    words: Bilingual
    level: Level
    make: Make
    shown: Bilingual


@dataclass(frozen=True, slots=True)
class VersionSource:
    """A version of a policy before it is typed, and the days on which it holds."""

    stretches: tuple[Validity, ...]
    when: Make
    amount: Make | None
    span: Span


@dataclass(frozen=True, slots=True)
class TargetSource:
    """A target before it is typed; without `applies` it is for every place of its kind."""

    id: str
    words: Bilingual
    level: Level
    applies: Make | None
    goal: Make


@dataclass(frozen=True, slots=True)
class PolicySource:
    """A policy before it is typed; the group it stands in, if any."""

    id: str
    words: Bilingual
    level: Level
    versions: tuple[VersionSource, ...]
    group: Group | None


@dataclass(slots=True)
class DefinitionTyper:
    """Types each definition once. `typers` gives the typer of a level."""

    terms: Mapping[str, TermSource]
    policies: Mapping[str, PolicySource]
    targets: Mapping[str, TargetSource]
    money: Number
    typers: Callable[[Level], Typer]
    done: dict[DefinitionId, Definition] = field(default_factory=dict)
    broken: set[DefinitionId] = field(default_factory=set)
    open: list[DefinitionId] = field(default_factory=list)

    def define(self, name: DefinitionId, span: Span | None) -> KnownDefinition | None:
        """The level and type of a definition, typing it first if need be; None where it is broken."""
        if name in self.done:
            return KnownDefinition(self.done[name].level, self.done[name].type)
        if name in self.broken:
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
        return KnownDefinition(made.level, made.type)

    def define_all(self) -> None:
        """Type everything, in the order of the files."""
        for term in self.terms:
            self.define(DefinitionId("term", term), None)
        for policy in self.policies.values():
            self.define(DefinitionId("outcome", policy.id), None)
            if has_amount(policy):
                self.define(DefinitionId("payable", policy.id), None)
        for target in self.targets:
            self.define(DefinitionId("applies", target), None)
            self.define(DefinitionId("goal", target), None)

    def _report(self, name: DefinitionId, span: Span | None) -> None:
        reporter = self.typers("household").scope.reporter
        if name not in self.open:
            reporter.report("N120", span)
            return
        circle = [*self.open[self.open.index(name) :], name]
        words = list(dict.fromkeys(self._words(part).zh for part in circle))
        reporter.report("N114", span, cycle=" → ".join([*words, words[0]]))
        self.broken.update(circle)

    def _words(self, name: DefinitionId) -> Bilingual:
        return self.terms[name.name].words if name.part == "term" else self.policies[name.name].words

    def _make(self, name: DefinitionId) -> Definition | None:
        kind, rest = name
        if kind == "term":
            term = self.terms[rest]
            expr = term.make(self.typers(term.level))
            return Definition(name, term.level, expr.type, ((ALWAYS, expr),), None, term.shown)
        if kind in ("applies", "goal"):
            target = self.targets[rest]
            make = target.goal if kind == "goal" else target.applies
            test = Const(possible.TRUE, Truth()) if make is None else make(self.typers(target.level))
            return Definition(name, target.level, test.type, ((ALWAYS, test),), None, target.words)
        policy = self.policies[rest]
        match kind:
            case "when":
                return self._when(policy)
            case "stated":
                return self._stated(policy)
            case "outcome":
                return self._outcome(policy)
            case _:
                return self._payable(policy)

    def _when(self, policy: PolicySource) -> Definition | None:
        typer = self.typers(policy.level)
        typed = [(version.stretches, version.when(typer)) for version in policy.versions]
        versions = tuple((stretch, expr) for stretches, expr in typed for stretch in stretches)
        if any(isinstance(expr.type, ErrorType) for _, expr in versions):
            return None
        return self._definition("when", policy, Truth(), versions, possible.FALSE)

    def _stated(self, policy: PolicySource) -> Definition | None:
        typer = self.typers(policy.level)
        versions = []
        for version in policy.versions:
            if version.amount is not None:
                then = replace(typer, days=version.stretches)
                versions.append((version.stretches, self._amount(then, version.amount(then), version.span)))
        dated = tuple((stretch, expr) for stretches, expr in versions for stretch in stretches)
        if any(isinstance(expr.type, ErrorType) for _, expr in versions):
            return None
        types = [number(expr) for _, expr in versions]
        low, high = min([0, *(t.low for t in types)]), max([0, *(t.high for t in types)])
        type_ = Number(self.money.unit, self.money.scale, low, high)
        return self._definition("stated", policy, type_, dated, 0)

    def _amount(self, typer: Typer, expr: Expr, span: Span) -> Expr:
        """An amount in the currency's smallest units."""
        if isinstance(expr.type, ErrorType) or typer.scope.units.money is None:  # which was reported
            return BROKEN
        where = expr.span or span
        if not isinstance(expr.type, Number):
            return typer.wrong("T202", where, **typer.kinds(found=expr.type))
        fitted = fit(expr, self.money.unit)
        type_ = number(fitted)
        if type_.unit != self.money.unit:
            money, unit = typer.unit_word(self.money.unit), typer.unit_word(type_.unit)
            return typer.wrong("T210", where, money=money, unit=unit)
        if type_.scale > self.money.scale:
            words = {**typer.scope.units.example_step(), "what": "金额", "what_en": "the amount"}
            return typer.wrong("T209", where, scale=type_.scale, most=self.money.scale, **words)
        return typer.bounded(at_scale(fitted, self.money.scale))

    def _outcome(self, policy: PolicySource) -> Definition | None:
        own = self._part("when", policy)
        if own is None:
            return None
        before = [] if policy.group is None else self._rivals(policy, policy.group)
        if before is None:
            return None
        expr = own if not before else And((own, *(Not(rival) for rival in before)))
        return self._definition("outcome", policy, Truth(), ((ALWAYS, expr),))

    def _rivals(self, policy: PolicySource, group: Group) -> list[Expr] | None:
        """For each other policy of the group, the condition on which it is drawn instead."""
        position = group.policies.index(policy.id)
        found: list[Expr] = []
        for index, other in enumerate(group.policies):
            rival = None if other == policy.id else self.policies.get(other)
            if rival is None or (group.keep == "first" and index > position):
                continue
            condition = self._rival(policy, rival, group, index < position)
            if condition is None:
                return None
            found.append(condition)
        return found

    def _rival(self, policy: PolicySource, other: PolicySource, group: Group, earlier: bool) -> Expr | None:
        applies = self._part("when", other)
        if applies is None or group.keep == "first":
            return applies
        mine, theirs = self._part("stated", policy), self._part("stated", other)
        if mine is None or theirs is None:
            return None
        more = Compare("<=" if earlier else "<", mine, theirs)
        return And((applies, more))

    def _payable(self, policy: PolicySource) -> Definition | None:
        outcome, stated = self._part("outcome", policy), self._part("stated", policy)
        if outcome is None or stated is None:
            return None
        nothing = Const(0, Number(self.money.unit, self.money.scale, 0, 0))
        expr = Cases(((outcome, stated),), nothing, stated.type)
        return self._definition("payable", policy, stated.type, ((ALWAYS, expr),))

    def _definition(
        self, part: Part, policy: PolicySource, type_: Type, versions: DatedExpressions, absent: int | None = None
    ) -> Definition:
        return Definition(DefinitionId(part, policy.id), policy.level, type_, versions, absent, policy.words)

    def _part(self, kind: Part, policy: PolicySource) -> Ref | None:
        name = DefinitionId(kind, policy.id)
        known = self.define(name, policy.versions[0].span if policy.versions else None)
        return None if known is None else Ref(name, known.level, known.type)


def has_amount(policy: PolicySource) -> bool:
    """Whether some version of a policy states an amount."""
    return any(version.amount is not None for version in policy.versions)


def declared(expr: Expr, kind: str | None, code_list: str | None) -> bool:
    """Whether a term's value is of the type that it declares, if it does."""
    match kind:
        case None:
            return True
        case "truth":
            return isinstance(expr.type, Truth)
        case "number":
            return isinstance(expr.type, Number)
        case "date":
            return isinstance(expr.type, Day)
        case _:
            return isinstance(expr.type, Code) and code_list in (None, expr.type.code_list)
