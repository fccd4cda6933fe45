"""Which column of a record batch is which fact, worked out once for a schema.

In: a schema and a program. Out: `Binding`, or diagnostics about headers. Called by `evaluate`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pyarrow as pa

from fupin_policy.batch.column_readers import ColumnReader
from fupin_policy.batch.period_headers import fact_of_header
from fupin_policy.core.declarations import FactDecl, Series
from fupin_policy.core.periods import period_of
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.notation import EACH, RESERVED
from fupin_policy.intake.partial import slot
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


@dataclass(frozen=True, slots=True)
class BoundTable:
    """The columns of one table: where the ids stand, and the facts."""

    id: int
    id_name: str
    facts: tuple[Bound, ...]


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
        own = [(index, name) for index, name in enumerate(schema.names) if index not in found]
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
        names = [(index, inner.field(index).name) for index in range(inner.num_fields)]
        return self._table(names, "member", dict(RESERVED["member"]), f"{field.name}.", as_of, reporter)

    def _table(
        self,
        names: Iterable[tuple[int, str]],
        level: str,
        ids: dict[str, str],
        path: str,
        as_of: int,
        reporter: Reporter,
    ) -> BoundTable | None:
        ids = {**dict.fromkeys(ids, "id"), **_identifier(self._program, level)}
        facts = {key: fact for fact in self._program.facts if _of(fact, level) for key in fact.called}
        bound: list[Bound] = []
        taken: dict[str, str] = {}
        own: tuple[int, str] | None = None
        for index, name in names:
            fact = fact_of_header(facts, name)
            meaning = "id" if name in ids and name not in facts else fact.name if fact is not None else None
            if meaning is None:
                reporter.report("H011", f"{path}{name}", suggestion=reporter.suggest(name, [*facts, *ids]), name=name)
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
        bound.sort(key=lambda one: one.fact.series is None or not one.fact.name.endswith(EACH))
        self._demand(facts.values(), taken, path, reporter)
        if own is None:
            reporter.report("H002" if level == "household" else "H008", f"{path}id")
            return None
        return BoundTable(own[0], own[1], tuple(bound))

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
        return [Bound(index, name, fact, ColumnReader(replace(first.slot, columns=columns)))]

    def _demand(self, facts: Iterable[FactDecl], taken: dict[str, str], path: str, reporter: Reporter) -> None:
        for fact in dict.fromkeys(facts):
            if fact.required and fact.name not in taken:
                reporter.report("H016", f"{path}{fact.label}", name=fact.label)


def _reader(fact: FactDecl, program: Program) -> ColumnReader | None:
    inputs = program.member_inputs if fact.level == "member" else program.household_inputs
    return None if fact.type is None or fact.kind == "text" else ColumnReader(slot(fact, inputs, program.code_lists))


def _of(fact: FactDecl, level: str) -> bool:
    return fact.level == level if level == "member" else fact.level != "member"


def _identifier(program: Program, level: str) -> dict[str, str]:
    return {program.identifiers[level]: "id"} if level in program.identifiers else {}
