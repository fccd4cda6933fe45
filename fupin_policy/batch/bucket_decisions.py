"""One bucket of a run: its households put together with their members, decided, and what could not be.

In: the bucket's staged files, or its two tables. Out: `Bucket`. Called by `checkpoints` and `spark`, several at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.column_binding import MEMBERS
from fupin_policy.batch.column_readers import ColumnReader
from fupin_policy.batch.counts import Counts
from fupin_policy.batch.evaluate import BatchEvaluator, BatchRequest, Decided
from fupin_policy.batch.excluded_households import REJECTS, Names, refusals, set_apart
from fupin_policy.batch.further_tables import Further, by_columns
from fupin_policy.batch.previous_values import PreviousDecisions
from fupin_policy.batch.sql import ROW
from fupin_policy.batch.staging import BUCKET, HOUSEHOLD, MEMBER, Suspects
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.program import Program
from fupin_policy.intake.partial import slot
from fupin_policy.intake.scalars import Fault, shown

NOBODY = pa.schema([(HOUSEHOLD, pa.string()), (MEMBER, pa.string()), (ROW, pa.int64())])
"""A table without facts."""

LABELS = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True, slots=True)
class Bucket:
    """What became of a bucket. `decisions` have the kept columns beside the evaluator's own.

    `own` and `persons` are the rows that could be read as households and their members.
    """

    decisions: pa.Table
    rejects: pa.Table
    counts: Counts
    own: pa.Table = field(default_factory=NOBODY.empty_table)
    persons: pa.Table = field(default_factory=NOBODY.empty_table)
    further: tuple[Further, ...] = ()
    """What belongs to these households and members."""


def decide_tables(
    own: pa.Table,
    persons: pa.Table,
    evaluator: BatchEvaluator,
    program: Program,
    names: Names,
    as_of: str,
    asked: BatchRequest,
    kept: Sequence[FactDecl] = (),
    suspects: Suspects = MappingProxyType({}),
    previous: PreviousDecisions | None = None,
    further: Sequence[pa.Table] = (),
) -> Bucket:
    """Decide households with their members; both tables have ids, facts and row numbers, and rise by these.

    `suspects` are households that may lack a member, whose row could not be read. `previous` is what was decided last.
    `further` are the tables of facts by month and of lists, called as in `names`.
    """
    read = (own.num_rows, persons.num_rows)
    apart = set_apart(own, persons, names, suspects, further)
    own = apart.own
    persons, owners, orphans = _owned(apart.persons, own, names)
    rejects = [*apart.rejects, *orphans]
    order = np.argsort(owners, kind="stable")
    persons, owners = persons.take(pa.array(order)), owners[order]
    offsets = np.searchsorted(owners, np.arange(own.num_rows + 1)).astype(np.int32)
    before = None
    if previous is not None:
        before = previous.values(program, _whole(own[HOUSEHOLD]), owners, _whole(persons[MEMBER]))
    others = [Further.of(*one, own, persons) for one in zip(apart.further, names.further, strict=True)]
    found = evaluator.decide(_batch(own, persons, offsets, others), as_of, asked, before)
    rejects += _rejects(found, own, persons, owners, names, others)
    all_rejects = pa.concat_tables([REJECTS.empty_table(), *rejects])
    lost, gone = read[0] - own.num_rows, read[1] - persons.num_rows
    counts = found.counts + Counts(lost, gone, lost, gone) + _rows(further, others, found)
    return Bucket(_with_kept(found, own, persons, kept, program), all_rejects, counts, own, persons, tuple(others))


def read_bucket(files: Iterable[Path]) -> pa.Table:
    """The rows of files, in the order in which they were given."""
    tables = []
    for path in files:
        schema = pq.read_schema(path)
        texts = [
            field.name for field in schema if pa.types.is_string(field.type) and field.name not in (HOUSEHOLD, MEMBER)
        ]
        table = pq.ParquetFile(path, read_dictionary=texts).read()
        tables.append(table.drop_columns([BUCKET]) if BUCKET in table.column_names else table)
    if not tables:
        return NOBODY.empty_table()
    return by_row(pa.concat_tables(tables).unify_dictionaries().combine_chunks())


def by_row(table: pa.Table) -> pa.Table:
    """A table in the order of its rows' numbers."""
    return table.take(pa.array(np.argsort(table[ROW].to_numpy(), kind="stable")))


