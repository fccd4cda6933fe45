"""What files say, as data: kinds, dates, tables, and what is kept when an entry is broken."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import Documents, read
from fupin_policy.documents.parts import TableDoc

RULESET = "kind: ruleset\nid: t\ntitle: {zh: 甲, en: A}\ncovers: ..\nmembers: 1..4\nunits: []\n"
POLICIES = """kind: policies
policies:
  - id: a.b
    title: {zh: 津贴, en: Allowance}
    for: member
    versions:
      - valid: 2019-01-01..2019-12-31
        when: >-
          年龄 >= 60
          且 享受低保
        benefit:
          kind: cash
          amount:
            by: [年龄, '残疾等级']
            rows:
              - [60..79, [一级, 二级], 80元]
              - [80.., 任意, "100元"]
            otherwise: 0元
          per: month
        lead: [市民政局]
        basis: [s 1]
"""


def documents(folder: Path, **texts: str) -> tuple[Documents, list[tuple[str, str]]]:
    """What some files say, and the codes and places of what is wrong with them."""
    for name, text in {"ruleset": RULESET, **texts}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    reporter = Reporter()
    found = read(folder, reporter)
    return found, [(one.code, one.place.removeprefix(f"{folder.as_posix()}/")) for one in reporter.diagnostics]


def test_a_policy_is_read_with_its_table_in_place(tmp_path: Path) -> None:
    found, faults = documents(tmp_path, policies=POLICIES)
    assert faults == []
    (version,) = found.policies[0].versions
    assert (version.valid.start, version.valid.end) == (date(2019, 1, 1), date(2019, 12, 31))
    assert version.when.span.text.split() == ["年龄", ">=", "60", "且", "享受低保"]
    table = version.benefit.amount
    assert isinstance(table, TableDoc)
    assert [column.span.text for column in table.by] == ["年龄", "残疾等级"]
    assert [[cell.span.text for cell in cells] for cells in table.rows[0].cells] == [["60..79"], ["一级", "二级"]]
    assert [row.value.span.text for row in table.rows] == ["80元", "100元"]
    assert table.otherwise is not None and table.otherwise.span.text == "0元"


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("..", None, None),
        ("2019-01-01..", date(2019, 1, 1), None),
        ("..2019-12-31", None, date(2019, 12, 31)),
        ("2020-02-29..2020-02-29", date(2020, 2, 29), date(2020, 2, 29)),
    ],
)
def test_dates(tmp_path: Path, written: str, start: date | None, end: date | None) -> None:
    found, faults = documents(tmp_path, policies=POLICIES.replace("2019-01-01..2019-12-31", written))
    assert faults == []
    valid = found.policies[0].versions[0].valid
    assert (valid.start, valid.end) == (start, end)


@pytest.mark.parametrize(("written", "code"), [("2019-02-29..", "Y125"), ("2020-01-01..2019-01-01", "Y112")])
def test_wrong_dates_break_the_policy_and_keep_its_names(tmp_path: Path, written: str, code: str) -> None:
    found, faults = documents(tmp_path, policies=POLICIES.replace("2019-01-01..2019-12-31", written))
    assert faults == [(code, "policies.yaml:7:16")]
    assert found.policies == ()
    assert "a.b" in found.broken


def test_an_unknown_key_does_not_break_an_entry_and_a_broken_one_not_its_file(tmp_path: Path) -> None:
    facts = """kind: facts
facts:
  - {name: a, label: 甲, for: member, type: truth, nots: 1}
  - {name: b, label: 乙, for: member}
  - {name: c, label: 丙, for: member, type: truth}
"""
    found, faults = documents(tmp_path, facts=facts)
    assert faults == [("Y201", "facts.yaml:3:51"), ("Y202", "facts.yaml:4:5")]
    assert [fact.name.text for fact in found.facts] == ["a", "c"]
    assert {"b", "乙"} <= found.broken


def test_a_name_is_equal_wherever_it_stands(tmp_path: Path) -> None:
    found, _ = documents(tmp_path, policies=POLICIES)
    (tmp_path / "policies.yaml").write_text("# 移动\n" + POLICIES, encoding="utf-8")
    moved = read(tmp_path, Reporter())
    assert moved.policies[0].id == found.policies[0].id
    assert moved.policies[0].id.span != found.policies[0].id.span


def test_the_digest_covers_what_is_said_and_not_where(tmp_path: Path) -> None:
    first, _ = documents(tmp_path, policies=POLICIES)
    assert first.digest.startswith("sha256:") and len(first.digest) == 71
    assert read(tmp_path, Reporter()).digest == first.digest
    (tmp_path / "policies.yaml").rename(tmp_path / "other.yaml")
    assert read(tmp_path, Reporter()).digest == first.digest
    (tmp_path / "other.yaml").unlink()
    assert read(tmp_path, Reporter()).digest != first.digest


@pytest.mark.parametrize(
    ("text", "code"),
    [("kind: fact\n", "Y204"), ("a: 1\n", "Y113"), ("- 1\n", "Y113"), (RULESET, "Y116")],
    ids=["unknown", "missing", "list", "second ruleset"],
)
def test_the_kind_of_a_file(tmp_path: Path, text: str, code: str) -> None:
    _, faults = documents(tmp_path, zz=text)
    assert [found for found, _ in faults] == [code]
