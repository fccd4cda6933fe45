"""The law of runs: what they write depends on no buckets or threads, nor on being ended and taken up again.

In: how a registry is decided to a path. Out: nothing, or a failure. Called by the tests of further tables.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from fupin_policy.batch.checkpoints import Work
from fupin_policy.batch.run import Report


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a result in an order of their own."""
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return sorted(found, key=lambda row: (row["household"], row["member"] or "", row["policy"]))


def check_it_depends_on_nothing_else(
    decide: Callable[..., Report], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`decide(path, bucket=…, threads=…)` runs the same registry each time."""
    wanted = decide(folder / "whole.parquet", bucket=9, threads=1)
    decide(folder / "other.parquet", bucket=1000, threads=3)
    assert rows_of(folder / "other.parquet") == rows_of(folder / "whole.parquet")
    monkeypatch.setattr("fupin_policy.batch.evaluate.CHUNK", 4)
    decide(folder / "small.parquet", bucket=9, threads=2)
    monkeypatch.undo()
    _end_after(2, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        decide(folder / "again.parquet", bucket=9, threads=1)
    monkeypatch.undo()
    report = decide(folder / "again.parquet", bucket=9, threads=1)
    assert report.resumed == 2 and report.counts == wanted.counts
    rejects = [(folder / f"{name}.rejects.csv").read_bytes() for name in ("whole", "small", "again", "other")]
    assert rejects[0] == rejects[1] == rejects[2]
    assert sorted(rejects[0].splitlines()) == sorted(rejects[3].splitlines())
    results = [(folder / f"{name}.parquet").read_bytes() for name in ("whole", "small", "again")]
    assert results[0] == results[2]
    assert rows_of(folder / "small.parquet") == rows_of(folder / "whole.parquet")


def _end_after(buckets: int, monkeypatch: pytest.MonkeyPatch) -> None:
    left, kept = [buckets], Work.decide

    def decide(work: Work, *given: Any) -> Any:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return kept(work, *given)

    monkeypatch.setattr(Work, "decide", decide)
