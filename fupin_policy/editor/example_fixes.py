"""The quick fix that writes an example for a part of a condition which no example tries.

In: requests of the protocol. Out: its answers. Called by `editing_features`. Which parts there are was counted for the
lines over policies; the household is looked for only once the fix is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.diagnostics import Reporter
from fupin_policy.editor import protocol
from fupin_policy.editor.example_texts import example_place
from fupin_policy.editor.example_writer import ExampleRequest
from fupin_policy.editor.outline import outline
from fupin_policy.editor.own_process import answered
from fupin_policy.editor.policy_counts import UntriedPart
from fupin_policy.editor.policy_lenses import PolicyLenses
from fupin_policy.editor.session import Session
from fupin_policy.editor.snapshot import EditorFile, EditorSnapshot, absolute

MAX_OFFERED, MAX_SECONDS, MAX_WORDS = 5, 120.0, 40
"""How many are offered at the head of a policy, how long one is waited for, and how much of a part its name shows."""


def example_fixes(
    session: Session, lenses: PolicyLenses, snapshot: EditorSnapshot, file: EditorFile, start: int, end: int
) -> Iterator[lsp.CodeAction]:
    """Examples that could be written for what stands in a stretch of a file; at the head of a policy, for its parts."""
    parts = lenses.untried(snapshot, lambda: session.workspace.whole_files(snapshot.folder, Reporter()))
    own = file.path.as_posix()
    near = [one for one in parts if one.file == own and one.start <= end and start <= one.end]
    near = near or [one for one in parts if one.policy in _heads(file, start, end)][:MAX_OFFERED]
    for part in near:
        if _home(snapshot, part) is not None:
            title = _title(part, snapshot.files[part.file])
            yield lsp.CodeAction(
                title=session.said(title),
                kind=lsp.CodeActionKind.QuickFix,
                data={"file": own, "part": asdict(part)},
            )


def offer_example_fixes(server: LanguageServer, session: Session) -> None:
    """Let a server write the example of an action that was chosen."""

    @server.feature(lsp.CODE_ACTION_RESOLVE)
    async def resolve(action: lsp.CodeAction) -> lsp.CodeAction:
        data = action.data
        if isinstance(data, dict):
            action.edit = await _edit(session, data["file"], UntriedPart.from_json(data["part"]))
            if action.edit is None:
                none = Bilingual("没有找到试到这一部分的例子，请自己写", "no example that tries this part was found")
                told = lsp.ShowMessageParams(lsp.MessageType.Info, session.said(none))
                server.window_show_message(told)
        return action


async def _edit(session: Session, beside: str, part: UntriedPart) -> lsp.WorkspaceEdit | None:
    """The example as an edit; None where none was found, or the file has changed meanwhile."""
    path = absolute(Path(beside))
    snapshot = session.fresh(path)
    home = None if snapshot is None or not snapshot.current else _home(snapshot, part)
    if snapshot is None or home is None or part.file not in snapshot.files:
        return None
    place = example_place(home, part.policy)
    assert place is not None
    files = session.workspace.whole_files(snapshot.folder, Reporter())
    name = session.said(_name(part, snapshot.files[part.file]))
    request = ExampleRequest(files, part, home.path.as_posix(), place, name)
    text = await answered("fupin_policy.editor.example_writer", request, MAX_SECONDS)
    if not isinstance(text, str) or session.text(absolute(home.path)) != home.text:
        return None
    at = protocol.range_in(home.text, place.offset, place.offset, session.encoding)
    return lsp.WorkspaceEdit({protocol.uri_of(home.path): [lsp.TextEdit(at, text)]})


def _home(snapshot: EditorSnapshot, part: UntriedPart) -> EditorFile | None:
    """The file in which an example of the part's policy can be written."""
    doc = next((one for one in snapshot.documents.policies if one.id.text == part.policy), None)
    file = None if doc is None else snapshot.files.get(doc.id.span.source.path)
    return None if file is None or example_place(file, part.policy) is None else file


def _heads(file: EditorFile, start: int, end: int) -> set[str]:
    """The policies of which the first lines, up to their name, are touched."""
    entries = (one for one in outline(file) if one.section == "policies")
    return {one.detail or one.label for one in entries if one.span.start <= end and start <= one.head.end}


def _words(part: UntriedPart, file: EditorFile) -> str:
    said = " ".join(file.text[part.start : part.end].split())
    return said if len(said) <= MAX_WORDS else f"{said[: MAX_WORDS - 1]}…"


def _title(part: UntriedPart, file: EditorFile) -> Bilingual:
    said = _words(part, file)
    if part.value == 1:
        return Bilingual(f"写一个例子，用到“{said}”这一行", f'Write an example that uses the row "{said}"')
    zh, en = ("真", "true") if part.value else ("假", "false")
    return Bilingual(f"写一个例子，由“{said}”为{zh}决定", f'Write an example decided by "{said}" being {en}')


def _name(part: UntriedPart, file: EditorFile) -> Bilingual:
    """What the example is called, until somebody finds better words."""
    said = _words(part, file)
    if part.value == 1:
        return Bilingual(f"用到 {said}", f"the row {said}")
    return Bilingual(f"{said} 为{'真' if part.value else '假'}", f"{said} is {'true' if part.value else 'false'}")
