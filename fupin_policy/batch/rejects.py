"""What was refused, and why: a row for each fault.

In: faults with the rows they stand in. Out: an Arrow table for a file of rejects. Called by `chunks` and `run`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.column_readers import Reasons
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Diagnostic, words_of
from fupin_policy.intake.scalars import Fault

FAULT = tuple((name, pa.string()) for name in ("column", "value", "code", "zh", "en"))
"""The columns that say what is wrong, and with which value."""
ENTRY = (("list", pa.string()), ("entry", pa.int64()))
"""The column of lists in which a fault stands, and the entry: its `_row`, or its place in its list from 0."""
SCHEMA = pa.schema([("household_row", pa.int64()), ("member_row", pa.int64()), *FAULT, *ENTRY])
"""Rows are positions in the batch, from 0: of the household, and of the member among all members or null."""


@dataclass(frozen=True, slots=True)
class Faulty:
    """Faults in one column: `households` and `members` are positions; `kinds` number the reasons.

    Of entries of lists, `list` is the column of these, and `entries` says which they are.
    """

    column: str
    households: Array
    members: Array | None
    kinds: Array
    reasons: Reasons
    list: str = ""
    entries: Array | None = None


def one_fault(column: str, households: Array, members: Array | None, value: str, fault: Fault) -> Faulty:
    """The same fault at several places."""
    return Faulty(column, households, members, np.zeros(len(households), np.int64), ((value, fault),))


def shifted(faulty: Faulty, households: int, members: int) -> Faulty:
    """The faults of a slice as those of the whole, in which it starts at these rows."""
    whose = None if faulty.members is None else faulty.members + members
    return replace(faulty, households=faulty.households + households, members=whose)


def table_of(found: Iterable[Faulty]) -> pa.Table:
    """All faults, in the order of rows and then of columns."""
    table = pa.concat_tables([SCHEMA.empty_table(), *(_rows(one) for one in found)])
    order = ("household_row", "member_row", "column", "entry")
    return table.sort_by([(name, "ascending") for name in order])


def _rows(faulty: Faulty) -> pa.Table:
    texts = [(value, fault.code, *sentences(fault)) for value, fault in faulty.reasons]
    words = [pa.array([text[at] for text in texts], pa.string()).take(pa.array(faulty.kinds)) for at in range(4)]
    count = len(faulty.kinds)
    members = pa.nulls(count, pa.int64()) if faulty.members is None else pa.array(faulty.members, pa.int64())
    same = pa.array(np.zeros(count, np.int64))
    column, where = (pa.array([name], pa.string()).take(same) for name in (faulty.column, faulty.list or None))
    entry = pa.nulls(count, pa.int64()) if faulty.entries is None else pa.array(faulty.entries, pa.int64())
    columns = [pa.array(faulty.households, pa.int64()), members, column, *words, where, entry]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def sentences(fault: Fault) -> tuple[str, str]:
    """What is wrong and what to do, in Chinese and in English."""
    problem = Diagnostic(fault.code, words_of(fault.args), path="-", suggestion=fault.suggestion)
    return told(problem)


def told(problem: Diagnostic) -> tuple[str, str]:
    """The same of a problem."""
    zh = f"{problem.sentence('zh')}；{problem.advice('zh')}"
    return zh, f"{problem.sentence('en')}; {problem.advice('en')}"


def diagnostics_of(rejects: pa.Table) -> list[Diagnostic]:
    """Rejects as problems to raise."""
    found = []
    for row in rejects.to_pylist():
        whose = f"[{row['household_row']}]" if row["member_row"] is None else f"members[{row['member_row']}]"
        words = tuple((name, row[name]) for name in ("code", "zh", "en"))
        found.append(Diagnostic("B101", words, path=f"{whose}.{row['column']}"))
    return found


def nested_places(rejects: pa.Table, lengths: Array, program: Program) -> list[str]:
    """Where faults stand in households with so many members inside: `members[1].birth_date`, `bills[0].cost`."""
    starts = np.cumsum(lengths) - lengths
    lists = {key for one in program.lists for key in one.keys}
    names = ("household_row", "member_row", "column", "list", "entry")
    found = []
    for household, member, column, listed, entry in zip(*(rejects[name].to_pylist() for name in names), strict=True):
        inner = column
        if listed in lists:
            inner = f"{listed}[{entry}]" if column == listed else f"{listed}[{entry}].{column}"
        found.append(inner if member is None else f"members[{member - starts[household]}].{inner}")
    return found
