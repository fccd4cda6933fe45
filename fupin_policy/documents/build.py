"""Nodes to documents, entry by entry: what a schema has accepted becomes data.

In: a checked node of one kind. Out: entries of `model`. Called by `documents.read`.
An entry that does not hold what it must is left out, and its name is kept as broken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar, cast

from fupin_policy.diagnostics import Reporter, Span
from fupin_policy.documents import model
from fupin_policy.documents.model import Dates, ExpressionDoc, Text, Words
from fupin_policy.documents.reader import Mapping, Node, Scalar, Sequence, to_python

T = TypeVar("T")


class Unfit(Exception):
    """An entry lacks something or holds something of the wrong form; the schema has reported it."""


@dataclass(slots=True)
class Entries:
    """Everything read so far, by kind of entry."""

    reporter: Reporter
    found: dict[type, list[Any]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def add(self, kind: str, node: Mapping) -> None:
        """Read a file's entries."""
        if kind == "ruleset":
            self._entry(node, _ruleset, node)
            return
        for key, read in _READERS[kind]:
            listed = node.get(key)
            for item in listed.items if isinstance(listed, Sequence) else ():
                self._entry(item, read, node)

    def all(self, kind: type[T]) -> tuple[T, ...]:
        """The entries of a kind, in the order of the files."""
        return tuple(cast(list[T], self.found.get(kind, [])))

    def _entry(self, node: Node, read: Callable[[Entry], Any], file: Mapping) -> None:
        if not isinstance(node, Mapping):
            return
        try:
            entry = read(Entry(node, self.reporter, file))
        except Unfit:
            self.broken.update(_names(node))
            return
        self.found.setdefault(type(entry), []).append(entry)


def _names(node: Mapping) -> list[str]:
    """Every word by which others may refer to an entry, a department's names over time included."""
    dated = node.get("names")
    entries = [node, *(dated.items if isinstance(dated, Sequence) else ())]
    found = [entry.get(key) for entry in entries if isinstance(entry, Mapping) for key in ("id", "name", "label", "zh")]
    return [name.text for name in found if isinstance(name, Scalar)]


