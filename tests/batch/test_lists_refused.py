"""What is wrong with lists in columns is refused with its place; what does not take lists yet says so in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from fupin_policy import load
from fupin_policy.batch.evaluate import BatchEvaluator
from fupin_policy.diagnostics import InputError

BILLS = load(Path(__file__).parents[2] / "docs" / "examples" / "bills")
DAY = "2019-06-30"
BILL = pa.struct({"cost": pa.int64(), "treated": pa.string()})
MEMBER = pa.struct([("id", pa.string()), ("就医记录", pa.list_(BILL))])
TWICE = pa.struct({"月收入": pa.int64(), "monthly_income": pa.int64()})
SCHEMA = pa.schema(
    [("id", pa.string()), ("赡养人", pa.list_(pa.struct({"月收入": pa.int64()}))), ("members", pa.list_(MEMBER))]
)


def household(key: str, *bills: Any, supporters: Any = ()) -> dict[str, Any]:
    return {"id": key, "赡养人": supporters, "members": [{"id": "m1"}, {"id": "m2", "就医记录": bills}]}


def rejects(*given: dict[str, Any], schema: pa.Schema = SCHEMA) -> list[tuple[Any, ...]]:
    found = BatchEvaluator(BILLS).decide(pa.RecordBatch.from_pylist(list(given), schema=schema), DAY)
    names = ("household_row", "member_row", "list", "entry", "column", "value", "code")
    assert found.counts.households_rejected == len({row["household_row"] for row in found.rejects.to_pylist()})
    return [tuple(row[name] for name in names) for row in found.rejects.to_pylist()]


def bill(cost: int | None, treated: str | None) -> dict[str, Any]:
    return {"cost": cost, "treated": treated}


def test_a_household_with_more_items_than_may_be_is_rejected_alone() -> None:
    many = [{"月收入": 1}] * 9
    found = rejects(household("h0"), household("h1", supporters=many), household("h2", supporters=many[:8]))
    assert found == [(1, None, None, None, "赡养人", "9", "H095")]


def test_the_items_of_others_stay_theirs() -> None:
    many, poor, rich = [{"月收入": 9000}] * 9, [{"月收入": 100}], [{"月收入": 5000}]
    given = [household("h0", bill(600, "2019-03-01"), supporters=many)]
    given += [household(f"h{at + 1}", bill(600, "2019-03-01"), supporters=one) for at, one in enumerate((poor, rich))]
    found = BatchEvaluator(BILLS).decide(pa.RecordBatch.from_pylist(given, schema=SCHEMA), DAY).decisions.to_pylist()
    assert [(row["household"], row["member"], row["status"], row["amount_max"]) for row in found] == [
        ("h1", "m1", "eligible", 500_000),
        ("h1", "m2", "eligible", 30_000),
    ]


def test_a_value_of_an_item_is_refused_at_its_item() -> None:
    assert rejects(household("h0"), household("h1", bill(1, "2019-01-01"), bill(-1, "2019-02-30"))) == [
        (1, 3, "就医记录", 1, "cost", "-1", "H024"),
        (1, 3, "就医记录", 1, "treated", "2019-02-30", "H026"),
    ]


def test_an_item_that_is_null_is_refused() -> None:
    assert rejects(household("h0", bill(1, "2019-01-01"), None)) == [(0, 1, "就医记录", 1, "就医记录", "null", "H097")]


def test_two_items_in_one_place_of_the_order_are_refused() -> None:
    same = [bill(1, "2019-01-01"), bill(2, "2019-01-02"), bill(3, "2019-01-01"), bill(4, None), bill(5, None)]
    found = rejects(household("h0", *same), household("h1", same[0]), household("h2", same[0]))
    assert found == [(0, 1, "就医记录", 2, "就医记录", "", "H098")]


def test_a_row_that_is_told_names_an_item() -> None:
    kind = pa.list_(pa.struct({"月收入": pa.int64(), "_row": pa.int64()}))
    given = household("h0", supporters=[{"月收入": 1, "_row": 17}, {"月收入": -1, "_row": 40}])
    assert rejects(given, schema=SCHEMA.set(1, pa.field("赡养人", kind))) == [
        (0, None, "赡养人", 40, "月收入", "-1", "H024")
    ]


@pytest.mark.parametrize(
    ("name", "kind", "code", "path"),
    [
        ("赡养人", pa.string(), "H094", "赡养人"),
        ("赡养人", pa.list_(pa.int64()), "H094", "赡养人"),
        ("赡养人", pa.struct({"at_most": pa.list_(pa.struct({}))}), "H096", "赡养人.at_most"),
        ("赡养人", pa.list_(pa.struct({"月收人": pa.int64()})), "H011", "赡养人.月收人"),
        (
            "赡养人",
            pa.list_(TWICE),
            "H015",
            "赡养人.monthly_income",
        ),
        ("赡养人", pa.list_(pa.struct({"就医日期": pa.int64()})), "H099", "赡养人.就医日期"),
        ("月收入", pa.int64(), "H099", "月收入"),
        ("就医记录", pa.list_(pa.struct({})), "H011", "就医记录"),
    ],
)
def test_a_column_that_is_no_list_of_such_items_is_refused(name: str, kind: pa.DataType, code: str, path: str) -> None:
    schema = pa.schema([("id", pa.string()), (name, kind), ("members", pa.list_(MEMBER))])
    with pytest.raises(InputError) as raised:
        rejects(schema=schema)
    assert (code, path) in [(one.code, one.path) for one in raised.value.diagnostics]


def test_a_list_is_given_by_its_name_or_by_its_label() -> None:
    kind = pa.list_(pa.struct({}))
    schema = pa.schema([("id", pa.string()), ("赡养人", kind), ("supporters", kind), ("members", pa.list_(MEMBER))])
    with pytest.raises(InputError) as raised:
        rejects(schema=schema)
    assert [(one.code, one.path) for one in raised.value.diagnostics] == [("H015", "supporters")]
