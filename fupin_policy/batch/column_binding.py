"""Which column of a record batch is which fact, worked out once for a schema.

In: a schema and a program. Out: `Binding`, or diagnostics about headers. Called by `evaluate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from fupin_policy.batch.column_readers import ColumnReader
from fupin_policy.batch.period_lists import (
    VALUES,
    BoundList,
    BoundPart,
    entry_parts,
    period_part,
    row_part,
)
from fupin_policy.batch.sql import ROW
from fupin_policy.core.declarations import FactDecl, ListDecl, Series
from fupin_policy.core.periods import period_of
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.notation import AT_LEAST_WORDS, EACH, RESERVED
from fupin_policy.intake.partial import slot
from fupin_policy.intake.period_headers import PERIODS, fact_of_header
from fupin_policy.intake.period_values import EXAMPLES, period_of_key

MEMBERS = "members"


@dataclass(frozen=True, slots=True)
class Bound:
    """A column at a position, and who reads it. Facts of text, and those that no rule uses, are read by nobody.

    Of a fact by month it is one month, or the column for all months that have none of their own: its inputs come first.
    """

    position: int
    name: str
    fact: FactDecl
    reader: ColumnReader | None
    looked_at: bool = True
    """Of a fact by month, whether it is looked at."""


@dataclass(frozen=True, slots=True)
class BoundItems:
    """A column at a position with the items of a list: the parts of an item that are facts, and which is its row in a
    table, or None.

    `within` is None where the column is the list; else which field of a struct has items beside which there may be
    others.
    """

    position: int
    name: str
    declared: ListDecl
    facts: tuple[Bound, ...] = ()
    row: int | None = None
    within: int | None = None


@dataclass(frozen=True, slots=True)
class BoundTable:
    """The columns of one table: where the ids stand, and the facts."""

    id: int
    id_name: str
    facts: tuple[Bound, ...]
    lists: tuple[BoundList, ...] = ()
    """Columns of lists, whose entries give facts by month or year."""
    items: tuple[BoundItems, ...] = ()
    """Columns of lists that the rules declare."""

    @property
    def positions(self) -> tuple[int, ...]:
        """Where its facts stand."""
        columns: tuple[Bound | BoundList | BoundItems, ...] = (*self.facts, *self.lists, *self.items)
        return tuple(one.position for one in columns)


@dataclass(frozen=True, slots=True)
class Binding:
    """The columns of households, which include the village's facts, and those of their members."""

    households: BoundTable
    members: BoundTable | None
    list: int | None