@dataclass(frozen=True, slots=True)
class Entry:
    """A mapping, asked key by key; `file` is the whole document that it stands in."""

    node: Mapping
    reporter: Reporter
    file: Mapping

    def text(self, key: str) -> Text:
        """A word that must be there."""
        return as_text(self.node.get(key))

    def maybe(self, key: str) -> Text | None:
        """A word that may be there."""
        value = self.node.get(key)
        return None if value is None else as_text(value)

    def plain(self, key: str) -> str | None:
        """A word that is not looked up anywhere."""
        value = self.maybe(key)
        return None if value is None else value.text

    def words(self, key: str) -> Words:
        """A text in both languages."""
        value = self.maybe_words(key)
        if value is None:
            raise Unfit
        return value

    def maybe_words(self, key: str) -> Words | None:
        """A text in both languages, or in one for both."""
        value = self.node.get(key)
        if value is None:
            return None
        if isinstance(value, Scalar):
            return Words(value.text, value.text)
        inner = self.of(value)
        return Words(inner.text("zh").text, inner.text("en").text)

    def flag(self, key: str) -> bool:
        """A switch, off where it is not given."""
        value = self.node.get(key)
        return value is not None and to_python(value) is True

    def number(self, key: str, default: int | None) -> int | None:
        """A small whole number."""
        value = self.node.get(key)
        if value is None:
            return default
        read = to_python(value)
        if not isinstance(read, int) or isinstance(read, bool):
            raise Unfit
        return read

    def dates(self, key: str) -> Dates:
        """`a..b`, either end open; one date alone is that day."""
        given = self.text(key)
        low, dots, high = given.text.partition("..")
        ends = [self._date(end.strip(), given.span) for end in (low, high if dots else low)]
        if ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
            self.reporter.report("Y112", given.span)
            raise Unfit
        return Dates(ends[0], ends[1], given.span)

    def _date(self, text: str, span: Span) -> date | None:
        if not text:
            return None
        try:
            if len(text) == 10:
                return date.fromisoformat(text)
        except ValueError:
            pass
        self.reporter.report("Y111", span, value=text)
        raise Unfit

    def expression(self, key: str) -> ExpressionDoc:
        """An expression that must be there."""
        return as_expression(self.node.get(key))

    def maybe_expression(self, key: str) -> ExpressionDoc | None:
        """An expression that may be there."""
        value = self.node.get(key)
        return None if value is None else as_expression(value)

    def value(self, key: str) -> model.Value:
        """An expression or a table."""
        node = self.node.get(key)
        if not isinstance(node, Mapping):
            return as_expression(node)
        entry = self.of(node)
        inner = node.get("slices")
        if inner is not None:
            part = self.of(inner)
            span = part.node.span
            return model.SlicesDoc(part.expression("of"), part.rows(), part.maybe_expression("rounding"), span)
        by = node.get("by")
        columns = by.items if isinstance(by, Sequence) else (by,)
        cells = tuple(as_expression(column) for column in columns)
        return model.TableDoc(cells, entry.rows(), entry.maybe_expression("otherwise"), node.span)

    def rows(self) -> tuple[model.RowDoc, ...]:
        """The rows of a table."""
        rows = self.node.get("rows")
        if not isinstance(rows, Sequence) or not rows.items:
            raise Unfit
        return tuple(_row(row) for row in rows.items)

    def texts(self, key: str) -> tuple[Text, ...]:
        """A list of words, none where it is not given."""
        value = self.node.get(key)
        if value is None:
            return ()
        return tuple(as_text(item) for item in listed(value))

    def each(self, key: str, read: Callable[[Entry], T]) -> tuple[T, ...]:
        """A list of mappings, none where it is not given."""
        value = self.node.get(key)
        return () if value is None else tuple(read(self.of(item)) for item in listed(value))

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> Any:
        """One of a few words."""
        value = self.plain(key)
        if value is None and default is not None:
            return default
        if value not in allowed:
            raise Unfit
        return value

    def plain_mapping(self, key: str) -> dict[str, str]:
        """Words by words."""
        value = self.node.get(key)
        if value is None:
            return {}
        return {name.text: as_text(item).text for name, item in self.of(value).node.entries}

    def pair(self, key: str) -> tuple[Text, Text] | None:
        """The one key of a small mapping and its value."""
        value = self.node.get(key)
        if value is None:
            return None
        name, item = self.of(value).node.entries[0]
        return Text(name.text, name.span), as_text(item)

    def of(self, node: Node) -> Entry:
        """A mapping below this one."""
        if not isinstance(node, Mapping):
            raise Unfit
        return Entry(node, self.reporter, self.file)


def as_text(node: Node | None) -> Text:
    """A scalar as a word."""
    if not isinstance(node, Scalar):
        raise Unfit
    return Text(node.text.strip(), node.span)


def as_expression(node: Node | None) -> ExpressionDoc:
    """A scalar as an expression, to be parsed where it stands."""
    if not isinstance(node, Scalar):
        raise Unfit
    return ExpressionDoc(node.span, node.escaped)


def listed(node: Node) -> tuple[Node, ...]:
    """The items of a list."""
    if not isinstance(node, Sequence):
        raise Unfit
    return node.items


def _row(node: Node) -> model.RowDoc:
    items = listed(node)
    if len(items) < 2:
        raise Unfit
    cells = tuple(
        tuple(as_expression(part) for part in cell.items) if isinstance(cell, Sequence) else (as_expression(cell),)
        for cell in items[:-1]
    )
    return model.RowDoc(cells, as_expression(items[-1]), node.span)


def _ruleset(entry: Entry) -> model.RulesetDoc:
    return model.RulesetDoc(
        entry.text("id"),
        entry.words("title"),
        entry.dates("covers"),
        entry.text("members"),
        entry.plain_mapping("identifiers"),
        entry.each("units", _unit),
        entry.text("id").span,
    )


