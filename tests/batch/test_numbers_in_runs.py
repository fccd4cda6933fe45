"""Numbers of identity in runs over whole registries: no number is kept, and who has one that another has is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from numbered import MAN, WOMAN, numbered, rejecting
from reject_rows import reject_rows
from small_rulesets import DAY

from fupin_policy import InputError, Ruleset
from fupin_policy.batch import run as runs
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, Report, run
from fupin_policy.intake.identity_numbers import check_character
from fupin_policy.reports.summary import summarize
from fupin_policy.reports.worklist import write_worklists


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return numbered(tmp_path_factory.mktemp("numbered"))


def invented(at: int) -> str:
    digits = f"990001{1930 + at % 60}0{1 + at % 9}15{at % 1000:03d}"
    return digits + check_character(digits)


def registry(folder: Path, numbers: dict[int, str], count: int = 60) -> tuple[str, str]:
    """Households of one member each; of some the number is as `numbers` has it."""
    folder.mkdir(exist_ok=True)
    own = [f"h{at},50" for at in range(count)]
    persons = [f"h{at},m,{numbers.get(at, invented(at))},,,某{at}" for at in range(count)]
    (folder / "h.csv").write_text("\n".join(["id,收入", *own]), encoding="utf-8")
    head = "household,id,身份证号,出生日期,性别,姓名"
    (folder / "m.csv").write_text("\n".join([head, *persons]), encoding="utf-8")
    return str(folder / "h.csv"), str(folder / "m.csv")


SHARED = {3: WOMAN, 17: "11010519491231002x", 40: "110105491231002", 20: "", 21: "110105****1231002X", 22: "不详"}
"""Three households name one person, in three ways; three rows name nobody."""


def files(folder: Path) -> str:
    return "".join(path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file())


def test_holders_are_told_whatever_the_buckets_and_threads(ruleset: Ruleset, tmp_path: Path) -> None:
    tables = registry(tmp_path / "in", SHARED)
    found = []
    for bucket, threads in ((1000, 1), (7, 2), (2, 1)):
        output = tmp_path / f"out{bucket}.parquet"
        report = run(Job(ruleset, *tables, DAY, output, bucket=bucket, threads=threads))
        found.append((dict(report.counts.violated), dict(report.counts.not_checkable), dict(report.counts.derived)))
        rows = pq.read_table(output).select(["household", "member", "figure.id_number.unique"]).to_pylist()
        assert {one["household"] for one in rows if one["figure.id_number.unique"] is False} == {"h3", "h17", "h40"}
        assert "身份证号" not in pq.read_table(output).column_names
    assert found[0] == found[1] == found[2]
    assert found[0][0] == {"身份证号不重复": 3, "身份证号完整": 2}
    assert found[0][2] == {"出生日期": 56, "性别": 56}


def test_a_check_that_rejects_rejects_all_holders_and_no_others(tmp_path: Path) -> None:
    report = run(
        Job(rejecting(tmp_path / "r"), *registry(tmp_path / "in", SHARED), DAY, tmp_path / "out.parquet", bucket=9)
    )
    rejects = [one for one in reject_rows(report.rejects) if one["code"] == "H073"]
    assert sorted((one["household"], one["row"], one["column"]) for one in rejects) == [
        ("h17", "19", "身份证号不重复"),
        ("h3", "5", "身份证号不重复"),
        ("h40", "42", "身份证号不重复"),
    ]
    assert report.counts.households_rejected == 3


def test_a_household_that_stands_twice_is_no_other(ruleset: Ruleset, tmp_path: Path) -> None:
    own, inner = registry(tmp_path / "in", {}, 5)
    Path(inner).write_text(Path(inner).read_text(encoding="utf-8") + f"\nh1,m,{invented(1)},,,某1", encoding="utf-8")
    report = run(Job(ruleset, own, inner, DAY, tmp_path / "out.parquet"))
    assert "身份证号不重复" not in report.counts.violated


def test_no_number_stands_in_what_a_run_writes_or_leaves_behind(
    ruleset: Ruleset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {5: "110105194912310021"}
    tables = registry(tmp_path / "in", {**SHARED, **wrong})

    def stopped(*_: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(runs, "_decide", stopped)
        run(Job(ruleset, *tables, DAY, tmp_path / "out.parquet", bucket=9))
    numbers = [WOMAN[:17], MAN[:17], wrong[5][:17], invented(30)[:17]]
    left = [path for path in tmp_path.iterdir() if path.name not in ("in",)]
    assert left and not any(number in files(path) for path in left for number in numbers if path.is_dir())
    report: Report = run(Job(ruleset, *tables, DAY, tmp_path / "out.parquet", bucket=9))
    whole = run(Job(ruleset, *tables, DAY, tmp_path / "again.parquet", bucket=9))
    assert Path(report.output).read_bytes() == Path(whole.output).read_bytes()
    assert not any(
        number in (tmp_path / name).read_bytes().decode("latin-1") for name in ("out.parquet",) for number in numbers
    )


def test_numbers_are_listed_as_in_doubt_and_counted(ruleset: Ruleset, tmp_path: Path) -> None:
    report = run(Job(ruleset, *registry(tmp_path / "in", SHARED), DAY, tmp_path / "out.parquet"))
    result = open_result(Path(report.output), ruleset)
    assert dict(summarize([result], ruleset).violated)["身份证号不重复"] == 3
    lists = write_worklists(result, ruleset, tmp_path / "lists")
    (book,) = lists.folder.rglob("*.xlsx")
    rows = [list(row) for row in openpyxl.load_workbook(book)["数据疑点"].iter_rows(values_only=True)]
    doubts = [row for row in rows if row and "身份证号不重复" in row]
    assert len(doubts) == 3 and WOMAN not in str(rows)


def test_a_number_is_not_kept_beside_decisions(ruleset: Ruleset, tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        run(Job(ruleset, *registry(tmp_path / "in", {}), DAY, tmp_path / "out.parquet", keep=("身份证号",)))
    assert [one.code for one in raised.value.diagnostics] == ["B200"]


def test_a_text_without_a_format_may_have_to_stand_once(tmp_path: Path) -> None:
    from numbered import FACTS

    facts = FACTS.replace(
        "for: member, type: text, format: gb11643, birth: 出生日期, sex: sex, unique: true",
        ("for: member, type: text, unique: true"),
    )
    tables = registry(tmp_path / "in", {1: "x-9", 2: "X-9 ", 3: "x-9*", 4: "x-9*"})
    report = run(Job(numbered(tmp_path / "r", facts), *tables, DAY, tmp_path / "out.parquet"))
    assert dict(report.counts.violated) == {"身份证号不重复": 2}


def test_a_row_with_too_many_cells_is_told_by_its_place_alone(ruleset: Ruleset, tmp_path: Path) -> None:
    own, inner = registry(tmp_path / "in", {}, 3)
    Path(inner).write_text(Path(inner).read_text(encoding="utf-8") + f"\nh1,m2,{WOMAN},,,某,某,某", encoding="utf-8")
    report = run(Job(ruleset, own, inner, DAY, tmp_path / "out.parquet"))
    rejects = Path(report.rejects).read_text(encoding="utf-8")
    assert "B111" in rejects and WOMAN not in rejects
