"""Invented registers: the same numbers give the same rows, the library reads them, and the shares are those written."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections import Counter
from math import sqrt
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fupin_policy import load
from fupin_policy.batch.population import read_population, synthesize, write_registry
from fupin_policy.batch.population.draw import BLOCK
from fupin_policy.cli.common import FINE, PROBLEMS, USAGE
from fupin_policy.cli.main import main
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.csv_extract import read_extract
from fupin_policy.ruleset import SHIPPED

RULES = load(SHIPPED)
PROGRAM = RULES.program
POPULATION = read_population(SHIPPED / "population" / "population.yaml", PROGRAM)
MANY = 20_000


def registry(households: int, seed: int = 1) -> tuple[pa.Table, pa.Table]:
    """Both tables, whole."""
    batches = list(synthesize(PROGRAM, POPULATION, households, seed))
    return pa.Table.from_batches([own for own, _ in batches]), pa.Table.from_batches([of for _, of in batches])


@pytest.fixture(scope="module")
def many() -> tuple[pa.Table, pa.Table]:
    return registry(MANY)


def rows(table: pa.Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.to_pylist()
    return found


@pytest.mark.parametrize("to", ["csv", "parquet"])
def test_the_same_numbers_give_the_same_bytes(tmp_path: Path, to: Literal["csv", "parquet"]) -> None:
    for name in "ab":
        write_registry(PROGRAM, POPULATION, 300, 7, tmp_path / name, to)
    write_registry(PROGRAM, POPULATION, 300, 8, tmp_path / "c", to)
    for table in (f"households.{to}", f"members.{to}"):
        first, second, other = ((tmp_path / name / table).read_bytes() for name in "abc")
        assert first == second != other
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [".fupin", f"households.{to}", f"members.{to}"]


def test_the_first_households_do_not_depend_on_how_many_follow(many: tuple[pa.Table, pa.Table]) -> None:
    for count in (1, 250, BLOCK + 3):
        few = registry(count)
        for some, all_ in zip(few, many, strict=True):
            assert some.num_rows >= count
            assert some.to_pydict() == all_.slice(0, some.num_rows).to_pydict()
        last = f"SY{count:08}"
        assert few[1]["户编号"][-1].as_py() == last
        assert many[1]["户编号"][few[1].num_rows].as_py() != last


def test_numbers_and_types(many: tuple[pa.Table, pa.Table]) -> None:
    households, members = many
    assert households["户编号"][0].as_py() == "SY00000001" and members["人编号"][0].as_py() == "SY00000001-1"
    assert len(set(households["户编号"].to_pylist())) == MANY
    assert len(set(members["人编号"].to_pylist())) == members.num_rows
    types = {
        name: households.schema.field(name).type for name in ("是否危房", "乡镇", "人均纯收入", "住房面积", "户主姓名")
    }
    code = pa.dictionary(pa.int32(), pa.string())
    assert list(types.values()) == [pa.bool_(), code, pa.decimal128(18, 2), pa.decimal128(18, 1), pa.string()]
    assert members.schema.field("出生日期").type == pa.date32()
    assert 2.4 < members.num_rows / MANY < 2.8


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_library_reads_every_row(tmp_path: Path, encoding: Literal["utf-8", "gb18030"]) -> None:
    counts = write_registry(PROGRAM, POPULATION, 2000, 3, tmp_path, "csv", encoding)
    reporter = Reporter()
    found = read_extract(tmp_path / "households.csv", tmp_path / "members.csv", PROGRAM, reporter)
    assert reporter.diagnostics == ()
    assert (len(found), sum(len(one["members"]) for one in found)) == counts
    if encoding == "utf-8":
        for household in found[:300]:
            assert RULES.evaluate(household, "2019-06-30").decisions


def test_parquet_holds_what_the_batches_hold(tmp_path: Path) -> None:
    assert write_registry(PROGRAM, POPULATION, 100, 1, tmp_path, "parquet")[0] == 100
    assert rows(pq.read_table(tmp_path / "households.parquet")) == rows(registry(100)[0])


def test_no_households_are_a_table_with_columns_only(tmp_path: Path) -> None:
    assert write_registry(PROGRAM, POPULATION, 0, 1, tmp_path) == (0, 0)
    with (tmp_path / "members.csv").open(encoding="utf-8") as file:
        (header,) = csv.reader(file)
    assert header[:2] == ["户编号", "人编号"]


def near(counted: Counter[Any], shares: dict[Any, float]) -> bool:
    """Whether counts fit shares: chi-square within six deviations of its mean."""
    total = sum(counted.values())
    assert set(counted) <= set(shares)
    square = sum((counted[key] - total * part) ** 2 / (total * part) for key, part in shares.items())
    freedom = len(shares) - 1
    return square < freedom + 6 * sqrt(2 * freedom)


class TestShares:
    def test_of_causes(self, many: tuple[pa.Table, pa.Table]) -> None:
        shares = {
            "因病": 0.42,
            "因残": 0.14,
            "因学": 0.04,
            "因灾": 0.01,
            "缺土地": 0.005,
            "缺水": 0.002,
        }
        shares |= {
            "缺技术": 0.06,
            "缺劳力": 0.24,
            "缺资金": 0.05,
            "交通条件落后": 0.003,
            "自身发展动力不足": 0.02,
            "其他": 0.01,
        }
        assert near(Counter(many[0]["主要致贫原因"].to_pylist()), shares)

    def test_of_kinds_of_disability(self, many: tuple[pa.Table, pa.Table]) -> None:
        names = ["视力", "听力", "言语", "肢体", "智力", "精神", "多重"]
        shares = (0.1486, 0.2416, 0.0153, 0.2907, 0.0668, 0.0740, 0.1630)
        found = [kind for kind in many[1]["残疾类别"].to_pylist() if kind != "非残疾"]
        assert near(Counter(found), dict(zip(names, shares, strict=True)))

    def test_within_a_stretch_and_of_what_is_missing(self, many: tuple[pa.Table, pa.Table]) -> None:
        poor = [row for row in rows(many[0]) if row["脱贫属性"] == "未脱贫" and row["人均纯收入"] is not None]
        incomes = [row["人均纯收入"] for row in poor if row["人均纯收入"] is not None]
        bands = Counter(int(income) // 100 for income in incomes if income < 2500)
        assert near(bands, dict.fromkeys(range(9, 25), 1 / 16))
        empty = Counter(phone is None for phone in many[0]["联系电话"].to_pylist())
        assert near(empty, {True: 0.2, False: 0.8})

    def test_of_a_row_that_depends_on_another_fact(self, many: tuple[pa.Table, pa.Table]) -> None:
        found = Counter(row["危房等级"] for row in rows(many[0]) if row["是否危房"])
        assert near(Counter(found), {"C级": 0.97 * 0.6, "D级": 0.97 * 0.4, None: 0.03})


def test_people_fit_their_households(many: tuple[pa.Table, pa.Table]) -> None:
    households, members = rows(many[0]), rows(many[1])
    sizes = Counter(row["户编号"] for row in members)
    for row in households:
        if row["人均纯收入"] is not None:
            assert row["家庭纯收入"] == row["人均纯收入"] * sizes[row["户编号"]]
    heads = {row["户编号"]: row for row in members if row["与户主关系"] == "户主"}
    assert len(heads) == MANY
    assert all(heads[row["户编号"]]["姓名"] == row["户主姓名"] for row in households)
    for row in members:
        head = heads[row["户编号"]]
        assert row is head or row["与户主关系"] != "配偶" or row["性别"] != head["性别"]
        assert row["与户主关系"] != "之子" or row["出生日期"].year > head["出生日期"].year + 17
        assert (row["残疾类别"] == "非残疾") == (row["残疾等级"] == "无等级")
        assert row["目录内费用"] is None or row["目录内费用"] <= row["医疗总费用"]


def test_completed_years_are_those_on_the_day(many: tuple[pa.Table, pa.Table]) -> None:
    single = [row["出生日期"] for row in rows(many[1]) if row["在校生状况"] == "学前教育"]
    born = [(day.year, day.month, day.day) for day in single]
    # three to five completed years on 2019-06-30
    assert min(born) == (2013, 7, 1) and max(born) == (2016, 6, 30)


class TestCommand:
    def test_writes_a_registry(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["synth", "--households", "50", "--seed", "2", "-o", str(tmp_path / "new" / "folder")]) == FINE
        assert "50 户" in capsys.readouterr().out
        assert (tmp_path / "new" / "folder" / "members.csv").exists()

    def test_refuses_what_is_out_of_range(self, tmp_path: Path) -> None:
        assert main(["synth", "--households", "-1", "-o", str(tmp_path)]) == USAGE
        assert main(["synth", "--households", "100000000", "-o", str(tmp_path)]) == USAGE

    def test_reports_a_population_that_is_not_there(self, tmp_path: Path) -> None:
        lost = str(tmp_path / "lost.yaml")
        assert main(["synth", "--households", "1", "--population", lost, "-o", str(tmp_path)]) == PROBLEMS

    def test_nothing_else_needs_numpy(self) -> None:
        code = "import sys, fupin_policy, fupin_policy.cli.main; assert not {'numpy', 'pyarrow'} & set(sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_facts_by_month_are_drawn_month_by_month(tmp_path: Path) -> None:
    """Each month is an entry of its own, `each` stands for all others; a run reads what was invented."""
    rules = tmp_path / "rules"
    shutil.copytree(Path(__file__).parents[3] / "docs" / "examples" / "months", rules)
    with (rules / "facts.yaml").open("a", encoding="utf-8") as facts:
        facts.write("  - {name: rel, label: 与户主关系, for: member, type: code, codes: rel}\n")
        facts.write("code_lists: [{name: rel, codes: [{code: '1', name: head, label: 户主}]}]\n")
    entries = (
        "{fact: 享受低保 each, draw: 30%, standing: assumed}",
        "{fact: 工资 2019-05, draw: 0..3000, standing: assumed}",
        "{fact: 工资 2019-06, draw: 0..0, plus: 工资 2019-05, missing: 10%, standing: assumed}",
    )
    head = "kind: population\ntitle: {zh: 甲, en: A}\nnote: {zh: 虚构, en: invented}\nas_of: 2019-06-30\n"
    head += "relation: 与户主关系\nstructures: [{name: 一人, share: 100%, members: [户主]}]\nfacts:\n"
    file = tmp_path / "population.yaml"
    file.write_text(head + "".join(f"  - {entry}\n" for entry in entries), encoding="utf-8")
    asked = ["synth", "--ruleset", str(rules), "--population", str(file), "--households", "50", "-o"]
    assert main([*asked, str(tmp_path / "registry")]) == 0
    text = (tmp_path / "registry" / "members.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0].replace('"', "").endswith("与户主关系,工资 2019-05,工资 2019-06")
    found = [str(tmp_path / "registry" / f"{name}.csv") for name in ("households", "members")]
    result = str(tmp_path / "out.csv")
    assert main(["run", "--ruleset", str(rules), *found, "--as-of", "2019-06-30", "-o", result]) == 0
    file.write_text(head + "  - {fact: 工资, draw: 0..3000, standing: assumed}\n", encoding="utf-8")
    assert main([*asked, str(tmp_path / "other")]) == 1
