"""Facts that people were asked for, as a table of their own: one that a run takes beside the extract of a registry.

In: what was filled in in workbooks; or a table as it was written. Out: a CSV; rows that are parted with a registry.
Called by `readback` and `run`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import duckdb
import pyarrow as pa

from fupin_policy.batch.asked_facts import NamedFact, named_fact, read_answer
from fupin_policy.batch.filled_workbooks import FilledAnswer
from fupin_policy.batch.household_ids import BLANKS
from fupin_policy.batch.rejects import sentences
from fupin_policy.batch.sources import SourceTable, opened
from fupin_policy.batch.sql import ROW
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import InputError, Reporter
from fupin_policy.intake.scalars import shown

HEADERS = ("户编号", "成员编号", "明细", "项次", "事项", "值", "日期、签名", "出处")
"""Of such a table: ids, the list and the place in it of an item, the fact, its value, who signed, where it was read."""
_NEEDED = HEADERS[:6]
WRITTEN = pa.schema([(name, pa.string()) for name in HEADERS])

STAGED = pa.schema(
    [
        *((name, pa.string()) for name in ("household", "member", "list")),
        ("item", pa.int64()),
        *((name, pa.string()) for name in ("fact", "label", "value")),
        ("row", pa.int64()),
    ]
)
"""What a run keeps of it, parted like the registry. `fact` is its name, of one by month with that: `wage 2019-05`."""


def written(answers: Iterable[FilledAnswer]) -> pa.Table:
    """Answers as such a table."""
    rows = []
    for one in answers:
        asked = one.asked
        item = None if asked.item is None else str(asked.item + 1)
        listed = None if asked.listed is None else asked.listed.label
        cells = (one.household, asked.member, listed, item, asked.fact.label, one.text, one.signed, one.place.text)
        rows.append(dict(zip(HEADERS, cells, strict=True)))
    return pa.Table.from_pylist(rows, schema=WRITTEN)


def staged_answers(table: SourceTable, program: Program) -> pa.Table:
    """The rows of such a table. Raises InputError with all that is wrong with them."""
    reporter = Reporter()
    for name in _NEEDED:
        if name not in table.headers:
            reporter.report("B105", table.name, file=table.name, what=name, what_en=name)
    reporter.raise_errors(InputError)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row, cells in _rows(table):
        if not any(cells.values()):
            continue
        where = f"{table.name}:{row}"
        asked = _asked(cells, program, where, reporter)
        if asked is None:
            continue
        read = read_answer(asked, cells["值"], program)
        if read.fault is not None:
            zh, en = sentences(read.fault)
            words = {"name": asked.label, "code": read.fault.code, "zh": zh, "en": en}
            reporter.report("B231", where, **words)
        if read.fault is not None or read.value is None:
            continue
        listed = None if asked.listed is None else asked.listed.name
        key = (cells["户编号"], asked.member, listed, asked.item, asked.fact.name)
        staged = dict(zip(STAGED.names, (*key, asked.label, cells["值"], row), strict=True))
        before = found.setdefault(key, staged)
        if before["value"] != cells["值"]:
            reporter.report("B232", where, name=asked.label, id=shown(cells["户编号"]), line=before["row"])
    reporter.raise_errors(InputError)
    return pa.Table.from_pylist(list(found.values()), schema=STAGED)


def _rows(table: SourceTable) -> Iterator[tuple[int, dict[str, str]]]:
    """By their numbers the cells of rows, without blanks around them."""
    with opened(table), duckdb.connect() as connection:
        relation = table.relation(connection, "answers", dict.fromkeys(table.headers, "text"), "户编号")
        names = ", ".join(f'CAST("{name}" AS VARCHAR)' for name in _NEEDED)
        for *cells, row in connection.execute(f"SELECT {names}, {ROW} FROM {relation} ORDER BY {ROW}").fetchall():
            yield int(row), {name: (cell or "").strip(BLANKS) for name, cell in zip(_NEEDED, cells, strict=True)}


def _asked(cells: dict[str, str], program: Program, where: str, reporter: Reporter) -> NamedFact | None:
    if not cells["户编号"]:
        reporter.report("H069", where, name="户编号")
        return None
    name, member = cells["事项"], cells["成员编号"] or None
    if cells["明细"]:
        name = f"{cells['明细']}第{cells['项次'].removesuffix('.0')}项的{name}"
    asked = named_fact(member, name, program)
    if asked is None:
        whose = "成员" if member else "户"
        reporter.report("B230", where, name=shown(name), whose=whose, whose_en="members" if member else "households")
    return asked
