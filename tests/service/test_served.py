"""The service as it is started, over sockets: slow and half-closed connections, 200 at once, signals, a clean stop."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, Any

import pytest

from fupin_policy.cli.main import main
from fupin_policy.diagnostics import InputError
from fupin_policy.service.application import Service
from fupin_policy.service.server import serve_at
from fupin_policy.service.shelf import RulesetShelf

ROOT = Path(__file__).parents[2]
LESSON = ROOT / "docs" / "examples" / "lesson"
GIVEN: dict[str, Any] = json.loads((ROOT / "docs" / "examples" / "household.json").read_text(encoding="utf-8"))
BODY = json.dumps({"household": GIVEN, "as_of": "2019-06-30"}).encode()
HEAD = b"POST /api/lesson/evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
IDLE = 1.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@dataclass(frozen=True, slots=True)
class Served:
    """A service in a process of its own."""

    process: subprocess.Popen[str]
    logs: Path
    port: int
    folder: Path

    def ask(self, path: str = "/api/lesson/evaluate", body: bytes | None = BODY) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        how = "GET" if body is None else "POST"
        connection.request(how, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        found = answer.read()
        connection.close()
        return answer.status, json.loads(found)

    def open(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)


def started(folder: Path, *more: str) -> Served:
    logs = folder.with_suffix(".log")
    with logs.open("w") as stream:
        process = _process(folder, stream, *more)
    assert process.stdout is not None
    where = process.stdout.readline().strip()
    assert where.startswith("http://127.0.0.1:"), logs.read_text(encoding="utf-8")
    return Served(process, logs, int(where.rsplit(":", 1)[1]), folder)


def _process(folder: Path, stream: IO[str], *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "fupin_policy", "serve", str(folder), "--port", "0", *more],
        stdout=subprocess.PIPE,
        stderr=stream,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("rules") / "lesson"
    shutil.copytree(LESSON, folder)
    found = started(folder, "--idle", str(IDLE), "--poll", "0", "--at-once", "150")
    yield found
    found.process.kill()
    found.process.communicate()


def received(connection: socket.socket) -> bytes:
    found = b""
    with suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            found += piece
    return found


def test_two_hundred_at_once_are_answered_or_told_to_wait(served: Served) -> None:
    with ThreadPoolExecutor(200) as threads:
        found = Counter(status for status, _ in threads.map(lambda _: served.ask(), range(200)))
    assert found.keys() <= {200, 503} and found[200] >= 100
    assert served.ask()[0] == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST /api/lesson/evaluate HTTP/1.1\r\nHost: loc",
        HEAD + b"Content-Length: 100\r\n\r\n{",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    ],
)
def test_who_says_nothing_more_is_not_waited_for(served: Served, sent: bytes) -> None:
    start = time.monotonic()
    with served.open() as connection:
        connection.sendall(sent)
        found = received(connection)
    assert IDLE * 0.5 < time.monotonic() - start < IDLE * 6
    # of a body it is said; who does not even send a head is not spoken to
    assert found.startswith(b"HTTP/1.1 408 ") and b"W016" in found if b"\r\n\r\n" in sent else found == b""


def test_a_head_that_comes_letter_by_letter_ends(served: Served) -> None:
    start = time.monotonic()
    with served.open() as connection, suppress(ConnectionError):
        for letter in HEAD * 3:
            connection.sendall(bytes([letter]))
            time.sleep(0.02)
            if time.monotonic() - start > IDLE * 5:
                break
    assert time.monotonic() - start < IDLE * 4


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (HEAD + b"X: " + b"x" * 200_000, b"400"),
        (b"\x00\x01\x02\r\n\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"200"),
        (b"GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"421"),
        (HEAD + b"Content-Length: 99999999999\r\n\r\n", b"413"),
        (HEAD + b"Content-Length: -1\r\n\r\n", b"400"),
        (HEAD + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}", b"422"),
        (HEAD + b"Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n", b"422"),
    ],
)
def test_what_is_no_request_of_ours_is_refused_in_a_word(served: Served, sent: bytes, status: bytes) -> None:
    with served.open() as connection:
        with suppress(ConnectionError):
            connection.sendall(sent)
        found = received(connection)
    assert found.startswith(b"HTTP/1.1 " + status), found[:200]


def test_who_leaves_or_closes_a_half_harms_nobody(served: Served) -> None:
    whole = HEAD + f"Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY
    for sent in (whole, whole[:-5], HEAD):
        with served.open() as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            found = received(connection)
            assert found == b"" or found.startswith((b"HTTP/1.1 200", b"HTTP/1.1 4"))
        with served.open() as connection:
            connection.sendall(sent)
            linger = socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
            connection.setsockopt(socket.SOL_SOCKET, *linger)
    time.sleep(0.2)
    assert served.ask()[0] == 200
    asking = HTTPConnection("127.0.0.1", served.port, timeout=20)
    asking.request("GET", "/metrics")
    assert b"fupin_requests_in_hand 1\n" in asking.getresponse().read()
    asking.close()


def test_who_does_not_take_an_answer_is_left(served: Served) -> None:
    """Much is asked and nothing taken: once the buffers are full the connection ends, and its memory is free."""
    one = b"GET /api/lesson/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with served.open() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        start = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() - start < 15:
                connection.sendall(one * 200)
                time.sleep(0.05)
        assert time.monotonic() - start < 15
    assert served.ask()[0] == 200


def test_changed_rules_are_taken_by_a_signal_if_they_check(served: Served) -> None:
    file = served.folder / "parameters.yaml"
    before, text = served.ask()[1]["ruleset"]["digest"], file.read_text(encoding="utf-8")
    file.write_text("kind: nothing\n", encoding="utf-8")
    served.process.send_signal(signal.SIGHUP)
    assert until(served, lambda told: told["stale"])["digest"] == before
    assert served.ask()[1]["ruleset"]["digest"] == before
    assert served.ask("/api", None)[1]["rulesets"][0]["problems"]
    file.write_text(text.replace("100", "101"), encoding="utf-8")
    served.process.send_signal(signal.SIGHUP)
    after = until(served, lambda told: told["digest"] != before)
    assert not after["stale"] and served.ask()[1]["ruleset"]["digest"] == after["digest"]


def until(served: Served, holds: Any) -> Any:
    for _ in range(200):
        told = served.ask("/ready", None)[1]["rulesets"]["lesson"]
        if holds(told):
            return told
        time.sleep(0.05)
    raise AssertionError(told)


def test_at_the_end_what_was_begun_is_answered(served: Served) -> None:
    """Runs last: the service stops."""
    with served.open() as connection:
        connection.sendall(HEAD + f"Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY[:50])
        time.sleep(0.2)
        served.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        connection.sendall(BODY[50:])
        assert received(connection).startswith(b"HTTP/1.1 200")
    out, _ = served.process.communicate(timeout=20)
    assert served.process.returncode == 0 and out == ""
    lines = [json.loads(line) for line in served.logs.read_text(encoding="utf-8").splitlines()]
    assert {"started", "request", "ruleset refused", "ruleset taken", "stopped"} <= {one["event"] for one in lines}
    # of a connection that was broken off the server may say that its answer was not finished; nothing of ours failed
    assert not [one for one in lines if one["level"] == "error" and "without completing" not in one["event"]]
    assert all(set(word) <= set("WH0123456789NY") for one in lines for word in one.get("codes", ()))


def test_what_cannot_be_started_says_why(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FUPIN_TOKEN", raising=False)
    lesson = str(LESSON)
    for arguments, code in (
        ([lesson, "--host", "0.0.0.0"], "W019"),
        ([lesson, lesson], "W021"),
        ([lesson, "--seconds", "0"], "W023"),
        ([lesson, "--site", str(LESSON / "none")], "B179"),
    ):
        assert main(["serve", *arguments, "--format", "json"]) == 1
        assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == code
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(InputError) as caught:
        serve_at(Service.of(RulesetShelf()), "127.0.0.1", taken.getsockname()[1], None, print)
    assert [one.code for one in caught.value.diagnostics] == ["W024"]
