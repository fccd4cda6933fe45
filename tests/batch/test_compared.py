"""For how many households two rulesets come to something else: those that differ where each is evaluated by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from small_rulesets import DAY, policy, written

from fupin_policy import Ruleset
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.outcome_comparison import households_changed
from fupin_policy.batch.results import RunResult, open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.core.decision import Status
from fupin_policy.core.evaluation import Evaluation

FACTS = "- {name: income, label: 收入, for: household, type: number, unit: euro, range: 0..1000}\n"
HALF = "- {name: half, label: 半数, for: household, output: true, value: 收入 ÷ 2 四舍五入到 0.01欧元}\n"
INCOMES = ("0", "99.99", "100", "100.01", "500", None)


def rules(folder: Path, least: int, amount: str, terms: str = "") -> Ruleset:
    folder.mkdir()
    return written(folder, FACTS, policy(f"收入 >= {least}欧元", amount=amount), terms)


def result(folder: Path, ruleset: Ruleset, name: str) -> RunResult:
    rows = [{"户编号": f"h{at}", "收入": income} for at, income in enumerate(INCOMES)]
    pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}-in.parquet")
    asked = BatchRequest(statuses=frozenset(Status))
    run(replace(Job(ruleset, str(folder / f"{name}-in.parquet"), None, DAY, folder / name), asked=asked))
    return open_result(folder / name, ruleset)


def said(found: Evaluation) -> tuple[Any, ...]:
    (one,) = found.decisions
    ends = None if one.amount is None else (one.amount.low, one.amount.high)
    figures = tuple(value.value for figure in found.figures for value in figure.values)
    return one.status, None if one.status is Status.INELIGIBLE else ends, figures


def changed(folder: Path, before: Ruleset, after: Ruleset) -> tuple[int, int]:
    """How many the batch finds, and how many differ evaluated one by one."""
    results = (result(folder, before, "one"), result(folder, after, "two"))
    alone = 0
    for at, income in enumerate(INCOMES):
        household = {"id": f"h{at}", **({} if income is None else {"收入": income})}
        alone += said(before.evaluate(household, DAY)) != said(after.evaluate(household, DAY))
    return households_changed(*results), alone


def test_a_lower_limit_changes_those_between(tmp_path: Path) -> None:
    before, after = rules(tmp_path / "a", 200, "20欧元"), rules(tmp_path / "b", 100, "20欧元")
    assert changed(tmp_path, before, after) == (2, 2)


def test_an_amount_changes_whoever_may_have_it(tmp_path: Path) -> None:
    """That of whom nothing is known is between nothing and more than before."""
    before, after = rules(tmp_path / "a", 100, "20欧元"), rules(tmp_path / "b", 100, "30欧元")
    assert changed(tmp_path, before, after) == (4, 4)


def test_a_figure_counts(tmp_path: Path) -> None:
    before = rules(tmp_path / "a", 100, "20欧元", HALF)
    after = rules(tmp_path / "b", 100, "20欧元", HALF.replace("÷ 2", "÷ 4"))
    assert changed(tmp_path, before, after) == (5, 5)


def test_a_figure_that_one_of_them_lacks_does_not(tmp_path: Path) -> None:
    before, after = rules(tmp_path / "a", 200, "20欧元", HALF), rules(tmp_path / "b", 100, "20欧元")
    assert changed(tmp_path, before, after)[0] == 2


def test_what_is_said_beside_a_decision_does_not(tmp_path: Path) -> None:
    """A title, and whether a decision or a figure rests on what is assumed where nothing is given."""
    extra = "- {name: extra, label: 另收, for: household, type: number, unit: euro, range: 0..9, absent: 0欧元,"
    extra += " why: {zh: 无, en: none}}\n"
    sides = []
    for name, what in (("a", "收入"), ("b", "收入 + 另收")):
        (tmp_path / name).mkdir()
        named = policy(f"{what} >= 100欧元", amount="20欧元").replace("政策p", f"政策{name}")
        sides.append(written(tmp_path / name, FACTS + extra, named, HALF.replace("收入", f"({what})")))
    assert changed(tmp_path, *sides) == (0, 0)
    found = sides[1].evaluate({"id": "h", "收入": 95}, DAY)
    assert found.decisions[0].assumed and found.figures[0].assumed


def test_nothing_changes_between_a_ruleset_and_itself(tmp_path: Path) -> None:
    ruleset = rules(tmp_path / "a", 100, "20欧元", HALF)
    assert changed(tmp_path, ruleset, ruleset) == (0, 0)
