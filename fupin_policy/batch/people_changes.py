"""What has changed since an earlier run as people read it: Chinese headings, words for codes, amounts in 元.

In: a table of changes and a `PeopleForm`. Out: the same rows as cells. Called by `change_lists`.
The table itself stands beside as Parquet, from which reports are made: this is only read by people.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from fupin_policy.batch.changes import SCHEMA
from fupin_policy.batch.people_cells import IN_SHEETS, POLICY, cells, money_cells
from fupin_policy.batch.people_form import PeopleForm
from fupin_policy.prose.amounts import money_unit

_SIDES = (("_before", "上期"), ("", "本期"))


def people_changes(table: pa.Table, form: PeopleForm) -> pa.Table:
    """Changes with the columns of people: what became of which decision, both sides of it, who answers, and why.

    What people pay themselves stands below zero; an amount's upper end stands only where it is another.
    """
    program = form.ruleset.program
    ways = {one.id: one.way for one in form.policies}
    of_rows = np.array([ways.get(one, 1) for one in table[POLICY].to_pylist()], np.int64)
    kept = [name for name in table.column_names if name not in SCHEMA.names]
    found = {"变化": table["变化"], "户编号": table["household"], "成员编号": table["member"]}
    found |= {name: table[name] for name in kept} | {"政策": table["title"]}
    for suffix, side in _SIDES:
        status, low, high, per = (table[f"{name}{suffix}"] for name in ("status", "amount_min", "amount_max", "per"))
        ends = money_cells(low, high, of_rows, program.decimals)
        found[f"{side}结果"] = cells(status, "status", {}, IN_SHEETS)
        for word, end in zip(("", "至"), ends, strict=True):
            found[f"{side}金额{word}（{money_unit(program)}）"] = end
        found[f"{side}周期"] = cells(per, "per", {}, IN_SHEETS)
    found |= {"牵头部门": table["lead"], "地点": table["place"], "原因": table["原因"]}
    return pa.table(found)
