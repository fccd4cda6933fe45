"""Nodes to documents, entry by entry: what a schema has accepted becomes data.

In: a checked node of one kind. Out: entries of `model`. Called by `documents.read`.
An entry that does not hold what it must is left out, and its name is kept as broken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from functools import cache, partial, reduce
from operator import or_
from types import NoneType
from typing import Annotated, Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model
from fupin_policy.documents.audiences import AudienceDoc, SectionDoc
from fupin_policy.documents.data_checks import DataCheckDoc
from fupin_policy.documents.entry_reader import EntryReader, MalformedEntry, as_text
from fupin_policy.documents.lists import EmptyDoc, ListDoc
from fupin_policy.documents.number_formats import number_format
from fupin_policy.documents.obtaining import ObtainDoc
from fupin_policy.documents.overlays import words_of
from fupin_policy.documents.parameter_values import parameter_value
from fupin_policy.documents.parts import BilingualDoc, BodyDoc, Dates, ExpressionDoc, RuleBodyDoc, TextDoc, ValueDoc
from fupin_policy.documents.reader import YamlMapping, YamlNode, YamlSequence, as_written, to_python
from fupin_policy.documents.readings import ReadingDoc
from fupin_policy.documents.unread_entries import strays_in

T = TypeVar("T")
_DAYS = re.compile(r"([1-9][0-9]{0,3}) ?(?:天|日|days?|(个?工作日|working days?))")
"""The schema has the same pattern."""


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
            self._entry(node, model.RulesetDoc, node, kind)
            return
        for key, made in _SECTIONS[kind].items():
            listed = node.get(key)
            for item in listed.items if isinstance(listed, YamlSequence) else ():
                self._entry(item, made, node, kind)

    def take(self, other: Entries) -> None:
        """What was read of another file comes after what was read so far."""
        for kind, found in other.found.items():
            self.found.setdefault(kind, []).extend(found)
        self.broken |= other.broken
        self.incomplete |= other.incomplete
        self.strays += other.strays

    def all(self, kind: type[T]) -> tuple[T, ...]:
        """The entries of a kind, in the order of the files."""
        return tuple(cast(list[T], self.found.get(kind, [])))

    def by_id(self, kind: type[T]) -> tuple[T, ...]:
        """The entries of a kind, in the order of their ids or names: in which file they stand changes nothing."""
        return tuple(sorted(self.all(kind), key=lambda entry: _id(entry).text))

    def _entry(self, node: YamlNode, made: type, file: YamlMapping, kind: str) -> None:
        if not isinstance(node, YamlMapping):
            self.incomplete.add(kind)
            return
        try:
            entry: Any = built(made, EntryReader(node, self.reporter, file))
        except MalformedEntry:
            self.broken.update(words_of(node))
            self.incomplete.add(kind)
            self.strays.extend(strays_in(EntryReader(node, self.reporter, file), kind))
            return
        self.found.setdefault(made, []).append(entry)


def _id(entry: Any) -> TextDoc:
    found: TextDoc = entry.id if hasattr(entry, "id") else entry.name
    return found


def built(kind: type[T], entry: EntryReader) -> T:
    """An entry, or a part of one, as data: each field by the key of its name, in the form that its type asks for."""
    apart = _APART.get(kind)
    if kind in _LISTS:
        entry.filled(_LISTS[kind])
    given = {} if apart is None else apart(entry)
    for name, read, default in _fields(cast(Any, kind)):
        if name not in given:
            key = _KEYS.get(name, name)
            given[name] = default if default is not MISSING and entry.node.get(key) is None else read(entry, key)
    return kind(**given)


_Read = Callable[[EntryReader, str], Any]


@cache
def _fields(kind: Any) -> tuple[tuple[str, _Read, Any], ...]:
    """The fields of a class: their names, how they are read, and what they are where their key is not given."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple((one.name, *_read_as(one.name, hints[one.name], one.default)) for one in fields(kind))


def _read_as(name: str, hint: Any, default: Any) -> tuple[_Read, Any]:
    if name in _NAMED:
        return _NAMED[name], MISSING
    inner = get_args(hint)
    if NoneType in inner:
        hint, default = reduce(or_, (one for one in inner if one is not NoneType)), None
        inner = get_args(hint)
    if hint in _READ:
        return _READ[hint], default
    if get_origin(hint) is Literal:
        return lambda entry, key: entry.one_of(key, inner), default
    if get_origin(hint) is Annotated:
        return lambda entry, key: entry.number(key, inner[1]), default
    if get_origin(hint) is tuple:
        return lambda entry, key: entry.each(key, partial(built, inner[0])), default
    return lambda entry, key: built(hint, entry.of(entry.needed(key))), default


