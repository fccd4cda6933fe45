"""Columns of lists that give facts by month or year: `list<struct{month, value}>`, `map<month, value>`, and lists whose
entries have several facts each.

In: a column bound to such facts. Out: the values of each month, written into a module's memory, and what is refused.
Bound by `column_binding`, read by `column_writers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.buffers import Array, entries, given_in, offsets_of, raws
from fupin_policy.batch.column_readers import ColumnReader, ReadColumn, Refusals
from fupin_policy.batch.sql import ROW
from fupin_policy.core.declarations import Each, FactDecl, Series
from fupin_policy.core.periods import period_of, period_text
from fupin_policy.intake.notation import EACH
from fupin_policy.intake.period_headers import PERIODS
from fupin_policy.intake.period_values import EXAMPLES, period_of_key
from fupin_policy.intake.scalars import Fault, shown

VALUES = ("value", "值")
"""How the other part is called where the column itself is called as the fact is."""

_ALL, _WRONG = -1, -2
"""Stands for a period: all that have no entry of their own; none, as its text is wrong."""
_NAMED = 200
"""Of how many periods at most what is refused is named with its own."""


@dataclass(frozen=True, slots=True)
class BoundPart:
    """A fact that entries give: which part of them, who reads it, and the inputs it fills, from this period back."""

    part: int
    name: str
    fact: FactDecl
    series: Series
    reader: ColumnReader
    columns: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class BoundList:
    """A column of lists at a position: which part of an entry is the month or year, and which its row in a table."""

    position: int
    name: str
    each: Each
    period: int
    period_name: str
    row: int | None
    parts: tuple[BoundPart, ...]


@dataclass(frozen=True, slots=True)
class PeriodEntries:
    """The entries of a column: whose each is, of which period, its number in a table or in its list."""

    owners: Array
    periods: Array
    numbers: Array
    parts: tuple[pa.Array, ...]
    refused: tuple[Refusals, ...]


def entry_parts(kind: pa.DataType) -> tuple[str, ...] | None:
    """The names of what an entry of a list has; of a map its key and its value. None if a type is neither."""
    if pa.types.is_map(kind):
        return ("month", "value")
    if pa.types.is_list(kind) and pa.types.is_struct(kind.value_type):
        return tuple(kind.value_type.field(at).name for at in range(kind.value_type.num_fields))
    return None


def period_part(names: tuple[str, ...]) -> int | None:
    """Which of the parts of an entry says of which month or year it is; None where none does, or several."""
    found = [at for at, name in enumerate(names) if name in PERIODS]
    return found[0] if len(found) == 1 else None


def row_part(names: tuple[str, ...]) -> int | None:
    """Which part has the number of the row that an entry was."""
    return names.index(ROW) if ROW in names else None


def listed(bound: BoundList, column: pa.Array) -> PeriodEntries:
    """The entries of a column, and those of which the month is wrong."""
    offsets = offsets_of(column)
    first, last = int(offsets[0]), int(offsets[-1])
    lengths = np.diff(offsets)
    kept: Array | None = None
    if column.null_count:
        # what stands below a null is no entry
        stands = given_in(column)
        kept = np.flatnonzero(np.repeat(stands == 1, lengths))
        lengths = np.where(stands == 1, lengths, 0)
    owners = np.repeat(np.arange(len(column)), lengths)
    if pa.types.is_map(column.type):
        parts = [column.keys.slice(first, last - first), column.items.slice(first, last - first)]
    else:
        parts = column.values.slice(first, last - first).flatten()
    if kept is not None:
        parts = [part.take(pa.array(kept)) for part in parts]
    starts = np.cumsum(lengths) - lengths
    numbers = np.arange(len(owners)) - np.repeat(starts, lengths)
    if bound.row is not None:
        numbers = entries(parts[bound.row].cast(pa.int64()))
    periods, refused = _periods(bound, parts[bound.period], owners, numbers)
    return PeriodEntries(owners, periods, numbers, tuple(parts), refused)


def _periods(bound: BoundList, column: pa.Array, owners: Array, numbers: Array) -> tuple[Array, tuple[Refusals, ...]]:
    """The period of each entry by number, each distinct text read once."""
    known = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
    read: list[int] = []
    reasons: list[tuple[str, Fault]] = []
    labels = dict.fromkeys(part.series.label for part in bound.parts)
    words = (("name", "、".join(labels) or bound.name), ("period", EXAMPLES[bound.each]))
    for raw in raws(known.dictionary):
        try:
            period = period_of_key(raw if isinstance(raw, int) else "" if raw is None else str(raw), bound.each)
            read.append(_ALL if period is None else period)
        except ValueError:
            read.append(_WRONG - len(reasons))
            reasons.append((shown(raw), Fault("H091", (("given", shown(raw)), *words))))
    read.append(_WRONG - len(reasons))
    reasons.append(("", Fault("H091", (("given", "null"), *words))))
    places = pc.fill_null(known.indices.cast(pa.int64()), len(read) - 1).to_numpy(zero_copy_only=False)
    found = np.array(read, np.int64)[places]
    wrong = np.flatnonzero(found <= _WRONG)
    if not len(wrong):
        return found, ()
    kinds = _WRONG - found[wrong]
    return np.maximum(found, _WRONG), (Refusals(owners[wrong], kinds, tuple(reasons), bound.name, numbers[wrong]),)


@dataclass(frozen=True, slots=True)
class PartRead:
    """What was read of a fact in all entries: for each of its inputs whose values these are, and where they stand."""

    read: ReadColumn
    places: tuple[tuple[tuple[int, ...], Array, Array], ...]
    """Inputs, the subjects, and their entries; those for all periods stand first."""
    refused: tuple[tuple[str, Refusals], ...]
    unused: int
    """How many values are of periods that no rule looks at."""


def read_part(part: BoundPart, bound: BoundList, found: PeriodEntries, as_of: int) -> PartRead:
    """The values of a fact. Those outside the window are read, to be checked, and fill nothing."""
    read = part.reader.read(found.parts[part.part])
    given = np.ones(len(found.owners), bool) if read.given is None else read.given != 0
    refused = [pair for one in read.refused for pair in _by_period(part, bound, found, one)]
    refused += [(part.name, one) for one in _twice(part, bound, found, given)]
    ago = period_of(bound.each, as_of) - found.periods
    stands = given & (found.periods >= 0)
    window = len(part.columns)
    at_all = np.flatnonzero(given & (found.periods == _ALL))
    places = [(one, found.owners[at_all], at_all) for one in part.columns] if len(at_all) else []
    for back, one in enumerate(part.columns):
        at = np.flatnonzero(stands & (ago == back))
        places.append((one, found.owners[at], at))
    unused = int((stands & ((ago < 0) | (ago >= window))).sum())
    return PartRead(read, tuple(places), tuple(refused), unused)


def _by_period(
    part: BoundPart, bound: BoundList, found: PeriodEntries, one: Refusals
) -> Iterator[tuple[str, Refusals]]:
    """What is refused, each named with its month."""
    at = one.positions
    periods = np.unique(found.periods[at])
    if len(periods) > _NAMED:
        yield part.name, _placed(one, found, bound)
        return
    for period in periods.tolist():
        some = found.periods[at] == period
        text = "" if period <= _WRONG else EACH if period == _ALL else period_text(bound.each, period)
        few = replace(one, positions=at[some], kinds=one.kinds[some])
        yield f"{part.name} {text}".rstrip(), _placed(few, found, bound)


def _placed(one: Refusals, found: PeriodEntries, bound: BoundList) -> Refusals:
    numbers = found.numbers[one.positions]
    return replace(one, positions=found.owners[one.positions], list=bound.name, entries=numbers)


def _twice(part: BoundPart, bound: BoundList, found: PeriodEntries, given: Array) -> Iterator[Refusals]:
    """Where a value is given twice for a month: the entry that comes later."""
    at = np.flatnonzero(given & (found.periods > _WRONG))
    owners, periods = found.owners[at], found.periods[at]
    order = np.lexsort((periods, owners))
    same = (owners[order][1:] == owners[order][:-1]) & (periods[order][1:] == periods[order][:-1])
    again = at[order[1:][same]]
    if not len(again):
        return
    distinct, kinds = np.unique(found.periods[again], return_inverse=True)
    texts = [EACH if one == _ALL else period_text(bound.each, one) for one in distinct.tolist()]
    words = (("name", part.series.label), ("period", EXAMPLES[bound.each]))
    reasons = tuple((text, Fault("H092", (("given", text), *words))) for text in texts)
    yield Refusals(found.owners[again], kinds, reasons, bound.name, found.numbers[again])
