"""Parquet files and databases that are damaged, odd or views; and any bytes as any table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from demo_tables import RULESET, demo, job, read, write, write_as
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy import InputError
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.batch.sources import open_table


def parquet(folder: Path, rows: list[list[str]]) -> Path:
    return Path(write_as["parquet"](folder, "h", rows))


@pytest.mark.fault("C6")
class TestDamaged:
    def test_a_page_of_a_parquet_file(self, tmp_path: Path) -> None:
        own, inner = demo(3)
        path = parquet(tmp_path, own)
        raw = bytearray(path.read_bytes())
        meta = pq.read_metadata(path).row_group(0).column(3)
        start = meta.dictionary_page_offset or meta.data_page_offset
        raw[start : start + meta.total_compressed_size] = b"\xff" * meta.total_compressed_size
        path.write_bytes(raw)
        with pytest.raises(InputError, match=r"B110.*h\.parquet"):
            run(job(tmp_path, str(path), write(tmp_path / "m.csv", inner)))
        assert not (tmp_path / "out.parquet").exists()

    def test_days_far_away_are_refused_with_their_row(self, tmp_path: Path) -> None:
        own, inner = demo(1)
        members = pa.table([list(column) for column in zip(*inner[1:], strict=True)], names=inner[0])
        births = pa.array([3_000_000, *([0] * (members.num_rows - 1))], pa.int32()).cast(pa.date32())
        at = members.column_names.index("出生日期")
        pq.write_table(members.set_column(at, "出生日期", births), tmp_path / "m.parquet")
        run(job(tmp_path, write(tmp_path / "h.csv", own), str(tmp_path / "m.parquet")))
        rejects = read(tmp_path / "out.rejects.csv")
        faults = [row for row in rejects[1:] if row[3] == "出生日期"]
        assert [(row[0], row[1], row[5]) for row in faults] == [("m.parquet", "1", "H025")]


@pytest.mark.fault("C6")
def test_a_view_of_a_database_is_a_table(tmp_path: Path) -> None:
    own, inner = demo(1)
    spec = write_as["duckdb"](tmp_path, "h", own)
    with duckdb.connect(spec.rpartition(":")[0]) as connection:
        connection.execute("CREATE VIEW v AS SELECT * FROM t")
    given = Job(
        RULESET, f"{tmp_path}/h.duckdb:v", write(tmp_path / "m.csv", inner), "2019-06-30", tmp_path / "o.parquet"
    )
    assert run(given).counts.households == len(own) - 1


@pytest.mark.fault("C6", "C2")
@given(st.binary(max_size=300), st.sampled_from([".csv", ".xlsx", ".parquet", ".duckdb:t"]))
@settings(max_examples=80, deadline=None)
def test_any_bytes_are_a_table_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes, form: str) -> None:
    path = tmp_path_factory.mktemp("any") / f"t{form.partition(':')[0]}"
    path.write_bytes(raw)
    try:
        assert open_table(f"{path.parent}/t{form}").headers
    except InputError as error:
        assert error.diagnostics


@pytest.mark.fault("B10")
def test_a_text_that_excel_would_cut_is_refused(tmp_path: Path) -> None:
    own, inner = demo(1)
    at = own[0].index("户主姓名")
    own[1][at] = "长" * 32_767
    given = job(tmp_path, write(tmp_path / "h.csv", own), write(tmp_path / "m.csv", inner), "out.xlsx")
    run(given)
    own[2][at] = "长" * 40_000
    write(tmp_path / "h.csv", own)
    with pytest.raises(InputError, match=r"B167.*40000 字"):
        run(replace(given, restart=True, output=tmp_path / "second.xlsx"))
    assert not (tmp_path / "second.xlsx").exists()


@pytest.mark.fault("B13")
@pytest.mark.parametrize("form", [".csv", ".xlsx"])
def test_a_result_that_does_not_say_its_day_says_what_to_give(tmp_path: Path, form: str) -> None:
    own, inner = demo(1)
    given = job(tmp_path, write(tmp_path / "h.csv", own), write(tmp_path / "m.csv", inner), f"out{form}")
    run(replace(given, raw=True))
    with pytest.raises(InputError, match=r"B168.*没有写明是哪一天"):
        open_result(tmp_path / f"out{form}", RULESET)