def _unit(entry: Entry) -> model.UnitDoc:
    multiples = entry.each(
        "multiples", lambda m: model.MultipleDoc(m.text("name"), m.text("label"), m.number("power", 0) or 0)
    )
    decimals = entry.number("decimals", 0) or 0
    return model.UnitDoc(entry.text("name"), entry.text("label"), entry.maybe("money"), decimals, multiples)


def _code_list(entry: Entry) -> model.CodeListDoc:
    codes = entry.each("codes", lambda c: model.CodeDoc(c.text("code"), c.text("name"), c.text("label")))
    return model.CodeListDoc(entry.text("name"), codes, entry.maybe("places"))


def _fact(entry: Entry) -> model.FactDoc:
    kinds = ("truth", "number", "date", "code", "codes", "text")
    return model.FactDoc(
        entry.text("name"),
        entry.text("label"),
        entry.texts("aliases"),
        entry.text("for").text,
        entry.one_of("type", kinds),
        entry.maybe("unit"),
        entry.number("decimals", None),
        entry.maybe("range"),
        entry.maybe("codes"),
        entry.flag("past"),
        entry.flag("required"),
        entry.maybe_words("note"),
    )


def _term(entry: Entry) -> model.TermDoc:
    level = entry.text("for").text
    type_, codes = entry.plain("type"), entry.maybe("codes")
    return model.TermDoc(entry.text("name"), entry.text("label"), level, type_, codes, entry.value("value"))


def _parameter(entry: Entry) -> model.ParameterDoc:
    return model.ParameterDoc(
        entry.text("name"),
        entry.text("label"),
        entry.one_of("type", ("number", "date"), "number"),
        entry.maybe("unit"),
        entry.number("decimals", None),
        entry.maybe("range"),
        entry.maybe("by"),
        entry.each("values", _value),
    )


def _value(entry: Entry) -> model.ValueDoc:
    node = entry.node.get("value")
    values: tuple[tuple[Text | None, Text], ...]
    if isinstance(node, Mapping):
        values = tuple((as_text(code), as_text(value)) for code, value in node.entries)
    else:
        values = ((None, as_text(node)),)
    status = entry.one_of("status", ("enacted", "reported", "example"))
    return model.ValueDoc(entry.dates("valid"), values, status, entry.text("source"), entry.maybe_words("note"))


def _department(entry: Entry) -> model.DepartmentDoc:
    names = entry.each(
        "names",
        lambda n: model.NameDoc(n.dates("valid"), n.text("zh"), n.text("en").text, n.plain("source")),
    )
    if not names:
        raise Unfit
    moved = entry.each(
        "moved",
        lambda m: model.MoveDoc(m.text("function"), m.text("to"), m.dates("valid"), m.plain("source")),
    )
    places = entry.texts("place") if isinstance(entry.node.get("place"), Sequence) else entry.maybe("place")
    listed = places if isinstance(places, tuple) else () if places is None else (places,)
    return model.DepartmentDoc(entry.text("id"), names, listed, entry.flag("group"), moved)


def _place(entry: Entry) -> model.PlaceDoc:
    return model.PlaceDoc(
        entry.text("name"),
        entry.text("label"),
        entry.text("kind"),
        entry.maybe("code"),
        entry.maybe("within"),
        entry.maybe_words("office"),
    )


def _source(entry: Entry) -> model.SourceDoc:
    issued = None if entry.node.get("issued") is None else entry.dates("issued").start
    return model.SourceDoc(
        entry.text("id"),
        entry.plain("number"),
        entry.words("title"),
        issued,
        entry.maybe_words("issuer"),
        entry.texts("prevails_over"),
    )


