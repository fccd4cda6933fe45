"""Nodes to documents, entry by entry: what a schema has accepted becomes data.

In: a checked node of one kind. Out: entries of `model`. Called by `documents.read`.
An entry that does not hold what it must is left out, and its name is kept as broken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast, get_args

from fupin_policy.core.benefits import BenefitKind, Frequency, Per, Starts
from fupin_policy.core.declarations import FactKind, Monotonicity
from fupin_policy.core.policies import Force, GroupPreference
from fupin_policy.core.registers import PaymentPeriod
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.entry_reader import EntryReader, MalformedEntry, as_text
from fupin_policy.documents.obtaining import obtained
from fupin_policy.documents.parameter_values import parameter_value
from fupin_policy.documents.parts import TextDoc
from fupin_policy.documents.reader import YamlMapping, YamlNode, YamlScalar, YamlSequence, as_written, to_python
from fupin_policy.documents.readings import reading
from fupin_policy.documents.strays import stray_in

T = TypeVar("T")
_DECIMALS, _POWERS = range(10), range(-9, 13)


@dataclass(slots=True)
class Entries:
    """Everything read so far, by kind of entry."""

    reporter: Reporter
    found: dict[type, list[Any]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    incomplete: set[str] = field(default_factory=set)
    strays: list[model.StrayDoc] = field(default_factory=list)

    def add(self, kind: str, node: YamlNode) -> None:
        """Read a file's entries."""
        if not isinstance(node, YamlMapping):
            return
        if kind == "ruleset":
            self._entry(node, _ruleset, node, kind)
            return
        for key, read in _READERS[kind]:
            listed = node.get(key)
            for item in listed.items if isinstance(listed, YamlSequence) else ():
                self._entry(item, read, node, kind)

    def all(self, kind: type[T]) -> tuple[T, ...]:
        """The entries of a kind, in the order of the files."""
        return tuple(cast(list[T], self.found.get(kind, [])))

    def by_id(self, kind: type[T]) -> tuple[T, ...]:
        """The entries of a kind, in the order of their ids or names: in which file they stand changes nothing."""
        return tuple(sorted(self.all(kind), key=lambda entry: _id(entry).text))

    def _entry(self, node: YamlNode, read: Callable[[EntryReader], Any], file: YamlMapping, kind: str) -> None:
        if not isinstance(node, YamlMapping):
            self.incomplete.add(kind)
            return
        try:
            entry = read(EntryReader(node, self.reporter, file))
        except MalformedEntry:
            self.broken.update(_names(node))
            self.incomplete.add(kind)
            self.strays.append(stray_in(EntryReader(node, self.reporter, file), kind))
            return
        self.found.setdefault(type(entry), []).append(entry)


def _id(entry: Any) -> TextDoc:
    found: TextDoc = entry.id if hasattr(entry, "id") else entry.name
    return found


def _names(node: YamlMapping) -> list[str]:
    """Every word by which others may refer to an entry, a department's names over time included."""
    dated = node.get("names")
    entries = [node, *(dated.items if isinstance(dated, YamlSequence) else ())]
    entries += [
        said
        for entry in entries
        if isinstance(entry, YamlMapping)
        for key in ("label", "title")
        if (said := entry.get(key))
    ]
    found = [
        entry.get(key) for entry in entries if isinstance(entry, YamlMapping) for key in ("id", "name", "label", "zh")
    ]
    return [name.text for name in found if isinstance(name, YamlScalar)]


def _ruleset(entry: EntryReader) -> model.RulesetDoc:
    return model.RulesetDoc(
        entry.text("id"),
        entry.words("title"),
        entry.dates("covers"),
        entry.text("members"),
        entry.plain_mapping("identifiers"),
        entry.each("units", _unit),
        entry.text("id").span,
    )


def _unit(entry: EntryReader) -> model.UnitDoc:
    multiples = entry.each(
        "multiples", lambda m: model.MultipleDoc(m.text("name"), m.text("label"), m.number("power", 0, _POWERS) or 0)
    )
    decimals = entry.number("decimals", 0, _DECIMALS) or 0
    return model.UnitDoc(entry.text("name"), entry.text("label"), entry.maybe("money"), decimals, multiples)


