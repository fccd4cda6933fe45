"""Lists in columns of lists: what each household alone is given is what a batch gives, missing facts and all."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from decided_rows import EVERY
from household_batches import in_one_form
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rules_as_run import loaded, rules_as_run
from test_batch_agreement import check

from fupin_policy import load
from fupin_policy.batch import BatchEvaluator
from fupin_policy.testing import as_of_dates, households

BILLS = Path(__file__).parents[2] / "docs" / "examples" / "bills"
SLOW = settings(max_examples=settings().max_examples // 4, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(st.data())
def test_on_random_rules(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder: Path = tmp_path_factory.mktemp("ruleset")
    ruleset = loaded(folder, data.draw(rules_as_run(lists=True)))
    as_of = data.draw(as_of_dates(ruleset))
    known = data.draw(st.booleans())
    found = data.draw(st.lists(households(ruleset, as_of, known=known), min_size=1, max_size=6))
    in_part = [] if known else data.draw(st.lists(st.sampled_from(["helpers", "visits"]), unique=True))
    check(ruleset, in_one_form(ruleset, found, in_part), as_of, data.draw(st.booleans()))


def test_what_is_assumed_of_items_is_counted_by_fact(tmp_path: Path) -> None:
    """However many items it is assumed of, and wherever they stand in their lists."""
    rules = shutil.copytree(BILLS, tmp_path / "rules")
    facts, why = rules / "facts.yaml", "why: {zh: 试, en: Trial}}"
    text = facts.read_text(encoding="utf-8").replace("most: 8}", f"most: 8, absent: empty, {why}")
    facts.write_text(text.replace("0..100000}", f"0..100000, absent: 5000, {why}"), encoding="utf-8")
    ruleset = load(rules, cache=False)
    supporters: list[Any] = [None, [{}], [{"月收入": "100"}, {}, {}], [{"月收入": "9000"}, {}], []]
    given = [
        {"id": f"h{at}", "赡养人": one, "members": [{"id": "m1"}, {"id": "m2", "就医记录": []}]}
        for at, one in enumerate(supporters)
    ]
    found = BatchEvaluator(ruleset).decide(pa.RecordBatch.from_pylist(given), "2019-06-30", EVERY)
    rows = [(row["household"], row["member"], row["status"], row["assumed"]) for row in found.decisions.to_pylist()]
    of_items = ["赡养人第1项的月收入=5000 元"], ["赡养人第2项的月收入=5000 元", "赡养人第3项的月收入=5000 元"]
    assert rows == [
        *(("h0", one, "eligible", ["赡养人（共有哪些）=没有"]) for one in ("m1", "m2")),
        *(("h1", one, "ineligible", of_items[0]) for one in ("m1", "m2")),
        *(("h2", one, "ineligible", of_items[1]) for one in ("m1", "m2")),
        *(("h3", one, "ineligible", []) for one in ("m1", "m2")),
        *(("h4", one, "eligible", []) for one in ("m1", "m2")),
    ]
    assert found.counts.assumed == {"赡养人（共有哪些）=没有": 2, "赡养人的月收入=5000 元": 4}
    for one in given:
        (decision,) = ruleset.evaluate(one, "2019-06-30").decisions
        assert {text for row in rows if row[0] == one["id"] for text in row[3]} == {it.text for it in decision.assumed}


def test_rules_with_lists_need_no_column_of_them() -> None:
    """Then nothing is said of any list, and what is open says so."""
    batch = pa.RecordBatch.from_pylist([{"id": "h0", "members": [{"id": "m1"}]}])
    (row,) = BatchEvaluator(load(BILLS)).decide(batch, "2019-06-30", EVERY).decisions.to_pylist()
    assert (row["status"], row["missing"]) == ("unknown", ["赡养人（共有哪些）", "m1.就医记录（共有哪些）"])
