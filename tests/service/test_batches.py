"""Many households in one request: each is answered at its number, whatever stands around it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from asked_service import Answered, asked
from starlette.types import ASGIApp

from fupin_policy import Ruleset, load
from fupin_policy.service.application import Service
from fupin_policy.service.limits import ServiceLimits
from fupin_policy.service.shelf import RulesetShelf
from fupin_policy.service.spool import AnswerSpool

ROOT = Path(__file__).parents[2]
LESSON = ROOT / "docs" / "examples" / "lesson"
GIVEN: dict[str, Any] = json.loads((ROOT / "docs" / "examples" / "household.json").read_text(encoding="utf-8"))
BATCH = "/api/lesson/batch?as_of=2019-06-30"


@pytest.fixture(scope="module")
def rules() -> Ruleset:
    return load(LESSON)


@pytest.fixture(scope="module")
def app() -> ASGIApp:
    return Service.of(RulesetShelf.of([LESSON]), ServiceLimits(line=4000), poll=0).application()


def send(app: ASGIApp, raw: bytes, path: str = BATCH, size: int = 777) -> Answered:
    pieces = [raw[at : at + size] for at in range(0, len(raw), size)] or [b""]
    return asked(app, path, pieces=pieces, headers={"content-type": "application/x-ndjson"})


def lines(found: Answered) -> list[dict[str, Any]]:
    return [json.loads(line) for line in found.body.splitlines()]


def test_each_household_is_answered_at_its_number(app: ASGIApp, rules: Ruleset) -> None:
    own = [json.dumps({**GIVEN, "id": f"h{number}"}, ensure_ascii=False) for number in range(120)]
    own[5], own[70], own[119] = "{", '{"id": "x", "没有": 1}', "[1]"
    found = send(app, "\r\n\n".join(own).encode())
    assert found.status == 200 and found.headers["content-type"] == "application/x-ndjson"
    *each, end = lines(found)
    assert end == {"rows": 120, "decided": 117, "rejected": 3}
    assert [one["row"] for one in each] == [*range(1, 121)]
    wanted = rules.evaluate(GIVEN, "2019-06-30").as_json()
    for at, one in enumerate(each):
        if at in (5, 70, 119):
            assert one["problems"][0]["zh"] and "evaluation" not in one
        else:
            assert one["evaluation"] == {**wanted, "household": f"h{at}"}
    assert each[5]["problems"][0]["place"].startswith("row:6:")
    assert [one["code"] for one in each[70]["problems"]] == ["H004", "H011"]
    assert lines(send(app, b"")) == [{"rows": 0, "decided": 0, "rejected": 0}]


def test_how_households_are_read_is_asked_in_the_address(app: ASGIApp, rules: Ruleset) -> None:
    raw = json.dumps(GIVEN).encode()
    first, _ = lines(send(app, raw, f"{BATCH}&assume=false"))
    assert first["evaluation"] == rules.evaluate(GIVEN, "2019-06-30", assume=False).as_json()
    wrong = send(app, raw, "/api/lesson/batch?as_of=1066-01-01&assume=maybe&asume=x")
    assert (wrong.status, wrong.problems) == (422, [("H041", "as_of"), ("W005", "assume"), ("W003", "asume")])
    assert send(app, raw, "/api/lesson/batch").problems == [("W004", "as_of")]
    assert asked(app, BATCH, GIVEN).problems == [("W013", "Content-Type")]


def test_what_is_too_long_ends_the_batch_and_says_so(app: ASGIApp) -> None:
    one = json.dumps(GIVEN).encode() + b"\n"
    first = send(app, b" " * 5000 + b"\n" + one)
    assert (first.status, first.problems) == (422, [("W001", "row")])
    *_, end = lines(send(app, one * 3 + b" " * 5000 + one))
    assert end["stopped"] and end["rows"] == 3 and end["problems"][0]["code"] == "W001"
    small = Service.of(RulesetShelf.of([LESSON]), ServiceLimits(batch=1000), poll=0).application()
    *_, end = lines(send(small, one * 9))
    assert end["stopped"] and end["problems"][0]["code"] == "W001"


def test_what_is_not_taken_yet_waits_in_order() -> None:
    async def run() -> bytes:
        with AnswerSpool() as spool:
            parts = [bytes([at % 251]) * (at * 997 % 70_000 + 1) for at in range(60)]
            found = b""
            for at, part in enumerate(parts):
                spool.put(part)
                if at % 7 == 0:
                    found += await spool.take()
            spool.close()
            while piece := await spool.take():
                found += piece
            assert found == b"".join(parts)
            return found

    assert len(asyncio.run(run())) > 1 << 20
