"""What people were asked, put into the rows of a bucket: over what the registry says, and counted where it said else.

In: a bucket's tables and the answers of its households. Out: the tables with the answers, and what has no place in
them. Called by `checkpoints`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.bucket_decisions import Bucket
from fupin_policy.batch.counts import Counts
from fupin_policy.batch.excluded_households import REJECTS
from fupin_policy.batch.further_tables import FurtherNames
from fupin_policy.batch.rejects import sentences
from fupin_policy.batch.sql import ROW
from fupin_policy.batch.staging import HOUSEHOLD, MEMBER, PERIOD
from fupin_policy.batch.table_files import plain_type
from fupin_policy.core.declarations import Each
from fupin_policy.diagnostics import InputError
from fupin_policy.intake.period_values import period_of_key
from fupin_policy.intake.scalars import Fault, shown

_ADDED = 1 << 40
"""Rows of months from here on are no rows of the registry, but of the table of answers."""

StagedAnswer = Mapping[str, Any]
"""A row of `answers.STAGED`."""


@dataclass(slots=True)
class AnsweredRows:
    """A bucket's tables: of households, members, and further ones as they are called; changed as answers are put in."""

    file: str
    """How the table of answers is called."""
    own: pa.Table
    persons: pa.Table
    further: list[pa.Table]
    names: tuple[FurtherNames, ...]
    added: Counter[str] = field(default_factory=Counter)
    """How many rows were added to each further table."""
    answered: Counter[str] = field(default_factory=Counter)
    replaced: Counter[str] = field(default_factory=Counter)
    lost: list[tuple[StagedAnswer, Fault]] = field(default_factory=list)

    def fill(self, answers: Sequence[StagedAnswer]) -> None:
        """Put in all answers. Raises InputError for a column of the registry into which nothing can be put."""
        columns: dict[tuple[bool, str], list[StagedAnswer]] = {}
        for one in answers:
            series = one["fact"].partition(" ")[0]
            if one["list"] is not None:
                self._item(one)
            elif " " in one["fact"] and (at := self._months(series, one["member"] is not None)) is not None:
                self._month(at, series, one)
            else:
                columns.setdefault((one["member"] is not None, one["fact"]), []).append(one)
        for (of_member, fact), some in columns.items():
            table = self.persons if of_member else self.own
            table = self._column(table, fact, some, [HOUSEHOLD, MEMBER] if of_member else [HOUSEHOLD])
            if of_member:
                self.persons = table
            else:
                self.own = table

    def _column(self, table: pa.Table, fact: str, answers: Sequence[StagedAnswer], ids: Sequence[str]) -> pa.Table:
        """A fact of households or members: each row of theirs gets the value."""
        wanted = {_key(one, ids): one for one in answers}
        at = _places(table, wanted, ids)
        for key, one in wanted.items():
            if not at.get(key):
                self.lost.append((one, Fault("B233")))
        given = {row: wanted[key] for key, rows in at.items() for row in rows}
        return table if not given else self._filled(table, fact, given)

    def _filled(self, table: pa.Table, fact: str, given: Mapping[int, StagedAnswer]) -> pa.Table:
        column = _texts(table, fact, next(iter(given.values()))["label"])
        rows = sorted(given)
        before = column.take(pa.array(rows)).to_pylist()
        for one, was in {id(given[row]): (given[row], was) for row, was in zip(rows, before, strict=True)}.values():
            self.answered[one["label"]] += 1
            self.replaced[one["label"]] += was is not None and was.strip() not in ("", one["value"])
        mask = np.zeros(table.num_rows, bool)
        mask[rows] = True
        values = pa.array([given[row]["value"] for row in rows], pa.string())
        column = pc.replace_with_mask(column, pa.array(mask), values)
        if fact in table.column_names:
            return table.set_column(table.column_names.index(fact), fact, column)
        return table.append_column(fact, column)

    def _item(self, one: StagedAnswer) -> None:
        """A fact of an item: a cell that is blank is filled; what has a value may be another item by now."""
        for at, names in enumerate(self.names):
            if names.list != one["list"]:
                continue
            table, ids = self.further[at], [HOUSEHOLD, *([] if names.member is None else [MEMBER])]
            rows = _places(table, [_key(one, ids)], ids)[_key(one, ids)]
            if one["item"] >= len(rows):
                break
            row = rows[one["item"]]
            was = _texts(table, one["fact"], one["label"])[row].as_py()
            if was is not None and was.strip() not in ("", one["value"]):
                words = (("given", shown(was)), ("text", shown(one["value"])))
                self.lost.append((one, Fault("B234", words)))
            else:
                self.further[at] = self._filled(table, one["fact"], {row: one})
            return
        self.lost.append((one, Fault("B233")))

    def _months(self, series: str, of_member: bool) -> int | None:
        """The table that has a row for each month of a fact; None where there is none."""
        found = (
            at
            for at, one in enumerate(self.names)
            if one.list is None and series in one.columns and (one.member is not None) == of_member
        )
        return next(found, None)

    def _month(self, at: int, series: str, one: StagedAnswer) -> None:
        """A fact of a month: in the row of that month, or in a row of its own."""
        names, table = self.names[at], self.further[at]
        of_member = names.member is not None
        ids = [HOUSEHOLD, MEMBER] if of_member else [HOUSEHOLD]
        key = _key(one, ids)
        whose = _places(self.persons if of_member else self.own, [key], ids)[key]
        if not whose:
            self.lost.append((one, Fault("B233")))
            return
        each: Each = "year" if names.period == "year" else "month"
        wanted = period_of_key(one["fact"].partition(" ")[2], each)
        rows = [row for row in _places(table, [key], ids)[key] if _period(table, row, each) == wanted]
        if not rows:
            cells = {HOUSEHOLD: one["household"], MEMBER: one["member"], PERIOD: one["fact"].partition(" ")[2]}
            table = _with_row(table, {**cells, ROW: _ADDED + one["row"]})
            rows = [table.num_rows - 1]
            self.added[names.file] += 1
        self.further[at] = self._filled(table, series, dict.fromkeys(rows, one))

    def told(self, found: Bucket, answers: Sequence[StagedAnswer]) -> Bucket:
        """What became of a bucket, with what became of the answers."""
        refused = [code != "H065" for code in found.rejects["code"].to_pylist()]
        gone = set(found.rejects.filter(pa.array(refused, pa.bool_()))["household"].drop_null().to_pylist())
        lost = {id(one) for one, _ in self.lost}
        unused = [(one, Fault("B102")) for one in answers if id(one) not in lost and one["household"] in gone]
        rows = []
        for one, fault in [*self.lost, *unused]:
            zh, en = sentences(fault)
            told = {"household": one["household"], "column": one["label"], "value": one["value"], "code": fault.code}
            rows.append({"file": self.file, "row": one["row"], **told, "zh": zh, "en": en})
        mine = pa.Table.from_pylist(rows, schema=REJECTS)
        counts = found.counts + Counts(
            rows={self.file: len(answers)},
            rows_rejected={self.file: len(rows)},
            answered=dict(self.answered),
            replaced=dict(+self.replaced),
        )
        read = {**counts.rows, **{name: counts.rows[name] - count for name, count in self.added.items()}}
        kept = pc.less(found.rejects["row"], _ADDED)
        mine_among = found.rejects.filter(pc.invert(kept)).select(["file", "row"]).to_pylist()
        refused_here = Counter(file for file, _ in {(one["file"], one["row"]) for one in mine_among})
        rejected = {name: count - refused_here[name] for name, count in counts.rows_rejected.items()}
        counts = replace(counts, rows=read, rows_rejected=rejected)
        return replace(found, rejects=pa.concat_tables([found.rejects.filter(kept), mine]), counts=counts)


