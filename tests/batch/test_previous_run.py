"""Runs month after month: each goes on from the one before as households alone do, and lists what has changed."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from previous_results import with_previous
from reject_rows import reject_rows

from fupin_policy import InputError, Ruleset, load
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.run import Job, Report, run
from fupin_policy.cli.main import main
from fupin_policy.core.decision import Status
from fupin_policy.core.evaluation import Evaluation

Registry = dict[str, dict[str, Any]]
MONTHS = [date(2019, month, 15).isoformat() for month in range(1, 13)]
BEFORE: dict[str, Any] = {"上期低保": "否", "上期渐退": "否", "上期渐退起始日": "无", "上期金额": "0"}
TRAINED = {"上期培训": "否", "培训起始日": "无"}


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return with_previous(tmp_path_factory.mktemp("rules"))


def registry(count: int, random: Random) -> Registry:
    return {f"h{at}": _household(f"h{at}", random) for at in range(count)}


def _household(name: str, random: Random) -> dict[str, Any]:
    members = [{"id": f"m{at}", "有劳力": _able(random)} for at in range(random.randrange(4))]
    return {"id": name, "收入": _income(random), "members": members}


def _income(random: Random) -> str:
    return random.choice(["100", "350.50", "499.99", "500", "800", ""])


def _able(random: Random) -> str:
    return random.choice(["是", "否", "否", ""])


def later(now: Registry, random: Random) -> Registry:
    """A month later: some households are gone, some new, some members born or dead, some facts otherwise."""
    found: Registry = {}
    for name, one in now.items():
        if random.random() < 0.04:
            continue
        members = [{**member} for member in one["members"] if random.random() > 0.03]
        for member in members:
            if random.random() < 0.2:
                member["有劳力"] = _able(random)
        if random.random() < 0.05:
            members.append({"id": f"n{random.randrange(10**9)}", "有劳力": _able(random)})
        found[name] = {**one, "members": members, **({"收入": _income(random)} if random.random() < 0.25 else {})}
    return found | registry_from(len(now) // 25, random)


def registry_from(count: int, random: Random) -> Registry:
    names = [f"k{random.randrange(10**9)}" for _ in range(count)]
    return {name: _household(name, random) for name in names}


def write(folder: Path, given: Registry, first: bool) -> tuple[str, str]:
    """The two tables; where nothing was decided before, that is said."""
    own, inner = (list(columns) if first else [] for columns in (BEFORE, TRAINED))
    households = [",".join(["id", "收入", *own])]
    members = [",".join(["household", "member", "有劳力", *inner])]
    for one in given.values():
        households.append(",".join([one["id"], one["收入"], *(BEFORE[name] for name in own)]))
        for member in one["members"]:
            members.append(",".join([one["id"], member["id"], member["有劳力"], *(TRAINED[name] for name in inner)]))
    for name, lines in (("h.csv", households), ("m.csv", members)):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(folder / "h.csv"), str(folder / "m.csv")


def decided(rules: Ruleset, folder: Path, given: Registry, month: int, **how: Any) -> Report:
    previous = folder / f"{month - 1}.parquet" if month else None
    tables = write(folder, given, not month)
    asked = BatchRequest(missing=True)
    return run(Job(rules, *tables, MONTHS[month], folder / f"{month}.parquet", asked=asked, previous=previous, **how))


def alone(rules: Ruleset, given: Registry, month: int, before: Mapping[str, Evaluation]) -> dict[str, Evaluation]:
    """The same household by household."""
    found = {}
    for name, one in given.items():
        if month == 0:
            one = {**one, **BEFORE, "members": [{**member, **TRAINED} for member in one["members"]]}
            found[name] = rules.evaluate(one, MONTHS[month])
        else:
            previous = before[name].as_json() if name in before else nothing_decided(rules, name, month)
            found[name] = rules.evaluate(one, MONTHS[month], previous=previous)
    return found


def nothing_decided(rules: Ruleset, name: str, month: int) -> dict[str, Any]:
    decisions = [{"policy": one.id, "status": "ineligible", "members": []} for one in rules.policies]
    return {"household": name, "as_of": MONTHS[month - 1], "ruleset": {"id": rules.id}, "decisions": decisions}


def rows_alone(found: Mapping[str, Evaluation]) -> set[tuple[Any, ...]]:
    rows = set()
    for name, evaluation in found.items():
        for decision in evaluation.decisions:
            of: list[tuple[str | None, Any]] = [(one.member, one) for one in decision.members] or [(None, decision)]
            for member, one in of:
                if one.status is not Status.INELIGIBLE:
                    ends = (None, None) if one.amount is None else (one.amount.low, one.amount.high)
                    days = (None, None) if one.first_day is None else tuple(one.first_day.as_json().values())
                    rows.add((name, member, decision.policy, one.status.value, *ends, *days))
    return rows


def rows_of(path: Path) -> set[tuple[Any, ...]]:
    columns = ("household", "member", "policy", "status", "amount_min", "amount_max")
    return {
        (
            *(row[name] for name in columns),
            *(row[name] and row[name].isoformat() for name in ("first_day_min", "first_day_max")),
        )
        for row in pq.read_table(path).to_pylist()
    }


def settled(path: Path) -> Counter[str]:
    """By policy the sum of all amounts that are settled."""
    sums: Counter[str] = Counter()
    for row in pq.read_table(path).to_pylist():
        if row["status"] == "eligible" and row["amount_min"] == row["amount_max"]:
            sums[row["policy"]] += row["amount_min"] or 0
    return sums


def added_up(rows: list[dict[str, Any]]) -> Counter[str]:
    """By policy what changes come to."""
    sums: Counter[str] = Counter()
    for row in rows:
        for end, sign in (("", 1), ("_before", -1)):
            if row[f"status{end}"] == "eligible" and row[f"amount_min{end}"] == row[f"amount_max{end}"]:
                sums[row["policy"]] += sign * (row[f"amount_min{end}"] or 0)
    return sums


def a_year(rules: Ruleset, folder: Path, count: int, seed: int, months: int, **how: Any) -> None:
    random = Random(seed)
    given, before = registry(count, random), dict[str, Evaluation]()
    for month in range(months):
        report = decided(rules, folder, given, month, **how)
        before = alone(rules, given, month, before)
        assert rows_of(folder / f"{month}.parquet") == rows_alone(before)
        if month:
            assert report.changes is not None
            changes = pq.read_table(report.changes / "changes.parquet").to_pylist()
            assert Counter(row["变化"] for row in changes) == Counter(report.counts.changes)
            difference = settled(folder / f"{month}.parquet")
            difference.subtract(settled(folder / f"{month - 1}.parquet"))
            sums = added_up(changes)
            assert {name: value for name, value in difference.items() if value} == {k: v for k, v in sums.items() if v}
            assert all(row["reason"] and row["原因"] for row in changes)
            check_offices(report.changes, changes)
        given = later(given, random)


def check_offices(folder: Path, changes: list[dict[str, Any]]) -> None:
    listed = [path for path in folder.rglob("*.csv") if path.parent != folder]
    assert sum(pyarrow.csv.read_csv(path).num_rows for path in listed) == sum(len(row["lead"]) for row in changes)
    told = pyarrow.csv.read_csv(folder / "changes.csv").to_pylist()
    for side, name in (("上期", "_before"), ("本期", "")):
        of_side = next(head for head in told[0] if head.startswith(f"{side}金额（")) if told else ""
        yuan = sum(row[of_side] or 0 for row in told)
        assert yuan * 100 == pytest.approx(sum(row[f"amount_min{name}"] or 0 for row in changes))
    assert [row["变化"] for row in told] == [row["变化"] for row in changes]


def test_months_in_a_row_are_what_each_household_alone_gets(rules: Ruleset, tmp_path: Path) -> None:
    a_year(rules, tmp_path, 30, 1, 4, bucket=15)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_a_year_of_months(rules: Ruleset, tmp_path: Path, seed: int) -> None:
    a_year(rules, tmp_path, 400, seed, 12, bucket=150)


def test_why_something_changed_is_said(rules: Ruleset, tmp_path: Path) -> None:
    born = {"id": "b", "有劳力": "是"}
    first: Registry = {
        "h1": {"id": "h1", "收入": "300", "members": []},
        "h2": {"id": "h2", "收入": "300", "members": []},
        "h3": {"id": "h3", "收入": "900", "members": [{"id": "a", "有劳力": "是"}]},
        "h5": {"id": "h5", "收入": "300", "members": []},
    }
    decided(rules, tmp_path, first, 0)
    second: Registry = {
        "h1": {**first["h1"], "收入": "900"},
        "h3": {**first["h3"], "收入": "", "members": [*first["h3"]["members"], born]},
        "h4": {"id": "h4", "收入": "100.00", "members": []},
        "h5": {**first["h5"], "收入": "many"},
    }
    report = decided(rules, tmp_path, second, 1)
    assert report.changes is not None
    rows = pq.read_table(report.changes / "changes.parquet").to_pylist()
    said = {(row["household"], row["member"], row["policy"]): (row["变化"], row["原因"]) for row in rows}
    assert said == {
        ("h1", None, "p.aid"): ("停发", "收入 300.00 → 900.00"),
        ("h1", None, "p.phase"): ("新增", "收入 300.00 → 900.00"),
        ("h2", None, "p.aid"): ("停发", "本期登记册里没有"),
        ("h3", None, "p.aid"): ("转为待核", "收入 900.00 → 未知"),
        ("h3", "b", "p.training"): ("新增", "上期登记册里没有"),
        ("h4", None, "p.aid"): ("新增", "上期登记册里没有"),
        ("h5", None, "p.aid"): ("转为待核", "本期资料被退回"),
    }
    assert [row["lead"] for row in rows] == [["某局"]] * len(rows)
    # who was rejected was not refused: nothing is known of the household the next time
    third = decided(rules, tmp_path, {"h5": {**first["h5"], "收入": "900"}}, 2)
    found = {row[:4] for row in rows_of(tmp_path / "2.parquet")}
    assert found == {("h5", None, "p.phase", "unknown")} and third.counts.decisions == 1


def test_a_result_that_is_no_earlier_one_is_refused(
    rules: Ruleset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = registry(5, Random(0))
    decided(rules, tmp_path, given, 0)
    tables = write(tmp_path, given, False)

    def code(previous: Path, month: int, **asked: Any) -> str:
        job = Job(rules, *tables, MONTHS[month], tmp_path / "x.parquet", previous=previous, asked=BatchRequest(**asked))
        with pytest.raises(InputError) as caught:
            run(job)
        return caught.value.diagnostics[0].code

    last = tmp_path / "0.parquet"
    assert code(last, 0) == "H077"
    assert code(last, 1, form="wide") == code(last, 1, statuses=frozenset({Status.ELIGIBLE})) == "B184"
    one = BatchRequest(policies=frozenset({"p.aid"}))
    run(Job(rules, *write(tmp_path, given, True), MONTHS[0], tmp_path / "one.parquet", asked=one))
    assert code(tmp_path / "one.parquet", 1) == "H078"
    run(Job(rules, *tables, MONTHS[0], tmp_path / "0.csv", raw=True))
    assert code(tmp_path / "0.csv", 1) == "B168"
    table = pq.read_table(last)
    for key, value, wanted in (("ruleset", "other", "H075"), ("currency", "CNY", "H076")):
        altered = {**table.schema.metadata, f"fupin.{key}".encode(): value.encode()}
        pq.write_table(table.replace_schema_metadata(altered), tmp_path / "altered.parquet")
        assert code(tmp_path / "altered.parquet", 1) == wanted


def test_what_cannot_have_been_is_rejected_with_its_household(rules: Ruleset, tmp_path: Path) -> None:
    """The amount of the last time is a fact with a range, wherever it comes from."""
    given: Registry = {name: {"id": name, "收入": "100", "members": []} for name in ("h1", "h2")}
    decided(rules, tmp_path, given, 0)
    last = pq.read_table(tmp_path / "0.parquet")
    for end in ("amount_min", "amount_max"):
        altered = [
            200_000 if row["household"] == "h2" and row[end] is not None else row[end] for row in last.to_pylist()
        ]
        last = last.set_column(last.schema.get_field_index(end), end, pa.array(altered, last.schema.field(end).type))
    pq.write_table(last, tmp_path / "0.parquet")
    report = decided(rules, tmp_path, given, 1)
    assert {row[0] for row in rows_of(tmp_path / "1.parquet")} == {"h1"}
    (row,) = reject_rows(report.rejects)
    assert (row["household"], row["column"], row["value"], row["code"]) == ("h2", "上期金额", "2000.00", "H024")
    # what the table says itself comes first
    tables = write(tmp_path, given, False)
    Path(tables[0]).write_text("id,收入,上期金额\nh1,100,\nh2,100,10\n", encoding="utf-8")
    previous = tmp_path / "0.parquet"
    report = run(Job(rules, *tables, MONTHS[1], tmp_path / "told.parquet", previous=previous))
    assert report.counts.households_rejected == 0


def test_what_is_not_listed_in_full_is_unknown_to_the_next_run(rules: Ruleset, tmp_path: Path) -> None:
    given: Registry = {"h1": {"id": "h1", "收入": "900", "members": []}}
    asked = BatchRequest(statuses=frozenset({Status.ELIGIBLE}))
    run(Job(rules, *write(tmp_path, given, True), MONTHS[0], tmp_path / "0.parquet", asked=asked))
    decided(rules, tmp_path, given, 1)
    assert {row[2:4] for row in rows_of(tmp_path / "1.parquet")} == {("p.phase", "unknown")}


def test_the_command_says_what_changed(rules: Ruleset, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "rules"
    with_previous(folder)
    given: Registry = {"h1": {"id": "h1", "收入": "300", "members": []}}
    decided(rules, tmp_path, given, 0)
    tables = write(tmp_path, {"h1": {**given["h1"], "收入": "400"}}, False)
    command = ["run", "--ruleset", str(folder), *tables, "--as-of", MONTHS[1], "-o", str(tmp_path / "1.parquet")]
    assert main([*command, "--previous", str(tmp_path / "0.parquet")]) == 0
    assert "与上期相比：新增 0，停发 0，金额变动 1，转为待核 0，待核已定 0" in capsys.readouterr().out
    assert main([*command, "--previous", str(tmp_path / "0.parquet"), "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["changes"] == {"folder": str(tmp_path / "1.changes"), "金额变动": 1}


def test_a_change_may_come_of_a_month(tmp_path: Path) -> None:
    """Facts by month are not compared from one run to the next, which a reason says where it may be one of them."""
    folder = tmp_path / "rules"
    shutil.copytree(Path(__file__).parents[2] / "docs" / "examples" / "phase_out", folder)
    with (folder / "facts.yaml").open("a", encoding="utf-8") as file:
        file.write("  - {name: grant, label: 补助, for: household, type: number, unit: 元, range: 0..100,\n")
        file.write("     each: month, back: 1}\n")
    policies = (folder / "policies.yaml").read_text(encoding="utf-8")
    narrower = policies.replace("when: 人均月收入 < 600元\n", "when: 人均月收入 < 600元 且 补助 < 5元\n")
    (folder / "policies.yaml").write_text(narrower, encoding="utf-8")
    (tmp_path / "members.csv").write_text("户编号,人编号\nh1,m\n", encoding="utf-8")
    before: Path | None = None
    for day, more, grant in (("2021-01-28", "否,否,无", "1"), ("2021-02-28", ",,", "9")):
        head = f"户编号,人均月收入,上期享受低保,上期渐退,上期渐退起始日,补助 {day[:7]}"
        own = tmp_path / f"{day}.csv"
        own.write_text(f"{head}\nh1,100,{more},{grant}\n", encoding="utf-8")
        result = tmp_path / f"{day}.parquet"
        job = Job(load(folder), str(own), str(tmp_path / "members.csv"), day, result, previous=before)
        report, before = run(job), result
    assert report.changes is not None
    (row,) = pq.read_table(report.changes / "changes.parquet").to_pylist()
    assert (row["变化"], row["policy"]) == ("停发", "allowance") and "逐月的事实" in row["原因"]
