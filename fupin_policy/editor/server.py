"""The language server: what an editor asks, handed to the functions of this room, and their answers handed back.

In: the language server protocol over standard input. Out: the same over standard output. Called by `cli`.
It holds no knowledge of rules: each feature is a function over a snapshot and a text, and is tested without it.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from fupin_policy.editor import protocol
from fupin_policy.editor.editing_features import offer_editing
from fupin_policy.editor.policy_lenses import PolicyLenses
from fupin_policy.editor.reading_features import offer_reading
from fupin_policy.editor.session import Session
from fupin_policy.editor.showing_features import offer_lenses, offer_showing, renewed_lenses


def server_of() -> LanguageServer:
    """The server, ready to be started."""
    server = LanguageServer("fupin", version("fupin-policy"), lsp.TextDocumentSyncKind.Incremental)
    session = Session(server)
    lenses = PolicyLenses(lambda: renewed_lenses(server))
    _texts(server, session, lenses)
    offer_editing(server, session, lenses)
    offer_reading(server, session)
    offer_showing(server, session)
    offer_lenses(server, session, lenses)
    return server


def serve() -> None:
    """Serve one editor over standard input and output until it says that it ends."""
    # a copy, as the server closes what it has written to
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as output:
        server_of().start_io(stdout=output)


def _texts(server: LanguageServer, session: Session, lenses: PolicyLenses) -> None:
    @server.feature(lsp.INITIALIZE)
    def initialize(params: lsp.InitializeParams) -> None:
        session.language = protocol.language_of(params.initialization_options, params.locale)
        lenses.use_options(params.initialization_options)

    @server.feature(lsp.SHUTDOWN)
    def ending(_: None) -> None:
        lenses.close_all()
        session.memory.close()

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        session.opened(protocol.path_of(params.text_document.uri), params.text_document.text)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        session.opened(protocol.path_of(uri), server.workspace.get_text_document(uri).source)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        session.closed(protocol.path_of(params.text_document.uri))

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        session.touched(protocol.path_of(params.text_document.uri))

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def on_disk(params: lsp.DidChangeWatchedFilesParams) -> None:
        for change in params.changes:
            session.touched(protocol.path_of(change.uri))