def _key(one: StagedAnswer, ids: Sequence[str]) -> tuple[str | None, ...]:
    return tuple({HOUSEHOLD: one["household"], MEMBER: one["member"]}[name] for name in ids)


def _places(
    table: pa.Table, keys: Iterable[tuple[str | None, ...]], ids: Sequence[str]
) -> dict[tuple[str | None, ...], list[int]]:
    """The rows of a table that have some ids, in their order."""
    found: dict[tuple[str | None, ...], list[int]] = {key: [] for key in keys}
    mine = pc.is_in(table[HOUSEHOLD].cast(pa.string()), value_set=pa.array(sorted({key[0] or "" for key in found})))
    rows = np.flatnonzero(pc.fill_null(mine, False).to_numpy())
    columns = [table[name].take(pa.array(rows)).to_pylist() for name in ids]
    for row, *key in zip(rows.tolist(), *columns, strict=True):
        if tuple(key) in found:
            found[tuple(key)].append(row)
    return found


def _period(table: pa.Table, row: int, each: Each) -> int | None:
    try:
        return period_of_key(str(table[PERIOD][row].as_py()), each)
    except ValueError:
        return None


def _with_row(table: pa.Table, cells: Mapping[str, object]) -> pa.Table:
    """One row more; what is not told of it is blank."""
    names = table.column_names
    row = [pa.array([cells.get(name)], plain_type(table[name].type, lists=True)) for name in names]
    columns = [column.cast(plain_type(column.type, lists=True)) for column in table.columns]
    return pa.concat_tables([pa.table(columns, names), pa.table(row, names)]).combine_chunks()


def _texts(table: pa.Table, fact: str, label: str) -> pa.ChunkedArray | pa.Array:
    """A column as texts as they would be typed; nulls where it is not there. Raises InputError for nested values."""
    if fact not in table.column_names:
        return pa.nulls(table.num_rows, pa.string())
    column = table[fact].combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.nulls(0, pa.string())
    kind = plain_type(column.type, lists=True)
    if pa.types.is_string(kind) or pa.types.is_null(kind):
        return column.cast(pa.string())
    if pa.types.is_nested(kind):
        raise InputError.of("B235", label, name=label)
    return pa.array([_typed(one) for one in column.to_pylist()], pa.string())


def _typed(value: object) -> str | None:
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value.normalize():f}"
        case float():
            return repr(value).removesuffix(".0")
        case _:
            return str(value)
