"""Which results are opened for reports, and which are refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from demo_result import RULESET
from demo_result import result as result

from fupin_policy import InputError, load
from fupin_policy.batch.results import RunResult, intact, open_result
from fupin_policy.reports.summary import summarize


def test_other_files_are_refused(result: RunResult, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    with pytest.raises(InputError, match="B113"):
        open_result(tmp_path / "other.parquet", RULESET)
    (tmp_path / "text.parquet").write_text("no")
    with pytest.raises(InputError, match="B113"):
        open_result(tmp_path / "text.parquet", RULESET)
    lesson = load("docs/examples/lesson")
    with pytest.raises(InputError, match="B118"):
        open_result(Path(result.relation.split("'")[1]), lesson)
    with pytest.raises(FileNotFoundError):
        open_result(tmp_path / "absent.parquet", RULESET)
    assert replace(result, place=None).place is None


@pytest.mark.fault("C6")
@pytest.mark.parametrize(
    ("column", "value", "names"),
    [
        ("persons", "1", "persons"),
        ("amount_min", 0.5, "amount_min"),
        ("status", "maybe", "status"),
        ("policy", "no.such", "policy"),
        ("per", "week", "per"),
        ("household", None, "household"),
    ],
)
def test_a_result_that_was_changed_is_refused(
    column: str, value: str | float | None, names: str, result: RunResult, tmp_path: Path
) -> None:
    table = pq.read_table(Path(result.relation.split("'")[1]))
    other = pa.array([value] * table.num_rows)
    changed = table.set_column(table.column_names.index(column), column, other)
    pq.write_table(changed.replace_schema_metadata(table.schema.metadata), tmp_path / "x.parquet")
    with pytest.raises(InputError) as caught:
        open_result(tmp_path / "x.parquet", RULESET)
    (problem,) = caught.value.diagnostics
    assert problem.code == "B113" and dict(problem.args)["columns"] == (names,)


@pytest.mark.fault("C6")
def test_a_result_damaged_within_is_a_problem(result: RunResult, tmp_path: Path) -> None:
    data = bytearray(Path(result.relation.split("'")[1]).read_bytes())
    # a Parquet file ends with what it holds, the length of that in four bytes, and its mark
    told = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    data[4:told] = bytes(told - 4)
    (tmp_path / "x.parquet").write_bytes(data)
    with pytest.raises(InputError, match="B110"), intact(tmp_path / "x.parquet"):
        summarize([open_result(tmp_path / "x.parquet", RULESET)], RULESET)
