"""A new policy typed from nothing, sign by sign, as an editor sends it: every answer is right and none is late.

Right: after each keystroke the diagnostics are those of a full check of that text, and where a word is half written
that the ruleset or the format knows, it is offered whole. Late: two seconds,
on a machine that does other things as well.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import statistics
import sys
import time
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from fupin_policy.check import check
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import documents_of
from fupin_policy.editor.workspace import Workspace

LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"
LATE = 2.0
POLICY = """kind: policies
policies:
  - id: elderly.winter
    title: {zh: 冬季补助, en: Winter grant}
    for: member
    versions:
      - valid: 2019-01-01..
        when: 享受低保 且 (年龄 >= 80 或 残疾等级 属于 {一级, 二级})
        benefit:
          kind: cash
          amount: 参数.津贴_60至79岁 × 2
          per: month
        lead: [县民政局]
        basis: [lesson-1 1.2]
    examples:
      - name: 八十岁
        as_of: 2019-06-30
        household: {享受低保: 是, 乡镇: 东河镇, members: [{id: m1, 出生日期: 1930-01-01}]}
        expect: {status: eligible, amount: "160.00"}
"""
WORDS = (
    *("policies", "title", "for", "member", "versions", "valid", "when", "benefit", "kind", "cash", "amount", "per"),
    *("month", "lead", "basis", "examples", "name", "as_of", "household", "expect", "status", "eligible", "members"),
    *("享受低保", "年龄", "残疾等级", "一级", "二级", "县民政局", "乡镇", "东河镇", "出生日期", "津贴_60至79岁"),
)
"""What is offered once its first sign is written."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "county"
    shutil.copytree(LESSON, made)
    return made


def _full(folder: Path, path: Path, text: str) -> list[str]:
    """The codes that a full check reports in a file with this text, nothing kept of any check before."""
    workspace, reporter = Workspace(), Reporter()
    workspace.open(path, text)
    check(documents_of(workspace.read_files(folder), reporter), reporter)
    own = [one for one in reporter.diagnostics if one.span is not None and one.span.source.path == path.as_posix()]
    return [one.code for one in own]


async def _told(path: Path, version: int, seen: dict[tuple[str, int | None], list[str]]) -> None:
    while (path.as_uri(), version) not in seen:
        await asyncio.sleep(0.002)


def _half_written(text: str, at: int) -> str | None:
    """The word of the finished policy in the middle of which the cursor stands, if it is one to be offered."""
    for found in re.finditer(r"[\w.]+", POLICY):
        if found.start() < at < found.end():
            word = found[0].removeprefix("参数.")
            return word if word in WORDS and at > found.end() - len(word) else None
    return None


@pytest.mark.long
@pytest.mark.asyncio
async def test_a_policy_is_typed_from_nothing_sign_by_sign(folder: Path) -> None:
    path, seen, client = (
        folder / "winter.yaml",
        dict[tuple[str, int | None], list[str]](),
        LanguageClient("typist", "1"),
    )

    def published(params: lsp.PublishDiagnosticsParams) -> None:
        seen[params.uri, params.version] = [str(one.code) for one in params.diagnostics]

    client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(published)
    await client.start_io(sys.executable, "-m", "fupin_policy", "lsp")
    capabilities = lsp.ClientCapabilities(
        general=lsp.GeneralClientCapabilities(position_encodings=[lsp.PositionEncodingKind.Utf16])
    )
    await client.initialize_async(
        lsp.InitializeParams(capabilities=capabilities, root_uri=folder.as_uri(), locale="zh")
    )
    document = lsp.TextDocumentIdentifier(path.as_uri())
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(path.as_uri(), "yaml", 0, "")))
    checked, offered, wrong, half = [], [], [], 0
    for at in range(1, len(POLICY) + 1):
        text, start = POLICY[:at], time.perf_counter()
        before = POLICY[: at - 1]
        line, character = before.count("\n"), len(before.rsplit("\n", 1)[-1])
        here = lsp.Position(line, character)
        change = lsp.TextDocumentContentChangePartial(range=lsp.Range(here, here), text=POLICY[at - 1])
        identifier = lsp.VersionedTextDocumentIdentifier(version=at, uri=path.as_uri())
        client.text_document_did_change(lsp.DidChangeTextDocumentParams(identifier, [change]))
        cursor = lsp.Position(text.count("\n"), len(text.rsplit("\n", 1)[-1]))
        found = await asyncio.wait_for(
            client.text_document_completion_async(lsp.CompletionParams(document, cursor)), LATE
        )
        offered.append(time.perf_counter() - start)
        await asyncio.wait_for(_told(path, at, seen), LATE)
        checked.append(time.perf_counter() - start)
        if seen[path.as_uri(), at] != _full(folder, path, text):
            wrong.append((at, text[-20:], seen[path.as_uri(), at]))
        word = _half_written(text, at)
        labels = (
            [one.label.removeprefix("参数.") for one in found.items] if isinstance(found, lsp.CompletionList) else []
        )
        half += word is not None
        if word is not None and word not in labels:
            wrong.append((at, text[-20:], [word]))
    told = seen[path.as_uri(), len(POLICY)]
    await client.shutdown_async(None)
    client.exit(None)
    for name, times in (("diagnostics", checked), ("completion", offered)):
        print(f"{name}: median {statistics.median(times) * 1000:.0f} ms, slowest {max(times) * 1000:.0f} ms")
    assert wrong == [] and told == [] and half > 50
