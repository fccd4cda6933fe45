"""Batches whole, in slices, in chunks and by threads are the same; faults keep their rows; types of columns agree."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from small_rulesets import policy, written

from fupin_policy import InputError, load
from fupin_policy.batch import BatchEvaluator, evaluate
from fupin_policy.batch.buffers import scaled
from fupin_policy.batch.column_readers import ColumnReader
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.core.declarations import FactDecl
from fupin_policy.intake.partial import slot
from fupin_policy.intake.scalars import Unreadable

LESSON = load("docs/examples/lesson")
SHIPPED = load()
AS_OF = "2019-06-30"
ROOT = Path(__file__).parents[2]


def batch(count: int) -> pa.RecordBatch:
    """Households of the lesson, of 0 to 3 facts known in each of 1 to 4 members."""
    rows = []
    for number in range(count):
        members = [
            {
                "id": f"m{place}",
                "出生日期": None if (number + place) % 5 == 0 else date(1930 + (number * 7 + place * 13) % 85, 3, 1),
                "残疾等级": ["无残疾", "一级", None, "三级"][(number + place) % 4],
            }
            for place in range(1 + number % 4)
        ]
        own = {"id": f"h{number}", "乡镇": ["东河镇", None][number % 2], "享受低保": [True, False, None][number % 3]}
        rows.append({**own, "医疗费用": Decimal(number * 1000).quantize(Decimal("0.01")), "members": members})
    return pa.RecordBatch.from_pylist(rows)


def test_slices_chunks_and_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, evaluator = batch(100), BatchEvaluator(LESSON)
    wanted = evaluator.decide(whole, AS_OF).decisions.to_pylist()
    parts = [whole.slice(start, 7) for start in range(0, 100, 7)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda part: evaluator.decide(part, AS_OF).decisions.to_pylist(), parts))
    assert [row for rows in found for row in rows] == wanted
    monkeypatch.setattr(evaluate, "CHUNK", 3)
    decided = evaluator.decide(whole, AS_OF)
    assert decided.decisions.to_pylist() == wanted
    names = whole.column("id").to_pylist()
    assert [names[row] for row in decided.household_rows] == [row["household"] for row in wanted]
    members = [one["id"] for rows in whole.column("members").to_pylist() for one in rows]
    assert [None if at < 0 else members[at] for at in decided.member_rows] == [row["member"] for row in wanted]


def test_what_is_missing_is_asked_of_each_household() -> None:
    whole, evaluator, asked = batch(12), BatchEvaluator(LESSON), BatchRequest(missing=True)
    alone = [
        row for at in range(12) for row in evaluator.decide(whole.slice(at, 1), AS_OF, asked).decisions.to_pylist()
    ]
    assert evaluator.decide(whole, AS_OF, asked).decisions.to_pylist() == alone
    assert len({tuple(row["missing"]) for row in alone}) > 2


def test_a_fault_keeps_its_row_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = batch(10).to_pylist()
    rows[8]["members"][0]["残疾等级"] = "十级"
    given_batch = pa.RecordBatch.from_pylist(rows, schema=batch(10).schema)
    monkeypatch.setattr(evaluate, "CHUNK", 4)
    found = BatchEvaluator(LESSON).decide(given_batch, AS_OF)
    (fault,) = found.rejects.to_pylist()
    before = sum(len(row["members"]) for row in rows[:8])
    assert (fault["household_row"], fault["member_row"], fault["code"]) == (8, before, "H029")
    assert (found.counts.households, found.counts.households_rejected) == (10, 1)
    assert "h8" not in found.decisions["household"].to_pylist()


def test_faults_are_raised_or_given() -> None:
    rows = batch(4).to_pylist()
    rows[1]["乡镇"] = "西"
    given_batch, evaluator = pa.RecordBatch.from_pylist(rows, schema=batch(4).schema), BatchEvaluator(LESSON)
    with pytest.raises(InputError, match="H029"):
        evaluator.evaluate_batch(given_batch, AS_OF)
    taken: list[pa.Table] = []
    found = evaluator.evaluate_batch(given_batch, AS_OF, rejects=taken.append)
    assert isinstance(found, pa.RecordBatch) and "h1" not in found["household"].to_pylist()
    assert taken[0].num_rows == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda b: b.append_column("乡真", pa.nulls(len(b))), "H011"),
        (lambda b: b.append_column("town", pa.nulls(len(b))), "H015"),
        (lambda b: b.drop_columns(["members"]), "H004"),
        (lambda b: b.drop_columns(["id"]), "H002"),
        (lambda b: b.set_column(b.num_columns - 1, "members", pa.array([1] * len(b))), "H005"),
    ],
)
def test_wrong_columns(change: Any, code: str) -> None:
    with pytest.raises(InputError) as error:
        BatchEvaluator(LESSON).decide(change(batch(3)), AS_OF)
    assert code in {one.code for one in error.value.diagnostics}


def test_an_empty_batch_and_empty_lists() -> None:
    evaluator = BatchEvaluator(LESSON)
    assert evaluator.evaluate_batch(batch(3).slice(0, 0), AS_OF).num_rows == 0
    rows = batch(3).to_pylist()
    rows[0]["members"], rows[1]["members"], rows[2]["members"] = [], None, [None]
    found = evaluator.decide(pa.RecordBatch.from_pylist(rows, schema=batch(3).schema), AS_OF)
    codes = [row["code"] for row in found.rejects.to_pylist()]
    assert found.counts.households_rejected == 3 and codes[:2] == ["H004", "H004"] and "H007" in codes


def test_a_date_outside_is_refused() -> None:
    with pytest.raises(InputError, match="H041"):
        BatchEvaluator(LESSON).decide(batch(2), "1900-01-01")


NUMBERS = [fact for fact in SHIPPED.program.facts if fact.kind == "number"]
SMALL = pa.decimal32(9, 2) if hasattr(pa, "decimal32") else pa.decimal128(9, 2)
MIDDLE = pa.decimal64(18, 2) if hasattr(pa, "decimal64") else pa.decimal128(18, 2)
"""Decimals of 32 and 64 bits came with version 18 of Arrow."""
TYPES = [
    pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint32(), pa.uint64(), pa.float32(), pa.float64(),
    SMALL, MIDDLE, pa.decimal128(18, 2), pa.decimal128(38, 6), pa.string(),
]  # fmt: skip


def reader(fact: FactDecl) -> ColumnReader:
    inputs = SHIPPED.program.member_inputs if fact.level == "member" else SHIPPED.program.household_inputs
    return ColumnReader(slot(fact, inputs, SHIPPED.program.code_lists))


@given(
    st.sampled_from(NUMBERS),
    st.sampled_from(TYPES),
    st.lists(st.one_of(st.none(), st.integers(-300, 300), st.decimals(-(10**9), 10**9, places=3)), max_size=6),
)
@example(NUMBERS[0], pa.decimal128(38, 6), [Decimal("0.001"), Decimal(5)])
@example(NUMBERS[0], pa.uint64(), [5, None])
@example(NUMBERS[0], SMALL, [-1])
def test_numbers_of_every_type_are_read_alike(fact: FactDecl, kind: pa.DataType, values: list[Any]) -> None:
    try:
        column = pa.array(values, pa.decimal128(38, 3)).cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return
    found, one = reader(fact), slot(fact, SHIPPED.program.household_inputs, SHIPPED.program.code_lists)
    lanes = found.read(pa.concat_arrays([column, column]).slice(len(column)))
    bad = {int(at) for part in lanes.refused for at in part.positions}
    for at, value in enumerate(column.to_pylist()):
        if value is None:
            assert at not in bad and (lanes.given is None or lanes.given[at] == 0)
            continue
        try:
            wanted = one.read(value.normalize() if isinstance(value, Decimal) else value)
        except Unreadable:
            assert at in bad
        else:
            assert at not in bad and (int(lanes.low[at]), int(lanes.high[at])) == wanted


BEYOND = pa.array([-3837, 3_000_000, None, 2**31 - 1], pa.int32()).cast(pa.date32())
"""A day of 1959, and days of years with five digits."""


@pytest.mark.fault("C6")
@pytest.mark.parametrize(
    "column",
    [BEYOND, BEYOND.cast(pa.timestamp("s")), pa.StructArray.from_arrays([BEYOND], ["min"])],
    ids=["day", "moment", "part"],
)
def test_days_that_python_does_not_have_are_refused(column: pa.Array) -> None:
    """And the others of the column are read."""
    fact = next(fact for fact in LESSON.facts if fact.name == "birth_date")
    lanes = ColumnReader(slot(fact, LESSON.program.member_inputs, LESSON.program.code_lists)).read(column)
    assert sorted(int(at) for part in lanes.refused for at in part.positions) == [1, 3]
    assert {fault.code for part in lanes.refused for _, fault in part.reasons} <= {"H025", "H027"}
    assert int(lanes.low[0]) == -3837


@pytest.mark.parametrize("kind", [pa.float64(), pa.decimal128(9, 3), pa.decimal128(38, 3)], ids=str)
def test_numbers_that_are_whole_in_the_unit_are_read_at_once(kind: pa.DataType) -> None:
    """And each by itself where one is not: by the quick way, `scaled`, or not at all."""
    given = [Decimal("0.25"), Decimal("-3.5"), Decimal(12), Decimal("0.57")]
    column = pa.array([float(one) if pa.types.is_floating(kind) else one for one in given], kind)
    found = scaled(column, 2)
    assert found is not None and found.tolist() == [25, -350, 1200, 57]
    assert scaled(column, 1) is None


def test_a_required_fact_of_several_codes_is_known_where_it_is_given(tmp_path: Path) -> None:
    codes = "[{code: '1', name: one, label: 大病}, {code: '2', name: two, label: 慢病}]"
    lists = f"code_lists:\n  - {{name: ill, codes: {codes}}}\n"
    facts = "- {name: illness, label: 疾病, for: household, type: codes, codes: ill, required: true}\n"
    ruleset = written(tmp_path, facts, policy("疾病 包含 大病"), lists=lists)
    schema = pa.schema([("id", pa.string()), ("illness", pa.list_(pa.string()))])
    rows = [{"id": f"h{at}", "illness": value} for at, value in enumerate([["大病"], ["慢病"], [], None])]
    found = BatchEvaluator(ruleset).decide(pa.RecordBatch.from_pylist(rows, schema), "2019-06-30")
    assert [(row["household_row"], row["code"]) for row in found.rejects.to_pylist()] == [(3, "H016")]


def test_required_facts_known_in_part_are_rejected(tmp_path: Path) -> None:
    """As one household alone would be refused."""
    for name in ("facts", "rest", "sources", "terms", "policies", "ruleset"):
        text = (ROOT / "benchmarks" / "rules13" / f"{name}.yaml").read_text(encoding="utf-8")
        if name == "facts":
            text = text.replace("name: income,", "name: income, required: true,")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    ruleset = load(tmp_path, cache=False)
    required = next(fact for fact in ruleset.facts if fact.required)
    day = ruleset.breakpoints[-1].isoformat()
    given = [{"min": "1", "max": "1"}, {"min": "1", "max": "2"}, None]
    batch = pa.RecordBatch.from_pylist(
        [{"id": f"h{at}", required.name: value, "members": [{"id": "m"}]} for at, value in enumerate(given)]
    )
    found = BatchEvaluator(ruleset).decide(batch, day)
    assert [(row["household_row"], row["code"]) for row in found.rejects.to_pylist()] == [(1, "H037"), (2, "H016")]
    alone = {"id": "h", required.name: given[1], "members": [{"id": "m"}]}
    with pytest.raises(InputError) as error:
        ruleset.evaluate(alone, day)
    assert [problem.code for problem in error.value.diagnostics] == ["H037"]


@pytest.mark.parametrize("chunk", [1, 2, 3])
def test_after_a_household_with_too_many_members_rows_and_ids_are_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(evaluate, "CHUNK", chunk)
    facts = "- {name: works, label: 务工, for: member, type: truth}\n"
    ruleset = written(tmp_path, facts, policy("务工", level="member"))
    many = ruleset.program.max_members + 1
    members = [[{"id": f"x{at}", "works": True} for at in range(many)], [{"id": "a", "works": True}]]
    members.append([{"id": "b", "works": False}, {"id": "c", "works": True}])
    rows = [{"id": f"h{at}", "members": some} for at, some in enumerate(members)]
    found = BatchEvaluator(ruleset).decide(pa.RecordBatch.from_pylist(rows), "2019-06-30")
    assert found.rejects["code"].to_pylist() == ["H006"]
    assert found.decisions["member"].to_pylist() == ["a", "c"]
    assert found.household_rows.tolist() == [1, 2] and found.member_rows.tolist() == [many, many + 2]
