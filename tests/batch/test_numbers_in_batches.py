"""Numbers of identity in batches: as one household at a time, in columns of any kind; whose stand twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numbered import MAN, WOMAN, household, numbered, rejecting
from small_rulesets import DAY

from fupin_policy import InputError, Ruleset
from fupin_policy.batch.evaluate import BatchEvaluator, BatchRequest
from fupin_policy.batch.identity_columns import NumbersRead, read_numbers, sealed
from fupin_policy.core.days import to_date
from fupin_policy.core.decision import Status
from fupin_policy.core.possible import FALSE, TRUE, UNKNOWN

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "intake" / "identity_numbers.json").read_text(encoding="utf-8")
)["numbers"]
ALL = BatchRequest(statuses=frozenset(Status))


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return numbered(tmp_path_factory.mktemp("numbered"))


def batch(*households: dict[str, Any]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([dict(one, id=f"h{at}") for at, one in enumerate(households)])


def held_to_the_file(found: NumbersRead, vectors: list[dict[str, Any]]) -> None:
    truth = {True: TRUE, False: FALSE, None: UNKNOWN}
    for at, one in enumerate(vectors):
        assert found.legible[at] == truth[one.get("legible")] and found.valid[at] == truth[one.get("valid")], one
        if one.get("birth"):
            assert to_date(int(found.birth[at])).isoformat() == one["birth"] and found.male[at] == one["male"]


def test_columns_tell_what_the_file_of_numbers_says() -> None:
    texts = pa.array([None if one["given"] is None else str(one["given"]) for one in VECTORS])
    for column in (texts, texts.dictionary_encode(), pa.array(texts, pa.large_string())):
        found = read_numbers(column, "gb11643")
        held_to_the_file(found, VECTORS)
        assert [one.decode() or None for one in found.persons.tolist()] == [one.get("person") for one in VECTORS]
    whole = [one for one in VECTORS if isinstance(one["given"], int)]
    held_to_the_file(read_numbers(pa.array([one["given"] for one in whole]), "gb11643"), whole)
    spoilt = read_numbers(pa.array([3.7e17, None]), "gb11643")
    assert spoilt.legible.tolist() == [FALSE, UNKNOWN] and spoilt.valid.tolist() == [UNKNOWN, UNKNOWN]


def test_a_sealed_number_tells_the_same_and_holds_no_number() -> None:
    texts = pa.array([None if one["given"] is None else str(one["given"]) for one in VECTORS])
    kept = sealed(read_numbers(texts, "gb11643"))
    held_to_the_file(read_numbers(pa.array(kept, pa.uint64()), "gb11643"), VECTORS)
    people = [one for one in VECTORS if one.get("birth") == "1949-12-31"]
    assert len({int(kept[VECTORS.index(one)]) for one in people}) == 1  # neither area nor order are in it
    assert np.all((kept == 0) | (kept >> np.uint64(63) == 1))


MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        "身份证号": st.sampled_from([str(one["given"]) for one in VECTORS if one["given"]] + [WOMAN, MAN, None]),
        "出生日期": st.sampled_from(["1949-12-31", "1949", "194912", "1980-01-01", "1990", "不详", "", None]),
        "性别": st.sampled_from(["男", "女", "1", "unknown", None]),
    },
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(MEMBERS, max_size=4), min_size=1, max_size=5))
def test_a_batch_decides_as_one_household_does(ruleset: Ruleset, rows: list[list[dict[str, Any]]]) -> None:
    every = [household(*some) for some in rows]
    keys = ("id", "身份证号", "出生日期", "性别")
    whole = [{**one, "members": [{key: m.get(key) for key in keys} for m in one["members"]]} for one in every]
    kind = pa.list_(pa.struct([(key, pa.string()) for key in keys]))
    columns = [[one[key] for one in whole] for key in ("收入", "members")]
    ids = pa.array([f"h{at}" for at in range(len(whole))])
    table = pa.RecordBatch.from_arrays(
        [ids, pa.array(columns[0]), pa.array(columns[1], kind)], ["id", "收入", "members"]
    )
    found = BatchEvaluator(ruleset).decide(table, DAY, ALL)
    assert found.rejects.num_rows == 0
    told = {(one["household"], one["policy"], one.get("member")): one["status"] for one in found.decisions.to_pylist()}
    derived = {"出生日期": 0, "性别": 0}
    for at, one in enumerate(every):
        alone = ruleset.evaluate(one, DAY)
        for fact in alone.derived:
            derived[fact.words.zh] += 1
        for decision in alone.decisions:
            for member in decision.members or ():
                assert told[f"h{at}", decision.policy, member.member] == member.status.value
    assert dict(found.counts.derived) == {name: count for name, count in derived.items() if count}


def test_findings_are_counted_and_whoever_has_one_number_is_told(ruleset: Ruleset) -> None:
    rows = batch(
        household({"身份证号": WOMAN}, {"身份证号": "110105194912310021"}),
        household({"身份证号": "11010519491231002x"}),
        household({"身份证号": MAN, "性别": "女"}),
    )
    found = BatchEvaluator(ruleset).decide(rows, DAY)
    assert dict(found.counts.violated) == {"身份证号不重复": 2, "身份证号无误": 1, "身份证号与性别相符": 1}


def test_a_check_that_rejects_rejects_every_holder(tmp_path: Path) -> None:
    rows = batch(
        household({"身份证号": WOMAN}), household({"身份证号": MAN}), household({"身份证号": "110105491231002"})
    )
    found = BatchEvaluator(rejecting(tmp_path)).decide(rows, DAY)
    assert found.rejects["household_row"].to_pylist() == [0, 2]
    assert set(found.rejects["column"].to_pylist()) == {"身份证号不重复"}
    assert WOMAN not in str(found.rejects.to_pylist())


def test_holders_are_found_across_the_chunks_of_a_batch(ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = batch(*[household({"身份证号": WOMAN if at in (0, 6) else MAN if at == 3 else None}) for at in range(7)])
    counts = []
    for chunk in (100, 2, 1):
        monkeypatch.setattr("fupin_policy.batch.evaluate.CHUNK", chunk)
        found = BatchEvaluator(ruleset).decide(rows, DAY)
        counts.append((dict(found.counts.violated), dict(found.counts.not_checkable), found.decisions.to_pylist()))
    assert counts[0] == counts[1] == counts[2] and counts[0][0] == {"身份证号不重复": 2}


def test_a_number_meets_what_is_required_and_stands_beside_nothing_that_says_the_same(tmp_path: Path) -> None:
    from numbered import FACTS

    ruleset = numbered(tmp_path, FACTS.replace("past: true}", "past: true, required: true}"))
    found = BatchEvaluator(ruleset).decide(batch(household({"身份证号": WOMAN}), household({"身份证号": "37*"})), DAY)
    assert [(one["household_row"], one["code"]) for one in found.rejects.to_pylist()] == [(1, "H016")]
    with pytest.raises(InputError) as raised:
        BatchEvaluator(ruleset).decide(batch(household({"身份证号": WOMAN, "身份证号无误": True})), DAY)
    assert [one.code for one in raised.value.diagnostics] == ["H015"]
