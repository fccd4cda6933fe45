"""However a batch is cut into chunks, what is decided, refused and assumed is the same, and from the same rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from assuming import FACTS, LISTS, POLICIES
from small_rulesets import DAY, written

from fupin_policy.batch import evaluate
from fupin_policy.batch.evaluate import BatchEvaluator, BatchRequest
from fupin_policy.core.decision import Status

ILL = ("慢性病", "大病")
FIGURES = """\
- {name: twice, label: 两倍耕地, for: household, output: true, value: 耕地 × 2}
- {name: busy, label: 忙, for: member, output: true, value: 在校 或 务工}
"""


def households() -> list[dict[str, Any]]:
    """Twelve of none to three members; one of them is refused, as its cars are too many, one as a member's are."""
    found = []
    for at in range(12):
        members = [
            {
                "id": f"m{at}.{number}",
                "在校": [None, True][number % 2],
                "务工": [False, None][number % 2],
                "病种": [ILL[: at % 3], None][number % 2],
            }
            for number in range(at % 4)
        ]
        own = {"id": f"h{at}", "车辆数": 99 if at == 5 else [None, at % 3][at % 2], "户类": [None, "一类"][at % 2]}
        found.append({**own, "耕地": [at, None][at % 2], "members": members})
    return found


@pytest.mark.parametrize(
    "asked", [BatchRequest(missing=True), BatchRequest(statuses=frozenset(Status)), BatchRequest(form="wide")]
)
def test_chunks_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: BatchRequest) -> None:
    evaluator = BatchEvaluator(written(tmp_path, FACTS, POLICIES, FIGURES, LISTS))
    given = households()
    batch = pa.RecordBatch.from_pylist(given)
    whole = evaluator.decide(batch, DAY, asked)
    assert (whole.counts.households, whole.counts.households_rejected) == (12, 1) and whole.counts.assumed
    names = [given[row]["id"] for row in whole.household_rows]
    assert names == whole.decisions["household"].to_pylist()
    members = [person["id"] for one in given for person in one["members"]]
    if asked.form == "long":
        said = [None if row < 0 else members[row] for row in whole.member_rows]
        assert said == whole.decisions["member"].to_pylist()
    for size in (1, 2, 5, 7, 11, 12):
        monkeypatch.setattr(evaluate, "CHUNK", size)
        found = evaluator.decide(batch, DAY, asked)
        assert found.decisions.to_pylist() == whole.decisions.to_pylist(), size
        assert found.rejects.to_pylist() == whole.rejects.to_pylist()
        assert replace(found.counts, decisions=0) == replace(whole.counts, decisions=0)
        assert found.household_rows.tolist() == whole.household_rows.tolist()
        assert found.member_rows.tolist() == whole.member_rows.tolist()
