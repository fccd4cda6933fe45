"""What an editor shows among rules that nobody asked for: values of parameters, colours, a line over each policy.

In: requests of the protocol. Out: its answers. Called by `server`.
"""

from __future__ import annotations

from datetime import date

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from fupin_policy.diagnostics import Reporter
from fupin_policy.editor import protocol
from fupin_policy.editor.expression_tokens import TOKEN_KINDS, ExpressionToken, expression_tokens
from fupin_policy.editor.inlay_hints import inlay_hints
from fupin_policy.editor.policy_lenses import PolicyLenses
from fupin_policy.editor.session import Session
from fupin_policy.editor.texts import CharacterUnit

_LEGEND = lsp.SemanticTokensLegend(token_types=list(TOKEN_KINDS), token_modifiers=[])


def offer_showing(server: LanguageServer, session: Session) -> None:
    """Let a server show more than what stands in a text."""

    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
    def hints(params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
        asked = session.at(params.text_document.uri, params.range.start)
        if asked is None:
            return []
        snapshot, file, start = asked
        end = protocol.offset_in(file.text, params.range.end, session.encoding)
        found = [one for one in inlay_hints(snapshot, file, date.today()) if start <= one.offset <= end]
        lines = protocol.lines_of(file.text)
        return [
            lsp.InlayHint(lsp.Position(*lines.position(one.offset, session.encoding)), one.text, padding_right=True)
            for one in found
        ]

    @server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, _LEGEND)
    def colours(params: lsp.SemanticTokensParams) -> lsp.SemanticTokens:
        asked = session.at(params.text_document.uri, lsp.Position(0, 0))
        if asked is None:
            return lsp.SemanticTokens(data=[])
        snapshot, file, _ = asked
        found = expression_tokens(file, session.vocabulary(snapshot))
        return lsp.SemanticTokens(data=_relative(found, file.text, session.encoding))


def offer_lenses(server: LanguageServer, session: Session, lenses: PolicyLenses) -> None:
    """Let a server show over each policy what is known of it."""

    @server.feature(lsp.TEXT_DOCUMENT_CODE_LENS)
    def lines(params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
        asked = session.at(params.text_document.uri, lsp.Position(0, 0))
        if asked is None:
            return []
        snapshot, file, _ = asked
        found = lenses.of(snapshot, file, lambda: session.workspace.whole_files(snapshot.folder, Reporter()))
        return [
            lsp.CodeLens(
                protocol.range_in(file.text, one.offset, one.offset, session.encoding),
                lsp.Command(session.said(one.text), ""),
            )
            for one in found
        ]


def renewed_lenses(server: LanguageServer) -> None:
    """Let an editor that can do so ask again for what stands over policies."""
    workspace = server.client_capabilities.workspace
    if workspace is not None and workspace.code_lens is not None and workspace.code_lens.refresh_support:
        server.workspace_code_lens_refresh(None)


def _relative(tokens: list[ExpressionToken], text: str, encoding: CharacterUnit) -> list[int]:
    """Five numbers for each word: lines and characters from the one before, its length, its kind, nothing more."""
    lines, data = protocol.lines_of(text), list[int]()
    line = character = 0
    for one in tokens:
        at, start = lines.position(one.start, encoding)
        to, end = lines.position(one.end, encoding)
        if at == to:  # the protocol has no words over several lines
            data += (at - line, start - character if at == line else start, end - start, TOKEN_KINDS.index(one.kind), 0)
            line, character = at, start
    return data
