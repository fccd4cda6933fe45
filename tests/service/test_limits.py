"""Who is answered, how much is taken, for how long; and that logs tell nothing of anybody."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asked_service import _asked, asked

from fupin_policy.diagnostics import InputError
from fupin_policy.service import answers
from fupin_policy.service.application import Service
from fupin_policy.service.limits import ServiceLimits
from fupin_policy.service.logs import LOG, JsonLines
from fupin_policy.service.shelf import RulesetShelf
from fupin_policy.service.token import Access, is_loopback, read_access

ROOT = Path(__file__).parents[2]
LESSON = ROOT / "docs" / "examples" / "lesson"
GIVEN: dict[str, Any] = json.loads((ROOT / "docs" / "examples" / "household.json").read_text(encoding="utf-8"))
QUESTION = {"household": GIVEN, "as_of": "2019-06-30"}
EVALUATE = "/api/lesson/evaluate"
TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def shelf() -> RulesetShelf:
    return RulesetShelf.of([LESSON])


def test_without_a_token_only_this_machine_is_named(shelf: RulesetShelf) -> None:
    app = Service.of(shelf, poll=0).application()
    for host in ("localhost", "127.0.0.1:8000", "[::1]:8000", "127.8.8.8"):
        assert asked(app, EVALUATE, QUESTION, headers={"host": host}).status == 200
    for host in ("example.org", "example.org:8000", "localhost.example.org", "", "10.0.0.1"):
        found = asked(app, EVALUATE, QUESTION, headers={"host": host})
        assert (found.status, found.problems) == (421, [("W018", "Host")])


def test_with_a_token_nobody_else_is_answered(shelf: RulesetShelf) -> None:
    app = Service.of(shelf, access=Access(TOKEN.encode()), poll=0).application()
    there = {"host": "example.org"}
    for said in ("", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer ", "Bearer é"):
        found = asked(app, EVALUATE, QUESTION, headers={**there, "authorization": said})
        assert (found.status, found.problems) == (401, [("W010", "Authorization")])
        assert found.headers["www-authenticate"] == "Bearer"
    assert asked(app, EVALUATE, QUESTION, headers={**there, "authorization": f"Bearer {TOKEN}"}).status == 200
    assert asked(app, "/health", headers=there).status == asked(app, "/ready", headers=there).status == 200
    assert asked(app, "/metrics", headers=there).status == asked(app, "/api", headers=there).status == 401
    described = asked(app, "/api/lesson/openapi.json", headers={"authorization": f"bearer {TOKEN}"}).data
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_beyond_this_machine_there_must_be_a_token(tmp_path: Path) -> None:
    assert read_access("127.0.0.1", {}, None) == read_access("localhost", {}, None) == Access()
    assert read_access("0.0.0.0", {"FUPIN_TOKEN": TOKEN}, None) == Access(TOKEN.encode())
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    assert read_access("127.0.0.1", {"FUPIN_TOKEN": "x" * 20}, file) == Access(TOKEN.encode())
    for host, environment, named, code in (
        ("0.0.0.0", {}, None, "W019"),
        ("::", {}, None, "W019"),
        ("192.168.1.1", {"FUPIN_TOKEN": "  "}, None, "W019"),
        ("127.0.0.1", {"FUPIN_TOKEN": "short"}, None, "W020"),
        ("127.0.0.1", {"FUPIN_TOKEN": "a b" * 20}, None, "W020"),
        ("127.0.0.1", {}, tmp_path / "none", "B179"),
    ):
        with pytest.raises(InputError) as caught:
            read_access(host, environment, named)
        assert [one.code for one in caught.value.diagnostics] == [code]
        assert "a b" not in str(caught.value)
    assert not is_loopback("127.0.0.1.example.org")


def test_a_body_is_bounded(shelf: RulesetShelf) -> None:
    app = Service.of(shelf, ServiceLimits(body=5000), poll=0).application()
    assert asked(app, EVALUATE, QUESTION).status == 200
    long = b" " * 5001
    said = asked(app, EVALUATE, long, headers={"content-length": "5001"})
    unsaid = asked(app, EVALUATE, pieces=[b" " * 2000] * 3)
    for found in (said, unsaid, asked(app, EVALUATE, b"{}", headers={"content-length": "9" * 400})):
        assert (found.status, found.problems, found.headers["connection"]) == (413, [("W001", "body")], "close")


def test_no_more_are_in_hand_than_allowed_and_none_for_longer(
    shelf: RulesetShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = threading.Event()

    def slow(*_: object) -> dict[str, str]:
        free.wait(10)
        return {}

    monkeypatch.setattr(answers, "explain", slow)
    service = Service.of(shelf, ServiceLimits(at_once=2, threads=1, seconds=0.5), poll=0)
    app = service.application()

    async def ask_all() -> tuple[list[int], list[int]]:
        def ask(path: str) -> Any:
            said = {"host": "localhost", "content-type": "application/json"}
            return _asked(app, path, "POST", said, [json.dumps(QUESTION).encode()])

        first = [one.status for one in await asyncio.gather(*(ask("/api/lesson/explain") for _ in range(5)))]
        # one thread is still at work, and counts; the other never began
        held = service.workers.in_hand
        later = [one.status for one in await asyncio.gather(ask(EVALUATE), ask(EVALUATE))]
        free.set()
        for _ in range(200):
            if not service.workers.in_hand:
                break
            await asyncio.sleep(0.02)
        return first, [held, *later, service.workers.in_hand, (await ask(EVALUATE)).status]

    first, later = asyncio.run(ask_all())
    assert sorted(first) == [503, 503, 503, 504, 504]
    assert later == [1, 503, 504, 0, 200] or later == [1, 504, 503, 0, 200]


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    LOG.addHandler(handler)
    level = LOG.level
    LOG.setLevel(logging.INFO)
    yield stream
    LOG.removeHandler(handler)
    LOG.setLevel(level)


def test_a_fault_of_ours_is_told_without_what_was_sent(
    shelf: RulesetShelf, monkeypatch: pytest.MonkeyPatch, logged: io.StringIO
) -> None:
    def broken(_: object, raw: bytes) -> dict[str, str]:
        raise KeyError(raw.decode())

    monkeypatch.setattr(answers, "explain", broken)
    found = asked(Service.of(shelf, poll=0).application(), "/api/lesson/explain", QUESTION)
    assert (found.status, found.problems) == (500, [("W026", "-")])
    failed, request = (json.loads(line) for line in logged.getvalue().splitlines())
    assert failed["error"] == "KeyError" and failed["at"][-1].startswith("broken:")
    assert failed["request"] == request["request"] == found.headers["x-request-id"]
    assert request["status"] == 500 and GIVEN["id"] not in logged.getvalue()


def test_logs_and_metrics_have_nothing_of_a_household(shelf: RulesetShelf, logged: io.StringIO) -> None:
    household = {
        "id": "户张三-370784",
        "人均纯收入": "SECRETVALUE",
        "members": [{"id": "李四-身份证", "年龄": 987654, "SECRETKEY": 1, "出生日期": "1951-07-13"}],
    }
    app = Service.of(shelf, poll=0).application()
    for path in (EVALUATE, "/api/lesson/explain", "/api/lesson/interview", "/api/lesson/compare"):
        found = asked(app, path, {"household": household, "as_of": "2019-06-30", "settings": {"SECRETSETTING": 5}})
        assert found.status == 422
    sound = {"id": "户张三-370784", "members": [{"id": "李四-身份证", "出生日期": "1951-07-13"}]}
    assert asked(app, EVALUATE, {"household": sound, "as_of": "2019-06-30"}).status == 200
    asked(app, "/api/户张三-370784/evaluate?id=李四-身份证", QUESTION, headers={"x-request-id": "SECRETHEADER"})
    asked(app, "/SECRETPATH", method="SECRETMETHOD")
    told = logged.getvalue() + asked(app, "/metrics").body.decode()
    for word in ("张三", "李四", "370784", "SECRET", "987654", "1951"):
        assert word not in told
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert [one["status"] for one in lines] == [422, 422, 422, 422, 200, 404, 404, 200]
    assert lines[4]["route"] == "evaluate" and lines[4]["digest"] == shelf.digests["lesson"] and lines[4]["ms"] > 0


def test_metrics_count(shelf: RulesetShelf) -> None:
    app = Service.of(shelf, poll=0).application()
    for _ in range(3):
        asked(app, EVALUATE, QUESTION)
    asked(app, EVALUATE, {})
    lines = asked(app, "/metrics").body.decode().splitlines()
    assert 'fupin_requests_total{route="evaluate",status="200"} 3' in lines
    assert 'fupin_requests_total{route="evaluate",status="422"} 1' in lines
    assert 'fupin_request_seconds_count{route="evaluate"} 4' in lines
    assert 'fupin_request_seconds_bucket{route="evaluate",le="+Inf"} 4' in lines
    assert f'fupin_ruleset_info{{ruleset="lesson",digest="{shelf.digests["lesson"]}"}} 1' in lines
    assert "fupin_requests_in_hand 1" in lines
