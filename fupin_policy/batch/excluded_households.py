"""Rows that are set apart before a bucket is decided: what is no record, what is told twice, what cannot be read.

In: the households' and members' rows of a bucket. Out: `Apart`: rows to be decided, rejects. Called by
`bucket_decisions`.
A household is decided only with all that its rows say: one bad row takes all rows of its household with it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.further_tables import FurtherNames, without_owner
from fupin_policy.batch.mapping import RegistryMapping
from fupin_policy.batch.rejects import FAULT, sentences
from fupin_policy.batch.sql import FAULTS, ROW, ROWS_OF_A_SHEET
from fupin_policy.batch.staging import HOUSEHOLD, NO_RECORD, Suspects
from fupin_policy.intake.scalars import Fault, shown

REJECTS = pa.schema([("file", pa.string()), ("row", pa.int64()), ("household", pa.string()), *FAULT])
"""A row for each fault: where it stands in the files as given. Every rejected row has one at least."""

Told = tuple[str, str, Fault]
"""What is wrong with a row: the column, the value as shown, the fault."""


@dataclass(frozen=True, slots=True)
class Names:
    """How the two files and their id columns are called where rejects are reported."""

    households: str
    members: str
    household: str
    member: str
    columns: dict[str, str]
    """By fact: the header it came from."""
    sheets: tuple[str, ...] = ()
    """The sheets of the households' table, where it has several."""
    further: tuple[FurtherNames, ...] = ()
    """Those of the tables of facts by month, and of lists."""

    @classmethod
    def of(
        cls,
        mapping: RegistryMapping,
        households: str,
        members: str,
        sheets: tuple[str, ...] = (),
        further: Sequence[str] = (),
    ) -> Names:
        """Of mapped tables that are called so."""
        own, inner = mapping.households, mapping.members
        columns = {column.fact.name: column.header for table in (own, inner) if table for column in table.columns}
        others = tuple(FurtherNames.of(*one) for one in zip(mapping.further, further, strict=True))
        member = (inner.member if inner else None) or ""
        return cls(households, members, own.household, member, columns, sheets, others)

    def line(self, row: int) -> str:
        """A row of the households' table as people find it."""
        if not self.sheets:
            return str(row)
        sheet, number = divmod(row, ROWS_OF_A_SHEET)
        return f"{self.sheets[sheet]}!{number}"


@dataclass(frozen=True, slots=True)
class Apart:
    """The rows of households that can be decided, and why the others cannot."""

    own: pa.Table
    persons: pa.Table
    rejects: list[pa.Table]
    further: tuple[pa.Table, ...] = ()


def set_apart(
    own: pa.Table, persons: pa.Table, names: Names, suspects: Suspects, further: Sequence[pa.Table] = ()
) -> Apart:
    """Take out what is no record, repeated rows, and all rows of a household one of which is faulty.

    `further` are the rows of other tables, which belong to households or members.
    """
    own, rejects = _records(own, names.households, names.household)
    persons, of_members = _records(persons, names.members, names.household)
    twice = _told_twice(own)
    own, repeated = _once(own, twice, names)
    rejects += [*of_members, *repeated]
    told_own, told_inner = _faults(own), _faults(persons)
    others = [_owned(*one, own, persons) for one in zip(further, names.further, strict=True)]
    rejects += [table for one in others for table in one.rejects]
    for household, (rows, same) in twice.items():
        for row in () if same else rows:
            lines = tuple(map(names.line, rows))
            told_own[row].append((names.household, "", Fault("B150", (("id", shown(household)), ("lines", lines)))))
    lost = _households_of(own, told_own) | _households_of(persons, told_inner) | set(suspects)
    lost = lost.union(*(_households_of(one.rows, one.told) for one in others))
    for household in lost & set(suspects):
        file, line = suspects[household]
        for row in own[ROW].filter(pc.equal(own[HOUSEHOLD], household)).to_pylist():
            told_own[row].append(("", "", Fault("B147", (("file", file), ("line", line)))))
    if lost:
        own, one = _without(own, lost, told_own, names.households)
        persons, other = _without(persons, lost, told_inner, names.members)
        rejects += [*one, *other]
        for table in others:
            table.rows, of_table = _without(table.rows, lost, table.told, table.names.file)
            rejects += of_table
    return Apart(_plain(own), _plain(persons), rejects, tuple(_plain(one.rows) for one in others))


@dataclass(slots=True)
class _Owned:
    """The rows of a further table whose household is there, what is wrong with them, and why the others are not."""

    rows: pa.Table
    names: FurtherNames
    told: dict[int, list[Told]]
    rejects: list[pa.Table]


def _owned(rows: pa.Table, names: FurtherNames, own: pa.Table, persons: pa.Table) -> _Owned:
    rows, rejects = _records(rows, names.file, names.household)
    told = _faults(rows)
    strangers = []
    numbers = rows[ROW]
    for at, given, known, fault in without_owner(rows, own, persons, names):
        if known:
            told[numbers[at].as_py()].append((names.member or names.household, given, fault))
        else:
            strangers.append(at)
            rejects.append(refusals(rows, np.array([at]), names.file, names.household, fault))
    if strangers:
        kept = np.ones(rows.num_rows, bool)
        kept[strangers] = False
        rows = rows.filter(pa.array(kept))
    return _Owned(rows, names, told, rejects)


