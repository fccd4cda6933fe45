"""What the library logs: under which names, with which fields, never anything of a household, and nothing unasked."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from typing import Any

import pyarrow as pa
import pytest

from fupin_policy import Ruleset, load
from fupin_policy.batch import BatchEvaluator
from fupin_policy.batch import evaluate as batches
from fupin_policy.diagnostics.events import events_of, record_event

LESSON = Path(__file__).parents[2] / "docs/examples/lesson"
OWN = set(vars(logging.makeLogRecord({}))) | {"message", "taskName"}
"""What every record has."""
PERSONAL = ("户编号甲", "成员编号乙", "1938-05-01", "19380501", "东河镇", "残疾", "一大笔")


def fields(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in OWN}


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """The log and the event of each record, whose message has all its fields."""
    for record in caplog.records:
        for name, value in fields(record).items():
            assert (
                record.getMessage().split(" ")[0] == value
                if name == "event"
                else f"{name}={value}" in record.getMessage()
            )
    return [(record.name.removeprefix("fupin_policy."), fields(record)["event"]) for record in caplog.records]


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load(LESSON)


def households(*given: dict[str, Any]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(list(given))


GOOD = {
    "id": "户编号甲",
    "乡镇": "东河镇",
    "医疗费用": "100",
    "members": [{"id": "成员编号乙", "出生日期": "1938-05-01"}],
}
BAD = {
    "id": "户编号甲乙",
    "乡镇": "东河镇",
    "医疗费用": "一大笔",
    "members": [{"id": "成员编号乙", "出生日期": "19380501"}],
}


def test_loading_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    copytree(LESSON, tmp_path / "lesson")
    with caplog.at_level(logging.DEBUG, "fupin_policy"):
        found = load(tmp_path / "lesson")
        first = told(caplog)
        by_event = {record.event: fields(record) for record in caplog.records}  # type: ignore[attr-defined]
        caplog.clear()
        load(tmp_path / "lesson")
    anew = [("evaluators", "cache.miss"), ("check", "ruleset.checked"), ("ruleset", "ruleset.compiled")]
    assert first == [*anew, ("ruleset", "ruleset.loaded")]
    assert told(caplog) == [("evaluators", "cache.hit"), ("ruleset", "ruleset.loaded")]
    for event in ("ruleset.checked", "ruleset.compiled", "ruleset.loaded"):
        assert (by_event[event]["ruleset"], by_event[event]["digest"]) == ("lesson", found.digest)
        assert by_event[event]["seconds"] >= 0
    assert (
        by_event["ruleset.compiled"]["bytes"] == len(found.compile()) and by_event["ruleset.checked"]["warnings"] == 0
    )


def test_a_cache_that_cannot_be_written_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with caplog.at_level(logging.INFO, "fupin_policy"):
        load(LESSON)
    assert ("evaluators", "cache.not_written") in told(caplog)


def test_batches_are_recorded_in_numbers(
    ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(batches, "CHUNK", 2)
    with caplog.at_level(logging.DEBUG, "fupin_policy.batch"):
        BatchEvaluator(ruleset).decide(households(GOOD, GOOD, BAD), "2019-06-30")
    records = [*map(fields, caplog.records)]
    assert [name for _, name in told(caplog)] == ["chunk.decided", "chunk.decided", "batch.decided", "batch.rejected"]
    assert [(one["first"], one["households"], one["households_rejected"]) for one in records[:2]] == [
        (0, 2, 0),
        (2, 1, 1),
    ]
    whole = records[2]
    assert (whole["households"], whole["members"], whole["households_rejected"], whole["as_of"]) == (
        3,
        3,
        1,
        "2019-06-30",
    )
    assert whole["digest"] == ruleset.digest and whole["decisions"] == 4
    assert (records[3]["faults"], records[3]["codes"]) == (1, {"H021": 1})


def test_nothing_of_a_household_is_recorded(ruleset: Ruleset, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "fupin_policy"):
        BatchEvaluator(ruleset).decide(households(GOOD, BAD), "2019-06-30")
        ruleset.evaluate(GOOD, "2019-06-30")
        ruleset.explain(GOOD, "2019-06-30")
    assert caplog.records
    for record in caplog.records:
        said = f"{record.getMessage()} {fields(record)!r}"
        assert not [word for word in PERSONAL if word in said]


def test_nothing_is_worked_out_where_nobody_listens(
    ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(batches, "record_event", lambda *_, **__: pytest.fail("recorded"))
    with caplog.at_level(logging.WARNING, "fupin_policy"):
        BatchEvaluator(ruleset).decide(households(GOOD, BAD), "2019-06-30")

    class Dear:
        def __str__(self) -> str:
            raise AssertionError

    with caplog.at_level(logging.INFO, "fupin_policy.trial"):
        record_event(events_of("trial"), logging.DEBUG, "some.event", dear=Dear())
    assert not caplog.records


def test_of_itself_it_shows_nothing_and_warnings_are_shown() -> None:
    for room in ("batch", "check", "evaluators", "ruleset"):
        assert any(isinstance(one, logging.NullHandler) for one in logging.getLogger(f"fupin_policy.{room}").handlers)
        assert len(events_of(room).handlers) == 1
    asked = (
        "import logging; from fupin_policy.diagnostics.events import *; "
        "record_event(events_of('batch'), logging.ERROR, 'unseen'); logging.getLogger('fupin_policy').warning('seen')"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "seen\n")
