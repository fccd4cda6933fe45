"""What is new, what has ended and what has changed since an earlier run: a row for each decision, with the reason.

In: a bucket's decisions then and now. Out: a table. Called by `checkpoints`.
An amount is settled where both its ends are the same; of what is refused it is nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.change_reasons import ChangeReasons
from fupin_policy.batch.output_layouts import STATUSES
from fupin_policy.batch.previous_values import PreviousDecisions, joined_ids
from fupin_policy.batch.results import leading, rules_in_force
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import to_date
from fupin_policy.ruleset import Ruleset

CHANGES = {
    "new": Bilingual("新增", "new"),
    "ended": Bilingual("停发", "ended"),
    "changed": Bilingual("金额变动", "another amount"),
    "opened": Bilingual("转为待核", "to be checked now"),
    "settled": Bilingual("待核已定", "settled now"),
}
"""What may have become of a decision."""

SIDE = (("status", pa.string()), ("amount_min", pa.int64()), ("amount_max", pa.int64()), ("per", pa.string()))
"""What is told of a decision as it was, and as it is."""
TEXTS = ("change", "变化", "household", "member", "policy", "title")
ANSWERING = (("lead", pa.list_(pa.string())), ("place", pa.string()), ("reason", pa.string()), ("原因", pa.string()))
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in TEXTS),
        *((f"{name}_before", kind) for name, kind in SIDE),
        *SIDE,
        *ANSWERING,
    ]
)

_REFUSED, _OPEN = STATUSES.index("ineligible"), STATUSES.index("unknown")


@dataclass(frozen=True, slots=True)
class _Side:
    """One run's decisions at some keys: statuses (places in STATUSES), both ends of amounts, periods."""

    status: Array
    low: Array
    high: Array
    per: Array

    @property
    def settled(self) -> Array:
        """Which are decided, with their amounts."""
        known: Array = (self.status != _OPEN) & ((self.low == self.high) | (self.status == _REFUSED))
        return known

    @property
    def granted(self) -> Array:
        """Which surely apply."""
        known: Array = self.status == STATUSES.index("eligible")
        return known


def changes(
    previous: PreviousDecisions,
    now: pa.Table,
    ruleset: Ruleset,
    reasons: ChangeReasons,
    place: str | None,
    kept: Sequence[str] = (),
) -> pa.Table:
    """The changes of a bucket, in the order of households. `place` is the column of the households' places.

    Columns that are `kept` beside decisions, such as names, go along: as of now, or else as they were.
    """
    kept = [name for name in kept if name not in SCHEMA.names]
    tables = [_plain(table, place, kept) for table in (previous.rows, now)]
    keys = [joined_ids(*(table[name] for name in ("household", "member", "policy"))) for table in tables]
    every = pc.unique(pa.concat_arrays(keys))
    at = [pc.fill_null(pc.index_in(every, value_set=some), -1).to_numpy(zero_copy_only=False) for some in keys]
    names = pa.concat_tables([table.select(["household", "member", "policy"]) for table in tables])
    first = np.where(at[0] >= 0, at[0], at[1] + tables[0].num_rows)
    names = names.take(pa.array(first))
    silent = [_silent(names, previous.complete, previous.rejected), _silent(names, None, reasons.rejected)]
    was, becomes = (_side(*one) for one in zip(tables, at, silent, strict=True))
    kinds = _kinds(was, becomes)
    rows = np.flatnonzero(kinds >= 0)
    rows = rows[np.argsort(np.asarray(names["household"].take(pa.array(rows)).to_pylist(), object), kind="stable")]
    found = names.take(pa.array(rows)).to_pylist()
    known = reasons.known(pa.array(sorted({one["household"] for one in found}), pa.string()))
    leads = _Leads(ruleset, reasons.day, place)
    further = [name for name in dict.fromkeys((place, "lead", *kept)) if name is not None]
    titles = {policy.id: policy.title.zh for policy in ruleset.policies}
    lines = []
    for row, one in zip(rows.tolist(), found, strict=True):
        table, number = _last(tables, at, row)
        beside = {name: table[name][number].as_py() for name in further if name in table.column_names}
        where = None if place is None else beside.get(place)
        kind = [*CHANGES][kinds[row]]
        why = known.of(one["household"], one["member"], one["policy"])
        lines.append(
            {
                "change": kind,
                "变化": CHANGES[kind].zh,
                **one,
                "title": titles.get(one["policy"], one["policy"]),
                **{f"{name}_before": value for name, value in _told(was, row).items()},
                **_told(becomes, row),
                "lead": beside.get("lead") or leads.of(one["policy"], where),
                "place": where,
                "reason": why.en,
                "原因": why.zh,
                **{name: beside.get(name) for name in kept},
            }
        )
    return pa.Table.from_pylist(lines, schema=pa.schema([*SCHEMA, *((name, pa.string()) for name in kept)]))


