"""The whole check: declarations first, then every definition on demand, then the policies' other parts.

In: `Documents`. Out: a `Program`; None where there are errors. Called by `ruleset` and the formatter.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from fupin_policy.check import declarations as declare
from fupin_policy.check.amounts import warn_of_negative
from fupin_policy.check.anniversaries import warn_of_two_ways
from fupin_policy.check.answering import answer_lists, answered
from fupin_policy.check.audiences import Shown, audience_sources
from fupin_policy.check.citations import in_force, sources
from fupin_policy.check.definition_sources import (
    DatedSource,
    Make,
    PolicySource,
    TargetSource,
    VersionSource,
    has_amount,
)
from fupin_policy.check.definitions import DefinitionTyper
from fupin_policy.check.figure_terms import figures
from fupin_policy.check.groups import check_benefit_groups, check_groups, groups
from fupin_policy.check.identity_numbers import checks
from fupin_policy.check.lists import by_name, known_as, lists_of
from fupin_policy.check.obtaining_terms import conditions, in_words
from fupin_policy.check.organisations import organisations, places
from fupin_policy.check.parameter_index import Parameters, with_use
from fupin_policy.check.policies import policy
from fupin_policy.check.scope import NameIndex, Scope
from fupin_policy.check.subjects import by_subject
from fupin_policy.check.targets_duties import Registrar
from fupin_policy.check.typing import Typer
from fupin_policy.check.value_makers import Makers
from fupin_policy.check.yearly_windows import condition, window_source
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import ALWAYS, Validity
from fupin_policy.core.expressions import Level
from fupin_policy.core.open_readings import MOST, combinations
from fupin_policy.core.policies import Group
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Number
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.parts import TextDoc
from fupin_policy.language import parse
from fupin_policy.language.kept_trees import Parse

Listed = TypeVar("Listed", model.TargetDoc, model.DutyDoc)


def check(
    documents: model.Documents, reporter: Reporter, names: NameIndex | None = None, parse: Parse = parse
) -> Program | None:
    """The program of a ruleset's documents; every problem goes to `reporter`, and then the result is None.

    `names`, if given, is filled with what each name in the files is called in both languages.
    Expressions are parsed by `parse`.
    """
    documents = by_name(documents)
    if documents.ruleset is None:
        return None
    words = declare.every_word(documents, documents.ruleset)
    asked = declare.words_of((*documents.facts, *documents.terms))
    parameters = frozenset(one.text for doc in documents.parameters for one in (doc.name, doc.label))
    makers = Makers(reporter, words, asked, parameters, parse)
    checker = _Checker(documents, documents.ruleset, reporter, {} if names is None else names, makers)
    program = checker.program()
    if reporter.errors:
        return None
    every = (program, *program.by_place.values())
    for one in every:
        warn_of_negative(one, reporter)
    _warn_of_unused(every, reporter)
    _warn_of_combinations(every, reporter)
    return program


def _warn_of_unused(every: Sequence[Program], reporter: Reporter) -> None:
    """Warn of readings that no rule of any subject uses."""
    used = frozenset().union(*(one.dependencies.parameters(one.dependencies.direct) for one in every))
    for reading in every[0].parameters.values():
        if reading.reading and reading.name not in used and isinstance(reading.type, Code):
            option = every[0].code_lists[reading.type.code_list].codes[0]
            words = {"name_en": reading.name, "option": option.label, "option_en": option.name}
            reporter.report("N186", reading.span, name=reading.label, **words)


def _warn_of_combinations(every: Sequence[Program], reporter: Reporter) -> None:
    """Warn of readings that are left open where something rests on more of them than are told apart."""
    for program in every if every[0].open_readings else ():
        rests = (sorted(program.dependencies.parameters([one.id])) for one in program.definitions)
        open_ = ([name for name in names if name in program.open_readings] for names in rests)
        names = max(open_, key=lambda some: combinations(program.open_readings, some), default=[])
        count = combinations(program.open_readings, names)
        if count > MOST:
            known = [program.parameters[name] for name in names]
            option = program.code_lists[program.open_readings[names[0]].code_list].codes[0]
            labels, taken = [one.label for one in known], {"option": option.label, "option_en": option.name}
            reporter.report("N188", known[0].span, names=labels, names_en=names, count=count, most=MOST, **taken)
            return


@dataclass(frozen=True, slots=True)
class _Checker:
    documents: model.Documents
    ruleset: model.RulesetDoc
    reporter: Reporter
    names: NameIndex
    makers: Makers

    def program(self) -> Program:
        documents, reporter = self.documents, self.reporter
        covered = declare.covers(self.ruleset, reporter)
        units = declare.units(self.ruleset, reporter)
        lists = declare.code_lists(documents, reporter)
        facts = declare.facts(documents, lists, units, covered.end - 1, reporter)
        several = lists_of(documents, facts, reporter)
        known = organisations(documents, facts, lists, reporter)
        cited = sources(documents, known, reporter)
        valued = Parameters(documents, facts, lists, units, cited, covered, self.makers)
        valued.read()
        least, most = declare.member_bounds(self.ruleset, reporter)
        subjects, places_known = self._levels()
        declare.once(reporter, self._ids())
        self._titles(documents.policies)
        self._titles(documents.targets)
        exclusions = groups(documents, reporter)
        registrar = Registrar(known, cited, reporter, documents.incomplete)
        terms = self._terms(covered)
        stretches = {doc.id.text: in_force(doc.id.text, doc.versions, cited, reporter) for doc in self._policy_docs()}
        for doc in self._policy_docs():
            self._warn_of_gaps(doc, stretches[doc.id.text], covered)
        policies = {
            doc.id.text: self._policy_source(doc, stretches[doc.id.text], exclusions, registrar)
            for doc in self._policy_docs()
        }
        targets = {d.id.text: self._target_source(d) for d in documents.targets if d.level in places_known}
        audiences = audience_sources(documents.audiences, self.makers.condition)
        money = Number(units.amount_unit, units.decimals.get(units.money or "", 0), 0, 0)

        def typer(level: Level) -> Typer:
            return Typer(scope, level)

        twice = declare.taken_twice(documents)
        definitions = DefinitionTyper(terms, valued.worked_out, policies, targets, audiences, money, typer)
        scope = Scope(
            facts={key: fact for fact in facts for key in fact.called if key not in twice and fact.tells_of is None},
            code_lists=lists,
            terms={key: name for name, t in terms.items() for key in (t.words.zh, t.words.en) if key not in twice},
            term_words={name: term.words for name, term in terms.items()},
            worked_out=valued.worked_out,
            parameters=ChainMap(
                {key: found for found in valued.declared.values() for key in (found.name, found.label)}, valued.declared
            ),
            readings=frozenset(
                word for doc in documents.parameters if doc.reading for word in (doc.name.text, doc.label.text)
            ),
            policies={key: p.id for p in policies.values() for key in (p.words.en, p.words.zh, p.id)},
            policy_words={policy.id: policy.words for policy in policies.values()},
            policy_levels={policy.id: policy.level for policy in policies.values()},
            with_amount=frozenset(policy.id for policy in policies.values() if has_amount(policy)),
            starting=frozenset(p.id for p in policies.values() if any(v.starts != "same_day" for v in p.versions)),
            levels=subjects | {one.name for one in several},
            lists=known_as(several),
            broken=documents.broken | twice,
            units=units,
            covers=covered,
            min_members=least,
            max_members=most,
            reporter=reporter,
            define=definitions.define,
            brackets=valued.scales,
            as_of=valued.as_of,
            use=definitions.use,
            names=self.names,
            words=self.makers.words,
        )
        definitions.define_all()
        warn_of_two_ways(definitions.done.values(), facts, reporter)
        check_groups(documents, reporter, exclusions, policies)
        check_benefit_groups(documents, reporter)
        for stray in documents.strays:
            self._check_stray(stray, registrar, typer(stray.level if stray.level in subjects else "member"))
        shown, told = Shown.of(documents, reporter), tuple(checks(facts, documents.facts))
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
            parameters={one.name: with_use(one, definitions.done) for one in valued.in_order},
            departments={},
            places=places(documents),
            sources=cited,
            policies=tuple(policy(doc, policies[doc.id.text], registrar, scope, shown) for doc in self._policy_docs()),
            groups=tuple(exclusions),
            definitions=(*(one for one, _ in told), *definitions.done.values()),
            digest=documents.digest,
            targets=tuple(registrar.target(doc) for doc in self._ordered(documents.targets)),
            duties=tuple(registrar.duty(doc) for doc in self._ordered(documents.duties)),
            money=units.amount_unit,
            figures=(
                *figures(documents.terms, definitions.done, units, reporter, registrar.basis),
                *(f for _, f in told),
            ),
            audiences=tuple(dict.fromkeys(shown.audiences.values())),
            trial=documents.trial,
            lists=several,
            files=documents.files,
        )
        answers = {one.name: one for one in answer_lists(whole.policies, known.departments, whole.places)}
        return by_subject(in_words(replace(whole, code_lists={**lists, **answers})), known)

    def _terms(self, covered: Validity) -> dict[str, DatedSource]:
        taken = declare.Namespace(self.reporter, {})
        for fact in self.documents.facts:
            taken.taken.update({name.text: name.span for name in (fact.name, fact.label, *fact.aliases)})
        found = {}
        for doc in self.documents.terms:
            for name in {n.text: n for n in (doc.name, doc.label)}.values():
                taken.take(name)
            words = Bilingual(doc.label.text, doc.name.text)
            shown = Bilingual(doc.label.text, doc.label_en or doc.name.text)
            versions = self._term_versions(doc, covered)
            note = None if doc.note is None else declare.words(doc.note)
            found[doc.name.text] = DatedSource(words, doc.level, versions, shown, doc.name.span, note=note)
        return found

    def _term_versions(self, doc: model.TermDoc, covered: Validity) -> tuple[tuple[Validity, Make], ...]:
        """What a term is worth over time: on each day that is covered, one thing."""
        dated = [(ALWAYS if one.valid is None else declare.validity(one.valid), one) for one in doc.versions]
        dated.sort(key=lambda pair: pair[0].start)
        held = [(days, doc.name.span if one.valid is None else one.valid.span) for days, one in dated]
        declare.disjoint(doc.label.text, held, self.reporter)
        reached = covered.start
        for days in (*(days for days, _ in dated), Validity(covered.end, covered.end)):
            if reached < min(days.start, covered.end):
                gap = declare.dates_text(Validity(reached, min(days.start, covered.end)))
                self.reporter.report("N171", doc.name.span, name=doc.label.text, days=gap)
            reached = max(reached, days.end)
        return tuple((days, self.makers.term(doc, one.value)) for days, one in dated)

    def _check_stray(self, stray: model.StrayDoc, registrar: Registrar, typer: Typer) -> None:
        """Report the mistakes in what stands in an entry that is wrong as a whole."""
        if stray.valid is not None:
            typer = replace(typer, days=(declare.validity(stray.valid),))
        for make in [*map(self.makers.condition, stray.conditions), *map(self.makers.value, stray.values)]:
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
        parts = subjects | {doc.name.text for doc in documents.lists}
        given = [(doc.name, doc.level, parts) for doc in documents.facts]
        given += [(doc.name, doc.level, parts) for doc in documents.terms]
        given += [(doc.id, doc.level, subjects) for doc in documents.policies]
        given += [(doc.id, doc.level, kinds) for doc in documents.targets]
        for name, level, allowed in given:
            if level not in allowed and "places" not in documents.incomplete:
                hint = self.reporter.suggest(level, allowed)
                words = {"name": name.text, "level": level, "known": sorted(allowed)}
                self.reporter.report("N123", name.span, suggestion=hint, **words)
        return subjects, kinds

    def _target_source(self, doc: model.TargetDoc) -> TargetSource:
        applies = None if doc.applies is None else self.makers.condition(doc.applies)
        goal = self.makers.condition(doc.goal)
        return TargetSource(doc.id.text, declare.words(doc.title), doc.level, applies, goal)

    def _policy_source(
        self,
        doc: model.PolicyDoc,
        stretches: tuple[tuple[Validity, ...], ...],
        groups: list[Group],
        registrar: Registrar,
    ) -> PolicySource:
        pairs = zip(doc.versions, stretches, strict=True)
        versions = tuple(self._version_source(version, when) for version, when in pairs)
        if doc.level not in ("household", "member"):
            for version in doc.versions:
                if version.starts != "same_day":
                    self.reporter.report("T231", version.span, starts=version.starts)
        if doc.level != "household":
            for version in doc.versions:
                if version.beneficiaries is not None:
                    self.reporter.report("T270", version.beneficiaries.span, level=doc.level)
            versions = tuple(replace(version, beneficiaries=None) for version in versions)
        group = next((group for group in groups if doc.id.text in group.policies), None)
        capped = next((one.most for one in self.documents.groups if group and one.id.text == group.id), None)
        most = None if capped is None else self.makers.value(capped)
        answers, versions = answered(doc, versions, self.makers.condition, registrar)
        return PolicySource(doc.id.text, declare.words(doc.title), doc.level, versions, group, most, answers)

    def _version_source(self, doc: model.VersionDoc, stretches: tuple[Validity, ...]) -> VersionSource:
        amount = None if doc.benefit.amount is None else self.makers.value(doc.benefit.amount)
        if amount is not None and doc.benefit.per is None:
            self.reporter.report("T218", doc.benefit.span)
        self._check_payment(doc.benefit)
        when, given = self.makers.conditions([*filter(None, (doc.offered, doc.when))]), doc.benefit.window
        source = None if given is None else window_source(given, self.reporter)
        window = None if source is None or given is None else condition(source, given.span)
        whom = None if doc.beneficiaries is None else self.makers.condition(doc.beneficiaries)
        brought = () if doc.obtain is None else tuple(self.makers.condition(one) for one in conditions(doc.obtain))
        made = VersionSource(stretches, when, amount, doc.when.span, doc.starts, window, whom)
        return replace(made, brought=brought, per=doc.benefit.per)

    def _check_payment(self, benefit: model.BenefitDoc) -> None:
        """What is paid in some months comes again and again; what comes in a window comes once in it."""
        if benefit.pay and (benefit.amount is None or benefit.per in ("once", "day")):
            self.reporter.report("T232", benefit.pay[0].span)
        if benefit.window is not None and (benefit.amount is None or benefit.per != "once"):
            self.reporter.report("T236", benefit.window.span)
