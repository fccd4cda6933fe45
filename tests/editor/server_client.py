"""A client of the language server, as an editor is one: pytest-lsp over the standard streams of a process.

In: a copied ruleset. Out: a client that has opened one of its files. Used by the tests of this folder.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

CONFIG = ClientServerConfig(server_command=[sys.executable, "-m", "fupin_policy", "lsp"])


async def started(client: LanguageClient, folder: Path, options: object = None) -> None:
    """Tell the server who asks."""
    await client.initialize_session(
        lsp.InitializeParams(
            capabilities=client_capabilities("visual-studio-code"),
            root_uri=folder.as_uri(),
            locale="zh-cn",
            initialization_options=options,
        )
    )


def opened(client: LanguageClient, path: Path, text: str | None = None) -> str:
    """Open a file, with another text than it has on the disk if one is given."""
    said = path.read_text(encoding="utf-8") if text is None else text
    item = lsp.TextDocumentItem(uri=path.as_uri(), language_id="yaml", version=1, text=said)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
    return said


def changed(client: LanguageClient, path: Path, text: str, version: int = 2) -> None:
    """Say that the text of a file is another one."""
    client.text_document_did_change(
        lsp.DidChangeTextDocumentParams(
            lsp.VersionedTextDocumentIdentifier(version=version, uri=path.as_uri()),
            [lsp.TextDocumentContentChangeWholeDocument(text)],
        )
    )


async def wrong(client: LanguageClient, path: Path, codes: list[str], seconds: float = 30) -> list[lsp.Diagnostic]:
    """What is told to be wrong in a file, once it is of these codes."""

    async def told() -> list[lsp.Diagnostic]:
        while True:
            found = list(client.diagnostics.get(path.as_uri(), ()))
            if path.as_uri() in client.diagnostics and [one.code for one in found] == codes:
                return found
            await client.wait_for_notification(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)

    try:
        return await asyncio.wait_for(told(), seconds)
    except TimeoutError:
        raise AssertionError(client.diagnostics.get(path.as_uri())) from None


def position(text: str, after: str) -> lsp.Position:
    """The place after the first time that some words stand in a text."""
    end = text.index(after) + len(after)
    before = text[:end]
    return lsp.Position(before.count("\n"), len(before.rsplit("\n", 1)[-1].encode("utf-16-le")) // 2)
