"""Rows of one id are compared as they stand in the table, whatever days Python does not have."""

from __future__ import annotations

import pyarrow as pa
import pytest

from fupin_policy.batch.excluded_households import _told_twice
from fupin_policy.batch.sql import ROW
from fupin_policy.batch.staging import HOUSEHOLD

FAR, NEAR = 2**62, 0
STAMP = pa.timestamp("us")


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [(FAR, FAR, True), (FAR, FAR - 1, False), (NEAR, None, False), (None, None, True), (NEAR, NEAR, True)],
)
@pytest.mark.parametrize("nested", [False, True])
def test_days_beyond_those_of_python(first: int | None, second: int | None, same: bool, nested: bool) -> None:
    days = pa.array([first, second, NEAR], pa.int64()).cast(STAMP)
    told = pa.StructArray.from_arrays([days], ["min"]) if nested else days
    table = pa.table({HOUSEHOLD: ["h", "h", "other"], ROW: pa.array([1, 2, 3], pa.int64()), "since": told})
    assert _told_twice(table) == {"h": ([1, 2], same)}