def _plain(table: pa.Table, place: str | None, kept: Sequence[str]) -> pa.Table:
    """The columns that are compared, without dictionaries, and who answers and what goes along where it is there."""
    names = ["household", "member", "policy", "status", "amount_min", "amount_max", "per"]
    further = [
        name for name in dict.fromkeys((place, "lead", *kept)) if name is not None and name in table.column_names
    ]
    columns = [table[name] for name in (*names, *further)]
    texts = [
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column for column in columns
    ]
    return pa.table(texts, names=[*names, *further]).combine_chunks()


def _silent(names: pa.Table, complete: frozenset[str] | None, rejected: frozenset[str]) -> Array:
    """The status where a side has no row: refused, but of what it does not list in full, or could not decide."""
    lost = pc.is_in(names["household"], value_set=pa.array(sorted(rejected), pa.string())).to_numpy()
    if complete is None:
        return np.where(lost, _OPEN, _REFUSED)
    listed = pc.is_in(names["policy"], value_set=pa.array(sorted(complete), pa.string())).to_numpy()
    return np.where(lost | ~listed, _OPEN, _REFUSED)


def _side(table: pa.Table, at: Array, silent: Array) -> _Side:
    """A run's decisions at the rows of a table; where it has none (-1), what it means that it is silent."""
    statuses = pc.index_in(table["status"], value_set=pa.array(STATUSES)).to_numpy().astype(np.int64)
    ends = [pc.fill_null(table[name], 0).to_numpy() for name in ("amount_min", "amount_max")]
    status, low, high = (np.append(one, 0)[at] for one in (statuses, *ends))
    per = np.array([*table["per"].to_pylist(), None], object)[at]
    return _Side(np.where(at < 0, silent, status), low, high, per)


def _kinds(was: _Side, becomes: _Side) -> Array:
    """For each key what became of it, as a place in CHANGES; -1 where nothing did."""
    both = was.settled & becomes.settled
    found = np.full(len(was.status), -1)
    found[both & ~was.granted & becomes.granted] = 0
    found[both & was.granted & ~becomes.granted] = 1
    found[both & was.granted & becomes.granted & ((was.low != becomes.low) | (was.per != becomes.per))] = 2
    found[was.settled & ~becomes.settled] = 3
    found[~was.settled & becomes.settled] = 4
    return found


def _told(side: _Side, row: int) -> dict[str, object]:
    """One side of a change; what is refused has no amount, nor what is open without a row."""
    per = side.per[row]
    low, high = (None if per is None else int(end[row]) for end in (side.low, side.high))
    return {"status": STATUSES[side.status[row]], "amount_min": low, "amount_max": high, "per": per}


def _last(tables: Sequence[pa.Table], at: Sequence[Array], row: int) -> tuple[pa.Table, int]:
    """The table and its row in which a decision stands: as of now, or else as it was."""
    return next((table, int(rows[row])) for table, rows in zip(tables[::-1], at[::-1], strict=True) if rows[row] >= 0)


class _Leads:
    """Who leads for each policy at each place."""

    def __init__(self, ruleset: Ruleset, day: int, column: str | None) -> None:
        self._program, self._column = ruleset.program, column
        self._rules = rules_in_force(ruleset, to_date(day))

    def of(self, policy: str, place: str | None) -> list[str]:
        """The names of those who lead; nobody where the policy is not in force any more."""
        if policy not in self._rules:
            return []
        return [one.zh for one in leading(self._program, self._rules[policy][1], None, place, self._column)[0]]
