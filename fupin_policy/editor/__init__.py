"""What an editor is told of a ruleset while it is being written: a language server, and the same without an editor.

In: a ruleset's files, unsaved texts among them. Out: diagnostics, words to choose from, meanings, places, edits.
Called by `cli`.
Imports `analysis`, `check`, `core`, `diagnostics`, `documents`, `evaluators.wasm`, `files`, `intake`, `language`,
`prose`, `ruleset`.
"""
