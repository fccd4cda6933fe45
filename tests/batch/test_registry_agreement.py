"""A run over a random registry of random rules decides each household as alone, from every kind of file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from demo_tables import write_as
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_registry import registry

from fupin_policy.batch.run import run


@pytest.mark.parametrize("lists", [False, True])
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_run_is_each_household_alone(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, lists: bool
) -> None:
    folder: Path = tmp_path_factory.mktemp("registry")
    found = registry(data, folder / "rules", lists)
    job = found.job(folder, folder / "out.parquet")
    report = run(job)
    table = pq.read_table(folder / "out.parquet")
    found.check(table.to_pylist(), report.counts.households_rejected)
    form = data.draw(st.sampled_from(["duckdb", "parquet"]))
    own, inner = (write_as[form](folder, name, rows) for name, rows in (("h", found.own), ("m", found.inner)))
    tables = tuple((name, write_as[form](folder, name, rows)) for name, rows in found.lists.items())
    again = run(replace(job, households=own, members=inner, lists=tables, output=folder / "again.parquet"))
    kinds = ("rows", "rows_rejected")
    assert replace(again.counts, rows={}, rows_rejected={}) == replace(report.counts, rows={}, rows_rejected={})
    counts = [
        {Path(name).stem: count for name, count in getattr(one.counts, kind).items()}
        for one in (again, report)
        for kind in kinds
    ]
    assert counts[:2] == counts[2:]
    assert pq.read_table(folder / "again.parquet").equals(table)
