"""Invented lists: how many items and what they say is drawn, and what is written is what a run takes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import by_list
import pyarrow.parquet as pq
import pytest

from fupin_policy import RulesetError, load
from fupin_policy.batch.population import read_population, synthesize
from fupin_policy.batch.run import Job, run
from fupin_policy.cli.main import main

POPULATION = """kind: population
as_of: 2019-06-01
relation: 身份
structures: [{name: 一人, share: 40%, members: [户主]}, {name: 两人, share: 60%, members: [户主, 其他]}]
facts:
  - {fact: 收入, draw: 0..9000, standing: assumed}
  - {fact: 出生日期, draw: 1..90, years: 周岁, standing: assumed}
lists:
  - list: 赡养人
    draw: {by: 收入, rows: [[0..3000, 0..4]], otherwise: {0: 90%, 4: 10%}}
    standing: assumed
    facts:
      - {fact: 月收入, draw: 0..5000, missing: 10%, standing: assumed}
      - {fact: 姓名, draw: '{字}某', standing: assumed}
  - list: bills
    draw: {by: 周岁, rows: [[60.., 1..5]], otherwise: 0}
    standing: assumed
    facts:
      - {fact: 医疗费用, draw: {by: 赡养人项数, rows: [[0, 100]], otherwise: 200..300}, step: 0.01, standing: assumed}
      - {fact: 就医日期, draw: 0, standing: assumed}
      - {fact: 序号, draw: 0, plus: 项次, standing: assumed}
      - {fact: 就医地, draw: {东镇: 50%, 西镇: 50%}, standing: assumed}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("x")
    by_list.rules(found / "rules")
    facts = found / "rules" / "facts.yaml"
    codes = "[{code: '1', name: head, label: 户主}, {code: '2', name: other, label: 其他}]"
    text = facts.read_text(encoding="utf-8").replace("\nlists:\n", f"\n  - {{name: who, codes: {codes}}}\nlists:\n")
    text += "  - {name: who, label: 身份, for: member, type: code, codes: who}\n"
    facts.write_text(text, encoding="utf-8")
    (found / "p.yaml").write_text(POPULATION, encoding="utf-8")
    return found


def synth(folder: Path, name: str, households: int, *more: str) -> int:
    options = ["--households", str(households), "--population", str(folder / "p.yaml"), "-o", str(folder / name)]
    return main(["synth", "--ruleset", str(folder / "rules"), *options, *more])


def test_what_is_drawn_is_what_a_run_takes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = load(folder / "rules", cache=False)
    assert synth(folder, "csv", 3000) == 0 and synth(folder, "parquet", 3000, "--to", "parquet") == 0
    assert "bills" in capsys.readouterr().out
    for form in ("csv", "parquet"):
        own, inner, supporters, bills = (
            str(folder / form / f"{name}.{form}") for name in ("households", "members", "supporters", "bills")
        )
        lists = (("supporters", supporters), ("就医记录", bills))
        report = run(Job(rules, own, inner, "2019-06-15", folder / f"{form}.out.parquet", lists=lists))
        assert (report.counts.households, report.counts.households_rejected) == (3000, 0)
        assert report.counts.rows[f"supporters.{form}"] > 1000 and report.counts.rows[f"bills.{form}"] > 1000
        assert report.counts.decisions > 500
    assert pq.read_table(folder / "csv.out.parquet").equals(pq.read_table(folder / "parquet.out.parquet"))


def test_items_follow_what_their_owners_are(folder: Path) -> None:
    program = load(folder / "rules", cache=False).program
    ((own, inner, supporters, bills),) = synthesize(program, read_population(folder / "p.yaml", program), 2000, 5)
    counts = Counter(supporters["户编号"].to_pylist())
    income = dict(zip(own["户编号"].to_pylist(), own["收入"].to_pylist(), strict=True))
    rich = [counts[name] for name, amount in income.items() if amount > 3000]
    assert set(rich) == {0, 4} and 0.05 < rich.count(4) / len(rich) < 0.15
    assert {counts[name] for name, amount in income.items() if amount <= 3000} == {0, 1, 2, 3, 4}
    births = dict(zip(inner["人编号"].to_pylist(), inner["出生日期"].to_pylist(), strict=True))
    assert {births[name].year <= 1959 for name in bills["人编号"].to_pylist()} == {True}
    rows = bills.to_pylist()
    assert {float(row["医疗费用"]) == 100 for row in rows if not counts[row["户编号"]]} == {True}
    assert {float(row["医疗费用"]) >= 200 for row in rows if counts[row["户编号"]]} == {True}
    places = Counter((row["人编号"], row["序号"]) for row in rows)
    assert set(places.values()) == {1} and {int(serial) for _, serial in places} == {1, 2, 3, 4, 5}


def test_the_first_households_have_the_same_items(folder: Path) -> None:
    program = load(folder / "rules", cache=False).program
    population = read_population(folder / "p.yaml", program)
    few, many = (list(synthesize(program, population, count, 1)) for count in (50, 12_000))
    assert len(many) == 2
    for one, other in zip(few[0], many[0], strict=True):
        assert one.equals(other.slice(0, one.num_rows))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("list: 赡养人", "list: 赡养", "P011"),
        ("list: bills", "list: supporters", "P002"),
        ("draw: {by: 周岁, rows: [[60.., 1..5]], otherwise: 0}", "draw: 6", "P006"),
        ("fact: 月收入", "fact: 医疗费用", "P001"),
        ("plus: 项次", "plus: 月收入", "P003"),
    ],
)
def test_wrong_lists(folder: Path, old: str, new: str, code: str) -> None:
    program = load(folder / "rules", cache=False).program
    assert old in POPULATION
    (folder / "wrong.yaml").write_text(POPULATION.replace(old, new), encoding="utf-8")
    with pytest.raises(RulesetError) as raised:
        read_population(folder / "wrong.yaml", program)
    assert code in {one.code for one in raised.value.diagnostics}