class Binder:
    """Binds schemas to one program. Safe to share between threads: readers are shared, and so what they remember."""

    __slots__ = ("_program", "_readers")

    def __init__(self, program: Program) -> None:
        self._program = program
        self._readers = {fact.name: _reader(fact, program) for fact in program.facts}

    def bind(self, schema: pa.Schema, as_of: int, reporter: Reporter) -> Binding | None:
        """What the columns mean on a day; None with every header that has no place, or lacks, reported."""
        keys = {key: "id" for key, meaning in RESERVED["household"].items() if meaning == "id"}
        lists = {key for key, meaning in RESERVED["household"].items() if meaning == MEMBERS}
        found = [index for index, name in enumerate(schema.names) if name in lists]
        own = [(index, schema.field(index)) for index in range(len(schema)) if index not in found]
        households = self._table(own, "household", keys, "", as_of, reporter)
        members = None
        if found:
            members = self._members(schema.field(found[0]), as_of, reporter)
        elif self._program.member_inputs or self._program.min_members:
            reporter.report("H004", MEMBERS)
        if reporter.errors or households is None:
            return None
        return Binding(households, members, found[0] if found else None)

    def _members(self, field: pa.Field, as_of: int, reporter: Reporter) -> BoundTable | None:
        kind = field.type
        if not pa.types.is_list(kind) or not pa.types.is_struct(kind.value_type):
            reporter.report("H005", field.name, given=str(kind))
            return None
        inner = kind.value_type
        fields = [(index, inner.field(index)) for index in range(inner.num_fields)]
        return self._table(fields, "member", dict(RESERVED["member"]), f"{field.name}.", as_of, reporter)

    def _table(
        self,
        fields: Iterable[tuple[int, pa.Field]],
        level: str,
        ids: dict[str, str],
        path: str,
        as_of: int,
        reporter: Reporter,
    ) -> BoundTable | None:
        ids = {**dict.fromkeys(ids, "id"), **_identifier(self._program, level)}
        facts = {key: fact for fact in self._program.facts if self._is_of(fact, level) for key in fact.called}
        bound: list[Bound] = []
        taken: dict[str, str] = {}
        own: tuple[int, str] | None = None
        lists: list[BoundList] = []
        items: list[BoundItems] = []
        declared = {key: one for one in self._program.lists_of(level) for key in one.keys}
        for index, field in fields:
            name, fact = field.name, fact_of_header(facts, field.name)
            if name in declared:
                items += self._items(index, field, declared[name], path, taken, reporter)
                continue
            one = self._list(index, field, facts, path, taken, reporter)
            if one is not None:
                lists.append(one)
                continue
            meaning = "id" if name in ids and name not in facts else fact.name if fact is not None else None
            if meaning is None:
                self._report_unknown(name, f"{path}{name}", [*facts, *ids, *declared], reporter)
            elif meaning in taken:
                reporter.report("H015", f"{path}{name}", name=name, other=taken[meaning])
            elif meaning == "id":
                own = (index, name)
            elif fact is not None and fact.series is not None:
                bound += self._of_series(index, name, fact, fact.series, as_of, reporter)
            elif fact is not None:
                bound.append(Bound(index, name, fact, self._readers[meaning]))
            if meaning is not None:
                taken.setdefault(meaning, name)
        self._apart(bound, lists, path, reporter)
        bound.sort(key=lambda one: one.fact.series is None or not one.fact.name.endswith(EACH))
        filled = _filled_by_numbers(one.fact for one in bound)
        self._demand([fact for fact in facts.values() if fact.name not in filled], taken, path, reporter)
        _refuse_both(bound, path, reporter)
        if own is None:
            reporter.report("H002" if level == "household" else "H008", f"{path}id")
            return None
        return BoundTable(own[0], own[1], tuple(bound), tuple(lists), tuple(items))

    def _is_of(self, fact: FactDecl, level: str) -> bool:
        """Whether a fact stands in a table's own columns; those of places stand with those of households."""
        if fact.level in self._program.item_inputs:
            return False
        return fact.level == level if level == "member" else fact.level != "member"

    def _report_unknown(self, name: str, path: str, known: Iterable[str], reporter: Reporter) -> None:
        """A header that names no fact of its table; of a fact of items it is said where that belongs."""
        levels = (fact.level for fact in self._program.facts if name in fact.called)
        listed = next((one for level in levels for one in self._program.lists if one.name == level), None)
        if listed is None:
            reporter.report("H011", path, suggestion=reporter.suggest(name, known), name=name)
        else:
            reporter.report("H099", path, name=name, list=listed.words.zh, list_en=listed.words.en)

    def _items(
        self, index: int, field: pa.Field, declared: ListDecl, path: str, taken: dict[str, str], reporter: Reporter
    ) -> Iterator[BoundItems]:
        """A column of a list's items: `list<struct<…>>`, or a struct of that as `at_least`."""
        name, kind, within = field.name, field.type, None
        if declared.name in taken:
            reporter.report("H015", f"{path}{name}", name=name, other=taken[declared.name])
        taken.setdefault(declared.name, name)
        if pa.types.is_struct(kind):
            for at, one in enumerate(kind.field(at) for at in range(kind.num_fields)):
                if one.name not in AT_LEAST_WORDS:
                    reporter.report("H096", f"{path}{name}.{one.name}", name=one.name)
                elif within is not None:
                    reporter.report("H015", f"{path}{name}.{one.name}", name=one.name, other=kind.field(within).name)
                else:
                    within = at
            kind = kind if within is None else kind.field(within).type
        if pa.types.is_null(kind):
            yield BoundItems(index, name, declared, within=within)
        elif not pa.types.is_list(kind) or not (
            pa.types.is_struct(kind.value_type) or pa.types.is_null(kind.value_type)
        ):
            reporter.report("H094", f"{path}{name}", name=declared.label, given=str(kind))
        else:
            inner = kind.value_type
            fields = [inner.field(at).name for at in range(inner.num_fields)] if pa.types.is_struct(inner) else []
            facts = self._item_facts(declared, fields, f"{path}{name}.", reporter)
            yield BoundItems(index, name, declared, facts, fields.index(ROW) if ROW in fields else None, within)

    def _item_facts(
        self, declared: ListDecl, fields: Sequence[str], path: str, reporter: Reporter
    ) -> tuple[Bound, ...]:
        facts = {key: one for one in self._program.facts if one.level == declared.name for key in one.called}
        taken: dict[str, str] = {}
        bound: list[Bound] = []
        for at, name in enumerate(fields):
            fact = facts.get(name)
            if fact is None:
                if name != ROW:
                    self._report_unknown(name, f"{path}{name}", facts, reporter)
                continue
            if fact.name in taken:
                reporter.report("H015", f"{path}{name}", name=name, other=taken[fact.name])
            taken.setdefault(fact.name, name)
            bound.append(Bound(at, name, fact, self._readers[fact.name]))
        if fields:
            self._demand(facts.values(), taken, path, reporter)
        return tuple(bound)

    def _list(
        self,
        index: int,
        field: pa.Field,
        facts: Mapping[str, FactDecl],
        path: str,
        taken: dict[str, str],
        reporter: Reporter,
    ) -> BoundList | None:
        """A column of lists that give facts by month; None if it is no such column."""
        names, fact = entry_parts(field.type), facts.get(field.name)
        period = None if names is None else period_part(names)
        if names is None or period is None or (fact is not None and fact.series is None):
            return None
        each, row = PERIODS[names[period]], row_part(names)
        if fact is not None and fact.series is not None:
            each = fact.series.each
        parts: list[BoundPart] = []
        for at, name in enumerate(names):
            if at in (period, row):
                continue
            one = facts.get(name) if fact is None else fact if name in VALUES else None
            series = None if one is None else one.series
            if one is None or series is None or series.each != each:
                reporter.report("H011", f"{path}{field.name}.{name}", suggestion=None, name=name)
                continue
            if series.name in taken:
                reporter.report("H015", f"{path}{field.name}.{name}", name=name, other=taken[series.name])
            taken.setdefault(series.name, field.name)
            reader = self._readers[series.input(0)]
            readers = [self._readers[series.input(ago)] for ago in range(series.back + 1)]
            if reader is not None:
                columns = tuple(() if other is None else other.slot.columns for other in readers)
                called = field.name if fact is not None else name
                parts.append(BoundPart(at, called, one, series, reader, columns))
        return BoundList(index, field.name, each, period, names[period], row, tuple(parts))

    def _apart(self, bound: Iterable[Bound], lists: Iterable[BoundList], path: str, reporter: Reporter) -> None:
        """A fact by month is given in columns of its months, or in lists, not in both."""
        listed = {part.series.name: one.name for one in lists for part in one.parts}
        for one in bound:
            series = one.fact.series
            if series is not None and series.name in listed:
                reporter.report("H015", f"{path}{one.name}", name=one.name, other=listed[series.name])

    def _of_series(
        self, index: int, name: str, fact: FactDecl, series: Series, as_of: int, reporter: Reporter
    ) -> list[Bound]:
        """The column of a month or year; outside the window it is read, to be checked, and fills nothing."""
        period = fact.name.removeprefix(series.name).strip()
        if not period:
            reporter.report(
                "H090", name, name=series.label, period=f"{series.label} {EXAMPLES[series.each]}", given=name
            )
            return []
        first = self._readers[series.input(0)]
        if first is None:
            return []
        agos = range(series.back + 1)
        if period != EACH:
            ago = period_of(series.each, as_of) - int(period_of_key(period, series.each) or 0)
            agos = range(ago, ago + 1) if 0 <= ago <= series.back else range(0)
        readers = [self._readers[series.input(ago)] for ago in agos]
        columns = tuple(column for one in readers if one is not None for column in one.slot.columns)
        return [Bound(index, name, fact, ColumnReader(replace(first.slot, columns=columns)), len(agos) > 0)]

    def _demand(self, facts: Iterable[FactDecl], taken: dict[str, str], path: str, reporter: Reporter) -> None:
        for fact in dict.fromkeys(facts):
            if fact.required and fact.name not in taken:
                reporter.report("H016", f"{path}{fact.label}", name=fact.label)


def _reader(fact: FactDecl, program: Program) -> ColumnReader | None:
    inputs = program.inputs_of(fact.level)
    return None if fact.type is None or fact.kind == "text" else ColumnReader(slot(fact, inputs, program.code_lists))


def _identifier(program: Program, level: str) -> dict[str, str]:
    return {program.identifiers[level]: "id"} if level in program.identifiers else {}


def _filled_by_numbers(facts: Iterable[FactDecl]) -> set[str]:
    """The facts that numbers of identity among some facts fill."""
    return {name for fact in facts if fact.number is not None for name in fact.number.fills}


def _refuse_both(bound: Iterable[Bound], path: str, reporter: Reporter) -> None:
    """Refuse a column that says of numbers what their own column tells."""
    columns = {one.fact.name: one.name for one in bound}
    for one in bound:
        if one.fact.tells_of in columns:
            reporter.report("H015", f"{path}{one.name}", name=one.name, other=columns[one.fact.tells_of])
