"""From a keystroke to its diagnostics: `fupin lsp` over standard streams, in the shipped ruleset of some 80 policies.

Run `python benchmarks/editor.py [folder]`. Each keystroke is sent once the diagnostics of the one before are there, so
that each is measured by itself; the wait of the server for a further keystroke is part of the time. Beside it:
a full check. The server's own time on a processor is told apart, as it hardly
changes with what else a machine does.
"""

from __future__ import annotations

import asyncio
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from fupin_policy.check import check
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import read

SHIPPED = Path(__file__).parents[1] / "policies" / "anqiu"
TYPED = " 且 (户.人均纯收入 <= 3000元 或 参数.不存在)"
FILES, FULL, SECONDS = 5, 5, 30.0


class Editor:
    """A client that has one file open at a time and knows when the diagnostics of its text have come."""

    def __init__(self) -> None:
        self.client = LanguageClient("benchmark", "1")
        self.told: dict[tuple[str, int | None], asyncio.Event] = {}
        self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda told: self._published(told))

    def _published(self, params: lsp.PublishDiagnosticsParams) -> None:
        self._event(params.uri, params.version).set()

    def _event(self, uri: str, version: int | None) -> asyncio.Event:
        return self.told.setdefault((uri, version), asyncio.Event())

    async def start(self, folder: Path) -> None:
        """Start a server for a folder."""
        await self.client.start_io(sys.executable, "-m", "fupin_policy", "lsp")
        params = lsp.InitializeParams(capabilities=lsp.ClientCapabilities(), root_uri=folder.as_uri(), locale="zh")
        await self.client.initialize_async(params)
        self.client.initialized(lsp.InitializedParams())

    async def open(self, path: Path, text: str) -> float:
        """Open a file; the seconds until its diagnostics are there."""
        started = time.perf_counter()
        item = lsp.TextDocumentItem(path.as_uri(), "yaml", 1, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        await asyncio.wait_for(self._event(path.as_uri(), 1).wait(), SECONDS)
        return time.perf_counter() - started

    async def change(self, path: Path, version: int, at: lsp.Position, end: lsp.Position, text: str) -> float:
        """Put a text in the place of a stretch; the seconds until its diagnostics are there."""
        started = time.perf_counter()
        document = lsp.VersionedTextDocumentIdentifier(version, path.as_uri())
        edit = lsp.TextDocumentContentChangePartial(range=lsp.Range(at, end), text=text)
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [edit]))
        await asyncio.wait_for(self._event(path.as_uri(), version).wait(), SECONDS)
        return time.perf_counter() - started

    async def stop(self) -> None:
        """End the server."""
        await self.client.shutdown_async(None)
        self.client.exit(None)
        stop: Callable[[], Awaitable[None]] = self.client.stop
        await stop()


def places(text: str) -> Iterator[lsp.Position]:
    """The ends of the conditions that stand in one line."""
    for number, line in enumerate(text.split("\n")):
        if line.lstrip().startswith(("when: ", "适用条件: ")) and line[-1:] not in "|>}'\"":
            yield lsp.Position(number, len(line))


async def typed(editor: Editor, path: Path) -> list[float]:
    """The times of the keystrokes by which a condition goes on sign by sign, and is taken back sign by sign."""
    text = path.read_text(encoding="utf-8")
    await editor.open(path, text)
    start = next(places(text))
    times, version = [], 1
    for index, sign in enumerate(TYPED):
        at = lsp.Position(start.line, start.character + index)
        times.append(await editor.change(path, version := version + 1, at, at, sign))
    for index in range(len(TYPED), 0, -1):
        at = lsp.Position(start.line, start.character + index - 1)
        end = lsp.Position(start.line, start.character + index)
        times.append(await editor.change(path, version := version + 1, at, end, ""))
    return times


async def measure(folder: Path, files: int = FILES) -> tuple[float, list[float]]:
    """The time until the first diagnostics, and of every keystroke in the longest files with a condition."""
    editor = Editor()
    await editor.start(folder)
    found = [path for path in folder.rglob("*.yaml") if any(places(path.read_text(encoding="utf-8")))]
    found.sort(key=lambda path: path.stat().st_size, reverse=True)
    opening = await editor.open(folder / "ruleset.yaml", (folder / "ruleset.yaml").read_text(encoding="utf-8"))
    times = [one for path in found[:files] for one in await typed(editor, path)]
    await editor.stop()
    return opening, times


def processor_time() -> float:
    """The seconds on a processor of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def full(folder: Path) -> float:
    """The seconds of a full check: every file read and every rule checked, in a process that has done so before."""
    started = time.perf_counter()
    reporter = Reporter()
    assert check(read(folder, reporter), reporter) is not None
    return time.perf_counter() - started


def main() -> None:
    """Print the table of docs/performance.md."""
    shipped = Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made).resolve() / "rules"
        shutil.copytree(shipped, folder)
        asyncio.run(measure(folder, 0))
        idle = processor_time()
        opening, times = asyncio.run(measure(folder))
        used = (processor_time() - 2 * idle) / len(times)
        checks = statistics.median(full(folder) for _ in range(FULL))
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "fupin_policy", "check", str(folder)], check=True, stdout=subprocess.DEVNULL
        )
        command = time.perf_counter() - started
    times.sort()
    print(f"keystroke to diagnostics, median   {statistics.median(times) * 1000:6.0f} ms   of {len(times)} keystrokes")
    print(f"                          95 of 100{times[len(times) * 95 // 100] * 1000:6.0f} ms")
    print(f"                          slowest  {times[-1] * 1000:6.0f} ms")
    print(f"time on a processor, mean          {used * 1000:6.0f} ms")
    print(f"first file opened                  {opening * 1000:6.0f} ms")
    print(f"full check in a warm process       {checks * 1000:6.0f} ms")
    print(f"whole `fupin check`                {command * 1000:6.0f} ms")


if __name__ == "__main__":
    main()
