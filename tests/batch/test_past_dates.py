"""A date of the past that is known in part reaches no further than the day asked about, in a batch as alone."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from small_rulesets import DAY, policy, written

from fupin_policy.batch import BatchEvaluator

FACTS = "- {name: since, label: 起始, for: household, type: date, range: 2000-01-01..2030-12-31, past: true}\n"
RULE = policy("起始 > 2019-06-30")


@pytest.mark.parametrize("first", ["2019-06-28", "2019-06-29", DAY])
def test_a_range_that_begins_at_or_before_the_day(first: str, tmp_path: Path) -> None:
    rules = written(tmp_path, FACTS, RULE)
    given = {"id": "h", "since": {"min": first, "max": "2019-07-05"}, "members": []}
    alone = rules.evaluate(given, DAY).decisions[0].status.value
    kind = pa.struct([("id", pa.string()), ("since", pa.struct([("min", pa.string()), ("max", pa.string())]))])
    members = pa.array([[]], pa.list_(pa.struct([("id", pa.string())])))
    rows = pa.RecordBatch.from_struct_array(pa.array([{key: given[key] for key in ("id", "since")}], kind))
    found = BatchEvaluator(rules).decide(rows.append_column("members", members), DAY)
    assert alone == "ineligible"
    # a batch lists what is granted or open
    assert (found.decisions.num_rows, found.rejects.num_rows) == (0, 0)