def _code_list(entry: EntryReader) -> model.CodeListDoc:
    codes = entry.each("codes", lambda c: model.CodeDoc(c.text("code"), c.text("name"), c.label(), c.label_en()))
    return model.CodeListDoc(entry.text("name"), codes, entry.maybe("places"))


def _fact(entry: EntryReader) -> model.FactDoc:
    return model.FactDoc(
        entry.text("name"),
        entry.label(),
        entry.texts("aliases"),
        entry.text("for").text,
        entry.one_of("type", get_args(FactKind)),
        entry.maybe("unit"),
        entry.number("decimals", None, _DECIMALS),
        entry.maybe("range"),
        entry.maybe("codes"),
        entry.flag("past"),
        entry.flag("required"),
        entry.maybe_words("note"),
        entry.maybe_one_of("benefits", get_args(Monotonicity)),
        entry.flag("fixed"),
        entry.maybe_one_of("per", get_args(Frequency)),
        entry.label_en(),
        _assumption(entry),
        entry.maybe("none"),
    )


def _assumption(entry: EntryReader) -> model.AssumptionDoc | None:
    given = entry.node.get("absent")
    if given is None:
        return None
    listed = isinstance(given, YamlSequence)
    words = entry.texts("absent") if listed else (entry.text("absent"),)
    return model.AssumptionDoc(words, listed, given.span, entry.words("why"))


def _term(entry: EntryReader) -> model.TermDoc:
    level = entry.text("for").text
    type_, codes = entry.plain("type"), entry.maybe("codes")
    versions = entry.each("versions", lambda v: model.TermVersionDoc(v.dates("valid"), v.value("value")))
    if not versions:
        versions = (model.TermVersionDoc(None, entry.value("value")),)
    return model.TermDoc(
        entry.text("name"),
        entry.label(),
        level,
        type_,
        codes,
        versions,
        entry.label_en(),
        entry.maybe("unit"),
        entry.number("decimals", None, _DECIMALS),
        entry.flag("output"),
        entry.flag("due"),
    )


def _parameter(entry: EntryReader) -> model.ParameterDoc:
    return model.ParameterDoc(
        entry.text("name"),
        entry.label(),
        entry.one_of("type", get_args(model.ParameterKind), "number"),
        entry.maybe("unit"),
        entry.number("decimals", None, _DECIMALS),
        entry.maybe("range"),
        entry.texts_of("by"),
        entry.each("values", parameter_value),
        entry.label_en(),
        entry.maybe("codes"),
    )


def _department(entry: EntryReader) -> model.DepartmentDoc:
    names = entry.each(
        "names",
        lambda n: model.NameDoc(n.dates("valid"), n.text("zh"), n.text("en").text, n.plain("source")),
    )
    if not names:
        raise MalformedEntry
    moved = entry.each(
        "moved",
        lambda m: model.MoveDoc(m.text("function"), m.text("to"), m.dates("valid"), m.plain("source")),
    )
    return model.DepartmentDoc(entry.text("id"), names, entry.texts_of("place"), entry.flag("group"), moved)


def _place(entry: EntryReader) -> model.PlaceDoc:
    return model.PlaceDoc(
        entry.text("name"),
        entry.label(),
        entry.text("kind"),
        entry.maybe("code"),
        entry.maybe("within"),
        entry.maybe_words("office"),
        entry.label_en(),
    )


def _source(entry: EntryReader) -> model.SourceDoc:
    issued = None if entry.node.get("issued") is None else entry.dates("issued").start
    return model.SourceDoc(
        entry.text("id"),
        entry.plain("number"),
        entry.words("title"),
        issued,
        entry.maybe_words("issuer"),
        entry.texts("prevails_over"),
    )


def _clause(entry: EntryReader) -> model.ClauseDoc:
    return model.ClauseDoc(
        as_text(entry.file.get("source")),
        entry.text("id"),
        entry.plain("digest"),
        entry.words("summary"),
        entry.texts("lead"),
        entry.texts("cooperating"),
        entry.maybe_words("nothing"),
    )


