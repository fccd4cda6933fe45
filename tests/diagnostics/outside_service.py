"""Codes of the service over HTTP: a request that is refused, or a start that is."""

from __future__ import annotations

import asyncio
import shutil
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from corpus import BASE
from outside import How, Outside, base, raised
from starlette.types import Message

from fupin_policy.analysis.audit import kept_record
from fupin_policy.diagnostics import Diagnostic
from fupin_policy.documents.file_state import file_state
from fupin_policy.service import answers, gate
from fupin_policy.service.application import Service
from fupin_policy.service.limits import ServiceLimits
from fupin_policy.service.server import serve_at
from fupin_policy.service.shelf import ReadyRuleset, RulesetShelf, ServedRuleset
from fupin_policy.service.token import Access, read_access

_ASKED = "/api/base/evaluate"
_JSON = "application/json"


def _shelf(folder: Path = BASE) -> RulesetShelf:
    return RulesetShelf(served={"base": ServedRuleset(folder, ReadyRuleset(base()), file_state(folder))})


def _refused(
    path: str = _ASKED,
    body: bytes | None = b"{}",
    method: str = "POST",
    limits: ServiceLimits | None = None,
    access: Access | None = None,
    answer: Any = None,
    **headers: str,
) -> How:
    """What is said of one request; a `body` of None never comes."""

    def how(_: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
        found: list[Diagnostic] = []

        def kept(said: Sequence[Diagnostic]) -> bytes:
            found.extend(said)
            return b""

        patch.setattr(gate, "problems_bytes", kept)
        if answer is not None:
            patch.setattr(answers, "evaluate", answer)
        service = Service.of(_shelf(), limits, access, poll=0)
        asyncio.run(_ask(service, path, body, method, {"host": "localhost", "content_type": _JSON, **headers}))
        return found

    return how


async def _ask(service: Service, path: str, body: bytes | None, method: str, headers: dict[str, str]) -> None:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": pairs, "query_string": b"", "root_path": ""}

    async def receive() -> Message:
        if body is None:
            await asyncio.sleep(5)
        return {"type": "http.request", "body": body or b"", "more_body": False}

    async def send(_: Message) -> None:
        pass

    await service.application()(scope, receive, send)


def _slow(*_: object) -> dict[str, str]:
    time.sleep(0.2)
    return {}


def _broken(*_: object) -> dict[str, str]:
    raise KeyError("household")


def _recorded(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    raw = b'{"household": {"id": 1, "members": [{"id": 1}]}, "as_of": "2019-06-30", "continues": true}'
    with kept_record(folder / "record.jsonl", base()) as record:
        return raised(lambda: answers.evaluate(base(), raw, record))


def _twice(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    shutil.copytree(BASE, folder / "other")
    return raised(lambda: RulesetShelf.of([BASE, folder / "other"]))


def _renamed(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    shutil.copytree(BASE, folder / "rules")
    shelf = _shelf(folder / "rules")
    file = folder / "rules" / "ruleset.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("id: base", "id: other"), encoding="utf-8")
    return shelf.refresh(whatever=True)[0][2]


def _taken(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    def create(*_: object, **__: object) -> None:
        raise OSError(98, "Address already in use")

    patch.setattr(socket, "create_server", create)
    return raised(lambda: serve_at(Service.of(RulesetShelf()), "127.0.0.1", 8000, None, print))


def _limit(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.cli.main import parser_in

    parsed = parser_in("en").parse_args(["serve", str(BASE), "--seconds", "0"])
    return raised(lambda: parsed.run(parsed))


_TOKEN = Access(b"0123456789abcdef")

SERVICE = (
    Outside(
        "W001",
        "body",
        "请求的正文超过 10 字节",
        "the body of the request is longer than 10 bytes",
        _refused(body=b"{" * 11, limits=ServiceLimits(body=10)),
    ),
    Outside(
        "W002",
        "body",
        "请求的正文应是一个 JSON 对象",
        "the body of the request must be a JSON object",
        _refused(body=b"[]"),
    ),
    Outside(
        "W003",
        "houshold",
        "这里没有“houshold”这一项",
        'there is no "houshold" here',
        _refused(body=b'{"houshold": 1, "household": {"id": 1, "members": [{"id": 1}]}, "as_of": "2019-06-30"}'),
    ),
    Outside(
        "W004",
        "as_of",
        "缺少“as_of”",
        '"as_of" is missing',
        _refused(body=b'{"household": {}}'),
    ),
    Outside(
        "W005",
        "assume",
        "“assume”应是true 或 false",
        '"assume" must be true or false',
        _refused(body=b'{"household": {"id": 1, "members": [{"id": 1}]}, "as_of": "2019-06-30", "assume": 1}'),
    ),
    Outside(
        "W006",
        "record",
        "写进记录的只有按规则集的当作、不带其他要求的决定：去掉 continues",
        "only a decision with what the rules assume, and nothing else asked, goes into the record: leave out continues",
        _recorded,
    ),
    Outside(
        "W010",
        "Authorization",
        "没有给出令牌，或令牌不对",
        "there is no token, or not the right one",
        _refused(access=_TOKEN),
    ),
    Outside("W011", "-", "没有这个地址", "there is no such address", _refused(path="/nowhere")),
    Outside(
        "W012", "-", "这个地址不接受这种请求方法", "this address does not take that method", _refused(method="DELETE")
    ),
    Outside(
        "W013",
        "Content-Type",
        "正文的格式不在这里能读的之列",
        "a body of that type is not read here",
        _refused(content_type="text/plain"),
    ),
    Outside(
        "W014",
        "-",
        "同时的请求已达 0 个",
        "0 requests are being answered already",
        _refused(limits=ServiceLimits(at_once=0)),
    ),
    Outside(
        "W015",
        "-",
        "0.05 秒内没有算完",
        "it was not done within 0.05 seconds",
        _refused(answer=_slow, limits=ServiceLimits(seconds=0.05)),
    ),
    Outside(
        "W016",
        "body",
        "0.05 秒内没有收到正文的下一部分",
        "nothing more of the body came within 0.05 seconds",
        _refused(body=None, limits=ServiceLimits(idle=0.05)),
    ),
    Outside(
        "W017",
        "-",
        "没有名为“other”的规则集",
        'there is no ruleset called "other"',
        _refused(path="/api/other/evaluate"),
    ),
    Outside(
        "W018",
        "Host",
        "这个主机名不是本机的",
        "that name of a host is not this machine's",
        _refused(host="example.org"),
    ),
    Outside(
        "W019",
        "--host",
        "要在本机以外的地址 0.0.0.0 上提供服务，必须有令牌",
        "to serve at 0.0.0.0, beyond this machine, there must be a token",
        lambda folder, patch: raised(lambda: read_access("0.0.0.0", {}, None)),
    ),
    Outside(
        "W020",
        "FUPIN_TOKEN",
        "令牌应是 16 到 512 个不带空白的可见 ASCII 字符",
        "a token must be 16 to 512 visible ASCII characters without blanks",
        lambda folder, patch: raised(lambda: read_access("127.0.0.1", {"FUPIN_TOKEN": "short"}, None)),
    ),
    Outside("W021", "other", "两个规则集同名：base", "two rulesets have the name base", _twice),
    Outside(
        "W022",
        "rules",
        "规则集的名称由 base 变成了 other；地址随名称而定，所以没有换上",
        "the ruleset's name has changed from base to other; addresses depend on it, so it was not taken",
        _renamed,
    ),
    Outside("W023", "seconds", "seconds 应大于 0", "seconds must be above 0", _limit),
    Outside(
        "W024",
        "--port",
        "不能在 127.0.0.1:8000 上提供服务：Address already in use",
        "cannot serve at 127.0.0.1:8000: Address already in use",
        _taken,
    ),
    Outside("W026", "-", "服务本身出错", "the service itself failed", _refused(answer=_broken)),
)
