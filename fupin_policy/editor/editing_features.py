"""What an editor writes into rules: completions, names changed everywhere, quick fixes, the canonical form.

In: requests of the protocol. Out: its answers. Called by `server`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

from fupin_policy.diagnostics import Diagnostic, Span
from fupin_policy.editor import protocol
from fupin_policy.editor.canonical import canonical_edits
from fupin_policy.editor.completion import completed
from fupin_policy.editor.example_fixes import example_fixes, offer_example_fixes
from fupin_policy.editor.policy_lenses import PolicyLenses
from fupin_policy.editor.proposals import Proposal, Proposals
from fupin_policy.editor.quick_fixes import QuickFix, quick_fixes
from fupin_policy.editor.references import name_at
from fupin_policy.editor.renaming import RenameRefused, TextEdit, renamed
from fupin_policy.editor.session import Session
from fupin_policy.editor.snapshot import absolute
from fupin_policy.editor.workspace import by_file

_KINDS = {
    "key": lsp.CompletionItemKind.Property,
    "choice": lsp.CompletionItemKind.EnumMember,
    "fact": lsp.CompletionItemKind.Field,
    "term": lsp.CompletionItemKind.Variable,
    "parameter": lsp.CompletionItemKind.Constant,
    "code": lsp.CompletionItemKind.EnumMember,
    "unit": lsp.CompletionItemKind.Unit,
    "policy": lsp.CompletionItemKind.Class,
    "department": lsp.CompletionItemKind.Module,
    "clause": lsp.CompletionItemKind.Reference,
    "name": lsp.CompletionItemKind.Reference,
    "function": lsp.CompletionItemKind.Function,
    "operator": lsp.CompletionItemKind.Operator,
    "snippet": lsp.CompletionItemKind.Snippet,
}
_TRIGGERS = [" ", "{", "[", ",", ".", "(", "（", "、", "，", "<", ">", "=", "+", "-", "*", "×", "÷"]


def offer_editing(server: LanguageServer, session: Session, lenses: PolicyLenses) -> None:
    """Let a server propose what may be written, and change what stands there."""

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=_TRIGGERS))
    def complete(params: lsp.CompletionParams) -> lsp.CompletionList | None:
        path = protocol.path_of(params.text_document.uri)
        # the names of the last check: what is being typed does not wait for the next one
        snapshot = session.known(path)
        if snapshot is None:
            return None
        text = session.text(path)
        offset = protocol.offset_in(text, params.position, session.encoding)
        found = completed(text, offset, session.vocabulary(snapshot))
        return lsp.CompletionList(False, list(_items(found, text, session)))

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare(params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder | None:
        asked = session.at(params.text_document.uri, params.position)
        if asked is None:
            return None
        snapshot, file, offset = asked
        found = name_at(snapshot, session.vocabulary(snapshot), file, offset)
        if found is None:
            return None
        span = found[1]
        where = protocol.range_in(file.text, span.start, span.end, session.encoding)
        return lsp.PrepareRenamePlaceholder(where, span.text.strip())

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    def rename(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        asked = session.at(params.text_document.uri, params.position)
        if asked is None:
            return None
        snapshot, file, offset = asked
        vocabulary = session.vocabulary(snapshot)
        found = name_at(snapshot, vocabulary, file, offset)
        if found is None:
            return None
        old = found[1].text.strip()
        try:
            edits = renamed(session.workspace, snapshot, vocabulary, found[0], old, params.new_name)
        except RenameRefused as refused:
            raise JsonRpcInvalidParams(session.said(refused.why)) from None
        return lsp.WorkspaceEdit({protocol.uri_of(path): _edits(session, path, some) for path, some in edits.items()})

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def canonical(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:
        path = protocol.path_of(params.text_document.uri)
        snapshot = session.fresh(path)
        file = None if snapshot is None else snapshot.file(path)
        if snapshot is None or file is None:
            return []
        return _edits(session, path, canonical_edits(snapshot, file))

    actions = lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix], resolve_provider=True)

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, actions)
    def fixes(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        path = protocol.path_of(params.text_document.uri)
        snapshot = session.fresh(path)
        file = None if snapshot is None else snapshot.file(path)
        if snapshot is None or file is None:
            return []
        start = protocol.offset_in(file.text, params.range.start, session.encoding)
        end = protocol.offset_in(file.text, params.range.end, session.encoding)
        near = [one for one in by_file(snapshot)[absolute(path)] if one.span is None or _touches(one.span, start, end)]
        vocabulary = session.vocabulary(snapshot)
        found = [_action(one, fix, session) for one in near for fix in quick_fixes(one, snapshot, vocabulary)]
        if protocol.edits_later(server.client_capabilities):
            found += example_fixes(session, lenses, snapshot, file, start, end)
        return found

    offer_example_fixes(server, session)


def _touches(span: Span, start: int, end: int) -> bool:
    return span.start <= end and start <= span.end


def _action(about: Diagnostic, fix: QuickFix, session: Session) -> lsp.CodeAction:
    changes = {protocol.uri_of(fix.path): _edits(session, absolute(fix.path), fix.edits)}
    return lsp.CodeAction(
        title=session.said(fix.title),
        kind=lsp.CodeActionKind.QuickFix,
        diagnostics=protocol.diagnostics([about], session.language, session.encoding),
        is_preferred=fix.preferred or None,
        edit=lsp.WorkspaceEdit(changes),
    )


def _edits(session: Session, path: Path, edits: Iterable[TextEdit]) -> list[lsp.TextEdit]:
    text = session.text(absolute(path))
    return [lsp.TextEdit(protocol.range_in(text, one.start, one.end, session.encoding), one.text) for one in edits]


def _items(found: Proposals, text: str, session: Session) -> Iterable[lsp.CompletionItem]:
    where = protocol.range_in(text, found.start, found.end, session.encoding)
    typed = text[found.start : found.end]
    for number, one in enumerate(found.items):
        yield lsp.CompletionItem(
            label=one.label,
            kind=_KINDS[one.kind],
            detail=one.detail or None,
            documentation=one.about or None,
            sort_text=f"{number:04d}",
            filter_text=_filter(one, typed),
            insert_text_format=lsp.InsertTextFormat.Snippet if one.snippet else lsp.InsertTextFormat.PlainText,
            text_edit=lsp.TextEdit(where, one.insert),
        )


def _filter(one: Proposal, typed: str) -> str:
    """What an editor compares what is typed with: the word of either language that it begins."""
    words = (one.label, *one.also)
    return next((word for word in words if typed and word.startswith(typed)), " ".join(dict.fromkeys(words)))
