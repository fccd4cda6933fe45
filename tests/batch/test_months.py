"""Facts by month in batches: in lists and maps inside rows, read as each household alone is, right and wrong."""

from __future__ import annotations

from typing import Any

import by_month
import pyarrow as pa
import pytest
from decided_rows import check_figures
from household_batches import batch_of

from fupin_policy import InputError, Ruleset
from fupin_policy.batch import BatchEvaluator
from fupin_policy.batch.evaluate import BatchRequest, Decided
from fupin_policy.core.decision import Status

DAY = "2019-06-15"
EVERY = BatchRequest(statuses=frozenset(Status), missing=True)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return by_month.rules(tmp_path_factory.mktemp("rules"))


def nested(rules: Ruleset, **given: Any) -> pa.RecordBatch:
    """One household with a column of one type; or several such, where each value is a list of theirs."""
    columns = {name: value if isinstance(value, pa.Array) else pa.array(value) for name, value in given.items()}
    count = len(next(iter(columns.values())))
    people = pa.array([[{"id": "m", "出生日期": "1959-03-15"}]] * count)
    return pa.RecordBatch.from_pydict({"id": [f"h{at}" for at in range(count)], **columns, "members": people})


def codes(found: Decided) -> list[tuple[Any, ...]]:
    """What is refused: of which household, where, which value, why."""
    return [
        tuple(row[name] for name in ("household_row", "column", "value", "code")) for row in found.rejects.to_pylist()
    ]


def named(rules: Ruleset, given: dict[str, Any]) -> dict[str, Any]:
    """A household with its facts under their names, as the helper for batches takes them."""
    names = {key: (fact.series or fact).name for fact in rules.program.facts for key in fact.called}
    found = {names.get(key, key): value for key, value in given.items() if value is not None}
    return found if "members" not in given else {**found, "members": [named(rules, one) for one in given["members"]]}


@pytest.mark.parametrize("form", ["map", "list"])
def test_odd_values_are_refused_as_of_a_household_alone(rules: Ruleset, form: Any) -> None:
    series = {fact.series.name for fact in rules.program.facts if fact.series is not None}
    taken = refused = 0
    for given in by_month.households():
        one = named(rules, given)
        months = [value for some in (one, *one["members"]) for key, value in some.items() if key in series]
        if not all(isinstance(one, dict) for one in months) or "月工资" in given:
            continue
        found = BatchEvaluator(rules).decide(batch_of(rules, [one], form), DAY, EVERY)
        try:
            wanted = rules.evaluate(given, DAY)
        except InputError as error:
            refused += 1
            assert {row[3] for row in codes(found)} == {one.code for one in error.diagnostics}, given
            continue
        taken += 1
        assert not codes(found)
        (decision,) = wanted.decisions
        (row,) = found.decisions.to_pylist()
        told = (None, None) if decision.amount is None else (decision.amount.low, decision.amount.high)
        assert (row["status"], row["amount_min"], row["amount_max"]) == (decision.status.value, *told), given
        check_figures([row], {"h": wanted})
    assert taken > 10 and refused > 6, (taken, refused)


def test_entries_with_several_facts(rules: Ruleset) -> None:
    months = [
        [{"月份": "2019-05", "工资": "900", "享受低保": "是"}, {"月份": "2019-04", "工资": None, "享受低保": "否"}],
        None,
        [],
        [{"月份": "每月", "工资": "5", "享受低保": None}, {"月份": "2019-05", "工资": "7", "享受低保": "不详"}],
    ]
    found = BatchEvaluator(rules).decide(nested(rules, 逐月=months), DAY, EVERY)
    alone = [
        {"工资": {"2019-05": "900"}, "享受低保": {"2019-05": "是", "2019-04": "否"}},
        {},
        {},
        {"工资": {"each": "5", "2019-05": "7"}, "享受低保": {"2019-05": "不详"}},
    ]
    people = [{"id": "m", "出生日期": "1959-03-15"}]
    each = [named(rules, {"id": f"h{at}", **one, "members": people}) for at, one in enumerate(alone)]
    wanted = batch_of(rules, each)
    assert found.decisions == BatchEvaluator(rules).decide(wanted, DAY, EVERY).decisions


