"""A short run of the fuzz, which `make fuzz` runs for ten minutes.

Cases that once ended badly have tests of their own beside the readers: what a number stands for changes with the fuzz.
"""

from __future__ import annotations

import json
from typing import Any

from fuzz_case import ROOT
from fuzz_pool import Worker, run_all
from fuzz_readers import READERS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_policy import InputError, load
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import read_plain
from fupin_policy.intake import parse_json

LESSON = load(ROOT / "docs" / "examples" / "lesson")
NAMES = ["id", "members", "村", *(key for fact in LESSON.facts for key in fact.keys)]

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["是", "1959.1", "190612", "一级", "东河镇", "1,820", "2019-02-30"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*NAMES, "min", "one_of"]), inner, max_size=5)
    ),
    max_leaves=12,
)


def taken(value: Any) -> bool:
    """Whether a household is decided, or refused as an input is."""
    try:
        LESSON.evaluate(value, "2019-06-30")
    except InputError as error:
        assert error.diagnostics
        return False
    return True


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(VALUES, st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6))
def test_any_data_is_decided_or_refused(member: Any, own: dict[str, Any]) -> None:
    taken({"id": "h", "members": [member, {"id": "m"}], **own})
    taken(member)
    text = json.dumps({"id": "h", **own, "members": [member]}).encode()
    for read in (parse_json(text, Reporter()), read_plain("h.yaml", text, Reporter())):
        taken(read)


SIGNS = st.sampled_from("{}[]:,-#&*!|>'\"%@`\\ \n\tid0１")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60) | st.text(SIGNS, max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (lambda reporter: parse_json(data, reporter), lambda reporter: read_plain("h.yaml", data, reporter)):
        reporter = Reporter()
        assert read(reporter) is None or not reporter.errors


def test_some_cases_of_every_reader() -> None:
    found = list(run_all([(reader, number) for number in range(2) for reader in READERS], workers=2))
    assert [(one.name, one.problem) for one in found if one.problem is not None] == []
    assert {one.reader for one in found} == set(READERS)


def test_a_case_without_an_end_is_ended_and_told() -> None:
    worker = Worker()
    try:
        assert worker.run("wasm", 0).problem is None
        found = worker.run("household", 0, seconds=0.001)
        assert found.problem is not None and found.problem.startswith("no end after")
        assert not worker.alive
    finally:
        worker.close()
