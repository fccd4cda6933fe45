"""The whole check: declarations first, then every definition on demand, then the policies' other parts.

In: `Documents`. Out: a `Program`; None where there are errors. Called by `ruleset` and the formatter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from fupin_policy.check import declarations as declare
from fupin_policy.check.anniversaries import warn_of_two_ways
from fupin_policy.check.citations import in_force, sources
from fupin_policy.check.definitions import (
    DECLARED,
    DefinitionTyper,
    Make,
    PolicySource,
    TargetSource,
    TermSource,
    VersionSource,
    declared,
    has_amount,
)
from fupin_policy.check.organisations import organisations, places
from fupin_policy.check.parameters import parameters
from fupin_policy.check.registers import Registrar
from fupin_policy.check.scope import BROKEN, NameIndex, Scope
from fupin_policy.check.subjects import by_subject
from fupin_policy.check.tables import DecisionTable, Slices, TableRow, slices, table
from fupin_policy.check.typing import Typer
from fupin_policy.core.benefits import sign
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity
from fupin_policy.core.expressions import Expr, Level
from fupin_policy.core.policies import Benefit, Group, Policy, PolicyVersion
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, ErrorType, Number
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.parts import ExpressionDoc, RowDoc, RuleBodyDoc, SlicesDoc, TableDoc, TextDoc
from fupin_policy.language import parse, syntax
from fupin_policy.language.parser import Start
from fupin_policy.language.syntax import Syntax

Listed = TypeVar("Listed", model.TargetDoc, model.DutyDoc)


def check(documents: model.Documents, reporter: Reporter, names: NameIndex | None = None) -> Program | None:
    """The program of a ruleset's documents; every problem goes to `reporter`, and then the result is None.

    `names`, if given, is filled with what each name in the files is called in both languages.
    """
    if documents.ruleset is None:
        return None
    words = declare.every_word(documents, documents.ruleset)
    checker = _Checker(documents, documents.ruleset, reporter, {} if names is None else names, words)
    program = checker.program()
    return None if reporter.errors else program


@dataclass(frozen=True, slots=True)
class _Checker:
    documents: model.Documents
    ruleset: model.RulesetDoc
    reporter: Reporter
    names: NameIndex
    words: frozenset[str]
    """Every name, code and unit."""

    def program(self) -> Program:
        documents, reporter = self.documents, self.reporter
        covered = declare.covers(self.ruleset, reporter)
        units = declare.units(self.ruleset, reporter)
        lists = declare.code_lists(documents, reporter)
        facts = declare.facts(documents, lists, units, covered.end - 1, reporter)
        known = organisations(documents, facts, reporter)
        cited = sources(documents, known, reporter)
        valued = parameters(documents, facts, lists, units, cited, covered, reporter)
        least, most = declare.member_bounds(self.ruleset, reporter)
        subjects, places_known = self._levels()
        declare.once(reporter, self._ids())
        self._titles(documents.policies)
        self._titles(documents.targets)
        groups = self._groups()
        terms = self._terms()
        stretches = {doc.id.text: in_force(doc.id.text, doc.versions, cited, reporter) for doc in self._policy_docs()}
        for doc in self._policy_docs():
            self._warn_of_gaps(doc, stretches[doc.id.text], covered)
        policies = {
            doc.id.text: self._policy_source(doc, stretches[doc.id.text], groups) for doc in self._policy_docs()
        }
        targets = {d.id.text: self._target_source(d) for d in documents.targets if d.level in places_known}
        money = Number(units.amount_unit, units.decimals.get(units.money or "", 0), 0, 0)

        def typer(level: Level) -> Typer:
            return Typer(scope, level)

        twice = declare.taken_twice(documents)
        definitions = DefinitionTyper(terms, policies, targets, money, typer)
        scope = Scope(
            facts={key: fact for fact in facts for key in fact.keys if key not in twice},
            code_lists=lists,
            terms={key: t.name for t in terms.values() for key in (t.words.zh, t.words.en) if key not in twice},
            term_words={term.name: term.words for term in terms.values()},
            parameters={key: found for found in valued.values() for key in (found.name, found.label)},
            policies={key: p.id for p in policies.values() for key in (p.words.en, p.words.zh, p.id)},
            policy_words={policy.id: policy.words for policy in policies.values()},
            policy_levels={policy.id: policy.level for policy in policies.values()},
            with_amount=frozenset(policy.id for policy in policies.values() if has_amount(policy)),
            levels=subjects,
            broken=documents.broken | twice,
            units=units,
            covers=covered,
            min_members=least,
            max_members=most,
            reporter=reporter,
            define=definitions.define,
            names=self.names,
            words=self.words,
        )
        definitions.define_all()
        warn_of_two_ways(definitions.done.values(), reporter)
        self._check_groups(groups, policies)
        self._check_benefit_groups()
        registrar = Registrar(known, cited, reporter)
        for stray in documents.strays:
            self._check_stray(stray, registrar, typer(stray.level if stray.level in subjects else "member"))
        whole = Program(
            id=self.ruleset.id.text,
            title=declare.words(self.ruleset.title),
            covers=covered,
            currency=units.currency,
            decimals=money.scale,
            max_members=most,
            min_members=least,
            identifiers=dict(self.ruleset.identifiers),
            unit_labels=units.labels,
            code_lists=lists,
            facts=facts,
            household_inputs=(),
            member_inputs=(),
            parameters=valued,
            departments={},
            places=places(documents),
            sources=cited,
            policies=tuple(self._policy(doc, stretches[doc.id.text], registrar, scope) for doc in self._policy_docs()),
            groups=tuple(groups),
            definitions=tuple(definitions.done.values()),
            digest=documents.digest,
            targets=tuple(registrar.target(doc) for doc in self._ordered(documents.targets)),
            duties=tuple(registrar.duty(doc) for doc in self._ordered(documents.duties)),
            money=units.amount_unit,
        )
        return by_subject(whole, known)

    # -- what files say, as makers of expressions -------------------------------------------------------------------

    def _terms(self) -> dict[str, TermSource]:
        taken = declare.Namespace(self.reporter, {})
        for fact in self.documents.facts:
            taken.taken.update({name.text: name.span for name in (fact.name, fact.label, *fact.aliases)})
        found = {}
        for doc in self.documents.terms:
            for name in {n.text: n for n in (doc.name, doc.label)}.values():
                taken.take(name)
            words = Bilingual(doc.label.text, doc.name.text)
            shown = Bilingual(doc.label.text, doc.label_en or doc.name.text)
            found[doc.name.text] = TermSource(doc.name.text, words, doc.level, self._term_maker(doc), shown)
        return found

    def _term_maker(self, doc: model.TermDoc) -> Make:
        wanted = None if doc.codes is None else doc.codes.text
        value = self._maker(doc.value, wanted)

        def make(typer: Typer) -> Expr:
            expr = value(typer)
            if isinstance(expr.type, ErrorType) or declared(expr, doc.type, wanted):
                return expr
            kinds, asked = typer.kinds(found=expr.type), DECLARED[doc.type or ""]
            return typer.wrong("T226", doc.name.span, wanted=asked.zh, wanted_en=asked.en, **kinds)

        return make

    def _maker(self, value: RuleBodyDoc, code_list: str | None = None) -> Make:
        """What types a value when it is wanted; its text is parsed now, so that all mistakes in it are reported."""
        match value:
            case ExpressionDoc():
                return self._expression_maker(value, code_list)
            case TableDoc():
                parsed = self._table(value)
                return _broken if parsed is None else lambda typer: table(typer, parsed, _known_list(typer, code_list))
            case SlicesDoc():
                parts = self._slices(value)
                return _broken if parts is None else lambda typer: slices(typer, parts)

    def _expression_maker(self, value: ExpressionDoc, code_list: str | None) -> Make:
        tree = self._parse(value)
        if tree is None:
            return _broken

        def make(typer: Typer) -> Expr:
            known = _known_list(typer, code_list)
            return typer.expr(tree) if known is None else typer.code(tree, known)

        return make

    def _condition_maker(self, value: ExpressionDoc) -> Make:
        tree = self._parse(value)
        return _broken if tree is None else lambda typer: typer.truth(tree)

    def _parse(self, given: ExpressionDoc, start: Start = "expression") -> Syntax | None:
        if given.escaped:
            self.reporter.report("T225", given.span)
            return None
        return parse(given.span, self.reporter, start, self.words)

    def _table(self, doc: TableDoc) -> DecisionTable | None:
        by = [self._parse(column) for column in doc.by]
        rows = [self._row(row) for row in doc.rows]
        otherwise = None if doc.otherwise is None else self._parse(doc.otherwise)
        if None in by or None in rows or (doc.otherwise is not None and otherwise is None):
            return None
        return DecisionTable(tuple(b for b in by if b), tuple(r for r in rows if r), otherwise, doc.by[0].span)

    def _slices(self, doc: SlicesDoc) -> Slices | None:
        of = self._parse(doc.of)
        rows = [self._row(row) for row in doc.rows]
        rounding = None if doc.rounding is None else self._parse(doc.rounding, "rounding_spec")
        if of is None or None in rows or (doc.rounding is not None and not isinstance(rounding, syntax.Rounding)):
            return None
        kept = rounding if isinstance(rounding, syntax.Rounding) else None
        return Slices(of, tuple(r for r in rows if r), kept, doc.of.span)

    def _row(self, doc: RowDoc) -> TableRow | None:
        cells = [tuple(self._parse(part, "cell") for part in cell) for cell in doc.cells]
        value = self._parse(doc.value)
        if value is None or any(part is None for cell in cells for part in cell):
            return None
        kept = tuple(tuple(part for part in cell if part is not None) for cell in cells)
        return TableRow(kept, value, doc.cells[0][0].span if doc.cells and doc.cells[0] else doc.span)

    def _check_stray(self, stray: model.StrayDoc, registrar: Registrar, typer: Typer) -> None:
        """Report the mistakes in what stands in an entry that is wrong as a whole."""
        for make in [self._condition_maker(one) for one in stray.conditions] + [self._maker(o) for o in stray.values]:
            make(typer)
        registrar.bodies.all(stray.bodies)
        registrar.basis(stray.basis)

    # -- policies ---------------------------------------------------------------------------------------------------

    def _policy_docs(self) -> tuple[model.PolicyDoc, ...]:
        """The policies in the order of their ids, so that the order of files changes nothing; one for each id."""
        found: dict[str, model.PolicyDoc] = {}
        for doc in self.documents.policies:
            found.setdefault(doc.id.text, doc)
        return tuple(found[name] for name in sorted(found))

    def _warn_of_gaps(
        self, doc: model.PolicyDoc, stretches: tuple[tuple[Validity, ...], ...], covered: Validity
    ) -> None:
        """Warn of days between two versions on which none holds, unless a note says why, with the warning's code."""
        pairs = zip(doc.versions, stretches, strict=True)
        dated = sorted(((held, version) for version, some in pairs for held in some), key=lambda pair: pair[0].start)
        for (before, first), (after, second) in pairwise(dated):
            start, end = max(before.end, covered.start), min(after.start, covered.end)
            notes = [note.zh + note.en for note in (first.note, second.note) if note is not None]
            if start < end and not any("N130" in note for note in notes):
                days = declare.dates_text(Validity(start, end))
                self.reporter.report("N130", second.valid.span, name=doc.title.zh, days=days)

    def _ordered(self, docs: tuple[Listed, ...]) -> list[Listed]:
        return [doc for _, doc in sorted({doc.id.text: doc for doc in docs}.items())]

    def _ids(self) -> list[TextDoc]:
        documents = self.documents
        policies, targets = [doc.id for doc in documents.policies], [doc.id for doc in documents.targets]
        return [*policies, *targets, *(doc.id for doc in documents.duties)]

    def _titles(self, docs: Iterable[model.PolicyDoc | model.TargetDoc]) -> None:
        """Rules and questions may name a policy by its id or by a title, so none of these may mean two."""
        taken = declare.Namespace(self.reporter, {})
        for doc in docs:
            where = doc.title.span or doc.id.span
            taken.entry((doc.id, TextDoc(doc.title.zh, where), TextDoc(doc.title.en, where)))

    def _levels(self) -> tuple[frozenset[Level], frozenset[Level]]:
        """Every `for:` is a household, a member, or a kind of place that there is. All of these, and the places."""
        documents = self.documents
        kinds = frozenset({"village", *(place.kind.text for place in documents.places)})
        subjects = frozenset({"household", "member"}) | kinds
        given = [(doc.name, doc.level, subjects) for doc in documents.facts]
        given += [(doc.name, doc.level, subjects) for doc in documents.terms]
        given += [(doc.id, doc.level, subjects) for doc in documents.policies]
        given += [(doc.id, doc.level, kinds) for doc in documents.targets]
        for name, level, allowed in given:
            if level not in allowed and "places" not in documents.incomplete:
                hint = self.reporter.suggest(level, allowed)
                words = {"name": name.text, "level": level, "known": sorted(allowed)}
                self.reporter.report("N123", name.span, suggestion=hint, **words)
        return subjects, kinds

    def _target_source(self, doc: model.TargetDoc) -> TargetSource:
        applies = None if doc.applies is None else self._condition_maker(doc.applies)
        goal = self._condition_maker(doc.goal)
        return TargetSource(doc.id.text, declare.words(doc.title), doc.level, applies, goal)

    def _policy_source(
        self, doc: model.PolicyDoc, stretches: tuple[tuple[Validity, ...], ...], groups: list[Group]
    ) -> PolicySource:
        pairs = zip(doc.versions, stretches, strict=True)
        versions = tuple(self._version_source(version, when) for version, when in pairs)
        group = next((group for group in groups if doc.id.text in group.policies), None)
        return PolicySource(doc.id.text, declare.words(doc.title), doc.level, versions, group)

    def _version_source(self, doc: model.VersionDoc, stretches: tuple[Validity, ...]) -> VersionSource:
        amount = None if doc.benefit.amount is None else self._maker(doc.benefit.amount)
        if amount is not None and doc.benefit.per is None:
            self.reporter.report("T218", doc.benefit.span)
        when = self._condition_maker(doc.when)
        return VersionSource(stretches, when, amount, doc.when.span)

    def _policy(
        self, doc: model.PolicyDoc, stretches: tuple[tuple[Validity, ...], ...], registrar: Registrar, scope: Scope
    ) -> Policy:
        versions = [self._version(version, registrar, scope) for version in doc.versions]
        pairs = zip(versions, stretches, strict=True)
        dated = [replace(version, validity=stretch) for version, held in pairs for stretch in held]
        ordered = tuple(sorted(dated, key=lambda version: version.validity.start))
        has = any(version.benefit.amount is not None for version in doc.versions)
        group = None if doc.benefit_group is None else doc.benefit_group.text
        return Policy(doc.id.text, declare.words(doc.title), doc.level, ordered, has, group)

    def _version(self, doc: model.VersionDoc, registrar: Registrar, scope: Scope) -> PolicyVersion:
        per = doc.benefit.per if doc.benefit.amount is not None else None
        basis = registrar.basis(doc.basis)
        lead, cooperating = registrar.answering(doc.lead, doc.cooperating, basis)
        if not (lead or doc.lead or self.documents.incomplete & {"sources", "clauses"}):
            self.reporter.report("N126", doc.span)
        return PolicyVersion(
            declare.validity(doc.valid),
            Benefit(doc.benefit.kind, per, None if doc.benefit.sets is None else self._sets(doc.benefit.sets, scope)),
            lead,
            cooperating,
            basis,
            None if doc.note is None else declare.words(doc.note),
            doc.span,
            doc.function,
        )

    def _sets(self, given: tuple[TextDoc, TextDoc], scope: Scope) -> tuple[str, int] | None:
        """The fact that a benefit enters in the registry, and the index of its new code."""
        name, word = given
        fact = scope.facts.get(name.text)
        if fact is None or fact.kind != "code" or not isinstance(fact.type, Code):
            if name.text not in scope.broken:
                known = [fact.label for fact in scope.facts.values() if fact.kind == "code"]
                self.reporter.report(
                    "N115", name.span, suggestion=self.reporter.suggest(name.text, known), name=name.text
                )
            return None
        index = scope.code(fact.type.code_list, word.text)
        if index is None:
            labels = [code.label for code in scope.code_lists[fact.type.code_list].codes]
            words = {"name": word.text, "list": fact.type.code_list, "known": labels[:12]}
            self.reporter.report("N102", word.span, suggestion=self.reporter.suggest(word.text, labels), **words)
            return None
        return fact.name, index

    def _groups(self) -> list[Group]:
        """The groups; a policy stands in one at most."""
        known = {doc.id.text for doc in self.documents.policies}
        taken = declare.Namespace(self.reporter, {})
        groups = []
        for doc in self.documents.groups:
            for name in doc.policies:
                taken.take(name, as_word=False)
                if name.text not in known and name.text not in self.documents.broken:
                    self.reporter.report(
                        "N104", name.span, suggestion=self.reporter.suggest(name.text, known), name=name.text
                    )
            policies = tuple(name.text for name in doc.policies)
            groups.append(Group(doc.id.text, declare.words(doc.title), doc.keep, policies))
        return groups

    def _check_benefit_groups(self) -> None:
        """A name that only one policy has says nothing, and may be a slip of the pen."""
        named = [doc.benefit_group for doc in self.documents.policies if doc.benefit_group is not None]
        counts = Counter(name.text for name in named)
        for name in named:
            if counts[name.text] == 1 and not self.documents.broken:
                others = counts.keys() - {name.text}
                self.reporter.report(
                    "N141", name.span, suggestion=self.reporter.suggest(name.text, others), name=name.text
                )

    def _check_groups(self, groups: list[Group], policies: Mapping[str, PolicySource]) -> None:
        """All of one level; and where the highest is kept, all with amounts for one period that go one way."""
        periods = {doc.id.text: {v.benefit.per for v in doc.versions} for doc in self.documents.policies}
        signs = {doc.id.text: {sign(v.benefit.kind) for v in doc.versions} for doc in self.documents.policies}
        for group, doc in zip(groups, self.documents.groups, strict=True):
            members = [policies[name] for name in group.policies if name in policies]
            if len({policy.level for policy in members}) > 1:
                words = {"reason": "有的给户，有的给成员", "reason_en": "some are for households, some for members"}
                self.reporter.report("T220", doc.span, **words)
            if group.keep == "highest" and len(set().union(*(periods[policy.id] for policy in members), set())) > 1:
                words = {"reason": "周期不同，或有的没有金额", "reason_en": "periods differ, or some state no amount"}
                self.reporter.report("T220", doc.span, **words)
            if group.keep == "highest" and {1, -1} <= set().union(*(signs[policy.id] for policy in members), set()):
                words = {"reason": "有的是给的钱，有的是缴的钱", "reason_en": "some are given, some are paid"}
                self.reporter.report("T220", doc.span, **words)


def _broken(typer: Typer) -> Expr:
    return BROKEN


def _known_list(typer: Typer, code_list: str | None) -> str | None:
    return code_list if code_list in typer.scope.code_lists else None
