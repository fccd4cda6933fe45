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


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_run_is_each_household_alone(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder: Path = tmp_path_factory.mktemp("registry")
    found = registry(data, folder / "rules")
    job = found.job(folder, folder / "out.parquet")
    report = run(job)
    table = pq.read_table(folder / "out.parquet")
    found.check(table.to_pylist(), report.counts.households_rejected)
    form = data.draw(st.sampled_from(["duckdb", "parquet"]))
    own, inner = (write_as[form](folder, name, rows) for name, rows in (("h", found.own), ("m", found.inner)))
    again = run(replace(job, households=own, members=inner, output=folder / "again.parquet"))
    assert again.counts == report.counts
    assert pq.read_table(folder / "again.parquet").equals(table)
