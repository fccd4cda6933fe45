"""Tables with a row for each item of a list beside a registry: read as households that are given alone."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import by_list
import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
from by_list import Registry, Rows, registry, write
from checked_ruleset import policy, written
from decided_rows import EVERY, alone, check_rows
from reject_rows import reject_rows
from same_runs import check_it_depends_on_nothing_else, rows_of

from fupin_policy import InputError, Ruleset
from fupin_policy.batch.checkpoints import Work
from fupin_policy.batch.run import Job, Report, run
from fupin_policy.cli.main import main

DAY = "2019-06-15"
Tables = tuple[tuple[str, str], ...]


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return by_list.rules(tmp_path_factory.mktemp("rules"))


def decided(rules: Ruleset, given: tuple[str, str], output: Path, lists: Tables = (), **how: Any) -> Report:
    return run(Job(rules, *given, DAY, output, asked=EVERY, lists=lists, **how))


def rejects_of(path: Path) -> list[dict[str, str]]:
    return reject_rows(path)


def check(rules: Ruleset, found: Registry, output: Path) -> None:
    """A run decided each household as alone."""
    order = {policy.id: at for at, policy in enumerate(rules.policies)}
    rows = sorted(rows_of(output), key=lambda row: (int(row["household"][1:]), order[row["policy"]]))
    check_rows(rules, rows, alone(rules, found.given, date.fromisoformat(DAY)), found.given)


@pytest.mark.parametrize("seed", [1, 2])
def test_rows_are_items(rules: Ruleset, tmp_path: Path, seed: int) -> None:
    found = registry(60, seed)
    report = decided(rules, found.files(tmp_path), tmp_path / "a.parquet", found.tables(tmp_path), bucket=17)
    check(rules, found, tmp_path / "a.parquet")
    assert report.counts.rows == {f"{name}.csv": len(rows) - 1 for name, rows in found.lists.items()}
    assert not any(report.counts.rows_rejected.values()) and not report.counts.households_rejected


def test_without_a_table_nothing_is_known_and_with_an_empty_one_there_are_none(rules: Ruleset, tmp_path: Path) -> None:
    found = registry(20, 3)
    files = found.files(tmp_path)
    persons = [person for one in found.given for person in one["members"]]
    for one in (*found.given, *persons):
        for name in found.lists:
            one.pop(name, None)
    decided(rules, files, tmp_path / "a.parquet")
    check(rules, found, tmp_path / "a.parquet")
    assert any("赡养人（共有哪些）" in row["missing"] for row in rows_of(tmp_path / "a.parquet"))
    for one in found.given:
        one |= {"赡养人": [], "承包地": []}
    for person in persons:
        person["就医记录"] = []
    headers = tuple((name, write(tmp_path / f"{name}.csv", rows[:1])) for name, rows in found.lists.items())
    report = decided(rules, files, tmp_path / "b.parquet", headers)
    check(rules, found, tmp_path / "b.parquet")
    assert set(report.counts.rows) == {f"{name}.csv" for name in found.lists}
    assert not any("赡养人（共有哪些）" in row["missing"] for row in rows_of(tmp_path / "b.parquet"))


WRONG = {
    "unknown household": ("赡养人", ["h99", "1", "", ""], "户编号", "B190", False),
    "no household": ("赡养人", ["", "1", "", ""], "户编号", "H069", True),
    "wrong value": ("赡养人", ["h0", "x", "", ""], "月薪", "H021", True),
    "too many items": ("赡养人", ["h0", "1", "", ""], "户编号", "H095", True),
    "too many cells": ("赡养人", ["h0", "1", "", "", ""], None, "B111", True),
    "unknown member": ("就医记录", ["h0", "m9", "1", "2019-02-01", "1", ""], "人编号", "B191", True),
    "no member": ("就医记录", ["h0", "", "1", "2019-02-01", "1", ""], "人编号", "B191", True),
    "the same place": ("就医记录", ["h0", "m0", "1", "2019-02-01", "7", ""], "人编号", "H098", True),
    "the date lacks": ("就医记录", ["h0", "m0", "1", "", "1", ""], "就医日期", "H016", True),
    "after the day": ("就医记录", ["h0", "m0", "1", "2019-07-01", "1", ""], "就医日期", "H028", True),
}


def small() -> Registry:
    own = [["户编号", "收入"], ["h0", "1"], ["h1", "1"]]
    inner = [["户编号", "人编号", "出生日期"], ["h0", "m0", "1950-01-01"], ["h1", "m0", "1950-01-01"]]
    bills = [["h0", "m0", "5", "2019-02-01", "7", ""], ["h1", "m0", "5", "2019-02-01", "7", ""]]
    supporters = [["h1", "5", "", ""], *([["h0", "5", "", ""]] * 4)]
    lists = {"赡养人": [by_list.HEADERS["赡养人"], *supporters], "就医记录": [by_list.HEADERS["就医记录"], *bills]}
    return Registry([], own, inner, lists)


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_rows(rules: Ruleset, tmp_path: Path, kind: str) -> None:
    name, row, column, code, with_household = WRONG[kind]
    found = small()
    if kind != "too many items" and name == "赡养人":
        found.lists[name].pop()
    found.lists[name].append(row)
    number = len(found.lists[name])
    report = decided(rules, found.files(tmp_path), tmp_path / "a.parquet", found.tables(tmp_path))
    rejects = rejects_of(tmp_path / "a.rejects.csv")
    (fault,) = [one for one in rejects if one["code"] == code]
    assert (fault["file"], fault["row"]) == (f"{name}.csv", str(number))
    assert column is None or fault["column"] == column
    assert report.counts.households_rejected == int(with_household)
    by_file = [one["file"] for one in rejects if one["file"] not in ("households.csv", "members.csv")]
    assert {key: by_file.count(key) for key in set(by_file)} == dict(report.counts.rows_rejected)
    own = {f"{key}.csv": sum(one[0] == "h0" for one in rows) for key, rows in found.lists.items()}
    lost = {key: count * with_household for key, count in own.items()}
    lost[f"{name}.csv"] += row[0] != "h0"
    assert report.counts.rows_rejected == {key: count for key, count in lost.items() if count}
    told = {row["household"] for row in rows_of(tmp_path / "a.parquet")}
    assert told == ({"h1"} if with_household else {"h0", "h1"})


def test_the_result_does_not_depend_on_buckets_threads_or_resuming(
    rules: Ruleset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = registry(40, 5)
    found.lists["赡养人"] += [["h99", "1", "", ""], ["h3", "x", "", ""], *([["h7", "1", "", ""]] * 5)]
    given, tables = found.files(tmp_path), found.tables(tmp_path)
    check_it_depends_on_nothing_else(
        lambda output, **how: decided(rules, given, output, tables, **how), tmp_path, monkeypatch
    )


def test_another_table_of_a_list_is_another_run(
    rules: Ruleset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = registry(20, 6)
    given, tables = found.files(tmp_path), found.tables(tmp_path)
    monkeypatch.setattr(Work, "decide", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        decided(rules, given, tmp_path / "a.parquet", tables)
    monkeypatch.undo()
    with pytest.raises(InputError) as raised:
        decided(rules, given, tmp_path / "a.parquet", tables[1:])
    assert [one.code for one in raised.value.diagnostics] == ["B109"]


def test_other_forms_of_tables(rules: Ruleset, tmp_path: Path) -> None:
    found = registry(20, 3)
    given, tables = found.files(tmp_path), found.tables(tmp_path)
    decided(rules, given, tmp_path / "a.parquet", tables)
    others = []
    with duckdb.connect(str(tmp_path / "all.duckdb")) as connection:
        for at, (name, path) in enumerate(tables):
            connection.execute(f"CREATE TABLE t{at} AS FROM read_csv('{path}', all_varchar = true)")
            others.append((name, f"{tmp_path / 'all.duckdb'}:t{at}"))
        connection.execute(f"COPY t1 TO '{tmp_path / 'bills.parquet'}'")
    book = workbook_of(tmp_path / "plots.xlsx", found.lists["承包地"])
    mixed = (others[0], ("bills", str(tmp_path / "bills.parquet")), ("plots", book))
    decided(rules, given, tmp_path / "b.parquet", mixed)
    assert rows_of(tmp_path / "a.parquet") == rows_of(tmp_path / "b.parquet")


def workbook_of(path: Path, rows: Rows) -> str:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append([cell or None for cell in row])
    book.save(path)
    return str(path)


def test_a_row_of_a_sheet_without_a_household_is_of_the_one_above(rules: Ruleset, tmp_path: Path) -> None:
    found = small()
    sheet = workbook_of(tmp_path / "s.xlsx", [["户编号", "月薪"], ["h0", "1"], ["", "2"], ["合计", "3"]])
    report = decided(rules, found.files(tmp_path), tmp_path / "a.parquet", (("赡养人", sheet),))
    assert report.counts.households_rejected == 1 and report.counts.rows_rejected == {"s.xlsx": 3}
    told = {(one["file"], one["row"], one["code"]) for one in rejects_of(tmp_path / "a.rejects.csv")}
    rows = {("s.xlsx", row, code) for row, code in (("2", "B102"), ("3", "H069"), ("4", "B145"))}
    assert {*rows, ("households.csv", "2", "B147")} <= told


@pytest.mark.parametrize(
    ("name", "headers", "code"),
    [
        ("赡养人", ["月收入"], "B105"),
        ("赡养人", ["户编号", "人编号", "月收入"], "B103"),
        ("赡养人", ["户编号", "收入"], "B103"),
        ("赡养人", ["户编号", "医疗费用"], "B103"),
        ("赡养人", ["户编号", "月收入", "月薪"], "B107"),
        ("就医记录", ["户编号", "医疗费用", "就医日期"], "B105"),
        ("就医记录", ["户编号", "人编号", "医疗费用"], "H016"),
        ("账单", ["户编号", "人编号"], "B210"),
    ],
)
def test_wrong_headers(rules: Ruleset, tmp_path: Path, name: str, headers: list[str], code: str) -> None:
    table = write(tmp_path / "t.csv", [headers, ["h0", "m0", "1"][: len(headers)]])
    with pytest.raises(InputError) as raised:
        decided(rules, small().files(tmp_path), tmp_path / "a.parquet", ((name, table),))
    assert {one.code for one in raised.value.diagnostics} == {code}


def test_a_list_has_one_table(rules: Ruleset, tmp_path: Path) -> None:
    found = small()
    (first, _) = found.tables(tmp_path)
    with pytest.raises(InputError) as raised:
        decided(rules, found.files(tmp_path), tmp_path / "a.parquet", (first, ("supporters", first[1])))
    assert [one.code for one in raised.value.diagnostics] == ["B211"]


def test_items_do_not_stand_in_other_tables(rules: Ruleset, tmp_path: Path) -> None:
    own = write(tmp_path / "h.csv", [["户编号", "月薪"], ["h0", "1"]])
    inner = write(tmp_path / "m.csv", [["户编号", "人编号"], ["h0", "m0"]])
    with pytest.raises(InputError) as raised:
        decided(rules, (own, inner), tmp_path / "a.parquet")
    assert [one.code for one in raised.value.diagnostics] == ["B103"]
    for keep, code in (("月收入", "B216"), ("姓名", "B216")):
        with pytest.raises(InputError) as raised:
            decided(rules, small().files(tmp_path), tmp_path / "a.parquet", keep=(keep,))
        assert [one.code for one in raised.value.diagnostics] == [code]


def test_a_mapping_of_tables_of_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What `fupin map` proposes is what the run takes, with other headers too."""
    rules = by_list.rules(tmp_path / "x")
    found = registry(20, 7)
    given = found.files(tmp_path)
    decided(rules, given, tmp_path / "a.parquet", found.tables(tmp_path))
    found.lists["赡养人"][0] = ["户编号", "每月收入(元)", "同村", "备注"]
    tables = found.tables(tmp_path)
    options = [option for name, table in tables for option in ("--list", f"{name}={table}")]
    folder = str(tmp_path / "x")
    assert main(["map", "--ruleset", folder, *given, *options]) == 0
    text = capsys.readouterr().out
    assert '{column: "每月收入(元)", fact: "月收入"}  # 请核对' in text
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    arguments = ["run", "--ruleset", folder, *given, *options, "--as-of", DAY, "--mapping", str(tmp_path / "m.yaml")]
    every = ["--status", "eligible", "--status", "ineligible", "--status", "unknown", "--missing"]
    assert main([*arguments, *every, "-o", str(tmp_path / "b.parquet")]) == 0
    assert "就医记录.csv 读入" in capsys.readouterr().out
    assert rows_of(tmp_path / "a.parquet") == rows_of(tmp_path / "b.parquet")
    assert main(["worklist", "--ruleset", folder, str(tmp_path / "b.parquet"), "-o", str(tmp_path / "lists")]) == 0
    assert main(["summary", "--ruleset", folder, str(tmp_path / "b.parquet")]) == 0
    granted = sum(row["status"] == "eligible" and row["policy"] == "bills" for row in rows_of(tmp_path / "b.parquet"))
    assert granted and f"{granted}" in capsys.readouterr().out
    with pytest.raises(InputError) as raised:
        decided(rules, given, tmp_path / "c.parquet", tables[:2], mapping=tmp_path / "m.yaml")
    assert [one.code for one in raised.value.diagnostics] == ["B213"]
    (tmp_path / "n.yaml").write_text(text[: text.index("lists:")], encoding="utf-8")
    with pytest.raises(InputError) as raised:
        decided(rules, given, tmp_path / "c.parquet", tables, mapping=tmp_path / "n.yaml")
    assert [one.code for one in raised.value.diagnostics] == ["B214"] * 3
    (tmp_path / "n.yaml").write_text(text.replace('    member: "人编号"\n', ""), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        decided(rules, given, tmp_path / "c.parquet", tables, mapping=tmp_path / "n.yaml")
    assert "B215" in {one.code for one in raised.value.diagnostics}
    assert main(["run", "--ruleset", folder, *given, "--list", "承包地", "--as-of", DAY, "-o", "x.parquet"]) == 1
    assert "B212" in capsys.readouterr().err


def test_what_has_changed_in_lists_is_told_as_the_reason(rules: Ruleset, tmp_path: Path) -> None:
    found = small()
    found.lists["赡养人"] = [
        by_list.HEADERS["赡养人"],
        ["h0", "3000", "", ""],
        ["h1", "3500", "是", ""],
        ["h0", "", "", ""],
    ]
    given, tables = found.files(tmp_path), found.tables(tmp_path)
    before, may = tmp_path / "april.parquet", tmp_path / "may.parquet"
    run(Job(rules, *given, "2019-04-15", before, lists=tables))
    run(Job(rules, *given, "2019-05-15", may, lists=tables, previous=before))
    found.lists["赡养人"] = [
        by_list.HEADERS["赡养人"],
        ["h0", "", "", ""],
        ["h1", "2000", "是", ""],
        ["h0", "3000", "", ""],
    ]
    found.lists["就医记录"] += [["h0", "m0", "4", "2019-05-20", "8", ""], ["h0", "m0", "4", "2019-06-01", "9", ""]]
    tables = found.tables(tmp_path)
    report = run(Job(rules, *given, DAY, tmp_path / "june.parquet", lists=tables, previous=may))
    assert report.changes is not None
    rows = pq.read_table(report.changes / "changes.parquet").to_pylist()
    reasons = {(row["household"], row["member"], row["policy"]): (row["原因"], row["reason"]) for row in rows}
    assert reasons == {
        ("h0", "m0", "bills"): (
            "m0.就医记录 多了 2 项（医疗费用 4.00，序号 8，就医日期 2019-05-20…）",
            "m0.bills: 2 more (医疗费用 4.00，序号 8，就医日期 2019-05-20…)",
        ),
        ("h1", None, "p"): (
            "赡养人 多了 1 项（月收入 2000.00，同村 是）；赡养人 少了 1 项（月收入 3500.00，同村 是）",
            "supporters: 1 more (月收入 2000.00，同村 是); supporters: 1 fewer (月收入 3500.00，同村 是)",
        ),
    }


def test_two_rulesets_are_compared_over_tables_of_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The ruleset before may not have the list yet."""
    by_list.rules(tmp_path / "after")
    found = registry(30, 4)
    given, tables = found.files(tmp_path), found.tables(tmp_path)
    options = [option for name, table in tables for option in ("--list", f"{name}={table}")]
    before = tmp_path / "before"
    written(before, policy("收入 < 5000元", amount="100元"))
    asked = ["diff", str(before), str(tmp_path / "after"), "--as-of", DAY, "--data", *given]
    assert main([*asked, *options]) == 1
    told = capsys.readouterr()
    assert "30 户，被拒 0" in told.err and "就医补助" in told.out
    assert main([*asked, "--list", f"账单={tables[0][1]}"]) == 1
    assert "B210" in capsys.readouterr().err


SCRIPT = """
import sys
from pathlib import Path
from fupin_policy import load
from fupin_policy.batch.run import Job, run

rules, output, *files = sys.argv[1:]
lists = tuple(tuple(one.split("=")) for one in files[2:])
run(Job(load(Path(rules)), *files[:2], "2019-06-15", Path(output), lists=lists, bucket=20, threads=2))
"""


@pytest.mark.long
def test_killed_and_resumed_gives_the_same_bytes(tmp_path: Path) -> None:
    by_list.rules(tmp_path / "rules")
    found = registry(2000, 8)
    found.lists["赡养人"] += [["h99999", "1", "", ""], ["h3", "x", "", ""], *([["h7", "1", "", ""]] * 5)]
    lists = [f"{name}={path}" for name, path in found.tables(tmp_path)]
    given = [*found.files(tmp_path), *lists]
    whole, again = (tmp_path / name / "out.parquet" for name in "ab")

    def start(output: Path) -> subprocess.Popen[bytes]:
        output.parent.mkdir(exist_ok=True)
        return subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path / "rules"), str(output), *given])

    begun = time.monotonic()
    assert start(whole).wait() == 0
    taken, chance, kills = time.monotonic() - begun, random.Random(3), 0
    for _ in range(4):
        process = start(again)
        time.sleep(chance.uniform(0.3, 1.0) * taken)
        kills += process.poll() is None
        process.kill()
        process.wait()
    assert kills
    assert start(again).wait() == 0
    for name in ("out.parquet", "out.rejects.csv"):
        assert (again.parent / name).read_bytes() == (whole.parent / name).read_bytes()
    assert sorted(one.name for one in again.parent.iterdir()) == sorted(one.name for one in whole.parent.iterdir())