def _owned(persons: pa.Table, own: pa.Table, names: Names) -> tuple[pa.Table, Array, list[pa.Table]]:
    """The members whose household is there, with its row; the others are rejected."""
    found = pc.index_in(persons[HOUSEHOLD], value_set=own[HOUSEHOLD]).combine_chunks()
    if found.null_count == 0:
        return persons, found.to_numpy(zero_copy_only=False).astype(np.int64), []
    lost = np.flatnonzero(pc.is_null(found).to_numpy(zero_copy_only=False))
    rejects = []
    for at in lost.tolist():
        fault = Fault("H068", (("id", shown(persons[HOUSEHOLD][at].as_py())),))
        rejects.append(refusals(persons, np.array([at]), names.members, names.household, fault))
    kept = pc.is_valid(found)
    return persons.filter(kept), found.filter(kept).to_numpy(zero_copy_only=False).astype(np.int64), rejects


def _rows(read_of: Sequence[pa.Table], further: Sequence[Further], found: Decided) -> Counts:
    """How many rows of further tables were read, and rejected."""
    lost = np.unique(found.rejects["household_row"].to_numpy())
    pairs = list(zip(read_of, further, strict=True))
    read = Counter[str]()
    rejected = Counter[str]()
    for table, kept in pairs:
        read[kept.names.file] += table.num_rows
        rejected[kept.names.file] += table.num_rows - kept.rows.num_rows + int(np.isin(kept.households, lost).sum())
    return Counts(rows=read, rows_rejected=rejected)


def _batch(own: pa.Table, persons: pa.Table, offsets: Array, further: Sequence[Further]) -> pa.RecordBatch:
    """Households with their members, and with their other rows, in lists, as the evaluator takes them."""
    inner = [name for name in persons.column_names if name not in (HOUSEHOLD, ROW)]
    fields = [_whole(persons[name]) for name in inner]
    names = [name for name in own.column_names if name not in (ROW, MEMBER)]
    columns = [_whole(own[name]) for name in names]
    for name, one in by_columns(further).items():
        if one.is_given:
            of_members = one.names.member is not None
            (inner if of_members else names).append(name)
            (fields if of_members else columns).append(one.lists(persons.num_rows if of_members else own.num_rows))
    structs = pa.StructArray.from_arrays(fields, ["id" if name == MEMBER else name for name in inner])
    lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), structs)
    return pa.RecordBatch.from_arrays([*columns, lists], ["id" if n == HOUSEHOLD else n for n in names] + [MEMBERS])


