"""The whole check: declarations first, then every definition on demand, then the policies' other parts.

In: `Documents`. Out: a `Program`; None where there are errors. Called by `ruleset` and the formatter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fupin_policy.check import declarations as declare
from fupin_policy.check.definitions import (
    Definitions,
    Make,
    PolicySource,
    TermSource,
    VersionSource,
    declared,
    has_amount,
)
from fupin_policy.check.scope import NameIndex, Scope
from fupin_policy.check.tables import Row, Slices, Table, slices, table
from fupin_policy.check.typing import BROKEN, Typer
from fupin_policy.core.expressions import Expr, Level
from fupin_policy.core.program import (
    Benefit,
    CodeList,
    FactDecl,
    Group,
    Input,
    Policy,
    PolicyVersion,
    Program,
    SourceDecl,
    Words,
)
from fupin_policy.core.types import Code, Number, Poison, Truth
from fupin_policy.diagnostics import Reporter, suggest
from fupin_policy.documents import model
from fupin_policy.language import parse, syntax
from fupin_policy.language.parser import Start
from fupin_policy.language.syntax import Syntax


def check(documents: model.Documents, reporter: Reporter, names: NameIndex | None = None) -> Program | None:
    """The program of a ruleset's documents; every problem goes to `reporter`, and then the result is None.

    `names`, if given, is filled with what each name in the files is called in both languages.
    """
    if documents.ruleset is None:
        return None
    checker = _Checker(documents, documents.ruleset, reporter, {} if names is None else names)
    program = checker.program()
    return None if reporter.errors else program


@dataclass(frozen=True, slots=True)
class _Checker:
    documents: model.Documents
    ruleset: model.RulesetDoc
    reporter: Reporter
    names: NameIndex

    def program(self) -> Program:
        documents, reporter = self.documents, self.reporter
        covered = declare.covers(self.ruleset, reporter)
        units = declare.units(self.ruleset, reporter)
        lists = declare.code_lists(documents, reporter)
        facts = declare.facts(documents, lists, units, covered.end - 1, reporter)
        sources = declare.sources(documents, reporter)
        parameters = declare.parameters(documents, facts, lists, units, sources, covered, reporter)
        departments = declare.departments(documents, facts, reporter)
        least, most = declare.member_bounds(self.ruleset, reporter)
        groups = self._groups()
        terms = self._terms()
        policies = {doc.id.text: self._policy_source(doc, groups) for doc in self._policy_docs()}
        money = Number(units.amount_unit, units.decimals.get(units.money, 0), 0, 0)

        def typer(level: Level) -> Typer:
            return Typer(scope, "member" if level == "member" else "household")

        definitions = Definitions(terms, policies, money, typer)
        scope = Scope(
            facts={key: fact for fact in facts for key in (fact.name, fact.label, *fact.aliases)},
            code_lists=lists,
            terms={key: term.name for term in terms.values() for key in (term.words.zh, term.words.en)},
            term_words={term.name: term.words for term in terms.values()},
            parameters={key: found for found in parameters.values() for key in (found.name, found.label)},
            policies={key: p.id for p in policies.values() for key in (p.words.en, p.words.zh, p.id)},
            policy_words={policy.id: policy.words for policy in policies.values()},
            policy_levels={policy.id: policy.level for policy in policies.values()},
            with_amount=frozenset(policy.id for policy in policies.values() if has_amount(policy)),
            broken=documents.broken,
            units=units,
            covers=covered,
            min_members=least,
            max_members=most,
            reporter=reporter,
            define=definitions.define,
            names=self.names,
        )
        definitions.define_all()
        self._check_groups(groups, policies)
        household, members = inputs(facts, lists)
        return Program(
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
            household_inputs=household,
            member_inputs=members,
            parameters=parameters,
            departments=departments,
            places=declare.places(documents),
            sources=sources,
            policies=tuple(self._policy(doc, sources) for doc in self._policy_docs()),
            groups=tuple(groups),
            definitions=tuple(definitions.done.values()),
            digest=documents.digest,
        )

    # -- what files say, as makers of expressions -------------------------------------------------------------------

    def _terms(self) -> dict[str, TermSource]:
        taken = declare.Namespace(self.reporter, {})
        for fact in self.documents.facts:
            taken.taken.update({name.text: name.span for name in (fact.name, fact.label)})
        found = {}
        for doc in self.documents.terms:
            for name in {n.text: n for n in (doc.name, doc.label)}.values():
                taken.take(name)
            words = Words(doc.label.text, doc.name.text)
            found[doc.name.text] = TermSource(doc.name.text, words, doc.level, self._term_maker(doc))
        return found

    def _term_maker(self, doc: model.TermDoc) -> Make:
        wanted = None if doc.codes is None else doc.codes.text
        value = self._maker(doc.value, wanted)

        def make(typer: Typer) -> Expr:
            expr = value(typer)
            if isinstance(expr.type, Poison) or declared(expr, doc.type, wanted):
                return expr
            kinds = typer.kinds(found=expr.type)
            return typer.wrong("T226", doc.name.span, wanted=doc.type, wanted_en=doc.type, **kinds)

        return make

    def _maker(self, value: model.Value, code_list: str | None = None) -> Make:
        """What types a value when it is wanted; its text is parsed now, so that all mistakes in it are reported."""
        match value:
            case model.ExpressionDoc():
                return self._expression_maker(value, code_list)
            case model.TableDoc():
                parsed = self._table(value)
                return _broken if parsed is None else lambda typer: table(typer, parsed, _known_list(typer, code_list))
            case model.SlicesDoc():
                parts = self._slices(value)
                return _broken if parts is None else lambda typer: slices(typer, parts)

    def _expression_maker(self, value: model.ExpressionDoc, code_list: str | None) -> Make:
        tree = self._parse(value)
        if tree is None:
            return _broken

        def make(typer: Typer) -> Expr:
            known = _known_list(typer, code_list)
            return typer.expr(tree) if known is None else typer.code(tree, known)

        return make

    def _condition_maker(self, value: model.ExpressionDoc) -> Make:
        tree = self._parse(value)
        return _broken if tree is None else lambda typer: typer.truth(tree)

    def _parse(self, given: model.ExpressionDoc, start: Start = "expression") -> Syntax | None:
        if given.escaped:
            self.reporter.report("T225", given.span)
            return None
        return parse(given.span, self.reporter, start)

    def _table(self, doc: model.TableDoc) -> Table | None:
        by = [self._parse(column) for column in doc.by]
        rows = [self._row(row) for row in doc.rows]
        otherwise = None if doc.otherwise is None else self._parse(doc.otherwise)
        if None in by or None in rows or (doc.otherwise is not None and otherwise is None):
            return None
        return Table(tuple(b for b in by if b), tuple(r for r in rows if r), otherwise, doc.by[0].span)

    def _slices(self, doc: model.SlicesDoc) -> Slices | None:
        of = self._parse(doc.of)
        rows = [self._row(row) for row in doc.rows]
        rounding = None if doc.rounding is None else self._parse(doc.rounding, "rounding_spec")
        if of is None or None in rows or (doc.rounding is not None and not isinstance(rounding, syntax.Rounding)):
            return None
        kept = rounding if isinstance(rounding, syntax.Rounding) else None
        return Slices(of, tuple(r for r in rows if r), kept, doc.of.span)

    def _row(self, doc: model.RowDoc) -> Row | None:
        cells = [tuple(self._parse(part, "cell") for part in cell) for cell in doc.cells]
        value = self._parse(doc.value)
        if value is None or any(part is None for cell in cells for part in cell):
            return None
        kept = tuple(tuple(part for part in cell if part is not None) for cell in cells)
        return Row(kept, value, doc.cells[0][0].span if doc.cells and doc.cells[0] else doc.span)

    # -- policies ---------------------------------------------------------------------------------------------------

    def _policy_docs(self) -> tuple[model.PolicyDoc, ...]:
        """The policies in the order of their ids, so that the order of files changes nothing; one for each id."""
        found: dict[str, model.PolicyDoc] = {}
        for doc in self.documents.policies:
            found.setdefault(doc.id.text, doc)
        return tuple(found[name] for name in sorted(found))

    def _policy_source(self, doc: model.PolicyDoc, groups: list[Group]) -> PolicySource:
        versions = tuple(self._version_source(version) for version in doc.versions)
        group = next((group for group in groups if doc.id.text in group.policies), None)
        return PolicySource(doc.id.text, declare.words(doc.title), doc.level, versions, group)

    def _version_source(self, doc: model.VersionDoc) -> VersionSource:
        amount = None if doc.benefit.amount is None else self._maker(doc.benefit.amount)
        if amount is not None and doc.benefit.per is None:
            self.reporter.report("T218", doc.benefit.span)
        when = self._condition_maker(doc.when)
        return VersionSource(declare.validity(doc.valid), when, amount, doc.when.span)

    def _policy(self, doc: model.PolicyDoc, sources: Mapping[str, SourceDecl]) -> Policy:
        versions = [self._version(version, sources) for version in doc.versions]
        dates = [(found.validity, version.valid.span) for found, version in zip(versions, doc.versions, strict=True)]
        declare.disjoint(doc.id.text, dates, self.reporter)
        ordered = tuple(sorted(versions, key=lambda version: version.validity.start))
        has = any(version.benefit.amount is not None for version in doc.versions)
        return Policy(doc.id.text, declare.words(doc.title), doc.level, ordered, has)

    def _version(self, doc: model.VersionDoc, sources: Mapping[str, SourceDecl]) -> PolicyVersion:
        per = doc.benefit.per if doc.benefit.amount is not None else None
        return PolicyVersion(
            declare.validity(doc.valid),
            Benefit(doc.benefit.kind, per),
            tuple(self._department(name) for name in doc.lead),
            tuple(self._department(name) for name in doc.cooperating),
            tuple(declare.clause(ref, sources, self.documents.broken, self.reporter) for ref in doc.basis),
            None if doc.note is None else declare.words(doc.note),
            doc.span,
        )

    def _department(self, name: model.Text) -> str:
        ids = declare.department_ids(self.documents)
        if name.text not in ids and name.text not in self.documents.broken:
            self.reporter.report("N105", name.span, suggestion=suggest(name.text, ids), name=name.text)
        return ids.get(name.text, name.text)

    def _groups(self) -> list[Group]:
        """The groups; a policy stands in one at most."""
        known = {doc.id.text for doc in self.documents.policies}
        taken = declare.Namespace(self.reporter, {})
        groups = []
        for doc in self.documents.groups:
            for name in doc.policies:
                taken.take(name, as_word=False)
                if name.text not in known and name.text not in self.documents.broken:
                    self.reporter.report("N104", name.span, suggestion=suggest(name.text, known), name=name.text)
            policies = tuple(name.text for name in doc.policies)
            groups.append(Group(doc.id.text, declare.words(doc.title), doc.keep, policies))
        return groups

    def _check_groups(self, groups: list[Group], policies: Mapping[str, PolicySource]) -> None:
        """All of one level; and where the highest is kept, all with amounts for one period."""
        periods = {doc.id.text: {v.benefit.per for v in doc.versions} for doc in self.documents.policies}
        for group, doc in zip(groups, self.documents.groups, strict=True):
            members = [policies[name] for name in group.policies if name in policies]
            if len({policy.level for policy in members}) > 1:
                words = {"reason": "有的给户，有的给成员", "reason_en": "some are for households, some for members"}
                self.reporter.report("T220", doc.span, **words)
            if group.keep == "highest" and len(set().union(*(periods[policy.id] for policy in members), set())) > 1:
                words = {"reason": "周期不同，或有的没有金额", "reason_en": "periods differ, or some state no amount"}
                self.reporter.report("T220", doc.span, **words)


def inputs(facts: tuple[FactDecl, ...], lists: Mapping[str, CodeList]) -> tuple[tuple[Input, ...], tuple[Input, ...]]:
    """The columns that evaluators read: the household's and village's, and the members'."""
    shared: list[Input] = []
    own: list[Input] = []
    for fact in sorted(facts, key=lambda fact: fact.name):
        if fact.type is None or isinstance(fact.type, Poison):
            continue
        columns = own if fact.level == "member" else shared
        if fact.kind == "codes" and isinstance(fact.type, Code):
            names = [f"{fact.name}.{code.name}" for code in lists[fact.type.code_list].codes]
            columns += [Input(name, fact.level, Truth(), False, fact.required) for name in names]
        else:
            columns.append(Input(fact.name, fact.level, fact.type, fact.past, fact.required))
    return tuple(shared), tuple(own)


def _broken(typer: Typer) -> Expr:
    return BROKEN


def _known_list(typer: Typer, code_list: str | None) -> str | None:
    return code_list if code_list in typer.scope.code_lists else None