_READ: Mapping[Any, _Read] = {
    TextDoc: EntryReader.text,
    str: lambda entry, key: entry.text(key).text,
    bool: EntryReader.flag,
    date: EntryReader.day,
    Dates: EntryReader.dates,
    BilingualDoc: EntryReader.words,
    ExpressionDoc: EntryReader.expression,
    RuleBodyDoc: EntryReader.value,
    tuple[TextDoc, ...]: EntryReader.texts,
    tuple[BodyDoc, ...]: EntryReader.bodies,
    tuple[BilingualDoc, ...]: EntryReader.each_words,
    tuple[TextDoc, TextDoc]: EntryReader.pair,
    Mapping[str, str]: EntryReader.plain_mapping,
}
_NAMED: Mapping[str, _Read] = {
    "label": lambda entry, _: entry.label(),
    "label_en": lambda entry, _: entry.label_en(),
    "span": lambda entry, _: entry.named_at(),
}
_KEYS = {"level": "for", "whom": "for"}
"""The keys of fields that have another name."""


def _fact(entry: EntryReader) -> dict[str, Any]:
    given, number = entry.node.get("absent"), {"number": number_format(entry)}
    if given is None:
        return number
    listed = isinstance(given, YamlSequence)
    return {**number, "absent": model.AssumptionDoc(entry.texts("absent"), listed, given.span, entry.words("why"))}


def _list(entry: EntryReader) -> dict[str, Any]:
    given = entry.node.get("absent")
    return {"absent": None if given is None else EmptyDoc(given.span, entry.words("why"))}


def _term(entry: EntryReader) -> dict[str, Any]:
    dated = entry.node.get("versions") is not None
    return {} if dated else {"versions": (model.TermVersionDoc(None, entry.value("value")),)}


def _department(entry: EntryReader) -> dict[str, Any]:
    return {"places": entry.texts("place")}


def _clause(entry: EntryReader) -> dict[str, Any]:
    return {"source": as_text(entry.file.get("source"))}


def _benefit(entry: EntryReader) -> dict[str, Any]:
    pay = entry.node.get("pay")
    return {"pay": () if pay is None else entry.of(pay).whole_numbers("months")}


def _obtain(entry: EntryReader) -> dict[str, Any]:
    within = entry.plain("within")
    found = None if within is None else _DAYS.fullmatch(within)
    if within is not None and found is None:
        raise MalformedEntry
    days, working = (None, None) if found is None else (int(found[1]), found[2])
    return {"days": None if working else days, "working_days": days if working else None}


def _example(entry: EntryReader) -> dict[str, Any]:
    given = entry.node.get("household") or entry.needed("figures")
    return {"given": as_written(given), "expect": to_python(entry.needed("expect"))}


def _target(entry: EntryReader) -> dict[str, Any]:
    keep = entry.node.get("keep") is not None
    return {"keep": keep, "goal": entry.expression("keep" if keep else "reach")}


def _duty(entry: EntryReader) -> dict[str, Any]:
    return {} if entry.node.get("each") or not entry.node.get("within") else {"each": "year"}


_APART: Mapping[type, Callable[[EntryReader], dict[str, Any]]] = {
    model.FactDoc: _fact,
    ListDoc: _list,
    model.TermDoc: _term,
    model.DepartmentDoc: _department,
    model.ClauseDoc: _clause,
    model.BenefitDoc: _benefit,
    ObtainDoc: _obtain,
    model.ExampleDoc: _example,
    model.TargetDoc: _target,
    model.DutyDoc: _duty,
    ValueDoc: parameter_value,
}
"""Fields that are not read by a key and their type alone; each of these raises MalformedEntry as readers do."""

_LISTS: Mapping[type, str] = {model.PolicyDoc: "versions", model.DepartmentDoc: "names", ReadingDoc: "options"}
"""Lists that must not be empty."""

_SECTIONS: dict[str, dict[str, type]] = {
    "facts": {"code_lists": model.CodeListDoc, "lists": ListDoc, "facts": model.FactDoc},
    "terms": {"terms": model.TermDoc},
    "parameters": {"parameters": model.ParameterDoc},
    "readings": {"readings": ReadingDoc},
    "checks": {"checks": DataCheckDoc},
    "audiences": {"audiences": AudienceDoc, "sections": SectionDoc},
    "departments": {"departments": model.DepartmentDoc},
    "places": {"places": model.PlaceDoc},
    "sources": {"sources": model.SourceDoc},
    "clauses": {"clauses": model.ClauseDoc},
    "policies": {"policies": model.PolicyDoc, "groups": model.GroupDoc},
    "targets": {"targets": model.TargetDoc},
    "duties": {"duties": model.DutyDoc},
    # no rule rests on it: its form is checked with the rest, and `batch.population` alone reads what it says
    "population": {},
}
KINDS = ("ruleset", *_SECTIONS)
APART = ("population",)
"""Kinds that no decision depends on; their files do not count towards the ruleset's digest."""
