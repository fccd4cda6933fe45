"""Results for people: in Chinese and 元, and read back they are what a machine's form holds.

The law: whatever a run decides, its CSV and its workbook for people, read back, have the rows of its Parquet file.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from demo_tables import RULESET, read, small
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_registry import registry
from small_rulesets import policy, written

from fupin_policy import InputError, Ruleset
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.output_layouts import LONG
from fupin_policy.batch.people_files import write_people
from fupin_policy.batch.people_form import PeopleForm
from fupin_policy.batch.people_reading import read_people
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.core.decision import Status
from fupin_policy.reports.summary import summarize

SLOW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
FORMS = (".csv", ".xlsx")
DAY = "2019-06-30"
POLICIES = (
    policy("收入 < 50欧元", amount="50欧元 - 收入", name="aid").replace("政策aid", "补助")
    + policy("收入 < 60欧元", amount="收入", name="fee").replace("政策fee", "缴费").replace("cash", "contribution")
    + policy("收入 < 60欧元", amount="9欧元", name="loan").replace("cash", "loan").replace("per: month", "per: once")
    + policy("在校", "member", name="school")
)
FACTS = """\
- {name: income, label: 收入, for: household, type: number, unit: 欧元, decimals: 2, range: 0..100}
- {name: note, label: 结果, for: household, type: text}
- {name: at_school, label: 在校, for: member, type: truth}
"""
NASTY = st.text(st.sampled_from("'\"、,，=+-@＝\t\r\n无—— _x0041_；(=5.甲\\"), max_size=6)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    """What is given, what people pay, a loan, what is without an amount; a fact called as a column is."""
    return written(tmp_path_factory.mktemp("rules"), FACTS, POLICIES)


def read_back(ruleset: Ruleset, as_of: str, table: pa.Table, folder: Path, form: str) -> pa.Table:
    """A machine's table written for people, and read."""
    write_people(PeopleForm(ruleset, as_of), form, folder / f"people{form}", table.schema, [table])
    read_people(folder / f"people{form}", folder / "back.parquet")
    return pq.read_table(folder / "back.parquet")


def check(ruleset: Ruleset, as_of: str, table: pa.Table, folder: Path) -> None:
    """The law."""
    for form in FORMS:
        found = read_back(ruleset, as_of, table, folder, form)
        assert found.column_names == table.column_names
        assert found.to_pylist() == table.to_pylist()
        assert found.schema.metadata == table.schema.metadata