def _policy(entry: EntryReader) -> model.PolicyDoc:
    if entry.node.get("versions") is None:
        raise MalformedEntry
    return model.PolicyDoc(
        entry.text("id"),
        entry.words("title"),
        entry.text("for").text,
        entry.each("versions", _version),
        entry.each("examples", _example),
        entry.text("id").span,
        entry.maybe("benefit_group"),
    )


def _version(entry: EntryReader) -> model.VersionDoc:
    benefit = entry.node.get("benefit")
    if benefit is None:
        raise MalformedEntry
    return model.VersionDoc(
        entry.dates("valid"),
        entry.expression("when"),
        _benefit(entry.of(benefit)),
        entry.bodies("lead"),
        entry.bodies("cooperating"),
        entry.plain("function"),
        entry.texts("basis"),
        entry.maybe_words("note"),
        entry.text("valid").span,
        entry.one_of("starts", get_args(Starts), "same_day"),
        entry.one_of("force", get_args(Force), "entitlement"),
        entry.maybe_expression("offered"),
        obtained(entry),
        entry.maybe_expression("beneficiaries"),
    )


def _benefit(entry: EntryReader) -> model.BenefitDoc:
    amount = None if entry.node.get("amount") is None else entry.value("amount")
    kind, per = entry.one_of("kind", get_args(BenefitKind)), entry.maybe_one_of("per", get_args(Per))
    pay = entry.node.get("pay")
    months = () if pay is None else entry.of(pay).whole_numbers("months")
    span, sets = entry.text("kind").span, entry.pair("sets")
    return model.BenefitDoc(kind, amount, per, sets, span, months, entry.maybe("window"))


def _example(entry: EntryReader) -> model.ExampleDoc:
    given, expect = entry.node.get("household") or entry.node.get("figures"), entry.node.get("expect")
    if given is None or expect is None:
        raise MalformedEntry
    return model.ExampleDoc(
        entry.text("name"), entry.text("as_of"), as_written(given), to_python(expect), entry.text("name").span
    )


def _target(entry: EntryReader) -> model.TargetDoc:
    keep = entry.node.get("keep") is not None
    return model.TargetDoc(
        entry.text("id"),
        entry.words("title"),
        entry.text("for").text,
        entry.maybe_expression("applies"),
        entry.expression("keep" if keep else "reach"),
        keep,
        entry.maybe_day("by"),
        entry.maybe_one_of("each", get_args(PaymentPeriod)),
        entry.dates("valid"),
        entry.texts("lead"),
        entry.texts("cooperating"),
        entry.plain("function"),
        entry.texts("basis"),
        entry.maybe_words("note"),
        entry.each("examples", _example),
    )


def _duty(entry: EntryReader) -> model.DutyDoc:
    within = entry.maybe("within")
    return model.DutyDoc(
        entry.text("id"),
        entry.words("title"),
        entry.maybe_words("for"),
        entry.dates("valid"),
        entry.maybe_day("by"),
        entry.maybe_one_of("each", get_args(PaymentPeriod)) or ("year" if within else None),
        within,
        entry.texts("lead"),
        entry.texts("cooperating"),
        entry.plain("function"),
        entry.texts("basis"),
        entry.maybe_words("note"),
    )


def _group(entry: EntryReader) -> model.GroupDoc:
    keep = entry.one_of("keep", get_args(GroupPreference))
    most = entry.maybe_expression("most")
    id_, policies = entry.text("id"), entry.texts("policies")
    return model.GroupDoc(id_, entry.words("title"), keep, policies, id_.span, most)


_READERS: dict[str, tuple[tuple[str, Callable[[EntryReader], Any]], ...]] = {
    "facts": (("code_lists", _code_list), ("facts", _fact)),
    "terms": (("terms", _term),),
    "parameters": (("parameters", _parameter),),
    "readings": (("readings", reading),),
    "departments": (("departments", _department),),
    "places": (("places", _place),),
    "sources": (("sources", _source),),
    "clauses": (("clauses", _clause),),
    "policies": (("policies", _policy), ("groups", _group)),
    "targets": (("targets", _target),),
    "duties": (("duties", _duty),),
    # no rule rests on it: its form is checked with the rest, and `batch.population` alone reads what it says
    "population": (),
}
KINDS = ("ruleset", *_READERS)
APART = ("population",)
"""Kinds that no decision depends on; their files do not count towards the ruleset's digest."""
