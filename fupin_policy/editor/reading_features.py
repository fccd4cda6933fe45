"""What an editor shows of rules that stand there: hover, definitions, references, outlines.

In: requests of the protocol. Out: its answers. Called by `server`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from fupin_policy.diagnostics import Span
from fupin_policy.editor import protocol
from fupin_policy.editor.hover import hovered
from fupin_policy.editor.outline import OutlineEntry, names_found, outline
from fupin_policy.editor.references import name_at, uses_of
from fupin_policy.editor.session import Session

_KINDS = {
    "policies": lsp.SymbolKind.Class,
    "versions": lsp.SymbolKind.Method,
    "examples": lsp.SymbolKind.Event,
    "facts": lsp.SymbolKind.Field,
    "terms": lsp.SymbolKind.Function,
    "parameters": lsp.SymbolKind.Constant,
    "code_lists": lsp.SymbolKind.Enum,
    "codes": lsp.SymbolKind.EnumMember,
    "values": lsp.SymbolKind.Number,
    "departments": lsp.SymbolKind.Package,
}
_SORTS = {
    "fact": lsp.SymbolKind.Field,
    "term": lsp.SymbolKind.Function,
    "parameter": lsp.SymbolKind.Constant,
    "policy": lsp.SymbolKind.Class,
    "code": lsp.SymbolKind.EnumMember,
    "code_list": lsp.SymbolKind.Enum,
    "department": lsp.SymbolKind.Package,
}


def offer_reading(server: LanguageServer, session: Session) -> None:
    """Let a server answer what is asked about texts."""

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        asked = session.at(params.text_document.uri, params.position)
        if asked is None:
            return None
        snapshot, file, offset = asked
        found = hovered(snapshot, session.vocabulary(snapshot), file, offset, session.lang, date.today())
        if found is None:
            return None
        text = "\n\n".join(found.lines).replace("\n\n- ", "\n- ")
        where = protocol.range_in(file.text, found.start, found.end, session.encoding)
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, text), where)

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def definition(params: lsp.DefinitionParams) -> list[lsp.Location]:
        spans = _spans(session, params.text_document.uri, params.position, declared=True, used=False)
        return [protocol.location(span, session.encoding) for span in spans[:1]]

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    def references(params: lsp.ReferenceParams) -> list[lsp.Location]:
        declared = params.context.include_declaration
        spans = _spans(session, params.text_document.uri, params.position, declared=declared, used=True)
        return [protocol.location(span, session.encoding) for span in spans]

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        asked = session.at(params.text_document.uri, lsp.Position(0, 0))
        return [] if asked is None else [_symbol(one, session) for one in outline(asked[1])]

    @server.feature(lsp.WORKSPACE_SYMBOL)
    def names(params: lsp.WorkspaceSymbolParams) -> list[lsp.WorkspaceSymbol]:
        found = []
        for snapshot in session.snapshots:
            for one in names_found(session.vocabulary(snapshot), params.query):
                kind = _SORTS.get(one.sort, lsp.SymbolKind.Object)
                where = protocol.location(one.spans[0], session.encoding)
                found.append(lsp.WorkspaceSymbol(where, f"{one.label} ({one.name})", kind))
        return found


def _spans(session: Session, uri: str, position: lsp.Position, *, declared: bool, used: bool) -> list[Span]:
    """Where the name at a position is declared, or used."""
    asked = session.at(uri, position)
    if asked is None:
        return []
    snapshot, file, offset = asked
    vocabulary = session.vocabulary(snapshot)
    found = name_at(snapshot, vocabulary, file, offset)
    if found is None:
        return []
    own = [one for one in found[0].spans if snapshot.file(Path(one.source.path)) is not None]
    if not used:
        return own
    places = {(one.source.path, one.start) for one in own}
    every = uses_of(snapshot, vocabulary, found[0])
    return [one for one in every if declared or (one.source.path, one.start) not in places]


def _symbol(one: OutlineEntry, session: Session) -> lsp.DocumentSymbol:
    text, span, head = one.span.source.text, one.span, one.head
    start, end = min(span.start, head.start), max(span.end, head.end)
    return lsp.DocumentSymbol(
        name=one.label,
        detail=one.detail,
        kind=_KINDS.get(one.section, lsp.SymbolKind.Object),
        range=protocol.range_in(text, start, end, session.encoding),
        selection_range=protocol.range_in(text, one.head.start, one.head.end, session.encoding),
        children=[_symbol(inner, session) for inner in one.children],
    )