@SLOW
@given(st.data())
def test_read_back_it_is_what_the_machine_form_holds(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("people")
    found = registry(data, folder / "rules", lists=data.draw(st.booleans()))
    asked = BatchRequest(data.draw(st.sampled_from(("long", "wide"))), statuses=frozenset(Status))
    run(found.job(folder, folder / "out.parquet", asked=replace(asked, missing=asked.form == "long")))
    check(found.ruleset, str(found.as_of), pq.read_table(folder / "out.parquet"), folder)


@st.composite
def rows(draw: st.DrawFn, policies: tuple[str, ...]) -> dict[str, Any]:
    """A row as no run would write it, but with what its columns can hold."""
    low, more = draw(st.integers(-(10**17), 10**17)), draw(st.sampled_from((0, 0, 7)))
    paid = draw(st.booleans())
    id_ = draw(st.sampled_from(policies))
    titles = dict(zip(policies, ("补助", "缴费", "政策loan", "政策school"), strict=True))
    return {
        "household": draw(NASTY),
        "member": draw(st.none() | NASTY),
        "policy": id_,
        "title": titles[id_],
        "status": draw(st.sampled_from([one.value for one in Status])),
        "amount_min": low if paid else None,
        "amount_max": low + more if paid else None,
        "per": draw(st.sampled_from((None, "month", "year"))),
        "provisional": draw(st.none() | st.booleans()),
        "persons": draw(st.integers(0, 40)),
        "missing": draw(st.none() | st.lists(NASTY, max_size=3)),
        "beneficiaries": draw(st.none() | st.lists(NASTY, max_size=3)),
        "first_day_min": draw(st.none() | st.dates()),
        "figure.x.min": draw(st.none() | st.integers(-(10**18), 10**18).map(lambda one: Decimal(one).scaleb(-4))),
        "结果": draw(st.none() | NASTY),
    }


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_its_columns_can_hold(
    rules: Ruleset, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    some = data.draw(st.lists(rows(tuple(one.id for one in rules.policies)), max_size=4))
    texts = pa.list_(pa.string())
    fields = {"missing": texts, "beneficiaries": texts, "first_day_min": pa.date32(), "结果": pa.string()}
    schema = pa.schema(
        [*LONG, *fields.items(), ("figure.x.min", pa.decimal128(19, 4))], {"fupin.rejected": "x" * 50_000}
    )
    check(rules, DAY, pa.Table.from_pylist(some, schema), tmp_path_factory.mktemp("any"))


def households(folder: Path, rules: Ruleset, output: str, **how: Any) -> Path:
    """A run over three households, of which nothing is known of the income of the last."""
    (folder / "h.csv").write_text("户编号,收入,结果\nh1,20,=1+1\nh2,55.5,无\nh3,,\n", encoding="utf-8")
    (folder / "m.csv").write_text("户编号,人编号,在校\nh1,m1,是\nh1,m2,否\n", encoding="utf-8")
    run(Job(rules, str(folder / "h.csv"), str(folder / "m.csv"), DAY, folder / output, **how))
    return folder / output


def test_what_people_read(rules: Ruleset, tmp_path: Path) -> None:
    found = read(households(tmp_path, rules, "out.csv"))
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    lines = [dict(zip(found[0], row, strict=True)) for row in found[1 : found.index([""] * len(found[0]))]]
    wanted = (
        "户编号",
        "政策",
        "结果",
        "金额（欧元）",
        "金额至（欧元）",
        "周期",
        "给付或自付",
        "牵头部门",
        "依据",
        "结果（2）",
    )
    told = [tuple(line[name] for name in wanted) for line in lines]
    beside = ("某局", "S")
    assert told == [
        ("h1", "补助", "符合", "30.00", "", "每月", "给付", *beside, "'=1+1"),
        ("h1", "缴费", "符合", "-20.00", "", "每月", "自付", *beside, "'=1+1"),
        ("h1", "政策loan", "符合", "9.00", "", "一次", "可借", *beside, "'=1+1"),
        ("h1", "政策school", "符合", "", "", "", "", *beside, "'=1+1"),
        ("h2", "缴费", "符合", "-55.50", "", "每月", "自付", *beside, "无"),
        ("h2", "政策loan", "符合", "9.00", "", "一次", "可借", *beside, "无"),
        ("h3", "补助", "待定", "0.00", "50.00", "每月", "给付", *beside, ""),
        ("h3", "缴费", "待定", "-59.99", "0.00", "每月", "自付", *beside, ""),
        ("h3", "政策loan", "待定", "0.00", "9.00", "一次", "可借", *beside, ""),
    ]
    assert {line["基准日"] for line in lines} == {DAY}


def test_amounts_in_a_workbook_are_numbers(rules: Ruleset, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(households(tmp_path, rules, "out.xlsx"))
    assert book.sheetnames == ["结果", "说明"]
    head, *lines = book["结果"].iter_rows()
    at = [cell.value for cell in head].index("金额（欧元）")
    assert [line[at].value for line in lines] == [30, -20, 9, None, -55.5, 9, 0, -59.99, 0]
    assert {line[at].number_format for line in lines if line[at].value is not None} == {"#,##0.00"}
    assert book["结果"]["A2"].value == "h1"


def test_the_raw_form_is_a_machine_s(rules: Ruleset, tmp_path: Path) -> None:
    path = households(tmp_path, rules, "out.csv", raw=True)
    head, first, *_ = read(path)
    told = [first[head.index(name)] for name in ("policy", "status", "amount_min", "per")]
    assert told == ["p.aid", "eligible", "3000", "month"]
    with pytest.raises(InputError, match="B168"):
        open_result(path, rules)


@pytest.mark.parametrize("form", FORMS)
def test_reports_take_either_form(tmp_path: Path, form: str) -> None:
    given = replace(small(tmp_path, 1), asked=BatchRequest(missing=True))
    run(given)
    run(replace(given, output=tmp_path / f"out{form}"))
    one, other = (open_result(tmp_path / f"out{suffix}", RULESET) for suffix in (".parquet", form))
    assert summarize([one], RULESET) == summarize([other], RULESET)
    assert other.copy is not None
    copied = other.copy.folder
    assert copied.exists()
    del other
    assert not copied.exists()


def test_a_spreadsheet_may_have_kept_it(rules: Ruleset, tmp_path: Path) -> None:
    """It writes GB18030, numbers without their zeros, thousands parted, days its own way."""
    path = households(tmp_path, rules, "out.csv", asked=BatchRequest(missing=True))
    wanted = pq.read_table(households(tmp_path, rules, "out.parquet", asked=BatchRequest(missing=True))).to_pylist()
    text = path.read_text(encoding="utf-8-sig")
    for one, other in (("30.00", "30"), ("-55.50", '"-55.5"'), (",9.00", ',"9.0"'), (f'"{DAY}"', "2019/6/30")):
        assert one in text
        text = text.replace(one, other) if one != f'"{DAY}"' else text.replace(f',"{DAY}"\n', f",{other}\n")
    path.write_text(text, encoding="gb18030", newline="\r\n")
    read_people(path, tmp_path / "back.parquet")
    assert pq.read_table(tmp_path / "back.parquet").to_pylist() == wanted


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("B251", '"符合"', '"可能"'),
        ("B251", ",30.00,", ",30.005,"),
        ("B251", '补助","符合', '救助","符合'),
        ("B252", '"行数","9"', '"行数","10"'),
        ("B113", '"周期"', '"多久"'),
        ("B250", '"由 fupin run 写成"', '""'),
        ("B250", '"由 fupin run 写成"', ""),
    ],
)
def test_what_was_changed_is_told(rules: Ruleset, tmp_path: Path, code: str, old: str, new: str) -> None:
    path = households(tmp_path, rules, "out.csv")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1) if new else text[: text.index(",,,,,,,,,,,,")], encoding="utf-8")
    with pytest.raises(InputError, match=code):
        open_result(path, rules)


