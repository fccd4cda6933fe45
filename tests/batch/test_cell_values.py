"""Values as sheets write them: read where they have one meaning, refused with the value where not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest

from fupin_policy import load
from fupin_policy.batch.column_readers import ColumnReader
from fupin_policy.batch.evaluate import BatchEvaluator
from fupin_policy.core.possible import FALSE, TRUE
from fupin_policy.core.types import Day, Number
from fupin_policy.intake.partial import slot

PROGRAM = load().program
FACTS = {fact.label: fact for fact in PROGRAM.facts}


def reader(label: str, **changed: Any) -> ColumnReader:
    from dataclasses import replace

    fact = replace(FACTS[label], **changed)
    inputs = PROGRAM.member_inputs if fact.level == "member" else PROGRAM.household_inputs
    return ColumnReader(slot(fact, inputs, PROGRAM.code_lists))


def one(label: str, value: Any, kind: pa.DataType | None = None, **changed: Any) -> int | str | None:
    """What a value is read as; None if as nothing; the code of the fault."""
    found = reader(label, **changed).read(pa.array([value], kind or pa.string()))
    if found.refused:
        return found.refused[0].reasons[int(found.refused[0].kinds[0])][1].code
    if found.given is not None and not found.given[0]:
        return None
    assert found.low[0] == found.high[0]
    return int(found.low[0])


@pytest.mark.fault("B12")
@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("¥3,000", 300_000),
        ("￥3000.50元", 300_050),
        ("3000元", 300_000),
        ("1.2万", 1_200_000),
        ("1.2万元", 1_200_000),
        ("０．０１亿元", 100_000_000),
        ("-", None),
        ("——", None),
        ("/", None),
        ("30%", "H021"),
        ("3000块", "H021"),
        ("约3000", "H021"),
        ("1.23456万元", 1_234_560),
        ("1.2345678万元", "H021"),
        ("9999999999亿元", "H021"),
    ],
)
def test_amounts(text: str, cents: int | str | None) -> None:
    assert one("医疗总费用", text) == cents


@pytest.mark.fault("B12")
def test_amounts_of_a_fact_in_ten_thousands_and_shares() -> None:
    wide = Number((("yuan", 1),), 2, 0, 10**12)
    assert one("医疗总费用", "1.2万元", type=wide, power=4) == one("医疗总费用", "1.2", type=wide, power=4) == 1_200_000
    assert one("医疗总费用", "12000元", type=wide, power=4) == 1_200_000
    assert one("医疗总费用", "1.2万", type=wide, power=4) == "H021"
    share = Number((), 4, 0, 10_000)
    assert one("医疗总费用", "30%", type=share, power=-2) == one("医疗总费用", "30", type=share, power=-2) == 3000
    assert one("医疗总费用", "30元", type=share, power=-2) == "H021"


@pytest.mark.fault("B12")
def test_ticks_and_grades() -> None:
    masks = {code.label: 1 << at for at, code in enumerate(PROGRAM.code_lists["disability_level"].codes)}
    assert [one("是否享受低保", text) for text in ("√", "×", "-")] == [TRUE, FALSE, None]
    grades = [masks["一级"], masks["四级"], masks["一级"]]
    assert [one("残疾等级", text) for text in ("1级", "４ 级", "一 级")] == grades
    assert [one("残疾等级", text) for text in ("11级", "5级", "—")] == ["H029", "H029", None]


@pytest.mark.fault("C6")
class TestDays:
    @pytest.mark.parametrize("days", [-(2**31), -800_000, 3_000_000, 2**31 - 1])
    def test_those_that_python_has_not_are_refused(self, days: int) -> None:
        column = pa.array([days, 0, None], pa.int32()).cast(pa.date32())
        found = reader("出生日期").read(column)
        assert [int(at) for one in found.refused for at in one.positions] == [0]
        assert found.refused[0].reasons[0][1].code in ("H025", "H027")

    @pytest.mark.parametrize("zone", [None, "Asia/Shanghai", "UTC"])
    @pytest.mark.parametrize("unit", ["s", "us", "ns"])
    @pytest.mark.fault("E8")
    def test_midnights_are_days(self, unit: str, zone: str | None) -> None:
        kind = pa.timestamp(unit, tz=zone)
        naive = pa.array([datetime(1959, 10, 3), datetime(1960, 1, 1), None], pa.timestamp(unit))
        column = naive if zone is None else pa.compute.assume_timezone(naive, zone)
        assert column.type == kind
        found = reader("出生日期").read(column)
        assert not found.refused
        epoch = date(1970, 1, 1).toordinal()
        assert found.low[:2].tolist() == [date(1959, 10, 3).toordinal() - epoch, date(1960, 1, 1).toordinal() - epoch]

    @pytest.mark.fault("E8")
    def test_a_time_of_day_is_refused(self) -> None:
        column = pa.array([datetime(1959, 10, 3), datetime(1960, 1, 1, 8)], pa.timestamp("us"))
        found = reader("出生日期").read(column)
        assert [(one.positions.tolist(), one.reasons[0][1].code) for one in found.refused] == [([1], "H025")]

    def test_a_whole_batch(self) -> None:
        (row,) = [{"id": "h", "members": [{"id": "m"}]}]
        batch = pa.RecordBatch.from_pylist([row])
        assert BatchEvaluator(load()).decide(batch, "2019-06-30").counts.households_rejected == 0
        assert isinstance(FACTS["出生日期"].type, Day)