def test_what_is_wrong_names_its_month_and_entry(rules: Ruleset) -> None:
    months = [
        [{"_row": 5, "month": "2019-05", "工资": "x"}, {"_row": 8, "month": "2019-5", "工资": "2"}],
        [{"_row": 6, "month": "2019-13", "工资": "1"}, {"_row": 7, "month": None, "工资": "1"}],
        [{"_row": 2, "month": "1990-01", "工资": "x"}, {"_row": 1, "month": "each", "工资": "y"}],
    ]
    found = BatchEvaluator(rules).decide(nested(rules, wages=months), DAY, EVERY)
    assert codes(found) == [
        (0, "工资", "2019-05", "H092"),
        (0, "工资 2019-05", "x", "H021"),
        (1, "month", "2019-13", "H091"),
        (1, "month", "", "H091"),
        (2, "工资 1990-01", "x", "H021"),
        (2, "工资 each", "y", "H021"),
    ]
    assert [row["entry"] for row in found.rejects.to_pylist()] == [8, 5, 6, 7, 2, 1]
    assert {row["list"] for row in found.rejects.to_pylist()} == {"wages"}


def test_months_outside_are_checked_and_counted(rules: Ruleset) -> None:
    maps = pa.array(
        [[("2030-01", "7.50"), ("1990-01", "2"), ("2019-06", "1")], None], pa.map_(pa.string(), pa.string())
    )
    found = BatchEvaluator(rules).decide(nested(rules, 工资=maps), DAY, EVERY)
    assert found.counts.unused == {"工资": 2} and found.counts.households_rejected == 0
    wide = nested(rules, **{"工资 2030-01": ["7.50", None], "工资 2019-06": ["1", None], "工资 1990-01": ["2", None]})
    assert BatchEvaluator(rules).decide(wide, DAY, EVERY).counts == found.counts


WAGES = pa.array([[{"month": "2019-05", "工资": "1"}]])


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"工资": pa.array([[{"value": "1"}]])}, "H090"),
        ({"工资": pa.array([["1"]])}, "H090"),
        ({"工资": pa.array([[{"month": "2019-05", "sum": "1"}]])}, "H011"),
        ({"某表": pa.array([[{"month": "2019-05", "年收入": "1"}]])}, "H011"),
        ({"某表": pa.array([[{"year": "2019", "工资": "1"}]])}, "H011"),
        ({"某表": pa.array([[{"month": "2019-05", "养老金": "1"}]])}, "H011"),
        ({"某表": pa.array([[{"month": "2019-05", "工资": "1", "wage": "1"}]])}, "H015"),
        ({"某表": WAGES, "工资 2019-04": pa.array(["1"])}, "H015"),
        (
            {"某表": pa.array([[{"month": "2019-05", "工资": "1"}]]), "工资": pa.array([[{"month": "", "value": 1}]])},
            "H015",
        ),
    ],
)
def test_wrong_columns_of_lists(rules: Ruleset, columns: dict[str, pa.Array], code: str) -> None:
    with pytest.raises(InputError) as raised:
        BatchEvaluator(rules).decide(nested(rules, **columns), DAY)
    assert {one.code for one in raised.value.diagnostics} == {code}


def test_slices_are_read_as_a_whole(rules: Ruleset, monkeypatch: pytest.MonkeyPatch) -> None:
    months = [[{"month": "2019-05", "工资": str(at)}] * (at % 3 != 2) for at in range(40)]
    batch = nested(rules, 逐月=months)
    whole = BatchEvaluator(rules).decide(batch, DAY, EVERY).decisions
    monkeypatch.setattr("fupin_policy.batch.evaluate.CHUNK", 7)
    assert BatchEvaluator(rules).decide(batch, DAY, EVERY).decisions == whole
    assert BatchEvaluator(rules).decide(batch.slice(9, 12), DAY, EVERY).decisions.num_rows < whole.num_rows
