"""What is known of households when a run decides them, kept so that the next run can say what has changed.

In: a bucket's tables. Out: one table of texts. Called by `checkpoints`; compared by `change_reasons`.
Only what rules use is kept: no names, no texts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.column_readers import ColumnReader
from fupin_policy.batch.further_tables import Further
from fupin_policy.batch.staging import HOUSEHOLD, MEMBER
from fupin_policy.core.days import to_date
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.possible import FALSE, TRUE, UNKNOWN
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Day, Number, Truth
from fupin_policy.intake.partial import slot
from fupin_policy.intake.scalars import number_text

IDS = ("household", "member")
_SORTED = ("owner", "item")


def kept_inputs(program: Program) -> tuple[FactDecl, ...]:
    """The facts that rules use, but for those beside dates that may be none or numbers, and what a run before tells."""
    used = {one.id.fact for one in (*program.household_inputs, *program.member_inputs)}
    beside = {fact.given for fact in program.facts} | {fact.name for fact in program.facts if fact.tells_of is not None}
    return tuple(fact for fact in program.facts if fact.name in used - beside and fact.previous is None)


def facts_schema(program: Program) -> pa.Schema:
    """The columns of what is kept: facts, and lists."""
    names = (*IDS, *(fact.name for fact in kept_inputs(program)), *(one.name for one in program.lists))
    return pa.schema([(name, pa.string()) for name in names])


def known_facts(program: Program, own: pa.Table, persons: pa.Table, further: Sequence[Further] = ()) -> pa.Table:
    """A row for each household (its `member` is null) and each member, with what is known of each fact as a text.

    Of a list that is given it has a line for each item, in whatever order these stood; a list of none is an empty text.
    """
    facts, schema = kept_inputs(program), facts_schema(program)
    lists = [one for one in further if one.names.list is not None]

    def level(table: pa.Table, of_members: bool) -> pa.Table:
        own_facts = [fact for fact in facts if (fact.level == "member") == of_members]
        own_lists = [one for one in lists if (one.names.member is not None) == of_members]
        return _level(program, table, own_facts, own_lists, schema)

    return pa.concat_tables([level(own, False), level(persons, True)])


def _level(
    program: Program, table: pa.Table, facts: Sequence[FactDecl], lists: Sequence[Further], schema: pa.Schema
) -> pa.Table:
    count = table.num_rows
    ids = [table[HOUSEHOLD], table[MEMBER] if MEMBER in table.column_names else pa.nulls(count, pa.string())]
    columns = {name: column.cast(pa.string()) for name, column in zip(IDS, ids, strict=True)}
    for fact in facts:
        if fact.name in table.column_names:
            columns[fact.name] = _texts(program, fact, pa.concat_arrays(table[fact.name].unify_dictionaries().chunks))
    for one in lists:
        columns[one.names.list or ""] = _items(program, one, count)
    return pa.table([columns.get(field.name, pa.nulls(count, pa.string())) for field in schema], schema=schema)


def _items(program: Program, listed: Further, count: int) -> pa.Array:
    """The items of so many owners, a line each."""
    inputs = program.item_inputs[listed.names.list or ""]
    used = {one.id.fact for one in inputs}
    facts = [one for one in program.facts if one.name in used and one.name in listed.rows.column_names]
    parts = []
    for fact in facts:
        texts = _texts(program, fact, pa.concat_arrays(listed.rows[fact.name].unify_dictionaries().chunks))
        parts.append(pc.fill_null(pc.binary_join_element_wise(f"，{fact.label} ", texts, ""), ""))
    blank = pa.nulls(len(listed.owners), pa.string()).fill_null("")
    items = pc.utf8_slice_codeunits(pc.binary_join_element_wise(blank, *parts, ""), 1)
    items = pc.if_else(pc.equal(items, ""), "未知", items)
    order = pc.sort_indices(pa.table({"owner": listed.owners, "item": items}), [(one, "ascending") for one in _SORTED])
    offsets = np.searchsorted(listed.owners, np.arange(count + 1)).astype(np.int32)
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), items.take(order)), "\n")


def _texts(program: Program, fact: FactDecl, column: pa.Array) -> pa.Array:
    """What is known of a fact, the same however it was written; null where that is nothing."""
    inputs = program.inputs_of(fact.level)
    read = ColumnReader(slot(fact, inputs, program.code_lists)).read(column)
    there = np.full(len(column), TRUE, np.uint8) if read.there is None else read.there
    known = np.ones(len(column), bool) if read.given is None else read.given == 1
    ends = (read.low.astype(np.int64), read.high.astype(np.int64))
    values, places = np.unique(np.stack([*ends, there]), axis=1, return_inverse=True)
    told = [_text(program, fact, *one) for one in values.T.tolist()]
    return pa.array(told, pa.string()).take(pa.array(places.ravel(), mask=~known))


def _text(program: Program, fact: FactDecl, low: int, high: int, there: int) -> str | None:
    if there == FALSE:
        return "无"
    match fact.type:
        case Truth():
            return {TRUE: "是", FALSE: "否"}.get(low)
        case Code(code_list):
            codes = program.code_lists[code_list].codes
            labels = [code.label for at, code in enumerate(codes) if low >> at & 1]
            return ("、" if fact.kind == "codes" else "或").join(labels)
        case Day() | Number():
            ends = dict.fromkeys(_end(fact, end) for end in (low, high))
            return "–".join(ends) + ("或无" if there == UNKNOWN else "")
        case _:
            return None


def _end(fact: FactDecl, value: int) -> str:
    return to_date(value).isoformat() if isinstance(fact.type, Day) else number_text(value, fact.given_scale)
