"""Long tables by one number: compiled to sorted data, they say what the interpreter says, and take little time."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from checked_ruleset import checked, policy

from fupin_policy import Ruleset
from fupin_policy.core.expressions import Cases
from fupin_policy.evaluators.wasm import compile_program, lookup

pytestmark = pytest.mark.fault("E9")

FACTS = """kind: facts
facts:
  - {name: score, label: 分数, for: household, type: number, range: -50..300}
  - {name: day, label: 日子, for: household, type: date, range: 2000-01-01..2030-12-31}
  - {name: years, label: 岁, for: member, type: number, range: 0..120}
"""


def rows(draw: random.Random, count: int, gaps: bool) -> list[str]:
    """Rows from -50 on; some are single points, some leave a gap before them."""
    found, at = [], -50
    for _ in range(count):
        at += draw.choice([0, 0, 1, 3]) if gaps else 0
        last = at + draw.choice([0, 0, 1, 2, 5])
        value = draw.choice(["0元", "7元", "12.5元", "100元", "300元", "30 yuan"])
        found.append(f"[{at}..{last}, {value}]" if last > at or draw.random() < 0.5 else f"[{at}, {value}]")
        at = last + 1
    draw.shuffle(found)
    return found


def ruleset(tmp_path: Path, by: str, table: list[str], otherwise: str | None, level: str = "household") -> Ruleset:
    """The rules with one policy that pays what a table says, compiled."""
    rest = "" if otherwise is None else f", otherwise: {otherwise}"
    text = policy("甲", f"{{by: {by}, rows: [{', '.join(table)}]{rest}}}").replace("for: household", f"for: {level}")
    program, found = checked(tmp_path, FACTS, text)
    assert program is not None, found
    return Ruleset(program, compile_program(program))


def agree(rules: Ruleset, household: dict[str, object]) -> None:
    """Both evaluators say the same, what is missing too."""
    assert rules.evaluate(household, "2019-06-30") == rules.interpret(household, "2019-06-30")


@pytest.mark.parametrize("seed", range(6))
def test_a_table_with_gaps_says_what_the_interpreter_says(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    table = rows(draw, 66, gaps=True) if seed else [f"[{2 * at - 50}, {at % 7}元]" for at in range(90)]
    rules = ruleset(tmp_path, "分数", table, draw.choice(["0元", "50元", "400元"]))
    for _ in range(60):
        low = draw.randint(-50, 300)
        high = min(300, low + draw.choice([0, 0, 1, 2, 10, 400]))
        between = {"min": low, "max": high} if draw.random() < 0.8 else None
        given = low if low == high else between
        agree(rules, {"id": "h", "甲": draw.choice([True, None]), "分数": given, "members": [{"id": "m"}]})


@pytest.mark.parametrize("seed", range(3))
def test_a_table_without_gaps_and_one_of_members(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    table = [f"[{at}, {draw.randint(0, 99)}元]" for at in range(70)] + ["[70.., 3元]"]
    rules = ruleset(tmp_path, "岁", table, None, level="member")
    for _ in range(60):
        ages = [draw.choice([{"min": low, "max": low + draw.randint(1, 60)}, low, None])
                for low in (draw.randint(0, 60) for _ in range(3))]  # fmt: skip
        members = [{"id": f"m{at}", "岁": age} for at, age in enumerate(ages)]
        agree(rules, {"id": "h", "甲": draw.choice([True, None]), "members": members})


def test_a_table_by_a_date(tmp_path: Path) -> None:
    table = [f"[{2000 + at // 4}-{1 + at % 4 * 3:02}-01, {at}元]" for at in range(80)]
    rules = ruleset(tmp_path, "日子", table, "7元")
    for given in ("2010-04-01", "2010-04-02", "2010", "2010-04", None, "2030-12-31"):
        agree(rules, {"id": "h", "甲": True, "日子": given, "members": [{"id": "m"}]})


def test_which_tables_become_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    real = lookup.lookup_of

    def noted(expr: Cases) -> lookup.Lookup | None:
        found = real(expr)
        taken.append(len(found.cuts) if found else 0)
        return found

    monkeypatch.setattr(lookup, "lookup_of", noted)
    ruleset(tmp_path, "分数", [f"[{at}, {at % 7}元]" for at in range(64)], "0元")
    assert max(taken) == 66  # each row's first number, and what lies before and after them
    taken.clear()
    ruleset(tmp_path, "分数", [f"[{at}, {at % 7}元]" for at in range(lookup.LEAST_ROWS - 3)], "0元")
    assert max(taken) == 0
    taken.clear()  # a value that is worked out is no constant
    ruleset(tmp_path, "分数", [f"[{at}, 收入]" for at in range(80)], "0元")
    assert max(taken) == 0


@pytest.mark.long
def test_ten_thousand_rows(tmp_path: Path) -> None:
    table = [f"[{10 * at}元..<{10 * at + 10}元, {at % 97}元]" for at in range(10_000)]
    began = time.process_time()
    rules = ruleset(tmp_path, "收入", table, "0元")
    agree(rules, {"id": "h", "甲": True, "收入": "12345.67", "members": [{"id": "m"}]})
    assert time.process_time() - began < 20