def _clause(entry: Entry) -> model.ClauseDoc:
    return model.ClauseDoc(
        as_text(entry.file.get("source")),
        entry.text("id"),
        entry.plain("digest"),
        entry.words("summary"),
        entry.texts("lead"),
        entry.texts("cooperating"),
        entry.maybe_words("nothing"),
    )


def _policy(entry: Entry) -> model.PolicyDoc:
    if entry.node.get("versions") is None:
        raise Unfit
    return model.PolicyDoc(
        entry.text("id"),
        entry.words("title"),
        entry.text("for").text,
        entry.each("versions", _version),
        entry.each("examples", _example),
        entry.text("id").span,
    )


def _version(entry: Entry) -> model.VersionDoc:
    benefit = entry.node.get("benefit")
    if benefit is None:
        raise Unfit
    return model.VersionDoc(
        entry.dates("valid"),
        entry.expression("when"),
        _benefit(entry.of(benefit)),
        entry.texts("lead"),
        entry.texts("cooperating"),
        entry.plain("function"),
        entry.texts("basis"),
        entry.maybe_words("note"),
        entry.text("valid").span,
    )


def _benefit(entry: Entry) -> model.BenefitDoc:
    kinds = ("cash", "premium", "waiver", "service", "loan", "in_kind", "contribution", "registration")
    amount = None if entry.node.get("amount") is None else entry.value("amount")
    periods = ("once", "day", "month", "term", "year")
    per = None if entry.node.get("per") is None else entry.one_of("per", periods)
    return model.BenefitDoc(entry.one_of("kind", kinds), amount, per, entry.pair("sets"), entry.text("kind").span)


def _example(entry: Entry) -> model.ExampleDoc:
    given, expect = entry.node.get("household") or entry.node.get("figures"), entry.node.get("expect")
    if given is None or expect is None:
        raise Unfit
    return model.ExampleDoc(
        entry.text("name"), entry.text("as_of"), to_python(given), to_python(expect), entry.text("name").span
    )


_PERIODS = ("month", "quarter", "year")


def _target(entry: Entry) -> model.TargetDoc:
    keep = entry.node.get("keep") is not None
    return model.TargetDoc(
        entry.text("id"),
        entry.words("title"),
        entry.text("for").text,
        entry.maybe_expression("applies"),
        entry.expression("keep" if keep else "reach"),
        keep,
        entry.maybe("by"),
        None if entry.node.get("each") is None else entry.one_of("each", _PERIODS),
        entry.dates("valid"),
        entry.texts("lead"),
        entry.texts("cooperating"),
        entry.plain("function"),
        entry.texts("basis"),
        entry.maybe_words("note"),
        entry.each("examples", _example),
    )


def _duty(entry: Entry) -> model.DutyDoc:
    within = entry.maybe("within")
    return model.DutyDoc(
        entry.text("id"),
        entry.words("title"),
        entry.maybe_words("for"),
        entry.dates("valid"),
        entry.maybe("by"),
        entry.one_of("each", _PERIODS) if entry.node.get("each") is not None else "year" if within else None,
        within,
        entry.texts("lead"),
        entry.texts("cooperating"),
        entry.plain("function"),
        entry.texts("basis"),
        entry.maybe_words("note"),
    )


def _group(entry: Entry) -> model.GroupDoc:
    keep = entry.one_of("keep", ("highest", "first"))
    return model.GroupDoc(entry.text("id"), entry.words("title"), keep, entry.texts("policies"), entry.text("id").span)


_READERS: dict[str, tuple[tuple[str, Callable[[Entry], Any]], ...]] = {
    "facts": (("code_lists", _code_list), ("facts", _fact)),
    "terms": (("terms", _term),),
    "parameters": (("parameters", _parameter),),
    "departments": (("departments", _department),),
    "places": (("places", _place),),
    "sources": (("sources", _source),),
    "clauses": (("clauses", _clause),),
    "policies": (("policies", _policy), ("groups", _group)),
    "targets": (("targets", _target),),
    "duties": (("duties", _duty),),
}
KINDS = ("ruleset", *_READERS)