def refusals(table: pa.Table, at: Array, file: str, column: str, fault: Fault) -> pa.Table:
    """The same fault of the id at rows of a table."""
    rows = table.take(pa.array(at))
    ids, count = rows[HOUSEHOLD].combine_chunks(), len(at)
    texts = [file, column, fault.code, *sentences(fault)]
    same = [pa.array([text], pa.string()).take(pa.array(np.zeros(count, np.int64))) for text in texts]
    columns = [same[0], rows[ROW].combine_chunks(), ids, same[1], ids, *same[2:]]
    return pa.Table.from_arrays(columns, schema=REJECTS)


def _records(table: pa.Table, file: str, column: str) -> tuple[pa.Table, list[pa.Table]]:
    """The rows that have a household's id; those below a sheet's records are told from those that lack one."""
    ids = pc.fill_null(table[HOUSEHOLD].combine_chunks(), "")
    blank, others = pc.equal(ids, ""), pc.match_substring_regex(ids, NO_RECORD)
    found = [
        refusals(table, np.flatnonzero(mask.to_numpy(zero_copy_only=False)), file, column, fault)
        for mask, fault in ((blank, Fault("H069", (("name", column),))), (others, Fault("B145")))
        if pc.any(mask).as_py()
    ]
    return (table.filter(pc.invert(pc.or_(blank, others))), found) if found else (table, [])


def _told_twice(own: pa.Table) -> dict[str, tuple[list[int], bool]]:
    """By household that has several rows: their numbers, and whether they all say the same."""
    counts = pc.value_counts(own[HOUSEHOLD].combine_chunks())
    several = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    if not len(several):
        return {}
    rows = own.filter(pc.is_in(own[HOUSEHOLD], value_set=several))
    numbers = rows[ROW].to_pylist()
    # compared as Arrow has them: there are days that Python does not have
    columns = [
        column.combine_chunks() for name, column in zip(rows.column_names, rows.columns, strict=True) if name != ROW
    ]
    places: dict[str, list[int]] = defaultdict(list)
    for at, household in enumerate(rows[HOUSEHOLD].to_pylist()):
        places[household].append(at)
    return {
        household: (
            [numbers[at] for at in found],
            all(column[at].equals(column[found[0]]) for at in found[1:] for column in columns),
        )
        for household, found in places.items()
    }


def _once(own: pa.Table, twice: Mapping[str, tuple[list[int], bool]], names: Names) -> tuple[pa.Table, list[pa.Table]]:
    """The first of rows that say the same; the others are rejected."""
    again = {row: (household, rows[0]) for household, (rows, same) in twice.items() if same for row in rows[1:]}
    if not again:
        return own, []
    numbers = own[ROW].to_numpy()
    at = np.flatnonzero(np.isin(numbers, list(again)))
    rejects = []
    for position in at.tolist():
        household, first = again[int(numbers[position])]
        fault = Fault("H065", (("id", shown(household)), ("line", names.line(first))))
        rejects.append(refusals(own, np.array([position]), names.households, names.household, fault))
    kept = np.ones(len(numbers), bool)
    kept[at] = False
    return own.filter(pa.array(kept)), rejects


def _faults(table: pa.Table) -> dict[int, list[Told]]:
    """By row: what the reader of the table could not take at its word."""
    found: dict[int, list[Told]] = defaultdict(list)
    if FAULTS in table.column_names and table[FAULTS].null_count < table.num_rows:
        marked = table.filter(pc.is_valid(table[FAULTS]))
        for row, text in zip(marked[ROW].to_pylist(), marked[FAULTS].to_pylist(), strict=True):
            for column, value, code, words in json.loads(text):
                found[row].append((column, value, Fault(code, tuple(words.items()))))
    return found


def _households_of(table: pa.Table, told: Mapping[int, list[Told]]) -> set[str]:
    if not told:
        return set()
    rows = pc.is_in(table[ROW], value_set=pa.array(list(told), pa.int64()))
    return set(table[HOUSEHOLD].filter(rows).to_pylist())


def _without(
    table: pa.Table, lost: set[str], told: Mapping[int, list[Told]], file: str
) -> tuple[pa.Table, list[pa.Table]]:
    """The rows of other households; those of lost ones are rejected, each for what is wrong with it or another."""
    gone = pc.is_in(table[HOUSEHOLD], value_set=pa.array(list(lost), pa.string()))
    rows = []
    for row, household in zip(*(table[name].filter(gone).to_pylist() for name in (ROW, HOUSEHOLD)), strict=True):
        for column, value, fault in told.get(row) or [("", "", Fault("B102"))]:
            zh, en = sentences(fault)
            words = {"column": column, "value": value or household, "code": fault.code, "zh": zh, "en": en}
            rows.append({"file": file, "row": row, "household": household, **words})
    return table.filter(pc.invert(gone)), [pa.Table.from_pylist(rows, schema=REJECTS)]


def _plain(table: pa.Table) -> pa.Table:
    return table.drop_columns([FAULTS]) if FAULTS in table.column_names else table