def _whole(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    if isinstance(found, pa.ChunkedArray):
        found = found.chunk(0) if found.num_chunks else pa.array([], found.type)
    return found


def _rejects(
    found: Decided, own: pa.Table, persons: pa.Table, owners: Array, names: Names, further: Sequence[Further]
) -> list[pa.Table]:
    """The evaluator's faults at the rows of the files, and every other row of a rejected household."""
    if not found.rejects.num_rows:
        return []
    faults = found.rejects
    whose = faults["household_row"].to_numpy()
    who = pc.fill_null(faults["member_row"], -1).to_numpy()
    ids, rows, inner = own[HOUSEHOLD].take(pa.array(whose)), own[ROW].to_numpy(), persons[ROW].to_numpy()
    of_member = who >= 0
    files = pa.array(np.where(of_member, names.members, names.households), pa.string())
    numbers = rows[whose]
    numbers[of_member] = inner[who[of_member]]
    headers = {**names.columns, "id": names.household}
    columns = [
        names.member if is_member and name == "id" else headers.get(name, name)
        for name, is_member in zip(faults["column"].to_pylist(), of_member.tolist(), strict=True)
    ]
    texts = [faults[name] for name in ("value", "code", "zh", "en")]
    by_list, names_of_files = by_columns(further), files.to_pylist()
    told = list(zip(*(faults[name].to_pylist() for name in ("list", "column", "entry")), strict=True))
    lists = [one or (column if column in by_list else None) for one, column, _ in told]
    listed = np.array([one is not None for one in lists])
    for at, (name, (_, column, entry)) in enumerate(zip(lists, told, strict=True)):
        if name is not None:
            one = by_list[name]
            # what is wrong with a list itself, as with too many items, stands at its last row
            owner = int(who[at] if one.names.member else whose[at])
            numbers[at] = one.last_row(owner) if entry is None else entry
            names_of_files[at], columns[at] = one.names.file, one.names.header(column)
    files = pa.array(names_of_files, pa.string())
    table = pa.table([files, pa.array(numbers), ids, pa.array(columns, pa.string()), *texts], schema=REJECTS)
    lost = np.unique(whose)
    silent_own = np.setdiff1d(lost, whose[~of_member & ~listed])
    silent = np.setdiff1d(np.flatnonzero(np.isin(owners, lost)), who[of_member & ~listed])
    fault = Fault("B102")
    of_tables = []
    for name, one in by_list.items():
        told_rows = numbers[[found == name for found in lists]] if listed.any() else []
        rows = np.flatnonzero(np.isin(one.households, lost) & ~np.isin(one.rows[ROW].to_numpy(), told_rows))
        of_tables.append(
            refusals(by_row(one.rows.take(pa.array(rows))), np.arange(len(rows)), one.names.file, "", fault)
        )
    return [
        table,
        *of_tables,
        refusals(own, silent_own, names.households, "", fault),
        refusals(persons, silent, names.members, "", fault),
    ]


def _with_kept(
    found: Decided, own: pa.Table, persons: pa.Table, kept: Sequence[FactDecl], program: Program
) -> pa.Table:
    """The decisions with the facts that go with them, such as names and places, as labels."""
    table = found.decisions
    households = pa.array(found.household_rows)
    members = pa.array(found.member_rows, mask=found.member_rows < 0)
    for fact in kept:
        source, rows = (persons, members) if fact.level == "member" else (own, households)
        if fact.name in source.column_names:
            column = _labelled(_whole(source[fact.name]), fact, program).take(rows)
        else:
            column = pa.nulls(table.num_rows, LABELS)
        table = table.append_column(fact.label, column)
    return table


def _labelled(column: pa.Array, fact: FactDecl, program: Program) -> pa.Array:
    """A column of codes as their labels; of texts as they are."""
    if pa.types.is_list(column.type):
        return _encoded(pc.binary_join(pc.cast(column, pa.list_(pa.string())), "、"))
    if fact.kind != "code" or fact.type is None:
        return _encoded(column if isinstance(column, pa.DictionaryArray) else pc.cast(column, pa.string()))
    inputs = program.inputs_of(fact.level)
    codes = program.code_lists[fact.type.code_list].codes  # type: ignore[union-attr]
    masks = ColumnReader(slot(fact, inputs, program.code_lists)).read(column).low.astype(np.uint64)
    bits = np.uint64(1) << np.arange(len(codes), dtype=np.uint64)
    places = np.minimum(np.searchsorted(bits, masks), len(codes) - 1)
    single = masks == bits[places]
    labels = pa.array([code.label for code in codes], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32), mask=~single), labels)


def _encoded(column: pa.Array) -> pa.Array:
    """Texts, each kept once, in the order of rows, so that the same input always gives the same bytes."""
    plain = column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column
    return plain.dictionary_encode()