def test_only_what_is_ours_is_replaced(rules: Ruleset, tmp_path: Path) -> None:
    path = households(tmp_path, rules, "out.csv")
    before = path.read_bytes()
    path.unlink()
    (tmp_path / "out.csv").write_text("户编号,收入\nh1,1\n", encoding="utf-8-sig")
    with pytest.raises(InputError, match="B17"):
        households(tmp_path, rules, "out.csv")
    path.write_bytes(before)
    assert households(tmp_path, rules, "out.csv").read_bytes() == before


def test_a_run_goes_on_from_either_form(tmp_path: Path) -> None:
    """Changes since an earlier result are the same, whichever of its forms is given."""
    rules = written(tmp_path, FACTS, POLICIES)
    (tmp_path / "a").mkdir()
    before = [households(tmp_path / "a", rules, name) for name in ("out.csv", "out.parquet", "out.xlsx")]
    found = []
    for path in before:
        (tmp_path / "h2.csv").write_text("户编号,收入,结果\nh1,30,\nh2,80,\nh3,1,\n", encoding="utf-8")
        tables = str(tmp_path / "h2.csv"), str(tmp_path / "a" / "m.csv")
        run(Job(rules, *tables, str(date(2019, 7, 31)), tmp_path / "next.parquet", previous=path))
        found.append(pq.read_table(tmp_path / "next.changes" / "changes.parquet").to_pylist())
    assert found[0] and found[0] == found[1] == found[2]
